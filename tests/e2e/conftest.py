"""Small real data sets for end-to-end tests: links to the shared pictures, no copies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

TRAIN_GOOD = 30
TEST_EACH = 5
FADED = 16


@pytest.fixture(scope="session")
def small_bottle(
    shared_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """MVTec bottle, 30 good pictures to teach from and 5 of each kind to inspect."""
    source = shared_data("mvtec_bottle_512")
    root = tmp_path_factory.mktemp("data") / "bottle"
    wanted = sorted((source / "train" / "good").iterdir())[:TRAIN_GOOD]
    for kind in sorted((source / "test").iterdir()):
        wanted += sorted(kind.iterdir())[:TEST_EACH]
        if (source / "ground_truth" / kind.name).is_dir():
            wanted += sorted((source / "ground_truth" / kind.name).iterdir())[:TEST_EACH]
    for picture in wanted:
        link = root / picture.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(picture)
    _add_faded(root)
    return root


def _add_faded(root: Path) -> None:
    """A good bottle under an ageing lamp, from sound to dark: some of it must be uncertain."""
    bottle = cv2.imread(str(sorted((root / "test" / "good").iterdir())[0]))
    folder = root / "test" / "faded"
    folder.mkdir()
    for index, gain in enumerate(np.linspace(0.98, 0.5, FADED)):
        cv2.imwrite(str(folder / f"{index:03}.png"), (bottle * gain).astype(np.uint8))


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run() -> Run:
    """``run("engine", "teach", …)``: runs ``python -m …`` as a script would."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=280, env=environment, check=False
        )

    return start


@pytest.fixture(scope="session")
def station_home(run: Run, small_bottle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose station taught itself on a few bottles and inspected all test pictures."""
    home = tmp_path_factory.mktemp("station") / "home"
    pictures = sum(1 for path in (small_bottle / "test").rglob("*") if path.is_file())
    done = run(
        "qc_station", "--home", str(home), "--data", str(small_bottle), "--headless",
        "--quit-after", str(pictures),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    summary = json.loads(done.stdout.strip().splitlines()[-1])
    assert summary["parts"] == pictures
    assert summary["not_inspected"] == 0
    return home
