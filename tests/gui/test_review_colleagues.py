"""Several experts at the Review page: filters, asking a colleague, disagreements, repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeExplainer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.domain.review_queue import QueueFilter, QueueRules, Show
from qc_station.domain.verdict import Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.review import ReviewPage
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()


class Desk:
    """One page over a real log; ``who`` sits at it."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.parts = LoggedParts(home)
        self.who = "Ann"
        for name in ("Ann", "Eva", "Max"):
            self.parts.add_user(name)
        self.parts.add(Verdict.REVIEW, count=3)
        self.parts.add(Verdict.NG, "broken_large")
        self.colleagues = ["Ann", "Eva", "Max"]
        self.page = ReviewPage(
            self.parts.review, self.parts.log, lambda: self.who, FakeExplainer(),
            self.parts.masks, colleagues=lambda: self.colleagues,
        )  # fmt: skip
        qtbot.addWidget(self.page)
        self.page.resize(1190, 720)
        with qtbot.waitExposed(self.page):
            self.page.show()

    def sit_down(self, who: str) -> None:
        self.who = who
        self.parts.review.forget_session()
        self.page._permits.changed.emit()
        self.page._narrow(QueueFilter())

    def key(self, key: str) -> None:
        self.qtbot.keyClicks(self.page, key)

    @property
    def shown(self) -> str:
        assert self.page.part is not None
        return self.page.part.inspection_id

    def text(self, name: str) -> str:
        label = self.page.findChild(QLabel, name)
        assert label is not None
        return str(label.text())

    def choose(self, name: str, data: str | None) -> None:
        combo = self.page.findChild(QComboBox, name)
        index = combo.findData(data)
        assert index >= 0, name
        combo.setCurrentIndex(index)

    def ask(self, name: str) -> None:
        """By keyboard, as the menu offers it."""
        self.key("a")
        menu = self.page.findChildren(QMenu, "review_colleagues")[-1]
        texts = [action.text() for action in menu.actions()]
        action = menu.actions()[texts.index(name)]
        menu.setActiveAction(action)
        self.qtbot.keyClick(menu, Qt.Key.Key_Return)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path / "home")
    yield made
    made.page.close_workers()
    made.parts.close()


def test_filters_narrow_the_queue_and_show_all_widens_it(desk: Desk) -> None:
    assert desk.text("review_remaining") == "4"
    desk.choose("queue_verdict", Verdict.NG.value)
    assert desk.page.part is not None and desk.page.part.verdict is Verdict.NG
    assert desk.text("review_remaining") == "1"
    desk.choose("queue_recipe", "bottle")
    desk.choose("queue_class", "broken_large")
    assert desk.text("review_remaining") == "1"
    desk.choose("queue_verdict", Verdict.OK.value)
    assert desk.page.part is None and "filters" in desk.page._empty.text
    desk.qtbot.mouseClick(desk.page.findChild(QWidget, "queue_reset"), Qt.MouseButton.LeftButton)
    assert desk.page.part is not None and desk.text("review_remaining") == "4"


def test_the_search_field_finds_a_part_and_gives_the_keyboard_back(desk: Desk) -> None:
    desk.qtbot.keyClick(desk.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = desk.page.findChild(QLineEdit, "queue_search")
    desk.qtbot.waitUntil(search.hasFocus)
    desk.qtbot.keyClicks(search, "002")
    desk.qtbot.keyClick(search, Qt.Key.Key_Return)
    assert desk.shown == "part-00002" and desk.page.hasFocus()
    desk.key("g")
    assert desk.page.part is None
    desk.page.focus_search()
    desk.qtbot.keyClick(search, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: desk.page.part is not None)


def test_a_colleague_is_asked_by_keyboard_and_told_who_asks(desk: Desk) -> None:
    first = desk.shown
    desk.ask("Ask Eva")
    assert desk.shown != first and "Eva" in desk.page._toast.text
    assert desk.text("review_remaining") == "3"
    desk.sit_down("Eva")
    assert desk.shown == first and "Ann asks" in desk.text("review_note_words")
    desk.choose("queue_show", Show.MINE.value)
    assert desk.text("review_remaining") == "1"
    desk.key("g")
    assert desk.page.part is None
    assert [part.inspection_id for part, _ in desk.parts.review.labelled("bottle")] == [first]


def test_an_asked_part_can_be_taken_back(desk: Desk) -> None:
    first = desk.page.part
    assert first is not None
    desk.ask("Ask Eva")
    desk.page.ask_about(first)
    assert "Eva" in desk.text("review_note_words")
    desk.ask("Ask nobody any more")
    assert desk.text("review_note_words") == "" and desk.shown == first.inspection_id
    assert desk.parts.review.remaining("Ann") == 4


def test_without_another_expert_nobody_can_be_asked(desk: Desk) -> None:
    desk.colleagues = ["Ann"]
    desk.key("a")
    assert "no other expert" in desk.page._toast.text


def test_a_question_that_cannot_be_kept_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise StoreError("disk_full", "The disk is full.")

    monkeypatch.setattr(desk.parts.review, "give", broken)
    first = desk.shown
    desk.ask("Ask Max")
    assert desk.shown == first and "disk is full" in desk.page._toast.text


def disagree(desk: Desk) -> str:
    """Ann says good, Eva says defect, of the same part."""
    first = desk.page.part
    assert first is not None
    desk.key("g")
    desk.sit_down("Eva")
    desk.page.ask_about(first)
    desk.page.answer_defect("broken_large")
    assert desk.parts.review.labelled("bottle") == []
    return first.inspection_id


def test_a_third_expert_decides_a_disagreement(desk: Desk) -> None:
    disputed = disagree(desk)
    desk.sit_down("Max")
    assert "(1)" in desk.page.findChild(QComboBox, "queue_show").itemText(2)
    desk.choose("queue_show", Show.DISPUTED.value)
    assert desk.shown == disputed
    assert "Ann: Good · Eva: Large break" in desk.text("review_note_words")
    assert desk.page.findChild(QCheckBox, "review_together").isHidden()
    desk.key("g")
    taught = desk.parts.review.labelled("bottle")
    assert [(part.inspection_id, said.label) for part, said in taught] == [(disputed, Label.GOOD)]


def test_those_who_disagree_answer_together_or_not_at_all(desk: Desk) -> None:
    disputed = disagree(desk)
    desk.choose("queue_show", Show.DISPUTED.value)
    assert desk.shown == disputed
    desk.key("g")
    assert desk.shown == disputed and "together" in desk.page._toast.text
    box = desk.page.findChild(QCheckBox, "review_together")
    assert box.isVisible() and "Ann" in box.text()
    box.setChecked(True)
    desk.key("g")
    assert len(desk.parts.review.labelled("bottle")) == 1


def test_the_note_speaks_the_language_of_the_moment(desk: Desk, language: LanguageSwitch) -> None:
    disagree(desk)
    desk.choose("queue_show", Show.DISPUTED.value)
    language.switch("fr")
    desk.qtbot.waitUntil(lambda: "désaccord" in desk.text("review_note_words"))


def test_a_repeat_looks_like_any_other_part_and_its_answer_does_not_stand(desk: Desk) -> None:
    desk.parts.rules = QueueRules(repeat_share=1.0)
    desk.parts.add(Verdict.REVIEW, count=30)
    desk.page.refresh()
    seen: list[str] = []
    while desk.shown not in seen:
        seen.append(desk.shown)
        desk.key("g")
        desk.page.refresh()
    assert desk.page.part is not None and desk.page.part.review is None
    assert desk.text("review_note_words") == ""
    again = desk.shown
    desk.key("c")
    standing = desk.parts.log.get(again)
    assert standing is not None and standing.review is not None
    assert standing.review.label is Label.GOOD
    desk.page.refresh()
    assert "0 of 1 the same" in desk.text("review_figures")
    desk.key("u")
    assert desk.shown == again
    desk.key("g")
    desk.page.refresh()
    assert "1 of 1 the same" in desk.text("review_figures")


def test_the_escape_rate_of_random_ok_parts_stands_below_the_picture(desk: Desk) -> None:
    assert "none yet" in desk.text("review_figures")
    desk.parts.rules = replace(desk.parts.rules, ok_share=1.0)
    desk.parts.add(Verdict.OK, count=2)
    desk.parts.review.answer("part-00005", Label.DEFECT, None, "Ann")
    desk.parts.review.answer("part-00006", Label.GOOD, None, "Ann")
    desk.page.refresh()
    assert "1 of 2 defective, 50.0 %" in desk.text("review_figures")
