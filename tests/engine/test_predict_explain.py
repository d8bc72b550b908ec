"""qc-engine predict --explain: which parts, where the evidence is, files, and refusals."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fixtures_bundle import tiny_picture
from numpy.typing import NDArray

from engine.cli import main
from engine.commands import explaining

Write = Callable[[Path, NDArray[np.uint8]], Path]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def parts(tmp_path: Path, write_picture: Write) -> Path:
    """Two parts of one name: a good one and a defective one."""
    write_picture(tmp_path / "parts/a/000.png", tiny_picture(1))
    write_picture(tmp_path / "parts/b/000.png", tiny_picture(500, defect=True))
    return tmp_path / "parts"


def predict(bundle: Path, words: list[str | Path], capsys: Capture, code: int = 0) -> Any:
    command = ["predict", "--bundle", str(bundle), "--device", "openvino", "--json"]
    assert main([*command, *map(str, words)]) == code
    return json.loads(capsys.readouterr().out)


def test_the_part_that_is_not_ok_is_explained_and_drawn(
    tiny_bundle: Path, parts: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "out"
    words = [parts / "a", parts / "b", "--explain", "occlusion", "--explanations", out]
    good, bad = predict(tiny_bundle, words, capsys)["pictures"]
    assert good["verdict"] == "OK" and good["explanation"] is None
    said = bad["explanation"]
    assert (said["method"], said["target"]) == ("occlusion", "")
    assert said["score"] == pytest.approx(bad["score"], rel=0.2) and said["seconds"] > 0.0
    assert 0.3 < said["peak"]["x"] < 0.7 and 0.3 < said["peak"]["y"] < 0.7
    assert said["file"] == str(out / "000-2.png")  # the other 000 keeps its name
    assert [file.name for file in out.iterdir()] == ["000-2.png"]
    drawn = cv2.cvtColor(cv2.imread(said["file"]), cv2.COLOR_BGR2RGB)
    assert drawn.shape == (96, 2 * 96 + explaining.GAP, 3)
    np.testing.assert_array_equal(drawn[:, :96], tiny_picture(500, defect=True))
    coloured = np.ptp(drawn[:, -96:].astype(int), axis=2)
    x, y = round(96 * said["peak"]["x"]), round(96 * said["peak"]["y"])
    assert coloured[y, x] > 20 and coloured[5, 5] < 10


def test_good_parts_are_explained_on_request_and_need_no_folder(
    tiny_bundle: Path, parts: Path, capsys: Capture
) -> None:
    words = [parts / "a", "--explain", "occlusion", "--explain-all"]
    (row,) = predict(tiny_bundle, words, capsys)["pictures"]
    assert row["verdict"] == "OK"
    assert row["explanation"]["method"] == "occlusion" and row["explanation"]["file"] is None


def test_the_table_says_where_the_evidence_is(
    tiny_bundle: Path, parts: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    command = ["predict", "--bundle", str(tiny_bundle), str(parts), "--explain", "occlusion"]
    assert main([*command, "--explanations", str(tmp_path / "out")]) == 0
    table = capsys.readouterr().out
    assert "evidence at" in table and "%," in table


def test_a_large_picture_is_drawn_smaller() -> None:
    picture = np.zeros((1500, 3000, 3), np.uint8)
    drawn = explaining.side_by_side(picture, np.zeros((32, 32), np.uint8))
    assert drawn.shape == (512, 2 * 1024 + explaining.GAP, 3)


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--explain", "gradcam"], "explanation_unsupported", "occlusion"),
        (["--explain", "gradcam++"], "explanation_unsupported", "occlusion"),
        (["--explain", "occlusion", "--explain-class", "dent"], "explanation_class", "dent"),
        (["--explain-class", "dent"], "explain_options", "--explain"),
        (["--explain-all"], "explain_options", "--explain"),
        (["--explanations", "out"], "explain_options", "occlusion"),
    ],
)
def test_what_cannot_be_explained_is_refused_before_any_part_is_judged(
    words: list[str | Path],
    code: str,
    word: str,
    tiny_bundle: Path,
    parts: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from engine.inference.openvino_runtime import OpenVinoPredictor

    monkeypatch.setattr(OpenVinoPredictor, "predict", lambda *_: pytest.fail("judged"))
    error = predict(tiny_bundle, [parts, *words], capsys, 2)["error"]
    assert error["code"] == code and word in error["message"]


def test_explanations_that_nobody_would_see_are_refused(
    tiny_bundle: Path, parts: Path, capsys: Capture
) -> None:
    command = ["predict", "--bundle", str(tiny_bundle), str(parts), "--explain", "occlusion"]
    assert main(command) == 2
    assert "--explanations" in capsys.readouterr().err


def test_an_explanation_overwrites_neither_a_picture_nor_a_heatmap(
    tiny_bundle: Path, parts: Path, tmp_path: Path, capsys: Capture
) -> None:
    words = [parts, "--explain", "occlusion", "--explanations"]
    error = predict(tiny_bundle, [*words, parts], capsys, 2)["error"]
    assert error["code"] == "explanations_over_pictures"
    same = [*words, tmp_path / "out", "--heatmaps", tmp_path / "x" / ".." / "out"]
    error = predict(tiny_bundle, same, capsys, 2)["error"]
    assert error["code"] == "explanations_over_heatmaps"
    assert not (tmp_path / "out").exists()


def test_explaining_can_be_cancelled_and_the_table_is_kept(
    tiny_bundle: Path,
    parts: Path,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load = explaining.load_explainer

    def load_and_cancel(*given: Any) -> Any:
        stop = signal.getsignal(signal.SIGINT)  # the command's own handler, while it runs
        assert callable(stop)
        stop(signal.SIGINT, None)
        return load(*given)

    monkeypatch.setattr(explaining, "load_explainer", load_and_cancel)
    table, out = tmp_path / "table.csv", tmp_path / "out"
    words = [parts, "--explain", "occlusion", "--explanations", out, "--csv", table]
    error = predict(tiny_bundle, words, capsys, 130)["error"]
    assert error["code"] == "cancelled"
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3 and not out.exists()
