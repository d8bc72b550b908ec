"""A product taught from a folder: limits, refusals, cancelling, and two runtimes that agree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.bundle import load_bundle
from engine.cli import main
from engine.data.images import list_images, read_image
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.inference.predictor import heatmap_u8, load_predictor
from engine.models.patch_memory import PatchMemorySettings
from engine.training import teach as teaching
from engine.training.teach import TeachOptions, teach
from qc_station.services.manifest import read_version

SIZE = 64
TINY = TeachOptions(graph=PatchMemorySettings(input_size=SIZE), device="cpu")
BOTTLE = Path(__file__).parents[3] / "shared" / "data" / "mvtec_bottle_512"


def write_picture(path: Path, seed: int, spot: tuple[int, int, int] | None = None) -> None:
    """Speckle; a defect is a coloured spot."""
    random = np.random.default_rng(seed)
    picture = np.asarray(128 + random.normal(0, 12, (SIZE, SIZE, 3)), np.uint8)
    if spot is not None:
        cv2.circle(picture, (20 + seed % 24, 20 + seed % 17), 9, spot, -1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MVTec layout: twelve goods to learn from, and a test folder that teaching must not touch."""
    root = tmp_path_factory.mktemp("speckle")
    for index in range(12):
        write_picture(root / "train" / "good" / f"{index:02}.png", index)
    for index in range(3):
        write_picture(root / "test" / "good" / f"{index:02}.png", 100 + index)
        write_picture(root / "test" / "spot" / f"{index:02}.png", 200 + index, (20, 20, 250))
    return root


@pytest.fixture(scope="module")
def bundle(product: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "speckle"
    teach(load_dataset(product), out, TINY)
    return out


def test_a_small_product_is_taught_and_says_what_it_supports(bundle: Path, product: Path) -> None:
    manifest = load_bundle(bundle).manifest
    assert manifest.calibration["n_good"] == 12 and manifest.data_counts["good"] == 12
    assert not manifest.limits.ok_supported and not manifest.limits.ng_supported
    assert manifest.limits.ok == manifest.limits.highest_good <= manifest.limits.ng
    predictor = load_predictor(bundle, "openvino")
    for path in list_images(product / "test" / "spot"):
        prediction = predictor.predict(read_image(path))
        assert prediction.verdict != "OK"
        assert prediction.p_value == pytest.approx(1 / 13)
        assert prediction.regions and prediction.class_name is None


def test_both_runtimes_agree(bundle: Path, product: Path) -> None:
    pictures = [read_image(p) for p in list_images(product / "test", recursive=True)]
    ours, theirs = load_predictor(bundle, "openvino"), load_predictor(bundle, "torch")
    for a, b in zip(ours.predict_batch(pictures), theirs.predict_batch(pictures), strict=True):
        assert (a.verdict, a.reason) == (b.verdict, b.reason)
        assert a.score == pytest.approx(b.score, rel=1e-3)
        np.testing.assert_allclose(a.anomaly_map, b.anomaly_map, rtol=1e-2, atol=1e-3)
        np.testing.assert_allclose(a.embedding, b.embedding, atol=1e-3)
        assert heatmap_u8(a, ours.manifest).shape == (SIZE, SIZE)


def test_openvino_needs_no_torch(bundle: Path, product: Path) -> None:
    picture = list_images(product / "test" / "spot")[0]
    code = (
        "import sys; from pathlib import Path\n"
        "from engine.inference.predictor import load_predictor\n"
        "from engine.data.images import read_image\n"
        f"p = load_predictor(Path({str(bundle)!r}), 'openvino')\n"
        f"print(p.predict(read_image(Path({str(picture)!r}))).verdict)\n"
        "print(sorted({'torch', 'timm', 'torchvision', 'onnx'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[1] == "[]"


def test_labelled_defects_give_classes(tmp_path: Path) -> None:
    root = tmp_path / "classes"
    for index in range(12):
        write_picture(root / "good" / f"{index:02}.png", index)
    for name, colour in (("red", (20, 20, 250)), ("green", (20, 250, 20))):
        for index in range(4):
            write_picture(root / name / f"{index}.png", 300 + index, colour)
    manifest = teach(load_dataset(root), tmp_path / "b", TINY)
    assert manifest.classes == ("green", "red")
    assert manifest.calibration["n_defect"] == 8
    version = read_version(tmp_path / "b")  # the figures as the station reads them
    assert set(version.metrics) == {"good_not_ok", "overkill", "escape", "auroc"}
    auroc = version.metrics["auroc"]
    assert auroc.n == 20 and auroc.low is not None and 0.5 < auroc.low < auroc.value <= 1.0
    assert version.metrics["escape"].n == 8 and version.metrics["overkill"].n == 12
    predictor = load_predictor(tmp_path / "b", "openvino")
    for name, colour in (("red", (20, 20, 250)), ("green", (20, 250, 20))):
        write_picture(tmp_path / "new.png", 555, colour)
        prediction = predictor.predict(read_image(tmp_path / "new.png"))
        assert prediction.verdict != "OK" and prediction.class_name == name
        assert prediction.class_confidence is not None and prediction.class_confidence > 0.5


def test_pictures_that_find_no_room_are_counted(
    product: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(teaching, "MOST_PICTURES", 11)
    words = ["teach", "--data", str(product), "--out", str(tmp_path / "b"), "--input-size", "64"]
    assert main([*words, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["data_counts"]["good"] == 11 and result["data_counts"]["left_out"] == 1
    assert result["problems"][-1]["code"] == "pictures_left_out"
    assert "12 pictures" in result["problems"][-1]["message"]
    assert set(result["metrics"]) == {"good_not_ok", "overkill"}


def test_held_out_pictures_are_never_taught_on(product: Path, tmp_path: Path) -> None:
    good = list_images(product / "train" / "good")
    items = [
        {"path": str(path), "label": "good", "subset": subset, "mask": None}
        for path, subset in zip(
            good, ["train"] * 8 + ["calibration"] * 3 + ["held_out"], strict=True
        )
    ]
    text = {"format": "qc-station-snapshot", "version": 1, "product": "p", "items": items}
    (tmp_path / "snapshot.json").write_text(json.dumps(text))
    manifest = teach(load_dataset(tmp_path), tmp_path / "b", TINY)
    assert manifest.data_counts["good"] == 11
    assert manifest.product == "p"


def test_cancelling_leaves_nothing_behind(product: Path, tmp_path: Path) -> None:
    stages: list[str] = []
    with pytest.raises(EngineError) as caught:
        teach(
            load_dataset(product),
            tmp_path / "b",
            TINY,
            lambda stage, _done, _total: stages.append(stage),
            lambda: "folds" in stages,
        )
    assert caught.value.code == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_written_is_not_called_cancelled(product: Path, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    teach(
        load_dataset(product),
        tmp_path / "b",
        TINY,
        lambda *step: seen.append(step),
        lambda: (tmp_path / "b").exists(),
    )
    assert seen[-1] == ("export", 1, 1)
    assert load_bundle(tmp_path / "b").manifest.product == product.name


def test_the_same_pictures_give_the_same_model(product: Path, bundle: Path, tmp_path: Path) -> None:
    again = teach(load_dataset(product), tmp_path / "b", TINY)
    first = load_bundle(bundle)
    assert again.limits == first.manifest.limits
    assert again.data_hash == first.manifest.data_hash
    assert np.array_equal(load_bundle(tmp_path / "b").tensors["bank"], first.tensors["bank"])


def test_few_goods_are_refused_with_a_sentence(tmp_path: Path, capsys) -> None:
    for index in range(4):
        write_picture(tmp_path / "good" / f"{index}.png", index)
    code = main(["teach", "--data", str(tmp_path), "--out", str(tmp_path / "b"), "--json"])
    printed = capsys.readouterr()
    assert code == 2
    assert json.loads(printed.out)["error"]["code"] == "few_good_pictures"
    assert "at least 10" in printed.err


def test_predict_writes_json_table_and_heatmaps(
    bundle: Path, product: Path, tmp_path: Path, capsys
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    arguments = ["predict", "--bundle", str(bundle), str(product / "test")]
    arguments += [str(tmp_path / "broken.png"), "--json", "--csv", str(tmp_path / "t.csv")]
    code = main([*arguments, "--heatmaps", str(tmp_path / "maps"), "--device", "openvino"])
    result = json.loads(capsys.readouterr().out)
    assert code == 0
    assert len(result["pictures"]) == 6 and len(result["problems"]) == 1
    assert {"path", "verdict", "reason", "score", "ok_limit", "regions", "model_id"} <= set(
        result["pictures"][0]
    )
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig").count("\n") == 7
    assert len(list((tmp_path / "maps").rglob("*.png"))) == 6


def test_export_writes_a_graph_that_needs_only_pixels(bundle: Path, tmp_path: Path) -> None:
    import openvino as ov

    assert main(["export", "--bundle", str(bundle), "--out", str(tmp_path / "m.onnx")]) == 0
    graph = ov.Core().read_model(tmp_path / "m.onnx")
    assert [p.friendly_name for p in graph.get_parameters()] == ["pixels"]


def test_jobs_report_progress_lines_and_a_result(product: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engine", "teach", "--data", str(product), "--out"]
    command += [str(tmp_path / "b"), "--input-size", "64", "--progress", "jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["stage"] for line in lines[:-1]} >= {"read", "features", "folds", "export"}
    assert lines[-1]["result"]["data_counts"]["good"] == 12


@pytest.mark.skipif(not BOTTLE.is_dir(), reason="the bottle pictures are not here")
def test_both_runtimes_agree_on_real_pictures(tmp_path: Path) -> None:
    root = tmp_path / "few"
    (root / "good").mkdir(parents=True)
    for path in list_images(BOTTLE / "train" / "good")[:12]:
        (root / "good" / path.name).symlink_to(path)
    teach(load_dataset(root), tmp_path / "b", TeachOptions(device="cpu"))
    ours, theirs = (
        load_predictor(tmp_path / "b", "openvino"),
        load_predictor(tmp_path / "b", "torch"),
    )
    for path in list_images(BOTTLE / "test", recursive=True):
        picture = read_image(path)
        a, b = ours.predict(picture), theirs.predict(picture)
        assert (a.verdict, a.reason, a.class_name) == (b.verdict, b.reason, b.class_name)
        assert a.score == pytest.approx(b.score, rel=1e-3)
