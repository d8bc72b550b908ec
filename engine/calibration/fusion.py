"""Joining several detectors' scores into one log-odds. Must not know pictures, models or torch.

Logistic regression with non-negative weights, drawn towards stated weights where validation is
small: five validation defects cannot tell much, and a detector that is right more often must never
count against a defect. The joint score is used only if, on validation, it ranks at least as well
as every single detector; otherwise the best single one speaks alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

PRIOR_STRENGTH = 2.0


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
    strength: float = PRIOR_STRENGTH,
) -> Fusion:
    """Weights for ``scores`` float [n, m] of n validation pictures by m detectors.

    ``prior`` float [m] holds the weights that are assumed without any evidence; ``strength`` is
    how many squared units of weight one nat of log-likelihood is worth. Without both good and
    defective pictures the prior stands. Candidates in order of preference at equal AUROC: fitted
    weights, the prior's, each detector alone.
    """
    scores = np.asarray(scores, np.float64)
    defect = np.asarray(defect, bool)
    if not defect.any() or defect.all():
        return Fusion(prior, -float(np.median(scores @ prior)), "fused", {})
    fitted = _fit(scores, defect, prior, strength)
    count = len(names)
    candidates = {"fused": fitted, "prior": prior}
    candidates |= {name: np.eye(count)[index] for index, name in enumerate(names)}
    ranked = {name: _auroc(scores @ weights, defect) for name, weights in candidates.items()}
    best = max(ranked.values())
    chosen = next(name for name, value in ranked.items() if value >= best)
    weights = candidates[chosen]
    scale, offset = (1.0, 0.0) if chosen == "fused" else _scale(scores @ weights, defect)
    weights = weights * scale
    if chosen == "fused":
        offset = _offset(scores @ weights, defect)
    return Fusion(weights, offset, "fused" if chosen == "prior" else chosen, ranked)


def _fit(
    scores: NDArray[np.float64],
    defect: NDArray[np.bool_],
    prior: NDArray[np.float64],
    strength: float,
) -> NDArray[np.float64]:
    sign = np.where(defect, 1.0, -1.0)
    # goods and defects weigh the same: validation's mixture is not the line's
    balance = np.where(defect, 0.5 / defect.sum(), 0.5 / (~defect).sum()) * len(defect)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, offset = values[:-1], values[-1]
        margin = sign * (scores @ weights + offset)
        pull = weights - prior
        residual = -sign * balance / (1.0 + np.exp(np.clip(margin, -500.0, 500.0)))
        value = float((balance * np.logaddexp(0.0, -margin)).sum() + strength * (pull**2).sum())
        gradient = np.append(scores.T @ residual + 2.0 * strength * pull, residual.sum())
        return value, gradient

    start = np.append(prior, -float(np.median(scores @ prior)))
    bounds = [(0.0, None)] * len(prior) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x[:-1], np.float64)


def _scale(score: NDArray[np.float64], defect: NDArray[np.bool_]) -> tuple[float, float]:
    """Positive scale and offset that turn one score into log-odds."""
    spread = float(score.std()) or 1.0
    weight = _fit(score[:, None] / spread, defect, np.array([1.0]), PRIOR_STRENGTH)[0]
    scale = max(float(weight), 1e-3) / spread
    return scale, _offset(score * scale, defect)


def _offset(score: NDArray[np.float64], defect: NDArray[np.bool_]) -> float:
    """Offset with which goods and defects, weighing the same, are equally likely at zero."""
    low, high = float(-score.max()) - 20.0, float(-score.min()) + 20.0
    share = np.where(defect, 0.5 / defect.sum(), 0.5 / (~defect).sum())
    for _ in range(80):
        middle = (low + high) / 2
        odds = 1.0 / (1.0 + np.exp(-np.clip(score + middle, -500.0, 500.0)))
        if float((share * odds).sum()) > 0.5:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _auroc(score: NDArray[np.float64], defect: NDArray[np.bool_]) -> float:
    """Chance that a defect scores above a good part, ties counted half (Mann-Whitney)."""
    ranks = rankdata(score)
    positives = int(defect.sum())
    negatives = len(defect) - positives
    return float((ranks[defect].sum() - positives * (positives + 1) / 2) / (positives * negatives))
