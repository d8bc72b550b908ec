"""The log: one signal for every part, in order, in the owner's thread, after the commit."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from store_support import NOON, make_frame, make_heatmap, make_part

from db.errors import StoreError
from db.repositories.outbox import OutboxRepository
from db.store import Store
from qc_station.domain.counters import Counters
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.outcome import PartResult
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.verdict_log import VerdictLog
from qc_station.services.verdict_writer import VerdictWriter


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "station.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def log(store: Store, tmp_path: Path, qtbot: QtBot) -> Iterator[VerdictLog]:
    opened = VerdictLog(store, ImageStore(tmp_path / "images"), probe_interval_s=0.02)
    yield opened
    opened.close()


class Heard:
    """Signals of a log, in the order in which they came."""

    def __init__(self, log: VerdictLog) -> None:
        self.parts: list[tuple[str, PartResult]] = []
        self.threads: set[int] = set()
        log.recorded.connect(lambda result: self._add("recorded", result))
        log.record_failed.connect(lambda result: self._add("failed", result))

    def _add(self, signal: str, result: PartResult) -> None:
        self.parts.append((signal, result))
        self.threads.add(threading.get_ident())

    def numbers(self) -> list[tuple[str, int]]:
        return [(signal, result.inspection.part_number) for signal, result in self.parts]


def test_a_part_is_in_the_log_before_it_is_announced(log: VerdictLog, qtbot: QtBot) -> None:
    seen = []
    log.recorded.connect(lambda result: seen.append(log.get(result.inspection.inspection_id)))
    frame, heatmap = make_frame(1), make_heatmap(1)
    with qtbot.waitSignal(log.recorded, timeout=5000) as blocker:
        log.record(make_part(1), frame, heatmap)
        assert log.pending == 1 and seen == []
    result = blocker.args[0]
    assert log.pending == 0
    assert result.frame is frame and result.heatmap is heatmap
    assert seen == [result.inspection]
    assert result.inspection.image_path == "images/2026/11/22/part-1.png"
    stored, plane = log.image("part-1"), log.heatmap("part-1")
    assert stored is not None and np.array_equal(stored, frame.pixels)
    assert plane is not None and np.array_equal(plane, heatmap)


def test_signals_come_in_order_in_the_owners_thread(log: VerdictLog, qtbot: QtBot) -> None:
    heard = Heard(log)
    for number in range(1, 31):
        log.record(make_part(number), make_frame(number) if number % 3 else None, None)
    qtbot.waitUntil(lambda: log.pending == 0, timeout=20000)
    assert heard.numbers() == [("recorded", number) for number in range(1, 31)]
    assert heard.threads == {threading.get_ident()}


def test_recording_does_not_wait_for_the_disk(
    log: VerdictLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    write = ImageStore.write

    def slow(self: ImageStore, *arguments: object) -> str:
        gate.wait(10)
        return write(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ImageStore, "write", slow)
    began = time.monotonic()
    for number in range(20):
        log.record(make_part(number), make_frame(number), None)
    assert time.monotonic() - began < 1.0
    assert not log.flush(timeout_s=0.05)
    gate.set()
    assert log.flush()


def test_a_part_without_a_picture_has_a_placeholder(log: VerdictLog) -> None:
    heard = Heard(log)
    part = make_part(1, verdict=Verdict.NOT_INSPECTED, reason=Reason.CAMERA_FAULT)
    log.record(part, None, None)
    assert log.flush()
    signal, result = heard.parts[0]
    assert signal == "recorded" and result.frame.frame_id == -1
    assert result.inspection == part and log.image("part-1") is None


def test_a_full_queue_says_so_instead_of_dropping(
    store: Store, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    plan = ImageStore.plan
    monkeypatch.setattr(
        ImageStore, "plan", lambda self, name, day: (gate.wait(10), plan(self, name, day))[1]
    )
    log = VerdictLog(store, ImageStore(tmp_path / "images"), max_pending=2)
    try:
        heard = Heard(log)
        for number in range(1, 5):
            log.record(make_part(number), make_frame(number), None)
        gate.set()
        assert log.flush()
        assert heard.numbers() == [("recorded", 1), ("recorded", 2), ("failed", 3), ("failed", 4)]
        part = log.get("part-4")
        assert part is not None and part.reason is Reason.QUEUE_FULL and log.healthy
    finally:
        log.close()


def test_an_error_while_writing_is_said_and_logged(
    log: VerdictLog, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    heard = Heard(log)

    def broken(*_arguments: object) -> str:
        raise StoreError("store_fault", "The disk has a scratch.")

    with monkeypatch.context() as patch:
        patch.setattr(ImageStore, "write", broken)
        log.record(make_part(1, verdict=Verdict.NG), make_frame(1), make_heatmap(1))
        assert log.flush()
    signal, result = heard.parts[0]
    assert signal == "failed" and result.heatmap is None
    assert result.inspection.verdict is Verdict.NOT_INSPECTED
    assert result.inspection.reason is Reason.STORE_FAULT
    assert "machine said NG" in result.inspection.detail and "scratch" in result.inspection.detail
    assert log.get("part-1") == result.inspection
    qtbot.waitUntil(lambda: log.healthy, timeout=5000)


def test_recording_the_same_part_twice_keeps_the_first(log: VerdictLog, store: Store) -> None:
    heard = Heard(log)
    log.record(make_part(1), make_frame(1), None)
    log.record(make_part(1, verdict=Verdict.NG), make_frame(1), None)
    assert log.flush()
    assert log.count(HistoryFilter()) == 1
    assert [result.inspection.verdict for _, result in heard.parts] == [Verdict.OK, Verdict.OK]
    assert len(store.read(lambda session: OutboxRepository(session).unsent(10))) == 1


def test_filters_counts_and_pages(log: VerdictLog) -> None:
    verdicts = (Verdict.OK, Verdict.OK, Verdict.NG, Verdict.REVIEW, Verdict.NOT_INSPECTED)
    for number, verdict in enumerate(verdicts, start=1):
        log.record(make_part(number, verdict=verdict), None, None)
    assert log.flush()
    assert log.counts_since(NOON) == Counters(ok=2, ng=1, review=1, not_inspected=1)
    assert log.counts_since(NOON).first_pass_yield == pytest.approx(0.4)
    assert log.counts_since(NOON + timedelta(days=1)).first_pass_yield is None
    page = log.query(HistoryFilter(), 1, 2)
    assert [part.part_number for part in page] == [4, 3]
    wanted = HistoryFilter(verdicts=frozenset({Verdict.NG, Verdict.REVIEW}))
    assert log.count(wanted) == 2
    assert log.last_part_number() == 5
    assert log.recipes() == ["bottle"] and log.model_ids() == ["patch_memory-1"]


def test_a_missing_picture_is_an_error_not_a_grey_screen(log: VerdictLog, tmp_path: Path) -> None:
    log.record(make_part(1), make_frame(1), None)
    assert log.flush()
    path = tmp_path / "images/2026/11/22/part-1.png"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(StoreError) as caught:
        log.image("part-1")
    assert caught.value.code == "picture_damaged"
    path.unlink()
    with pytest.raises(StoreError) as caught:
        log.image("part-1")
    assert caught.value.code == "picture_missing"


def test_closing_writes_what_is_queued(store: Store, tmp_path: Path, qtbot: QtBot) -> None:
    log = VerdictLog(store, ImageStore(tmp_path / "images"))
    heard = Heard(log)
    for number in range(10):
        log.record(make_part(number), make_frame(number), None)
    log.close()
    log.close()
    assert len(heard.parts) == 10 and log.count(HistoryFilter()) == 10
    assert "verdict-log" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(StoreError, match="closed"):
        log.record(make_part(11), None, None)


def test_export_has_every_part_once(log: VerdictLog, tmp_path: Path) -> None:
    for number in range(1, 8):
        log.record(make_part(number, source="=1+1"), None, None)
    assert log.flush()
    steps: list[tuple[int, int]] = []
    path = tmp_path / "out" / "parts.csv"
    wanted = HistoryFilter(to=NOON + timedelta(seconds=6))
    assert log.export_csv(wanted, path, lambda *step: steps.append(step)) == 5
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["part_number"] for row in rows] == ["5", "4", "3", "2", "1"]
    assert {row["source"] for row in rows} == {"'=1+1"}
    assert steps == [(5, 5)]


def test_a_serial_number_survives_a_stop_between_announcement_and_verdict(
    store: Store, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> str:
        raise PowerCut

    images = ImageStore(tmp_path / "images")
    writer = VerdictWriter(store, images, "1")
    monkeypatch.setattr(images, "write", cut)
    with pytest.raises(PowerCut):
        writer.write(make_part(1, serial="SN-1"), make_frame(1).pixels, None)
    assert VerdictWriter(store, images, "1").sweep() == 1
    log = VerdictLog(store, images)
    try:
        part = log.get("part-1")
        assert part is not None and part.serial == "SN-1" and part.reason is Reason.INTERRUPTED
        messages = store.read(lambda session: OutboxRepository(session).unsent(10))
        assert [message.payload["serial"] for message in messages] == ["SN-1"]
    finally:
        log.close()
