"""Exact ranking and localisation metrics on raw scores. Must not know pictures, files or models.

Scores are never clamped, normalised or rounded, and ties count as they should: half in an area,
together at a threshold. Everything rests on one fact: as all these metrics change only where a
positive is passed, it is enough to know for each positive how many negatives lie above it. That
takes one sort of the negatives and no threshold grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
AUPRO_LIMIT = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Positives in falling order against all negatives.

    ``positives`` [P] scores; ``weights`` float64 [P], which sum to 1; ``above`` and ``at_least``
    int64 [P], the negatives above and not below each positive; ``total`` negatives there are.
    """

    positives: NDArray[np.floating]
    weights: FloatArray
    above: NDArray[np.int64]
    at_least: NDArray[np.int64]
    total: int


def rank(
    positives: NDArray[np.floating],
    negatives: NDArray[np.floating],
    weights: FloatArray | None = None,
) -> Ranking:
    """Sort scores of positives [P] and negatives [N]; ``weights`` [P] of positives, equal if None.

    Raises ValueError on NaN or when a group is empty.
    """
    if positives.size == 0 or negatives.size == 0:
        raise ValueError("a ranking needs positives and negatives")
    negatives = np.sort(negatives)
    order = np.argsort(-positives, kind="stable")
    positives = positives[order]
    if np.isnan(negatives[-1]) or np.isnan(positives).any():
        raise ValueError("scores are not numbers (NaN)")
    if weights is None:
        weights = np.full(positives.size, 1.0 / positives.size)
    else:
        weights = weights[order] / weights.sum()
    total = negatives.size
    above = total - np.searchsorted(negatives, positives, side="right")
    at_least = total - np.searchsorted(negatives, positives, side="left")
    return Ranking(positives, weights, above, at_least, total)


def area(ranking: Ranking, limit: float = 1.0) -> float:
    """Area under weighted true-positive rate over false-positive rate in [0, limit], divided by
    ``limit``; the curve is linear between its points, so that ties count half."""
    widths = ramp(ranking.above / ranking.total, ranking.at_least / ranking.total, limit)
    # Summing what is lost keeps a perfect area at exactly 1 whatever the weights' rounding.
    return max(0.0, float(1.0 - np.dot(ranking.weights, limit - widths) / limit))


def ramp(before: FloatArray, after: FloatArray, limit: float) -> FloatArray:
    """Width over which a positive counts within [0, limit] when its curve rises linearly between
    the false-positive rates ``before`` and ``after`` (a step where they are equal)."""
    run = after - before
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = (limit - before) ** 2 / (2 * run)
    cut = np.where((before < limit) & (run > 0), cut, 0.0)
    return np.where(after <= limit, limit - (before + after) / 2, cut)


def ranked_average_precision(ranking: Ranking) -> float:
    """Σ (recall gained) · precision over the distinct thresholds, without interpolation."""
    hits, last = _hits(ranking)
    precision = hits / (hits + ranking.at_least[last])
    gained = np.diff(hits, prepend=0)
    return float(np.dot(gained, precision) / ranking.positives.size)


def ranked_f1_max(ranking: Ranking) -> float:
    """Highest F1 that any threshold reaches: an upper bound of what a frozen one gives."""
    hits, last = _hits(ranking)
    flagged = hits + ranking.at_least[last]
    return float(np.max(2 * hits / (flagged + ranking.positives.size)))


def auroc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Area under the ROC curve of bool ``labels`` (True: defect) and raw ``scores``."""
    return area(_ranked(labels, scores))


def average_precision(labels: ArrayLike, scores: ArrayLike) -> float:
    """Average precision as in scikit-learn: a step-wise sum, no interpolation."""
    return ranked_average_precision(_ranked(labels, scores))


def f1_max(labels: ArrayLike, scores: ArrayLike) -> float:
    """Highest F1 over all thresholds."""
    return ranked_f1_max(_ranked(labels, scores))


def roc(labels: ArrayLike, scores: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """ROC curve over all distinct thresholds, as (fpr, tpr, thresholds), from (0, 0) at infinity
    to (1, 1)."""
    positives, negatives = map(np.sort, _split(labels, scores))
    rank(positives, negatives)  # refuses what has no curve
    thresholds = np.unique(np.concatenate([positives, negatives]))[::-1]
    hits = positives.size - np.searchsorted(positives, thresholds, side="left")
    alarms = negatives.size - np.searchsorted(negatives, thresholds, side="left")
    fpr = np.concatenate([[0.0], alarms / negatives.size])
    tpr = np.concatenate([[0.0], hits / positives.size])
    return fpr, tpr, np.concatenate([[np.inf], thresholds])


def roc_corners(fpr: FloatArray, tpr: FloatArray) -> NDArray[np.intp]:
    """Rows of a ROC curve without those that lie on a line between their neighbours."""
    steps = np.stack([np.diff(fpr), np.diff(tpr)])
    turns = steps[0, :-1] * steps[1, 1:] - steps[0, 1:] * steps[1, :-1]
    return np.concatenate([[0], 1 + np.flatnonzero(np.abs(turns) > 1e-15), [fpr.size - 1]])


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Connected defect regions of one mask: ``count``, and ``weights`` float64 [pixels], for each
    defect pixel in row order one over the size of its region."""

    count: int
    weights: FloatArray


def regions_of(mask: NDArray[np.bool_]) -> Regions:
    """Connected components (8 neighbours) of a mask [h, w]."""
    count, component, facts, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    sizes = facts[:, cv2.CC_STAT_AREA].astype(np.float64)
    return Regions(int(count) - 1, 1.0 / sizes[component[mask]])


def aupro(
    maps: NDArray[np.floating], masks: NDArray[np.bool_], limit: float = AUPRO_LIMIT
) -> float:
    """Exact area under per-region overlap over false-positive rate up to ``limit``, in [0, 1].

    ``maps`` and ``masks`` are [N, h, w]. Per-region overlap (Bergmann et al., IJCV 2021, section
    4) is the mean over all regions of the share of a region at or above the threshold, hence a
    true-positive rate in which a defect pixel weighs one over its region's size: the area is that
    of one weighted ROC curve, every distinct score being a threshold. The false-positive rate
    counts all pixels outside of the masks.
    """
    weights = np.concatenate([regions_of(mask).weights for mask in masks])
    return area(rank(maps[masks], maps[~masks], weights), limit)


def _ranked(labels: ArrayLike, scores: ArrayLike) -> Ranking:
    return rank(*_split(labels, scores))


def _split(
    labels: ArrayLike, scores: ArrayLike
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Scores of the positives and of the negatives."""
    is_defect = np.asarray(labels, dtype=bool).ravel()
    values = np.asarray(scores).ravel()
    if not np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float64)
    return values[is_defect], values[~is_defect]


def _hits(ranking: Ranking) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positives found at each distinct positive score, and the index of the last one of each."""
    changes = np.flatnonzero(np.diff(ranking.positives))
    last = np.append(changes, ranking.positives.size - 1)
    return last + 1, last
