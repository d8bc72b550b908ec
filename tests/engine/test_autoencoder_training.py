"""The autoencoder from pictures to figures: its loss, Otsu's thresholds, and what it has seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from training_support import draw_parts, pictures_of, small_config

from engine.bundle import load_bundle
from engine.calibration.thresholds import otsu_threshold
from engine.commands.evaluate import show
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.evaluation.report import EvaluateOptions, evaluate_bundle
from engine.inference.torch_runtime import TorchPredictor
from engine.models.registry import create_network
from engine.training import train as train_module
from engine.training.config import DataSettings, TrainConfig
from engine.training.distributed import World
from engine.training.division import divide
from engine.training.finish import finish
from engine.training.losses import Position
from engine.training.pictures import Pictures
from engine.training.request import Request
from engine.training.tasks import AutoencoderTask, ClassifierTask
from engine.training.train import train

SIZE = 64
GOODS, DEFECTS = 30, 6  # of each of two classes


def config_of(**changes: Any) -> TrainConfig:
    small = {"model": "autoencoder", "data__input_size": SIZE, "epochs": 1}
    return small_config(**small | changes)


@dataclass(frozen=True)
class Trained:
    """A bundle of each protocol and the class folders that they were trained on."""

    data: Path
    supervised: Path
    one_class: Path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("autoencoder")
    data = draw_parts(folder / "parts", GOODS, DEFECTS, SIZE)
    found = Trained(data, folder / "supervised", folder / "one-class")
    for out, protocol in ((found.supervised, "supervised"), (found.one_class, "one-class")):
        train(Request(load_dataset(data), out, config_of(protocol=protocol), device="cpu"))
    return found


def first_losses(root: Path, **changes: Any) -> dict[str, float]:
    """The parts of the loss at the first step."""
    config = config_of(**changes)
    data = pictures_of(root, config, ("good",))
    torch.manual_seed(0)
    network, _ = create_network("autoencoder", ("good",), SIZE, "auto", seed=0)
    task = AutoencoderTask(network, config, World())
    task.prepare(data)
    task.begin_epoch(0)
    batch = next(iter(data.batches.epoch(0)))
    parts = task.losses(batch, Position(0, 0))
    return {name: float(value.detach()) for name, value in parts.items()}


def test_no_part_of_the_loss_swamps_the_other_at_the_first_step(trained: Trained) -> None:
    parts = first_losses(trained.data)
    how = TrainConfig().losses
    weighted = (how.reconstruction * parts["reconstruction"], how.perceptual * parts["perceptual"])
    assert sum(weighted) == pytest.approx(parts["loss"], rel=1e-5)
    assert min(weighted) > 0.05 * parts["loss"]
    assert max(weighted) < 10 * min(weighted)
    assert 0.0 < parts["perceptual"] < 4.0  # squared distance of vectors of unit length


def test_the_weight_of_features_means_what_it_says(trained: Trained) -> None:
    usual, double = first_losses(trained.data), first_losses(trained.data, losses__perceptual=0.2)
    assert double["perceptual"] == usual["perceptual"]
    assert double["loss"] - usual["loss"] == pytest.approx(0.1 * usual["perceptual"], rel=1e-4)
    assert "perceptual" not in first_losses(trained.data, losses__perceptual=0.0)


def test_a_killed_training_goes_on_with_the_same_loss(trained: Trained, tmp_path: Path) -> None:
    config = config_of(protocol="one-class", epochs=2, checkpoint_every=1)

    class Killed(Exception):
        pass

    def kill(stage: str, done: int, total: int) -> None:
        if stage == "train" and done >= 0.75 * total:
            raise Killed

    broken = Request(load_dataset(trained.data), tmp_path / "broken", config, device="cpu")
    with pytest.raises(Killed):
        train(broken, kill)
    gone_on = train(broken)
    whole = train(Request(load_dataset(trained.data), tmp_path / "whole", config, device="cpu"))
    assert gone_on is not None and whole is not None

    def losses(history: list[dict[str, Any]]) -> list[Any]:
        return [(one["train"], one["validation"]) for one in history]

    assert losses(gone_on.training["history"]) == losses(whole.training["history"])


def test_the_bundle_carries_otsu_s_thresholds_beside_the_frozen_ones(trained: Trained) -> None:
    bundle = load_bundle(trained.supervised)
    manifest = bundle.manifest
    found = manifest.calibration["otsu"]
    predictor = TorchPredictor(bundle, "cpu")
    samples = load_dataset(trained.supervised / "split.json").of_subset("calibration")
    pixels = Pictures.read(samples, ("good",), SIZE).pixels
    said = [predictor.predict(rgb) for rgb in pixels]
    assert found["pictures"] == found["maps"] == len(said)
    scores = np.array([one.score for one in said])
    assert found["picture"] == pytest.approx(otsu_threshold(scores), rel=1e-3)
    maps = np.stack([one.anomaly_map for one in said])
    width = float(np.ptp(maps)) / 256
    assert found["pixel"] == pytest.approx(otsu_threshold(maps), abs=1.5 * width)
    assert manifest.threshold is not None
    assert scores.min() < found["picture"] < scores.max()


def test_without_defects_in_validation_there_is_nothing_to_part(trained: Trained) -> None:
    manifest = load_bundle(trained.one_class).manifest
    assert "otsu" not in manifest.calibration
    assert manifest.threshold is None and manifest.region_threshold > 0.0
    report = evaluate_bundle(trained.one_class, load_dataset(trained.data), None, "torch")
    assert "at_otsu_threshold" not in report["image"]
    assert "at_otsu_threshold" not in report["pixel"]


def test_evaluate_reports_both_thresholds_by_name(
    trained: Trained, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = load_bundle(trained.supervised).manifest
    report = evaluate_bundle(trained.supervised, load_dataset(trained.data), None, "torch")
    otsu = manifest.calibration["otsu"]
    image, pixel = report["image"]["at_otsu_threshold"], report["pixel"]["at_otsu_threshold"]
    assert image.keys() == {"threshold", "f1", "precision", "recall"}
    assert pixel.keys() == {"threshold", "pro", "iou", "dice", "precision", "recall"}
    assert (image["threshold"], pixel["threshold"]) == (otsu["picture"], otsu["pixel"])
    assert report["threshold"] == {"value": manifest.threshold, "source": "validation"}
    assert report["pixel"]["at_region_threshold"]["dice"]["value"] is not None

    data, model = load_dataset(trained.supervised / "split.json"), load_bundle(trained.supervised)
    held, predictor = data.of_subset("held_out"), TorchPredictor(model, "cpu")
    read = Pictures.read(held, ("good",), SIZE)
    flagged = np.array([predictor.predict(rgb).score > otsu["picture"] for rgb in read.pixels])
    assert image["recall"]["value"] == pytest.approx(flagged[read.binary > 0].mean())
    assert pixel["pro"]["low"] <= pixel["pro"]["value"] <= pixel["pro"]["high"]
    monkeypatch.setenv("COLUMNS", "160")
    show(report)
    printed = " ".join(capsys.readouterr().out.split())
    assert "F1 at Otsu's threshold" in printed and "Dice at Otsu's threshold" in printed
    assert "F1 at the validation threshold" in printed


def test_class_folders_leave_what_was_seen_in_the_bundle(trained: Trained) -> None:
    split = json.loads((trained.one_class / "split.json").read_text())
    subsets = [(item["label"], item["subset"]) for item in split["items"]]
    assert set(subsets) == {("good", "train"), ("good", "calibration")}
    assert len(subsets) == GOODS
    data = load_dataset(trained.data)
    report = evaluate_bundle(trained.one_class, data, None, "torch")
    assert report["protocol"] == "one-class"
    assert report["counts"]["seen"] == GOODS and report["counts"]["evaluated"] == 42
    (problem,) = report["problems"]
    assert problem["code"] == "pictures_seen"
    assert f"on {GOODS} of these 42 pictures" in problem["message"]
    assert "keeps no picture for testing" in problem["message"]
    assert "qc-engine split" in problem["message"]
    with pytest.raises(EngineError) as refused:
        evaluate_bundle(trained.one_class, data, EvaluateOptions("supervised"), "torch")
    assert refused.value.code == "no_split"
    assert f"its {GOODS} pictures were all trained or validated on" in str(refused.value)


def test_new_pictures_for_a_model_of_class_folders_are_measured_without_a_warning(
    trained: Trained, tmp_path: Path
) -> None:
    draw_parts(tmp_path / "drawn", GOODS + 12, DEFECTS, SIZE)
    other = tmp_path / "other" / "good"
    other.mkdir(parents=True)
    for number in range(GOODS, GOODS + 12):
        (tmp_path / "drawn" / "good" / f"{number:03d}.png").rename(other / f"{number}.png")
    (tmp_path / "drawn" / "dot").rename(tmp_path / "other" / "dot")
    report = evaluate_bundle(trained.one_class, load_dataset(tmp_path / "other"), None, "torch")
    assert report["counts"]["seen"] == 0 and report["counts"]["evaluated"] == 12 + DEFECTS
    assert report["problems"] == []


def test_a_test_folder_needs_no_split(make_mvtec: Any) -> None:
    dataset = load_dataset(make_mvtec(test_good=4, defects={"dent": 3}))
    division = divide(dataset, "autoencoder", "one-class", DataSettings())
    assert division.split is None
    assert {sample.label for sample in division.dataset.samples} == {"good"}


def test_a_memory_of_class_folders_has_seen_the_defects_too(
    trained: Trained, tmp_path: Path
) -> None:
    config = TrainConfig(
        model="patch_memory", protocol="one-class", data=DataSettings(input_size=SIZE, workers=0)
    )
    out = tmp_path / "memory"
    manifest = train(Request(load_dataset(trained.data), out, config, device="cpu"))
    assert manifest is not None
    assert manifest.data_counts["defect"] == 2 * DEFECTS  # its limits rest on them
    items = json.loads((out / "split.json").read_text())["items"]
    assert {item["subset"] for item in items} == {"train"}
    assert len(items) == GOODS + 2 * DEFECTS


class FullTask(ClassifierTask):
    """A task that the GPU has no room for."""

    def losses(self, batch: Any, at: Position) -> dict[str, torch.Tensor]:
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


def test_too_little_gpu_memory_is_said_in_a_sentence(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(train_module.TASKS, "classifier", FullTask)
    config = config_of(model="cnn_custom", data__input_size=32)
    with pytest.raises(EngineError) as refused:
        train(Request(load_dataset(trained.data), tmp_path / "full", config, device="cpu"))
    assert refused.value.code == "gpu_memory"
    assert "batch_size" in str(refused.value) and "--input-size" in str(refused.value)
    assert isinstance(refused.value.__cause__, torch.cuda.OutOfMemoryError)
    assert not (tmp_path / "full").exists()


def test_scores_that_are_no_numbers_are_refused_with_a_sentence(
    trained: Trained, tmp_path: Path
) -> None:
    config = config_of()
    data = pictures_of(trained.data, config, ("good",))
    network, _ = create_network("autoencoder", ("good",), SIZE, "auto", seed=0)
    task = AutoencoderTask(network, config, World())
    torch.nn.init.constant_(dict(network.named_parameters())["encoder.0.bias"], float("nan"))
    network.eval()
    assert task.calibrate(data.validation_batches) == {}
    with pytest.raises(EngineError) as refused:
        finish(task, data, tmp_path / "out", train_module.Origin("disc"), lambda *_: None)
    assert refused.value.code == "scores_not_finite"
