"""From a score to a verdict and its reason. Must not know models or how limits were found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Limits

OK, REVIEW, NG = "OK", "REVIEW", "NG"


def p_value(score: float, good_scores: NDArray[np.float32]) -> float:
    """Conformal p-value of a part among the calibration goods: the share of them, itself
    included, that score at least as high. (1 + #{s_i >= s}) / (n + 1), Vovk et al. 2005.

    ``good_scores`` is sorted ascending, float32 [n].
    """
    at_least = len(good_scores) - int(np.searchsorted(good_scores, np.float32(score), side="left"))
    return (1 + at_least) / (len(good_scores) + 1)


def decide(score: float, p: float, limits: Limits) -> tuple[str, str]:
    """Verdict and reason (a value of the station's vocabulary) for one raw score.

    A score that is no finite number is never OK: it goes to REVIEW as novel.
    """
    if not np.isfinite(score):
        return REVIEW, "novel"
    if score <= limits.ok:
        return OK, "below_ok_limit"
    if score > limits.ng:
        return NG, "above_ng_limit"
    if limits.method == "mondrian" and p <= limits.ng_rate:
        # Above nearly all goods and yet below nearly all known defects: like nothing seen before.
        return REVIEW, "novel"
    if not limits.ok_supported or (not limits.ng_supported and score > limits.highest_good):
        return REVIEW, "not_supported"
    return REVIEW, "between_limits"
