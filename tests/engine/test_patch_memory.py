"""What the module promises: shapes, raw distances, an anomaly where the picture is odd."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.backbones import EFFICIENTNET_LITE0, create_backbone
from engine.models.patch_memory import PatchMemory, PatchMemorySettings
from engine.training.memory import assign_folds, build_bank

SIZE = 64


def pictures(count: int, seed: int = 0) -> torch.Tensor:
    random = np.random.default_rng(seed)
    return torch.from_numpy(
        np.asarray(128 + random.normal(0, 12, (count, SIZE, SIZE, 3)), np.uint8)
    )


@pytest.fixture(scope="module")
def model() -> PatchMemory:
    settings = PatchMemorySettings(input_size=SIZE)
    network = PatchMemory(settings, create_backbone(EFFICIENTNET_LITE0, settings.blocks)).eval()
    network.measure_levels(pictures(8))
    return network


@pytest.fixture(scope="module")
def bank(model: PatchMemory) -> torch.Tensor:
    with torch.inference_mode():
        return build_bank(model.patches(pictures(12)), 0.02, 0)


@torch.inference_mode()
def test_outputs_have_the_contract_s_shapes(model: PatchMemory, bank: torch.Tensor) -> None:
    prototypes = torch.nn.functional.normalize(torch.randn(3, model.dimension), dim=1)
    limits = torch.tensor([0.0, 1e9])
    score, prob, plane, embedding, verdict = model(pictures(2, 5), bank, prototypes, limits)
    assert score.shape == (2,) and plane.shape == (2, SIZE, SIZE)
    assert embedding.shape == (2, model.dimension)
    assert prob.sum(1).tolist() == pytest.approx([1.0, 1.0])
    assert verdict.tolist() == [1, 1]


@torch.inference_mode()
def test_the_map_peaks_where_the_picture_is_odd(model: PatchMemory, bank: torch.Tensor) -> None:
    odd = pictures(1, 5)
    odd[0, 40:56, 8:24] = torch.tensor([250, 30, 30], dtype=torch.uint8)
    clean_score, _, _ = model.compare(model.patches(pictures(1, 5)), bank)
    score, plane, _ = model.compare(model.patches(odd), bank)
    assert score[0] > 1.2 * clean_score[0]
    row, column = divmod(int(plane[0].argmax()), SIZE)
    assert 36 <= row < 60 and 4 <= column < 28


@torch.inference_mode()
def test_a_picture_is_judged_alike_alone_and_in_a_batch(
    model: PatchMemory, bank: torch.Tensor
) -> None:
    batch = pictures(3, 9)
    together, _, _ = model.compare(model.patches(batch), bank)
    alone = [float(model.compare(model.patches(batch[i : i + 1]), bank)[0]) for i in range(3)]
    assert together.tolist() == pytest.approx(alone, rel=1e-4)


@torch.inference_mode()
def test_distances_are_those_of_cdist(model: PatchMemory, bank: torch.Tensor) -> None:
    patches = model.patches(pictures(1, 7))
    squared, fine = model.search(patches, bank)
    start = model.score_start
    plain = torch.cdist(patches[0, :, start:].double(), bank[:, start:].double())
    assert torch.allclose(squared[0].sqrt().double(), plain.amin(1), atol=1e-3)
    edge = model.fine_dimension
    plain_fine = torch.cdist(patches[0, :, :edge].double(), bank[:, :edge].double()).amin(1)
    assert torch.allclose(fine[0].sqrt().double(), plain_fine, atol=1e-3)


def test_a_bundle_that_names_no_levels_is_rebuilt_as_it_was_taught() -> None:
    older = PatchMemorySettings.from_manifest(
        {"backbone": "efficientnet_lite0", "input_size": SIZE, "softness": 0.3, "seed": 0}
    )
    assert (older.map_blocks, older.score_blocks, older.fit) == ((2, 4), (2, 4, 5), "stretch")
    network = PatchMemory(older, create_backbone(EFFICIENTNET_LITE0, older.blocks))
    assert (network.dimension, network.fine_dimension, network.score_start) == (344, 152, 0)


def test_pictures_of_one_part_share_a_fold() -> None:
    groups = [f"part{i // 3}" for i in range(90)]
    folds = assign_folds(groups, seed=0)
    assert len(set(zip(groups, folds.tolist(), strict=True))) == 30
    assert len(set(folds.tolist())) == 10


def test_a_small_product_leaves_one_out() -> None:
    assert sorted(assign_folds([str(i) for i in range(12)], 0).tolist()) == list(range(12))
