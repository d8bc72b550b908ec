"""The patch probe: learns from labels what a memory cannot know, and is judged out of fold."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from training_support import draw_parts

from engine.bundle import Manifest, load_bundle
from engine.cli import main
from engine.data.images import read_image
from engine.data.layout import load_dataset
from engine.data.split import split_dataset
from engine.errors import EngineError
from engine.inference.explanation import NEAREST, load_explainer
from engine.inference.openvino_runtime import OpenVinoPredictor
from engine.inference.torch_runtime import TorchPredictor
from engine.models.patch_memory import PatchMemorySettings
from engine.training.config import default_config
from engine.training.hybrid_data import read_parts
from engine.training.patch_probe import DETECTORS, _class_line, _folds, teach_probe
from engine.training.request import Request
from engine.training.teach import TeachOptions, at_most
from engine.training.train import train

SIZE = 64
HOW = TeachOptions("tile", device="cpu", graph=PatchMemorySettings(input_size=SIZE))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_parts(tmp_path_factory.mktemp("probe") / "parts", goods=30, defects=12, size=SIZE)


@pytest.fixture(scope="module")
def bundle(data: Path) -> Path:
    out = data.parent / "bundle"
    teach_probe(split_dataset(load_dataset(data), seed=0), out, HOW)
    return out


def manifest_of(bundle: Path) -> Manifest:
    return load_bundle(bundle).manifest


def test_unseen_defects_are_found_named_and_placed(bundle: Path, data: Path) -> None:
    held_out = split_dataset(load_dataset(data), seed=0).of_subset("held_out")
    predictor = TorchPredictor(load_bundle(bundle), "cpu")
    scores: dict[bool, list[float]] = {True: [], False: []}
    named = []
    for sample in held_out:
        said = predictor.predict(cv2.imread(str(sample.path))[:, :, ::-1])
        scores[sample.is_defect].append(said.score)
        if sample.is_defect:
            assert sample.mask_path is not None
            mask = cv2.imread(str(sample.mask_path), cv2.IMREAD_GRAYSCALE) > 0
            named.append(said.class_name == sample.label)
            assert said.anomaly_map[mask].mean() > said.anomaly_map[~mask].mean()
    assert min(scores[True]) > max(scores[False])
    assert len(named) >= 4 and all(named)


def test_both_runtimes_judge_alike(bundle: Path, data: Path) -> None:
    one, other = TorchPredictor(load_bundle(bundle), "cpu"), OpenVinoPredictor(load_bundle(bundle))
    for label in ("good", "dot", "line"):
        picture = cv2.imread(str(data / label / "003.png"))[:50]
        first, second = one.predict(picture), other.predict(picture)
        assert first.verdict == second.verdict and first.class_name == second.class_name
        assert first.score == pytest.approx(second.score, rel=1e-3, abs=1e-3)
        assert first.novelty_p == second.novelty_p
        np.testing.assert_allclose(first.anomaly_map, second.anomaly_map, rtol=1e-3, atol=2e-3)


def test_the_mixture_is_no_worse_than_either_part_on_parts_it_has_not_learnt(
    bundle: Path, data: Path
) -> None:
    manifest, split = manifest_of(bundle), split_dataset(load_dataset(data), seed=0)
    fusion = manifest.training["fusion"]
    ranked = fusion["validation_auroc"]
    assert ranked[fusion["chosen"]] >= max(ranked[name] for name in DETECTORS)
    assert manifest.metrics["auroc"]["method"].startswith("out of fold")
    assert manifest.metrics["auroc"]["value"] == pytest.approx(ranked[fusion["chosen"]])
    assert manifest.class_outputs == ("good", "dot", "line")
    counts = manifest.data_counts
    assert counts["good"] == counts["calibration_good"] == 24  # nothing is held back
    held_out = len([s for s in split.of_subset("held_out") if s.is_defect])
    assert counts["defect"] == counts["calibration_defect"] == 24 - held_out
    assert counts["class:dot"] + counts["class:line"] == counts["defect"]
    assert manifest.limits.novelty_rate is not None
    assert manifest.training["classes_out_of_fold"]["accuracy"] > 0.8


def test_the_same_seed_teaches_the_same_model(bundle: Path, data: Path, tmp_path: Path) -> None:
    teach_probe(split_dataset(load_dataset(data), seed=0), tmp_path / "again", HOW)
    first, second = load_bundle(bundle).tensors, load_bundle(tmp_path / "again").tensors
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


def test_pictures_of_one_part_are_judged_by_a_probe_that_has_seen_none_of_them(data: Path) -> None:
    samples = load_dataset(data).samples
    parts = read_parts(samples, ("good", "dot", "line"), SIZE, "letterbox", [], lambda *_: None)
    fold = _folds(parts, seed=0)
    for kind in (parts.good, ~parts.good):
        assert np.bincount(fold[kind]).min() >= kind.sum() // 5 - 1  # alike in every fold
    shared = [
        type(one)(one.path, one.label, one.subset, one.mask_path, f"part{n // 2}", one.sha256)
        for n, one in enumerate(parts.samples)
    ]
    parts.samples[:] = shared
    fold = _folds(parts, seed=0)
    for n in range(0, len(shared) - 1, 2):
        assert fold[n] == fold[n + 1]


def test_without_masks_the_memory_draws_and_the_probe_takes_what_it_finds_strange(
    data: Path, tmp_path: Path
) -> None:
    bare = draw_parts(tmp_path / "bare", goods=20, defects=4, size=SIZE)
    for file in (bare / "ground_truth").rglob("*.png"):
        file.unlink()
    manifest = teach_probe(split_dataset(load_dataset(bare), seed=0), tmp_path / "bundle", HOW)
    assert manifest.data_counts["masks"] == 0
    assert manifest.training["fusion"]["map_weights"] == [1.0, 0.0]
    assert manifest.region_threshold > 0.0 and manifest.heatmap_full_scale > 0.0


def test_with_too_few_labels_a_memory_is_taught_and_the_function_says_so(tmp_path: Path) -> None:
    few = draw_parts(tmp_path / "few", goods=20, defects=2, size=SIZE)
    split = split_dataset(load_dataset(few), seed=0)
    with pytest.raises(EngineError, match="fewer than 5") as caught:
        teach_probe(split, tmp_path / "none", HOW)
    assert caught.value.code == "no_defect_pictures"
    config = default_config("patch_probe").replaced(data__input_size=SIZE)
    manifest = train(Request(split, tmp_path / "memory", config, device="cpu"))
    assert manifest is not None and manifest.model == "patch_memory"


def test_teach_takes_the_probe_as_soon_as_there_are_labels(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = [
        {"path": str(file.relative_to(data)), "label": label, "subset": "train"}
        for label, most in (("good", 12), ("dot", 3), ("line", 3))
        for file in sorted((data / label).glob("*.png"))[:most]
    ]
    for name, kept, model in (("all", items, "patch_probe"), ("few", items[:16], "patch_memory")):
        snapshot = data / f"{name}.json"
        content = {"format": "qc-station-snapshot", "version": 1, "product": "p", "items": kept}
        snapshot.write_text(json.dumps(content))
        out = tmp_path / name
        line = ["teach", "--data", str(snapshot), "--out", str(out), "--input-size", str(SIZE)]
        assert main([*line, "--device", "cpu", "--json", "--progress", "none"]) == 0
        assert json.loads(capsys.readouterr().out)["model"] == model
        assert manifest_of(out).model == model


def test_a_class_line_of_one_class_names_it_and_of_two_is_the_line_between_them() -> None:
    rng = np.random.default_rng(0)
    seen = np.concatenate([rng.normal(-1, 0.1, (6, 3)), rng.normal(1, 0.1, (6, 3))])
    weight, bias = _class_line(seen[:6], np.full(6, 2), 3)
    assert (seen @ weight.T + bias).argmax(1).tolist() == [1] * 12
    labels = np.array([1] * 6 + [3] * 6)
    weight, bias = _class_line(seen, labels, 3)
    logits = torch.from_numpy(seen @ weight.T + bias)
    assert (logits.argmax(1).numpy() + 1).tolist() == labels.tolist()
    assert float(logits.softmax(1)[:, 1].max()) < 1e-6  # a class without an example


def test_two_copies_of_a_defect_are_one_and_a_memory_is_taught_then(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = tmp_path / "twice"
    draw_parts(twice, goods=12, defects=2, size=SIZE)
    copy = twice / "dot" / "900.png"
    copy.write_bytes((twice / "dot" / "000.png").read_bytes())
    items = [
        {"path": str(file.relative_to(twice)), "label": file.parent.name, "subset": "train"}
        for label in ("good", "dot", "line")
        for file in sorted((twice / label).glob("*.png"))
    ]
    content = {"format": "qc-station-snapshot", "version": 1, "product": "p", "items": items}
    (twice / "all.json").write_text(json.dumps(content))
    line = ["teach", "--data", str(twice / "all.json"), "--input-size", str(SIZE), "--json"]
    line += ["--device", "cpu", "--progress", "none", "--out"]
    assert main([*line, str(tmp_path / "auto")]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "patch_memory"
    assert main([*line, str(tmp_path / "asked"), "--model", "patch_probe"]) == 2


def test_where_there_is_no_room_for_all_labelled_defects_stay(monkeypatch, data: Path) -> None:
    monkeypatch.setattr("engine.training.teach.MOST_PICTURES", 20)
    dataset = load_dataset(data)
    kept = at_most(list(dataset.samples), 0, dataset)
    assert len(kept) == 20 and sum(sample.is_defect for sample in kept) == 10
    rare = [s for s in dataset.samples if s.is_good] + [s for s in dataset.samples if s.is_defect][
        :3
    ]
    kept = at_most(rare, 0, dataset)
    assert len(kept) == 20 and sum(sample.is_defect for sample in kept) == 3


def test_a_taught_part_is_nearest_to_itself(bundle: Path, data: Path) -> None:
    dataset = split_dataset(load_dataset(data), seed=0)
    taught = next(sample for sample in dataset.of_subset("train") if sample.is_good)
    said = load_explainer(bundle, NEAREST).explain(read_image(taught.path)).comparison
    assert said is not None and len(said.neighbours) == 3
    first = said.neighbours[0]
    assert Path(first.name).name == taught.path.name and first.seen is not None
    assert first.distance == pytest.approx(0.0, abs=1e-3)
    assert first.x == pytest.approx(said.x) and first.y == pytest.approx(said.y)
