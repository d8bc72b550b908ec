"""The evaluation report: what it says of ordinary, one-sided and damaged sets, and the command."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fixtures_bundle import tiny_picture

from engine.bundle import Limits
from engine.cli import main
from engine.commands import evaluate
from engine.data.images import resize_for_model
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.evaluation.report import EvaluateOptions, evaluate_predictor
from engine.inference.predictor import Prediction

OK_LIMIT, NG_LIMIT = 0.5, 0.8


@dataclass
class RedFinder:
    """A model of one line: red is wrong. Its maps are raw and unbounded, as the real ones are."""

    classes: tuple[str, ...] = ()
    size: int = 64
    broken: bool = False
    bundle_id: str = "red-finder"
    device_name: str = "test"

    @property
    def manifest(self) -> Any:
        return SimpleNamespace(
            bundle_id=self.bundle_id,
            model="red_finder",
            product="disc",
            classes=self.classes,
            class_outputs=(),
            limits=Limits(OK_LIMIT, NG_LIMIT, "good", 0.05, 0.005, True, True, OK_LIMIT),
            threshold=None,
            calibration={"n_good": 40},
            region_threshold=0.5,
            heatmap_full_scale=1.0,
            map_size=self.size,
        )

    def predict(self, rgb: np.ndarray) -> Prediction:
        small = resize_for_model(rgb, self.size).astype(np.float32)
        anomaly_map = np.abs(small[..., 0] - small[..., 1]) / 100
        score = float("nan") if self.broken else float(anomaly_map.max())
        verdict = "OK" if score <= OK_LIMIT else "NG" if score > NG_LIMIT else "REVIEW"
        reason = {"OK": "below_ok_limit", "NG": "above_ng_limit", "REVIEW": "between_limits"}
        return Prediction(
            score=score,
            p_value=0.5,
            verdict=verdict,
            reason=reason[verdict],
            class_name=self.classes[0] if self.classes else None,
            class_confidence=None,
            class_prob=np.zeros(0, np.float32),
            anomaly_map=anomaly_map,
            embedding=np.zeros(1, np.float32),
            regions=(),
            latency_ms=1.0,
        )

    def predict_batch(self, pictures: Any) -> list[Prediction]:
        return [self.predict(rgb) for rgb in pictures]

    def close(self) -> None:
        pass


def _evaluate(folder: Path, subset: str | None = None, **model: Any) -> dict[str, Any]:
    options = EvaluateOptions(subset=subset)
    result = evaluate_predictor(RedFinder(**model), load_dataset(folder), options)
    return json.loads(json.dumps(result, allow_nan=False))  # it must survive strict JSON


def _codes(result: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in result["problems"]]


def test_every_figure_comes_with_an_interval(make_mvtec: Any) -> None:
    result = _evaluate(
        make_mvtec(test_good=6, defects={"dent": 4, "scratch": 3}), classes=("dent",)
    )
    assert result["bundle"] == "red-finder"
    assert result["dataset"] == {"name": "product", "layout": "mvtec", "subset": "test"}
    counts = result["counts"]
    assert (counts["evaluated"], counts["good"], counts["defect"], counts["regions"]) == (
        13,
        6,
        7,
        7,
    )
    figures = [result["image"][k] for k in ("auroc", "ap", "f1", "precision", "recall", "accuracy")]
    figures += [result["pixel"][k] for k in ("auroc", "aupro", "ap", "f1_max")]
    figures += list(result["pixel"]["at_region_threshold"].values())
    figures += [result["verdicts"][k] for k in ("escape", "overkill", "review")]
    figures += [result["classes"]["dent"][k] for k in ("recall", "auroc", "aupro", "named")]
    figures += [result["classes"]["good"]["overkill"]]
    for figure in figures:
        assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1, figure
        assert figure["n"] > 0 and figure["method"]
    assert result["image"]["auroc"]["value"] == 1.0 > result["image"]["auroc"]["low"]
    assert result["pixel"]["aupro"]["value"] > 0.99
    assert result["verdicts"]["escape"]["value"] == 0 < result["verdicts"]["escape"]["high"]
    assert sum(result["verdicts"][v] for v in ("OK", "NG", "REVIEW")) == 13
    assert result["classes"]["dent"]["images"] == 4
    assert "named" not in result["classes"]["scratch"]  # the bundle does not know that class
    assert result["latency_ms"]["median"] > 0
    assert result["problems"] == []


@pytest.mark.parametrize("size", [32, 48])
def test_masks_are_compared_at_the_size_of_the_map(make_mvtec: Any, size: int) -> None:
    result = _evaluate(make_mvtec(), size=size)
    assert result["limits"]["map_size"] == size
    assert result["pixel"]["aupro"]["value"] > 0.9


def test_only_good_pictures_give_reasons_in_place_of_figures(make_mvtec: Any) -> None:
    result = _evaluate(make_mvtec(defects={}))
    for figure in (
        result["image"]["auroc"],
        result["image"]["recall"],
        result["image"]["f1"],
        result["pixel"]["aupro"],
        result["pixel"]["at_region_threshold"]["pro"],
        result["verdicts"]["escape"],
    ):
        assert figure["value"] is None and figure["reason"].endswith(".")
    assert result["verdicts"]["overkill"]["value"] == 0
    assert list(result["classes"]) == ["good"]


def test_only_defects_give_reasons_in_place_of_figures(make_mvtec: Any) -> None:
    result = _evaluate(make_mvtec(test_good=0))
    assert result["image"]["auroc"]["value"] is None
    assert "no good ones" in result["image"]["auroc"]["reason"]
    assert result["classes"]["scratch"]["auroc"]["value"] is None
    assert result["image"]["recall"]["value"] == 1.0
    assert result["verdicts"]["overkill"]["value"] is None
    assert result["pixel"]["aupro"]["value"] > 0.9  # defect pictures have normal pixels too


def test_without_masks_the_image_figures_stand(make_mvtec: Any) -> None:
    result = _evaluate(make_mvtec(masks=False))
    assert result["image"]["auroc"]["value"] == 1.0
    assert result["pixel"]["auroc"]["value"] is None
    assert "mask" in result["pixel"]["auroc"]["reason"]
    assert result["classes"]["scratch"]["aupro"]["value"] is None


def test_a_defect_with_an_empty_mask_counts_as_a_picture_but_not_in_pixels(
    make_mvtec: Any, write_picture: Any
) -> None:
    root = make_mvtec(defects={"scratch": 4})
    write_picture(root / "ground_truth/scratch/001_mask.png", np.zeros((64, 64), np.uint8))
    tiny = np.zeros((64, 64), np.uint8)
    tiny[0, 1] = 255  # between the samples of a 16 × 16 map
    write_picture(root / "ground_truth/scratch/002_mask.png", tiny)
    result = _evaluate(root, size=16)
    assert _codes(result) == ["mask_empty", "mask_vanished"]
    assert result["counts"]["defect"] == 4 and result["image"]["recall"]["n"] == 4
    assert result["counts"]["pixel_pictures"] == 4 + 2


def test_one_defect_picture_gives_figures_without_pixel_intervals(make_mvtec: Any) -> None:
    result = _evaluate(make_mvtec(defects={"scratch": 1}))
    aupro = result["pixel"]["aupro"]
    assert aupro["value"] > 0.9 and aupro["low"] is None and aupro["note"]


def test_damaged_pictures_and_masks_are_skipped_and_listed(make_mvtec: Any) -> None:
    root = make_mvtec(defects={"scratch": 3})
    (root / "test/good/000.png").write_bytes(b"no picture")
    (root / "ground_truth/scratch/000_mask.png").write_bytes(b"")
    result = _evaluate(root)
    assert sorted(_codes(result)) == ["mask_unreadable", "picture_unreadable"]
    assert (result["counts"]["listed"], result["counts"]["skipped"]) == (7, 1)


def test_nothing_readable_is_one_sentence(make_mvtec: Any) -> None:
    root = make_mvtec(test_good=1, defects={})
    (root / "test/good/000.png").write_bytes(b"")
    with pytest.raises(EngineError) as error:
        _evaluate(root)
    assert error.value.code == "no_pictures"


def test_a_model_that_gives_no_number_is_refused(make_mvtec: Any) -> None:
    with pytest.raises(EngineError) as error:
        _evaluate(make_mvtec(), broken=True)
    assert error.value.code == "score_not_finite"


def test_a_snapshot_is_measured_on_what_was_held_out(tmp_path: Path, make_mvtec: Any) -> None:
    root = make_mvtec(defects={"scratch": 3})
    items = [
        {"path": str(s.path), "label": s.label, "subset": subset}
        for s in load_dataset(root).samples
        for subset in ["train" if s.subset == "train" else "held_out"]
    ]
    items[0]["subset"] = "held_out"
    items[-1]["label"] = None
    content = {"format": "qc-station-snapshot", "version": 1, "product": "x", "items": items}
    (tmp_path / "snapshot.json").write_text(json.dumps(content))
    result = _evaluate(tmp_path)
    assert result == {**_evaluate(tmp_path, "held_out"), "latency_ms": result["latency_ms"]}
    assert result["dataset"]["subset"] == "held_out"
    counts = result["counts"]
    assert (counts["good"], counts["defect"], counts["unlabelled"]) == (5, 2, 1)
    with pytest.raises(EngineError) as error:
        _evaluate(tmp_path, "test")
    assert error.value.code == "subset_empty" and "held_out" in str(error.value)


def test_class_folders_are_measured_whole_and_say_so(tmp_path: Path, add_part: Any) -> None:
    for index in range(3):
        add_part(f"set/good/{index}.png", index)
    result = _evaluate(tmp_path / "set")
    assert result["counts"]["good"] == 3 and _codes(result) == ["no_split"]


def test_evaluation_can_be_cancelled_and_reports_progress(make_mvtec: Any) -> None:
    dataset = load_dataset(make_mvtec())
    seen: list[tuple[str, int, int]] = []
    evaluate_predictor(RedFinder(), dataset, progress=lambda *step: seen.append(step))
    assert seen[0] == ("evaluate", 0, 7) and ("evaluate", 7, 7) in seen
    assert seen[-1] == ("metrics", 3, 3)
    with pytest.raises(EngineError) as error:
        evaluate_predictor(RedFinder(), dataset, cancelled=lambda: True)
    assert error.value.code == "cancelled"


@pytest.fixture
def tiny_test_set(tmp_path: Path, write_picture: Any) -> Path:
    """Test pictures for ``tiny_bundle``: four good, three with a slash and its mask."""
    root = tmp_path / "tiny"
    for seed in range(100, 104):
        write_picture(root / f"test/good/{seed}.png", tiny_picture(seed))
    for seed in range(200, 203):
        good, defect = tiny_picture(seed), tiny_picture(seed, defect=True)
        differs = np.abs(good.astype(int) - defect).max(axis=2) > 20
        write_picture(root / f"test/slash/{seed}.png", defect)
        write_picture(root / f"ground_truth/slash/{seed}_mask.png", differs.astype(np.uint8) * 255)
    return root


def test_the_command_reports_to_the_station_and_to_people(
    tiny_bundle: Path, tiny_test_set: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", "--bundle", str(tiny_bundle), "--data", str(tiny_test_set)]
    assert main([*words, "--device", "openvino", "--progress", "jsonl"]) == 0
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert lines[0]["stage"] == "evaluate"
    result = lines[-1]["result"]
    assert result["device"] == "CPU (OpenVINO)"
    assert result["counts"]["evaluated"] == 7
    assert result["image"]["auroc"]["value"] == 1.0
    assert result["pixel"]["aupro"]["low"] <= result["pixel"]["aupro"]["value"]

    evaluate.show(result)
    shown = capfd.readouterr().out
    for word in ("AUPRO@0.3", "escape", "slash", "Latency", "Composite", "calibration defects"):
        assert word in shown


def test_the_command_takes_protocols_and_writes_arrays(
    tiny_bundle: Path, tiny_test_set: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arrays = tmp_path / "arrays.npz"
    words = ["evaluate", "--bundle", str(tiny_bundle), "--data", str(tiny_test_set), "--json"]
    words += ["--device", "openvino"]
    assert main([*words, "--protocol", "all", "--arrays", str(arrays)]) == 0
    result = json.loads(capfd.readouterr().out)
    assert result["protocol"] == "all" and result["multiclass"] is None
    assert result["threshold"]["source"] == "ok_limit"
    assert result["calibration"]["limits"]["goods"] == 14
    assert result["composite"]["score"] is not None and result["composite"]["notes"]
    with np.load(arrays, allow_pickle=False) as stored:
        assert len(stored["scores"]) == 7 and stored["example_maps"].shape[0] == 4
    assert main([*words, "--protocol", "supervised"]) == 2  # it was taught, it has no split
    assert json.loads(capfd.readouterr().out)["error"]["code"] == "no_split"


def test_the_command_refuses_a_missing_folder_in_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = ["evaluate", "--bundle", str(tmp_path)]
    assert main([*model, "--data", str(tmp_path / "none"), "--json"]) == 2
    captured = capfd.readouterr()
    assert json.loads(captured.out)["error"]["code"] == "folder_missing"
    assert str(tmp_path / "none") in captured.err


def test_json_on_a_cpu_needs_no_torch(tiny_bundle: Path, tiny_test_set: Path) -> None:
    code = (
        "import sys; from engine.cli import main; assert main(sys.argv[1:]) == 0; "
        "print([m for m in ('torch', 'timm', 'matplotlib') if m in sys.modules])"
    )
    words = ["evaluate", "--bundle", str(tiny_bundle), "--data", str(tiny_test_set)]
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--device", "openvino", "--json"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    result, modules = done.stdout.splitlines()
    assert json.loads(result)["image"]["auroc"]["value"] == 1.0
    assert modules == "[]"
