"""Every page and dialog for people without a mouse: names to read out, and Tab reaches all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot
from store_support import make_part

from qc_station.domain.verdict import Verdict
from qc_station.services.golden_check import GoldenCheck
from qc_station.ui.dialogs.about import AboutDialog
from qc_station.ui.dialogs.batch import BatchDialog
from qc_station.ui.dialogs.command_palette import CommandPalette
from qc_station.ui.dialogs.first_administrator import FirstAdministratorDialog
from qc_station.ui.dialogs.golden_check import GoldenCheckDialog
from qc_station.ui.dialogs.golden_samples import GoldenSamplesDialog
from qc_station.ui.dialogs.log_in import LogInDialog
from qc_station.ui.dialogs.new_lot import NewLotDialog
from qc_station.ui.dialogs.override import OverrideDialog
from qc_station.ui.dialogs.queue_settings import QueueSettingsDialog
from qc_station.ui.dialogs.release import ReleaseDialog
from qc_station.ui.dialogs.shift_report import ShiftReportDialog
from qc_station.ui.dialogs.shortcuts import ShortcutsDialog
from qc_station.ui.dialogs.triggers import TriggersDialog
from qc_station.ui.dialogs.users import UsersDialog
from qc_station.ui.page_keys import shortcut_sheet
from tests.gui.whole_window import WholeWindow, settle, whole_window


def _licences(whole: WholeWindow) -> QDialog:
    dialog = AboutDialog(whole.window, "/home")
    dialog.tabs.setCurrentWidget(dialog.licences)
    return dialog


def _golden_check(whole: WholeWindow) -> QDialog:
    station, recipe = whole.station, whole.station.recipes.current
    check = GoldenCheck(
        station.station, station.release, station.golden.of(recipe), who=lambda: "Max"
    )
    return GoldenCheckDialog(
        check, station.release, station.golden, station.verdict_log, station.tasks, station.access,
        whole.window,
    )  # fmt: skip


MAKE: dict[str, Callable[[WholeWindow], QDialog]] = {
    "about": lambda w: AboutDialog(w.window, "/home"),
    "licences": _licences,
    "shortcuts": lambda w: ShortcutsDialog(
        shortcut_sheet(w.window.actions_set, ("F13", "F14")), w.window
    ),
    "palette": lambda w: CommandPalette(w.shown.commands.commands(), w.window),
    "batch": lambda w: BatchDialog(w.station.batch, w.station.access, w.window),
    "first": lambda w: FirstAdministratorDialog(w.station.users, w.window),
    "log_in": lambda w: LogInDialog(w.station.access, "", w.window),
    "lot": lambda w: NewLotDialog(lambda _name: None, "L-7", w.station.access, w.window),
    "override": lambda w: OverrideDialog(
        make_part(4, verdict=Verdict.NG), lambda *_decision: None, w.station.access, w.window
    ),
    "golden_check": _golden_check,
    "golden_samples": lambda w: GoldenSamplesDialog(
        w.station.golden, w.station.recipes.current, [make_part(4)], w.station.access, w.window
    ),
    "queue_settings": lambda w: QueueSettingsDialog(w.station.queue_settings.rules, w.window),
    "release": lambda w: ReleaseDialog(w.station.release, w.station.access, w.window),
    "shift_report": lambda w: ShiftReportDialog(
        w.station.shift_reports, w.station.settings.shift_starts, w.station.tasks,
        w.station.access, w.window,
    ),
    "triggers": lambda w: TriggersDialog(
        w.station.settings, ["bottle", "cable"], lambda _settings: None, w.station.access, w.window
    ),
    "users": lambda w: UsersDialog(w.station.users, w.station.access, w.window),
}  # fmt: skip


@pytest.fixture
def whole(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[WholeWindow]:
    with whole_window(tmp_path / "home", qapp) as made:
        made.add_product()
        made.add_parts(8)
        yield made


def stops(root: QWidget) -> list[QWidget]:
    """What Tab should reach: shown, enabled, and asking for it."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not _inside(widget)
    ]


def _inside(widget: QWidget) -> bool:
    """Parts that Qt makes inside its own widgets have the name of the whole."""
    parent = widget.parentWidget()
    return isinstance(parent, (QComboBox, QAbstractSpinBox)) or (
        isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
    )


def spoken(widget: QWidget) -> str:
    """What a screen reader says: the name, a button's words, or the label that belongs to it."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, (QAbstractButton, QLabel)):
        return widget.text().strip()
    window = widget.window()
    labels = [label for label in window.findChildren(QLabel) if label.buddy() is widget]
    return labels[0].text() if labels else ""


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName() or widget.parentWidget().objectName()}"
        for widget in stops(root)
        if not spoken(widget)
    ]


def walked(window: QWidget, start: QWidget, most: int = 200) -> set[QWidget]:
    """Everything that gets the keyboard by pressing Tab until it comes round."""
    window.activateWindow()
    settle()
    start.setFocus(Qt.FocusReason.TabFocusReason)
    found: set[QWidget] = set()
    for _ in range(most):
        current = QApplication.focusWidget()
        if current is None or (current in found and current is start):
            break
        found.add(current)
        QTest.keyClick(current, Qt.Key.Key_Tab)
    return found


def missed(window: QWidget) -> list[str]:
    """Stops that Tab does not reach."""
    wanted = stops(window)
    left = set(wanted) - walked(window, wanted[0])
    return [f"{type(widget).__name__} {widget.objectName()}" for widget in left]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_stop_of_every_page_has_a_name_and_tab_reaches_it(
    qtbot: QtBot, whole: WholeWindow, language: str
) -> None:
    whole.shown.language.switch(language)
    wrong: dict[str, list[str]] = {}
    for view in whole.views(qtbot):
        wrong[view] = [f"no name: {stop}" for stop in nameless(whole.window)]
        wrong[view] += [f"not reached: {stop}" for stop in missed(whole.window)]
    assert not any(wrong.values()), {view: found for view, found in wrong.items() if found}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_stop_of_every_dialog_has_a_name_and_tab_reaches_it(
    qtbot: QtBot, whole: WholeWindow, language: str
) -> None:
    whole.shown.language.switch(language)
    QApplication.processEvents()
    for name, make in MAKE.items():
        dialog = make(whole)
        dialog.show()
        settle()
        assert dialog.windowTitle(), name
        assert stops(dialog), name
        assert nameless(dialog) == [], name
        assert missed(dialog) == [], name
        dialog.close()


def unseen(window: QWidget) -> list[str]:
    """Stops that look the same with and without the keyboard."""
    found = []
    for widget in stops(window):
        widget.clearFocus()
        QApplication.processEvents()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if QApplication.focusWidget() is widget and widget.grab().toImage() == before:
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_has_the_keyboard_can_be_seen_in_both_themes(
    qtbot: QtBot, whole: WholeWindow, theme: str
) -> None:
    whole.window.actions_set[f"view.theme_{theme}"].trigger()
    whole.window.activateWindow()
    hidden: dict[str, list[str]] = {}
    for view in whole.views(qtbot):
        hidden[view] = unseen(whole.window)
    for name, make in MAKE.items():
        dialog = make(whole)
        dialog.show()
        dialog.activateWindow()
        settle()
        hidden[name] = unseen(dialog)
        dialog.close()
    whole.window.actions_set["view.theme_light"].trigger()
    assert not any(hidden.values()), {view: found for view, found in hidden.items() if found}
