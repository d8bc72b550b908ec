"""The few figures that training looks at while it goes on. Must not know networks or evaluation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata


def f1_of(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """F1 of bool [n]; 0 where nothing was found, NaN where there was nothing to find."""
    if not truth.any():
        return math.nan
    hits = int((found & truth).sum())
    return 2 * hits / (int(found.sum()) + int(truth.sum()))


def macro_f1(found: NDArray[np.integer], truth: NDArray[np.integer]) -> float:
    """Mean F1 over the classes that occur among ``truth`` int [n]; NaN without any."""
    if not len(truth):
        return math.nan
    return float(np.mean([f1_of(found == one, truth == one) for one in np.unique(truth)]))


def auroc(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """Chance that a defective part scores above a good one, ties one half (Mann-Whitney); NaN
    without both, or where a score is no finite number."""
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives or not np.isfinite(scores).all():
        return math.nan
    ranks = rankdata(scores)[truth].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))
