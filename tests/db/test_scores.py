"""Scores by model: which parts count, and the same parts in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from db.engine import Database
from db.records import AnsweredScore, InspectionQuery, InspectionRecord, LoggedScore
from db.repositories.inspections import InspectionRepository
from db.repositories.reviews import ReviewRepository
from db.repositories.scores import ScoreRepository
from tests.db.conftest import NOON

Make = Callable[..., InspectionRecord]
MODEL = "model-1"
END = NOON + timedelta(seconds=100)


@pytest.fixture
def filled(database: Database, make_record: Make) -> Database:
    """Seven parts of the model in the product, and one of each kind that does not count."""
    mine = {"recipe": "bottle", "model_id": MODEL}
    records = (
        make_record(1, score=1.0, **mine),
        make_record(2, score=2.0, verdict="REVIEW", reason="between_limits", **mine),
        make_record(3, score=0.5, verdict="REVIEW", reason="novel", **mine),
        make_record(4, score=3.0, verdict="NG", reason="above_ng_limit", **mine),
        make_record(5, score=2.5, verdict="NOT_INSPECTED", reason="store_fault", **mine),
        make_record(6, score=None, verdict="NOT_INSPECTED", reason="deadline", recipe="bottle",
                    model_id=None),
        make_record(7, score=9.0, recipe="cable", model_id=MODEL),
        make_record(8, score=9.0, recipe="bottle", model_id="model-2"),
        make_record(9, score=9.0, golden_check="check-1", **mine),
        make_record(100, score=9.0, **mine),
    )  # fmt: skip
    with database.writing() as session:
        for record in records:
            InspectionRepository(session).add(record)
    for number, label in ((1, "defect"), (2, "good"), (3, "defect"), (4, "cannot_tell"),
                          (5, "good"), (8, "defect"), (9, "good")):  # fmt: skip
        with database.writing() as session:
            ReviewRepository(session).answer(f"part-{number}", label, None, "Eva", NOON)
    return database


def test_logged_scores_are_those_of_judged_parts_of_this_model(filled: Database) -> None:
    with filled.reading() as session:
        scores = ScoreRepository(session, "bottle", MODEL)
        found = sorted(tuple(row) for row in scores.logged(NOON, END))
        assert scores.not_judged(NOON, END) == 2
    assert found == [
        LoggedScore(0.5, "REVIEW", True),
        LoggedScore(1.0, "OK", False),
        LoggedScore(2.0, "REVIEW", False),
        LoggedScore(3.0, "NG", False),
    ]


def test_answered_scores_are_those_that_an_expert_decided(filled: Database) -> None:
    with filled.reading() as session:
        found = ScoreRepository(session, "bottle", MODEL).answered()
    assert sorted(found, key=lambda row: row.score) == [
        AnsweredScore(0.5, "REVIEW", True, True),
        AnsweredScore(1.0, "OK", False, True),
        AnsweredScore(2.0, "REVIEW", False, False),
    ]


def test_an_answer_taken_back_does_not_count(filled: Database) -> None:
    with filled.writing() as session:
        reviews = ReviewRepository(session)
        reviews.withdraw(reviews.of("part-1")[0].seq, "Eva", NOON)
    with filled.reading() as session:
        found = ScoreRepository(session, "bottle", MODEL).answered()
    assert [row.score for row in sorted(found, key=lambda row: row.score)] == [0.5, 2.0]


@pytest.mark.parametrize(
    ("narrow", "parts"),
    [
        ({"score_above": 1.0, "score_up_to": 2.0}, [2]),
        ({"score_up_to": 1.0}, [3, 1]),
        ({"score_up_to": 1.0, "novel": False}, [1]),
        ({"novel": True}, [3]),
        ({"score_above": 2.5}, [100, 4]),
        ({"score_above": 2.4999, "score_up_to": 3.0}, [5, 4]),
    ],
)
def test_the_history_lists_a_range_of_scores(
    filled: Database, narrow: dict[str, float], parts: list[int]
) -> None:
    query = InspectionQuery(recipe="bottle", model_id=MODEL, golden=False, **narrow)  # type: ignore[arg-type]
    with filled.reading() as session:
        page = InspectionRepository(session).page(query, 0, 99)
        assert InspectionRepository(session).count(query) == len(parts)
    assert sorted(part.part_number for part in page) == sorted(parts)


def test_logged_scores_are_a_range_of_an_index(filled: Database) -> None:
    if filled.dialect != "sqlite":
        pytest.skip("PostgreSQL plans by what is in the table, which is nine rows here")
    seen: list[str] = []
    with filled.reading() as session:
        connection = session.connection().connection.driver_connection
        connection.set_trace_callback(seen.append)  # type: ignore[union-attr]
        scores = ScoreRepository(session, "bottle", MODEL)
        list(scores.logged(NOON, END)), scores.answered(), scores.not_judged(NOON, END)
        connection.set_trace_callback(None)  # type: ignore[union-attr]
        for statement in seen:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()  # type: ignore[union-attr]
            steps = [row[3] for row in plan if "ix_inspections_golden_check" not in row[3]]
            assert not any(step.startswith("SCAN inspections") for step in steps), plan
