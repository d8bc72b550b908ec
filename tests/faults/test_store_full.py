"""Full and read-only disks: the part is not inspected, the log recovers, nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from store_support import make_frame, make_part

from db.errors import StoreError
from db.store import Store
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.outcome import PartResult
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.verdict_log import VerdictLog

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None,
    reason="needs root under Linux to mount a small tmpfs",
)
Mount = Callable[[str, str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """``mount("images", "2m")``: a tmpfs of that size; unmounted at the end."""
    mounted: list[Path] = []

    def make(name: str, size: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            pytest.skip("this machine does not let tests mount a tmpfs")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=False)


class Answers:
    """What the log said, in order."""

    def __init__(self, log: VerdictLog) -> None:
        self.said: list[tuple[int, str, Verdict, Reason]] = []
        self.health: list[bool] = []
        log.recorded.connect(lambda result: self._add("recorded", result))
        log.record_failed.connect(lambda result: self._add("failed", result))
        log.health_changed.connect(self.health.append)

    def _add(self, signal: str, result: PartResult) -> None:
        part = result.inspection
        self.said.append((part.part_number, signal, part.verdict, part.reason))


def test_full_picture_disk_and_recovery(tmp_path: Path, mount: Mount, qtbot: QtBot) -> None:
    images_root = mount("images", "1m")
    ballast = images_root / "ballast"
    store = Store.open(tmp_path / "station.sqlite3")
    log = VerdictLog(store, ImageStore(images_root), probe_interval_s=0.05)
    log._images.probe = lambda n_bytes=1 << 18: ImageStore.probe(log._images, n_bytes)  # type: ignore[method-assign]
    answers = Answers(log)
    try:
        log.record(make_part(1), make_frame(1), None)
        assert log.flush()
        _fill(ballast)
        log.record(make_part(2, verdict=Verdict.NG), make_frame(2, 256), None)
        assert log.flush()
        assert not log.healthy
        assert log.last_error is not None and log.last_error.code == "disk_full"
        assert list((images_root / ".incoming").glob("*.png")) == []
        ballast.unlink()
        qtbot.waitUntil(lambda: log.healthy, timeout=5000)
        log.record(make_part(3), make_frame(3), None)
        assert log.flush()
        assert answers.said == [
            (1, "recorded", Verdict.OK, Reason.BELOW_OK_LIMIT),
            (2, "failed", Verdict.NOT_INSPECTED, Reason.DISK_FULL),
            (3, "recorded", Verdict.OK, Reason.BELOW_OK_LIMIT),
        ]
        assert answers.health == [False, True]
        logged = log.query(HistoryFilter(), 0, 10)
        assert [(part.part_number, part.reason) for part in logged] == [
            (3, Reason.BELOW_OK_LIMIT),
            (2, Reason.DISK_FULL),
            (1, Reason.BELOW_OK_LIMIT),
        ]
        assert "NG" in logged[1].detail and logged[1].score == 1.25
        picture = log.image("part-1")
        assert picture is not None and np.array_equal(picture, make_frame(1).pixels)
        assert log.sweep() == 0
    finally:
        log.close()
        store.close()


def test_full_database_disk_keeps_what_was_acknowledged(
    tmp_path: Path, mount: Mount, qtbot: QtBot
) -> None:
    home = mount("home", "3m")
    store = Store.open(home / "station.sqlite3")
    log = VerdictLog(store, ImageStore(home / "images"), probe_interval_s=0.05)
    log._images.probe = lambda n_bytes=1 << 18: ImageStore.probe(log._images, n_bytes)  # type: ignore[method-assign]
    answers = Answers(log)
    try:
        for number in range(1, 6):
            log.record(make_part(number), make_frame(number), None)
        assert log.flush()
        _fill(home / "ballast")
        for number in range(6, 200):
            log.record(make_part(number, detail="x" * 2000), None, None)
            assert log.flush()
            if number > 10 and not log.healthy and log._owed:
                break
        assert log._owed, "the database itself must have run out of space"
        last = answers.said[-1]
        assert last[1:] == ("failed", Verdict.NOT_INSPECTED, Reason.DISK_FULL)
        (home / "ballast").unlink()
        qtbot.waitUntil(lambda: log.healthy and not log._owed, timeout=5000)
        logged = {part.part_number: part for part in log.query(HistoryFilter(), 0, 1000)}
        assert len(logged) == len(answers.said), "every part has its row"
        for number, _signal, verdict, reason in answers.said:
            assert (logged[number].verdict, logged[number].reason) == (verdict, reason)
    finally:
        log.close()
        store.close()


def test_read_only_pictures(tmp_path: Path, mount: Mount, qtbot: QtBot) -> None:
    images_root = mount("images", "4m")
    store = Store.open(tmp_path / "station.sqlite3")
    log = VerdictLog(store, ImageStore(images_root))
    answers = Answers(log)
    try:
        subprocess.run(["mount", "-o", "remount,ro", str(images_root)], check=True)
        log.record(make_part(1), make_frame(1), None)
        assert log.flush()
        assert answers.said == [(1, "failed", Verdict.NOT_INSPECTED, Reason.STORE_FAULT)]
        assert log.last_error is not None and log.last_error.code == "store_read_only"
        subprocess.run(["mount", "-o", "remount,rw", str(images_root)], check=True)
        qtbot.waitUntil(lambda: log.healthy, timeout=5000)
    finally:
        log.close()
        store.close()


def test_database_in_a_read_only_folder_says_so(mount: Mount) -> None:
    home = mount("home", "4m")
    subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
    with pytest.raises(StoreError) as caught:
        Store.open(home / "station.sqlite3")
    assert caught.value.code in {"store_unavailable", "store_read_only"}


def _fill(path: Path) -> None:
    """Take all the space that is left."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return
