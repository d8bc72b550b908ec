"""The statistics page in the real window over a real log: range, product, the way to the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDateTimeEdit, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from store_support import make_part

from qc_station.assembly import Station
from qc_station.domain.verdict import Label, Verdict
from qc_station.options import parse_options
from qc_station.settings.paths import StationPaths
from qc_station.ui import theme
from qc_station.ui.pages.history import HistoryPage
from qc_station.ui.pages.statistics import StatisticsPage
from qc_station.ui.theme import contrast
from qc_station.ui.time_words import local
from qc_station.window import StationWindow

NOW = datetime.now(UTC)
NG = frozenset({Verdict.NG})


@dataclass
class Shown:
    """The station, its window, and the two pages."""

    qtbot: QtBot
    station: Station
    window: StationWindow

    @property
    def page(self) -> StatisticsPage:
        return self.window.statistics

    @property
    def history(self) -> HistoryPage:
        return self.window.history

    def find(self, kind: type[Any], name: str) -> Any:
        return self.window.window.findChild(kind, name)

    def add(self, number: int, verdict: Verdict, minutes_ago: float, **more: Any) -> None:
        moment = NOW - timedelta(minutes=minutes_ago)
        part = make_part(number, verdict=verdict, captured_at=moment, decided_at=moment, **more)
        self.station.verdict_log.record(part, None, None)
        assert self.station.verdict_log.flush()

    def open(self, period: str = "hour") -> None:
        """Shows the page with a range."""
        self.window.window.show_page("statistics")
        self.choose("statistics_period", period)
        self.settle()

    def choose(self, combo: str, data: object) -> None:
        box = self.find(QComboBox, combo)
        box.setCurrentIndex(box.findData(data))

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.page.busy and bool(self.page.charts), timeout=20_000)

    def parts(self) -> int:
        assert self.page.report is not None
        return self.page.report.counts.total

    def listed(self, rows: int) -> list[int]:
        """Part numbers of the history, once it has so many rows."""
        model = self.history.model
        self.qtbot.waitUntil(lambda: model.rowCount() == rows and model.inspection(0) is not None)
        return [model.inspection(row).part_number for row in range(rows)]  # type: ignore[union-attr]


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Shown]:
    """Twelve parts of two products within the last hour, and one of three days ago."""
    options = parse_options(["--home", str(tmp_path / "home"), "--language", "en"])
    station = Station(options, StationPaths(tmp_path / "home").ensure())
    window = StationWindow(station, qapp)
    made = Shown(qtbot, station, window)
    for number in range(8):
        made.add(number, Verdict.OK, 30 + number)
    made.add(8, Verdict.NG, 20, class_name="bent_wire", recipe="cable")
    made.add(9, Verdict.NG, 10, class_name="bent_wire")
    made.add(10, Verdict.NG, 10)
    made.add(11, Verdict.REVIEW, 9)
    made.add(12, Verdict.OK, 60 * 24 * 3)
    with qtbot.waitExposed(window.window):
        window.show()
    yield made
    station.close()
    window.dispose()


def test_range_and_product_change_the_figures(shown: Shown) -> None:
    shown.open()
    assert shown.parts() == 12
    assert shown.find(QWidget, "figure_yield").text.startswith("66.7 %")
    shown.choose("statistics_recipe", "cable")
    shown.settle()
    assert shown.parts() == 1
    shown.choose("statistics_recipe", None)
    shown.choose("statistics_period", "week")
    shown.settle()
    assert shown.parts() == 13
    for name, moment in (("from", NOW - timedelta(days=4)), ("to", NOW - timedelta(days=2))):
        shown.choose("statistics_period", "custom")
        edit = shown.find(QDateTimeEdit, f"statistics_{name}")
        assert edit.isVisible()
        edit.setDateTime(local(moment))
    shown.settle()
    assert shown.parts() == 1


def test_enter_on_a_bar_lists_its_parts_and_the_way_back_is_on_a_button(shown: Shown) -> None:
    shown.open()
    pareto = shown.page.charts["pareto"]
    pareto.setFocus(Qt.FocusReason.TabFocusReason)
    shown.qtbot.keyClick(pareto, Qt.Key.Key_Home)
    assert pareto.words == "Bent wire: 2 of 3 defects, 66.7 % together with those before"
    assert pareto.accessibleDescription() == pareto.words
    shown.qtbot.keyClick(pareto, Qt.Key.Key_Return)
    assert shown.window.window.page == "history"
    assert shown.listed(2) == [9, 8]
    only = shown.find(QPushButton, "history_narrowed")
    assert only.isVisible() and "Bent wire" in only.text()
    shown.qtbot.mouseClick(only, Qt.MouseButton.LeftButton)
    shown.listed(13)
    assert not only.isVisible()


def test_a_click_on_a_point_lists_its_parts(shown: Shown) -> None:
    shown.open()
    rates = shown.page.charts["rates"]
    ng = next(i for i, point in enumerate(rates.data.series[0].points) if point.parts)
    assert rates.data.series[0].points[ng].parts.verdicts == NG  # type: ignore[union-attr]
    place = rates.place_of(0, ng)
    assert place is not None
    shown.qtbot.mouseClick(
        rates.plot, Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), round(place.y()))
    )
    shown.qtbot.waitUntil(lambda: shown.window.window.page == "history")
    assert shown.listed(1) == [8]
    assert shown.find(QPushButton, "history_ng").isChecked()


def test_false_alarms_lead_to_the_parts_that_an_expert_called_good(shown: Shown) -> None:
    for number, label in ((9, Label.GOOD), (10, Label.DEFECT)):
        shown.station.review.answer(f"part-{number}", label, None, "ann")
    shown.open()
    assert shown.find(QWidget, "figure_false_alarms").text == "50.0 % 1 of 2 reviewed NG"
    assert shown.find(QWidget, "figure_escapes").text == "– no random OK reviewed"
    answers = shown.page.charts["answers"]
    bar = next(point for point in answers.data.series[0].points if point.parts)
    answers.opened.emit(bar.parts)
    assert shown.listed(1) == [9]
    assert "expert's answer: Good" in shown.find(QPushButton, "history_narrowed").text()


def test_arrow_keys_walk_over_gaps_and_change_the_series(shown: Shown) -> None:
    shown.open()
    latency = shown.page.charts["latency"]
    shown.window.window.activateWindow()
    shown.qtbot.waitUntil(shown.window.window.isActiveWindow)
    latency.setFocus(Qt.FocusReason.TabFocusReason)
    newest = latency.words
    assert "p50" in newest
    shown.qtbot.keyClick(latency, Qt.Key.Key_Left)
    assert latency.words != newest and "ms" in latency.words
    shown.qtbot.keyClick(latency, Qt.Key.Key_Down)
    assert "p95" in latency.words
    shown.qtbot.keyClick(latency, Qt.Key.Key_End)
    shown.qtbot.keyClick(latency, Qt.Key.Key_Up)
    assert latency.words == newest


def test_an_empty_range_says_so(shown: Shown) -> None:
    shown.open()
    shown.choose("statistics_period", "custom")
    shown.find(QDateTimeEdit, "statistics_to").setDateTime(local(NOW - timedelta(days=90)))
    shown.settle()
    assert shown.parts() == 0
    assert shown.find(QLabel, "statistics_state").text() == "No parts in this range"
    assert "No parts in this range." in shown.page.charts["throughput"].accessibleName()
    shown.qtbot.keyClick(shown.page.charts["throughput"], Qt.Key.Key_Return)
    assert shown.window.window.page == "statistics"


def test_the_last_question_wins(shown: Shown) -> None:
    shown.open()
    for period in ("month", "week", "shift", "today", "hour", "week"):
        shown.choose("statistics_period", period)
    shown.settle()
    assert shown.page.report is not None
    assert shown.page.report.start < NOW - timedelta(days=5)


def test_new_parts_arrive_while_the_page_is_looked_at(shown: Shown) -> None:
    shown.open()
    shown.page._refresh.setInterval(10)
    shown.add(20, Verdict.OK, 0)
    shown.qtbot.waitUntil(lambda: shown.parts() == 13, timeout=10_000)


def test_the_machine_is_watched_only_while_the_page_is_shown(shown: Shown) -> None:
    monitor = shown.station.system_use
    assert monitor.samples == () and not monitor.watching
    shown.open()
    shown.qtbot.waitUntil(lambda: bool(monitor.samples), timeout=10_000)
    machine = shown.page.charts["system"]
    shown.qtbot.waitUntil(lambda: "memory" in machine.words)
    assert "CPU" in machine.accessibleName()
    shown.window.window.show_page("inspect")
    assert not monitor.watching


def test_everything_has_a_name_in_both_languages(shown: Shown) -> None:
    shown.open("week")
    english = {name: chart.accessibleName() for name, chart in shown.page.charts.items()}
    assert english["throughput"].startswith("Throughput: 13 parts in this range")
    assert english["scores"].startswith("Score distribution: Choose one product")
    for widget in shown.page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            spoken = widget.accessibleName() or widget.parentWidget().accessibleName()
            assert spoken, (widget, widget.parentWidget())
    shown.window.language.switch("fr")
    QApplication.processEvents()
    shown.settle()
    for name, chart in shown.page.charts.items():
        assert chart.accessibleName() != english[name], name


@pytest.mark.parametrize("ink", [theme.REVIEW_LINE, theme.NEUTRAL_BAR, theme.FOCUS, theme.OK_SIGN])
def test_lines_and_bars_stand_out_from_their_ground(ink: str) -> None:
    assert contrast(ink, theme.SURFACE) >= 3.0
