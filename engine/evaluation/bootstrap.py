"""Stratified bootstrap over pictures for areas, AP and F1. Must not know files or models.

Pictures are drawn, not pixels: the pixels of a picture hang together, and treating them as
independent would give intervals that are far too narrow. Each stratum (good, each defect class)
keeps its number of pictures. What makes it fast: each picture is reduced to histograms once, and
a resample is a weighted sum of them, so that all resamples are one matrix product.

The histograms are the one approximation. Bins are quantiles, fine where the metrics look (bins of
equal numbers of positives, of negatives, and finer and finer towards the highest negatives); scores
in one bin count as tied. The point value is exact, and the interval is moved by the difference of
exact and binned value. With at most ``BINS`` distinct scores, as for image scores, nothing is
approximated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.calibration.intervals import CONFIDENCE, Estimate, missing, wilson
from engine.evaluation.metrics import AUPRO_LIMIT, FloatArray, ramp

BINS = 3072
RESAMPLES = 1000
CHUNK = 100  # resamples at a time, which keeps the temporary arrays small
METHOD = f"stratified image bootstrap, {RESAMPLES} resamples"
BINNED_METHOD = f"{METHOD}, at most {BINS} score bins (value exact)"
NO_SPREAD = (
    "Every resample gave the same value: the interval does not say what more pictures would show."
)
ONE_PICTURE = "One defect picture gives no interval over pictures."


@dataclass(frozen=True, slots=True, eq=False)
class PictureHistograms:
    """Histograms of pictures over common bins from high to low scores, float64 [pictures, bins]:
    defect values, good values, and defect values weighted by region; ``region_counts``
    [pictures]."""

    positives: FloatArray
    negatives: FloatArray
    regions: FloatArray
    region_counts: FloatArray

    def of(self, rows: NDArray[np.intp]) -> PictureHistograms:
        """Those of some pictures."""
        return PictureHistograms(
            self.positives[rows], self.negatives[rows], self.regions[rows], self.region_counts[rows]
        )

    def weighted(self, times: FloatArray) -> PictureHistograms:
        """Sums over pictures that count ``times`` [resamples, pictures] often."""
        return PictureHistograms(
            times @ self.positives,
            times @ self.negatives,
            times @ self.regions,
            times @ self.region_counts,
        )


def bin_edges(
    positives: NDArray[np.floating],
    negatives: NDArray[np.floating],
    top: NDArray[np.floating] | None = None,
) -> NDArray[np.floating]:
    """Rising edges from sorted scores (in either order): all distinct ones if few, else chosen
    among them by rank. ``top`` are the highest negatives where ``negatives`` is a sample."""
    if positives.size + negatives.size <= BINS:
        return np.unique(np.concatenate([positives, negatives]))
    third = BINS // 3
    highest = negatives if top is None else top
    falling = highest if highest[0] >= highest[-1] else highest[::-1]
    ranks = np.unique(np.geomspace(1, falling.size, third).astype(np.int64) - 1)
    return np.unique(
        np.concatenate(
            [
                positives[np.linspace(0, positives.size - 1, third).astype(np.int64)],
                negatives[np.linspace(0, negatives.size - 1, third).astype(np.int64)],
                falling[ranks],
            ]
        )
    )


def histogram(
    values: NDArray[np.floating],
    edges: NDArray[np.floating],
    weights: FloatArray | None = None,
) -> FloatArray:
    """Counts (or sums of weights) per bin, from the highest bin to the lowest, float64 [bins].
    Bin i holds what is at or above edge i and below the next."""
    bins = np.searchsorted(edges, values, side="right")
    return np.bincount(bins, weights, minlength=edges.size + 1)[::-1].astype(np.float64)


def curve_metrics(sums: PictureHistograms) -> dict[str, FloatArray]:
    """AUROC, AUPRO, AP and F1-max of each row of summed histograms, as float64 [rows]; NaN where a
    row has no positive, no negative or no region."""
    hits = np.cumsum(sums.positives, axis=1)
    alarms = np.cumsum(sums.negatives, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        after = alarms / alarms[:, -1:]
        before = after - sums.negatives / alarms[:, -1:]
        gained = sums.positives / hits[:, -1:]
        overlap = sums.regions / sums.region_counts[:, None]
        precision = np.where(hits > 0, hits / np.maximum(hits + alarms, 1e-300), 0.0)
        f1 = 2 * hits / (hits + alarms + hits[:, -1:])
    return {
        "auroc": (gained * ramp(before, after, 1.0)).sum(axis=1),
        "aupro": (overlap * ramp(before, after, AUPRO_LIMIT)).sum(axis=1) / AUPRO_LIMIT,
        "ap": (gained * precision).sum(axis=1),
        "f1_max": f1.max(axis=1),
    }


def resample_counts(strata: Sequence[str], seed: int = 0, resamples: int = RESAMPLES) -> FloatArray:
    """How often each picture is drawn, float64 [resamples, pictures]; drawn with replacement
    within each stratum."""
    names = np.asarray(strata)
    rng = np.random.default_rng(seed)
    times = np.zeros((resamples, len(names)))
    for name in sorted(set(strata)):
        rows = np.flatnonzero(names == name)
        times[:, rows] = rng.multinomial(rows.size, np.full(rows.size, 1 / rows.size), resamples)
    return times


def bootstrap_curves(
    pictures: PictureHistograms, strata: Sequence[str], exact: dict[str, float], seed: int = 0
) -> dict[str, Estimate]:
    """Intervals of the named exact values, from ``curve_metrics`` of the resamples."""
    times = resample_counts(strata, seed)
    parts = [
        curve_metrics(pictures.weighted(times[start : start + CHUNK]))
        for start in range(0, len(times), CHUNK)
    ]
    drawn = {name: np.concatenate([part[name] for part in parts]) for name in exact}
    binned = curve_metrics(pictures.weighted(np.ones((1, len(strata)))))
    off = {name: value - float(binned[name][0]) for name, value in exact.items()}
    method = BINNED_METHOD if max(map(abs, off.values())) > 1e-12 else METHOD
    estimates = {}
    for name, value in exact.items():
        estimates[name] = percentile_estimate(value, drawn[name] + off[name], len(strata), method)
    if int((pictures.positives.sum(axis=1) > 0).sum()) < 2:
        for name, value in exact.items():
            estimates[name] = Estimate(value, n=len(strata), note=ONE_PICTURE)
    return estimates


def bootstrap_f1(
    truth: NDArray[np.bool_], called: NDArray[np.bool_], strata: Sequence[str]
) -> Estimate:
    """F1 of bool [n] answers, with its bootstrap interval.

    Where no resample differs (everything right, say) the bootstrap knows no interval. F1 is
    2J / (1 + J) of the Jaccard share J = hits / (hits + alarms + misses), so that J's Wilson
    interval gives one. Without a true picture there is no F1.
    """
    if not truth.any():
        return missing("There are no pictures to be found.")
    facts = np.stack([truth & called, called, truth], axis=1).astype(np.float64)
    drawn = resample_counts(strata) @ facts
    hits, flagged, wanted = facts.sum(axis=0)
    value = float(2 * hits / (flagged + wanted))
    resampled = 2 * drawn[:, 0] / (drawn[:, 1] + drawn[:, 2])
    found = percentile_estimate(value, resampled, len(truth), METHOD)
    if found.note != NO_SPREAD:
        return found
    low, high = (2 * j / (1 + j) for j in wilson(int(hits), int(flagged + wanted - hits)))
    return Estimate(value, low, high, len(truth), "Wilson of the Jaccard share")


def percentile_estimate(value: float, drawn: FloatArray, n: int, method: str) -> Estimate:
    """Percentile interval of the resamples that are numbers, within [0, 1]."""
    usable = drawn[np.isfinite(drawn)]
    if usable.size == 0:
        return Estimate(value, n=n, note="No resample could be computed.")
    tail = (1 - CONFIDENCE) / 2
    low, high = np.clip(np.quantile(usable, [tail, 1 - tail]), 0.0, 1.0)
    note = NO_SPREAD if float(np.ptp(usable)) < 1e-12 else None
    return Estimate(value, float(low), float(high), n, method, note=note)
