"""The coreset is the greedy one: the next centre is always the farthest point."""

from __future__ import annotations

import pytest
import torch

from engine.errors import EngineError
from engine.models import coreset
from engine.models.coreset import greedy_k_centre, random_projection


def plain_greedy(points: torch.Tensor, count: int, first: int) -> list[int]:
    chosen = [first]
    nearest = torch.cdist(points, points[[first]])[:, 0]
    while len(chosen) < count:
        chosen.append(int(nearest.argmax()))
        nearest = torch.minimum(nearest, torch.cdist(points, points[[chosen[-1]]])[:, 0])
    return chosen


def test_rounds_choose_what_one_by_one_chooses(monkeypatch) -> None:
    monkeypatch.setattr(coreset, "CANDIDATES", 24)  # many rounds
    points = torch.randn(700, 6, generator=torch.Generator().manual_seed(1))
    chosen = greedy_k_centre(points, 150, seed=3).tolist()
    assert chosen == plain_greedy(points, 150, chosen[0])


def test_the_same_seed_chooses_the_same() -> None:
    points = torch.randn(500, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(greedy_k_centre(points, 50, 7), greedy_k_centre(points, 50, 7))


def test_every_centre_is_chosen_once_even_among_duplicates() -> None:
    points = torch.zeros(40, 3)
    assert sorted(greedy_k_centre(points, 40).tolist()) == list(range(40))
    assert len(greedy_k_centre(points, 99)) == 40


def test_a_lonely_point_is_kept() -> None:
    points = torch.randn(1000, 16, generator=torch.Generator().manual_seed(0)) * 0.01
    points[123] += 5.0
    assert 123 in greedy_k_centre(points, 3).tolist()


def test_progress_may_cancel() -> None:
    def cancel(_done: int, _total: int) -> None:
        raise EngineError("cancelled", "stop")

    with pytest.raises(EngineError):
        greedy_k_centre(torch.randn(100, 4), 50, progress=cancel)


def test_projection_keeps_distances_roughly_and_short_vectors_exactly() -> None:
    x = torch.randn(60, 400, generator=torch.Generator().manual_seed(0))
    ratio = torch.pdist(random_projection(x, 128, 0)) / torch.pdist(x)
    assert float(ratio.min()) > 0.7 and float(ratio.max()) < 1.3
    assert torch.equal(random_projection(x, 400, 0), x)
