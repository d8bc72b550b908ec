"""A small real bundle and what is needed to drive the real engine process. Imports no torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from qc_station.domain.frame import Frame
from qc_station.interpreter import keep_constants_alive

keep_constants_alive()  # for every test that uses Qt
TINY_SIZE = 64


def tiny_picture(seed: int, defect: bool = False, size: int = 96) -> NDArray[np.uint8]:
    """A disc on a pale ground, uint8 RGB; a defective one has a dark slash across it."""
    rng = np.random.default_rng(seed)
    picture = np.full((size, size, 3), 200, np.uint8)
    x, y = (int(v) for v in size // 2 + rng.integers(-2, 3, 2))
    cv2.circle(picture, (x, y), size // 3, (140, 110, 90), -1, cv2.LINE_AA)
    if defect:
        cv2.line(picture, (x - size // 5, y - 4), (x + size // 5, y + 6), (10, 10, 10), size // 10)
    noisy = picture + rng.normal(0.0, 4.0, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle taught once a session by the real command on 14 pictures at 64 px."""
    folder = tmp_path_factory.mktemp("tiny")
    good = folder / "data" / "train" / "good"
    good.mkdir(parents=True)
    for seed in range(14):
        cv2.imwrite(str(good / f"{seed:03}.png"), tiny_picture(seed)[..., ::-1])
    out = folder / "bundle"
    command = [sys.executable, "-m", "engine", "teach", "--data", str(folder / "data")]
    command += ["--out", str(out), "--product", "tiny", "--input-size", str(TINY_SIZE), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["product"] == "tiny"
    return out


@pytest.fixture
def make_frame() -> Callable[..., Frame]:
    """``make_frame(seed, defect=False, size=96)``: a camera frame of a tiny picture."""

    def make(seed: int, defect: bool = False, size: int = 96) -> Frame:
        pixels = tiny_picture(seed, defect, size)
        pixels.flags.writeable = False
        return Frame(seed, pixels, datetime.now(UTC), monotonic(), "test:")

    return make


def shared_segments(pid: int | None = None) -> set[str]:
    """Names of the station's shared-memory segments (of one process) in /dev/shm."""
    prefix = f"qcs-{os.getpid() if pid is None else pid}-"
    return {entry.name for entry in Path("/dev/shm").glob(f"{prefix}*")}


def process_alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")
