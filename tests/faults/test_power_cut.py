"""The plug is pulled again and again: what was acknowledged is in the log, whole, every time.

The station works on an ext4 image in a loop file. A cut stops it and copies the file: the copy has
what reached the disk, not what waited in the page cache; the next round starts from the copy.
A volatile cache inside the drive is not simulated. Run as a program, this file is the station.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from store_support import NOON, make_frame, make_heatmap, make_part

from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.reviews import ReviewRepository
from db.store import Session, Store
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.outcome import PartResult
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.inspection_records import to_inspection, to_query
from qc_station.services.verdict_log import VerdictLog
from qc_station.services.verdict_writer import VerdictWriter

ROOT = Path(__file__).resolve().parents[2]
VERDICTS = (Verdict.OK, Verdict.NG, Verdict.REVIEW)
SEED, CUTS, ALL = 20261122, 8, 1_000_000

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None,
        reason="needs root under Linux and mkfs.ext4, to mount a disk that loses its power",
    ),
]


class Disk:
    """A small ext4 image, mounted at ``home``; a cut puts a copy of it in its place."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "disk"
        self.home.mkdir()
        self._image, self._copy = folder / "disk.img", folder / "copy.img"
        make = ["mkfs.ext4", "-q", str(self._image), "64M"]
        subprocess.run(make, check=True, capture_output=True)

    def mount(self) -> str:
        """Why it cannot be mounted; empty when it is."""
        command = ["mount", "-o", "loop", str(self._image), str(self.home)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return f"mount: {done.stderr}" if done.returncode else ""

    def freeze(self) -> None:
        """Copy the disk as it is at one moment: again, if the kernel wrote meanwhile."""
        device = self.home.stat().st_dev
        state = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")
        copy = ["cp", "--sparse=always", str(self._image), str(self._copy)]
        for _ in range(50):
            before = state.read_text().split()[4:]  # writes, in flight, discards, flushes
            subprocess.run(copy, check=True)
            if state.read_text().split()[4:] == before and before[4] == "0":
                return
        pytest.fail("the disk was never quiet for as long as a copy takes")

    def restart(self) -> None:
        """Mount the copy; what the disk was told since is forgotten."""
        subprocess.run(["umount", str(self.home)], check=True)
        self._copy.replace(self._image)
        assert not (problem := self.mount()), problem


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path)
    try:
        if problem := disk.mount():
            pytest.skip(f"this machine does not let tests mount a loop file: {problem}")
        yield disk
    finally:
        subprocess.run(["umount", "-lq", str(disk.home)], check=False)
        for image in tmp_path.glob("*.img"):
            image.unlink()


def test_acknowledged_parts_survive_power_cuts(disk: Disk, tmp_path: Path) -> None:
    chance = random.Random(SEED)  # the first cut falls into the creation of the tables
    said = {word: set[int]() for word in ("recorded", "reviewed", "failed", "swept")}
    for cut in range(CUTS):
        with _station(disk.home, tmp_path / "station.log") as (station, pipe):
            time.sleep(chance.uniform(0.1, 2.0) if cut else 0.05)
            station.send_signal(signal.SIGSTOP)
            stopped = os.WIFSTOPPED(os.waitpid(station.pid, os.WUNTRACED)[1])
            assert stopped, (tmp_path / "station.log").read_text()
            disk.freeze()
            station.kill()
            for line in pipe.read().decode().splitlines():  # all said before the stop
                said[line.split()[0]].add(int(line.split()[1]))
        disk.restart()
        said["swept"] |= _check(disk.home, said["recorded"], said["reviewed"])
    print(f"{CUTS} cuts,", {word: len(numbers) for word, numbers in said.items()})
    assert len(said["recorded"]) > CUTS and said["reviewed"] and not said["failed"]


@contextmanager
def _station(home: Path, errors: Path) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The station as a child process that is about to open its store; killed at the end."""
    command = ["env", f"PYTHONPATH={ROOT}:{ROOT / 'tests'}", sys.executable, __file__, str(home)]
    with errors.open("wb") as log:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    with child:
        try:
            assert child.stdout and child.stdout.readline() == b"starting\n", errors.read_text()
            yield child, child.stdout
        finally:
            child.kill()


def _check(home: Path, recorded: set[int], reviewed: set[int]) -> set[int]:
    """Start after the cut as the station does, and look at everything; the parts swept."""
    store, images = Store.open(home / "station.sqlite3"), ImageStore(home / "images")
    try:
        with store.database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        left = {i.part_number for i in store.read(lambda s: InspectionRepository(s).intents("1"))}
        writer = VerdictWriter(store, images, "1")
        assert (writer.sweep(), writer.sweep()) == (len(left), 0)
        query = to_query(HistoryFilter())
        rows = store.read(lambda s: InspectionRepository(s).page(query, 0, ALL))
        parts = {row.part_number: to_inspection(row) for row in rows}
        assert recorded | left <= parts.keys(), f"lost: {sorted(recorded - parts.keys())}"
        assert parts.keys() == set(range(1, len(rows) + 1)), "no gaps, none twice"
        for number, part in parts.items():
            if part.reason is Reason.INTERRUPTED:
                assert part.verdict is Verdict.NOT_INSPECTED and number not in recorded
            else:
                assert part.verdict is VERDICTS[number % 3] and number not in left
                assert part.image_path and part.heatmap_path
                assert np.array_equal(images.read_heatmap(part.heatmap_path), make_heatmap(number))
            if part.image_path:
                assert np.array_equal(images.read(part.image_path), make_frame(number).pixels)
        messages = store.read(lambda s: OutboxRepository(s).unsent(ALL))
        assert {message.payload["part_number"] for message in messages} == parts.keys()
        answers = store.read(lambda s: ReviewRepository(s).verify())
        assert store.read(lambda s: AuditRepository(s).verify()) == answers
        assert all(parts[number].review for number in reviewed)
        return left
    finally:
        store.close()


def main(home: Path) -> None:
    """Record parts for ever; every fifth is reviewed, which the audit chain notes too."""
    app = QCoreApplication([])
    os.write(1, b"starting\n")
    store = Store.open(home / "station.sqlite3")
    log = VerdictLog(store, ImageStore(home / "images"))

    def review(session: Session, name: str) -> None:
        ReviewRepository(session).answer(name, "good", None, "ana", NOON)
        AuditRepository(session).append(NOON, "ana", "reviewed", name, {})

    def on_recorded(result: PartResult) -> None:
        number = result.inspection.part_number
        os.write(1, f"recorded {number}\n".encode())
        if number % 5 == 0:
            store.write(lambda session: review(session, f"part-{number}"))
            os.write(1, f"reviewed {number}\n".encode())

    log.recorded.connect(on_recorded)
    log.record_failed.connect(lambda result: os.write(1, b"failed 0\n"))
    log.sweep()
    for number in count(log.last_part_number() + 1):
        part = make_part(number, verdict=VERDICTS[number % 3])
        log.record(part, make_frame(number), make_heatmap(number))
        while log.pending >= 4:
            app.processEvents()
            time.sleep(0.001)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
