"""The log in pieces: entries with their tracebacks, rotation, files of any size."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from qc_station.logs import configure_logging
from qc_station.services import log_reader
from qc_station.services.log_reader import LogLevel, LogReader, parse


def line(number: int, level: str = "INFO") -> str:
    return f"2026-11-25 03:00:{number % 60:02},123 {level} MainThread qc_station.x: part {number}\n"


def test_an_entry_keeps_its_traceback() -> None:
    found = parse((line(1, "ERROR") + "Traceback\n  File x\n" + line(2)).encode())
    assert [entry.level for entry in found] == [LogLevel.ERROR, LogLevel.INFO]
    assert found[0].text == "part 1\nTraceback\n  File x"
    assert found[0].where == "MainThread qc_station.x"


def test_every_entry_is_read_once_backwards_through_all_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reader, "PIECE_BYTES", 1000)
    path = tmp_path / "station.log"
    (tmp_path / "station.log.2").write_text("".join(line(n) for n in range(40)))
    (tmp_path / "station.log.1").write_text("".join(line(n) for n in range(40, 70)))
    path.write_text("".join(line(n) for n in range(70, 100)))
    reader = LogReader(path)
    piece = reader.newest()
    found = list(piece.entries)
    while piece.older:
        piece = reader.before()
        found = [*piece.entries, *found]
    assert [entry.text for entry in found] == [f"part {n}" for n in range(100)]


def test_what_is_written_later_is_read_across_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "station.log"
    path.write_text(line(1))
    reader = LogReader(path)
    reader.newest()
    with path.open("a") as file:
        file.write(line(2) + line(3)[:20])
    assert [entry.text for entry in reader.after().entries] == ["part 2"]
    with path.open("a") as file:
        file.write(line(3)[20:])
    path.rename(tmp_path / "station.log.1")
    path.write_text(line(4))
    assert [entry.text for entry in reader.after().entries] == ["part 3", "part 4"]
    assert reader.after().entries == ()


def test_no_log_yet_is_no_fault(tmp_path: Path) -> None:
    reader = LogReader(tmp_path / "station.log")
    assert reader.newest().entries == () and not reader.before().older
    (tmp_path / "station.log").write_text(line(1))
    assert len(reader.after().entries) == 1


def test_an_entry_longer_than_a_piece_does_not_stop_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reader, "PIECE_BYTES", 100)
    path = tmp_path / "station.log"
    path.write_text(line(1) + line(2).strip() + "\n" + "y" * 50 + "\n" + "z" * 500 + "\n")
    reader = LogReader(path)
    piece = reader.newest()
    seen = sum(entry.text.count("z") for entry in piece.entries)
    while piece.older:
        piece = reader.before()
        seen += sum(entry.text.count("z") for entry in piece.entries)
    assert seen == 500 and piece.entries[0].text == "part 1"


def test_the_stations_own_log_is_understood(tmp_path: Path) -> None:
    path = configure_logging(tmp_path)
    try:
        logging.getLogger("qc_station.test").warning("The lamp is %s", "off")
        entry = LogReader(path).newest().entries[-1]
    finally:
        root = logging.getLogger()
        for handler in [h for h in root.handlers if (h.name or "").startswith("qc-station")]:
            root.removeHandler(handler)
            handler.close()
    assert (entry.level, entry.text) == (LogLevel.WARNING, "The lamp is off")
    assert entry.where == "MainThread qc_station.test"
