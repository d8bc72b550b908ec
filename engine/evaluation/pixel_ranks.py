"""Where the defect pixels of a test set stand among its good pixels, exactly and without holding
all good pixels at once. Must not know files or models.

All ranking metrics need of the good pixels is how many lie above each defect pixel. Such counts
add up, so that good pixels are taken a few pictures at a time, sorted and counted; what is kept
grows with the defect pixels only. Counts are kept per stratum, which gives every class its own
figures without counting again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.bootstrap import BINS
from engine.evaluation.metrics import FloatArray, Ranking, Regions

AT_ONCE = 4_000_000  # good pixels that are sorted together, 16 MB
TOP_KEPT = 65_536  # highest good pixels that are kept to choose histogram bins among


@dataclass(frozen=True, slots=True, eq=False)
class PixelTruth:
    """A picture whose truth per pixel is known: its map float32 [h, w] (it may lie on the disk),
    mask bool [h, w] and the regions in it."""

    stratum: str
    anomaly_map: NDArray[np.float32]
    mask: NDArray[np.bool_]
    regions: Regions


@dataclass(frozen=True, slots=True, eq=False)
class DefectPixels:
    """Defect pixels [P] in falling order: values, region weights and the stratum of each."""

    values: NDArray[np.float32]
    weights: FloatArray
    stratum: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class PixelRanks:
    """For each stratum its good pixels above and not below every defect pixel of the set, and
    their number. ``spread`` is about every n-th good pixel, rising, and ``top`` the highest ones,
    both to choose histogram bins among."""

    pixels: DefectPixels
    above: dict[str, NDArray[np.int64]]
    at_least: dict[str, NDArray[np.int64]]
    totals: dict[str, int]
    spread: NDArray[np.float32]
    top: NDArray[np.float32]
    strata: tuple[str, ...]

    def ranking(
        self, positives: Iterable[str], negatives: Iterable[str], *, regions: bool
    ) -> Ranking:
        """Defect pixels of some strata among the good pixels of some, weighted by region or all
        the same."""
        chosen = [self.strata.index(name) for name in positives]
        rows = np.flatnonzero(np.isin(self.pixels.stratum, chosen))
        names = [name for name in negatives if name in self.totals]
        above = sum((self.above[name][rows] for name in names), np.zeros(rows.size, np.int64))
        at_least = sum((self.at_least[name][rows] for name in names), np.zeros(rows.size, np.int64))
        weights = self.pixels.weights[rows] if regions else np.ones(rows.size)
        return Ranking(
            self.pixels.values[rows],
            weights / weights.sum(),
            above,
            at_least,
            sum(self.totals[name] for name in names),
        )


def rank_pixels(pictures: list[PixelTruth]) -> PixelRanks:
    """Ranks of all pixels. Raises ValueError on NaN, and without a defect pixel."""
    strata = tuple(sorted({one.stratum for one in pictures}))
    pixels = _defect_pixels(pictures, strata)
    falling = pixels.values
    above = {name: np.zeros(falling.size, np.int64) for name in strata}
    at_least = {name: np.zeros(falling.size, np.int64) for name in strata}
    totals = dict.fromkeys(strata, 0)
    step = max(1, sum(one.mask.size for one in pictures) // BINS)
    spread, top = [np.zeros(0, np.float32)], np.zeros(0, np.float32)
    for name, good in _good_parts(pictures, strata):
        good.sort()
        if np.isnan(good[-1]):
            raise ValueError("scores are not numbers (NaN)")
        totals[name] += good.size
        above[name] += good.size - np.searchsorted(good, falling, side="right")
        at_least[name] += good.size - np.searchsorted(good, falling, side="left")
        spread.append(good[::step].copy())
        top = np.sort(np.concatenate([top, good[-TOP_KEPT:]]))[-TOP_KEPT:]
    return PixelRanks(pixels, above, at_least, totals, np.sort(np.concatenate(spread)), top, strata)


def _defect_pixels(pictures: list[PixelTruth], strata: tuple[str, ...]) -> DefectPixels:
    values = np.concatenate([one.anomaly_map[one.mask] for one in pictures])
    if not values.size or np.isnan(values).any():
        raise ValueError("there is no defect pixel, or one that is no number (NaN)")
    weights = np.concatenate([one.regions.weights for one in pictures])
    counts = [one.regions.weights.size for one in pictures]
    stratum = np.repeat([strata.index(one.stratum) for one in pictures], counts)
    order = np.argsort(-values, kind="stable")
    return DefectPixels(values[order], weights[order], stratum[order])


def _good_parts(
    pictures: list[PixelTruth], strata: tuple[str, ...]
) -> Iterable[tuple[str, NDArray[np.float32]]]:
    """Good pixels in parts of about ``AT_ONCE``, stratum by stratum."""
    for name in strata:
        waiting: list[NDArray[np.float32]] = []
        held = 0
        for one in pictures:
            if one.stratum != name:
                continue
            waiting.append(one.anomaly_map[~one.mask])
            held += waiting[-1].size
            if held >= AT_ONCE:
                yield name, np.concatenate(waiting)
                waiting, held = [], 0
        if held:
            yield name, np.concatenate(waiting)
