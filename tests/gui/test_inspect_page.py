"""The operator's page: what is seen for every verdict and state, and what keys do."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeStation, make_frame, make_part
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QSlider
from pytestqt.qtbot import QtBot

from qc_station.backend.api import LoadedModel
from qc_station.domain.recipe import Limits, Recipe
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Reason, Region, Verdict
from qc_station.services.recipes import RecipeService
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.inspect import InspectPage


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
    QApplication.processEvents()
    # The keys of a test come without times: between two of them lies a second.
    widget.line_keys._clock_ms = itertools.count(0, 1000).__next__
    return widget


def model(model_id: str) -> LoadedModel:
    return LoadedModel(model_id, "puppet", "cable", (), 1.25, 2.5, "none", 0.0, Path("model"))


class OneRecipe:
    """A store with one product whose limits were set for ``model_id``."""

    def __init__(self, model_id: str) -> None:
        limits = Limits(model_id, 1.5, 2.0)
        self.rows = [Recipe("cable", "demo:", 1, datetime.now(UTC), limits=limits)]

    def names(self) -> list[str]:
        return ["cable"]

    def revisions(self, name: str) -> list[Recipe]:
        return self.rows

    def add(self, recipe: Recipe) -> None:
        self.rows.append(recipe)


@pytest.mark.parametrize("code", ["en", "fr"])
@pytest.mark.parametrize("size", [(1180, 740), (1820, 1010)])
def test_every_verdict_word_is_15_percent_of_the_page(
    page: InspectPage,
    station: FakeStation,
    language: LanguageSwitch,
    qtbot: QtBot,
    code: str,
    size: tuple[int, int],
) -> None:
    page.resize(*size)
    language.switch(code)
    for number, verdict in enumerate(Verdict, start=1):
        station.answer(make_part(number, verdict))
        QApplication.processEvents()
        sign = page.not_inspecting if verdict is Verdict.NOT_INSPECTED else page.banner
        assert sign.isVisible()
        assert sign.word_height() >= 0.15 * page.height(), (verdict, sign.word)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_not_inspecting_is_15_percent_of_the_page_too(
    page: InspectPage, station: FakeStation, language: LanguageSwitch, code: str
) -> None:
    language.switch(code)
    station.go(StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)
    QApplication.processEvents()
    assert page.not_inspecting.word_height() >= 0.15 * page.height()


def test_ng_shows_word_defect_and_heatmap_of_its_own_frame(
    page: InspectPage, station: FakeStation
) -> None:
    region = Region(0.2, 0.2, 0.3, 0.3, 4.0)
    part = make_part(7, Verdict.NG, class_name="bent_wire", regions=(region,))
    station.answer(part)
    assert page.banner.word == "NG"
    assert page.details.headline.text() == "Bent wire – 92\N{NO-BREAK SPACE}%"
    assert "4.87" in page.details.why.text()
    assert page.canvas.pixels is part.frame.pixels
    assert page.canvas.heatmap is not None
    assert np.array_equal(page.canvas.heatmap, part.heatmap)
    assert page.canvas.regions == (region,)


def test_a_live_frame_never_slips_under_a_heatmap(page: InspectPage, station: FakeStation) -> None:
    part = make_part(7, Verdict.NG)
    station.answer(part)
    station.live.put(make_frame(99))
    for _ in range(10):
        page._poll_live()
    assert page.canvas.pixels is part.frame.pixels
    station.go(StationState.PAUSED, StateReason.BY_OPERATOR)
    assert page.canvas.pixels is not part.frame.pixels
    assert page.canvas.heatmap is None
    assert page.canvas.regions == ()


def test_review_says_why_with_numbers_of_the_language(
    page: InspectPage, station: FakeStation, language: LanguageSwitch
) -> None:
    station.answer(make_part(3, Verdict.REVIEW))
    assert page.details.why.text() == (
        "Uncertain: score 2.46 lies between the OK limit 2.12 and the NG limit 2.98."
    )
    language.switch("fr")
    QApplication.processEvents()
    assert "2,46" in page.details.why.text()
    assert page.banner.word == "À REVOIR"


def test_camera_fault_is_hatched_with_reason_and_advice(
    page: InspectPage, station: FakeStation
) -> None:
    station.answer(make_part(1, Verdict.OK))
    assert not page.not_inspecting.isVisible()
    station.go(StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)
    assert page.not_inspecting.isVisible()
    assert page.not_inspecting.word == "NOT INSPECTING"
    assert page.not_inspecting.why == "The camera gives no pictures."
    assert "cable" in page.not_inspecting.advice
    assert page.banner.verdict is Verdict.NOT_INSPECTED, "no OK may stay on the page"
    station.go(StationState.INSPECTING)
    assert not page.not_inspecting.isVisible()


@pytest.mark.parametrize(
    "state",
    [
        StationState.STARTING,
        StationState.PAUSED,
        StationState.NOT_INSPECTING,
        StationState.TEACHING,
    ],
)
def test_a_station_at_rest_never_shows_the_last_ok(
    page: InspectPage, station: FakeStation, state: StationState
) -> None:
    station.answer(make_part(1, Verdict.OK))
    station.go(state)
    assert page.banner.word != "OK"
    assert page.banner.verdict is Verdict.NOT_INSPECTED


def test_every_reason_has_a_sentence(page: InspectPage, station: FakeStation) -> None:
    for number, reason in enumerate(Reason, start=1):
        station.answer(make_part(number, Verdict.REVIEW, reason=reason))
        assert len(page.details.why.text()) > 10
    for state_reason in StateReason:
        station.go(StationState.NOT_INSPECTING, state_reason)


def test_part_not_inspected_tells_to_take_it_out(page: InspectPage, station: FakeStation) -> None:
    station.answer(make_part(12, Verdict.NOT_INSPECTED, reason=Reason.DEADLINE))
    assert page.not_inspecting.why == "No answer before the deadline."
    assert "12" in page.not_inspecting.advice
    station.answer(make_part(13, Verdict.OK))
    assert not page.not_inspecting.isVisible()


def test_looking_back_shows_the_old_part_while_new_ones_come(
    page: InspectPage, station: FakeStation, qtbot: QtBot
) -> None:
    parts = [make_part(n, Verdict.OK if n % 2 else Verdict.NG) for n in range(1, 5)]
    for part in parts:
        station.answer(part)
    page.strip.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.strip, Qt.Key.Key_Right)
    assert page.shown_part is parts[2]
    assert page.view.back.isVisible()
    station.answer(make_part(9, Verdict.NG))
    assert page.shown_part is parts[2]
    assert page.canvas.pixels is parts[2].frame.pixels
    assert page.counters.value("total") == "5", "the line goes on"
    qtbot.keyClick(page.strip, Qt.Key.Key_Escape)
    assert page.shown_part is not None
    assert page.shown_part.inspection.part_number == 9
    assert not page.view.back.isVisible()


def test_space_triggers_from_any_focus_and_f5_pauses(
    page: InspectPage, station: FakeStation, qtbot: QtBot
) -> None:
    page.activateWindow()
    for widget in (page.controls.run, page.controls.slider, page.strip, page.canvas):
        widget.setFocus()
        station.calls.clear()
        qtbot.keyClick(widget, Qt.Key.Key_Space)
        assert station.calls == ["trigger"], widget.objectName()
    qtbot.keyClick(page, Qt.Key.Key_F13)
    assert station.calls == ["trigger", "trigger"]
    qtbot.keyClick(page, Qt.Key.Key_F5)
    assert station.state is StationState.PAUSED
    assert page.controls.run.text() == "Start (F5)"
    qtbot.keyClick(page.controls.run, Qt.Key.Key_Return)
    assert station.state is StationState.INSPECTING


def test_nothing_can_be_triggered_while_not_inspecting(
    page: InspectPage, station: FakeStation, qtbot: QtBot
) -> None:
    station.go(StationState.NOT_INSPECTING, StateReason.NO_MODEL)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert station.calls == []
    assert not page.controls.trigger.isEnabled()


def test_holding_h_anywhere_hides_the_heatmap(
    page: InspectPage, station: FakeStation, qtbot: QtBot
) -> None:
    station.answer(make_part(1, Verdict.NG))
    page.controls.run.setFocus()
    qtbot.keyPress(page.controls.run, Qt.Key.Key_H)
    assert not page.canvas.overlay_shown
    qtbot.keyRelease(page.controls.run, Qt.Key.Key_H)
    assert page.canvas.overlay_shown


def test_opacity_is_told_for_the_settings(page: InspectPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.heatmap_opacity_changed) as signal:
        page.controls.slider.setValue(80)
    assert signal.args == [0.8]


def test_teaching_shows_stage_time_left_and_cancel(
    page: InspectPage, station: FakeStation, qtbot: QtBot
) -> None:
    station.go(StationState.TEACHING)
    page.show_progress("features", 34, 120, 42.0)
    assert page.teaching.isVisible()
    assert page.teaching.bar.value() == 34
    assert "42" in page.teaching.left.text()
    with qtbot.waitSignal(page.cancel_requested):
        page.teaching.cancel.click()


def test_failed_preparation_stays_visible(page: InspectPage, station: FakeStation) -> None:
    station.go(StationState.NOT_INSPECTING, StateReason.NO_MODEL)
    page.set_working(True)
    assert not page.not_inspecting.isVisible()
    page.show_failure("few_good_pictures", "x")
    assert page.not_inspecting.isVisible()
    assert "ten" in page.not_inspecting.why


def test_live_view_is_polled_only_while_visible(page: InspectPage) -> None:
    assert page._timer.isActive()
    page.hide()
    assert not page._timer.isActive()


def test_strip_keeps_a_bounded_number_of_parts(page: InspectPage, station: FakeStation) -> None:
    for number in range(1, 60):
        station.answer(make_part(number))
    assert len(page.strip.parts) == 16
    assert page.strip.parts[0].inspection.part_number == 59


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(page: InspectPage) -> None:
    for kind in (QAbstractButton, QSlider):
        for widget in page.findChildren(kind):
            assert widget.objectName(), widget
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
            assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget


def test_a_refused_model_is_said_over_the_picture_while_inspection_goes_on(
    page: InspectPage, station: FakeStation, language: LanguageSwitch
) -> None:
    station.model_changed.emit(model("before"))
    page.show_model_refused("bundle_damaged", "The bundle is damaged.")
    assert page.view.refused.isVisible()
    assert "stays in use" in page.view.refused.text and "damaged" in page.view.refused.text
    assert page.canvas.geometry().contains(page.view.refused.geometry())
    station.answer(make_part(7, Verdict.NG))
    assert page.banner.word == "NG" and page.view.refused.isVisible()
    language.switch("fr")
    QApplication.processEvents()
    assert "reste en service" in page.view.refused.text and "endommagés" in page.view.refused.text
    station.model_changed.emit(model("before"))  # loaded again
    assert page.view.refused.isVisible()
    station.model_changed.emit(model("next"))
    assert not page.view.refused.isVisible()


def test_without_a_model_before_only_the_cause_is_said(page: InspectPage) -> None:
    page.show_model_refused("bundle_damaged", "The bundle is damaged.")
    assert page.view.refused.isVisible() and "stays in use" not in page.view.refused.text
    page.view.refused._end.timeout.emit()
    assert not page.view.refused.isVisible()


def test_the_french_name_of_the_heatmap_slider_fits(
    page: InspectPage, language: LanguageSwitch, qtbot: QtBot
) -> None:
    language.switch("fr")
    controls = page.controls
    qtbot.waitUntil(lambda: controls.label.text().replace("&", "") == "Carte de chaleur")
    for label in (controls.label, controls.hint):
        qtbot.waitUntil(lambda it=label: it.width() >= it.sizeHint().width())
    assert controls.slider.width() >= 120


def test_the_limits_in_use_are_shown_and_void_ones_are_said_to_be(
    qtbot: QtBot, station: FakeStation, language: LanguageSwitch
) -> None:
    page = InspectPage(station, recipes=RecipeService(OneRecipe("before"), "cable"))  # type: ignore[arg-type]
    qtbot.addWidget(page)
    assert page.limits.text() == ""
    given = replace(model("before"), ok_limit=1.5, ng_limit=2.0, limits_given=True)
    station.model_changed.emit(given)
    assert page.limits.text() == "Set limits: OK ≤ 1.50 · NG > 2.00"
    station.model_changed.emit(model("next"))
    assert "void, in use: OK ≤ 1.25" in page.limits.text()
    assert "another model" in page.limits.toolTip()
    language.switch("fr")
    QApplication.processEvents()
    assert "sans effet" in page.limits.text() and "1,25" in page.limits.text()
    station.model_changed.emit(None)
    assert page.limits.text() == ""


def test_a_stop_after_ng_parts_says_how_many_and_what_to_do(
    page: InspectPage, station: FakeStation, language: LanguageSwitch
) -> None:
    station.answer(make_part(1, Verdict.NG))
    station.ng_in_a_row = 5
    station.go(StationState.PAUSED, StateReason.CONSECUTIVE_NG)
    assert page.banner.verdict is Verdict.NOT_INSPECTED and page.banner.word == "STOPPED"
    assert "5 NG parts in a row." in page.details.why.text()
    assert "press Start" in page.details.why.text()
    language.switch("fr")
    QApplication.processEvents()
    assert page.banner.word == "ARRÊT" and "5 rebuts de suite." in page.details.why.text()
    station.go(StationState.PAUSED, StateReason.BY_OPERATOR)
    assert page.banner.word == "EN PAUSE"
