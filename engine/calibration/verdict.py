"""The verdict rule, where calibration is looked for. The rule itself lives beside the runtimes."""

from engine.inference.decision import NG, OK, REVIEW, decide, p_value

__all__ = ["NG", "OK", "REVIEW", "decide", "p_value"]
