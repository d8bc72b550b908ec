"""The station in a real window on a virtual screen, driven by key events (make test-window)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.xvfb


def until(found, timeout_s: float = 60.0):
    """What ``found()`` answers as soon as it is something."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@pytest.fixture(autouse=True)
def screen() -> Iterator[None]:
    """A window manager on the virtual screen, so that windows get the keyboard."""
    if not os.environ.get("DISPLAY") or not shutil.which("xdotool"):
        pytest.skip("needs a display, openbox and xdotool: make test-window brings all three")
    manager = subprocess.Popen(["openbox"])
    yield
    manager.terminate()
    manager.wait(10)


def test_operator_looks_at_every_page_by_keys_and_quits(
    station_home: Path, small_bottle: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(
        station_home, tmp_path / "home", ignore=shutil.ignore_patterns("station.lock")
    )
    environment = {name: v for name, v in os.environ.items() if name != "QT_QPA_PLATFORM"}
    station = subprocess.Popen(
        [sys.executable, "-m", "qc_station", "--home", str(home), "--data", str(small_bottle)],
        env=environment,
    )

    def keys(*names: str) -> None:
        subprocess.run(["xdotool", "key", "--delay", "120", *names], check=True)

    def window() -> str:
        search = ["xdotool", "search", "--onlyvisible", "--name", "^QC Station$"]
        return subprocess.run(search, capture_output=True, text=True).stdout.strip()

    try:
        identifier = until(window).splitlines()[-1]
        subprocess.run(["xdotool", "windowactivate", "--sync", identifier], check=True)
        keys("ctrl+2", "ctrl+3", "ctrl+4", "ctrl+1", "F5", "F5")
        assert station.poll() is None
        keys("ctrl+q")
        assert station.wait(60) == 0
    finally:
        if station.poll() is None:
            station.kill()
            station.wait()
    log = (home / "logs" / "station.log").read_text()
    assert "Uncaught" not in log
