"""A toast says what was done and what can be done about it, and waits for fingers on its button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from qc_station.ui.widgets.toast import Toast, ToastAction


def button(toast: Toast, name: str) -> QPushButton:
    found = toast.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_an_action_is_offered_by_name_and_runs_by_key(qtbot: QtBot, qapp: QApplication) -> None:
    ran: list[str] = []
    toast = Toast()
    qtbot.addWidget(toast)
    toast.show()
    action = ToastAction(lambda: "Open folder", lambda: ran.append("opened"))
    toast.show_text("Exported", undo=False, action=action)
    offered = button(toast, "toast_action")
    assert offered.isVisible() and offered.accessibleName() == "Open folder"
    assert not button(toast, "toast_undo").isVisible()
    qtbot.keyClick(offered, Qt.Key.Key_Space)
    assert ran == ["opened"]
    toast.show_text("Answered")
    assert not offered.isVisible(), "the next text has no such action"
    assert button(toast, "toast_undo").isVisible()


def test_a_toast_stays_while_its_button_has_the_keyboard(qtbot: QtBot, qapp: QApplication) -> None:
    toast = Toast()
    qtbot.addWidget(toast)
    toast.show()
    toast.activateWindow()
    QApplication.processEvents()
    toast.show_text("Answered")
    button(toast, "toast_undo").setFocus()
    toast._timer.timeout.emit()
    assert toast.text == "Answered"
    button(toast, "toast_undo").clearFocus()
    toast._timer.timeout.emit()
    assert toast.text == ""
