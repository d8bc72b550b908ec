"""Evaluation of models with a class head: protocols, frozen threshold, calibration, arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from engine.bundle import Limits
from engine.calibration.temperature import brier, nll, probabilities
from engine.data.images import resize_for_model
from engine.data.layout import Dataset, load_dataset
from engine.errors import EngineError
from engine.evaluation import report as report_module
from engine.evaluation.calibration_report import without_temperature
from engine.evaluation.report import EvaluateOptions, evaluate_bundle, evaluate_predictor
from engine.evaluation.selection import read_split
from engine.inference.decision import decide
from engine.inference.predictor import Prediction

OUTPUTS = ("good", "dent", "scratch")
LIMITS = Limits(-1.0, 1.0, "mondrian", 0.05, 0.005, True, True, -0.5)


@dataclass
class Classifier:
    """Log-odds from how much red there is; dents (3 rows high) and scratches (4) by the height."""

    threshold: float | None = 0.25
    calibration: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[str, ...] = OUTPUTS
    limits: Limits = LIMITS
    novelty_p: float | None = None
    files: dict[str, str] = field(default_factory=dict)
    bundle_id: str = "classifier"
    device_name: str = "test"

    @property
    def manifest(self) -> Any:
        return SimpleNamespace(
            bundle_id=self.bundle_id,
            model="cnn_custom",
            product="disc",
            classes=self.outputs[1:],
            class_outputs=self.outputs,
            limits=self.limits,
            threshold=self.threshold,
            calibration=self.calibration,
            region_threshold=0.5,
            heatmap_full_scale=1.0,
            map_size=64,
            files=self.files,
        )

    def predict(self, rgb: np.ndarray) -> Prediction:
        small = resize_for_model(rgb, 64).astype(np.float32)
        plane = np.abs(small[..., 0] - small[..., 1]) / 100
        red = plane > 0.5
        score = -3.0 + 0.1 * float(red.sum()) + 1e-4 * float(small.mean())
        p = float(expit(score))
        dent = 0.8 if red.any(axis=1).sum() <= 3 else 0.2
        chances = np.array([1 - p, p * dent, p * (1 - dent)], np.float32)
        verdict, reason = decide(score, 0.5, self.limits, self.novelty_p)
        return Prediction(
            score=score,
            p_value=0.5,
            verdict=verdict,
            reason=reason,
            class_name=OUTPUTS[1 + int(chances[1:].argmax())] if verdict != "OK" else None,
            class_confidence=None,
            class_prob=chances[: len(self.outputs)],
            anomaly_map=plane,
            embedding=np.array([score, dent], np.float32),
            regions=(),
            latency_ms=1.0,
            novelty_p=self.novelty_p,
        )

    def predict_batch(self, pictures: Any) -> list[Prediction]:
        return [self.predict(rgb) for rgb in pictures]

    def close(self) -> None:
        pass


def _run(dataset: Dataset, split: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
    model = options.pop("model", Classifier())
    result = evaluate_predictor(model, dataset, EvaluateOptions(**options), split)
    return dict(json.loads(json.dumps(result, allow_nan=False)))


def _codes(result: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in result["problems"]]


@pytest.fixture
def dataset(make_mvtec: Any) -> Dataset:
    return load_dataset(make_mvtec(test_good=6, defects={"dent": 5, "scratch": 4}))


@pytest.fixture
def split(dataset: Dataset) -> dict[str, str]:
    """Every third picture of train and test held out, as after a supervised split."""
    subsets = ("train", "calibration", "held_out")
    return {s.sha256: subsets[i % 3] for i, s in enumerate(dataset.samples)}


def test_without_a_split_the_test_folder_is_taken_as_it_is(dataset: Dataset) -> None:
    result = _run(dataset)
    assert (result["protocol"], result["dataset"]["subset"]) == ("one-class", "test")
    assert result["counts"]["evaluated"] == 15 and result["counts"]["seen"] is None
    assert result["problems"] == []


def test_a_split_keeps_its_own_pictures_for_testing(
    dataset: Dataset, split: dict[str, str]
) -> None:
    result = _run(dataset, split)
    assert (result["protocol"], result["dataset"]["subset"]) == ("supervised", "held_out")
    held = sum(subset == "held_out" for subset in split.values())
    assert result["counts"]["evaluated"] == held and result["counts"]["seen"] == 0
    assert result["problems"] == []


def test_pictures_are_known_by_content_wherever_they_lie(
    dataset: Dataset, split: dict[str, str], tmp_path: Path
) -> None:
    moved = dataset.root.rename(tmp_path / "elsewhere")
    result = _run(load_dataset(moved), split)
    assert result["counts"]["evaluated"] == sum(s == "held_out" for s in split.values())
    missing = {f"{k:064}": "held_out" for k in range(2)}
    result = _run(load_dataset(moved), split | missing)
    assert _codes(result) == ["split_incomplete"]


def test_all_takes_the_whole_test_folder_and_counts_what_was_seen(
    dataset: Dataset, split: dict[str, str]
) -> None:
    result = _run(dataset, split, protocol="all")
    assert result["protocol"] == "all" and result["counts"]["evaluated"] == 15
    trained = sum(split[s.sha256] != "held_out" for s in dataset.samples if s.subset == "test")
    assert result["counts"]["seen"] == trained > 0
    assert _codes(result) == ["pictures_seen"]
    assert f"{trained} of these 15" in result["problems"][0]["message"]


def test_another_folder_of_the_same_classes_takes_all(
    dataset: Dataset, split: dict[str, str], tmp_path: Path, add_part: Any
) -> None:
    for index in range(4):
        add_part(f"other/test/good/{index}.png", 70 + index)
        add_part(f"other/test/hole/{index}.png", 80 + index)
    other = load_dataset(tmp_path / "other")
    with pytest.raises(EngineError) as error:
        _run(other, split)
    assert error.value.code == "split_elsewhere" and "--protocol all" in str(error.value)
    result = _run(other, split, protocol="all")
    assert result["counts"]["seen"] == 0 and result["counts"]["evaluated"] == 8
    assert result["multiclass"]["left_out"] == {"hole": 4}


def test_the_supervised_protocol_needs_a_split(dataset: Dataset) -> None:
    with pytest.raises(EngineError) as error:
        _run(dataset, None, protocol="supervised")
    assert error.value.code == "no_split"


def test_a_snapshot_says_itself_what_is_held_out(
    dataset: Dataset, split: dict[str, str], tmp_path: Path
) -> None:
    items = [
        {"path": str(s.path), "label": s.label, "subset": split[s.sha256], "sha256": s.sha256}
        for s in dataset.samples
    ]
    content = {"format": "qc-station-snapshot", "version": 1, "product": "x", "items": items}
    file = tmp_path / "split.json"
    file.write_text(json.dumps(content))
    assert read_split(file) == split
    snapshot = load_dataset(file)
    held = sum(subset == "held_out" for subset in split.values())
    for protocol in (None, "one-class", "supervised"):
        result = _run(snapshot, split, protocol=protocol)
        assert result["counts"]["evaluated"] == held and result["dataset"]["subset"] == "held_out"
    assert _run(snapshot, None)["protocol"] == "one-class"
    everything = _run(snapshot, split, protocol="all")
    assert everything["counts"]["evaluated"] == len(items)
    assert everything["counts"]["seen"] == len(items) - held


def test_a_bundle_brings_its_split(
    dataset: Dataset, split: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [{"path": "x", "subset": s, "sha256": c} for c, s in split.items()]
    (tmp_path / "split.json").write_text(json.dumps({"items": items}))
    model = Classifier(files={"split.json": "0" * 64})
    monkeypatch.setattr(report_module, "load_predictor", lambda bundle, device: model)
    result = evaluate_bundle(tmp_path, dataset)
    assert result["protocol"] == "supervised" and result["counts"]["seen"] == 0
    (tmp_path / "split.json").write_text("[]")
    with pytest.raises(EngineError) as error:
        evaluate_bundle(tmp_path, dataset)
    assert error.value.code == "snapshot_damaged"


def test_figures_are_measured_at_the_threshold_that_validation_froze(dataset: Dataset) -> None:
    frozen = _run(dataset)
    assert frozen["threshold"] == {"value": 0.25, "source": "validation"}
    assert frozen["image"]["recall"]["value"] == 1.0
    high = _run(dataset, model=Classifier(threshold=1e6))
    assert high["image"]["recall"]["value"] == 0.0 == high["classes"]["dent"]["f1"]["value"]
    assert high["image"]["auroc"] == frozen["image"]["auroc"]
    assert high["verdicts"] == frozen["verdicts"]
    at_limit = _run(dataset, model=Classifier(threshold=None))
    assert at_limit["threshold"] == {"value": LIMITS.ok, "source": "ok_limit"}


def test_the_youden_threshold_of_the_test_pictures_is_for_information_only(
    dataset: Dataset,
) -> None:
    result = _run(dataset, model=Classifier(threshold=1e6))
    best = result["image"]["youden"]
    assert best["j"] == best["sensitivity"] == best["specificity"] == 1.0
    assert result["image"]["f1"]["value"] == 0.0
    assert result["roc"]["fpr"][0] == result["roc"]["tpr"][0] == 0.0
    assert result["roc"]["fpr"][-1] == result["roc"]["tpr"][-1] == 1.0
    assert len(result["roc"]["fpr"]) == 3  # the corners alone


def test_all_three_levels_make_the_composite_score(dataset: Dataset) -> None:
    result = _run(dataset)
    many = result["multiclass"]
    assert many["labels"] == list(OUTPUTS) and many["n"] == 15
    assert np.array(many["confusion"]).sum() == 15
    terms = result["composite"]["terms"]
    assert terms["auroc_multi"] == many["auroc_ovr_macro"]["value"]
    assert terms["pro"] == result["pixel"]["at_region_threshold"]["pro"]["value"]
    by_hand = (
        0.30 * terms["auroc"] + 0.20 * terms["f1"] + 0.15 * terms["recall"]
        + 0.25 * terms["pro"] + 0.10 * terms["auroc_multi"]
    )  # fmt: skip
    assert result["composite"]["score"] == pytest.approx(by_hand)
    without = _run(dataset, model=Classifier(outputs=()))
    assert without["multiclass"] is None and without["composite"]["notes"]
    assert without["composite"]["score"] == pytest.approx(by_hand - 0.10 * terms["auroc_multi"])
    for figure in ("f1", "precision", "pro", "iou", "dice", "recall"):
        assert result["classes"]["dent"][figure]["value"] is not None


def test_confidence_before_and_after_the_temperature(dataset: Dataset) -> None:
    facts = {"temperature": {"binary": 2.0, "classes": None, "validation": {"binary": {}}}}
    result = _run(dataset, model=Classifier(calibration=facts))["calibration"]
    scores = np.array([Classifier().predict(rgb).score for rgb in _pictures(dataset)])
    labels = np.array([int(s.is_defect) for s in dataset.samples if s.subset == "test"])
    binary = result["binary"]
    assert binary["temperature"] == 2.0 and result["validation"] == {"binary": {}}
    assert binary["after"]["nll"] == pytest.approx(nll(scores, labels))
    assert binary["before"]["nll"] == pytest.approx(nll(2 * scores, labels))
    assert binary["after"]["brier"] == pytest.approx(brier(scores, labels))
    assert sum(one["n"] for one in binary["after"]["bins"]) == 15
    assert result["classes"]["before"] is None and result["classes"]["after"]["n"] == 15
    without = _run(dataset, model=Classifier(outputs=()))["calibration"]
    assert without["binary"] is None and "distance" in without["reason"]


def test_class_probabilities_before_the_temperature_are_the_softmax_without_it() -> None:
    logits = np.random.default_rng(0).normal(0, 2, (50, 3))
    seen = probabilities(logits, 2.5)  # all that the graph's outputs tell
    np.testing.assert_allclose(without_temperature(seen, 2.5, None), probabilities(logits))


def test_a_temperature_among_the_defects_leaves_the_good_alone() -> None:
    rng = np.random.default_rng(1)
    good, logits = rng.uniform(0.01, 0.99, (50, 1)), rng.normal(0, 2, (50, 3))
    before = np.hstack([good, (1 - good) * probabilities(logits)])
    seen = np.hstack([good, (1 - good) * probabilities(logits, 2.5)])
    np.testing.assert_allclose(without_temperature(seen, 2.5, 0), before)


@pytest.mark.parametrize(("binary", "good"), [(None, 0), (1.0, None)])
def test_the_report_knows_what_the_temperature_acts_on(
    dataset: Dataset, binary: float | None, good: int | None
) -> None:
    facts = {"temperature": {"binary": binary, "classes": 3.0, "validation": {}}}
    model = Classifier(calibration=facts)
    found = _run(dataset, model=model)["calibration"]["classes"]
    chances = np.array([model.predict(rgb).class_prob for rgb in _pictures(dataset)])
    outputs = model.manifest.class_outputs
    names = [s.label for s in dataset.samples if s.subset == "test"]
    labels = [outputs.index(name) if name in outputs else -1 for name in names]
    expected = nll(np.log(without_temperature(chances, 3.0, good)), labels)
    assert found["before"]["nll"] == pytest.approx(expected, rel=1e-6)


def _pictures(dataset: Dataset) -> list[np.ndarray]:
    from engine.data.images import read_image

    return [read_image(s.path) for s in dataset.samples if s.subset == "test"]


def test_the_report_says_what_stands_behind_the_promises(dataset: Dataset) -> None:
    model = Classifier(calibration={"n_good": 230, "n_defect": 40})
    result = _run(dataset, model=model)
    limits = result["calibration"]["limits"]
    assert (limits["method"], limits["goods"], limits["defects"]) == ("mondrian", 230, 40)
    escape = limits["escape"]
    assert escape["stated"] == 0.05 and escape["supported"] is True and escape["parts"] == 40
    assert escape["tightest"] == pytest.approx(1 / 41)
    assert escape["tightest_at_confidence"] == pytest.approx(1 - 0.05 ** (1 / 40))
    assert escape["measured"] == result["verdicts"]["escape"]
    assert limits["overkill"]["measured"] == result["verdicts"]["overkill"]
    assert escape["contradicted"] is False
    few = Limits(-1.0, 1.0, "good", 0.05, 0.005, True, False, -0.5)
    limits = _run(dataset, model=Classifier(limits=few, calibration={"n_defect": 3}))[
        "calibration"
    ]["limits"]
    assert limits["escape"]["stated"] is None and "needs 19" in limits["escape"]["reason"]
    assert limits["overkill"]["supported"] is False


def test_a_broken_promise_is_named(dataset: Dataset) -> None:
    blind = Limits(50.0, 60.0, "mondrian", 0.05, 0.005, True, True, -0.5)
    limits = _run(dataset, model=Classifier(limits=blind))["calibration"]["limits"]
    assert limits["escape"]["measured"]["value"] == 1.0 and limits["escape"]["contradicted"]


def test_novel_parts_are_counted(dataset: Dataset) -> None:
    blind = Limits(50.0, 60.0, "mondrian", 0.05, 0.005, True, True, -0.5, novelty_rate=0.02)
    result = _run(dataset, model=Classifier(limits=blind, novelty_p=0.01))
    novelty = result["calibration"]["novelty"]
    assert novelty["rate"] == 0.02 and novelty["defects_novel"]["value"] == 1.0
    assert (novelty["defects_kept_from_ok"], novelty["goods_kept_from_ok"]) == (9, 6)
    assert result["verdicts"]["REVIEW"] == 15
    assert result["verdicts"]["reasons"] == {"novel": 15}
    assert _run(dataset)["calibration"]["novelty"] is None


def test_arrays_for_figures(dataset: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "arrays.npz"
    result = _run(dataset, arrays=file)
    with np.load(file, allow_pickle=False) as stored:
        values = {name: stored[name] for name in stored.files}
    assert not list(file.parent.glob(".*"))
    n = 15
    for name in ("ids", "paths", "labels", "defect", "scores", "verdicts", "p_values"):
        assert len(values[name]) == n
    assert values["ids"][0].startswith("test/") and Path(values["paths"][0]).is_file()
    assert values["class_prob"].shape == (n, 3) and values["embeddings"].shape == (n, 2)
    assert values["class_outputs"].tolist() == list(OUTPUTS)
    assert [OUTPUTS[k] for k in values["label_index"]] == values["labels"].tolist()
    assert values["defect"].sum() == 9 and np.isnan(values["novelty_p"]).all()
    assert float(values["threshold"]) == 0.25
    area = np.trapezoid(values["roc_tpr"], values["roc_fpr"])
    assert area == pytest.approx(result["image"]["auroc"]["value"])
    examples = values["example_index"]
    assert values["labels"][examples].tolist() == ["dent"] * 2 + ["good"] * 2 + ["scratch"] * 2
    assert values["example_maps"].shape == values["example_masks"].shape == (6, 64, 64)
    assert values["example_maps"].dtype == np.float16 and values["example_known"].all()
    assert [bool(m.any()) for m in values["example_masks"]] == [
        label != "good" for label in values["labels"][examples]
    ]


def test_arrays_of_unlabelled_and_one_sided_sets(tmp_path: Path, add_part: Any) -> None:
    for index in range(3):
        add_part(f"set/good/{index}.png", index)
    file = tmp_path / "a.npz"
    _run(load_dataset(tmp_path / "set"), arrays=file, model=Classifier(outputs=()))
    with np.load(file, allow_pickle=False) as stored:
        assert stored["roc_fpr"].size == 0 and stored["class_outputs"].size == 0
        assert stored["class_prob"].shape == (3, 0) and (stored["label_index"] == -1).all()
