"""A lot from its first part on: written with each part, counted, ended, still there tomorrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from station_rig import BAD, GOOD, StationRig, write_parts
from store_support import make_frame, make_part

from db.store import Store
from qc_station.assembly import Station
from qc_station.domain.counters import Counters
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.lot import LONGEST_LOT, lot_name
from qc_station.domain.verdict import Verdict
from qc_station.options import Options
from qc_station.services.image_store import ImageStore
from qc_station.services.verdict_log import VerdictLog
from qc_station.services.verdict_writer import VerdictWriter
from qc_station.settings.paths import StationPaths


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot) -> Iterator[StationRig]:
    folder = write_parts(tmp_path / "parts", [GOOD, BAD, GOOD])
    made = StationRig(tmp_path, f"folder:{folder}")
    yield made
    made.close()


def run(rig: StationRig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    rig.station.stop()


def test_scanned_names_lose_control_characters_only() -> None:
    assert lot_name("\x02LOT\x1d 4711\r\n") == "LOT 4711"
    assert lot_name("  Été  25/11 ") == "Été 25/11" and lot_name(" \t") == ""
    assert lot_name("x" * LONGEST_LOT)
    with pytest.raises(ValueError):
        lot_name("x" * (LONGEST_LOT + 1))


def test_every_part_is_written_with_its_lot_and_counted_for_it(
    rig: StationRig, qtbot: QtBot
) -> None:
    run(rig, qtbot)
    rig.station.set_lot("L-1")
    run(rig, qtbot)
    assert [part.lot for part in rig.logged()] == [None] * 3 + ["L-1"] * 3
    tallies = rig.station.tallies
    assert tallies.lot_name == "L-1" and tallies.lot == Counters(ok=2, ng=1)
    assert tallies.total.total == tallies.shift.total == 6
    rig.station.set_lot("L-2")
    assert rig.station.tallies.lot == Counters()
    run(rig, qtbot)
    rig.station.set_lot("L-1")
    assert rig.station.tallies.lot == Counters(ok=2, ng=1), "a lot that is resumed goes on"
    assert rig.log.count(HistoryFilter(lot="L-2")) == 3
    assert rig.log.lots() == ["L-2", "L-1"]


def test_another_product_ends_the_lot(rig: StationRig) -> None:
    told: list[str] = []
    rig.station.lot_changed.connect(told.append)
    rig.station.set_lot("L-1")
    rig.station.set_recipe("product")
    assert rig.station.lot == "L-1", "the same product again changes nothing"
    rig.station.set_recipe("other")
    assert rig.station.lot == "" and told == ["L-1", ""]


def test_a_part_cut_off_by_a_crash_keeps_its_lot(tmp_path: Path, qtbot: QtBot) -> None:
    class PowerCut(BaseException):
        pass

    class CutOff(ImageStore):
        def write(self, *_: object) -> str:
            raise PowerCut

    store = Store.open(tmp_path / "station.sqlite3")
    writer = VerdictWriter(store, CutOff(tmp_path / "images"), "1")
    with pytest.raises(PowerCut):
        writer.write(make_part(1, lot="L-9"), make_frame(1).pixels, None)
    log = VerdictLog(store, ImageStore(tmp_path / "images"))
    try:
        assert log.sweep() == 1
        assert log.counts_of_lot("L-9") == Counters(not_inspected=1)
        part = log.get("part-1")
        assert part is not None and part.lot == "L-9"
        assert part.verdict is Verdict.NOT_INSPECTED
    finally:
        log.close()
        store.close()


def test_the_lot_survives_a_restart_and_the_audit_trail_knows_who(
    tmp_path: Path, qtbot: QtBot
) -> None:
    paths = StationPaths(tmp_path / "home").ensure()
    station = Station(Options(), paths)
    station.station.set_lot("L-5")
    event = station.audit.newest(1)[0]
    assert (event.actor, event.action, event.subject) == ("operator", "lot_begun", "L-5")
    station.close()
    again = Station(Options(), paths)
    try:
        assert again.station.lot == "L-5" and again.station.tallies.lot_name == "L-5"
        again.station.set_lot("")
        ended = again.audit.newest(1)[0]
        assert (ended.action, ended.subject) == ("lot_ended", "L-5")
        assert again.settings.lot == ""
    finally:
        again.close()
