"""The operator's counters of shift, lot and total, and the dialog that begins a lot."""

from __future__ import annotations

import pytest
from fakes import FakeStation, make_part
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.domain.access import Action
from qc_station.domain.counters import Counters, Tallies
from qc_station.domain.lot import LONGEST_LOT
from qc_station.domain.verdict import Verdict
from qc_station.services.permits import AccessError, Permits
from qc_station.ui.dialogs.new_lot import NewLotDialog
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.widgets.counters_panel import COLUMNS, ROWS, CountersPanel


class NobodyMay(Permits):
    """Nobody is logged in."""

    def allows(self, action: Action) -> bool:
        return False


@pytest.fixture
def station() -> FakeStation:
    return FakeStation()


@pytest.fixture
def page(qtbot: QtBot, station: FakeStation, language: LanguageSwitch) -> InspectPage:
    widget = InspectPage(station)  # type: ignore[arg-type]
    qtbot.addWidget(widget)
    widget.resize(1180, 740)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def dialog(qtbot: QtBot, station: FakeStation, permits: Permits | None = None) -> NewLotDialog:
    widget = NewLotDialog(station.set_lot, station.lot, permits or Permits())
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_without_a_lot_its_row_is_empty_and_offers_one(
    page: InspectPage, station: FakeStation, qtbot: QtBot
) -> None:
    station.answer(make_part(1))
    assert page.counters.value("total") == "1" and page.counters.value("yield") == "100.0 %"
    assert page.counters.value("total", "lot") == "–" and page.counters.lot.text() == "No lot"
    with qtbot.waitSignal(page.new_lot_asked):
        page.counters.lot.click()


def test_a_scanned_lot_counts_its_own_parts(
    page: InspectPage, station: FakeStation, qtbot: QtBot, language: LanguageSwitch
) -> None:
    station.answer(make_part(1))
    box = dialog(qtbot, station)
    assert not box.end.isVisible(), "no lot is running"
    qtbot.keyClicks(box.name, "4711-B")
    qtbot.keyClick(box.name, Qt.Key.Key_Return)  # what a scanner ends with
    assert not box.isVisible() and station.lot == "4711-B"
    station.answer(make_part(2, Verdict.NG))
    assert (
        page.counters.lot.text() == "Lot 4711-B" and page.view.note.text == "Lot 4711-B has begun."
    )
    assert [page.counters.value("total", row) for row in ROWS] == ["2", "1", "2"]
    assert page.counters.value("yield", "lot") == "0.0 %"
    language.switch("fr")
    QApplication.processEvents()
    assert page.counters.value("yield") == "50,0\N{NARROW NO-BREAK SPACE}%"


def test_an_empty_name_becomes_date_and_time(qtbot: QtBot, station: FakeStation) -> None:
    box = dialog(qtbot, station)
    box.start.click()
    assert station.lot[:2] == "20" and len(station.lot) == 19


def test_a_running_lot_can_be_ended(page: InspectPage, qtbot: QtBot, station: FakeStation) -> None:
    station.set_lot("A")
    box = dialog(qtbot, station)
    box.end.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert station.lot == "" and page.view.note.text == "No lot from now on."


def test_escape_leaves_the_lot_as_it_is(qtbot: QtBot, station: FakeStation) -> None:
    station.set_lot("A")
    box = dialog(qtbot, station)
    qtbot.keyClicks(box.name, "B")
    qtbot.keyClick(box.name, Qt.Key.Key_Escape)
    assert station.lot == "A" and not box.isVisible()


def test_a_name_that_is_too_long_is_told(qtbot: QtBot, station: FakeStation) -> None:
    box = dialog(qtbot, station)
    box.name.setText("x" * (LONGEST_LOT + 1))
    box.submit()
    assert box.isVisible() and str(LONGEST_LOT) in box.message and station.lot == ""


def test_who_logged_out_meanwhile_is_told(qtbot: QtBot, station: FakeStation) -> None:
    def refuse(_name: str) -> None:
        raise AccessError("log_in_needed", "Log in first.")

    box = NewLotDialog(refuse, "", NobodyMay())
    qtbot.addWidget(box)
    box.show()
    box.submit()
    assert box.isVisible() and "Ctrl+L" in box.message


def test_nobody_begins_a_lot_without_a_log_in(
    qtbot: QtBot, station: FakeStation, language: LanguageSwitch
) -> None:
    page = InspectPage(station, permits=NobodyMay())  # type: ignore[arg-type]
    qtbot.addWidget(page)
    assert not page.counters.lot.isEnabled() and "Ctrl+L" in page.counters.lot.toolTip()


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("width", [450, 520, 740])
def test_no_figure_is_cut_off_however_large(
    qtbot: QtBot, language: LanguageSwitch, code: str, width: int
) -> None:
    language.switch(code)
    panel = CountersPanel()
    qtbot.addWidget(panel)
    panel.setMinimumWidth(200)
    panel.set_page_height(800)
    many = Counters(ok=1_234_567, ng=34_567, review=1_234, not_inspected=123)
    panel.show_tallies(Tallies(Counters(ok=1_234, ng=12), many, many, "a very long name of a lot"))
    panel.show()
    panel.resize(width, 110)
    QApplication.processEvents()
    for row in ROWS:
        for column in COLUMNS:
            label = panel._values[row, column]
            assert label.width() >= label.sizeHint().width(), (row, column, label.text())
    assert "very long name of a lot" in panel.lot.toolTip() and "…" in panel.lot.text()
