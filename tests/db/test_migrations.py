"""A filled database is upgraded: every row, every child and both hash chains stay whole."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, insert, text
from sqlalchemy.orm import Session

from db.chain import GENESIS, link_hash
from db.engine import Database, open_database
from db.errors import StoreError
from db.migrate import current_revision, head_revision, upgrade
from db.models import Base
from db.records import InspectionQuery, UserRecord
from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.review_queue import BY_COST, ReviewQueueRepository
from db.repositories.reviews import ReviewRepository
from db.repositories.users import UserRepository
from db.revision import HEAD, is_current

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PARTS = 60


def _fill_at_0001(database: Database) -> dict[str, int]:
    """Rows as revision 0001 wrote them, by the tables that are there, not by today's models."""
    tables = MetaData()
    tables.reflect(database.engine)

    def table(name: str) -> Table:
        found = tables.tables[name]
        for column in found.columns:  # reflection knows DATETIME only, not that it is UTC
            model = Base.metadata.tables[name].columns.get(column.name)
            if model is not None:
                column.type = model.type
        return found

    assert "queue_rank" not in tables.tables["inspections"].columns
    verdicts = ("OK", "NG", "REVIEW")
    scores = {"OK": 1.0, "NG": 4.0, "REVIEW": 2.75}
    with database.writing() as session:
        for number in range(1, PARTS + 1):
            verdict = verdicts[number % 3]
            session.execute(
                insert(table("inspections")).values(
                    seq=number,
                    inspection_id=f"part-{number}",
                    station="1",
                    part_number=number,
                    captured_at=NOON + timedelta(seconds=number),
                    decided_at=NOON,
                    recorded_at=NOON,
                    camera="demo:",
                    recipe="cable",
                    verdict=verdict,
                    reason="between_limits" if verdict == "REVIEW" else "x",
                    detail="é",
                    score=scores[verdict],
                    ok_limit=2.0,
                    ng_limit=3.0,
                )
            )
            session.execute(
                insert(table("regions")).values(
                    inspection_seq=number, position=0, x=0, y=0, width=1, height=1, score=number
                )
            )
        previous = GENESIS
        rows = [(2, "good", None), (5, "defect", None), (2, "defect", None), (2, None, 3)]
        rows += [(8, "good", None), (8, None, 5)]
        for seq, (number, label, withdraws) in enumerate(rows, start=1):
            content = {
                "seq": seq,
                "inspection_id": f"part-{number}",
                "label": label,
                "class_name": "dent" if label == "defect" else None,
                "reviewer": "Eva",
                "reviewed_at": NOON,
                "withdraws": withdraws,
            }
            digest = link_hash(previous, content)
            session.execute(
                insert(table("reviews")).values(**content, previous_hash=previous, hash=digest)
            )
            previous = digest
        AuditRepository(session).append(NOON, "Eva", "log_in", "station", {"n": 1})
        return _counts(session)


def _counts(session: Session) -> dict[str, int]:
    return {
        name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        for name in ("inspections", "regions", "reviews", "audit_events")
    }


def test_a_filled_database_is_upgraded_whole(address: str) -> None:
    database = open_database(address)
    try:
        upgrade(database, "0001")
        before = _fill_at_0001(database)
        backup = upgrade(database)
        assert current_revision(database) == head_revision()
        with database.reading() as session:
            log = InspectionRepository(session)
            assert _counts(session) == before
            assert AuditRepository(session).verify() == 1
            assert ReviewRepository(session).verify() == 6
            standing = {part: log.get(f"part-{part}") for part in (2, 5, 8)}
            queue = ReviewQueueRepository(session, "", InspectionQuery())
            waiting = queue.waiting(BY_COST, 100)
            assert queue.length() == len(waiting) and not queue.disputed(9)
            last = log.get(f"part-{PARTS}")
        labels = {
            part: found and found.review and found.review.label for part, found in standing.items()
        }
        assert labels == {2: "good", 5: "defect", 8: None}
        assert last is not None and last.regions[0].score == PARTS and last.detail == "é"
        assert len(waiting) == PARTS * 2 // 3 - 2
        # REVIEW: p = 0.05 + 0.9 · 0.75, so the false alarm is the cheaper one; NG: 0.05 · 3 / 4.
        weights = [round(part.weight, 9) for part in waiting]
        assert weights == sorted(weights, reverse=True)
        assert set(weights) == {0.275, 0.0375}
        _check_backup(database, backup, before)
        _check_foreign_keys(database)
    finally:
        database.close()


def _check_backup(database: Database, backup: Path | None, before: dict[str, int]) -> None:
    if database.dialect == "postgresql":
        assert backup is None
        return
    assert backup is not None and "0001" in backup.name
    copy = open_database(backup)
    try:
        assert current_revision(copy) == "0001"
        with copy.reading() as session:
            assert _counts(session) == before
    finally:
        copy.close()


def _check_foreign_keys(database: Database) -> None:
    if database.dialect == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_users_of_before_keep_their_rows_and_have_no_badge(address: str) -> None:
    database = open_database(address)
    try:
        upgrade(database, "0002")
        with database.writing() as session:
            session.execute(
                text(
                    "INSERT INTO users (name, role, password_hash, active, created_at) "
                    "VALUES ('Eva', 'expert', NULL, true, '2026-11-22 12:00:00+00:00')"
                    if database.dialect == "postgresql"
                    else "INSERT INTO users (name, role, password_hash, active, created_at) "
                    "VALUES ('Eva', 'expert', NULL, 1, '2026-11-22 12:00:00.000000')"
                )
            )
        upgrade(database)
        with database.reading() as session:
            assert UserRepository(session).all() == [UserRecord("Eva", "expert", NOON)]
        _check_foreign_keys(database)
    finally:
        database.close()


@pytest.mark.parametrize("column", ["verdict", "serial"])
def test_a_serial_number_is_written_once_like_the_verdict(address: str, column: str) -> None:
    database = open_database(address)
    try:
        upgrade(database, "0001")
        _fill_at_0001(database)
        upgrade(database)
        with database.reading() as session:
            found = InspectionRepository(session).get("part-1")
        assert found is not None and found.serial is None
        with pytest.raises(Exception, match="written once"), database.writing() as session:
            session.execute(text(f"UPDATE inspections SET {column} = 'OK'"))
    finally:
        database.close()


def test_migrations_and_models_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_guards_are_there_after_a_batch_migration(address: str) -> None:
    database = open_database(address)
    try:
        upgrade(database, "0001")
        _fill_at_0001(database)
        upgrade(database)
        with pytest.raises(Exception, match="written once"), database.writing() as session:
            session.execute(text("UPDATE inspections SET verdict = 'OK'"))
        with pytest.raises(Exception, match="written once"), database.writing() as session:
            session.execute(text("UPDATE inspections SET lot = 'other'"))  # since 0005
    finally:
        database.close()


def test_upgrading_twice_does_nothing(database: Database) -> None:
    assert upgrade(database) is None


def test_a_newer_database_is_refused(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version") as caught:
        upgrade(database)
    assert caught.value.code == "store_newer"


def test_a_failed_upgrade_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite3"
    database = open_database(path)
    try:
        upgrade(database, "0001")
        before = _fill_at_0001(database)
        with database.writing() as session:  # an index of the name that 0002 wants
            session.execute(text("CREATE TABLE ix_inspections_review_queue (x)"))
        with pytest.raises(StoreError) as caught:
            upgrade(database)
        assert caught.value.code == "migration_failed"
        assert Path(str(caught.value.params["backup"])).is_file()
        assert current_revision(database) == "0001"
        with database.reading() as session:
            assert _counts(session) == before
            columns = session.execute(text("PRAGMA table_info(inspections)")).all()
        assert "queue_rank" not in {column[1] for column in columns}
    finally:
        database.close()


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 27), reason="no VACUUM INTO")
def test_the_rollback_journal_upgrades_too(tmp_path: Path) -> None:
    database = open_database(tmp_path / "station.sqlite3", module=sqlite3)
    try:
        upgrade(database, "0001")
        before = _fill_at_0001(database)
        upgrade(database)
        with database.reading() as session:
            assert _counts(session) == before
    finally:
        database.close()


def test_the_short_cut_knows_the_newest_revision() -> None:
    assert head_revision() == HEAD


def test_an_old_database_is_not_taken_for_a_current_one(tmp_path: Path) -> None:
    database = open_database(tmp_path / "old.sqlite3")
    try:
        assert not is_current(database)
        upgrade(database, "0001")
        assert not is_current(database)
        upgrade(database)
        assert is_current(database)
    finally:
        database.close()
