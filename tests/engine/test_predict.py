"""qc-engine predict: every picture keeps a heatmap of its own, and an unreadable one is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fixtures_bundle import tiny_picture
from numpy.typing import NDArray

from engine.cli import main

Write = Callable[[Path, NDArray[np.uint8]], Path]
Capture = pytest.CaptureFixture[str]


def predict(bundle: Path, words: list[str], capsys: Capture, code: int = 0) -> dict[str, Any]:
    command = ["predict", "--bundle", str(bundle), "--device", "openvino", "--json", *words]
    assert main(command) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_pictures_of_one_name_keep_their_own_heatmaps(
    tiny_bundle: Path, tmp_path: Path, write_picture: Write, capsys: Capture
) -> None:
    names = ["a/000.png", "a/000-2.png", "a/x.png", "a/x.jpg", "b/000.png", "b/X.PNG"]
    for seed, name in enumerate(names):
        write_picture(tmp_path / name, tiny_picture(seed, defect=seed % 2 == 1))
    maps = tmp_path / "maps"
    words = [str(tmp_path / "a"), str(tmp_path / "b"), "--heatmaps", str(maps)]
    rows = predict(tiny_bundle, words, capsys)["pictures"]
    files = {Path(row["path"]).relative_to(tmp_path).as_posix(): row["heatmap"] for row in rows}
    assert len(files) == len(names)
    assert {name: Path(file).name for name, file in files.items()} == {
        "a/000-2.png": "000-2.png",
        "a/000.png": "000.png",
        "a/x.jpg": "x.png",
        "a/x.png": "x-2.png",
        "b/000.png": "000-3.png",
        "b/X.PNG": "X-3.png",
    }
    assert all(cv2.imread(file) is not None for file in files.values())
    assert predict(tiny_bundle, words, capsys)["pictures"][0]["heatmap"] == rows[0]["heatmap"]


def test_without_heatmaps_there_is_no_path(
    tiny_bundle: Path, tmp_path: Path, write_picture: Write, capsys: Capture
) -> None:
    picture = write_picture(tmp_path / "x.png", tiny_picture(1))
    assert predict(tiny_bundle, [str(picture)], capsys)["pictures"][0]["heatmap"] is None


def test_a_heatmap_never_overwrites_a_picture(
    tiny_bundle: Path, tmp_path: Path, write_picture: Write, capsys: Capture
) -> None:
    picture = write_picture(tmp_path / "x.png", tiny_picture(1))
    before = picture.read_bytes()
    words = [str(tmp_path), "--heatmaps", str(tmp_path)]
    assert predict(tiny_bundle, words, capsys, 2)["error"]["code"] == "heatmaps_over_pictures"
    assert picture.read_bytes() == before


@pytest.mark.parametrize("count", [1, 2])
def test_an_unreadable_file_is_named_with_the_reason(
    count: int, tiny_bundle: Path, tmp_path: Path, capsys: Capture
) -> None:
    notes = [tmp_path / f"note{index}.txt" for index in range(count)]
    for note in notes:
        note.write_text("no picture")
    error = predict(tiny_bundle, [str(note) for note in notes], capsys, 2)["error"]
    assert error["code"] == "no_pictures"
    assert str(notes[0]) in error["message"] and "not a picture" in error["message"]
    assert [problem["path"] for problem in error["problems"]] == [str(note) for note in notes]
    assert {problem["code"] for problem in error["problems"]} == {"picture_unreadable"}
