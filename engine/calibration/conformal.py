"""Verdict limits and claims from calibration scores. Must not know pictures, models or torch.

Split-conformal prediction (Vovk, Gammerman and Shafer 2005): among n exchangeable scores and one
more, the chance that the new one is above the ceil((n + 1)(1 - a))-th smallest is at most a. With
labelled defects the limits are class-conditional (Mondrian): each holds within its own class.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from engine.bundle import Limits

CONFIDENCE = 0.95
OK_RATE = 0.05
NG_RATE = 0.005
ESCAPE_RATE = 0.05
NOVELTY_RATE = 0.02


@dataclass(frozen=True, slots=True)
class Claim:
    """What n calibration parts can support. ``rate`` is the smallest conformal rate, 1 / (n + 1)
    (5 % needs 19 parts, 1 % 99); ``rate_at_confidence`` the smallest at 95 % confidence with no
    miss, 1 - 0.05 ** (1 / n) (5 % needs 59 parts, 1 % 299)."""

    parts: int
    rate: float
    rate_at_confidence: float


def tightest_claim(parts: int) -> Claim:
    """The tightest claim that a calibration set of this many parts supports."""
    if parts < 1:
        return Claim(0, 1.0, 1.0)
    return Claim(parts, 1.0 / (parts + 1), 1.0 - (1.0 - CONFIDENCE) ** (1.0 / parts))


def parts_needed(rate: float) -> int:
    """Calibration parts that a conformal rate needs: the smallest n with 1 / (n + 1) <= rate."""
    return math.ceil(1.0 / rate - 1e-9) - 1


def upper_limit(scores: NDArray[np.float32], rate: float) -> tuple[float, bool]:
    """The score that at most ``rate`` of parts like these exceed, and whether they support it.

    Where n is too small, the limit is extrapolated: the upper prediction bound of a normal sample,
    m + t(n-1, 1-rate) s sqrt(1 + 1/n), at least one spread s above the highest score seen: just
    above it nobody knows, and that is what REVIEW is for. Scores that are all positive are
    distances and taken as log-normal; log-odds, which are not, as they are.
    """
    count = len(scores)
    rank = math.ceil((count + 1) * (1.0 - rate) - 1e-9)
    ordered = np.sort(scores)
    if rank <= count:
        return float(ordered[rank - 1]), True
    highest = float(ordered[-1])
    if count < 2:
        return highest, False
    values = ordered.astype(np.float64)
    distances = bool(values[0] >= 0.0)
    if distances:
        values = np.log(np.maximum(values, 1e-12))
    spread = float(values.std(ddof=1))
    reach = float(stdtrit(count - 1, 1.0 - rate)) * spread * math.sqrt(1.0 + 1.0 / count)
    bound = max(float(values.mean()) + reach, float(values[-1]) + spread)
    return float(np.float32(math.exp(bound) if distances else bound)), False


def lower_limit(scores: NDArray[np.float32], rate: float) -> tuple[float, bool]:
    """The score that at most ``rate`` of parts like these do not exceed, and whether they
    support it. Without support: just below the lowest score seen."""
    ordered = np.sort(scores.astype(np.float32))
    rank = math.floor((len(scores) + 1) * rate + 1e-9)
    just_below = np.nextafter(ordered[max(rank, 1) - 1], np.float32(-np.inf))
    return float(just_below), rank >= 1


def find_limits(
    good: NDArray[np.float32],
    defect: NDArray[np.float32] | None = None,
    ok_rate: float = OK_RATE,
    ng_rate: float = NG_RATE,
    escape_rate: float = ESCAPE_RATE,
) -> Limits:
    """Limits from the scores of good parts, each scored by a memory without it, and of defects.

    Goods alone: at most ``ok_rate`` of good parts above the OK limit and ``ng_rate`` above the NG
    limit. The OK limit never exceeds the highest good score seen: a part above everything ever
    seen is not OK, however small the sample. With enough defects for ``escape_rate`` (Mondrian):
    at most ``escape_rate`` of defects at or below the OK limit, ``ng_rate`` of goods above the NG
    limit; where the two classes are apart the gap between them is REVIEW. With fewer defects the
    OK limit is lowered below the lowest of them, though not under the median good part, where a
    single wrong label would send every part to REVIEW.
    """
    good = np.asarray(good, np.float32)
    highest = float(good.max())
    ng, ng_supported = upper_limit(good, ng_rate)
    if defect is not None and len(defect) >= parts_needed(escape_rate):
        floor, _ = lower_limit(defect, escape_rate)
        return Limits(
            ok=min(floor, ng, highest),
            ng=max(floor, ng),
            method="mondrian",
            ok_rate=escape_rate,
            ng_rate=ng_rate,
            ok_supported=True,
            ng_supported=ng_supported,
            highest_good=highest,
        )
    ok, ok_supported = upper_limit(good, ok_rate)
    ok = min(ok, highest)
    if defect is not None and len(defect):
        floor, _ = lower_limit(defect, escape_rate)
        ok = min(ok, max(floor, float(np.median(good))))
    return Limits(
        ok=ok,
        ng=max(ng, ok),
        method="good",
        ok_rate=ok_rate,
        ng_rate=ng_rate,
        ok_supported=ok_supported,
        ng_supported=ng_supported,
        highest_good=highest,
    )


def with_novelty(limits: Limits, goods: int, rate: float = NOVELTY_RATE) -> Limits:
    """The same limits with a novelty test: a part whose p-value among ``goods`` out-of-fold good
    parts is at or below the rate is unlike anything seen and never OK.

    With too few goods for the rate, it is the smallest p-value that they allow, 1 / (goods + 1):
    only a part beyond all of them is novel. Raises ValueError without goods.
    """
    if goods < 1:
        raise ValueError("a novelty test needs good parts")
    return dataclasses.replace(limits, novelty_rate=max(rate, 1.0 / (goods + 1)))
