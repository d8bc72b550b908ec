"""Golden samples are in the log and in no figure of production."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.engine import Database, open_database
from db.migrate import upgrade
from db.records import InspectionQuery, InspectionRecord
from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.reviews import ReviewRepository
from db.repositories.statistics import StatisticsRepository
from tests.db.conftest import NOON

Make = Callable[..., InspectionRecord]


@pytest.fixture
def filled(database: Database, make_record: Make) -> Database:
    with database.writing() as session:
        log = InspectionRepository(session)
        for number, verdict in enumerate(("OK", "NG"), start=1):
            log.add(make_record(number, verdict=verdict, score=float(number)))
            golden = make_record(number + 10, verdict=verdict, score=9.0, golden_check="c-1")
            log.add(golden)
    return database


def test_golden_samples_count_for_nothing(filled: Database) -> None:
    edges = [NOON - timedelta(hours=1), NOON + timedelta(hours=1)]
    with filled.reading() as session:
        figures = StatisticsRepository(session, edges, None)
        assert {row.verdict: row.count for row in figures.verdicts()} == {"OK": 1, "NG": 1}
        assert sum(figures.defects().values()) == 1
        assert [found.value for found in figures.score_bins()] == [1.0, 2.0]
        assert [found.count for found in figures.latency_bins()] == [2]
        log = InspectionRepository(session)
        assert log.verdict_counts(NOON - timedelta(hours=1)) == {"OK": 1, "NG": 1}


@pytest.mark.parametrize(("golden", "numbers"), [(None, 4), (False, 2), (True, 2)])
def test_history_tells_them_apart(filled: Database, golden: bool | None, numbers: int) -> None:
    with filled.reading() as session:
        log = InspectionRepository(session)
        query = InspectionQuery(golden=golden)
        found = log.page(query, 0, 10)
        assert log.count(query) == len(found) == numbers
        if golden is not None:
            assert {one.golden_check is not None for one in found} == {golden}


def test_no_model_learns_from_them(filled: Database) -> None:
    with filled.writing() as session:
        log = InspectionRepository(session)
        for one in log.page(InspectionQuery(), 0, 10):
            ReviewRepository(session).answer(one.inspection_id, "good", None, "Eva", NOON)
        labelled = log.labelled(log.recipes()[0])
    assert len(labelled) == 2
    assert all(one.golden_check is None for one in labelled)


def test_the_mark_cannot_be_set_later(filled: Database) -> None:
    with pytest.raises(DBAPIError), filled.writing() as session:
        session.execute(text("UPDATE inspections SET golden_check = 'c-2'"))


def test_nor_in_a_database_that_was_there_before(address: str, make_record: Make) -> None:
    database = open_database(address)
    try:
        upgrade(database, "0007")  # its guard knows nothing of the mark
        upgrade(database)
        with database.writing() as session:
            InspectionRepository(session).add(make_record(1))
        with pytest.raises(DBAPIError), database.writing() as session:
            session.execute(text("UPDATE inspections SET golden_check = 'c-2'"))
    finally:
        database.close()


def test_events_are_found_by_kind_and_subject(database: Database) -> None:
    with database.writing() as session:
        audit = AuditRepository(session)
        for minute, action in enumerate(("a", "b", "a", "a")):
            subject = "other" if minute == 3 else "cable"
            audit.append(NOON + timedelta(minutes=minute), "Max", action, subject, {})
        newest = audit.newest_of("a", "cable")
        assert newest is not None and newest.at == NOON + timedelta(minutes=2)
        assert audit.newest_of("c", "cable") is None
        found = audit.between(NOON, NOON + timedelta(minutes=2), {"a", "b"})
        assert [one.action for one in found] == ["a", "b"]
