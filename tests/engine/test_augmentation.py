"""Augmented batches: balanced, reproducible, masks on their defects, one picture for one draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torchvision import tv_tensors
from torchvision.transforms.v2 import functional as reference

from engine.data.images import fit_for_model, read_image
from engine.data.layout import ANOMALY, GOOD, Problem, Sample, load_dataset
from engine.data.synthetic import CUT_PASTE, PERLIN, TRANSPLANT
from engine.errors import EngineError
from engine.training.augmentation import (
    NONE,
    PLAIN,
    TARGETED,
    AugmentationSettings,
    Draw,
    SyntheticSettings,
    draw,
    multipliers,
    probabilities,
    share_in_view,
)
from engine.training.batches import Batch, Batches
from engine.training.pictures import Pictures, places_of
from engine.training.transforms import (
    Photometric,
    augment_batch,
    augment_one,
    blur_sigma,
    transforms_of,
    warp,
)

SIZE = 64
CLASSES = (GOOD, "crack", "dent")
STRONG = AugmentationSettings(probabilities=(1.0, 1.0, 1.0))


def _smooth(seed: int, size: int = SIZE) -> np.ndarray:
    rng = np.random.default_rng(seed)
    small = rng.integers(60, 200, (6, 6, 3)).astype(np.uint8)
    return cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC)


def _pictures(good: int = 12, crack: int = 3, dent: int = 2, size: int = 40) -> Pictures:
    """Smooth pictures; each defect is a red rectangle, and so is its mask."""
    labels = [GOOD] * good + ["crack"] * crack + ["dent"] * dent
    pixels = np.stack([_smooth(number, size) for number in range(len(labels))])
    masks = np.zeros((len(labels), size, size), np.uint8)
    for number, label in enumerate(labels):
        if label != GOOD:
            masks[number, 12 : 18 + number % 4, 10:26] = 1
            pixels[number][masks[number] > 0] = (250, 10, 10)
    return Pictures(
        tuple(Sample(Path(f"{n}.png"), label, "train") for n, label in enumerate(labels)),
        CLASSES,
        pixels,
        masks,
        np.array([CLASSES.index(label) for label in labels], np.int64),
        np.array([label != GOOD for label in labels], np.float32),
        np.ones(len(labels), bool),
    )


def _batches(pictures: Pictures, **more: Any) -> Batches:
    return Batches(pictures, **{"input_size": 32, "batch_size": 8, **more})


def _equal(first: Sequence[Batch], second: Sequence[Batch]) -> bool:
    names = ("pixels", "label", "binary", "mask", "mask_known", "index")
    return len(first) == len(second) and all(
        torch.equal(getattr(a, name), getattr(b, name))
        for a, b in zip(first, second, strict=True)
        for name in names
    )


# What is drawn


def test_the_reports_balance_comes_out() -> None:
    counts = {"good": 169, "bent_wire": 8, "combined": 7, "missing_cable": 6}
    times = multipliers(counts, 2.5)
    assert times["good"] == 1
    assert all(60 <= counts[name] * times[name] <= 80 for name in counts if name != "good")
    assert multipliers(counts, 1.0)["bent_wire"] == 22  # ceil(largest / size)
    assert set(multipliers(counts, 0.0).values()) == {1}
    assert multipliers({}, 2.5) == {}


def test_rare_classes_are_varied_more() -> None:
    found = probabilities({"good": 100, "often": 60, "less": 30, "rare": 5}, AugmentationSettings())
    assert found == {"good": 0.3, "often": 0.3, "less": 0.6, "rare": 0.9}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "wild"},
        {"balance_ratio": 0.5},
        {"crop": (0.9, 1.1)},
        {"blur_kernels": (4,)},
        {"probabilities": (0.3, 0.6, 1.9)},
        {"translation": 0.7},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as error:
        AugmentationSettings(**wrong)
    assert error.value.code in ("augmentation_unknown", "augmentation_out_of_range")


@pytest.mark.parametrize("wrong", [{"kinds": ("magic",)}, {"share": 1.5}, {"placement": "there"}])
def test_synthetic_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EngineError):
        SyntheticSettings(**wrong)


def test_each_transform_comes_with_its_probability() -> None:
    rng, settings = np.random.default_rng(0), AugmentationSettings()
    draws = [draw(settings, rng, 0.6) for _ in range(1500)]
    for name, neutral in (("brightness", 1), ("contrast", 1), ("saturation", 1), ("noise", 0)):
        share = np.mean([getattr(drawn, name) != neutral for drawn in draws])
        assert 0.55 < share < 0.65, name
    assert 0.55 < np.mean([drawn.blur > 0 for drawn in draws]) < 0.65
    brightness = [drawn.brightness for drawn in draws]
    assert 0.7 <= min(brightness) < 0.72 and 1.28 < max(brightness) <= 1.3
    noise = [drawn.noise * 255 for drawn in draws if drawn.noise]
    assert min(noise) >= 5 and max(noise) <= 15
    turned = [np.linalg.det(drawn.matrix[:2, :2]) < 0 for drawn in draws]
    assert 0.45 < np.mean(turned) < 0.55  # one flip of two


@pytest.mark.parametrize(
    ("only", "matrix"),
    [
        ({"rotation_degrees": 0.0}, np.eye(3)),
        ({"rotation_degrees": 30.0}, None),
    ],
)
def test_transforms_can_be_switched_off(only: dict[str, Any], matrix: Any) -> None:
    still = AugmentationSettings(
        flip_horizontal=False,
        flip_vertical=False,
        translation=0.0,
        scale=(1.0, 1.0),
        perspective=0.0,
        crop=(1.0, 1.0),
        brightness=(1.0, 1.0),
        contrast=(1.0, 1.0),
        saturation=(1.0, 1.0),
        noise_sigma=(0.0, 0.0),
        blur_kernels=(),
        sharpness=(1.0, 1.0),
        **only,
    )
    drawn = draw(still, np.random.default_rng(0), 1.0)
    nothing = np.zeros(0)
    assert str(asdict(replace(drawn, noise_seed=0, matrix=nothing))) == str(asdict(Draw(nothing)))
    if matrix is None:
        angle = np.degrees(np.arctan2(drawn.matrix[1, 0], drawn.matrix[0, 0]))
        assert 0.5 < abs(angle) <= 30
    else:
        assert np.allclose(drawn.matrix, matrix)


def test_a_defect_at_the_edge_stays_in_view() -> None:
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[:4, :6] = 1
    places, rng = places_of(mask), np.random.default_rng(0)
    kept = [share_in_view(draw(STRONG, rng, 1.0, places).matrix, places) for _ in range(200)]
    lost = [share_in_view(draw(STRONG, rng, 1.0).matrix, places) for _ in range(200)]
    assert min(kept) >= 0.5 and np.mean(np.array(lost) < 0.5) > 0.2


# What is done to pixels


def test_no_transform_only_resizes() -> None:
    rgb, mask = _smooth(0), np.zeros((SIZE, SIZE), np.uint8)
    mask[10:20, 30:50] = 1
    image, moved = augment_one(rgb, mask, Draw(np.eye(3)), SIZE)
    assert torch.allclose(image * 255, torch.from_numpy(rgb).permute(2, 0, 1).float(), atol=1e-4)
    assert np.array_equal(moved.numpy(), mask)
    half, _ = augment_one(rgb, mask, Draw(np.eye(3)), SIZE // 2)
    area = cv2.resize(rgb, (SIZE // 2, SIZE // 2), interpolation=cv2.INTER_AREA)
    assert np.abs(half.permute(1, 2, 0).numpy() * 255 - area).max() <= 1.0


@pytest.mark.parametrize("seed", range(10))
def test_the_mask_moves_with_its_defect(seed: int) -> None:
    rgb = np.full((SIZE, SIZE, 3), 60, np.uint8)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[20:32, 24:48] = 1
    rgb[mask > 0] = 220
    drawn = draw(STRONG, np.random.default_rng(seed), 1.0, places_of(mask))
    geometry = Draw(drawn.matrix)
    image, moved = augment_one(rgb, mask, geometry, SIZE)
    bright = image[0].numpy() > 140 / 255
    differing = bright != (moved.numpy() > 0)
    assert moved.sum() > 100 and differing.sum() <= 0.1 * moved.sum()
    batch, masks = augment_batch(
        torch.from_numpy(rgb)[None], torch.from_numpy(mask)[None], [geometry], SIZE
    )
    assert (masks[0].numpy() != moved.numpy()).mean() < 0.01
    assert ((batch[0, 0] > 140 / 255) != (masks[0] > 0)).sum() <= 0.1 * masks.sum()


@pytest.mark.parametrize("kind", [TARGETED, PLAIN])
def test_borders_are_filled_from_the_picture(kind: str) -> None:
    rgb, mask = np.full((SIZE, SIZE, 3), 180, np.uint8), np.zeros((SIZE, SIZE), np.uint8)
    settings, rng = replace(STRONG, kind=kind), np.random.default_rng(0)
    for _ in range(20):
        image, _ = augment_one(rgb, mask, Draw(draw(settings, rng, 1.0).matrix), SIZE)
        assert float(image.min()) > 0.7


def test_the_transforms_are_torchvisions() -> None:
    rgb = torch.from_numpy(_smooth(1)).permute(2, 0, 1)
    image = tv_tensors.Image(rgb.float() / 255)
    pairs = (
        (Draw(np.eye(3), brightness=1.2), reference.adjust_brightness(image, 1.2)),
        (Draw(np.eye(3), contrast=0.7), reference.adjust_contrast(image, 0.7)),
        (Draw(np.eye(3), saturation=1.3), reference.adjust_saturation(image, 1.3)),
        (Draw(np.eye(3), sharpness=1.9), reference.adjust_sharpness(image, 1.9)),
        (Draw(np.eye(3), blur=3), reference.gaussian_blur(image, [3, 3], [blur_sigma(3)])),
        (Draw(np.eye(3), blur=5), reference.gaussian_blur(image, [5, 5], [blur_sigma(5)])),
    )
    for drawn, expected in pairs:
        assert torch.allclose(Photometric(drawn)(image), expected, atol=2e-6), drawn
    moved = transforms_of(Draw(np.diag((-1.0, 1.0, 1.0))), SIZE)(
        tv_tensors.Image(rgb), tv_tensors.Mask(torch.ones(SIZE, SIZE, dtype=torch.uint8))
    )
    assert isinstance(moved[0], tv_tensors.Image) and isinstance(moved[1], tv_tensors.Mask)
    assert torch.allclose(moved[0], reference.horizontal_flip(image))


def test_a_batch_on_the_device_is_its_pictures_one_by_one() -> None:
    rng = np.random.default_rng(0)
    settings = replace(AugmentationSettings(), noise_sigma=(0.0, 0.0))
    draws = [draw(settings, rng, 0.7) for _ in range(12)]
    pixels = np.stack([_smooth(number) for number in range(12)])
    masks = (pixels[..., 0] > 130).astype(np.uint8)
    images, moved = augment_batch(torch.from_numpy(pixels), torch.from_numpy(masks), draws, 56)
    assert images.shape == (12, 3, 56, 56) and moved.shape == (12, 56, 56)
    for number, drawn in enumerate(draws):
        image, mask = augment_one(pixels[number], masks[number], drawn, 56)
        assert float((images[number] - image).abs().mean()) < 0.004
        assert float((images[number] - image).abs().max()) < 0.04
        assert float((moved[number] != mask).float().mean()) < 0.02


@pytest.mark.gpu
def test_a_batch_on_the_gpu_is_that_of_the_processor() -> None:
    pictures, no_noise = _pictures(), replace(STRONG, noise_sigma=(0.0, 0.0))
    options: dict[str, Any] = {"augmentation": no_noise, "synthetic": SyntheticSettings(share=0.5)}
    here = list(_batches(pictures, **options).epoch(0))
    for on_device in (False, True):
        there = _batches(pictures, **options, device="cuda", on_device=on_device, workers=2)
        for mine, other in zip(here, there.epoch(0), strict=True):
            assert other.pixels.is_cuda and torch.equal(mine.index, other.index.cpu())
            assert torch.equal(mine.label, other.label.cpu())
            assert float((mine.pixels - other.pixels.cpu()).abs().mean()) < 0.01
            assert float((mine.mask != other.mask.cpu()).float().mean()) < 0.02


def test_noise_has_its_strength_and_leaves_grey_grey() -> None:
    rgb, mask = np.full((SIZE, SIZE, 3), 128, np.uint8), np.zeros((SIZE, SIZE), np.uint8)
    for grey in (False, True):
        drawn = Draw(np.eye(3), noise=10 / 255, noise_seed=5, grey=grey)
        image, _ = augment_one(rgb, mask, drawn, SIZE)
        again, _ = augment_one(rgb, mask, drawn, SIZE)
        batch, _ = augment_batch(
            torch.from_numpy(rgb)[None], torch.from_numpy(mask)[None], [drawn], SIZE
        )
        assert 9 < float(image.std()) * 255 < 11 and torch.equal(image, again)
        assert torch.equal(image[0], image[1]) is grey
        assert torch.allclose(batch[0], image, atol=1e-6)


def test_rotation_turns_about_the_middle() -> None:
    rgb = np.zeros((SIZE, SIZE, 3), np.uint8)
    rgb[:, SIZE // 2 :] = 200
    quarter = np.array(((0.0, 1.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    turned = warp(rgb, quarter, SIZE, cv2.INTER_LINEAR)
    assert turned[: SIZE // 2].max() == 0 or turned[SIZE // 2 :].max() == 0
    assert (turned == 200).mean() == 0.5


# What an epoch holds


def test_an_epoch_is_balanced_and_full() -> None:
    pictures = _pictures(good=20, crack=4, dent=2)
    batches = _batches(pictures, augmentation=AugmentationSettings(balance_ratio=2.0))
    assert batches.composition == {"crack": 12, "dent": 10, "good": 20}
    epoch = list(batches.epoch(0))
    assert len(epoch) == len(batches) == 6 and {len(batch) for batch in epoch} == {8}
    used = Counter(int(i) for batch in epoch for i in batch.index)
    assert all(1 <= used[n] <= 3 for n in range(20)) and all(used[n] >= 3 for n in range(20, 24))
    plain = _batches(pictures, augmentation=AugmentationSettings(kind=PLAIN))
    assert plain.composition == {"crack": 4, "dent": 2, "good": 20}


def test_batches_hold_what_they_say() -> None:
    batch = next(iter(_batches(_pictures()).epoch(0)))
    assert batch.pixels.shape == (8, 3, 32, 32) and batch.pixels.dtype == torch.float32
    assert float(batch.pixels.min()) >= 0.0 and float(batch.pixels.max()) <= 1.0
    assert batch.label.dtype == batch.index.dtype == torch.int64
    assert batch.binary.dtype == batch.mask.dtype == torch.float32
    assert batch.mask_known.dtype == torch.bool and batch.mask.shape == (8, 32, 32)
    assert torch.equal(batch.binary, (batch.label > 0).float())
    assert torch.equal(batch.mask.amax((1, 2)), batch.binary)


@pytest.mark.parametrize("on_device", [False, True])
def test_threads_and_restarts_change_nothing(on_device: bool) -> None:
    pictures, synthetic = _pictures(), SyntheticSettings(share=0.5)
    options: dict[str, Any] = {"synthetic": synthetic, "seed": 7, "on_device": on_device}
    first = list(_batches(pictures, **options).epoch(3))
    threaded = _batches(pictures, **options, workers=3)
    assert _equal(first, list(threaded.epoch(3)))  # no epoch before it was needed
    assert not _equal(first, list(threaded.epoch(4)))
    assert not _equal(first, list(_batches(pictures, **{**options, "seed": 8}).epoch(3)))


def test_processes_share_the_batches_of_one() -> None:
    pictures = _pictures()
    alone = list(_batches(pictures).epoch(1))
    shares = [list(_batches(pictures, rank=rank, world_size=2).epoch(1)) for rank in (0, 1)]
    for whole, left, right in zip(alone, *shares, strict=True):
        assert torch.equal(whole.pixels, torch.cat((left.pixels, right.pixels)))
        assert torch.equal(whole.index, torch.cat((left.index, right.index)))
    with pytest.raises(EngineError) as error:
        _batches(pictures, batch_size=9, world_size=2)
    assert error.value.code == "batch_not_divisible"


def test_few_pictures_make_one_small_batch() -> None:
    batches = _batches(_pictures(3, 1, 1), augmentation=AugmentationSettings(NONE), world_size=2)
    assert batches.batch_size == 6 and len(batches) == 1
    (batch,) = batches.epoch(0)
    assert len(batch) == 3
    with pytest.raises(EngineError):
        _batches(_pictures().select([]))


def test_an_epoch_can_be_left_early() -> None:
    epoch = _batches(_pictures(), workers=2).epoch(0)
    next(epoch)
    epoch.close()  # type: ignore[attr-defined]  # a generator, which Iterator does not say


def test_an_error_in_a_worker_reaches_the_training() -> None:
    pictures = _pictures()
    broken = Pictures(
        pictures.samples,
        pictures.class_outputs,
        pictures.pixels[:3],  # the others are missing
        pictures.masks,
        pictures.label,
        pictures.binary,
        pictures.mask_known,
    )
    with pytest.raises(IndexError):
        list(_batches(broken, workers=2).epoch(0))


def test_validation_sees_what_inference_sees(make_mvtec: Any) -> None:
    samples = list(load_dataset(make_mvtec(defects={"crack": 3}, size=90)).samples)
    pictures = Pictures.read(samples, CLASSES, 32)
    batches = list(_batches(pictures, workers=2).plain())
    assert [len(batch) for batch in batches] == [8, 8, 3]
    assert torch.cat([batch.index for batch in batches]).tolist() == list(range(19))
    expected = fit_for_model(read_image(samples[5].path), 32)[0]
    assert np.array_equal(batches[0].pixels[5].permute(1, 2, 0).numpy() * 255, expected)
    again = list(_batches(Pictures.read(samples, CLASSES, 64)).plain())
    assert float((again[0].pixels - batches[0].pixels).abs().max()) < 0.1


def test_what_is_not_known_is_said(make_mvtec: Any, add_part: Any, tmp_path: Path) -> None:
    root = make_mvtec(defects={"crack": 3})
    samples = list(load_dataset(root).samples)
    crack = [sample for sample in samples if sample.label == "crack"]
    assert crack[1].mask_path is not None
    cv2.imwrite(str(crack[1].mask_path), np.zeros((64, 64), np.uint8))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    problems: list[Problem] = []
    pictures = Pictures.read(
        [
            samples[0],
            crack[0],
            crack[1],
            replace(crack[2], label=ANOMALY, mask_path=None),
            replace(crack[2], label="other"),
            replace(crack[2], label=None),
            Sample(tmp_path / "broken.png", "crack", "train"),
        ],
        CLASSES,
        48,
        problems=problems,
    )
    assert pictures.label.tolist() == [0, 1, 1, -1, -1]
    assert pictures.binary.tolist() == [0, 1, 1, 1, 1]
    assert pictures.mask_known.tolist() == [True, True, False, False, True]
    assert [problem.code for problem in problems] == ["picture_unreadable"]
    assert pictures.counts == {"anomaly": 1, "crack": 2, "good": 1, "other": 1}


# Synthetic defects


def test_a_share_of_the_good_pictures_becomes_defective() -> None:
    pictures = _pictures(good=60, crack=6, dent=6)
    batches = _batches(
        pictures,
        synthetic=SyntheticSettings(share=0.5),
        augmentation=AugmentationSettings(balance_ratio=0),
    )
    found = [
        (int(label), bool(binary), bool(mask.any()))
        for batch in batches.epoch(0)
        for label, binary, index, mask in zip(
            batch.label, batch.binary, batch.index, batch.mask, strict=True
        )
        if index < 60
    ]
    made = [entry for entry in found if entry[1]]
    assert 0.3 < len(made) / len(found) < 0.7
    assert all(mask for _, _, mask in made) and not any(m for _, b, m in found if not b)
    assert {label for label, _, _ in made} == {-1, 1, 2}  # transplants keep the donor's class


@pytest.mark.parametrize(
    ("kind", "labels"), [(CUT_PASTE, {-1}), (PERLIN, {-1}), (TRANSPLANT, {1, 2})]
)
def test_each_kind_can_be_used_alone(kind: str, labels: set[int]) -> None:
    batches = _batches(_pictures(), synthetic=SyntheticSettings(share=1.0, kinds=(kind,)))
    made = {
        int(label)
        for batch in batches.epoch(0)
        for label, index, binary in zip(batch.label, batch.index, batch.binary, strict=True)
        if index < 12 and binary
    }
    assert made == labels


def test_without_donors_nothing_is_transplanted() -> None:
    only_good = _pictures(crack=0, dent=0)
    batches = _batches(only_good, synthetic=SyntheticSettings(share=1.0, kinds=(TRANSPLANT,)))
    assert all(not batch.binary.any() for batch in batches.epoch(0))
