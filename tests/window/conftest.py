"""The virtual screen with its window manager and accessibility bus; a station that was taught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from window_support import SYSTEM_PYTHON, Reader, StationWindow, screen_environment, until

from qc_station.domain.triggers import TriggerMode
from qc_station.settings.store import SettingsStore

PROGRAMS = ("xdotool", "openbox", "dbus-daemon")
SIZE = "256"


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, dict[str, str]]]:
    """(reader, environment); the test skips where the programs for it are missing."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    bindings = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('Atspi', '2.0')"], capture_output=True
    )
    if not os.environ.get("DISPLAY") or missing or bindings.returncode:
        pytest.skip("needs a display, openbox, xdotool and at-spi2: .ci/setup --ci, then make")
    environment = screen_environment()
    address = f"unix:path={tmp_path_factory.mktemp('bus') / 'socket'}"
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}"],
        env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    environment["DBUS_SESSION_BUS_ADDRESS"] = address
    socket = Path(address.removeprefix("unix:path="))
    until(socket.exists, "a session bus")
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    reader = Reader(environment)
    yield reader, environment
    reader.close()
    for process in (manager, bus):
        process.terminate()
        process.wait(10)


@pytest.fixture(autouse=True)
def no_process_left(screen: object) -> Iterator[None]:
    """No engine, no job and no station outlives its test."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert not left, f"processes left running: {left}"


def _engine(*arguments: str) -> None:
    command = [sys.executable, "-m", "engine", *arguments, "--progress", "none"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _render(folder: Path, seed: int) -> Path:
    _engine(
        "render-cables", "--out", str(folder), "--size", SIZE, "--seed", str(seed),
        "--train-good", "24", "--test-good", "30", "--defects", "1",
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def cables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rendered cables in MVTec layout; the product is called cable."""
    return _render(tmp_path_factory.mktemp("data") / "cable", 0)


@pytest.fixture(scope="session")
def other_cables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second product, called lamp_cable."""
    return _render(tmp_path_factory.mktemp("data") / "lamp_cable", 7)


@pytest.fixture(scope="session")
def taught(cables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a station that taught itself cables and inspected three."""
    home = tmp_path_factory.mktemp("station") / "home"
    command = [sys.executable, "-m", "qc_station", "--home", str(home), "--data", str(cables)]
    done = subprocess.run(
        [*command, "--headless", "--quit-after", "3"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return home


@pytest.fixture
def home(taught: Path, tmp_path: Path) -> Path:
    """A copy of that station for one test."""
    ignored = shutil.ignore_patterns("station.lock")
    return shutil.copytree(taught, tmp_path / "home", ignore=ignored)


@pytest.fixture
def open_station(
    home: Path, cables: Path, screen: tuple[Reader, dict[str, str]]
) -> Callable[..., StationWindow]:
    """``open_station(**settings)``: its window; it plays demo parts without a pause."""

    def start(**settings: object) -> StationWindow:
        store = SettingsStore(home / "settings.toml")
        wanted: dict[str, Any] = {
            "trigger_mode": TriggerMode.FOLDER, "interval_ms": 0, "deadline_ms": 20_000, **settings,
        }  # fmt: skip
        store.save(replace(store.load().settings, **wanted))
        reader, environment = screen
        return StationWindow(home, reader, environment, "--camera", f"demo:{cables}")

    return start
