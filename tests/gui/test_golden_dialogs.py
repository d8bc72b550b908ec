"""Golden samples in the window: the guided check by one key, the list of samples, the release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qc_station.domain.access import Action
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.golden import CheckResult, RetryReason
from qc_station.domain.outcome import Outcome
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Verdict
from qc_station.services.golden_check import GoldenCheck, Step
from qc_station.services.permits import Permits
from qc_station.services.tasks import TaskPool
from qc_station.ui.dialogs.golden_check import GoldenCheckDialog
from qc_station.ui.dialogs.golden_samples import GoldenSamplesDialog
from qc_station.ui.dialogs.release import ReleaseDialog
from qc_station.ui.golden_desk import GoldenDesk
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.main_window import MainWindow
from qc_station.ui.pages.inspect import InspectPage
from tests.golden_support import HIGH_OK, NG_PART, NO_ANSWER, OK_PART, UNSURE, Bench

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QSpinBox, QAbstractItemView)


class Rights(Permits):
    """Everything but what is forbidden."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench

    def allows(self, action: Action) -> bool:
        return action not in self._bench.forbidden


class Guided:
    """The dialog over a bench, driven by keys."""

    def __init__(self, bench: Bench, qtbot: QtBot) -> None:
        self.bench, self.qtbot = bench, qtbot
        self.tasks = TaskPool()
        self.permits = Rights(bench)
        self.wanted: list[HistoryFilter] = []

    def open(self) -> GoldenCheckDialog:
        bench = self.bench
        check = GoldenCheck(
            bench.station, bench.release, bench.golden.of("product"), who=lambda: "Max",
            clock=lambda: bench.now,
        )  # fmt: skip
        dialog = GoldenCheckDialog(
            check, bench.release, bench.golden, bench.rig.log, self.tasks, self.permits
        )
        dialog.parts_wanted.connect(self.wanted.append)
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    def lay_in(self, answer: Outcome, key: Qt.Key = Qt.Key.Key_Space) -> None:
        self.bench.answers.append(answer)
        with self.qtbot.waitSignal(self.bench.station.sample_done):
            self.qtbot.keyClick(self.dialog, key)

    def press(self, name: str) -> None:
        button = self.dialog.findChild(QAbstractButton, name)
        assert button is not None and button.isVisible(), name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, language: LanguageSwitch) -> Iterator[Bench]:
    made = Bench(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def guided(bench: Bench, qtbot: QtBot) -> Iterator[Guided]:
    made = Guided(bench, qtbot)
    yield made
    made.tasks.close()


def test_one_key_leads_through_a_check(bench: Bench, guided: Guided) -> None:
    bench.lay_out(Verdict.OK, Verdict.NG)
    dialog = guided.open()
    assert dialog.name.text() == "G1" and dialog.expected.text() == "Expected: OK"
    assert dialog.canvas.pixels is not None
    guided.lay_in(OK_PART)
    assert "PASSED" in dialog.list.item(0).text()
    assert dialog.progress.text() == "Sample 2 of 2" and dialog.name.text() == "G2"
    guided.lay_in(NG_PART, Qt.Key.Key_F13)  # the foot switch
    assert (dialog.banner.verdict, dialog.banner.word) == (Verdict.OK, "PASSED")
    guided.qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert not dialog.isVisible()
    assert bench.station.state_reason is StateReason.NONE


def test_a_difference_is_shown_tried_again_and_lists_the_parts(
    bench: Bench, guided: Guided
) -> None:
    bench.lay_out(Verdict.OK)
    bench.produce()
    dialog = guided.open()
    guided.lay_in(UNSURE)
    assert (dialog.banner.verdict, dialog.banner.word) == (Verdict.NG, "DIFFERS")
    assert "Review, score 1.50 instead of OK" in dialog.message.text()
    guided.qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert dialog.check.step is Step.DIFFERS  # a reason is chosen, not slipped over
    guided.qtbot.keyClick(dialog, Qt.Key.Key_2)
    assert dialog.check.step is Step.LAY_IN
    guided.lay_in(HIGH_OK)
    assert "outside 0.20 … 0.80" in dialog.message.text()
    assert not dialog.retries[RetryReason.DIRTY].isVisible()
    bench.now = bench.rig.parts[0].inspection.captured_at.replace(year=2099)
    guided.qtbot.keyClick(dialog, Qt.Key.Key_F)
    assert dialog.banner.word == "FAILED"
    guided.qtbot.waitUntil(lambda: "Parts since the last good check: 1" in dialog.message.text())
    guided.press("golden_history")
    assert [wanted.recipe for wanted in guided.wanted] == ["product"]
    assert bench.station.state_reason is StateReason.GOLDEN_FAILED


def test_the_foot_switch_lays_a_sample_in_again(bench: Bench, guided: Guided) -> None:
    bench.lay_out(Verdict.OK)
    dialog = guided.open()
    guided.lay_in(UNSURE, Qt.Key.Key_F13)
    guided.qtbot.keyClick(dialog, Qt.Key.Key_F13)
    guided.lay_in(OK_PART, Qt.Key.Key_F13)
    assert [result.retried for result in dialog.check.results] == [RetryReason.MISPLACED]


def test_no_answer_can_be_tried_again(bench: Bench, guided: Guided) -> None:
    bench.lay_out(Verdict.OK)
    dialog = guided.open()
    guided.lay_in(NO_ANSWER)
    assert dialog.message.text().startswith("No answer: No answer before the deadline.")
    guided.lay_in(OK_PART)
    assert dialog.banner.word == "PASSED"


def test_closing_early_cancels_and_production_goes_on(bench: Bench, guided: Guided) -> None:
    bench.lay_out(Verdict.OK)
    dialog = guided.open()
    assert bench.rig.why == (StationState.PAUSED, StateReason.GOLDEN_CHECK)
    guided.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.check.record is not None
    assert dialog.check.record.result is CheckResult.CANCELLED
    assert bench.rig.why == (StationState.INSPECTING, StateReason.NONE)


def test_who_is_logged_out_cannot_go_on(bench: Bench, guided: Guided) -> None:
    bench.lay_out(Verdict.OK)
    dialog = guided.open()
    bench.forbidden.add(Action.RUN_INSPECTION)
    guided.permits.changed.emit()
    assert not dialog.isVisible()


def test_bands_of_another_model_are_recorded_after_a_passed_check(
    bench: Bench, guided: Guided
) -> None:
    golden = bench.lay_out(Verdict.OK)
    bench.golden.change("product", "G1", Verdict.OK, 0.2, 0.8)
    old = {**golden.to_settings()}
    old["samples"][0]["model_id"] = "last-year"
    bench.recipes.revise("product", "test", golden=type(golden).from_settings(old))
    dialog = guided.open()
    guided.lay_in(HIGH_OK)
    assert dialog.banner.word == "PASSED"
    guided.press("golden_bands")
    (sample,) = bench.golden.of("product").samples
    assert sample.low <= 0.95 <= sample.high and sample.model_id != "last-year"


def test_the_dialogs_speak_french_and_name_their_controls(
    bench: Bench, guided: Guided, language: LanguageSwitch
) -> None:
    bench.lay_out(Verdict.OK)
    dialog = guided.open()
    others: list[QWidget] = [
        GoldenSamplesDialog(bench.golden, "product", [], guided.permits),
        ReleaseDialog(bench.release, guided.permits),
    ]
    for other in others:
        other.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        guided.qtbot.addWidget(other)
    language.switch("fr")
    guided.qtbot.waitUntil(lambda: dialog.progress.text() == "Étalon 1 sur 1")
    for shown in (dialog, *others):
        nameless = [
            control.objectName()
            for control in shown.findChildren(QWidget)
            if isinstance(control, CONTROLS)
            and control.window() is shown
            and control.focusPolicy() != Qt.FocusPolicy.NoFocus
            and not control.objectName().startswith("qt_")
            and not (control.accessibleName() or getattr(control, "text", str)())
        ]
        assert not nameless, nameless


# -- the list of samples ---------------------------------------------------------------------------


@pytest.fixture
def listed(bench: Bench, qtbot: QtBot) -> GoldenSamplesDialog:
    part = bench.produce().inspection
    dialog = GoldenSamplesDialog(bench.golden, "product", [part], Rights(bench))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_part_is_added_changed_and_removed(
    bench: Bench, listed: GoldenSamplesDialog, qtbot: QtBot
) -> None:
    listed.add_part()
    assert "name that stands on it" in listed.toast.text
    qtbot.keyClicks(listed.name, "A 7")
    qtbot.keyClick(listed.name, Qt.Key.Key_Return)
    assert listed.isVisible() and listed.table.rowCount() == 1
    assert listed.chosen is not None and listed.chosen.name == "A 7"
    listed.low.setValue(5.0)
    listed.save_sample()
    assert "lies above" in listed.toast.text
    listed.high.setValue(9.0)
    listed.save_sample()
    assert bench.golden.of("product").samples[0].low == 5.0
    listed.interval.setValue(8)
    listed.shift.setChecked(True)
    golden = bench.golden.of("product")
    assert (golden.interval_h, golden.at_shift_start) == (8, True)
    listed.remove_sample()
    assert bench.golden.of("product").samples == () and listed.table.rowCount() == 0


def test_the_list_closes_without_the_right(bench: Bench, listed: GoldenSamplesDialog) -> None:
    bench.forbidden.add(Action.CHANGE_RECIPE)
    listed._permits.changed.emit()
    assert not listed.isVisible()


# -- in the window ---------------------------------------------------------------------------------


def test_the_blocked_page_offers_the_check_and_a_release(
    bench: Bench, guided: Guided, language: LanguageSwitch, qtbot: QtBot
) -> None:
    page = InspectPage(bench.station)
    window = MainWindow(page, {}, language)
    qtbot.addWidget(window)
    desk = GoldenDesk(
        window, bench.station, bench.golden, bench.release, bench.rig.log, guided.tasks,
        guided.permits, who=lambda: "Max", looked_at=lambda: None,
    )  # fmt: skip
    page.check_requested.connect(desk.begin_check)
    window.show()
    assert not page.controls.check.isVisible()
    desk.begin_check()
    assert desk.dialog is None and "no golden samples" in window.statusBar().currentMessage()
    desk.ask_release()
    assert desk.dialog is None
    bench.lay_out(Verdict.OK, interval_h=8)
    assert page.controls.check.isVisible()
    assert page.not_inspecting.why == "The golden-sample check is overdue."
    window.actions_set["station.release"].trigger()
    dialog = desk.dialog
    assert isinstance(dialog, ReleaseDialog)
    dialog.release()
    assert "needs a reason" in dialog.problem.text()
    qtbot.keyClicks(dialog.reason, "samples are at the calibration lab")
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert desk.dialog is None and not page.controls.check.isVisible()
    wanted: list[HistoryFilter] = []
    desk.parts_wanted.connect(wanted.append)
    window.actions_set["history.since_check"].trigger()
    assert wanted[0].from_ == bench.golden.of("product").since and wanted[0].to == bench.now
    bench.lay_out(Verdict.OK)
    qtbot.mouseClick(page.controls.check, Qt.MouseButton.LeftButton)
    window.actions_set["station.golden_check"].trigger()
    assert isinstance(desk.dialog, GoldenCheckDialog)
    assert not page.controls.run.isEnabled()  # Start must not look like a way out
    desk.close()
    assert bench.audit.newest(1)[0].action == "golden_check.cancelled"
