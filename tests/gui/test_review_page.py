"""The review page over a real queue: ten parts a minute without the mouse."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeExplainer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.domain.verdict import Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.ui.pages.review import ReviewPage
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()


@pytest.fixture
def parts(qtbot: QtBot, tmp_path: Path) -> Iterator[LoggedParts]:
    made = LoggedParts(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, parts: LoggedParts) -> Iterator[ReviewPage]:
    parts.add(Verdict.NG, "broken_large")
    parts.add(Verdict.REVIEW, count=5)
    made = opened(qtbot, parts)
    yield made
    made.close_workers()


def opened(qtbot: QtBot, parts: LoggedParts, explainer: FakeExplainer | None = None) -> ReviewPage:
    explainer = explainer or FakeExplainer()
    made = ReviewPage(parts.review, parts.log, lambda: "ann", explainer, parts.masks)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(page: ReviewPage) -> str:
    assert page.part is not None
    return page.part.inspection_id


def answers(parts: LoggedParts) -> dict[str, tuple[Label, str | None]]:
    return {
        part.inspection_id: (review.label, review.class_name)
        for part, review in parts.review.labelled("bottle")
    }


def test_letters_and_digits_answer_and_the_next_part_comes(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    expected = {}
    for key, answer in (
        ("g", (Label.GOOD, None)),
        ("1", (Label.DEFECT, "broken_large")),
        ("c", (Label.CANNOT_TELL, None)),
    ):
        expected[shown(page)] = answer
        qtbot.keyClicks(page, key)
    assert answers(parts) == expected
    assert shown(page) not in expected
    assert page.findChild(QLabel, "review_remaining").text() == "3"


def test_u_takes_the_last_answer_back_and_shows_that_part_again(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    first = shown(page)
    qtbot.keyClicks(page, "g")
    second = shown(page)
    qtbot.keyClicks(page, "u")
    assert shown(page) == first and answers(parts) == {}
    qtbot.keyClicks(page, "g")
    assert shown(page) == second
    qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(page) == first


def test_a_new_class_is_typed_once_and_has_a_digit_from_then_on(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    first = shown(page)
    qtbot.keyClicks(page, "n")
    entry = page.findChild(QLineEdit, "review_class_entry")
    qtbot.waitUntil(entry.hasFocus)
    qtbot.keyClicks(entry, "Glass chip")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    second = shown(page)
    assert page._side.panel.classes == ["broken_large", "glass_chip"]
    qtbot.keyClicks(page, "2")
    assert answers(parts) == {
        first: (Label.DEFECT, "glass_chip"),
        second: (Label.DEFECT, "glass_chip"),
    }


def test_escape_leaves_the_new_class_without_an_answer(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_0)
    entry = page.findChild(QLineEdit, "review_class_entry")
    qtbot.keyClicks(entry, "gc")
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.isHidden() and answers(parts) == {}


def test_a_digit_never_changes_its_meaning(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts
) -> None:
    parts.add(Verdict.NG, "a_class_before_all_others")
    page.refresh()
    assert page._side.panel.classes == ["broken_large", "a_class_before_all_others"]


def test_skip_asks_again_at_the_end(qtbot: QtBot, page: ReviewPage, parts: LoggedParts) -> None:
    first = shown(page)
    qtbot.keyClicks(page, "s")
    assert shown(page) != first and answers(parts) == {}
    page.refresh()
    for _ in range(5):
        qtbot.keyClicks(page, "g")
    assert shown(page) == first


def test_the_next_picture_is_there_within_fifty_milliseconds(
    qtbot: QtBot, page: ReviewPage
) -> None:
    taken = []
    for _ in range(3):
        following = page._list.waiting[0]
        qtbot.waitUntil(lambda name=following.inspection_id: name in page._loader._cache)
        started = time.thread_time()
        qtbot.keyClicks(page, "g")
        taken.append(time.thread_time() - started)
        assert shown(page) == following.inspection_id
        assert page._canvas.pixels is not None and page._canvas.heatmap is not None
        assert page._canvas.pixels[0, 0, 0] == following.part_number
    assert min(taken) < 0.05  # of this thread: the test machine may be busy


def test_an_empty_queue_says_what_to_do_and_fills_by_itself(
    qtbot: QtBot, parts: LoggedParts
) -> None:
    page = opened(qtbot, parts)
    assert page.part is None
    assert "by themselves" in page._empty.text
    parts.add(Verdict.REVIEW)
    qtbot.waitUntil(lambda: page.part is not None)
    page.close_workers()


def test_an_answer_that_cannot_be_kept_is_said_and_the_part_stays(
    qtbot: QtBot, page: ReviewPage, parts: LoggedParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise StoreError("disk_full", "The disk is full.")

    monkeypatch.setattr(parts.review, "answer", broken)
    before = shown(page)
    qtbot.keyClicks(page, "g")
    assert shown(page) == before
    assert "disk is full" in page._toast.text


def test_the_file_name_is_not_shown_for_it_often_tells_the_class(page: ReviewPage) -> None:
    assert not any(".png" in text for text in page._side.facts.texts().values())
