"""Which mixture of planes draws the anomaly map, and its threshold. Must not know models.

Planes are float32 [m, n]: m ways to say how strange each of n pixels is; truth is bool [n].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

GOOD_QUANTILE = 0.95
QUIET_QUANTILE = 0.9995  # of good pixels, where no mask says what a defect looks like


@dataclass(frozen=True, slots=True)
class MapFusion:
    """Chosen weights of the planes, the offset that brings most good pixels below zero, the
    pixel-F1-optimal threshold, the heatmap's full scale, and the pixel AP of every candidate."""

    weights: tuple[float, ...]
    offset: float
    threshold: float
    full_scale: float
    average_precision: dict[str, float]


def choose_map(
    planes: torch.Tensor,
    truth: torch.Tensor,
    candidates: Sequence[tuple[float, ...]],
    alone: tuple[float, ...],
) -> MapFusion:
    """The candidate with the highest pixel AP, of equal ones the first; ``alone`` where no pixel
    is known to be defective."""
    if not bool(truth.any()):
        return _scaled(alone, _mixed(planes, alone), truth, {})
    figures = {_named(one): _average_precision(_mixed(planes, one), truth) for one in candidates}
    best = max(figures.values())
    chosen = next(one for one in candidates if figures[_named(one)] >= best)
    return _scaled(chosen, _mixed(planes, chosen), truth, figures)


def _named(weights: tuple[float, ...]) -> str:
    return "/".join(f"{weight:g}" for weight in weights)


def _mixed(planes: torch.Tensor, weights: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(weights, device=planes.device) @ planes


def _scaled(
    weights: tuple[float, ...],
    plane: torch.Tensor,
    truth: torch.Tensor,
    figures: dict[str, float],
) -> MapFusion:
    good = plane[~truth]
    usual = float(_quantile(good, 0.5))
    if bool(truth.any()):
        threshold = _best_threshold(plane, truth)
    else:
        threshold = float(_quantile(good, QUIET_QUANTILE))
    # The heatmap begins at zero and a threshold must lie above it.
    offset = -min(float(_quantile(good, GOOD_QUANTILE)), (usual + threshold) / 2)
    threshold = max(threshold + offset, 1e-3)
    return MapFusion(weights, offset, threshold, 2.0 * threshold, figures)


def _average_precision(plane: torch.Tensor, truth: torch.Tensor) -> float:
    hits = truth[plane.argsort(descending=True)]
    found = hits.double().cumsum(0)
    rank = torch.arange(1, len(hits) + 1, device=hits.device, dtype=torch.float64)
    return float(((found / rank) * hits).sum() / found[-1])


def _best_threshold(plane: torch.Tensor, truth: torch.Tensor) -> float:
    """The value above which the pixels' F1 is highest."""
    order = plane.argsort(descending=True)
    found = truth[order].double().cumsum(0)
    rank = torch.arange(1, len(order) + 1, device=order.device, dtype=torch.float64)
    at = int((2.0 * found / (rank + found[-1])).argmax())
    below = min(at + 1, len(order) - 1)
    return float((plane[order[at]] + plane[order[below]]) / 2)


def _quantile(values: torch.Tensor, share: float) -> torch.Tensor:
    """Quantile of any number of values (torch.quantile takes 16 million at most)."""
    return values.float().kthvalue(max(1, min(len(values), round(share * len(values))))).values
