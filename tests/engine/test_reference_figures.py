"""The figures on real pictures stay at least as good as the README says. By the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
SharedData = Callable[[str], Path]


def engine(*words: str | Path) -> dict[str, Any]:
    """The JSON answer of one command in a process of its own."""
    command = [sys.executable, "-m", "engine", *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def teach_and_evaluate(data: Path, bundle: Path) -> dict[str, Any]:
    engine("teach", "--data", data, "--out", bundle)
    return engine("evaluate", "--bundle", bundle, "--data", data)


def test_bottle(shared_data: SharedData, tmp_path: Path) -> None:
    report = teach_and_evaluate(shared_data("mvtec_bottle_512"), tmp_path / "bundle")
    assert report["image"]["auroc"]["value"] >= 0.999
    assert report["pixel"]["aupro"]["value"] >= 0.95
    assert report["pixel"]["ap"]["value"] >= 0.80


def test_magnetic_tile(shared_data: SharedData, tmp_path: Path) -> None:
    report = teach_and_evaluate(shared_data("magnetic_tile"), tmp_path / "bundle")
    assert report["image"]["auroc"]["value"] >= 0.96
