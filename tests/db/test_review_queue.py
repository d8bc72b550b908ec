"""What waits for whom, repeats and disagreements, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.disputes import open_dispute, standing_answers
from db.engine import Database
from db.errors import StoreError
from db.records import InspectionQuery, InspectionRecord, ReviewRecord, UserRecord
from db.repositories.assignments import AssignmentRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.masks import MaskRepository
from db.repositories.repeats import RepeatRepository
from db.repositories.review_queue import (
    BY_COST,
    DRAWN,
    ReviewQueueRepository,
    drawn_answers,
    open_parts,
    set_weights,
)
from db.repositories.reviews import ReviewRepository
from db.repositories.users import UserRepository

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Make = Callable[..., InspectionRecord]


@pytest.fixture
def filled(database: Database, make_record: Make) -> Database:
    """Parts 1 to 4 wait by cost, 5 was drawn, 6 is asked about by nobody."""
    with database.writing() as session:
        for number in range(1, 7):
            rank = BY_COST if number < 5 else DRAWN if number == 5 else 0
            verdict = "REVIEW" if rank == BY_COST else "OK"
            record = make_record(
                number, verdict=verdict, queue_rank=rank, queue_weight=number / 10,
                recipe="cable" if number == 3 else "bottle",
            )  # fmt: skip
            assert InspectionRepository(session).add(record)
        for name, role, active in (("Eva", "expert", True), ("Max", "expert", False)):
            UserRepository(session).add(UserRecord(name, role, NOON, None, active))
    return database


def answer(database: Database, number: int, who: str, label: str, name: str | None = None) -> int:
    with database.writing() as session:
        given = ReviewRepository(session).answer(f"part-{number}", label, name, who, NOON)
        AssignmentRepository(session).answered(f"part-{number}", who, given.seq, NOON)
        return given.seq


def waiting(
    database: Database, who: str = "", rank: int = BY_COST, query: InspectionQuery | None = None
) -> list[int]:
    with database.reading() as session:
        queue = ReviewQueueRepository(session, who, query or InspectionQuery())
        return [int(part.inspection_id[5:]) for part in queue.waiting(rank, 9)]


def test_the_largest_weight_waits_first_and_answered_parts_do_not(filled: Database) -> None:
    assert waiting(filled) == [4, 3, 2, 1] and waiting(filled, rank=DRAWN) == [5]
    answer(filled, 3, "Ann", "good")
    assert waiting(filled) == [4, 2, 1]
    assert waiting(filled, query=InspectionQuery(text="2")) == [2]
    assert waiting(filled, query=InspectionQuery(recipe="cable")) == []
    with filled.reading() as session:
        assert ReviewQueueRepository(session, "", InspectionQuery()).length() == 4


def test_new_weights_change_the_order(filled: Database) -> None:
    with filled.writing() as session:
        found = open_parts(session, 0, 9)
        set_weights(session, {seq: 1.0 - part.queue_weight for seq, part in found})
        set_weights(session, {})
    assert waiting(filled) == [1, 2, 3, 4]
    with filled.reading() as session:
        assert len(open_parts(session, found[1][0], 9)) == 2


def test_a_given_part_waits_for_the_one_who_was_asked(filled: Database) -> None:
    with filled.writing() as session:
        AssignmentRepository(session).give("part-4", "Eva", "Ann", NOON)
        AssignmentRepository(session).give("part-2", "Max", "Ann", NOON)
    assert waiting(filled, "Ann") == [3, 2, 1]  # Max was deactivated: everybody's again
    assert waiting(filled, "Eva") == [4, 3, 2, 1]
    with filled.reading() as session:
        eva = ReviewQueueRepository(session, "Eva", InspectionQuery())
        assert eva.given(9) == ["part-4"] and eva.given_count() == 1
    seq = answer(filled, 4, "Eva", "good")
    with filled.writing() as session:
        assert AssignmentRepository(session).of("part-4") is None
        ReviewRepository(session).withdraw(seq, "Eva", NOON)
        AssignmentRepository(session).withdrawn(seq)
    with filled.writing() as session:
        assert AssignmentRepository(session).of("part-4") is not None
        assert AssignmentRepository(session).take_back("part-4", NOON)
        assert not AssignmentRepository(session).take_back("part-4", NOON)
    assert waiting(filled, "Ann") == [4, 3, 2, 1]


def test_an_answered_part_can_be_given_for_a_second_opinion(filled: Database) -> None:
    answer(filled, 6, "Ann", "good")
    with filled.writing() as session:
        AssignmentRepository(session).give("part-6", "Eva", "Ann", NOON)
    with filled.reading() as session:
        eva = ReviewQueueRepository(session, "Eva", InspectionQuery())
        assert eva.given(9) == ["part-6"] and eva.length() == 6
        assert ReviewQueueRepository(session, "Ann", InspectionQuery()).length() == 5
    answer(filled, 6, "Max", "good")
    with filled.reading() as session:
        assert AssignmentRepository(session).of("part-6") is not None


def test_giving_an_unknown_part_is_refused(filled: Database) -> None:
    with pytest.raises(StoreError) as caught, filled.writing() as session:
        AssignmentRepository(session).give("part-99", "Eva", "Ann", NOON)
    assert caught.value.code == "inspection_missing"


def test_experts_who_disagree_teach_no_model_until_somebody_decides(filled: Database) -> None:
    answer(filled, 1, "Ann", "good")
    second = answer(filled, 1, "Eva", "defect", "dent")

    def state() -> tuple[list[str], list[int]]:
        with filled.reading() as session:
            queue = ReviewQueueRepository(session, "", InspectionQuery())
            assert queue.disputed_count() == len(queue.disputed(9))
            taught = InspectionRepository(session).labelled("bottle")
            return queue.disputed(9), [part.part_number for part in taught]

    assert state() == (["part-1"], [])
    third = answer(filled, 1, "Max", "defect", "scratch")
    assert state() == ([], [1])
    with filled.writing() as session:
        ReviewRepository(session).withdraw(third, "Max", NOON)
    assert state() == (["part-1"], [])
    with filled.writing() as session:
        ReviewRepository(session).withdraw(second, "Eva", NOON)
    assert state() == ([], [1])


def test_which_answers_contradict_each_other() -> None:
    def row(seq: int, who: str, label: str | None, withdraws: int | None = None) -> ReviewRecord:
        return ReviewRecord(seq, "p", label, None, who, NOON, withdraws, "")

    ann, eva, max_ = row(1, "Ann", "good"), row(2, "Eva", "defect"), row(3, "Max", "good")
    changed = row(4, "Ann", "defect")
    assert open_dispute([ann, eva]) == (ann, eva)
    assert open_dispute([ann, eva, max_]) == ()
    assert open_dispute([ann, changed, eva]) == ()
    assert open_dispute([ann, max_, eva]) == (ann, max_, eva)
    # A decision settles what was said before it, and can be disagreed with.
    assert open_dispute([ann, eva, max_, row(5, "Zoe", "defect")])[0] == max_
    gone = row(6, "Eva", None, withdraws=2)
    assert standing_answers([ann, eva, gone]) == [ann]


def test_second_answers_are_chained_and_stand_nowhere(filled: Database) -> None:
    first = answer(filled, 1, "Ann", "good")
    with filled.writing() as session:
        repeats = RepeatRepository(session)
        again = repeats.answer(first, "defect", "dent", "Ann", NOON)
        kept = repeats.answer(first, "good", None, "Ann", NOON)
        repeats.withdraw(again.seq, "Ann", NOON)
    with filled.reading() as session:
        repeats = RepeatRepository(session)
        assert [pair.second for pair in repeats.pairs()] == [("good", None)]
        assert repeats.verify() == 3
        part = InspectionRepository(session).get("part-1")
        assert part is not None and part.review is not None and part.review.seq == first
        assert ReviewRepository(session).verify() == 1
    with pytest.raises(StoreError, match="already withdrawn"), filled.writing() as session:
        RepeatRepository(session).withdraw(again.seq, "Ann", NOON)
    for missing in (again.seq + 1, 99):  # a withdrawal, and nothing
        if missing != kept.seq:
            with pytest.raises(StoreError, match="no such answer"), filled.writing() as session:
                RepeatRepository(session).withdraw(missing, "Ann", NOON)
    with pytest.raises(StoreError, match="no such answer"), filled.writing() as session:
        RepeatRepository(session).answer(99, "good", None, "Ann", NOON)
    with pytest.raises((StoreError, DBAPIError)), filled.writing() as session:
        session.execute(text("UPDATE review_repeats SET label = 'good'"))


def test_what_may_be_asked_once_more(filled: Database) -> None:
    seqs = {number: answer(filled, number, "Ann", "good") for number in range(1, 6)}
    answer(filled, 2, "Eva", "defect")  # disputed
    with filled.writing() as session:
        MaskRepository(session).append("part-3", 1, "dent", "m.png", "0" * 64, "Ann", NOON)
        RepeatRepository(session).answer(seqs[4], "good", None, "Ann", NOON)

    def found(newer: int, limit: int) -> list[str]:
        with filled.reading() as session:
            return [name for _, name in RepeatRepository(session).candidates("Ann", newer, limit)]

    assert found(0, 9) == ["part-5", "part-1"]
    assert found(1, 9) == ["part-1"] and found(0, 2) == ["part-5"]


def test_only_answers_to_drawn_parts_count_for_the_escape_rate(filled: Database) -> None:
    answer(filled, 5, "Ann", "defect")
    answer(filled, 6, "Ann", "defect")
    answer(filled, 4, "Ann", "good")
    with filled.reading() as session:
        assert drawn_answers(session, NOON) == {"defect": 1}
    answer(filled, 5, "Eva", "good")
    with filled.reading() as session:
        assert drawn_answers(session, NOON) == {}  # disputed
