"""The Thresholds page in the real window over a real log: figures, moving, replay, saving."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from limits_rig import MODEL, NEXT_MODEL, NG, OK, PRODUCT, Limited, make_limited
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qc_station.domain.recipe import Limits
from qc_station.domain.thresholds import LimitPair
from qc_station.domain.verdict import Label, Verdict
from qc_station.services.manifest import LibraryError
from qc_station.ui.widgets.limit_handle import LimitHandle

GOOD = (0.5, 1.0, 1.5, 2.5, 3.5)
DEFECTIVE = (1.8, 2.2, 2.8, 4.0, 4.5, 5.0)


@pytest.fixture
def empty(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Limited]:
    """A product without a model."""
    made = make_limited(qtbot, qapp, tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def shown(empty: Limited) -> Limited:
    """Eleven reviewed parts, and five more that nobody looked at, one of them novel."""
    empty.activate()
    for score in GOOD:
        empty.add(score, Label.GOOD)
    for score in DEFECTIVE:
        empty.add(score, Label.DEFECT)
    for score in (0.7, 1.9, 2.1, 3.2):
        empty.add(score)
    empty.add(0.9, novel=True)
    empty.open()
    empty.qtbot.waitUntil(lambda: empty.page.card.plot is not None)
    return empty


def tile(shown: Limited, name: str) -> str:
    return str(shown.page.tiles[name].text)


def replayed(shown: Limited) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(shown.find(QLabel, f"replay_{name}_{column}").text() for column in range(3))
        for name in ("ok", "review", "ng")
    }


def handle(shown: Limited, verdict: Verdict) -> LimitHandle:
    assert shown.page.card.plot is not None
    return shown.page.card.plot.handles[verdict]


def drag(shown: Limited, widget: QWidget, start: QPoint, right: int) -> None:
    """Takes hold of a place in a widget, which may follow, and carries it to the right."""
    left, begin = Qt.MouseButton.LeftButton, widget.mapToGlobal(start)
    shown.qtbot.mousePress(widget, left, pos=start)
    for share in (0.3, 0.6, 1.0):
        place = begin + QPoint(round(share * right), 0)
        shown.qtbot.mouseMove(widget, widget.mapFromGlobal(place))
        QApplication.processEvents()
    shown.qtbot.mouseRelease(widget, left, pos=widget.mapFromGlobal(begin + QPoint(right, 0)))


def test_without_a_model_the_page_says_what_to_do(empty: Limited) -> None:
    empty.open()
    assert empty.page.pair is None
    assert "Teach this product first" in empty.page._empty.text
    empty.page._empty.asked.emit()
    assert empty.window.window.page == "learning"


def test_without_reviewed_parts_the_page_says_what_to_do(empty: Limited) -> None:
    empty.activate()
    empty.add(1.0)
    empty.open()
    assert empty.page.card.empty
    assert tile(empty, "escape") == "– no defective part reviewed"
    assert tile(empty, "load") == "0.0 % 0 of 1 · 95 %: 0.0 % – 79.3 %"
    assert "nothing is known about escapes" in empty.find(QLabel, "limits_claim").text()
    empty.page.card.review_asked.emit()
    assert empty.window.window.page == "review"


def test_figures_follow_the_limits(shown: Limited) -> None:
    assert shown.page.pair == LimitPair(OK, NG)
    assert tile(shown, "escape") == "16.7 % 1 of 6 · 95 %: 3.0 % – 56.4 %"
    assert tile(shown, "overkill").startswith("20.0 % 1 of 5")
    assert tile(shown, "load").startswith("31.3 % 5 of 16")
    assert tile(shown, "basis") == "11 5 good · 6 defective"
    shown.page._set(LimitPair(1.5, 3.5))
    assert tile(shown, "escape").startswith("0.0 % 0 of 6")
    assert tile(shown, "overkill").startswith("0.0 % 0 of 5")
    words = shown.find(QLabel, "limits_claim").text()
    assert "None of 6" in words and "at most 39.3 %" in words and "299 defects" in words
    assert "(4 of 11 had been OK)" in words


def test_the_limits_move_by_keys_and_stop_at_each_other(shown: Limited) -> None:
    shown.window.window.activateWindow()
    shown.qtbot.waitUntil(shown.window.window.isActiveWindow)
    ok = handle(shown, Verdict.OK)
    step = shown.page.card.view.step  # type: ignore[union-attr]
    ok.setFocus(Qt.FocusReason.TabFocusReason)
    shown.qtbot.keyClick(ok, Qt.Key.Key_Right)
    assert shown.page.pair.ok == pytest.approx(OK + step)  # type: ignore[union-attr]
    shown.qtbot.keyClick(ok, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shown.page.pair.ok == pytest.approx(OK + 0.9 * step)  # type: ignore[union-attr]
    shown.qtbot.keyClick(ok, Qt.Key.Key_Tab)
    ng = handle(shown, Verdict.NG)
    assert ng.hasFocus()
    for _ in range(20):
        shown.qtbot.keyClick(ng, Qt.Key.Key_PageDown)
    assert shown.page.pair.ng == shown.page.pair.ok  # type: ignore[union-attr]
    assert shown.page.pair.ok == pytest.approx(OK + 0.9 * step)  # type: ignore[union-attr]
    for _ in range(50):
        shown.qtbot.keyClick(ng, Qt.Key.Key_PageUp)
    assert shown.page.pair.ng == shown.page.card.view.high  # type: ignore[union-attr]
    assert ng.accessibleName().startswith("NG limit: ")


def test_a_handle_and_a_line_are_dragged(shown: Limited) -> None:
    plot = shown.page.card.plot
    assert plot is not None
    ok = handle(shown, Verdict.OK)
    drag(shown, ok, QPoint(12, 9), round(plot.place_of(1.2) - plot.place_of(OK)))
    assert shown.page.pair.ok == pytest.approx(1.2, abs=0.02)  # type: ignore[union-attr]
    assert shown.page.pair.ng == NG  # type: ignore[union-attr]
    assert ok.geometry().right() + 1 == pytest.approx(plot.place_of(1.2), abs=2)
    start = QPoint(round(plot.place_of(NG)), plot.canvas.height() // 2)
    drag(shown, plot.canvas, start, round(plot.place_of(4.2) - plot.place_of(NG)))
    assert shown.page.pair.ng == pytest.approx(4.2, abs=0.02)  # type: ignore[union-attr]
    assert plot.lines[Verdict.NG].value() == shown.page.pair.ng  # type: ignore[union-attr]


def test_a_typed_value_counts_exactly_and_pushes_the_other_limit(shown: Limited) -> None:
    ok: QDoubleSpinBox = shown.find(QDoubleSpinBox, "limits_ok")
    ok.setValue(3.25)
    assert shown.page.pair == LimitPair(3.25, 3.25)
    shown.find(QDoubleSpinBox, "limits_ng").setValue(40.0)
    assert shown.page.pair == LimitPair(3.25, 40.0)
    assert shown.page.card.view.high > 40.0  # type: ignore[union-attr]
    shown.find(QPushButton, "limits_own").click()
    assert shown.page.pair == LimitPair(OK, NG)


def test_what_would_have_been_and_the_parts_behind_it(shown: Limited) -> None:
    assert replayed(shown) == {"ok": ("6", "6", "="), "review": ("5", "5", "="),
                               "ng": ("5", "5", "=")}  # fmt: skip
    shown.page._set(LimitPair(2.3, 3.3))
    found = {"ok": ("6", "8", "+2"), "review": ("5", "4", "−1"), "ng": ("5", "4", "−1")}
    assert replayed(shown) == found  # 2.1 and 2.2 are OK, 3.2 is REVIEW, the novel part stays
    assert shown.find(QLabel, "replay_note").text() == "3 of 16 parts would get another verdict."
    assert not shown.find(QPushButton, "flip_ok_ng").isVisible()
    flip = shown.find(QPushButton, "flip_review_ok")
    assert flip.text() == "Review → OK: 2"
    shown.qtbot.mouseClick(flip, Qt.MouseButton.LeftButton)
    assert shown.window.window.page == "history"
    model = shown.window.history.model
    shown.qtbot.waitUntil(lambda: model.rowCount() == 2 and model.inspection(0) is not None)
    listed = {model.inspection(row).score for row in range(2)}  # type: ignore[union-attr]
    assert listed == {2.1, 2.2}
    only = shown.find(QPushButton, "history_narrowed").text()
    assert "score up to 2.30" in only and "model ab12cd34" in only and "never seen" in only
    shown.window.window.show_page("limits")
    assert shown.page.pair == LimitPair(2.3, 3.3)  # what was tried is still there


def test_the_time_range_narrows_the_log_but_not_the_reviewed_parts(shown: Limited) -> None:
    shown.add(1.0, minutes_ago=60 * 24 * 3)
    period: QComboBox = shown.find(QComboBox, "limits_period")
    period.setCurrentIndex(period.findData("month"))
    shown.settle()
    assert replayed(shown)["ok"][0] == "7"
    period.setCurrentIndex(period.findData("day"))
    shown.settle()
    assert replayed(shown)["ok"][0] == "6"
    assert tile(shown, "basis").startswith("11")


def test_saving_takes_a_reason_and_makes_a_revision_that_can_be_taken_back(shown: Limited) -> None:
    save: QPushButton = shown.find(QPushButton, "limits_save")
    shown.page._set(LimitPair(2.3, 3.3))
    assert not save.isEnabled() and "reason" in save.toolTip()
    warning = shown.find(QLabel, "limits_warning")
    assert warning.isVisible() and "up to 70.0 % instead of 56.4 %" in warning.text()
    shown.qtbot.keyClicks(shown.page.editor.reason, "Unusual lot")
    assert save.isEnabled()
    shown.window.window.activateWindow()
    shown.qtbot.waitUntil(shown.window.window.isActiveWindow)
    shown.page.editor.reason.setFocus()
    shown.qtbot.keyClick(shown.page.editor.reason, Qt.Key.Key_Return)
    revised = shown.recipe()
    assert (revised.revision, revised.limits) == (2, Limits(MODEL, 2.3, 3.3))
    assert revised.reason == "Unusual lot"
    assert shown.station._asked == (MODEL, revised.limits)
    assert shown.find(QLabel, "limits_state").text().startswith("Judged by the limits of the recip")
    event = shown.station.audit.newest(1)[0]
    assert (event.action, event.subject) == ("limits.changed", PRODUCT)
    facts = json.loads(event.details)
    assert facts["after"] == {"model": MODEL, "ok": 2.3, "ng": 3.3} and facts["before"] is None
    assert facts["expected"]["escape"] == {"count": 2, "of": 6}
    shown.qtbot.keyClick(shown.page, Qt.Key.Key_U)
    assert (shown.recipe().revision, shown.recipe().limits) == (3, None)
    assert shown.page.pair == LimitPair(OK, NG)
    assert shown.station._asked == (MODEL, None)
    shown.qtbot.keyClick(shown.page, Qt.Key.Key_U)
    assert shown.recipe().revision == 3  # there is nothing more to take back


def test_the_models_own_limits_come_back_with_a_reason_too(shown: Limited) -> None:
    shown.station.limits.save(MODEL, LimitPair(1.0, 4.0), "trial", {})
    shown.settle()
    assert shown.page.pair == LimitPair(1.0, 4.0)
    shown.find(QPushButton, "limits_own").click()
    shown.page.editor.reason.setText("trial is over")
    shown.find(QPushButton, "limits_save").click()
    assert shown.recipe().limits is None
    assert shown.recipe().reason == "trial is over"


def test_another_model_makes_the_limits_void_and_says_so(shown: Limited) -> None:
    shown.station.limits.save(MODEL, LimitPair(1.0, 4.0), "trial", {})
    shown.activate(NEXT_MODEL)
    shown.settle()
    assert shown.page.pair == LimitPair(OK, NG)
    void = shown.find(QLabel, "limits_void")
    assert void.isVisible() and "ab12cd34" in void.text() and "0099ffee" in void.text()
    assert shown.station._asked == (NEXT_MODEL, None)
    with pytest.raises(LibraryError, match="no longer in use"):
        shown.station.limits.save(MODEL, LimitPair(1.0, 4.0), "too late", {})
    shown.station.library.put_in_use(MODEL, "test")
    shown.settle()
    assert shown.page.pair == LimitPair(1.0, 4.0)
    assert not void.isVisible()


def test_a_new_answer_moves_the_figures(shown: Limited) -> None:
    shown.page._refresh.setInterval(1)
    shown.add(1.1, Label.DEFECT)
    shown.qtbot.waitUntil(lambda: tile(shown, "escape").startswith("28.6 % 2 of 7"))


def test_a_log_that_cannot_be_read_says_so(shown: Limited, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LibraryError("store_fault", "The disk is gone.")

    monkeypatch.setattr(shown.station.limits, "logged", broken)
    period: QComboBox = shown.find(QComboBox, "limits_period")
    period.setCurrentIndex(period.findData("day"))
    shown.qtbot.waitUntil(
        lambda: "could not be read" in shown.find(QLabel, "replay_note").text(), timeout=10_000
    )
    assert replayed(shown)["ok"] == ("–", "–", "–")


def test_everything_has_a_name_in_both_languages(shown: Limited) -> None:
    for widget in shown.page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            spoken = widget.accessibleName() or widget.parentWidget().accessibleName()
            assert spoken, (widget, widget.objectName())
    shown.window.language.switch("fr")
    QApplication.processEvents()
    assert handle(shown, Verdict.NG).accessibleName() == "Limite de rebut: 3,000"
    assert handle(shown, Verdict.NG).words == "Rebut > 3,000"
    assert tile(shown, "basis") == "11 5 bonnes · 6 défectueuses"
    assert "(4 sur 11 étaient OK)" in shown.find(QLabel, "limits_claim").text()
    shown.window.window.resize(1280, 800)
    QApplication.processEvents()
    assert shown.window.window.width() == 1280  # French words fit
