"""Pixel metrics of whole test sets: streamed as when held at once, per class, from the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage
from sklearn import metrics as reference

from engine.data.layout import Sample
from engine.evaluation import judging, metrics, pixel_ranks
from engine.evaluation.judging import Judged, MapStore
from engine.evaluation.pixels import PixelEvaluation

CLASSES = ("good", "dent", "scratch")


def _judged(seed: int, ties: bool, n: int = 9, size: int = 40) -> list[Judged]:
    """Pictures of three classes; raw maps around -3, some of them negative, as mask logits are."""
    rng = np.random.default_rng(seed)
    pictures = []
    for index in range(n):
        name = CLASSES[index % 3]
        mask = np.zeros((size, size), bool)
        for _ in range(0 if name == "good" else 3):
            y, x = rng.integers(0, size - 8, 2)
            mask[y : y + rng.integers(1, 8), x : x + rng.integers(1, 8)] = True
        plane = rng.normal(-3, 1, mask.shape) + mask * rng.uniform(0, 2)
        plane = ndimage.gaussian_filter(plane, 0.7)
        plane = np.round(plane * 4) / 4 if ties else plane
        pictures.append(_picture(name, plane.astype(np.float32), mask))
    return pictures


def _picture(name: str, plane: np.ndarray, mask: np.ndarray | None) -> Judged:
    return Judged(
        sample=Sample(Path(f"{name}.png"), name, "test"),
        stratum=name,
        score=0.0,
        verdict="OK",
        reason="",
        class_name=None,
        anomaly_map=plane,
        mask=mask,
        latency_ms=1.0,
        p_value=1.0,
        novelty_p=None,
        class_prob=np.zeros(0, np.float32),
        embedding=np.zeros(0, np.float32),
    )


def _whole(judged: list[Judged], *names: str) -> tuple[np.ndarray, np.ndarray]:
    chosen = [one for one in judged if one.stratum in (names or CLASSES)]
    return np.stack([one.anomaly_map for one in chosen]), np.stack([one.mask for one in chosen])


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("at_once", [1, 3000, 10**9])
def test_counting_in_parts_changes_no_figure(
    monkeypatch: pytest.MonkeyPatch, ties: bool, at_once: int
) -> None:
    monkeypatch.setattr(pixel_ranks, "AT_ONCE", at_once)
    judged = _judged(1, ties)
    maps, masks = _whole(judged)
    pixels = PixelEvaluation(judged)
    found = pixels.curves()
    truth, values = masks.ravel(), maps.ravel()
    assert found["auroc"].value == pytest.approx(reference.roc_auc_score(truth, values))
    assert found["ap"].value == pytest.approx(reference.average_precision_score(truth, values))
    assert found["aupro"].value == pytest.approx(metrics.aupro(maps, masks), abs=1e-12)
    assert found["f1_max"].value == pytest.approx(metrics.f1_max(truth, values), abs=1e-12)
    for name in ("dent", "scratch"):
        some = _whole(judged, "good", name)
        assert pixels.class_aupro(name).value == pytest.approx(metrics.aupro(*some), abs=1e-12)
    for figure in found.values():
        assert figure.low is not None and figure.low <= figure.value <= figure.high  # type: ignore[operator]  # both are there


def test_intervals_hardly_depend_on_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = _judged(2, ties=False, n=12, size=64)
    whole = PixelEvaluation(judged).curves()
    monkeypatch.setattr(pixel_ranks, "AT_ONCE", 5000)
    parts = PixelEvaluation(judged).curves()
    for name, figure in whole.items():
        assert parts[name].low == pytest.approx(figure.low, abs=2e-3)
        assert parts[name].high == pytest.approx(figure.high, abs=2e-3)


@pytest.mark.parametrize("threshold", [-3.5, -2.5, -1.5])
def test_figures_at_the_threshold_agree_with_brute_force(threshold: float) -> None:
    judged = _judged(3, ties=False)
    pixels = PixelEvaluation(judged)
    for name, found in (
        (None, pixels.at_threshold(threshold)),
        ("dent", pixels.class_at_threshold("dent", threshold)),
    ):
        maps, masks = _whole(judged, *(() if name is None else ("good", name)))
        truth, said = masks.ravel(), maps.ravel() > threshold
        assert found["iou"].value == pytest.approx(reference.jaccard_score(truth, said))
        assert found["dice"].value == pytest.approx(reference.f1_score(truth, said))
        assert found["recall"].value == pytest.approx(reference.recall_score(truth, said))
        assert found["precision"].value == pytest.approx(reference.precision_score(truth, said))
        shares = []
        for plane, mask in zip(maps, masks, strict=True):
            labelled, count = ndimage.label(mask, structure=np.ones((3, 3)))
            shares += [(plane[labelled == k] > threshold).mean() for k in range(1, count + 1)]
        assert found["pro"].value == pytest.approx(np.mean(shares))
        assert found["pro"].low < found["pro"].value < found["pro"].high  # type: ignore[operator]  # all are there


def test_pictures_without_truth_and_classes_without_masks_are_left_out() -> None:
    judged = _judged(4, ties=False)
    more = [*judged, _picture("stain", judged[0].anomaly_map, None)]
    pixels = PixelEvaluation(more)
    assert pixels.pictures == 9
    assert pixels.curves() == PixelEvaluation(judged).curves()
    for missing in (pixels.class_aupro("stain"), pixels.class_at_threshold("stain", 0.0)["pro"]):
        assert missing.value is None and "stain" in str(missing.reason)


def test_masks_that_cover_everything_leave_nothing_to_rank_against() -> None:
    plane = np.zeros((8, 8), np.float32)
    found = PixelEvaluation([_picture("dent", plane, np.ones((8, 8), bool))]).curves()
    assert found["aupro"].value is None and "no good pixel" in str(found["aupro"].reason)


def test_maps_that_are_no_numbers_are_refused() -> None:
    for row in (0, 1):  # a good pixel, a defect pixel
        judged = _judged(5, ties=False, n=3)
        mask = judged[1].mask
        assert mask is not None
        judged[row].anomaly_map[tuple(np.argwhere(mask)[0])] = np.nan
        with pytest.raises(ValueError, match="NaN"):
            PixelEvaluation(judged).curves()


@pytest.mark.parametrize("in_memory", [0, 10**9])
def test_maps_on_the_disk_are_the_same_maps(in_memory: int) -> None:
    judged = _judged(6, ties=False)
    store = MapStore(len(judged), in_memory)
    kept = [store.keep(one.anomaly_map) for one in judged]
    assert isinstance(kept[0], np.memmap) == (in_memory == 0)
    for one, plane in zip(judged, kept, strict=True):
        np.testing.assert_array_equal(one.anomaly_map, plane)


def test_a_large_set_is_measured_from_the_disk(
    monkeypatch: pytest.MonkeyPatch, make_mvtec: Any
) -> None:
    from test_evaluate import RedFinder

    from engine.data.layout import load_dataset
    from engine.evaluation.report import evaluate_predictor

    dataset = load_dataset(make_mvtec())
    in_memory = evaluate_predictor(RedFinder(), dataset)
    monkeypatch.setattr(judging, "MAPS_IN_MEMORY", 0)
    assert evaluate_predictor(RedFinder(), dataset)["pixel"] == in_memory["pixel"]
