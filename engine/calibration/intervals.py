"""Confidence intervals for shares and for an AUROC. Must not know pictures or models.

All intervals are two-sided at ``CONFIDENCE``. Wilson is used for figures of merit (its coverage is
right on average), Clopper-Pearson for rates that are promised to somebody (its coverage is never
below the stated one).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from scipy.special import betaincinv

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, or ``None`` with the ``reason`` why there is none.

    ``n`` is the number of pictures that the figure rests on; ``note`` says what a reader of the
    interval must know.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    method: str | None = None
    reason: str | None = None
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The figure as JSON; ``reason`` and ``note`` only where there is one."""
        out: dict[str, Any] = {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "method": self.method,
        }
        if self.reason is not None:
            out["reason"] = self.reason
        if self.note is not None:
            out["note"] = self.note
        return out


def missing(reason: str) -> Estimate:
    """No figure, and the sentence that says why."""
    return Estimate(None, reason=reason)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson score interval of a share (Wilson 1927), as (low, high). Raises ValueError."""
    _check_share(successes, n)
    z = _z(confidence)
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == n else (centre + half) / scale
    return low, high


def clopper_pearson(successes: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Exact binomial interval of a share (Clopper & Pearson 1934), as (low, high).

    Raises ValueError.
    """
    _check_share(successes, n)
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes == n else float(betaincinv(successes + 1, n - successes, 1 - tail))
    return low, high


def auroc_interval(
    auroc: float, positives: int, negatives: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Score-type interval of an AUROC, as (low, high). Raises ValueError.

    Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic,
    part 2", Statistics in Medicine 25 (2006), method 5: all θ with |θ - auroc| ≤ z·sqrt(V(θ)).
    Unlike the bootstrap it does not shrink to a point when the two groups separate completely.
    """
    if positives < 1 or negatives < 1 or not 0.0 <= auroc <= 1.0:
        raise ValueError("an AUROC lies in [0, 1] and needs positives and negatives")
    z = _z(confidence)
    mean_count = (positives + negatives) / 2

    def inside(theta: float) -> bool:
        spread = (1 - theta) / (2 - theta) + theta / (1 + theta)
        variance = theta * (1 - theta) * (1 + (mean_count - 1) * spread) / (positives * negatives)
        return abs(theta - auroc) <= z * math.sqrt(variance)

    return _edge(inside, auroc, 0.0), _edge(inside, auroc, 1.0)


def _edge(inside: Any, start: float, end: float) -> float:
    """Where ``inside`` ends between ``start`` (inside) and ``end``, by bisection."""
    if start == end:
        return end
    for _ in range(60):
        middle = (start + end) / 2
        if inside(middle):
            start = middle
        else:
            end = middle
    return (start + end) / 2


def share(successes: int, n: int, what: str) -> Estimate:
    """A share with its Wilson interval; ``what`` names what is missing when ``n`` is 0."""
    if n == 0:
        return missing(f"There are no {what}.")
    return Estimate(successes / n, *wilson(successes, n), n, "Wilson")


def promised_rate(successes: int, n: int, what: str) -> Estimate:
    """A rate with its Clopper-Pearson interval; ``what`` as in ``share``."""
    if n == 0:
        return missing(f"There are no {what}.")
    return Estimate(successes / n, *clopper_pearson(successes, n), n, "Clopper-Pearson")


def _check_share(successes: int, n: int) -> None:
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)
