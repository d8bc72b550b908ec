"""The history page over a real log: pages, filters, selection, pictures, export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.verdict import Inspection, Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.ui.models.history_model import PAGE, Column, HistoryModel
from qc_station.ui.pages.history import HistoryPage
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()


@pytest.fixture
def parts(qtbot: QtBot, tmp_path: Path) -> Iterator[LoggedParts]:
    made = LoggedParts(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, parts: LoggedParts, tmp_path: Path) -> Iterator[HistoryPage]:
    parts.add(Verdict.OK, count=6)
    parts.add(Verdict.NG, "broken_large", count=3)
    parts.add(Verdict.REVIEW, count=2)
    made = HistoryPage(parts.log, parts.review, lambda _parent, name: tmp_path / name)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.selected is not None)
    yield made
    made.close_workers()


def wait_for_rows(qtbot: QtBot, page: HistoryPage, rows: int) -> None:
    qtbot.waitUntil(lambda: page.model.rowCount() == rows)


def table(page: HistoryPage) -> QTableView:
    return page.findChild(QTableView, "history_table")


def test_the_newest_part_is_shown_with_its_own_picture_and_heatmap(
    qtbot: QtBot, page: HistoryPage
) -> None:
    assert page.selected is not None and page.selected.part_number == 11
    qtbot.waitUntil(lambda: page._canvas.pixels is not None)
    assert page._canvas.pixels[0, 0, 0] == 11 and page._canvas.heatmap[0, 0] == 11
    assert "2.80" in page._facts.texts()["Score"]


def test_the_arrow_keys_move_through_the_parts(qtbot: QtBot, page: HistoryPage) -> None:
    qtbot.keyClick(table(page), Qt.Key.Key_Down)
    assert page.selected is not None and page.selected.part_number == 10
    qtbot.waitUntil(lambda: page._canvas.pixels is not None and page._canvas.pixels[0, 0, 0] == 10)


def test_a_verdict_button_and_a_search_narrow_the_list(qtbot: QtBot, page: HistoryPage) -> None:
    button = page.findChild(QPushButton, "history_ng")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for_rows(qtbot, page, 3)
    page.focus_search()
    qtbot.keyClicks(page._filters._search, "008")
    wait_for_rows(qtbot, page, 1)
    qtbot.waitUntil(lambda: page.selected is not None and page.selected.part_number == 8)
    qtbot.mouseClick(page.findChild(QPushButton, "history_reset"), Qt.MouseButton.LeftButton)
    wait_for_rows(qtbot, page, 11)


def test_no_match_says_how_to_get_back(qtbot: QtBot, page: HistoryPage) -> None:
    button = page.findChild(QPushButton, "history_not_inspected")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for_rows(qtbot, page, 0)
    assert "Show all" in page.findChild(QLabel, "history_sentence").text()


def test_new_parts_arrive_without_disturbing_the_selection(
    qtbot: QtBot, page: HistoryPage, parts: LoggedParts
) -> None:
    table(page).selectRow(4)
    chosen = page.selected
    parts.add(Verdict.OK, count=5)
    wait_for_rows(qtbot, page, 16)
    assert page.selected == chosen
    assert table(page).currentIndex().row() == 9
    assert page.model.inspection(0).part_number == 16  # type: ignore[union-attr]


def test_an_answer_shows_at_the_part(qtbot: QtBot, page: HistoryPage, parts: LoggedParts) -> None:
    part = page.selected
    assert part is not None
    parts.review.answer(part.inspection_id, Label.GOOD, None, "ann")
    qtbot.waitUntil(lambda: page.model.index(0, Column.REVIEW).data() == "Good")
    qtbot.waitUntil(lambda: page._facts.texts()["Expert's answer"] == "Good, by ann")


def test_the_filtered_parts_are_exported(qtbot: QtBot, page: HistoryPage, tmp_path: Path) -> None:
    page.findChild(QPushButton, "history_review").setChecked(True)
    wait_for_rows(qtbot, page, 2)
    qtbot.mouseClick(page.findChild(QPushButton, "history_export"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "2 parts exported" in page._toast.text)
    with (tmp_path / "inspections.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 3


def test_serial_numbers_have_a_column_where_there_are_any_and_are_found(
    qtbot: QtBot, page: HistoryPage, parts: LoggedParts
) -> None:
    assert table(page).isColumnHidden(Column.SERIAL)
    parts.add(Verdict.OK, serial="SN-4711")
    parts.add(Verdict.OK, count=2)
    wait_for_rows(qtbot, page, 14)
    qtbot.waitUntil(lambda: not table(page).isColumnHidden(Column.SERIAL))
    page.focus_search()
    qtbot.keyClicks(page.focusWidget(), "sn-47")  # or the scanner, which ends with Enter
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    wait_for_rows(qtbot, page, 1)
    qtbot.waitUntil(lambda: page._facts.texts().get("Serial number") == "SN-4711")
    assert page.model.index(0, Column.SERIAL).data() == "SN-4711"


class CountingLog:
    """A long log that remembers which pages were asked for."""

    def __init__(self, total: int, parts: list[Inspection]) -> None:
        self.total = total
        self.parts = parts
        self.asked: list[tuple[int, int]] = []

    def count(self, filter_: HistoryFilter) -> int:
        return self.total

    def query(self, filter_: HistoryFilter, offset: int, limit: int) -> list[Inspection]:
        self.asked.append((offset, limit))
        return [self.parts[0]] * min(limit, self.total - offset)


def test_a_long_log_is_read_page_by_page(
    qtbot: QtBot, page: HistoryPage, parts: LoggedParts
) -> None:
    log = CountingLog(1_000_000, parts.log.query(HistoryFilter(), 0, 1))
    model = HistoryModel(log)
    with qtbot.waitSignal(model.reset_done):
        model.set_filter(HistoryFilter())
    assert model.rowCount() == 1_000_000
    assert log.asked == [(0, PAGE)]
    deep = model.index(700_123, Column.PART)
    assert deep.data() == "…"
    qtbot.waitUntil(lambda: deep.data() != "…")
    assert log.asked == [(0, PAGE), (700_100, PAGE)]
    model.close()


def test_the_newest_part_is_chosen_even_if_parts_came_before_the_page_was_shown(
    qtbot: QtBot, parts: LoggedParts
) -> None:
    made = HistoryPage(parts.log, parts.review)
    qtbot.addWidget(made)
    parts.add(Verdict.OK)
    qtbot.waitUntil(lambda: made.selected is not None)  # while nobody looks
    parts.add(Verdict.OK, count=40)
    qtbot.waitUntil(lambda: made.model.rowCount() == 41)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.selected is not None and made.selected.part_number == 41)
    assert table(made).currentIndex().row() == 0
    assert table(made).rowAt(0) == 0, "scrolled to the top"
    table(made).selectRow(7)
    made.hide()
    parts.add(Verdict.OK)
    made.show()
    wait_for_rows(qtbot, made, 42)
    assert made.selected.part_number == 34, "what was looked at stays"  # type: ignore[union-attr]
    made.close_workers()


def test_the_first_part_of_all_is_shown_when_it_comes(qtbot: QtBot, parts: LoggedParts) -> None:
    made = HistoryPage(parts.log, parts.review)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made), qtbot.waitSignal(made.model.reset_done):
        made.show()
    assert made.selected is None
    parts.add(Verdict.OK)
    qtbot.waitUntil(lambda: made.selected is not None)
    made.close_workers()


def test_parts_of_a_lot_are_found_shown_and_exported(
    qtbot: QtBot, page: HistoryPage, parts: LoggedParts, tmp_path: Path
) -> None:
    assert not page._filters._lot.isVisible(), "a station without lots has no field for them"
    everything = page.model.rowCount()
    parts.lot = "L-77"
    parts.add(Verdict.NG, count=2)
    wait_for_rows(qtbot, page, everything + 2)
    page.hide()
    page.show()
    choice = page._filters._lot
    assert choice.isVisible() and choice.count() == 2
    choice.setCurrentIndex(1)
    wait_for_rows(qtbot, page, 2)
    assert page.model.index(0, Column.LOT).data() == "L-77"
    assert page._facts.texts()["Lot"] == "L-77"
    path = tmp_path / "lot.csv"
    assert parts.log.export_csv(page._filters.filter(), path) == 2
    assert path.read_text(encoding="utf-8-sig").count(",L-77,") == 2
