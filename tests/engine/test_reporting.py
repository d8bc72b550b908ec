"""What the system refuses reaches the user as one sentence, in whichever form was asked for."""

from __future__ import annotations

import argparse
import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.bundle import check_bundle_path
from engine.cli import main
from engine.commands import reporting
from engine.commands.reporting import Reporter, run_reported

NOWHERE = "/proc/qc"  # nobody can make a folder there, not even root
needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")


def _fails_with(error: OSError, *, as_json: bool, progress: str) -> int:
    def work(_reporter: Reporter) -> dict[str, Any]:
        raise error

    arguments = argparse.Namespace(json=as_json, progress=progress)
    return run_reported(arguments, work, lambda _result: None)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EACCES, "not_writable"),
        (errno.EROFS, "not_writable"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(
    number: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = OSError(number, "reason", "/data/out.csv")
    assert _fails_with(error, as_json=True, progress="none") == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"]["code"] == code
    assert "/data/out.csv" in printed.err and printed.err.count("\n") == 1


def test_a_full_disk_without_a_path_ends_a_job_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reporting, "_become_a_job", lambda: None)
    error = OSError(errno.ENOSPC, "No space left on device")
    assert _fails_with(error, as_json=False, progress="jsonl") == 2
    line = json.loads(capsys.readouterr().out)
    assert line["code"] == "disk_full" and "disk is full" in line["message"]


def test_a_fault_of_the_program_is_not_called_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="lib"):
        _fails_with(OSError("libfoo.so does not load"), as_json=True, progress="none")


@needs_proc
@pytest.mark.parametrize("option", ["--heatmaps", "--csv"])
def test_predict_says_where_it_cannot_write(
    option: str, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = tiny_bundle.parent / "data" / "train" / "good"
    words = ["predict", "--bundle", str(tiny_bundle), str(pictures), option, f"{NOWHERE}/x"]
    assert main([*words, "--device", "openvino", "--json"]) == 2
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert error["code"] == "not_writable" and NOWHERE in error["message"]
    assert printed.err.count("\n") == 1


@needs_proc
def test_a_teaching_job_that_cannot_write_fails_in_words(tiny_bundle: Path) -> None:
    command = [sys.executable, "-m", "engine", "teach", "--input-size", "64"]
    command += ["--data", str(tiny_bundle.parent / "data"), "--out", f"{NOWHERE}/b"]
    done = subprocess.run(
        [*command, "--progress", "jsonl"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2
    line = json.loads(done.stdout.splitlines()[-1])
    assert line["code"] == "not_writable" and NOWHERE in line["message"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["a file", "another folder", "under a file"])
def test_a_taken_place_is_refused_before_teaching(
    kind: str, tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "note.txt").write_text("mine")
    out = {
        "a file": tmp_path / "note.txt",
        "another folder": tmp_path,
        "under a file": tmp_path / "note.txt" / "b",
    }[kind]
    words = ["teach", "--data", str(tiny_bundle.parent / "data"), "--out", str(out)]
    words += ["--weights", str(tmp_path / "none.safetensors")]  # what teaching would look at first
    assert main([*words, "--json"]) == 2
    code = json.loads(capsys.readouterr().out)["error"]["code"]
    assert code == ("not_writable" if kind == "under a file" else "bundle_path_taken")
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_the_check_leaves_nothing_behind(tmp_path: Path) -> None:
    check_bundle_path(tmp_path / "new" / "folder" / "b")
    assert list(tmp_path.iterdir()) == []
