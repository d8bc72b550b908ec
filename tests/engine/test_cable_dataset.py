"""Rendered data sets on disk and the command that writes them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.cli import main
from engine.data.cable import DEFECTS, write_dataset
from engine.data.layout import load_dataset
from engine.errors import EngineError


def test_layout_on_disk_is_mvtecs(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "cables"
    seen: list[tuple[str, int, int]] = []
    written = write_dataset(
        out, 64, 1, 10, 2, 1, progress=lambda stage, done, total: seen.append((stage, done, total))
    )
    assert sorted(p.name for p in (out / "train" / "good").iterdir())[:2] == ["000.png", "001.png"]
    assert sorted(p.name for p in (out / "test").iterdir()) == sorted(("good", *DEFECTS))
    assert not (out / "ground_truth" / "good").exists()
    for name in DEFECTS:
        picture = cv2.imread(str(out / "test" / name / "000.png"), cv2.IMREAD_UNCHANGED)
        mask = cv2.imread(str(out / "ground_truth" / name / "000_mask.png"), cv2.IMREAD_UNCHANGED)
        assert picture.shape == (64, 64, 3) and mask.shape == (64, 64)
        assert set(np.unique(mask)) == {0, 255}
    assert written.pictures == 20 and seen[-1] == ("render", 20, 20)
    assert [p.name for p in out.parent.iterdir()] == ["cables"]


def test_our_own_reader_takes_it_without_a_complaint(tmp_path: Path) -> None:
    write_dataset(tmp_path / "cables", 64, 1, 10, 1, 1)
    dataset = load_dataset(tmp_path / "cables")
    assert dataset.layout == "mvtec" and not dataset.problems
    assert dataset.classes == tuple(sorted(DEFECTS))
    assert sum(s.mask_path is not None for s in dataset.samples) == len(DEFECTS)


def test_same_seed_same_files_whatever_the_counts(tmp_path: Path) -> None:
    write_dataset(tmp_path / "a", 64, 5, 2, 1, {"poke_insulation": 1})
    write_dataset(tmp_path / "b", 64, 5, 3, 2, {"poke_insulation": 2, "bent_wire": 1})
    write_dataset(tmp_path / "c", 64, 6, 1, 0, 0)
    for name in ("train/good/001.png", "test/good/000.png", "test/poke_insulation/000.png"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    first = "train/good/000.png"
    assert (tmp_path / "a" / first).read_bytes() != (tmp_path / "c" / first).read_bytes()


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    steps = iter((False, False, True))
    with pytest.raises(EngineError) as refusal:
        write_dataset(tmp_path / "cables", 64, 0, 9, 0, 0, is_cancelled=lambda: next(steps))
    assert refusal.value.code == "cancelled"
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(EngineError, match="not empty") as refusal:
        write_dataset(tmp_path, 64, 0, 1, 0, 0)
    assert refusal.value.code == "folder_not_empty"
    assert (tmp_path / "mine.txt").read_text() == "kept"
    with pytest.raises(EngineError, match="is a file"):
        write_dataset(tmp_path / "mine.txt", 64, 0, 1, 0, 0)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    out = tmp_path / "empty"
    out.mkdir()
    write_dataset(out, 64, 0, 1, 0, 0)
    assert (out / "train" / "good" / "000.png").is_file()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be written") as refusal:
        write_dataset(tmp_path / "file" / "cables", 64, 0, 1, 0, 0)
    assert refusal.value.code == "not_writable"


@pytest.mark.parametrize(
    ("counts", "code"),
    [((0, 0, 0), "bad_count"), ((-1, 2, 1), "bad_count"), ((1, 1, {"rust": 1}), "unknown_defect")],
)
def test_senseless_counts_are_refused(tmp_path: Path, counts: tuple, code: str) -> None:
    with pytest.raises(EngineError) as refusal:
        write_dataset(tmp_path / "cables", 64, 0, *counts)
    assert refusal.value.code == code
    assert not list(tmp_path.iterdir())


def _command(out: Path, *options: str) -> int:
    return main(["render-cables", "--out", str(out), "--size", "64", *options])


def test_command_prints_its_result_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = ("--train-good", "2", "--test-good", "1", "--defects", "1")
    assert _command(tmp_path / "cables", *counts, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["pictures"] == 11 and result["counts"]["test/missing_wire"] == 1


def test_command_speaks_lines_to_the_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = ("--train-good", "1", "--test-good", "1", "--defects", "0")
    assert _command(tmp_path / "cables", *counts, "--progress", "jsonl") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-2]["type"] == "job_progress" and lines[-2]["stage"] == "render"
    assert (lines[-2]["done"], lines[-2]["total"]) == (2, 2)
    assert lines[-1]["type"] == "job_done" and lines[-1]["result"]["pictures"] == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--size", "9"), "9 pixels cannot be rendered"),
        (("--seed", "-4"), "seed -4 is negative"),
        (("--defects", "-2"), "-2 pictures of bent_wire"),
        (("--mvtec-counts", "--defects", "3"), "leave out --defects"),
    ],
)
def test_command_refuses_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    assert _command(tmp_path / "cables", *options) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "cables").exists()
