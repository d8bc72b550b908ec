"""Triggers chosen, scanned and told of in the real window of a real station; the line stands."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.domain.access import Role
from qc_station.domain.triggers import ScannerMode, TriggerMode
from qc_station.options import Options
from qc_station.services.tcp_trigger import TcpFault
from qc_station.settings.paths import StationPaths
from qc_station.settings.store import SettingsStore
from qc_station.ui.dialogs.triggers import EVERYWHERE, TriggersDialog
from qc_station.ui.widgets.status_indicator import Level
from qc_station.window import StationWindow
from tests.gui.test_access_flow import check_controls


class Bench:
    """One station with two products, and its window."""

    def __init__(self, home: Path, qtbot: QtBot, qapp: QApplication) -> None:
        self.qtbot = qtbot
        self.paths = StationPaths(home).ensure()
        self.station = Station(Options(language="en"), self.paths)
        for product in ("bottle", "cable"):
            self.station.recipes.create(product, "demo:")
        self.station.recipes.set_current("bottle")
        self.shown = StationWindow(self.station, qapp)
        self.window, self.inspect = self.shown.window, self.shown.inspect
        self.now_ms = 0.0
        self.inspect.line_keys._clock_ms = lambda: self.now_ms
        self.shown.show()

    def close(self) -> None:
        self.station.close()
        self.shown.dispose()

    def open(self) -> TriggersDialog:
        self.window.actions_set["station.triggers"].trigger()
        dialog = self.shown.desk.dialog
        assert isinstance(dialog, TriggersDialog)
        return dialog

    def scan(self, code: str) -> str:
        self.inspect.setFocus()
        self.now_ms += 5000
        self.qtbot.keyClicks(self.inspect, code)
        self.qtbot.keyClick(self.inspect, Qt.Key.Key_Return)
        return self.inspect.note.text


@pytest.fixture
def bench(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "home", qtbot, qapp)
    yield made
    made.close()


def choose(combo: QComboBox, data: object) -> None:
    combo.setCurrentIndex(combo.findData(data))


def press(qtbot: QtBot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_is_saved_counts_at_once_and_after_a_restart(bench: Bench, qtbot: QtBot) -> None:
    dialog, port = bench.open(), free_port()
    choose(dialog.mode, TriggerMode.TIMER)
    dialog.interval.setValue(350)
    dialog.foot_trigger.setCurrentText("F20")
    choose(dialog.scanner, ScannerMode.SERIAL)
    dialog.picture.setChecked(True)
    dialog.codes.setPlainText("4006381333931 = cable\n\n a=b =bottle")
    dialog.tcp.setChecked(True)
    dialog.port.setValue(port)
    press(qtbot, dialog.store)
    station = bench.station
    assert (station.station.trigger_mode, station.station.interval_ms) == (TriggerMode.TIMER, 350)
    assert bench.inspect.foot_keys == ("F20", "F14")
    assert station.tcp_trigger.port == port
    assert str(port) in dialog.tcp_state.text()
    assert bench.shown.triggers.indicator.isVisible()
    assert bench.shown.triggers.indicator.level is Level.GOOD
    kept = SettingsStore(bench.paths.settings_file).load().settings
    assert kept.recipe_codes == ("4006381333931 = cable", "a=b =bottle")
    assert kept == station.settings and kept.picture_codes and kept.tcp_trigger
    assert bench.scan("4006381333931") == "cable is inspected from now on."
    assert station.recipes.current == "cable"
    bench.scan("a=b")
    assert station.recipes.current == "bottle"
    qtbot.waitUntil(lambda: any(event.subject == "triggers" for event in station.audit.newest()))
    dialog.close()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("4711", "“4711”: write the code, an equals sign and the product."),
        ("4711 = shoe", "“4711 = shoe”: this station does not know the product."),
        ("1 = cable\n1 = bottle", "“1 = bottle”: this code stands there twice."),
    ],
)
def test_a_wrong_line_of_codes_is_named_and_nothing_is_saved(
    bench: Bench, qtbot: QtBot, line: str, sentence: str
) -> None:
    dialog, before = bench.open(), bench.station.settings
    dialog.codes.setPlainText(line)
    press(qtbot, dialog.store)
    assert dialog.toast.text == sentence
    assert dialog.focusWidget() is dialog.codes
    assert bench.station.settings == before
    dialog.close()


def test_one_key_for_both_foot_switches_is_refused(bench: Bench, qtbot: QtBot) -> None:
    dialog = bench.open()
    dialog.foot_pause.setCurrentText("F13")
    press(qtbot, dialog.store)
    assert "two keys" in dialog.toast.text
    assert bench.inspect.foot_keys == ("F13", "F14")
    dialog.close()


def test_a_port_in_use_is_said_in_the_dialog_on_the_page_and_in_the_status_bar(
    bench: Bench, qtbot: QtBot
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        dialog = bench.open()
        dialog.tcp.setChecked(True)
        dialog.port.setValue(other.getsockname()[1])
        press(qtbot, dialog.store)
        assert bench.station.tcp_trigger.status.fault is TcpFault.PORT_IN_USE
        for text in (dialog.tcp_state.text(), bench.inspect.note.text):
            assert "another program uses port" in text
        assert bench.shown.triggers.indicator.level is Level.BAD
        bench.shown.language.switch("fr")
        QApplication.processEvents()
        assert "autre programme" in dialog.tcp_state.text()
        assert bench.shown.triggers.indicator.word == "port occupé"
        dialog.tcp.setChecked(False)
        press(qtbot, dialog.store)
        assert not bench.shown.triggers.indicator.isVisible()
        bench.shown.language.switch("en")
        dialog.close()


def test_an_address_of_the_plant_can_be_chosen(bench: Bench, qtbot: QtBot) -> None:
    dialog, port = bench.open(), free_port()
    dialog.tcp.setChecked(True)
    dialog.host.setCurrentText(EVERYWHERE)
    dialog.port.setValue(port)
    press(qtbot, dialog.store)
    assert bench.station.tcp_trigger.port == port
    dialog.close()


def test_a_scanned_serial_number_is_shown_until_its_part_or_a_press(
    bench: Bench, qtbot: QtBot
) -> None:
    dialog = bench.open()
    choose(dialog.scanner, ScannerMode.SERIAL)
    press(qtbot, dialog.store)
    dialog.close()
    assert not bench.inspect.next_serial.isVisible()
    assert bench.scan("SN-4711") == "The next part has the serial number SN-4711."
    assert bench.inspect.next_serial.isVisible()
    assert "SN-4711" in bench.inspect.next_serial.text()
    bench.shown.language.switch("fr")
    QApplication.processEvents()
    assert "Pièce suivante" in bench.inspect.next_serial.text()
    bench.shown.language.switch("en")
    press(qtbot, bench.inspect.next_serial)
    assert not bench.inspect.next_serial.isVisible()
    assert bench.station.station.next_serial == ""


def test_a_product_is_not_changed_by_somebody_without_the_right(bench: Bench, qtbot: QtBot) -> None:
    dialog = bench.open()
    choose(dialog.scanner, ScannerMode.SERIAL)
    press(qtbot, dialog.store)
    bench.station.access.enter("Otto", Role.OPERATOR)
    assert bench.shown.desk.dialog is None, "an operator does not see the settings"
    text = bench.scan("RECIPE:cable")
    assert text.startswith("The product was not changed.") and "role" in text
    assert bench.station.recipes.current == "bottle"
    assert not bench.window.actions_set["station.triggers"].isEnabled()
    bench.station.access.enter("Mara", Role.MAINTAINER)
    bench.scan("RECIPE:cable")
    assert bench.station.recipes.current == "cable"


def test_a_badge_scanned_at_the_page_is_no_serial_number(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.station.users.saved, timeout=10_000):
        bench.station.users.add("Ada", Role.ADMINISTRATOR, "846302", "E2003412AB")
    bench.station.access.enter("Ada", Role.ADMINISTRATOR)
    dialog = bench.open()
    choose(dialog.scanner, ScannerMode.SERIAL)
    press(qtbot, dialog.store)
    dialog.close()
    assert bench.scan("E2003412AB") == "This is a badge. Log in with it (Ctrl+L)."
    assert bench.station.station.next_serial == ""
    bench.scan("SN-1")
    assert bench.station.station.next_serial == "SN-1"


def test_what_is_said_of_a_scan_covers_no_warning(bench: Bench, qtbot: QtBot) -> None:
    assert bench.inspect.not_inspecting.isVisible(), "there is no engine"
    bench.inspect.say("One line.")
    for shown in (False, True):
        if shown:
            bench.inspect.show_model_refused("bundle_damaged", "The bundle is damaged.")
            bench.inspect.say("Another line.")
            other = bench.inspect.view.refused.geometry()
            assert not bench.inspect.note.geometry().intersects(other)
        warning = bench.inspect.not_inspecting.geometry()
        said = bench.inspect.note.geometry().translated(bench.inspect.view.pos())
        assert not said.intersects(warning)


def test_the_scanner_does_not_put_the_idle_lock_off(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[int] = []
    monkeypatch.setattr(bench.station.access, "touch", lambda: touched.append(1))
    bench.inspect.line_keys.scanner = True
    bench.window.activateWindow()
    bench.inspect.setFocus()
    QApplication.processEvents()
    none = Qt.KeyboardModifier.NoModifier
    for key, text in ((Qt.Key.Key_A, "a"), (Qt.Key.Key_Tab, "\t"), (Qt.Key.Key_F13, "")):
        event = QKeyEvent(QEvent.Type.KeyPress, key, none, text)
        bench.shown.desk.eventFilter(bench.window.windowHandle(), event)
    assert len(touched) == 1, "Tab of a finger"


@pytest.mark.parametrize("page", ["history", "review"])
def test_the_foot_switch_reaches_the_line_from_every_page(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    pressed: list[str] = []
    monkeypatch.setattr(bench.inspect, "trigger", lambda: pressed.append("trigger"))
    bench.window.show_page(page)
    bench.now_ms = 1000
    for after_ms in (0, 10, 500):
        bench.now_ms += after_ms
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F13, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(bench.window.windowHandle(), event)
    assert pressed == ["trigger"] * 2
    assert bench.window.page == page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_control_has_a_name_and_a_place_for_the_keyboard(bench: Bench, language: str) -> None:
    bench.shown.language.switch(language)
    dialog = bench.open()
    check_controls(dialog)
    for widget in (*dialog.findChildren(QPlainTextEdit), *dialog.findChildren(QAbstractButton)):
        assert widget.accessibleName() or not widget.isVisible(), widget.objectName()
    bench.shown.language.switch("en")
    dialog.close()
