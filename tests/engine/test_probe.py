"""The hybrid's probe and its synthetic defects: what they are made of and what they bring."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from fixtures_bundle import tiny_picture

from engine.data.images import Placement
from engine.data.layout import Sample
from engine.models.hybrid import HybridSettings, create_hybrid, hybrid_memory
from engine.training.augmentation import SyntheticSettings
from engine.training.device_augmentation import DeviceAugmentation
from engine.training.hybrid_data import (
    UNKNOWN,
    HybridBatches,
    Parts,
    joined,
    patches_of,
    recall,
    remember,
)
from engine.training.hybrid_synthetic import synthetic_share, with_synthetic
from engine.training.probe import fit_probe, set_probe

SIZE = 64
OUTPUTS = ("good", "slash")
ALL = np.ones(12, bool)


def _parts(goods: int, defects: int, *, masked: bool = True) -> Parts:
    count = goods + defects
    pixels = [tiny_picture(seed, seed >= goods)[:SIZE, :SIZE] for seed in range(count)]
    masks = [
        np.abs(tiny_picture(seed, True).astype(int) - tiny_picture(seed)).max(2)[:SIZE, :SIZE] > 40
        if seed >= goods
        else np.zeros((SIZE, SIZE), bool)
        for seed in range(count)
    ]
    known = [seed < goods or masked for seed in range(count)]
    return Parts(
        [
            Sample(None, "slash" if n >= goods else "good", "train", None, f"part{n}", f"{n:064d}")  # type: ignore[arg-type]
            for n in range(count)
        ],
        np.stack(pixels),
        np.stack(masks) & np.array(known)[:, None, None],
        np.array(known),
        np.array([0] * goods + [1] * defects),
        [Placement(0, 0, SIZE, SIZE, SIZE)] * count,
        np.full(count, UNKNOWN, np.int64),
    )


def _blobs(marked: int) -> tuple[torch.Tensor, torch.Tensor, Parts]:
    """Patches [12, 16, 4] whose first feature tells the marked ones of the last two pictures."""
    rng = np.random.default_rng(0)
    patches = torch.from_numpy(rng.normal(0.0, 0.1, (12, 16, 4)).astype(np.float32))
    masks = np.zeros((12, 8, 8), bool)
    for picture in (10, 11):
        patches[picture, :marked, 0] += 1.0
        for patch in range(marked):
            top, left = 2 * (patch // 4), 2 * (patch % 4)
            masks[picture, top : top + 2, left : left + 2] = True
    distances = torch.zeros(12, 16, 2)
    labels = np.array([0] * 10 + [1, 1])
    parts = Parts(
        [], np.zeros((12, 8, 8, 3), np.uint8), masks, np.ones(12, bool), labels, [],
        np.full(12, UNKNOWN, np.int64),
    )  # fmt: skip
    return patches, distances, parts


def test_the_probe_finds_what_marked_patches_have_in_common() -> None:
    patches, distances, parts = _blobs(marked=3)
    weights = fit_probe(patches, distances, parts, seed=0, learn=ALL)
    assert weights.shape == (4 + 2 + 1,) and weights.dtype == np.float32
    logit = patches.numpy() @ weights[:4] + weights[-1]
    assert logit[10:, :3].min() > 0.0 > logit[:10].max()
    assert np.array_equal(weights, fit_probe(patches, distances, parts, seed=0, learn=ALL))


def test_without_a_mask_the_strangest_patches_stand_for_the_defect() -> None:
    patches, distances, parts = _blobs(marked=10)
    distances[10:, :10, 0] = 5.0
    unmarked = dataclasses.replace(
        parts, masks=np.zeros_like(parts.masks), mask_known=parts.labels == 0
    )
    weights = fit_probe(patches, distances, unmarked, seed=0, learn=ALL)
    whole = torch.cat([patches, distances], 2).numpy() @ weights[:-1] + weights[-1]
    assert whole[10:, :10].min() > whole[:10].max()


def test_without_defects_the_probe_is_silent() -> None:
    patches, distances, parts = _blobs(marked=3)
    goods = dataclasses.replace(parts, labels=np.zeros(12, np.int64))
    assert not fit_probe(patches, distances, goods, seed=0, learn=ALL).any()


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    torch.manual_seed(0)
    return create_hybrid(HybridSettings(OUTPUTS, hybrid_memory(SIZE))).eval()


def test_synthetic_defects_are_of_known_classes_where_they_were_transplanted() -> None:
    parts = _parts(goods=12, defects=4)
    kinds = SyntheticSettings(share=1.0, kinds=("transplant", "perlin"))
    learn = with_synthetic(parts, OUTPUTS, kinds, most=8, seed=0)
    made = np.flatnonzero(learn.synthetic)
    assert 1 <= len(made) <= 8 and len(learn) == len(parts) + len(made)
    assert (learn.labels[learn.source[made]] == 0).all()
    assert set(learn.labels[made]) <= {UNKNOWN, 1} and 1 in learn.labels[made]
    assert learn.masks[made].any((1, 2)).all()
    again = with_synthetic(parts, OUTPUTS, kinds, most=8, seed=0)
    assert np.array_equal(learn.pixels, again.pixels)


def test_what_was_made_of_a_part_is_judged_by_a_memory_without_that_part(
    model: torch.nn.Module,
) -> None:
    parts = _parts(goods=12, defects=2)
    copies = dataclasses.replace(
        parts,
        samples=parts.samples[:3],
        pixels=parts.pixels[:3],
        masks=parts.masks[:3],
        mask_known=parts.mask_known[:3],
        labels=np.full(3, UNKNOWN, np.int64),
        places=parts.places[:3],
        source=np.arange(3),
    )
    learn = joined(parts, copies)
    patches = patches_of(model, learn.pixels, torch.device("cpu"))
    bank, said = remember(model.memory, learn, patches, 0.02, 0, lambda *_: None)
    assert torch.allclose(said.distance[14:], said.distance[:3], atol=1e-4)
    inside = recall(model.memory, patches[:3], bank.rows)
    assert said.score[14:].mean() > 1.5 * inside.score.mean()  # the whole bank knows these parts
    set_probe(model, learn, said, patches, 0)
    marked = model.marked(patches, said.distance, said.coarse)
    score = model.probe_score(marked)
    assert score[12:14].min() > score[:12].max()


def test_few_labels_leave_most_of_a_batch_to_synthetic_defects(model: torch.nn.Module) -> None:
    assert synthetic_share(5, 50.0) > 0.9 and synthetic_share(450, 50.0) == pytest.approx(0.1)
    assert synthetic_share(5, 0.0) == 0.0
    parts = _parts(goods=12, defects=4)
    learn = with_synthetic(parts, OUTPUTS, SyntheticSettings(share=1.0), most=6, seed=0)
    plane = torch.zeros(len(learn), 1, SIZE // 8, SIZE // 8)
    batches = HybridBatches(
        learn, plane, torch.zeros(len(learn)), DeviceAugmentation(), 0, 16, 0.5, synthetic=0.75
    )
    drawn = [batches.at(step) for step in range(20)]
    made = sum(int((batch.label == UNKNOWN).sum()) for batch in drawn)
    assert all(int((batch.label == 0).sum()) == 8 for batch in drawn)
    assert made > 0
    none = with_synthetic(parts, OUTPUTS, SyntheticSettings(share=0.0), most=6, seed=0)
    assert none is parts
