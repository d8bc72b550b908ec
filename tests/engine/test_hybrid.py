"""The hybrid: starts from what its memory knows, learns from partial labels, judges alike
everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from fixtures_bundle import tiny_picture

from engine.bundle import load_bundle
from engine.data.images import read_image
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.inference.explanation import NEAREST, load_explainer
from engine.inference.openvino_runtime import OpenVinoPredictor
from engine.inference.torch_runtime import TorchPredictor
from engine.models.hybrid import HybridSettings, create_hybrid, hybrid_memory
from engine.models.registry import restore_model
from engine.training import hybrid
from engine.training.config import default_config
from engine.training.device_augmentation import DeviceAugmentation, relight, warp
from engine.training.hybrid import HybridTraining, losses_of
from engine.training.hybrid_data import HybridBatch, read_parts
from engine.training.hybrid_finish import DETECTORS
from engine.training.hybrid_loop import Kept
from engine.training.hybrid_train import HybridOptions, train_hybrid
from engine.training.request import Request
from engine.training.train import train

SIZE = 64
COUNTS = {"train": (24, 10), "calibration": (12, 6), "held_out": (6, 6)}
HOW = HybridTraining(
    steps=12, batch=8, warm_up=2, validations=2, average=0.5, synthetic_pictures=12
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hybrid")
    items, seed = [], 0
    for subset, (goods, defects) in COUNTS.items():
        for number in range(goods + defects):
            seed += 1
            defect = number >= goods
            path = root / f"{seed}.png"
            picture = tiny_picture(seed, defect)
            cv2.imwrite(str(path), picture[:80, :, ::-1])  # not square
            item: dict[str, Any] = {"path": path.name, "label": "good", "subset": subset}
            if defect:
                # every third has a class and no mask, every third a mask and no class
                item["label"] = "anomaly" if number % 3 == 0 else "slash"
                if number % 3 != 1:
                    differs = np.abs(picture.astype(int) - tiny_picture(seed)).max(2) > 40
                    item["mask"] = f"mask-{seed}.png"
                    cv2.imwrite(str(root / item["mask"]), differs[:80].astype(np.uint8) * 255)
            items.append(item)
    content = {"format": "qc-station-snapshot", "version": 1, "product": "disc", "items": items}
    (root / "snapshot.json").write_text(json.dumps(content))
    return root


@pytest.fixture(scope="module")
def bundle(data: Path) -> Path:
    how = HybridOptions("disc", device="cpu", input_size=SIZE, training=HOW)
    train_hybrid(load_dataset(data), data / "bundle", how)
    return data / "bundle"


def test_both_runtimes_judge_alike(bundle: Path, data: Path) -> None:
    torch_one = TorchPredictor(load_bundle(bundle), "cpu")
    other = OpenVinoPredictor(load_bundle(bundle))
    for seed in (200, 201):
        picture = tiny_picture(seed, defect=seed % 2 == 1)[:70]
        one, two = torch_one.predict(picture), other.predict(picture)
        assert one.verdict == two.verdict and one.class_name == two.class_name
        assert one.score == pytest.approx(two.score, rel=1e-3, abs=1e-3)
        assert one.novelty_p == two.novelty_p
        np.testing.assert_allclose(one.anomaly_map, two.anomaly_map, rtol=1e-3, atol=2e-3)
        assert one.anomaly_map.shape == (SIZE, SIZE)


def test_a_hybrid_of_other_layers_is_refused_with_a_sentence(bundle: Path) -> None:
    loaded = load_bundle(bundle)
    name = next(n for n in loaded.tensors if n.endswith("heads.joint.0.weight"))
    loaded.tensors[name] = loaded.tensors[name][:, :-40]
    with pytest.raises(EngineError, match="another version of this program") as caught:
        restore_model(loaded)
    assert caught.value.code == "model_unknown"


def test_the_manifest_says_what_was_chosen_and_on_what(bundle: Path) -> None:
    manifest = load_bundle(bundle).manifest
    assert manifest.class_outputs == ("good", "slash")
    assert manifest.data_counts["defect"] == 10 and manifest.data_counts["calibration_defect"] == 6
    assert manifest.training["fusion"]["chosen"] in ("fused", *DETECTORS)
    assert manifest.calibration["temperature"]["classes"] is not None
    assert manifest.training["weights"]["used"] == "packaged"
    history = manifest.training["history"]
    assert [entry["step"] for entry in history] == [6, 12]
    assert manifest.threshold is not None and manifest.heatmap_full_scale > 0.0


def test_the_same_seed_trains_the_same_hybrid(bundle: Path, data: Path, tmp_path: Path) -> None:
    options = HybridOptions("disc", device="cpu", input_size=SIZE, training=HOW)
    train_hybrid(load_dataset(data), tmp_path / "again", options)
    first, second = load_bundle(bundle).tensors, load_bundle(tmp_path / "again").tensors
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


def test_an_interrupted_training_goes_on_with_the_same_result(
    bundle: Path, data: Path, tmp_path: Path
) -> None:
    options = HybridOptions("disc", device="cpu", input_size=SIZE, training=HOW)
    kept = Kept(tmp_path / "checkpoint", "this one", every_s=0.0)
    seen: list[int] = []

    def stop_at_nine(stage: str, done: int, total: int) -> None:
        if stage == "train":
            seen.append(done)
            if done == 9:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_hybrid(
            load_dataset(data), tmp_path / "out", options, progress=stop_at_nine, kept=kept
        )
    seen.clear()
    with pytest.raises(EngineError, match="another training"):
        other = Kept(kept.path, "another one")
        train_hybrid(load_dataset(data), tmp_path / "out", options, kept=other)

    def note(stage: str, done: int, total: int) -> None:
        if stage == "train":
            seen.append(done)

    train_hybrid(load_dataset(data), tmp_path / "out", options, progress=note, kept=kept)
    assert seen[0] == 6  # the last validation before the interruption
    first, second = load_bundle(bundle), load_bundle(tmp_path / "out")
    for name, value in first.tensors.items():
        np.testing.assert_array_equal(value, second.tensors[name], err_msg=name)
    steps = [entry["step"] for entry in second.manifest.training["history"]]
    assert steps == [6, 12]


@pytest.mark.parametrize("step", [4, 8])
def test_a_loss_that_is_no_number_keeps_what_was_good(
    step: int, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def broken(*given: Any) -> dict[str, torch.Tensor]:
        nonlocal calls
        calls += 1
        losses = losses_of(*given)
        if calls == step:
            losses["loss"] = losses["loss"] * float("nan")
        return losses

    monkeypatch.setattr(hybrid, "losses_of", broken)
    dataset = load_dataset(data)
    options = HybridOptions("disc", device="cpu", input_size=SIZE, training=HOW)
    if step < 6:  # nothing has been validated yet
        with pytest.raises(EngineError, match="lower the learning rate") as error:
            train_hybrid(dataset, tmp_path / "out", options)
        assert error.value.code == "loss_not_finite"
        return
    manifest = train_hybrid(dataset, tmp_path / "out", options)
    assert manifest.training["stopped"] == "loss_not_finite"
    assert manifest.training["best_step"] == 6
    assert [problem.code for problem in dataset.problems] == ["loss_not_finite"]
    predictor = TorchPredictor(load_bundle(tmp_path / "out"), "cpu")
    assert np.isfinite(predictor.predict(tiny_picture(200)).score)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"optimiser.rate": 0.5}, "optimiser"),
        ({"batch_size": 4}, "batch_size"),
        ({"options": {"training": {"batch": 0}}}, "options.training.batch"),
        ({"options": {"input_size": 50}}, "50"),
        ({"options": {"unheard_of": 1}}, "unheard_of"),
    ],
)
def test_what_would_have_no_effect_or_no_sense_is_refused(
    changes: dict[str, Any], word: str, data: Path, tmp_path: Path
) -> None:
    config = default_config("hybrid").replaced(
        **{name.replace(".", "__"): value for name, value in changes.items()}
    )
    request = Request(load_dataset(data), tmp_path / "out", config, device="cpu")
    with pytest.raises(EngineError, match=word):
        train(request)
    assert not (tmp_path / "out").exists()


def test_partial_labels_are_read_as_what_they_are(data: Path) -> None:
    parts = read_parts(
        load_dataset(data).of_subset("train"), ("good", "slash"), SIZE, "letterbox", [],
        lambda done, total: None,
    )  # fmt: skip
    assert sorted(set(parts.labels.tolist())) == [-1, 0, 1]
    defects = ~parts.good
    assert parts.mask_known[parts.good].all() and not parts.mask_known[defects].all()
    assert parts.masks[defects & parts.mask_known].any((1, 2)).all()
    place = parts.places[0]
    assert (place.height, place.width) == (round(80 * SIZE / 96), SIZE)


def _model() -> Any:
    settings = HybridSettings(("good", "a", "b"), hybrid_memory(SIZE))
    return create_hybrid(settings)


def _batch(labels: list[int], known: list[bool]) -> HybridBatch:
    count, grid = len(labels), SIZE // 8
    mask = torch.zeros(count, 1, SIZE, SIZE)
    mask[:, :, 10:30, 10:30] = 1.0
    return HybridBatch(
        x=torch.rand(count, 3, SIZE, SIZE),
        distance=torch.randn(count, 1, grid, grid),
        score=torch.randn(count),
        mask=mask,
        mask_known=torch.tensor(known),
        label=torch.tensor(labels),
    )


def test_an_unknown_class_teaches_no_class_and_an_unknown_mask_no_mask() -> None:
    torch.manual_seed(0)
    model = _model()
    losses = losses_of(model, _batch([0, 1, -1, 0], [False] * 4), HOW)
    assert float(losses["mask"]) == 0.0
    torch.manual_seed(0)
    model = _model()
    with_unknown = losses_of(model, _batch([0, 1, 2, -1], [True] * 4), HOW)
    assert torch.isfinite(with_unknown["loss"])
    with_unknown["loss"].backward()
    assert model.heads.mask.weight.grad.abs().sum() > 0
    assert all(p.grad is None for p in model.memory.parameters())


@torch.inference_mode()
def test_before_training_the_heads_say_what_the_memory_says() -> None:
    model = _model().eval()
    distance, score = torch.randn(2, 1, 8, 8), torch.tensor([-0.5, 3.0])
    stages = model.stages(torch.randn(2, 3, SIZE, SIZE), model.settings.tuned_from)
    said = model.heads(stages, distance, score)
    torch.testing.assert_close(said.binary, score)
    assert said.mask.shape == (2, 1, SIZE // 2, SIZE // 2)


def test_the_frozen_part_never_trains() -> None:
    model = _model()
    before = {k: v.clone() for k, v in model.memory.state_dict().items()}
    model.train()
    assert not model.memory.training
    losses_of(model, _batch([0, 1], [True, True]), HOW)["loss"].backward()
    for name, value in model.memory.state_dict().items():
        torch.testing.assert_close(value, before[name], msg=name)


def test_too_few_defects_are_a_sentence(data: Path, tmp_path: Path) -> None:
    content = json.loads((data / "snapshot.json").read_text())
    content["items"] = [
        {**item, "path": str(data / item["path"]), "mask": None}
        for item in content["items"]
        if item["label"] == "good"
    ]
    (tmp_path / "snapshot.json").write_text(json.dumps(content))
    with pytest.raises(EngineError, match="patch memory") as caught:
        train_hybrid(load_dataset(tmp_path), tmp_path / "out", HybridOptions(input_size=SIZE))
    assert caught.value.code == "no_defect_pictures"


def test_planes_move_together_and_the_same_seed_moves_alike() -> None:
    planes = torch.rand(4, 1, SIZE, SIZE).expand(-1, 2, -1, -1)
    how = DeviceAugmentation()
    one = warp(planes, how, torch.Generator().manual_seed(3))
    torch.testing.assert_close(one[:, 0], one[:, 1])
    torch.testing.assert_close(one, warp(planes, how, torch.Generator().manual_seed(3)))
    assert not torch.allclose(one, planes)
    lit = relight(torch.rand(4, 3, SIZE, SIZE), how, torch.Generator().manual_seed(3))
    assert lit.min() >= 0.0 and lit.max() <= 1.0


def test_a_taught_part_is_nearest_to_itself(bundle: Path, data: Path) -> None:
    dataset = load_dataset(data)
    taught = next(sample for sample in dataset.of_subset("train") if sample.is_good)
    said = load_explainer(bundle, NEAREST).explain(read_image(taught.path)).comparison
    assert said is not None and len(said.neighbours) == 3
    first = said.neighbours[0]
    assert Path(first.name).name == taught.path.name and first.seen is not None
    assert first.distance == pytest.approx(0.0, abs=1e-3)
    assert first.x == pytest.approx(said.x) and first.y == pytest.approx(said.y)
