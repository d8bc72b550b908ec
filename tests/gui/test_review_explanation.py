"""Keys E and V on the review page: what decided, and the nearest good patches; never over another
part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeExplainer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qc_station.domain.explanation import GoodPatch
from qc_station.domain.verdict import Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.review import ReviewPage
from qc_station.ui.widgets.patch_strip import PatchStrip, PatchTile
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()


@pytest.fixture
def explainer() -> FakeExplainer:
    return FakeExplainer()


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, explainer: FakeExplainer) -> Iterator[ReviewPage]:
    parts = LoggedParts(tmp_path / "home")
    parts.add(Verdict.REVIEW, count=3)
    made = ReviewPage(parts.review, parts.log, lambda: "ann", explainer, parts.masks)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made._canvas.pixels is not None)
    yield made
    made.close_workers()
    parts.close()


def said(page: ReviewPage) -> str:
    label = page.findChild(QLabel, "review_explained")
    return "" if label.isHidden() else str(label.text())


def button(page: ReviewPage) -> QPushButton:
    found = page.findChild(QPushButton, "review_explain")
    assert isinstance(found, QPushButton)
    return found


def strongest(page: ReviewPage) -> tuple[int, int] | None:
    plane = page._canvas.heatmap
    return None if plane is None else divmod(int(plane.argmax()), plane.shape[1])


def test_e_shows_what_decided_and_again_the_heatmap(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    heatmap = page._canvas.heatmap
    qtbot.keyClicks(page, "e")
    (asked,) = explainer.asked
    assert asked is page._canvas.pixels
    assert "being asked" in said(page) and page._canvas.heatmap is heatmap
    explainer.answer(1)
    assert strongest(page) == (2, 5) and "depends on" in said(page)
    assert "not the one" in said(page)  # these parts were judged by another model
    qtbot.keyClicks(page, "e")
    assert page._canvas.heatmap is heatmap and said(page) == ""
    qtbot.mouseClick(button(page), Qt.MouseButton.LeftButton)
    assert len(explainer.asked) == 2


def test_the_judging_models_answer_needs_no_warning(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    assert page.part is not None and page.part.model_id is not None
    qtbot.keyClicks(page, "e")
    explainer.answer(1, model_id=page.part.model_id)
    assert "not the one" not in said(page)


def test_weak_evidence_is_said_to_be_weak(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    qtbot.keyClicks(page, "e")
    explainer.answer(1, strongest=30)
    assert "No single place" in said(page)


def test_an_explanation_is_never_shown_over_the_next_part(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    qtbot.keyClicks(page, "e")
    qtbot.keyClicks(page, "s")
    assert explainer.stopped == [1] and said(page) == ""
    qtbot.waitUntil(lambda: page._canvas.heatmap is not None)
    heatmap = page._canvas.heatmap
    explainer.answer(1)
    assert page._canvas.heatmap is heatmap and said(page) == ""


def test_a_refusal_is_said_and_can_be_tried_again(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    heatmap = page._canvas.heatmap
    qtbot.keyClicks(page, "e")
    explainer.failed.emit(1, "explanation_late", "engine's own words")
    assert "took too long" in said(page) and page._canvas.heatmap is heatmap
    qtbot.keyClicks(page, "e")
    assert len(explainer.asked) == 2


def test_an_explanation_is_shown_although_heatmaps_are_off(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    page.set_overlay(0.6, False)
    assert not page._canvas.overlay_shown
    qtbot.keyClicks(page, "e")
    explainer.answer(1)
    assert page._canvas.overlay_shown
    page.set_overlay(0.6, False)
    assert page._canvas.overlay_shown
    qtbot.keyClicks(page, "e")
    assert not page._canvas.overlay_shown


def test_the_button_has_a_name_in_both_languages(
    qtbot: QtBot, page: ReviewPage, language: LanguageSwitch
) -> None:
    english = button(page).accessibleName()
    qtbot.keyClicks(page, "e")
    waiting = said(page)
    language.switch("fr")
    assert english and waiting
    qtbot.waitUntil(lambda: said(page) not in ("", waiting))
    assert button(page).accessibleName() not in ("", english)


def test_without_a_part_there_is_nothing_to_explain(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    for _ in range(3):
        qtbot.keyClicks(page, "g")
    assert page.part is None and not button(page).isEnabled()
    qtbot.keyClicks(page, "e")
    assert not explainer.asked


def good_patch(distance: float, name: str, kept: bool = True) -> GoodPatch:
    return GoodPatch(distance, name, np.full((192, 192, 3), 180, np.uint8) if kept else None)


def tiles(page: ReviewPage) -> list[PatchTile]:
    strip = page.findChild(PatchStrip, "review_patches")
    assert isinstance(strip, PatchStrip)
    return strip.tiles if strip.isVisible() else []


def test_v_shows_the_part_beside_the_three_nearest_good_patches(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer, language: LanguageSwitch
) -> None:
    heatmap = page._canvas.heatmap
    assert tiles(page) == []
    qtbot.keyClicks(page, "v")
    assert explainer.methods == ["nearest"] and "being asked" in said(page)
    good = (good_patch(0.25, "train/good/007.png"), good_patch(0.5, "b"), good_patch(1.0, "c"))
    explainer.answer_nearest(1, good)
    assert [tile.picture.pixmap().isNull() for tile in tiles(page)] == [False] * 4
    names = [tile.picture.accessibleName() for tile in tiles(page)]
    assert len(set(names)) == 4 and all(names)
    assert "0.250" in names[1] and "train/good/007.png" in names[1]
    assert "0.250" in tiles(page)[1].title.text()
    assert strongest(page) == (2, 5) and "good places" in said(page)
    language.switch("fr")
    qtbot.waitUntil(lambda: tiles(page)[1].picture.accessibleName() != names[1])
    assert "0,250" in tiles(page)[1].title.text()
    qtbot.keyClicks(page, "v")
    assert tiles(page) == [] and page._canvas.heatmap is heatmap and said(page) == ""


def test_a_good_patch_without_a_picture_says_so(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    found = page.findChild(QPushButton, "review_nearest")
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    explainer.answer_nearest(1, (good_patch(0.25, "a"), good_patch(0.5, "", kept=False)))
    part, near, bare = tiles(page)
    assert not part.picture.pixmap().isNull() and not near.picture.pixmap().isNull()
    assert "No picture is kept" in bare.picture.text() and bare.source.text() == "Picture not known"


def test_the_two_explanations_take_turns_and_the_patches_go_with_the_part(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    qtbot.keyClicks(page, "e")
    qtbot.keyClicks(page, "v")
    assert explainer.stopped == [1] and explainer.methods == ["occlusion", "nearest"]
    explainer.answer_nearest(2, (good_patch(0.25, "a"),))
    assert len(tiles(page)) == 2
    qtbot.keyClicks(page, "e")
    assert tiles(page) == [] and len(explainer.asked) == 3
    qtbot.keyClicks(page, "v")
    explainer.answer_nearest(4, (good_patch(0.25, "a"),))
    qtbot.keyClicks(page, "s")
    assert tiles(page) == []


def test_a_model_without_good_patches_says_so(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    qtbot.keyClicks(page, "v")
    explainer.failed.emit(1, "explanation_no_sources", "engine's own words")
    assert "Retrain" in said(page) and tiles(page) == []
    qtbot.keyClicks(page, "v")
    explainer.failed.emit(2, "explanation_unsupported", "engine's own words")
    assert "in this way" in said(page)


def test_in_a_narrow_window_the_patches_are_smaller_and_the_window_stays(
    qtbot: QtBot, page: ReviewPage, explainer: FakeExplainer
) -> None:
    qtbot.keyClicks(page, "v")
    explainer.answer_nearest(1, tuple(good_patch(far, "a") for far in (0.25, 0.5, 1.0)))
    wide = tiles(page)[0].picture.pixmap().width()
    page.resize(880, 700)
    qtbot.waitUntil(lambda: tiles(page)[0].picture.pixmap().width() < wide)
    assert page.width() == 880
    strip = page.findChild(PatchStrip, "review_patches")
    last = tiles(page)[-1]
    assert last.geometry().right() < strip.width()
    assert strip.geometry().right() <= page._side.geometry().left()
