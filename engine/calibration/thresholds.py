"""Thresholds chosen on validation scores, to be frozen in a bundle. Must not know pictures.

A threshold lies in the middle between two neighbouring scores: what is above it counts as
defective. Training and evaluation share this one rule; evaluation never uses it for a figure.
``otsu_threshold`` alone looks at no labels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

OTSU_BINS = 256
_SAME = 1e-12  # relative; variances this near to each other are the same one


@dataclass(frozen=True, slots=True)
class Youden:
    """The threshold with the highest Youden index ``j`` = sensitivity + specificity - 1."""

    threshold: float
    j: float
    sensitivity: float
    specificity: float


def youden(scores: ArrayLike, defect: ArrayLike) -> Youden:
    """Youden-optimal threshold (Youden 1950) of raw scores [n] and their truth bool [n].

    Of equal optima the lowest, which misses fewer defects. Raises ValueError unless both good and
    defective parts are there and all scores are finite.
    """
    values, found, alarms = _cuts(scores, defect)
    goods, defects = alarms[-1], found[-1]
    if goods == 0 or defects == 0:
        raise ValueError("a Youden index needs good and defective parts")
    index = found / defects - alarms / goods
    at = int(np.flatnonzero(index >= index.max() - 1e-12)[-1])
    sensitivity, specificity = float(found[at] / defects), float(1 - alarms[at] / goods)
    return Youden(_between(values, at), float(index[at]), sensitivity, specificity)


def youden_threshold(scores: ArrayLike, defect: ArrayLike) -> float:
    """The threshold of ``youden``."""
    return youden(scores, defect).threshold


def f1_threshold(scores: ArrayLike, defect: ArrayLike) -> float:
    """The threshold with the highest F1: of parts, or of pixels for a region threshold.

    Raises ValueError without a single defect or on scores that are not finite.
    """
    values, found, alarms = _cuts(scores, defect)
    if found[-1] == 0:
        raise ValueError("an F1 needs a defect")
    f1 = 2 * found / (found + alarms + found[-1])
    return _between(values, int(np.argmax(f1)))


def otsu_threshold(values: ArrayLike, bins: int = OTSU_BINS) -> float:
    """The threshold that parts the histogram of values [n] best into two classes: the highest
    between-class variance (Otsu 1979, equation 18), over ``bins`` bins of equal width from the
    lowest value to the highest.

    It needs no labels and moves and grows with the values, but it parts whatever it is given:
    of values of one kind, such as errors of good parts alone, it means nothing. Where empty bins
    make neighbouring edges equally good it is their middle, and of optima apart from each other
    the lowest, which misses fewer defects. Of values that are all alike it is that value, above
    which nothing lies. Raises ValueError without values, on values that are not finite and on
    fewer than two bins.
    """
    found = np.asarray(values).ravel()
    if not np.issubdtype(found.dtype, np.floating):
        found = found.astype(np.float64)
    if not found.size or not np.isfinite(found).all():
        raise ValueError("a histogram needs values, and finite ones")
    if bins < 2:
        raise ValueError("two classes need two bins")
    low, high = found.min(), found.max()
    if low == high:
        return float(low)
    counts, _ = np.histogram((found - low) / (high - low), bins, (0.0, 1.0))
    below = np.cumsum(counts)[:-1]  # values below each inner edge; neither class is ever empty
    moments = np.cumsum(counts * np.arange(bins))
    distance = moments[-1] / found.size * below - moments[:-1]
    variance = distance**2 / (below.astype(np.float64) * (found.size - below))
    best = np.flatnonzero(variance >= variance.max() * (1.0 - _SAME))
    run = best[below[best] == below[best[0]]]  # edges that part the values alike
    edge = 1.0 + (int(run[0]) + int(run[-1])) / 2
    threshold = float(low) + edge / bins * (float(high) - float(low))
    return threshold if threshold < high else float(low)  # neighbouring floats have no middle


def _cuts(
    scores: ArrayLike, defect: ArrayLike
) -> tuple[NDArray[np.floating], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct scores, falling, and how many defects and goods lie at or above each."""
    values = np.asarray(scores).ravel()
    truth = np.asarray(defect, bool).ravel()
    if values.shape != truth.shape or not values.size:
        raise ValueError(f"{values.size} scores and {truth.size} labels do not belong together")
    if not np.isfinite(values).all():
        raise ValueError("scores are not finite numbers")
    order = np.argsort(values)[::-1]
    values = values[order]
    last = np.append(np.flatnonzero(values[1:] != values[:-1]), values.size - 1)
    found = np.cumsum(truth[order])[last]
    return values[last], found, last + 1 - found


def _between(values: NDArray[np.floating], at: int) -> float:
    """In the middle below the distinct score ``at``; just below the lowest of all."""
    upper = float(values[at])
    if at + 1 < values.size:
        middle = (upper + float(values[at + 1])) / 2
        return middle if middle < upper else float(values[at + 1])
    return float(np.nextafter(values[at], values.dtype.type(-np.inf)))
