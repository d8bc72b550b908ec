"""How long work says how far it is and learns that nobody wants it any more. No Qt."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str, int, int], None]
"""``report(stage, done, total)``; raises Cancelled when the work is to stop."""


class Cancelled(Exception):
    """Somebody cancelled the work; what it had begun is to be taken away."""


def report_nothing(_stage: str, _done: int, _total: int) -> None:
    """For work that nobody watches."""
