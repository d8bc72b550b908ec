"""The window around the pages: actions as data, languages at run time, status, badge."""

from __future__ import annotations

import pytest
from fakes import FakeHealth, FakeReview, FakeStation
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qc_station.services.health import HealthItem, HealthLevel, HealthReport
from qc_station.ui.actions import ACTIONS, PAGES
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.icons import icon
from qc_station.ui.main_window import MainWindow
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.widgets.status_indicator import Level


def report(disk: HealthLevel = HealthLevel.OK) -> HealthReport:
    return HealthReport(
        HealthItem("camera", HealthLevel.OK, "ok", {"fps": 29.97}),
        HealthItem("engine", HealthLevel.OK, "ready"),
        HealthItem("disk", disk, "unknown"),
        HealthItem("database", HealthLevel.OK, "writing"),
    )


@pytest.fixture
def health() -> FakeHealth:
    return FakeHealth()


@pytest.fixture
def review() -> FakeReview:
    return FakeReview(3)


@pytest.fixture
def window(
    qtbot: QtBot, language: LanguageSwitch, health: FakeHealth, review: FakeReview
) -> MainWindow:
    inspect = InspectPage(FakeStation())  # type: ignore[arg-type]
    others = {name: QWidget() for name in PAGES[1:]}
    widget = MainWindow(inspect, others, language, health=health, review=review)  # type: ignore[arg-type]
    qtbot.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    return widget


def test_every_page_has_a_rail_button_a_menu_entry_and_a_key(window: MainWindow) -> None:
    for page in PAGES:
        action = window.actions_set[f"view.{page}"]
        assert window.rail.buttons[page].defaultAction() is action
        assert action.shortcut() == QKeySequence(window.actions_set.specs[f"view.{page}"].shortcut)
        assert action.shortcut().toString().startswith("Ctrl+")
        window.rail.buttons[page].click()
        assert window.page == page
        assert action.isChecked()


def test_actions_are_unique_complete_and_in_a_menu(window: MainWindow) -> None:
    keys = [spec.key for spec in ACTIONS]
    assert len(keys) == len(set(keys))
    shortcuts = [spec.shortcut for spec in ACTIONS if spec.shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    menus = (*window._menus.values(), *window._submenus.values())
    in_menus = {action for menu in menus for action in menu.actions()}
    for spec in ACTIONS:
        assert window.actions_set[spec.key] in in_menus
        assert not icon(spec.icon).isNull()


def test_a_bound_command_runs_after_its_page_is_shown(window: MainWindow) -> None:
    seen: list[str] = []
    action = window.actions_set["learning.retrain"]
    assert not action.isEnabled(), "without a command it is greyed out"
    window.bind("learning.retrain", lambda: seen.append(window.page))
    action.trigger()
    assert seen == ["learning"]


def test_language_switches_at_run_time_and_back(
    window: MainWindow, language: LanguageSwitch
) -> None:
    french = window._language_actions["fr"]
    french.trigger()
    QApplication.processEvents()
    assert language.code == "fr"
    assert window.actions_set["view.inspect"].text() == "Contrôle"
    assert window.rail.buttons["history"].text() == "Historique"
    assert french.isChecked()
    window._language_actions["en"].trigger()
    QApplication.processEvents()
    assert window.actions_set["view.inspect"].text() == "Inspect"


def test_status_bar_shows_words_and_levels(
    window: MainWindow, health: FakeHealth, language: LanguageSwitch
) -> None:
    health.changed.emit(report(disk=HealthLevel.FAIL))
    assert window.indicators["camera"].word == "30 fps"
    assert window.indicators["disk"].level is Level.BAD
    assert window.indicators["disk"].word == "Fault"
    language.switch("fr")
    QApplication.processEvents()
    assert window.indicators["disk"].word == "Panne"
    assert "Disque" in window.indicators["disk"].accessibleName()


def test_badge_follows_the_review_queue(window: MainWindow, review: FakeReview) -> None:
    assert window.rail.buttons["review"].badge == 3
    review.waiting = 0
    review.changed.emit()
    assert window.rail.buttons["review"].badge == 0


def test_full_screen_follows_its_action(window: MainWindow) -> None:
    window.actions_set["view.fullscreen"].trigger()
    QApplication.processEvents()
    assert window.isFullScreen()
    window.actions_set["view.fullscreen"].trigger()
    QApplication.processEvents()
    assert not window.isFullScreen()


def test_place_of_the_window_survives_and_rubbish_does_no_harm(window: MainWindow) -> None:
    window.resize(1000, 700)
    place = window.save_place()
    window.resize(900, 650)
    assert window.restore_place(place)
    assert not window.restore_place("not base64 at all ///")
    assert not window.restore_place("")


def test_switches_of_menu_are_told_for_the_settings(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.heatmap_visible_changed) as heatmap:
        window.actions_set["view.heatmap"].trigger()
    assert heatmap.args == [False]
    with qtbot.waitSignal(window.sound_changed) as sound:
        window.actions_set["station.sound"].trigger()
    assert sound.args == [True]
