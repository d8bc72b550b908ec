"""An expert paints on the Review page of the real window, with the mouse and with keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeExplainer, FakeStation
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from db.repositories.masks import MaskRepository
from qc_station.domain.annotation import RegionChange
from qc_station.domain.frame import Frame
from qc_station.domain.verdict import Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.mask_store import StoredMasks
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.main_window import MainWindow
from qc_station.ui.models.mask_painter import Tool
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.pages.review import ReviewPage
from qc_station.ui.widgets.mask_colours import MODEL_INDEX
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()

SHAPE = (120, 160)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class LargerParts(LoggedParts):
    """Parts of 160 × 120 pixels whose heatmap has a hot corner and a warm one."""

    def _frame(self) -> Frame:
        frame = super()._frame()
        pixels = np.full((*SHAPE, 3), 40 + self._number, np.uint8)
        return Frame(frame.frame_id, pixels, frame.captured_at, 0.0, "fake:")

    def _heatmap(self) -> NDArray[np.uint8]:
        plane = np.full((12, 16), 60, np.uint8)
        plane[1:4, 1:4] = 220
        plane[8:11, 12:15] = 150
        return plane


@pytest.fixture
def parts(qtbot: QtBot, tmp_path: Path) -> Iterator[LoggedParts]:
    made = LargerParts(tmp_path / "home")
    made.add(Verdict.NG, "broken_large")
    made.add(Verdict.REVIEW, count=3)
    yield made
    made.close()


@pytest.fixture
def open_window(
    qtbot: QtBot, parts: LoggedParts, language: LanguageSwitch
) -> Iterator[Callable[[], ReviewPage]]:
    """Opens the window on its Review page; may be called again, as after a restart."""
    opened: list[ReviewPage] = []

    def close() -> None:
        for page in opened:
            page.close_workers()
        opened.clear()

    def make() -> ReviewPage:
        close()
        page = ReviewPage(parts.review, parts.log, lambda: "ann", FakeExplainer(), parts.masks)
        others = {"history": QWidget(), "review": page, "learning": QWidget()}
        window = MainWindow(InspectPage(FakeStation()), others, language)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        opened.append(page)
        with qtbot.waitExposed(window):
            window.show()
        window.show_page("review")
        qtbot.waitUntil(lambda: page._masks.painter.annotation is not None)
        return page

    yield make
    close()


@pytest.fixture
def page(open_window: Callable[[], ReviewPage]) -> ReviewPage:
    return open_window()


def shown(page: ReviewPage) -> str:
    assert page.part is not None
    return page.part.inspection_id


def at(page: ReviewPage, x: float, y: float) -> QPoint:
    return page._canvas.mapFromScene(QPointF(x, y))


def drag(qtbot: QtBot, page: ReviewPage, *points: tuple[float, float]) -> None:
    view = page._canvas.viewport()
    qtbot.mousePress(view, LEFT, pos=at(page, *points[0]))
    for point in points[1:]:
        qtbot.mouseMove(view, at(page, *point))
    qtbot.mouseRelease(view, LEFT, pos=at(page, *points[-1]))


def click(qtbot: QtBot, page: ReviewPage, x: float, y: float) -> None:
    qtbot.mouseClick(page._canvas.viewport(), LEFT, pos=at(page, x, y))


def regions(page: ReviewPage) -> dict[int, tuple[str, NDArray[np.uint8]]]:
    """What is painted, by number: class and plane."""
    annotation = page._masks.painter.annotation
    assert annotation is not None
    return {n: (annotation.class_of(n), annotation.plane(n).copy()) for n in annotation.numbers}


def kept(parts: LoggedParts, part: str) -> dict[int, tuple[str, NDArray[np.uint8]]]:
    return {r.number: (r.class_name, r.plane) for r in parts.masks.load(part).regions}


def same(
    first: dict[int, tuple[str, NDArray[np.uint8]]],
    second: dict[int, tuple[str, NDArray[np.uint8]]],
) -> bool:
    return first.keys() == second.keys() and all(
        first[n][0] == second[n][0] and np.array_equal(first[n][1], second[n][1]) for n in first
    )


def saved(qtbot: QtBot, page: ReviewPage) -> None:
    qtbot.waitUntil(lambda: not page._masks._session.saving)


def test_a_stroke_of_the_mouse_is_painted_drawn_and_kept_at_once(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    qtbot.keyClicks(page, "b")
    qtbot.keyClicks(page, "1")
    drag(qtbot, page, (30, 60), (60, 60), (90, 60))
    painted = regions(page)
    assert painted[1][0] == "broken_large"
    assert painted[1][1][60, 30:91].all() and not painted[1][1][:40].any()
    assert page._canvas.mask_plane is not None and page._canvas.mask_plane[60, 60] == 2
    QApplication.processEvents()
    image = page._canvas.viewport().grab().toImage()
    colour = QColor(image.pixel(at(page, 60, 60)))
    assert colour.blue() > colour.red() + 30
    saved(qtbot, page)
    assert same(kept(parts, shown(page)), painted)
    assert page._masks.panel.saved_text == "All saved"
    rows = parts.store.read(lambda s: MaskRepository(s).of(shown(page)))
    assert {row.author for row in rows} == {"ann"}


def test_keys_alone_paint_a_stroke(qtbot: QtBot, page: ReviewPage, parts: LoggedParts) -> None:
    qtbot.keyClicks(page, "b")
    qtbot.keyClick(page, Qt.Key.Key_Right, SHIFT)
    start = page._canvas.pointer
    assert start is not None
    qtbot.keyClick(page, Qt.Key.Key_Space)
    for _ in range(6):
        qtbot.keyClick(page, Qt.Key.Key_Right, SHIFT)
    assert regions(page)[1][1][int(start.y()), int(start.x()) : int(start.x()) + 7].all()
    qtbot.keyClick(page, Qt.Key.Key_Space)
    before = regions(page)
    qtbot.keyClick(page, Qt.Key.Key_Down)
    qtbot.keyClick(page, Qt.Key.Key_Left)
    assert same(regions(page), before)
    saved(qtbot, page)
    assert same(kept(parts, shown(page)), before)


def test_undo_and_redo_are_kept_too(qtbot: QtBot, page: ReviewPage, parts: LoggedParts) -> None:
    part = shown(page)
    qtbot.keyClicks(page, "b")
    click(qtbot, page, 30, 30)
    first = regions(page)
    click(qtbot, page, 90, 90)
    both = regions(page)
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    saved(qtbot, page)
    assert same(regions(page), first) and same(kept(parts, part), first)
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    saved(qtbot, page)
    assert regions(page) == {} and kept(parts, part) == {}
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL | SHIFT)
    qtbot.keyClick(page, Qt.Key.Key_Y, CTRL)
    saved(qtbot, page)
    assert same(regions(page), both) and same(kept(parts, part), both)
    assert parts.review.labelled("bottle") == [] and shown(page) == part


def test_what_was_painted_is_there_after_a_restart(
    qtbot: QtBot, page: ReviewPage, open_window: Callable[[], ReviewPage]
) -> None:
    qtbot.keyClicks(page, "b")
    drag(qtbot, page, (30, 60), (60, 60))
    qtbot.keyClicks(page, "a")
    click(qtbot, page, 120, 30)
    painted = regions(page)
    part = shown(page)
    again = open_window()  # close_workers waits for what is on its way
    assert shown(again) == part and same(regions(again), painted)
    assert set(painted) == {1, 2}
    button = again.findChild(QPushButton, "review_paint")
    assert "2" in button.accessibleName()


def test_the_model_s_region_follows_the_threshold_and_is_accepted(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    qtbot.keyClicks(page, "r")
    slider = page.findChild(QSlider, "mask_threshold")
    assert slider.isVisible() and slider.value() == 127
    plane = page._canvas.mask_plane
    assert plane is not None and plane[25, 25] == plane[95, 135] == MODEL_INDEX
    slider.setValue(180)
    assert plane[25, 25] == MODEL_INDEX and plane[95, 135] == 0
    shown_area = int((plane == MODEL_INDEX).sum())
    assert regions(page) == {}
    qtbot.keyClick(page, Qt.Key.Key_Return)
    (number,) = regions(page)
    mask = regions(page)[number][1]
    assert int(mask.sum()) == shown_area and mask[25, 25] and not mask[95, 135]
    qtbot.keyClick(page, Qt.Key.Key_PageDown)
    assert slider.value() < 180
    saved(qtbot, page)
    assert same(kept(parts, shown(page)), regions(page))


def test_one_of_the_models_regions_is_taken_by_a_click(qtbot: QtBot, page: ReviewPage) -> None:
    qtbot.keyClicks(page, "r")
    click(qtbot, page, 135, 95)
    mask = regions(page)[1][1]
    assert mask[95, 135] and not mask[25, 25]
    click(qtbot, page, 80, 60)
    assert "sees nothing here" in page._toast.text and same(regions(page), {1: ("anomaly", mask)})


def test_a_polygon_is_closed_by_enter_and_a_corner_can_be_dropped(
    qtbot: QtBot, page: ReviewPage
) -> None:
    qtbot.keyClicks(page, "p")
    for corner in ((20, 20), (80, 20), (80, 80), (150, 110)):
        click(qtbot, page, *corner)
    qtbot.keyClick(page, Qt.Key.Key_Backspace)
    assert regions(page) == {}
    qtbot.keyClick(page, Qt.Key.Key_Return)
    mask = regions(page)[1][1]
    assert mask[30, 70] and not mask[70, 30] and not mask[90, 100]
    qtbot.keyClicks(page, "p")
    click(qtbot, page, 100, 100)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert "three corners" in page._toast.text


def test_an_outline_is_filled_and_an_open_one_is_refused(qtbot: QtBot, page: ReviewPage) -> None:
    page._masks.painter.resize(5)
    qtbot.keyClicks(page, "b")
    ring = [(40, 30), (90, 30), (90, 80), (40, 80)]
    drag(qtbot, page, *ring)
    qtbot.keyClicks(page, "f")
    click(qtbot, page, 65, 55)
    assert "no closed outline" in page._toast.text and not regions(page)[1][1][55, 65]
    qtbot.keyClicks(page, "b")
    drag(qtbot, page, (40, 80), (40, 30))
    qtbot.keyClicks(page, "f")
    click(qtbot, page, 65, 55)
    assert regions(page)[1][1][32:78, 42:88].all()


def test_the_eraser_takes_away_and_delete_removes_a_region(qtbot: QtBot, page: ReviewPage) -> None:
    page._masks.painter.resize(11)
    qtbot.keyClicks(page, "b")
    drag(qtbot, page, (30, 60), (90, 60))
    qtbot.keyClicks(page, "x")
    click(qtbot, page, 60, 60)
    mask = regions(page)[1][1]
    assert mask[60, 30] and not mask[60, 60]
    qtbot.keyClick(page, Qt.Key.Key_Delete)
    assert regions(page) == {}
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(regions(page)[1][1], mask)


def test_regions_have_classes_of_their_own_and_are_chosen(qtbot: QtBot, page: ReviewPage) -> None:
    page._offer(["scratch"])
    qtbot.keyClicks(page, "b")
    click(qtbot, page, 30, 30)
    qtbot.keyClicks(page, "a2")
    click(qtbot, page, 90, 90)
    assert [name for name, _ in regions(page).values()] == ["anomaly", "scratch"]
    title = page.findChild(QLabel, "mask_class_title")
    assert title.text() == "Region 2: Scratch"
    qtbot.keyClicks(page, "t1")
    assert [name for name, _ in regions(page).values()] == ["broken_large", "scratch"]
    rows = page.findChild(QListWidget, "mask_regions")
    assert [rows.item(n).text() for n in range(rows.count())] == ["1 · Large break", "2 · Scratch"]
    rows.setCurrentRow(1)
    assert page._masks.painter.chosen == 2


def test_a_new_class_can_be_named_while_painting(
    qtbot: QtBot, page: ReviewPage, open_window: Callable[[], ReviewPage]
) -> None:
    qtbot.keyClicks(page, "b")
    click(qtbot, page, 30, 30)
    qtbot.keyClicks(page, "n")
    entry = page.findChild(QLineEdit, "mask_class_entry")
    qtbot.waitUntil(entry.hasFocus)
    qtbot.keyClicks(entry, "Glass chip")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert regions(page)[1][0] == "glass_chip"
    assert page._side.panel.classes == ["broken_large", "glass_chip"] and page._masks.painting
    again = open_window()
    assert again._side.panel.classes == ["broken_large", "glass_chip"]


def test_while_painting_no_key_answers_and_esc_gives_the_answers_back(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    part = shown(page)
    qtbot.keyClicks(page, "b")
    click(qtbot, page, 30, 30)
    qtbot.keyClicks(page, "gcsu1")
    assert shown(page) == part and parts.review.labelled("bottle") == []
    assert "Put the tool down" in page._toast.text
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page._masks.painting and page._side.panel.isVisible()
    qtbot.keyClicks(page, "1")
    (answered,) = parts.review.labelled("bottle")
    assert answered[0].inspection_id == part
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)  # no tool in hand: the answer is taken back
    assert shown(page) == part and parts.review.labelled("bottle") == []
    qtbot.waitUntil(lambda: page._masks.painter.annotation is not None)
    assert set(regions(page)) == {1}


def test_escape_first_gives_up_the_polygon(qtbot: QtBot, page: ReviewPage) -> None:
    qtbot.keyClicks(page, "p")
    click(qtbot, page, 30, 30)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page._masks.painting and page._masks.painter.corners == []
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page._masks.painting and regions(page) == {}


def test_brackets_and_wheel_change_the_brush_and_zoom(qtbot: QtBot, page: ReviewPage) -> None:
    painter, canvas = page._masks.painter, page._canvas
    qtbot.keyClicks(page, "b")
    before = painter.size
    qtbot.keyClicks(page, "]]")
    assert painter.size > before
    qtbot.keyClicks(page, "[[[[[[[[")
    assert 1 <= painter.size < before
    scale, size = canvas.transform().m11(), painter.size

    def wheel(modifiers: Qt.KeyboardModifier) -> None:
        middle = QPointF(canvas.viewport().rect().center())
        event = QWheelEvent(
            middle, middle, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        canvas.wheelEvent(event)

    wheel(CTRL)
    assert painter.size > size and canvas.transform().m11() == scale
    wheel(Qt.KeyboardModifier.NoModifier)
    assert canvas.transform().m11() > scale
    qtbot.keyClicks(page, "0")
    assert not canvas.zoomed


def test_h_hides_what_is_painted(qtbot: QtBot, page: ReviewPage) -> None:
    qtbot.keyClicks(page, "b")
    click(qtbot, page, 30, 30)
    qtbot.keyPress(page, Qt.Key.Key_H)
    assert not page._canvas._masks.isVisible()
    qtbot.keyRelease(page, Qt.Key.Key_H)
    assert page._canvas._masks.isVisible()


def test_the_next_part_starts_bare_and_skipping_back_shows_the_regions(
    qtbot: QtBot, page: ReviewPage
) -> None:
    first = shown(page)
    qtbot.keyClicks(page, "b")
    click(qtbot, page, 30, 30)
    painted = regions(page)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    qtbot.keyClicks(page, "s")
    qtbot.waitUntil(lambda: page._masks.painter.annotation is not None)
    assert shown(page) != first and regions(page) == {}
    for _ in range(3):
        qtbot.keyClicks(page, "s")
    assert shown(page) == first
    qtbot.waitUntil(lambda: page._masks.painter.annotation is not None)
    assert same(regions(page), painted)


def test_a_damaged_mask_gets_a_sentence_and_review_goes_on(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts, open_window: Callable[[], ReviewPage]
) -> None:
    part = shown(page)
    plane = np.zeros(SHAPE, np.uint8)
    plane[10:20, 10:20] = 1
    small = np.ones((4, 4), np.uint8)
    changes = [RegionChange(1, "crack", plane), RegionChange(2, "crack", 1 - plane)]
    parts.masks.save(part, [*changes, RegionChange(3, "crack", small)], "ann")
    (broken,) = parts.paths.images.glob("**/*.mask-1-*.png")
    broken.write_bytes(b"not a picture")
    again = open_window()
    assert set(regions(again)) == {2}
    assert "Region" in again._toast.text and "damaged" in again._toast.text
    qtbot.keyClicks(again, "ba")
    click(qtbot, again, 100, 100)
    assert set(regions(again)) == {2, 4}
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    qtbot.keyClicks(again, "g")
    assert shown(again) != part


def test_masks_that_cannot_be_read_at_all_do_not_stop_review(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_part: str) -> StoredMasks:
        raise StoreError("store_damaged", "The database file is damaged.")

    monkeypatch.setattr(parts.masks, "load", broken)
    first = shown(page)
    qtbot.keyClicks(page, "g")
    qtbot.waitUntil(lambda: "damaged" in page._toast.text)
    qtbot.keyClicks(page, "g")
    assert shown(page) != first


def test_a_stroke_that_cannot_be_kept_is_said_and_kept_later(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = shown(page)

    def full(*_arguments: object, **_options: object) -> None:
        raise StoreError("disk_full", "The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(parts.masks, "save", full)
        qtbot.keyClicks(page, "b")
        click(qtbot, page, 30, 30)
        qtbot.waitUntil(lambda: "disk is full" in page._toast.text)
        assert page._masks.panel.saved_text == "Not saved yet"
        painted = regions(page)
        qtbot.keyClick(page, Qt.Key.Key_Escape)
        for _ in range(4):  # all parts skipped once: the same one again
            qtbot.keyClicks(page, "s")
        qtbot.waitUntil(lambda: page._masks.painter.annotation is not None)
        assert shown(page) == part and same(regions(page), painted)
        assert kept(parts, part) == {}
    page._masks._session._retry.timeout.emit()
    saved(qtbot, page)
    assert same(kept(parts, part), painted)
    assert page._masks.panel.saved_text == "All saved"


def test_every_control_has_a_name_a_key_and_can_be_reached_by_keyboard(
    page: ReviewPage, language: LanguageSwitch, qtbot: QtBot
) -> None:
    qtbot.keyClicks(page, "b")
    for code in ("en", "fr"):
        language.switch(code)
        QApplication.processEvents()
        for kind in (QAbstractButton, QSlider, QListWidget):
            for widget in page._masks.panel.findChildren(kind):
                assert widget.objectName() and widget.accessibleName(), widget
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget
                assert "(" in widget.toolTip() or widget.objectName() == "mask_threshold", widget
    assert page.findChild(QPushButton, "mask_brush").accessibleName() == "Pinceau"
    assert page.findChild(QPushButton, "mask_eraser").toolTip() == "Gomme (X)"


def test_buttons_do_what_their_keys_do(qtbot: QtBot, page: ReviewPage) -> None:
    def press(name: str) -> None:
        button = page.findChild(QPushButton, name)
        assert button.isEnabled(), name
        qtbot.mouseClick(button, LEFT)

    press("review_paint")
    assert page._masks.painter.tool is Tool.BRUSH
    press("mask_class_1")
    click(qtbot, page, 30, 30)
    press("mask_another")
    press("mask_model")
    press("mask_accept")
    assert [name for name, _ in regions(page).values()] == ["broken_large", "broken_large"]
    press("mask_delete")
    press("mask_undo")
    press("mask_undo")
    assert set(regions(page)) == {1}
    press("mask_redo")
    assert set(regions(page)) == {1, 2}
    press("mask_done")
    assert not page._masks.painting and page.hasFocus()
