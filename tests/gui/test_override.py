"""Overriding a verdict: the dialog asks for decision and reason, and every page shows both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeStation, make_frame, make_part
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.assembly import Station
from qc_station.domain.access import Action
from qc_station.domain.outcome import PartResult
from qc_station.domain.verdict import Inspection, Override, Verdict
from qc_station.options import Options
from qc_station.services.permits import AccessError, Permits
from qc_station.settings.paths import StationPaths
from qc_station.ui.dialogs.override import OverrideDialog
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.models.history_model import Column
from qc_station.ui.pages.inspect import InspectPage
from qc_station.window import StationWindow

Decision = tuple[Verdict, str, bool]


class OnlyLooking(Permits):
    """An operator: everything but overriding."""

    def allows(self, action: Action) -> bool:
        return action is not Action.OVERRIDE


def ask(qtbot: QtBot, part: Inspection) -> tuple[OverrideDialog, list[Decision]]:
    decisions: list[Decision] = []
    box = OverrideDialog(part, lambda *said: decisions.append(said), Permits())
    qtbot.addWidget(box)
    box.show()
    return box, decisions


def overridden(part: PartResult, verdict: Verdict = Verdict.OK) -> Inspection:
    inspection = part.inspection
    override = Override(verdict, "dust", "Eva", inspection.decided_at)
    return replace(inspection, override=override)


def test_an_ng_part_can_only_become_ok_and_needs_a_reason(
    qtbot: QtBot, language: LanguageSwitch
) -> None:
    box, decisions = ask(qtbot, make_part(7, Verdict.NG).inspection)
    assert set(box.choices) == {Verdict.OK} and box.chosen is Verdict.OK
    assert "stays in the log" in box._text.text() and "NG" in box._title.text()
    qtbot.keyClick(box.reason, Qt.Key.Key_Return)
    assert box.isVisible() and "why" in box.message and decisions == []
    qtbot.keyClicks(box.reason, "dust, wiped off")
    qtbot.keyClick(box.reason, Qt.Key.Key_Return)
    assert not box.isVisible() and decisions == [(Verdict.OK, "dust, wiped off", False)]


def test_reasons_are_offered_for_the_decision(qtbot: QtBot, language: LanguageSwitch) -> None:
    box, decisions = ask(qtbot, make_part(7, Verdict.REVIEW).inspection)
    assert box.chosen is None
    box.reason.setEditText("because")
    box.submit()
    assert "Choose" in box.message and decisions == []
    box.choices[Verdict.NG].click()
    reasons = [box.reason.itemText(index) for index in range(box.reason.count())]
    assert "Defect seen by eye" in reasons and box.reason.currentText() == "because"
    box.reason.setCurrentIndex(0)
    box.apply.click()
    assert decisions == [(Verdict.NG, "Defect seen by eye", False)]


def test_a_part_not_inspected_becomes_ok_only_after_saying_so(
    qtbot: QtBot, language: LanguageSwitch
) -> None:
    box, decisions = ask(qtbot, make_part(7, Verdict.NOT_INSPECTED).inspection)
    assert not box.looked_at.isVisible()
    box.choices[Verdict.OK].click()
    assert box.looked_at.isVisible() and "NOT" in box._blind_words.text()
    box.reason.setEditText("by hand")
    box.submit()
    assert box.isVisible() and decisions == [] and "yourself" in box.message
    box.looked_at.click()
    box.submit()
    assert decisions == [(Verdict.OK, "by hand", True)]


def test_an_override_can_be_taken_back(qtbot: QtBot, language: LanguageSwitch) -> None:
    box, decisions = ask(qtbot, overridden(make_part(7, Verdict.REVIEW)))
    assert set(box.choices) == {Verdict.NG, Verdict.REVIEW}
    assert box._stands.isVisible() and "Eva" in box._stands.text()
    box.choices[Verdict.REVIEW].click()
    assert "as the machine says" in box.choices[Verdict.REVIEW].text()
    box.reason.setEditText("wrong part")
    box.submit()
    assert decisions == [(Verdict.REVIEW, "wrong part", False)]


@pytest.mark.parametrize(
    ("error", "word"),
    [(AccessError("not_permitted", "x"), "expert"), (StoreError("disk_full", "x"), "disk")],
)
def test_what_cannot_be_written_is_told_and_the_dialog_stays(
    qtbot: QtBot, language: LanguageSwitch, error: Exception, word: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    box = OverrideDialog(make_part(7, Verdict.NG).inspection, refuse, OnlyLooking())
    qtbot.addWidget(box)
    box.show()
    box.reason.setEditText("dust")
    box.submit()
    assert box.isVisible() and word in box.message


def test_the_operators_page_shows_both_and_keeps_the_machines_word(
    qtbot: QtBot, language: LanguageSwitch
) -> None:
    station = FakeStation()
    page = InspectPage(station)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1180, 740)
    page.show()
    assert not page.details.override.isVisible(), "nothing was inspected yet"
    part = make_part(7, Verdict.NG)
    station.answer(part)
    with qtbot.waitSignal(page.override_wanted) as wanted:
        page.details.override.click()
    assert wanted.args == [part.inspection]
    station.answer(make_part(8))
    assert page.strip.chosen is part, "the part stays while somebody decides"
    page.show_decision(overridden(part))
    assert page.banner.word == "NG" and page.banner.verdict is Verdict.NG
    assert page.details.overridden.isVisible()
    assert "Overridden to OK by Eva" in page.details.overridden.text()
    language.switch("fr")
    QApplication.processEvents()
    assert "Verdict forcé à OK par Eva" in page.details.overridden.text()
    page.back_to_live()
    assert not page.details.overridden.isVisible()
    for number in range(20, 40):  # the part leaves the strip while it is looked at
        if number == 22:
            page.strip.step(+1)
        station.answer(make_part(number))
    looked_at = page.strip.chosen
    assert looked_at is not None and looked_at not in page.strip.parts
    page.show_decision(overridden(looked_at, Verdict.NG))
    assert "forcé à Rebut" in page.details.overridden.text()


def test_a_part_nobody_inspected_is_never_just_called_ok(
    qtbot: QtBot, language: LanguageSwitch
) -> None:
    station = FakeStation()
    page = InspectPage(station)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    part = make_part(7, Verdict.NOT_INSPECTED)
    station.answer(part)
    page.strip.choose(part)
    page.show_decision(overridden(part))
    assert page.banner.verdict is Verdict.NOT_INSPECTED
    assert "NOT inspected by the machine" in page.details.overridden.text()


def test_an_operator_sees_why_the_button_is_grey(qtbot: QtBot, language: LanguageSwitch) -> None:
    station = FakeStation()
    page = InspectPage(station, permits=OnlyLooking())  # type: ignore[arg-type]
    qtbot.addWidget(page)
    station.answer(make_part(7, Verdict.NG))
    assert not page.details.override.isEnabled()
    assert "expert" in page.details.override.toolTip()


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[StationWindow]:
    """A real station whose engine and line do not run, with two logged parts."""
    station = Station(Options(language="en"), StationPaths(tmp_path / "home").ensure())
    window = StationWindow(station, qapp)
    for number, verdict in ((1, Verdict.NG), (2, Verdict.REVIEW)):
        part = make_part(number, verdict)
        station.verdict_log.record(part.inspection, make_frame(number), np.zeros((4, 4), np.uint8))
    assert station.verdict_log.flush()
    window.show()
    yield window
    station.close()
    window.dispose()


def test_history_overrides_the_selected_part_and_shows_both(
    shown: StationWindow, qtbot: QtBot
) -> None:
    shown.window.show_page("history")
    history = shown.history
    qtbot.waitUntil(lambda: history.selected is not None)
    qtbot.waitUntil(lambda: history.model.inspection(1) is not None)
    history._table.selectRow(1)
    shown.window.actions_set["station.override"].trigger()
    box = shown.desk.dialog
    assert isinstance(box, OverrideDialog)
    box.reason.setEditText("dust")
    box.submit()
    qtbot.waitUntil(lambda: history.model.index(1, Column.VERDICT).data() == "NG → OK")
    qtbot.waitUntil(lambda: "Override" in history._facts.texts())
    assert "by operator" in history._facts.texts()["Override"]
    assert history._title.text() == "Part 1 · NG → OK"
    assert history._canvas.pixels is not None, "the picture stays"
    choice = history._filters._reviewed
    choice.setCurrentIndex(choice.findText("Overridden"))
    qtbot.waitUntil(lambda: history.model.rowCount() == 1)
    assert history.selected is not None and history.selected.part_number == 1
    chain = shown._station.audit.verify()
    assert chain.overrides == 1


def test_on_inspect_without_a_part_there_is_nothing_to_override(shown: StationWindow) -> None:
    shown.window.actions_set["station.override"].trigger()
    assert shown.desk.dialog is None and shown.window.page == "inspect"
