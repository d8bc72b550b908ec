"""Statistics aggregated in SQL: buckets, histograms, defects, and the same parts in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from db.engine import Database
from db.records import AnswerCount, InspectionQuery, InspectionRecord
from db.repositories.inspections import InspectionRepository
from db.repositories.review_queue import DRAWN
from db.repositories.reviews import ReviewRepository
from db.repositories.statistics import StatisticsRepository
from tests.db.conftest import NOON

Make = Callable[..., InspectionRecord]
EDGES = [NOON + timedelta(seconds=seconds) for seconds in (0, 3, 6, 9)]


@pytest.fixture
def filled(database: Database, make_record: Make) -> Database:
    """Two parts in the first bucket, three in the second, none in the third, one after it."""
    records = (
        make_record(1, latency_ms=10.0, score=-0.5),
        make_record(2, verdict="NG", class_name="scratch", latency_ms=30.0, ok_limit=4.0),
        make_record(3, verdict="NG", class_name="scratch", recipe="cable", latency_ms=20.0),
        make_record(4, verdict="REVIEW", latency_ms=None),
        make_record(5, verdict="NG", latency_ms=20.004),
        make_record(9, verdict="NG"),
    )
    with database.writing() as session:
        for record in records:
            InspectionRepository(session).add(record)
    answers = (
        (2, "good", None),
        (3, "defect", "dent"),
        (4, "defect", None),
        (5, "cannot_tell", None),
    )
    for number, label, name in answers:
        with database.writing() as session:
            ReviewRepository(session).answer(f"part-{number}", label, name, "Eva", NOON)
    return database


def test_verdicts_are_counted_in_the_bucket_they_were_captured_in(filled: Database) -> None:
    with filled.reading() as session:
        rows = StatisticsRepository(session, EDGES, None).verdicts()
    found = {(row.bucket, row.verdict): row.count for row in rows}
    assert found == {(0, "OK"): 1, (0, "NG"): 1, (1, "NG"): 2, (1, "REVIEW"): 1}
    limits = {(row.bucket, row.verdict): row.ok_limit for row in rows}
    assert limits[0, "NG"] == 4.0 and limits[0, "OK"] == 2.0
    assert {name for row in rows for name in (row.first_recipe, row.last_recipe)} == {
        "bottle", "cable",
    }  # fmt: skip


def test_one_recipe_is_counted_alone(filled: Database) -> None:
    with filled.reading() as session:
        repository = StatisticsRepository(session, EDGES, "cable")
        assert [(row.bucket, row.verdict, row.count) for row in repository.verdicts()] == [
            (1, "NG", 1)
        ]
        assert repository.defects() == {"dent": 1}


def test_like_values_share_a_bin_and_keep_their_mean(filled: Database) -> None:
    with filled.reading() as session:
        repository = StatisticsRepository(session, EDGES, None)
        latency = [(row.bucket, row.value, row.count) for row in repository.latency_bins()]
        scores = [(row.bucket, row.value, row.count) for row in repository.score_bins()]
    assert latency == [(0, 10.0, 1), (0, 30.0, 1), (1, pytest.approx(20.002), 2)]
    assert scores == [(0, -0.5, 1), (0, 1.25, 1), (1, 1.25, 3)]


def test_answers_are_counted_beside_verdicts(filled: Database) -> None:
    with filled.reading() as session:
        found = StatisticsRepository(session, EDGES, None).answers()
    assert sorted(found, key=lambda row: (row.bucket, row.verdict, row.label)) == [
        AnswerCount(0, "NG", "good", 1),
        AnswerCount(1, "NG", "cannot_tell", 1),
        AnswerCount(1, "NG", "defect", 1),
        AnswerCount(1, "REVIEW", "defect", 1),
    ]


def test_answers_to_parts_drawn_at_random_are_told_apart(
    database: Database, make_record: Make
) -> None:
    with database.writing() as session:
        for number in (1, 2, 3):
            drawn = make_record(number, queue_rank=DRAWN if number < 3 else 0)
            InspectionRepository(session).add(drawn)
        for number, who, label in ((1, "Eva", "good"), (2, "Eva", "good"), (3, "Eva", "good")):
            ReviewRepository(session).answer(f"part-{number}", label, None, who, NOON)

    def found() -> list[AnswerCount]:
        with database.reading() as session:
            edges = [NOON, NOON + timedelta(minutes=1)]
            return StatisticsRepository(session, edges, None).answers()

    assert found() == [AnswerCount(0, "OK", "good", 3, drawn=2)]
    with database.writing() as session:
        ReviewRepository(session).answer("part-2", "cannot_tell", None, "Max", NOON)
    assert sum(row.drawn for row in found()) == 1  # the experts disagree on the other one


def test_defects_and_the_history_name_the_same_parts(filled: Database) -> None:
    with filled.reading() as session:
        defects = StatisticsRepository(session, EDGES, None).defects()
        history = InspectionRepository(session)
        assert defects == {"dent": 1, "": 2}
        for name, count in defects.items():
            query = InspectionQuery(captured_from=EDGES[0], captured_to=EDGES[-1], defect=name)
            assert history.count(query) == count, name
        assert history.count(InspectionQuery(defect="scratch")) == 0
        good = InspectionQuery(label="good")
        assert [part.part_number for part in history.page(good, 0, 9)] == [2]


def test_every_bucket_is_a_range_of_an_index(filled: Database) -> None:
    if filled.dialect != "sqlite":
        pytest.skip("PostgreSQL plans by what is in the table, which is six rows here")
    seen: list[str] = []
    with filled.reading() as session:
        connection = session.connection().connection.driver_connection
        connection.set_trace_callback(seen.append)  # type: ignore[union-attr]
        repository = StatisticsRepository(session, EDGES, None)
        repository.verdicts(), repository.latency_bins(), repository.answers(), repository.defects()
        connection.set_trace_callback(None)  # type: ignore[union-attr]
        for statement in seen:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()  # type: ignore[union-attr]
            steps = [row[3] for row in plan]
            assert any("USING" in s and "INDEX ix_inspections" in s for s in steps), steps
            # The few golden samples are listed from an index that holds nothing else.
            scans = [s for s in steps if s.startswith("SCAN inspections")]
            assert all(s.endswith("INDEX ix_inspections_golden_check") for s in scans), steps
