"""Formulas of statistical process control: intervals, quantiles, Pareto, Laney p′ chart.

Pure arithmetic: knows no clock, no log and no window. All shares lie in [0, 1].
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

CONFIDENCE = 0.95
SIGMAS = 3.0
D2_OF_TWO = 1.128
"""Mean range of two standard normal values: turns a mean moving range into a deviation."""
SETTLED_SUBGROUPS = 20
"""With fewer subgroups the limits of a control chart are preliminary (Montgomery 2013, §6.2)."""


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of`` parts."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share; None where there is nothing to have a share of."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % Wilson interval (low, high)."""
        return wilson(self.count, self.of) if self.of else None


def wilson(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson score interval of a share (Wilson 1927), as (low, high); ValueError for no share."""
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = count / of
    centre = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    low = 0.0 if count == 0 else (centre - half) / scale
    high = 1.0 if count == of else (centre + half) / scale
    return low, high


def quantile(bins: Sequence[tuple[float, int]], share: float) -> float:
    """Nearest-rank quantile of (value, how often) pairs in rising order; ValueError for none.

    The value at rank ⌈share · n⌉ of all n values; with values of their own it is exact, with means
    of histogram bins as exact as the bins are narrow.
    """
    total = sum(often for _value, often in bins)
    if total == 0 or not 0.0 <= share <= 1.0:
        raise ValueError("a quantile needs values and a share in [0, 1]")
    rank = max(1, math.ceil(share * total - 1e-9))
    seen = 0
    for value, often in bins:
        seen += often
        if seen >= rank:
            return value
    raise AssertionError("the last rank is never past the last bin")


@dataclass(frozen=True, slots=True)
class ParetoBar:
    """One kind of defect; ``cumulative`` is the share of this and all more frequent kinds."""

    name: str
    count: int
    cumulative: float


def pareto(counts: Mapping[str, int]) -> tuple[ParetoBar, ...]:
    """The most frequent first, equal ones by name; kinds that never occurred are left out."""
    total = sum(counts.values())
    bars: list[ParetoBar] = []
    seen = 0
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count > 0:
            seen += count
            bars.append(ParetoBar(name, count, seen / total))
    return tuple(bars)


@dataclass(frozen=True, slots=True)
class LaneyPoint:
    """One subgroup of the chart; the limits are clipped to [0, 1]."""

    share: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether it lies beyond a limit: a special cause is to be looked for."""
        return not self.low <= self.share <= self.high


@dataclass(frozen=True, slots=True)
class LaneyChart:
    """Centre line, σz, and one point per subgroup (None for a subgroup without parts)."""

    centre: float
    sigma_z: float
    points: tuple[LaneyPoint | None, ...]

    @property
    def subgroups(self) -> int:
        """Subgroups with parts."""
        return sum(point is not None for point in self.points)

    @property
    def outside(self) -> tuple[int, ...]:
        """Indices of the subgroups beyond a limit."""
        return tuple(i for i, point in enumerate(self.points) if point and point.outside)

    @property
    def settled(self) -> bool:
        """Whether there are enough subgroups to trust the limits."""
        return self.subgroups >= SETTLED_SUBGROUPS


def laney_p_chart(subgroups: Sequence[tuple[int, int]]) -> LaneyChart | None:
    """Laney's p′ chart of (nonconforming, parts) subgroups; None below two subgroups with parts.

    p̄ = Σx / Σn, σᵢ = √(p̄(1−p̄)/nᵢ), zᵢ = (pᵢ−p̄)/σᵢ, σz = mean|zᵢ−zᵢ₋₁| / 1.128, limits
    p̄ ± 3 σᵢ σz (Laney 2002, Quality Engineering 14(4), 531–537). σz above 1 tells that the share
    varies from subgroup to subgroup by more than chance, below 1 by less. Where no part or every
    part is nonconforming there is no variation: σz is 0 and the limits lie on the centre line.
    """
    filled = [(bad, parts) for bad, parts in subgroups if parts > 0]
    if len(filled) < 2:
        return None
    centre = sum(bad for bad, _ in filled) / sum(parts for _, parts in filled)
    spread = math.sqrt(centre * (1.0 - centre))
    sigma_z = 0.0
    if spread > 0.0:
        scores = [(bad / parts - centre) * math.sqrt(parts) / spread for bad, parts in filled]
        ranges = [abs(now - before) for before, now in pairwise(scores)]
        sigma_z = sum(ranges) / len(ranges) / D2_OF_TWO

    def point(bad: int, parts: int) -> LaneyPoint | None:
        if parts == 0:
            return None
        reach = SIGMAS * sigma_z * spread / math.sqrt(parts)
        return LaneyPoint(bad / parts, max(0.0, centre - reach), min(1.0, centre + reach))

    return LaneyChart(centre, sigma_z, tuple(point(bad, parts) for bad, parts in subgroups))
