"""The mixture of planes that draws the map is never worse than a plane alone, on what chose it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, f1_score

from engine.training.map_fusion import QUIET_QUANTILE, choose_map

CANDIDATES = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 1.0, 0.0), (0.3, 1.0, 1.0))
ALONE = (0.0, 1.0, 0.0)


def _planes(seed: int, pixels: int = 800) -> tuple[torch.Tensor, torch.Tensor]:
    """One useful plane, one useless and one that is turned round."""
    rng = np.random.default_rng(seed)
    truth = rng.random(pixels) < 0.1
    signal = rng.uniform(0, 3, 3) * (1, 0, -1)
    planes = rng.normal(0, 1, (3, pixels)) + signal[:, None] * truth
    return torch.tensor(planes, dtype=torch.float32), torch.tensor(truth)


@pytest.mark.parametrize("seed", range(20))
def test_the_chosen_map_ranks_no_worse_than_any_plane_alone(seed: int) -> None:
    planes, truth = _planes(seed)
    fusion = choose_map(planes, truth, CANDIDATES, ALONE)
    chosen = torch.tensor(fusion.weights) @ planes
    figures = [average_precision_score(truth, torch.tensor(one) @ planes) for one in CANDIDATES]
    assert average_precision_score(truth, chosen) == pytest.approx(max(figures), abs=1e-6)
    assert fusion.average_precision["1/0/0"] == pytest.approx(figures[0], abs=1e-6)


def test_the_threshold_is_the_best_one_of_the_moved_map() -> None:
    planes, truth = _planes(1)
    fusion = choose_map(planes, truth, CANDIDATES, ALONE)
    drawn = torch.tensor(fusion.weights) @ planes + fusion.offset
    best = max(f1_score(truth, drawn > float(value)) for value in drawn[truth])
    assert f1_score(truth, drawn > fusion.threshold) >= best - 1e-9
    assert fusion.threshold > 0 and fusion.full_scale == 2 * fusion.threshold


def test_without_a_mask_the_memory_draws_alone() -> None:
    planes, _truth = _planes(2)
    fusion = choose_map(planes, torch.zeros(planes.shape[1], dtype=torch.bool), CANDIDATES, ALONE)
    assert fusion.weights == ALONE and fusion.average_precision == {}
    above = (planes[1] + fusion.offset > fusion.threshold).float().mean()
    assert float(above) <= 1 - QUIET_QUANTILE + 2 / planes.shape[1]
