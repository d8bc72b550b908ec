"""Joining several detectors' scores into one log-odds. Must not know pictures, models or torch.

A handful of validation defects cannot tell how much each detector is worth, so stated weights are
left only as far as validation asks for it: of all mixtures that rank validation at least as well
as every single detector does, the one nearest to the stated weights is taken. Where no mixture
does, the best detector speaks alone: fusion never ranks worse than a part of it. Weights are never
negative, since a detector that is right more often must not count against a defect. Scale and
offset then make log-odds of the mixture (Platt 1999, with his targets).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

FACTORS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)  # of the stated weights, tried for each detector
NO_WEIGHT = 4.0  # how far off the stated weights it is to leave a detector out, in doublings


@dataclass(frozen=True, slots=True)
class Fusion:
    """Log-odds = weights · scores + offset. ``chosen`` is "fused" or the name of the detector that
    speaks alone; ``auroc`` is the validation AUROC of each candidate by name."""

    weights: NDArray[np.float64]
    offset: float
    chosen: str
    auroc: dict[str, float]


def fit_fusion(
    scores: NDArray[np.float64],
    defect: NDArray[np.bool_],
    names: tuple[str, ...],
    prior: NDArray[np.float64],
) -> Fusion:
    """Weights for ``scores`` float [n, m] of n validation pictures by m detectors.

    ``prior`` float [m], all positive, are the stated weights, for detectors as they come. Without
    both good and defective pictures they stand, with the median score at zero.
    """
    scores = np.asarray(scores, np.float64)
    defect = np.asarray(defect, bool)
    if not defect.any() or defect.all():
        return Fusion(prior, -float(np.median(scores @ prior)), "fused", {})
    alone = [_auroc(scores[:, index], defect) for index in range(len(names))]
    ranked = dict(zip(names, alone, strict=True))
    wanted = max(alone)
    chosen, weights = names[int(np.argmax(alone))], np.eye(len(names))[int(np.argmax(alone))]
    for factors in _by_distance(len(names)):
        value = _auroc(scores @ (prior * factors), defect)
        if value >= wanted:
            chosen, weights, ranked["fused"] = "fused", prior * factors, value
            break
    scale, offset = _platt(scores @ weights, defect)
    return Fusion(weights * scale, offset, chosen, ranked)


def _by_distance(count: int) -> list[NDArray[np.float64]]:
    """All mixtures of two detectors or more, the nearest to the stated weights first."""

    def distance(factors: tuple[float, ...]) -> float:
        steps = [NO_WEIGHT if f == 0.0 else abs(float(np.log2(f))) for f in factors]
        return sum(step * step for step in steps)

    mixtures = [
        factors
        for factors in itertools.product(FACTORS, repeat=count)
        if sum(f > 0.0 for f in factors) > 1
    ]
    return [np.array(factors) for factors in sorted(mixtures, key=distance)]


def _platt(score: NDArray[np.float64], defect: NDArray[np.bool_]) -> tuple[float, float]:
    """Positive scale and offset that turn one score into log-odds. Goods and defects weigh the
    same, because validation's mixture is not the line's; the targets are Platt's, so that a
    perfectly separated set does not ask for limitless confidence."""
    positives, negatives = int(defect.sum()), int((~defect).sum())
    target = np.where(defect, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    share = np.where(defect, 0.5 / positives, 0.5 / negatives)
    spread = float(score.std()) or 1.0
    middle = float(np.median(score[defect]) + np.median(score[~defect])) / 2
    unit = (score - middle) / spread

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = np.exp(values[0]) * unit + values[1]
        value = float((share * (np.logaddexp(0.0, odds) - target * odds)).sum())
        residual = share * (1.0 / (1.0 + np.exp(-np.clip(odds, -500.0, 500.0))) - target)
        slope = float((residual * unit).sum() * np.exp(values[0]))
        return value, np.array([slope, residual.sum()])

    bounds = [(-5.0, 5.0), (None, None)]
    found = minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B", bounds=bounds).x
    scale = float(np.exp(found[0])) / spread
    return scale, float(found[1]) - scale * middle


def _auroc(score: NDArray[np.float64], defect: NDArray[np.bool_]) -> float:
    """Chance that a defect scores above a good part, ties counted half (Mann-Whitney)."""
    ranks = rankdata(score)
    positives = int(defect.sum())
    negatives = len(defect) - positives
    return float((ranks[defect].sum() - positives * (positives + 1) / 2) / (positives * negatives))
