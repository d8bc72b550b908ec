"""The contact sheet shows every class with its outlines, at the size it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.cli import main
from engine.training.preview import CAPTION, COLUMNS, GAP, OUTLINE


def _run(words: list[str], capsys: Any) -> tuple[int, dict[str, Any]]:
    code = main(["augment-preview", "--json", "--progress", "none", "--size", "48", *words])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("kind", ["targeted", "plain", "none"])
def test_a_sheet_has_a_section_for_each_class(
    kind: str, make_mvtec: Any, tmp_path: Path, capsys: Any
) -> None:
    root = make_mvtec(defects={"dent": 3, "crack": 2})
    words = ["--data", str(root), "--out", str(tmp_path / "a" / "sheet.png"), "--per-class", "8"]
    code, result = _run([*words, "--augmentation", kind], capsys)
    assert code == 0 and result["classes"] == {"crack": 2, "dent": 3, "good": 16}
    sheet = cv2.imread(result["path"])
    assert sheet.shape == (result["height"], result["width"], 3)
    rows = 2  # each of six variations and the picture as it is
    assert result["height"] == 3 * (CAPTION + rows * (48 + GAP))
    assert result["width"] == COLUMNS * (48 + GAP) + GAP
    assert int((sheet[..., ::-1] == OUTLINE).all(axis=2).sum()) > 100


def test_the_same_seed_draws_the_same_sheet(make_mvtec: Any, tmp_path: Path, capsys: Any) -> None:
    root, sheets = make_mvtec(), []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        out = tmp_path / f"{name}.png"
        assert _run(["--data", str(root), "--out", str(out), "--seed", seed], capsys)[0] == 0
        sheets.append(out.read_bytes())
    assert sheets[0] == sheets[1] != sheets[2]


def test_synthetic_defects_have_sections_of_their_own(
    make_mvtec: Any, tmp_path: Path, capsys: Any
) -> None:
    words = ["--data", str(make_mvtec()), "--out", str(tmp_path / "s.png"), "--per-class", "3"]
    plain = _run(words, capsys)[1]
    more = _run([*words, "--synthetic"], capsys)[1]
    assert more["height"] == plain["height"] + 3 * (CAPTION + 48 + GAP)
    assert np.unique(cv2.imread(more["path"])).size > 20


def test_only_training_pictures_of_a_division_are_shown(
    make_mvtec: Any, tmp_path: Path, capsys: Any
) -> None:
    root, split = make_mvtec(defects={"dent": 5}), tmp_path / "split.json"
    assert main(["split", "--data", str(root), "--out", str(split), "--json"]) == 0
    capsys.readouterr()
    result = _run(["--data", str(split), "--out", str(tmp_path / "s.png")], capsys)[1]
    assert result["classes"] == {"dent": 3, "good": 10}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--out", "sheet.jpg"], "suffix_wrong"),
        (["--out", "sheet.png", "--per-class", "0"], "option_out_of_range"),
        (["--out", "sheet.png", "--size", "9000"], "option_out_of_range"),
    ],
)
def test_wrong_options_are_refused(
    words: list[str], code: str, make_mvtec: Any, capsys: Any
) -> None:
    done, result = _run(["--data", str(make_mvtec()), *words], capsys)
    assert done == 2 and result["error"]["code"] == code
