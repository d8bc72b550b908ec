"""What a trained hybrid learns from validation pictures: fusion, limits, thresholds.

Must not know training or bundles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from engine.calibration.fusion import Fusion, fit_fusion
from engine.calibration.temperature import temperature_facts
from engine.models.hybrid import Hybrid
from engine.training.hybrid import Answers
from engine.training.hybrid_data import Parts

DETECTORS = ("memory", "binary", "mask_peak", "probe")
# All four are deviations or log-odds and count alike. On held-out fifths of magnetic tile (H100,
# one seed each) the mixture's AUROC with 10, 25, 50, 100 and 252 labelled defects was 0.970, 0.977,
# 0.980, 0.988 and 0.993, the best single detector's 0.972, 0.972, 0.974, 0.985 and 0.992.
PRIOR = np.ones(4)
# weights of mask, memory and probe that are tried
MAP_WEIGHTS = (
    (1.0, 0.0, 0.0), (1.0, 0.1, 0.0), (1.0, 0.3, 0.0), (1.0, 1.0, 0.0), (0.3, 1.0, 0.0),
    (0.0, 1.0, 0.0), (1.0, 0.1, 0.3), (1.0, 0.3, 1.0), (0.3, 1.0, 1.0), (0.0, 1.0, 1.0),
    (0.0, 0.3, 1.0), (0.0, 0.0, 1.0),
)  # fmt: skip
GOOD_QUANTILE = 0.95


@dataclass(frozen=True, slots=True)
class MapFusion:
    """Chosen weights of mask, memory and probe, the offset that brings most good pixels below zero,
    the pixel-F1-optimal threshold, and the pixel AP of every candidate."""

    weights: tuple[float, float, float]
    offset: float
    threshold: float
    full_scale: float
    average_precision: dict[str, float]


def fuse_scores(model: Hybrid, said: Answers, parts: Parts) -> Fusion:
    """Fit the fusion on validation pictures and put it into the model."""
    scores = np.stack([said.memory, said.binary, said.peak, said.probe], 1)
    fusion = fit_fusion(scores, ~parts.good, DETECTORS, PRIOR)
    values = [*fusion.weights.tolist(), fusion.offset]
    model.fusion.copy_(torch.tensor(values, dtype=torch.float32))
    return fusion


def fit_class_temperature(model: Hybrid, said: Answers, parts: Parts) -> dict[str, Any]:
    """Fit the temperature of the defect classes among each other on validation defects of known
    class and put it into the model; facts for the manifest. The binary answer needs none: its
    scale is part of the fusion."""
    rows = parts.labels > 0
    given = (said.classes[rows][:, 1:], parts.labels[rows] - 1) if rows.any() else None
    facts = temperature_facts(None, given)
    if given is not None:
        model.class_temperature.fill_(facts["classes"])
    return facts


def fused(model: Hybrid, said: Answers) -> NDArray[np.float32]:
    """Fused log-odds float32 [n] as the exported graph computes them."""
    weights = model.fusion.cpu().numpy().astype(np.float64)
    detectors = (said.memory, said.binary, said.peak, said.probe)
    score = sum(weight * one for weight, one in zip(weights[:-1], detectors, strict=True))
    return np.asarray(score + weights[-1], np.float32)


@torch.inference_mode()
def fuse_maps(model: Hybrid, said: Answers, parts: Parts) -> MapFusion:
    """Choose how mask, memory and probe draw the map by pixel AP on validation pictures with masks.

    Only pixels inside the pictures count, not their reflected margins. Without a single mask the
    mask decoder has learnt nothing and the memory draws alone.
    """
    planes, truth = _pixels(model, said, parts)
    if not bool(truth.any()):
        return _set_map(model, (0.0, 1.0, 0.0), planes[1], truth, {})
    figures = {}
    for weights in MAP_WEIGHTS:
        figures[_named(weights)] = _average_precision(_mixed(planes, weights), truth)
    best = max(figures.values())
    chosen = next(weights for weights in MAP_WEIGHTS if figures[_named(weights)] >= best)
    return _set_map(model, chosen, _mixed(planes, chosen), truth, figures)


def _named(weights: tuple[float, ...]) -> str:
    return "/".join(f"{weight:g}" for weight in weights)


def _mixed(planes: torch.Tensor, weights: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(weights, device=planes.device) @ planes


def _set_map(
    model: Hybrid,
    weights: tuple[float, float, float],
    plane: torch.Tensor,
    truth: torch.Tensor,
    figures: dict[str, float],
) -> MapFusion:
    good = plane[~truth]
    usual = float(_quantile(good, 0.5))
    if bool(truth.any()):
        threshold = _best_threshold(plane, truth)
    else:
        threshold = float(_quantile(good, 0.9995))
    # The heatmap begins at zero and a threshold must lie above it.
    offset = -min(float(_quantile(good, GOOD_QUANTILE)), (usual + threshold) / 2)
    threshold = max(threshold + offset, 1e-3)
    model.map_fusion.copy_(torch.tensor([*weights, offset]))
    return MapFusion(weights, offset, threshold, 2.0 * threshold, figures)


def _pixels(model: Hybrid, said: Answers, parts: Parts) -> tuple[torch.Tensor, torch.Tensor]:
    """Mask logits, memory's distances and probe's logits float32 [3, n] and the truth bool [n] of
    all pixels whose truth is known."""
    size = parts.pixels.shape[1]
    marked = said.marked / model.probe_scale[1]
    planes, truth = [], []
    for row in np.flatnonzero(parts.mask_known):
        place = parts.places[row]
        mask = F.interpolate(
            said.mask[row : row + 1], size=(size, size), mode="bilinear", align_corners=False
        )[0, 0]
        coarse = torch.stack([said.distance[row].flatten(), marked[row]])
        both = model.memory.smooth(coarse)
        rows = slice(place.top, place.top + place.height)
        columns = slice(place.left, place.left + place.width)
        planes.append(torch.cat([mask[None], both])[:, rows, columns].flatten(1))
        inside = np.ascontiguousarray(parts.masks[row][rows, columns]).reshape(-1)
        truth.append(torch.from_numpy(inside).to(mask.device))
    return torch.cat(planes, 1), torch.cat(truth)


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
