"""Full screen on Inspect: the operator's page alone, read from three metres, and a way out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import FakeHealth, FakeStation, make_part
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Verdict
from qc_station.services.health import HealthItem, HealthLevel, HealthReport
from qc_station.ui.actions import PAGES
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.main_window import MainWindow
from qc_station.ui.pages.inspect import InspectPage


@pytest.fixture
def station() -> FakeStation:
    return FakeStation()


@pytest.fixture
def health() -> FakeHealth:
    return FakeHealth()


@pytest.fixture
def window(
    qtbot: QtBot, station: FakeStation, health: FakeHealth, language: LanguageSwitch
) -> MainWindow:
    inspect = InspectPage(station)  # type: ignore[arg-type]
    others = {name: QWidget() for name in PAGES[1:]}
    widget = MainWindow(inspect, others, language, health=health)  # type: ignore[arg-type]
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def font_scale(request: pytest.FixtureRequest) -> Iterator[float]:
    """The application's letters this much larger, before the window is made."""
    before = QFont(QApplication.font())
    larger = QFont(before)
    larger.setPixelSize(round(before.pixelSize() * request.param))
    QApplication.setFont(larger)
    yield request.param
    QApplication.setFont(before)


def bars(window: MainWindow) -> list[bool]:
    return [bar.isVisible() for bar in (window.menuBar(), window.rail, window.statusBar())]


@pytest.mark.parametrize("font_scale", [1.0, 1.5], indirect=True)
@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_every_word_is_15_percent_of_the_screen(
    font_scale: float,
    window: MainWindow,
    station: FakeStation,
    language: LanguageSwitch,
    code: str,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window, "isFullScreen", lambda: True)  # the screen here is 800 × 800
    window._show_bars()
    language.switch(code)
    window.resize(*size)
    QApplication.processEvents()
    page = window._inspect
    assert (window.width(), window.height()) == size, "nothing asks for a larger screen"
    assert page.size() == window.size()
    for number, verdict in enumerate(Verdict, start=1):
        station.answer(make_part(number, verdict, class_name="cut_outer_insulation"))
        QApplication.processEvents()
        sign = page.not_inspecting if verdict is Verdict.NOT_INSPECTED else page.banner
        assert sign.isVisible()
        assert sign.word_height() >= 0.15 * window.height(), (verdict, sign.word)
        assert sign.word_height() < sign.height(), "the word is not cut off"
    assert window.height() == size[1]
    station.go(StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)
    QApplication.processEvents()
    assert page.not_inspecting.isVisible()
    assert page.not_inspecting.word_height() >= 0.15 * window.height()
    leave = page.controls.leave
    way_out = QRect(leave.mapTo(page, QPoint(0, 0)), leave.size())
    assert leave.isVisible() and not page.not_inspecting.geometry().intersects(way_out)


def test_f11_leaves_the_operators_page_alone_and_brings_all_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert bars(window) == [True] * 3
    qtbot.keyClick(window, Qt.Key.Key_F11)
    QApplication.processEvents()
    assert window.isFullScreen() and bars(window) == [False] * 3
    assert window._inspect.controls.leave.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    QApplication.processEvents()
    assert not window.isFullScreen() and bars(window) == [True] * 3
    assert not window._inspect.controls.leave.isVisible()


def test_escape_goes_back_to_live_first_and_then_leaves_full_screen(
    window: MainWindow, station: FakeStation, qtbot: QtBot
) -> None:
    page = window._inspect
    for number in (1, 2):
        station.answer(make_part(number))
    window.actions_set["view.fullscreen"].trigger()
    page.strip.step(+1)
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.strip.chosen is None and window.isFullScreen()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not window.isFullScreen(), "in the window, Escape does nothing"


def test_the_button_leaves_full_screen_and_a_maximised_window_comes_back(
    window: MainWindow,
) -> None:
    window.showMaximized()
    QApplication.processEvents()
    window.actions_set["view.fullscreen"].trigger()
    assert window.isFullScreen()
    window._inspect.controls.leave.click()
    QApplication.processEvents()
    assert not window.isFullScreen() and window.isMaximized()
    assert not window.actions_set["view.fullscreen"].isChecked()


def test_other_pages_keep_menu_and_rail_in_full_screen(window: MainWindow) -> None:
    window.actions_set["view.fullscreen"].trigger()
    window.show_page("history")
    assert window.isFullScreen() and bars(window) == [True] * 3
    window.show_page("inspect")
    assert bars(window) == [False] * 3


def test_trouble_is_told_where_there_is_no_status_bar(
    window: MainWindow, health: FakeHealth, language: LanguageSwitch
) -> None:
    trouble = window._inspect.view.trouble
    full = HealthItem("disk", HealthLevel.FAIL, "full")
    good = [HealthItem(name, HealthLevel.OK, "ok") for name in ("camera", "engine", "database")]
    health.changed.emit(HealthReport(good[0], good[1], full, good[2]))
    assert not trouble.isVisible(), "the status bar says it"
    window.actions_set["view.fullscreen"].trigger()
    assert trouble.isVisible()
    shown = {name: sign.isVisible() for name, sign in trouble.indicators.items()}
    assert shown == {"camera": False, "engine": False, "disk": True, "database": False}
    language.switch("fr")
    QApplication.processEvents()
    assert trouble.indicators["disk"].word == "Panne"
    better = HealthItem("disk", HealthLevel.OK, "ok")
    health.changed.emit(HealthReport(good[0], good[1], better, good[2]))
    assert not trouble.isVisible()


def test_what_the_window_says_is_read_over_the_picture(window: MainWindow) -> None:
    window.say("in the status bar")
    assert not window._inspect.view.note.isVisible()
    window.actions_set["view.fullscreen"].trigger()
    window.say("Locked after a while")
    assert (
        window._inspect.view.note.isVisible()
        and window._inspect.view.note.text == "Locked after a while"
    )
    window._inspect.view.note._end.timeout.emit()
    assert not window._inspect.view.note.isVisible()
