"""Intervals of composite scores and of their differences. Must not know files or models.

The composite is a sum of terms that are measured on the same pictures, so that its interval takes
a bootstrap of the whole sum: pictures are drawn with replacement within each class, the same ones
for every model and seed (which makes differences between models far more certain than the models'
own intervals suggest), and each model's seeds are drawn with replacement too. Drawing both ways is
the pigeonhole bootstrap, which is mildly too wide rather than too narrow (Owen, Annals of Applied
Statistics 1, 2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.calibration.intervals import CONFIDENCE
from engine.evaluation.bootstrap import RESAMPLES, resample_counts
from engine.evaluation.composite import SCENARIOS
from engine.evaluation.metrics import FloatArray
from engine.evaluation.multiclass import resampled_auroc

SMALLEST_SPREAD = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class RunArrays:
    """What the composite of one run is made of, for N labelled pictures: ``ids`` and ``labels``
    text [N], ``defect`` and ``flagged`` (above the frozen threshold) bool [N], ``scores`` float64
    [N], ``class_index`` int64 [N] (-1: no class of the head), ``class_prob`` float [N, K] or None
    without a class head, ``region_count`` and ``region_overlap`` float64 [N], NaN where the truth
    per pixel is not known."""

    ids: NDArray[np.str_]
    labels: NDArray[np.str_]
    defect: NDArray[np.bool_]
    flagged: NDArray[np.bool_]
    scores: FloatArray
    class_index: NDArray[np.int64]
    class_prob: FloatArray | None
    region_count: FloatArray
    region_overlap: FloatArray

    @classmethod
    def read(cls, file: Path) -> RunArrays:
        """Read what ``evaluate`` wrote. Raises OSError, KeyError, ValueError."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        rows = np.flatnonzero(arrays["defect"] >= 0)
        has_head = len(arrays["class_outputs"]) > 0
        scores = arrays["scores"][rows]
        return cls(
            ids=arrays["ids"][rows],
            labels=arrays["labels"][rows],
            defect=arrays["defect"][rows] == 1,
            flagged=scores > float(arrays["threshold"]),
            scores=scores,
            class_index=arrays["label_index"][rows],
            class_prob=arrays["class_prob"][rows].astype(np.float64) if has_head else None,
            region_count=arrays["region_count"][rows],
            region_overlap=arrays["region_overlap"][rows],
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds at ``CONFIDENCE``; None where the resamples do not differ or cannot be computed."""

    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Resampled scores float64 [R] by scenario and model, on ``n`` pictures."""

    n: int
    scores: dict[str, dict[str, FloatArray]]

    def interval(self, scenario: str, model: str) -> Interval:
        """Of a model's score."""
        return percentiles(self.scores[scenario][model], self.n)

    def difference(self, scenario: str, first: str, second: str) -> tuple[Interval, float]:
        """Of the first model's score less the second's, and the share of resamples in which the
        first is ahead."""
        drawn = self.scores[scenario][first] - self.scores[scenario][second]
        usable = drawn[np.isfinite(drawn)]
        ahead = float((usable > 0).mean()) if usable.size else 0.5
        return percentiles(drawn, self.n), ahead


def draw(
    runs: Mapping[str, Sequence[RunArrays]], resamples: int = RESAMPLES, seed: int = 0
) -> Draws | None:
    """Resample all models together; None where they were not measured on the same pictures."""
    every = [one for arrays in runs.values() for one in arrays]
    if not every or any(not np.array_equal(one.ids, every[0].ids) for one in every):
        return None
    times = resample_counts([str(label) for label in every[0].labels], seed, resamples)
    rng = np.random.default_rng(seed)
    scores: dict[str, dict[str, FloatArray]] = {name: {} for name in SCENARIOS}
    for model, arrays in runs.items():
        chosen = rng.integers(0, len(arrays), (resamples, len(arrays)))
        parts = [terms(one, times) for one in arrays]
        for scenario, weights in SCENARIOS.items():
            by_seed = np.stack([_score(part, weights) for part in parts], axis=1)
            scores[scenario][model] = np.take_along_axis(by_seed, chosen, axis=1).mean(axis=1)
    return Draws(len(every[0].ids), scores)


def terms(run: RunArrays, times: FloatArray) -> dict[str, FloatArray]:
    """The composite's terms float64 [R] where pictures count ``times`` [R, N]; NaN where a resample
    has none, 0 for the multi-class AUROC of a model without a class head."""
    hits = times @ (run.defect & run.flagged)
    flagged, defects = times @ run.flagged, times @ run.defect
    known = np.isfinite(run.region_count)
    regions = times[:, known] @ run.region_count[known]
    overlap = times[:, known] @ run.region_overlap[known]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "auroc": resampled_auroc(run.defect, run.scores, times),
            "f1": 2 * hits / (flagged + defects),
            "recall": hits / defects,
            "precision": hits / flagged,
            "pro": overlap / regions,
            "auroc_multi": _multi(run, times),
        }


def percentiles(drawn: FloatArray, n: int) -> Interval:
    """Percentile interval of the resamples that are numbers."""
    usable = drawn[np.isfinite(drawn)]
    if usable.size == 0 or float(np.ptp(usable)) < SMALLEST_SPREAD:
        return Interval(None, None, n)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(usable, [tail, 1 - tail])
    return Interval(float(low), float(high), n)


def _multi(run: RunArrays, times: FloatArray) -> FloatArray:
    if run.class_prob is None:
        return np.zeros(len(times))
    rows = np.flatnonzero(run.class_index >= 0)
    truth, chances, counted = run.class_index[rows], run.class_prob[rows], times[:, rows]
    present = np.unique(truth)
    if len(present) < 2:
        return np.full(len(times), np.nan)
    areas = [resampled_auroc(truth == k, chances[:, k], counted) for k in present]
    return np.asarray(np.mean(areas, axis=0), np.float64)


def _score(parts: Mapping[str, FloatArray], weights: Mapping[str, float]) -> FloatArray:
    return np.asarray(sum(weight * parts[name] for name, weight in weights.items()), np.float64)
