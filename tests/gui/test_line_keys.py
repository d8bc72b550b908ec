"""Foot switch and scanner at the Inspect page: bounces, fast typing, and keys of everybody else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from fakes import FakeStation
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qc_station.domain.state import StationState
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.inspect import InspectPage


class Line:
    """The page, and keys that come at times which the test says."""

    def __init__(self, page: InspectPage, station: FakeStation, qtbot: QtBot) -> None:
        self.page, self.station, self.qtbot = page, station, qtbot
        self.now_ms = 10_000.0
        self.codes: list[str] = []
        page.line_keys._clock_ms = lambda: self.now_ms
        page.line_keys.scanner = True
        page.line_keys.scanned.connect(self.codes.append)

    def key(self, key: Qt.Key, after_ms: float, target: QWidget | None = None) -> None:
        self.now_ms += after_ms
        self.qtbot.keyClick(target or self.page, key)

    def scan(self, code: str, gap_ms: float = 5, target: QWidget | None = None) -> None:
        for character in code:
            self.now_ms += gap_ms
            self.qtbot.keyClicks(target or self.page, character)
        self.key(Qt.Key.Key_Return, gap_ms, target)


@pytest.fixture
def line(qtbot: QtBot, language: LanguageSwitch) -> Line:
    station = FakeStation()
    page = InspectPage(station)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1180, 740)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.setFocus()
    QApplication.processEvents()
    return Line(page, station, qtbot)


def bounce(line: Line, key: Qt.Key, gaps_ms: Iterable[float]) -> None:
    for gap_ms in gaps_ms:
        line.key(key, gap_ms)


@pytest.mark.parametrize("key", [Qt.Key.Key_F13, Qt.Key.Key_Space])
def test_a_contact_that_bounces_is_one_part(line: Line, key: Qt.Key) -> None:
    bounce(line, key, (1000, 3, 8, 20, 45))
    assert line.station.calls == ["trigger"]
    bounce(line, key, (300, 10))
    assert line.station.calls == ["trigger"] * 2


def test_a_bouncing_pause_switch_does_not_start_again(line: Line) -> None:
    bounce(line, Qt.Key.Key_F14, (1000, 10))
    assert line.station.calls == ["pause"]


@pytest.mark.parametrize("name", [f"F{number}" for number in range(15, 25)])
def test_any_key_from_f13_to_f24_can_be_the_foot_switch(line: Line, name: str) -> None:
    line.page.set_foot_switch(name, "F13")
    bounce(line, Qt.Key[f"Key_{name}"], (1000, 10, 500))
    assert line.station.calls == ["trigger"] * 2
    line.key(Qt.Key.Key_F13, 1000)
    assert line.station.calls[2:] == ["pause"]


def test_two_switches_at_once_are_two_commands(line: Line) -> None:
    line.key(Qt.Key.Key_F13, 1000)
    line.key(Qt.Key.Key_F14, 5)
    assert line.station.calls == ["trigger", "pause"]


def test_a_scan_triggers_and_pauses_nothing_wherever_the_keyboard_is(line: Line) -> None:
    page = line.page
    for target in (page, page.controls.run, page.controls.trigger, page.strip, page.canvas):
        target.setFocus()
        line.now_ms += 5000
        line.scan("H 4711 -space", target=target)
    assert line.codes == ["H 4711 -space"] * 5
    assert line.station.calls == []
    assert line.station.state is StationState.INSPECTING


def test_a_line_feed_ends_a_code_too(line: Line) -> None:
    none = Qt.KeyboardModifier.NoModifier
    for character in "4711\n":
        line.now_ms += 5
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            event = QKeyEvent(kind, Qt.Key.Key_unknown, none, character)
            QApplication.sendEvent(line.page.controls.run, event)
    assert line.codes == ["4711"] and line.station.calls == []


def test_keys_of_fingers_keep_their_meaning(line: Line) -> None:
    for _ in range(3):
        line.key(Qt.Key.Key_Space, 400)
    line.key(Qt.Key.Key_Return, 400, line.page.controls.run)
    assert line.station.calls == ["trigger"] * 3 + ["pause"]
    assert line.codes == []


def test_holding_h_still_shows_the_bare_picture(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(line.page.canvas, "hold_bare", seen.append)
    line.now_ms += 1000
    line.qtbot.keyPress(line.page.controls.run, Qt.Key.Key_H)
    line.qtbot.keyRelease(line.page.controls.run, Qt.Key.Key_H)
    assert seen == [True, False]


def test_a_scanner_that_is_not_listened_to_types_into_nothing(line: Line) -> None:
    line.page.line_keys.scanner = False
    line.scan("4711")
    assert line.codes == []


def test_a_code_in_two_halves_is_told_as_torn(line: Line) -> None:
    line.scan("SN-4")  # its Enter makes it a code
    for character in "SN-4":
        line.now_ms += 5
        line.qtbot.keyClicks(line.page, character)
    line.now_ms += 200
    line.scan("711")
    assert line.codes == ["SN-4", ""]


def test_keys_of_the_real_window_arrive_in_the_same_way(line: Line) -> None:
    """Through the platform's queue, with its shortcuts, instead of straight into a widget."""
    window = line.page.windowHandle()
    line.page.controls.run.setFocus()
    line.now_ms += 1000
    for character in "A 47":
        line.now_ms += 5
        QTest.keyClick(window, character)  # type: ignore[call-overload]
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert line.codes == ["A 47"] and line.station.calls == []
    for gap_ms in (1000, 10, 10):
        line.now_ms += gap_ms
        QTest.keyClick(window, Qt.Key.Key_F13)
    assert line.station.calls == ["trigger"]


def test_what_a_scanner_types_says_nothing_of_who_is_at_the_station(line: Line) -> None:
    def types(key: Qt.Key, text: str) -> bool:
        none = Qt.KeyboardModifier.NoModifier
        return line.page.line_keys.types(QKeyEvent(QEvent.Type.KeyPress, key, none, text))

    line.now_ms += 1000
    assert types(Qt.Key.Key_A, "a")
    assert not types(Qt.Key.Key_Space, " "), "a finger's space"
    assert not types(Qt.Key.Key_F5, "")
    line.qtbot.keyClicks(line.page, "a")
    assert types(Qt.Key.Key_Space, " ") and types(Qt.Key.Key_Return, "\r")
    line.page.line_keys.scanner = False
    assert not types(Qt.Key.Key_A, "a")
