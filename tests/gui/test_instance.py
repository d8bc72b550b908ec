"""One station per home: the second start shows the first one's window; a kill leaves no lock."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from pytestqt.qtbot import QtBot

from qc_station.app import main
from qc_station.services.instance import FrontDoor, show_other
from qc_station.settings.paths import StationPaths

HOLDER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from qc_station.app import _take
from qc_station.services.instance import FrontDoor
from qc_station.settings.paths import StationPaths
application = QCoreApplication([])
lock = _take(StationPaths(Path(sys.argv[1])))
door = FrontDoor(Path(sys.argv[1]))
print("ready", flush=True)
application.exec()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return StationPaths(tmp_path / "home").ensure().home


def test_a_second_start_shows_the_first_window_and_ends_with_a_sentence(
    qtbot: QtBot, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = QLockFile(str(home / "station.lock"))
    assert lock.tryLock(200)
    door = FrontDoor(home)
    with qtbot.waitSignal(door.asked_to_show, timeout=5000):
        assert main(["--home", str(home)]) == 2
    assert "already running" in capsys.readouterr().err
    door.close()
    lock.unlock()


def test_nobody_listens_on_another_home(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    door = FrontDoor(home)
    assert not show_other(tmp_path / "elsewhere")
    door.close()
    assert not show_other(home)


def test_a_station_that_was_killed_leaves_nothing_in_the_way(qtbot: QtBot, home: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "ready"
    lock = QLockFile(str(home / "station.lock"))
    lock.setStaleLockTime(0)
    assert not lock.tryLock(100), "it is held"
    holder.send_signal(signal.SIGKILL)
    holder.wait(10)
    holder.stdout.close()
    assert lock.tryLock(1000), "a dead owner does not hold it"
    door = FrontDoor(home)
    with qtbot.waitSignal(door.asked_to_show, timeout=5000):
        assert show_other(home)
    door.close()
    lock.unlock()
