"""Users and log-in through the real window of a real station; only engine and line do not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.domain.access import Action, Role
from qc_station.domain.learning import LearningState
from qc_station.domain.state import StationState
from qc_station.options import Options
from qc_station.services.permits import Permits
from qc_station.settings.paths import StationPaths
from qc_station.ui.dialogs.first_administrator import FirstAdministratorDialog
from qc_station.ui.dialogs.log_in import LogInDialog
from qc_station.ui.dialogs.shift_report import ShiftReportDialog
from qc_station.ui.dialogs.users import UsersDialog
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.window import StationWindow

ADMIN_PIN, OPERATOR_PIN, BADGE = "846302", "730158", "E2003412AB"
CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QSpinBox, QAbstractItemView)


class Flow:
    """One station and its window, driven as a person would."""

    def __init__(self, home: Path, qtbot: QtBot, qapp: QApplication) -> None:
        self.qtbot = qtbot
        self.station = Station(Options(language="en"), StationPaths(home).ensure())
        self.shown = StationWindow(self.station, qapp)
        self.window = self.shown.window
        self.desk = self.shown.desk
        self.shown.show()

    def close(self) -> None:
        self.station.close()
        self.shown.dispose()

    def press(self, name: str, parent: QWidget | None = None) -> None:
        button = (parent or self.window).findChild(QAbstractButton, name)
        assert button is not None, name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_pin(self, dialog: QWidget, pin: str) -> None:
        """By the pad, as with gloves."""
        for digit in pin:
            self.press(f"pin_key_{digit}", dialog)

    def dialog(self, kind: type[QWidget]) -> QWidget:
        assert isinstance(self.desk.dialog, kind)
        return self.desk.dialog

    def create_administrator(self) -> None:
        self.press("user_chip")
        dialog = self.dialog(FirstAdministratorDialog)
        self.qtbot.keyClicks(dialog.name, "Ada")
        for field in (dialog.pin, dialog.again):
            field.setFocus()
            self.type_pin(dialog, ADMIN_PIN)
        with self.qtbot.waitSignal(self.station.access.logged_in, timeout=10_000):
            self.press("first_create", dialog)

    def add_operator(self) -> None:
        self.window.actions_set["station.users"].trigger()
        dialog = self.dialog(UsersDialog)
        self.qtbot.keyClicks(dialog.form.name, "Otto")
        self.qtbot.keyClicks(dialog.form.pin, OPERATOR_PIN)
        self.qtbot.keyClicks(dialog.form.again, OPERATOR_PIN)
        self.qtbot.keyClicks(dialog.form.badge, BADGE)
        self.qtbot.keyClick(dialog.form.badge, Qt.Key.Key_Return)  # the reader's own Enter
        assert dialog.isVisible()
        with self.qtbot.waitSignal(self.station.users.saved, timeout=10_000):
            self.press("user_save", dialog)
        assert dialog.table.rowCount() == 2
        assert dialog.toast.text == "Otto has been saved."
        self.qtbot.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.fixture
def flow(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Flow]:
    made = Flow(tmp_path / "home", qtbot, qapp)
    yield made
    made.close()


@pytest.mark.parametrize(("to_line", "expected"), [(True, [Qt.Key.Key_F13]), (False, [])])
def test_the_foot_switch_reaches_the_line_unless_a_dialog_needs_it(
    flow: Flow, to_line: bool, expected: list[int]
) -> None:
    pressed: list[int] = []
    flow.window.foot_switch = lambda event: bool(pressed.append(event.key()) or True)  # type: ignore
    dialog = QDialog(flow.window)
    field = QLineEdit(dialog)
    flow.desk.adopt(dialog, to_line)
    dialog.open()
    dialog.activateWindow()
    field.setFocus()
    flow.qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F13, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(dialog.windowHandle(), press)
    assert pressed == expected
    dialog.accept()


def test_the_shift_report_opens_from_the_menu(flow: Flow) -> None:
    flow.window.actions_set["station.shift_report"].trigger()
    dialog = flow.window.findChild(ShiftReportDialog)
    assert dialog is not None
    flow.qtbot.waitUntil(lambda: dialog.report is not None)
    assert dialog.report is not None and dialog.report.station == flow.station.settings.station
    dialog.accept()


def test_a_fresh_station_opens_without_a_question_and_offers_an_administrator(flow: Flow) -> None:
    assert flow.desk.dialog is None
    assert flow.window.focusWidget() is flow.window.pages["inspect"]
    assert flow.desk.chip.text() == "No users yet"
    assert "first administrator" in flow.desk.chip.toolTip()
    assert all(flow.window.actions_set[f"view.{page}"].isEnabled() for page in flow.window.pages)
    flow.window.actions_set["station.log_in"].trigger()
    flow.qtbot.keyClick(flow.dialog(FirstAdministratorDialog), Qt.Key.Key_Escape)
    assert flow.station.access.open


def test_two_different_pins_or_a_simple_one_create_nobody(flow: Flow) -> None:
    flow.press("user_chip")
    dialog = flow.dialog(FirstAdministratorDialog)
    flow.qtbot.keyClicks(dialog.name, "Ada")
    flow.qtbot.keyClicks(dialog.pin, "846302")
    flow.qtbot.keyClicks(dialog.again, "846301")
    flow.press("first_create", dialog)
    assert "not the same" in dialog.message
    dialog.pin.setText("123456")
    dialog.again.setText("123456")
    with flow.qtbot.waitSignal(flow.station.users.failed):
        flow.press("first_create", dialog)
    assert "too easy to guess" in dialog.message and dialog.make.isEnabled()
    assert flow.station.access.open
    dialog.close()


def test_from_the_first_administrator_to_an_operator_at_work(flow: Flow) -> None:
    station, window, qtbot = flow.station, flow.window, flow.qtbot
    flow.create_administrator()
    assert flow.desk.dialog is None
    assert flow.desk.chip.text() == "Ada · Administrator"
    assert "Ada is logged in" in window.statusBar().currentMessage()
    assert window.focusWidget() is window.pages["inspect"], "Space is one part"
    flow.add_operator()
    window.show_page("learning")

    window.actions_set["station.log_out"].trigger()
    assert flow.desk.chip.text() == "Not logged in"
    assert window.page == "inspect", "where everybody may be"
    assert window.focusWidget() is window.pages["inspect"]
    history = window.actions_set["view.history"]
    assert not history.isEnabled() and "log in" in history.toolTip()

    flow.press("user_chip")
    dialog = flow.dialog(LogInDialog)
    assert dialog.focusWidget() is dialog.badge
    item = dialog.names.findItems("Otto", Qt.MatchFlag.MatchExactly)[0]
    qtbot.mouseClick(
        dialog.names.viewport(), Qt.MouseButton.LeftButton,
        pos=dialog.names.visualItemRect(item).center(),
    )  # fmt: skip
    assert dialog.name.text() == "Otto" and dialog.focusWidget() is dialog.pin
    flow.type_pin(dialog, "999111")
    with qtbot.waitSignal(station.access.log_in_failed, timeout=10_000):
        flow.press("log_in_go", dialog)
    assert "not accepted" in dialog.message and "Next try in 1 s" in dialog.message
    assert not dialog.go.isEnabled() and dialog.pin.text() == ""
    qtbot.waitUntil(dialog.go.isEnabled, timeout=5_000)
    flow.type_pin(dialog, OPERATOR_PIN)
    with qtbot.waitSignal(station.access.logged_in, timeout=10_000):
        flow.press("log_in_go", dialog)
    assert flow.desk.dialog is None

    assert flow.desk.chip.text() == "Otto · Operator"
    window.show_page("learning")
    for name in ("teach_folder", "teach_camera", "versions_activate", "learning_retrain"):
        button = window.findChild(GuardedButton, name)
        assert not button.isEnabled() and button.isVisible(), name
        assert "maintainer" in button.toolTip(), name
    window.show_page("limits")
    assert window.page == "limits"
    save = window.findChild(GuardedButton, "limits_save")
    assert not save.isEnabled() and "maintainer" in save.toolTip()
    export = window.findChild(GuardedButton, "history_export")
    assert not export.isEnabled() and "expert" in export.toolTip()
    assert not window.findChild(GuardedButton, "start_pause").refusal
    assert not window.actions_set["station.users"].isEnabled()
    assert station.access.who("x") == "Otto"
    window.pages["learning"].roll_back()  # by its key
    assert "right" in window.pages["learning"]._toast.text


def test_the_chip_offers_somebody_at_work_to_switch_or_to_leave(flow: Flow) -> None:
    flow.create_administrator()
    flow.press("user_chip")
    assert flow.desk.menu.isVisible() and flow.desk.dialog is None
    texts = [action.iconText() for action in flow.desk.menu.actions()]
    assert texts == ["Log in or switch user …", "Log out", "Users …"]
    flow.desk.menu.hide()
    flow.window.actions_set["station.log_out"].trigger()
    assert flow.station.access.session is None
    assert not flow.window.actions_set["station.log_out"].isEnabled()


def test_a_badge_scanned_into_the_panel_logs_in(flow: Flow) -> None:
    flow.create_administrator()
    flow.add_operator()
    flow.station.access.log_out()
    flow.window.actions_set["station.log_in"].trigger()
    dialog = flow.dialog(LogInDialog)
    with flow.qtbot.waitSignal(flow.station.access.logged_in, timeout=10_000):
        flow.qtbot.keyClicks(dialog.focusWidget(), BADGE)
        flow.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert flow.desk.chip.text() == "Otto · Operator"


def test_the_idle_lock_closes_the_users_and_the_next_log_in_proposes_the_name(flow: Flow) -> None:
    flow.create_administrator()
    flow.window.actions_set["station.users"].trigger()
    assert flow.dialog(UsersDialog).isVisible()
    flow.station.access._last_input_s -= 10 * 60
    flow.station.access.check_idle()
    assert flow.desk.dialog is None
    assert "Inspection goes on" in flow.window.statusBar().currentMessage()
    flow.press("user_chip")
    dialog = flow.dialog(LogInDialog)
    assert dialog.name.text() == "Ada" and dialog.focusWidget() is dialog.pin
    dialog.close()


def test_a_key_in_the_window_puts_the_idle_lock_off(flow: Flow) -> None:
    flow.create_administrator()
    flow.station.access._last_input_s -= 10 * 60
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(flow.window.windowHandle(), key)
    flow.station.access.check_idle()
    assert flow.station.access.session is not None


def test_the_foot_switch_reaches_the_line_while_a_dialog_is_open(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[str] = []
    inspect = flow.window.pages["inspect"]
    monkeypatch.setattr(inspect, "trigger", lambda: pressed.append("trigger"))
    flow.create_administrator()
    flow.window.actions_set["station.users"].trigger()
    for key in (Qt.Key.Key_F13, Qt.Key.Key_F9):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(flow.dialog(UsersDialog).windowHandle(), event)
    assert pressed == ["trigger"]
    flow.desk.dialog.close()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_control_of_the_log_in_has_a_name_and_a_place_for_the_keyboard(
    flow: Flow, language: str
) -> None:
    flow.shown.language.switch(language)
    opened: list[QWidget] = []
    flow.press("user_chip")
    opened.append(flow.dialog(FirstAdministratorDialog))
    check_controls(opened[-1])
    opened[-1].close()
    flow.create_administrator()
    flow.window.actions_set["station.users"].trigger()
    check_controls(flow.dialog(UsersDialog))
    flow.station.access.log_out()
    flow.window.actions_set["station.log_in"].trigger()
    check_controls(flow.dialog(LogInDialog))
    flow.desk.dialog.close()
    assert flow.desk.chip.accessibleName()
    assert flow.desk.chip.focusPolicy() & Qt.FocusPolicy.TabFocus


def check_controls(dialog: QWidget) -> None:
    assert dialog.windowTitle()
    for kind in CONTROLS:
        for widget in dialog.findChildren(kind):
            inner = widget.objectName().startswith("qt_") or not widget.isVisible()
            if inner or isinstance(widget.parentWidget(), (QSpinBox, QAbstractItemView)):
                continue
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.objectName()


def test_keys_of_the_pad_are_big_enough_for_gloves(flow: Flow) -> None:
    flow.create_administrator()
    flow.station.access.log_out()
    flow.window.actions_set["station.log_in"].trigger()
    dialog = flow.dialog(LogInDialog)
    for button in dialog.pad.findChildren(QPushButton):
        assert min(button.width(), button.height()) >= 56
    assert dialog.names.visualItemRect(dialog.names.item(0)).height() >= 56
    dialog.close()


def test_a_guarded_button_follows_its_page_and_the_role(qtbot: QtBot) -> None:
    button = GuardedButton()
    qtbot.addWidget(button)
    button.setToolTip("Do it")
    button.refuse("Log in.")
    button.setEnabled(True)
    assert not button.isEnabled() and button.toolTip() == "Log in."
    button.setEnabled(False)
    button.refuse("")
    assert not button.isEnabled() and button.toolTip() == "Do it"
    button.setEnabled(True)
    assert button.isEnabled()


def test_permits_of_a_page_without_log_in_allow_everything() -> None:
    permits = Permits()
    for action in Action:
        permits.require(action)
        assert permits.allows(action)


def test_whoever_leaves_while_collecting_leaves_the_line_inspecting(flow: Flow) -> None:
    station = flow.station
    flow.create_administrator()
    station.learning.begin_collection("cable", 20)
    assert station.station.state is StationState.TEACHING
    station.access.log_out()
    assert station.station.state is not StationState.TEACHING
    assert station.learning.state is LearningState.COLLECTING, "the pictures are kept"
    station.access.enter("Ada", Role.ADMINISTRATOR)
    assert station.station.state is StationState.TEACHING
