"""How often a reviewer gives the same answer twice. Pure arithmetic: knows no log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from qc_station.domain.quality_figures import Share


@dataclass(frozen=True, slots=True)
class Consistency:
    """``agreed`` of the parts answered twice got the same answer; ``kappa`` is Cohen's.

    Kappa is None where it has no meaning: without a pair, or where both answers were always the
    same one word, so that chance alone explains all agreement.
    """

    reviewer: str
    agreed: Share
    kappa: float | None


def consistency(reviewer: str, pairs: Sequence[tuple[Hashable, Hashable]]) -> Consistency:
    """Of (first, second) answers: observed agreement and κ = (p_o − p_e) / (1 − p_e) with
    p_e = Σ p₁(answer) p₂(answer) (Cohen 1960).
    """
    n = len(pairs)
    agreed = sum(first == second for first, second in pairs)
    if n == 0:
        return Consistency(reviewer, Share(0, 0), None)
    firsts = Counter(first for first, _ in pairs)
    seconds = Counter(second for _, second in pairs)
    by_chance = sum(count * seconds[answer] for answer, count in firsts.items())
    if by_chance == n * n:
        return Consistency(reviewer, Share(agreed, n), None)
    kappa = (agreed * n - by_chance) / (n * n - by_chance)
    return Consistency(reviewer, Share(agreed, n), kappa)
