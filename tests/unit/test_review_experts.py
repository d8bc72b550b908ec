"""Random OK parts, hidden repeats, colleagues and disagreements over a real log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from store_support import NOON, make_part

from db.errors import StoreError
from db.records import UserRecord
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.users import UserRepository
from db.store import Session, Store
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.quality_figures import Share
from qc_station.domain.review_queue import QueueFilter, QueueRules, Show
from qc_station.domain.verdict import Inspection, Label, Reason, Verdict
from qc_station.services.audit import AuditLog
from qc_station.services.inspection_records import to_record
from qc_station.services.review import ReviewService

DISPUTED = QueueFilter(Show.DISPUTED)


class Rig:
    """A review queue whose clock and rules the test sets; ``answer`` takes ten seconds."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rules = QueueRules(ok_share=1.0, key="station")
        self.now: datetime = NOON
        self.review = ReviewService(store, clock=self.clock, rules=lambda: self.rules)
        self._number = 0

    def clock(self) -> datetime:
        return self.now

    def add(self, verdict: Verdict, count: int = 1, score: float = 2.5) -> None:
        def work(session: Session) -> None:
            for _ in range(count):
                self._number += 1
                part = make_part(
                    self._number, verdict=verdict, score=score, image_path="x.png",
                    reason=Reason.BETWEEN_LIMITS, source=None,
                    captured_at=NOON + timedelta(hours=self._number),
                )  # fmt: skip
                record = to_record(part, "1", NOON, self.rules)
                assert InspectionRepository(session).add(record)

        self.store.write(work)

    def users(self, *names: str) -> None:
        def work(session: Session) -> None:
            for name in names:
                UserRepository(session).add(UserRecord(name, "expert", NOON))

        self.store.write(work)

    def numbers(self, who: str = "Ann", wanted: QueueFilter | None = None) -> list[int]:
        return [part.part_number for part in self.review.queue(50, who, wanted)]

    def answer(
        self, number: int, label: Label = Label.GOOD, who: str = "Ann", *, together: bool = False
    ) -> Inspection:
        self.now += timedelta(seconds=10)
        return self.review.answer(f"part-{number}", label, None, who, together)

    def taught(self) -> list[int]:
        return [part.part_number for part, _ in self.review.labelled("bottle")]


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot) -> Iterator[Rig]:
    store = Store.open(tmp_path / "station.sqlite3")
    yield Rig(store)
    store.close()


# ---- random OK parts ----------------------------------------------------------------------


def test_drawn_ok_parts_are_mixed_into_the_queue_and_give_the_escape_rate(rig: Rig) -> None:
    rig.add(Verdict.REVIEW, 8)
    rig.add(Verdict.OK, 3, score=1.0)
    order = rig.numbers()
    assert [at for at, number in enumerate(order) if number > 8] == [4, 9, 10]
    assert rig.review.remaining() == 11 and rig.review.escapes() == Share(0, 0)
    for number, label in ((9, Label.DEFECT), (10, Label.GOOD), (11, Label.CANNOT_TELL)):
        rig.answer(number, label)
    rig.answer(1, Label.DEFECT)
    assert rig.review.escapes() == Share(1, 2)
    rig.now += timedelta(days=40)
    assert rig.review.escapes() == Share(0, 0)


def test_the_next_random_part_is_asked_after_four_others_over_refreshes(rig: Rig) -> None:
    rig.add(Verdict.REVIEW, 12)
    rig.add(Verdict.OK, 3)
    asked: list[bool] = []
    for _ in range(10):
        number = rig.numbers()[0]
        asked.append(number > 12)
        rig.answer(number)
    assert [at for at, random in enumerate(asked) if random] == [4, 9]


# ---- hidden repeats -----------------------------------------------------------------------


def repeating(rig: Rig) -> int:
    """Everything is asked twice; 25 parts are answered, then one comes again: its number."""
    rig.rules = replace(rig.rules, repeat_share=1.0)
    rig.add(Verdict.REVIEW, 40)
    answered: list[int] = []
    while len(answered) < 25:
        number = rig.numbers()[0]
        if number in answered:
            break
        answered.append(number)
        rig.answer(number)
    assert len(answered) == 21  # twenty others lie between an answer and its repeat
    assert rig.numbers()[0] == answered[0] == rig.numbers()[0]
    assert rig.review.remaining("Ann") == 20
    return answered[0]


def test_a_repeat_is_compared_and_never_stands(rig: Rig) -> None:
    number = repeating(rig)
    shown = rig.review.queue(1, "Ann")[0]
    assert shown.part_number == number and shown.review is None  # nothing tells
    taught, reviews = rig.taught(), AuditLog(rig.store).verify().reviews
    part = rig.answer(number, Label.DEFECT)
    assert part.review is not None and part.review.label is Label.GOOD
    assert rig.taught() == taught
    assert AuditLog(rig.store).verify() == replace(
        AuditLog(rig.store).verify(), reviews=reviews, repeats=1
    )
    messages = rig.store.read(lambda session: OutboxRepository(session).unsent(99))
    assert len(messages) == reviews  # the plant hears of answers only
    found = rig.review.consistencies()
    assert [(one.reviewer, one.agreed) for one in found] == [("Ann", Share(0, 1))]
    assert number not in rig.numbers()[:1]


def test_undo_of_a_repeat_asks_for_it_once_more(rig: Rig) -> None:
    number = repeating(rig)
    rig.answer(number, Label.DEFECT)
    undone = rig.review.undo()
    assert undone is not None and undone.part_number == number
    assert rig.review.consistencies() == []
    assert rig.numbers()[0] == number
    rig.answer(number)
    assert [one.agreed for one in rig.review.consistencies()] == [Share(1, 1)]
    assert AuditLog(rig.store).verify().repeats == 3


def test_nobody_else_and_no_filter_sees_a_repeat(rig: Rig) -> None:
    number = repeating(rig)
    narrowed = QueueFilter(parts=HistoryFilter(verdicts=frozenset({Verdict.REVIEW})))
    assert number not in rig.numbers("Ann", narrowed)
    assert rig.review.remaining("Ann", narrowed) == 19
    rig.review.forget_session()
    assert number not in rig.numbers("Eva")
    part = rig.answer(number, Label.DEFECT)  # chosen by hand in a new session: an answer
    assert part.review is not None and part.review.label is Label.DEFECT


def test_a_part_that_was_chosen_by_hand_gets_an_answer(rig: Rig) -> None:
    number = repeating(rig)
    rig.review.ask_openly(f"part-{number}")
    part = rig.answer(number, Label.DEFECT)
    assert part.review is not None and part.review.label is Label.DEFECT


def test_without_a_share_nothing_is_repeated(rig: Rig) -> None:
    rig.add(Verdict.REVIEW, 30)
    for number in range(1, 30):
        rig.answer(number)
    assert rig.numbers() == [30]


# ---- colleagues ---------------------------------------------------------------------------


def test_a_colleague_is_asked_and_the_part_waits_for_them_alone(rig: Rig) -> None:
    rig.users("Ann", "Eva")
    rig.add(Verdict.REVIEW, 3)
    rig.review.give("part-2", "Eva", "Ann")
    assert 2 not in rig.numbers("Ann") and rig.review.remaining("Ann") == 2
    assert rig.numbers("Eva")[0] == 2 and rig.review.remaining("Eva") == 3
    assert rig.numbers("Eva", QueueFilter(Show.MINE)) == [2]
    assert rig.review.remaining("Eva", QueueFilter(Show.MINE)) == 1
    assert rig.review.note("part-2").asked_by == "Ann"
    rig.answer(2, who="Eva")
    assert rig.numbers("Eva", QueueFilter(Show.MINE)) == []
    assert rig.review.undo() is not None
    assert rig.numbers("Eva", QueueFilter(Show.MINE)) == [2]
    rig.review.give("part-2", "Ann", "Ann")
    assert 2 in rig.numbers("Ann") and rig.review.note("part-2").asked_by == ""


def test_the_same_answer_of_a_second_expert_is_written_down_and_settles_nothing(rig: Rig) -> None:
    rig.add(Verdict.REVIEW)
    rig.answer(1)
    rig.answer(1, who="Eva")
    assert AuditLog(rig.store).verify().reviews == 2
    assert rig.taught() == [1] and rig.numbers(wanted=DISPUTED) == []


def test_a_disagreement_teaches_nothing_until_a_third_expert_decides(rig: Rig) -> None:
    rig.add(Verdict.REVIEW, 2)
    rig.answer(1)
    rig.answer(1, Label.DEFECT, "Eva")
    assert rig.taught() == [] and rig.numbers(wanted=DISPUTED) == [1]
    assert rig.numbers() == [2] and rig.review.remaining("Max", DISPUTED) == 1
    note = rig.review.note("part-1")
    assert [one.reviewer for one in note.dispute] == ["Ann", "Eva"]
    assert note.takes_part("Ann") and not note.takes_part("Max")
    with pytest.raises(StoreError) as caught:
        rig.answer(1, Label.DEFECT, "Ann")
    assert caught.value.code == "review_disputed"
    rig.answer(1, Label.GOOD, "Max")
    assert rig.taught() == [1] and rig.numbers(wanted=DISPUTED) == []
    events = AuditLog(rig.store).newest(1)
    assert (events[0].actor, events[0].action) == ("Max", "review.decided")


def test_those_who_disagree_can_decide_together(rig: Rig) -> None:
    rig.add(Verdict.REVIEW)
    rig.answer(1)
    rig.answer(1, Label.DEFECT, "Eva")
    rig.answer(1, Label.DEFECT, "Eva", together=True)  # the same words, said by both now
    assert rig.taught() == [1] and rig.numbers(wanted=DISPUTED) == []
    assert rig.review.undo() is not None
    assert rig.taught() == [] and rig.numbers(wanted=DISPUTED) == [1]


# ---- costs and pace -----------------------------------------------------------------------


def test_other_costs_order_the_waiting_parts_anew(rig: Rig) -> None:
    rig.add(Verdict.REVIEW, score=2.02)
    rig.add(Verdict.REVIEW, score=2.9)
    assert rig.numbers() == [1, 2]
    rig.rules = replace(rig.rules, escape_cost=0.1)
    rig.review.weigh_anew()
    assert rig.numbers() == [2, 1]


def test_the_pace_is_the_reviewers_own_without_pauses(rig: Rig) -> None:
    rig.add(Verdict.REVIEW, 9)
    for number in range(1, 6):
        rig.answer(number)
    assert rig.review.pace_s("Ann") is None
    rig.now += timedelta(minutes=30)
    rig.answer(6)
    assert rig.review.pace_s("Ann") is None  # a pause is no interval
    rig.answer(7)
    assert rig.review.pace_s("Ann") == 10.0 and rig.review.pace_s("Eva") is None
