"""What a scanned code does at a real station: serial number, part, product, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from station_rig import LineCamera, StationRig

from db.errors import StoreError
from qc_station.domain.access import Action
from qc_station.domain.product_codes import ProductCodes
from qc_station.domain.state import StationState
from qc_station.domain.triggers import Refusal, ScannerMode, TriggerMode
from qc_station.services.permits import AccessError
from qc_station.services.scans import Scan, ScanKind, ScanService


class Products:
    """Two products; changing them needs a right that may be missing."""

    def __init__(self) -> None:
        self.current = "bottle"
        self.allowed = True

    def names(self) -> list[str]:
        return ["bottle", "Cable 3x1.5"]

    def choose(self, name: str) -> None:
        if not self.allowed:
            raise AccessError("log_in_needed", "Log in first.", action=Action.CHANGE_RECIPE.value)
        self.current = name


class Desk:
    """A scan service at a station in which parts are triggered by key."""

    def __init__(self, rig: StationRig) -> None:
        self.rig = rig
        self.products = Products()
        self.badges = {"E2003412AB"}
        self.scans = ScanService(
            rig.station, self.products, is_badge=lambda code: code in self.badges
        )
        self.taken: list[Scan] = []
        self.scans.taken.connect(self.taken.append)

    def listen(self, mode: ScannerMode) -> None:
        self.scans.apply(mode, ProductCodes("RECIPE:", {"4006381333931": "Cable 3x1.5"}))

    def scan(self, code: str) -> Scan:
        self.scans.take(code)
        return self.taken[-1]


@pytest.fixture
def desk(qapp: object, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    rig = StationRig(tmp_path, "line", camera=LineCamera(), trigger_mode=TriggerMode.KEY)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    yield Desk(rig)
    rig.close()


def test_a_code_is_the_serial_number_of_the_next_part(desk: Desk, qtbot: QtBot) -> None:
    desk.listen(ScannerMode.SERIAL)
    assert desk.scan(" SN-1 ") == Scan(ScanKind.NEXT_SERIAL, "SN-1")
    assert desk.rig.station.in_flight == 0
    desk.rig.station.trigger()
    qtbot.waitUntil(lambda: len(desk.rig.parts) == 1)
    assert desk.rig.logged()[0].serial == "SN-1"


def test_a_code_triggers_one_part_with_it(desk: Desk, qtbot: QtBot) -> None:
    desk.listen(ScannerMode.TRIGGER)
    assert desk.scan("SN-1") == Scan(ScanKind.TRIGGERED, "SN-1", "1")
    assert desk.scan("SN-2").detail == "2"
    qtbot.waitUntil(lambda: len(desk.rig.parts) == 2)
    assert [part.serial for part in desk.rig.logged()] == ["SN-1", "SN-2"]


def test_a_code_at_a_paused_station_makes_no_part_and_says_so(desk: Desk) -> None:
    desk.listen(ScannerMode.TRIGGER)
    desk.rig.station.pause()
    assert desk.scan("SN-1") == Scan(ScanKind.TRIGGER_REFUSED, "SN-1", Refusal.PAUSED.value)
    assert desk.rig.station.in_flight == 0 and desk.rig.station.next_serial == ""


@pytest.mark.parametrize("mode", [ScannerMode.SERIAL, ScannerMode.TRIGGER])
@pytest.mark.parametrize("code", ["RECIPE:cable 3X1.5", "recipe: Cable 3x1.5", "4006381333931"])
def test_the_code_of_a_product_changes_over_and_is_no_part(
    desk: Desk, mode: ScannerMode, code: str
) -> None:
    desk.listen(mode)
    assert desk.scan(code) == Scan(ScanKind.PRODUCT_CHANGED, code, "Cable 3x1.5")
    assert desk.products.current == "Cable 3x1.5"
    assert desk.scan(code).kind is ScanKind.PRODUCT_SAME
    assert desk.rig.station.in_flight == 0 and desk.rig.station.next_serial == ""


def test_a_product_is_not_changed_without_the_right(desk: Desk) -> None:
    desk.listen(ScannerMode.SERIAL)
    desk.products.allowed = False
    scan = desk.scan("4006381333931")
    assert (scan.kind, scan.detail) == (ScanKind.PRODUCT_REFUSED, "log_in_needed")
    assert desk.products.current == "bottle" and desk.rig.station.next_serial == ""


def test_an_unknown_product_changes_nothing(desk: Desk) -> None:
    desk.listen(ScannerMode.SERIAL)
    assert desk.scan("RECIPE:shoe") == Scan(ScanKind.PRODUCT_UNKNOWN, "RECIPE:shoe", "shoe")
    assert desk.products.current == "bottle" and desk.rig.station.next_serial == ""


def test_a_product_is_not_changed_while_one_is_being_taught(desk: Desk) -> None:
    desk.listen(ScannerMode.SERIAL)
    desk.rig.station.set_teaching(True)
    assert desk.scan("4006381333931").kind is ScanKind.PRODUCT_BUSY
    assert desk.products.current == "bottle"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("", ScanKind.TORN), ("x" * 101, ScanKind.UNUSABLE), ("a\x1db", ScanKind.UNUSABLE)],
)
def test_what_is_no_serial_number_is_said_and_kept_out(
    desk: Desk, code: str, kind: ScanKind
) -> None:
    for mode in (ScannerMode.SERIAL, ScannerMode.TRIGGER):
        desk.listen(mode)
        assert desk.scan(code).kind is kind
    assert desk.rig.station.in_flight == 0 and desk.rig.station.next_serial == ""


def test_without_a_prefix_every_code_is_a_serial_number(desk: Desk) -> None:
    desk.scans.apply(ScannerMode.SERIAL, ProductCodes())
    assert desk.scan("RECIPE:bottle").kind is ScanKind.NEXT_SERIAL


def test_a_product_code_in_a_picture_changes_over_also_without_a_scanner(desk: Desk) -> None:
    desk.listen(ScannerMode.OFF)
    for code in ("RECIPE:Cable 3x1.5", "RECIPE:Cable 3x1.5", "SN-1"):
        desk.scans.take_product(code)
    assert [scan.kind for scan in desk.taken] == [ScanKind.PRODUCT_CHANGED]
    assert desk.products.current == "Cable 3x1.5" and desk.rig.station.next_serial == ""


def test_a_badge_never_comes_into_the_log(desk: Desk) -> None:
    for mode in (ScannerMode.SERIAL, ScannerMode.TRIGGER):
        desk.listen(mode)
        assert desk.scan(" E2003412AB ") == Scan(ScanKind.BADGE, "")
    assert desk.rig.station.in_flight == 0 and desk.rig.station.next_serial == ""


def test_a_store_that_fails_is_said_and_takes_no_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[str]:
        raise StoreError("store_fault", "The database does not answer.")

    desk.listen(ScannerMode.SERIAL)
    monkeypatch.setattr(desk.products, "names", fail)
    assert desk.scan("RECIPE:bottle") == Scan(ScanKind.FAILED, "", "store_fault")
    desk.scans.take_product("RECIPE:bottle")
    assert desk.taken[-1].kind is ScanKind.FAILED


def test_switched_off_nothing_is_taken(desk: Desk) -> None:
    desk.listen(ScannerMode.OFF)
    desk.scans.take("SN-1")
    assert desk.taken == [] and desk.rig.station.next_serial == ""
