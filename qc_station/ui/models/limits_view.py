"""What the plot of the thresholds shows: bins, range, marks. Pure arithmetic, knows no widget."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qc_station.domain.thresholds import LimitPair, ReviewedScores

FEWEST_BINS, MOST_BINS = 20, 60
SPREAD = 0.98
"""Share of the scores that the plot shows at its full width; the rest is in the last bar."""
ROOM = 0.08
STEPS = 200
"""Steps of an arrow key across the plot."""
FINE = 10.0
"""Fine steps in one step."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit that is not being moved: the recipe's (``given``) or the model's own."""

    score: float
    given: bool


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Counts of good and defective parts in bins with these edges; ``beyond`` lie past the last
    edge and are counted in the last bin."""

    edges: NDArray[np.float64]
    good: NDArray[np.int64]
    defective: NDArray[np.int64]
    beyond: int

    @property
    def low(self) -> float:
        """Left edge."""
        return float(self.edges[0])

    @property
    def high(self) -> float:
        """Right edge."""
        return float(self.edges[-1])

    @property
    def step(self) -> float:
        """What an arrow key moves a limit by."""
        return (self.high - self.low) / STEPS

    @property
    def decimals(self) -> int:
        """Decimals that tell two neighbouring fine steps apart."""
        return min(9, max(2, math.ceil(-math.log10(self.step / FINE))))


def histogram(reviewed: ReviewedScores, *pairs: LimitPair) -> Histogram:
    """Bins over the scores and all limits; a few very high scores do not squeeze the others."""
    good, defective = reviewed.good.all, reviewed.defective.all
    scores = np.concatenate([good, defective])
    limits = [limit for pair in pairs for limit in (pair.ok, pair.ng)]
    low = float(min([*limits, *scores]))
    reach = float(np.quantile(scores, SPREAD)) if scores.size else low
    high = max([*limits, reach])
    room = (high - low) * ROOM or max(abs(high), 1.0) * ROOM
    bins = min(MOST_BINS, max(FEWEST_BINS, 3 * round(math.sqrt(scores.size))))
    edges = np.linspace(low - room, high + room, bins + 1)
    return Histogram(
        edges,
        _counts(good, edges),
        _counts(defective, edges),
        int(np.count_nonzero(scores > edges[-1])),
    )


def _counts(scores: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    inside = np.clip(scores, edges[0], edges[-1])
    counts: NDArray[np.int64] = np.histogram(inside, edges)[0].astype(np.int64)
    return counts


def height(counts: NDArray[np.int64], logarithmic: bool) -> NDArray[np.float64]:
    """Heights of bars; with a logarithmic axis one part is still seen, none is zero."""
    found: NDArray[np.float64] = np.log10(1.0 + counts) if logarithmic else counts.astype(float)
    return found


def count_ticks(most: int, logarithmic: bool) -> list[tuple[float, int]]:
    """(height, count) of the labels at the axis of counts."""
    if logarithmic:
        ladder = [digit * 10**power for power in range(9) for digit in (1, 3)]
        return [(math.log10(1.0 + value), value) for value in (0, *ladder) if value <= most * 1.5]
    step = max(1, round_step(most / 5))
    return [(float(value), value) for value in range(0, most + step, step)]


def round_step(wanted: float) -> int:
    """1, 2 or 5 times a power of ten, at least ``wanted``."""
    if wanted <= 1:
        return 1
    power = 10 ** math.floor(math.log10(wanted))
    return next(int(digit * power) for digit in (1, 2, 5, 10) if digit * power >= wanted)
