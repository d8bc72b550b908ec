"""Version gate, pragmas, addresses, error codes and the writer thread."""

from __future__ import annotations

import errno
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import Database, open_database, sqlite_is_safe_for_wal
from db.errors import StoreError, as_store_error
from db.migrate import upgrade
from db.store import Session, Store
from db.writer import WriterThread

ADD_USER = "INSERT INTO users VALUES (:n, :name, 'expert', NULL, 1, '2026', NULL)"


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 3), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 0), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_versions_with_the_wal_bug_are_known(version: tuple[int, int, int], safe: bool) -> None:
    assert sqlite_is_safe_for_wal(version) is safe


def _pragma(database: Database, name: str) -> object:
    with database.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_sound_sqlite_writes_ahead_and_syncs_fully(tmp_path: Path) -> None:
    pytest.importorskip("pysqlite3")
    database = open_database(tmp_path / "a b" / "station.sqlite3")
    try:
        assert database.journal_mode == "wal"
        assert _pragma(database, "synchronous") == 2
        assert _pragma(database, "foreign_keys") == 1
    finally:
        database.close()


@pytest.mark.skipif(
    sqlite_is_safe_for_wal(sqlite3.sqlite_version_info), reason="Python's SQLite is sound here"
)
def test_an_affected_sqlite_falls_back_to_the_rollback_journal(tmp_path: Path) -> None:
    database = open_database(tmp_path / "station.sqlite3", module=sqlite3)
    try:
        upgrade(database)
        assert database.journal_mode == "delete"
        assert _pragma(database, "synchronous") == 3
        with database.writing() as session:
            session.execute(
                text("INSERT INTO users VALUES (1, 'Eva', 'expert', NULL, 1, '2026', NULL)")
            )
    finally:
        database.close()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("mysql://x/y", "store_url"),
        ("sqlite://", "store_url"),
        ("postgresql://qc@127.0.0.1:1/none?connect_timeout=2", "store_unavailable"),
        ("sqlite:////proc/nowhere/station.sqlite3", "store_fault"),
    ],
)
def test_an_address_that_cannot_be_opened_says_so(address: str, code: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(address)
    assert caught.value.code == code
    assert str(caught.value).endswith((".", ":"))


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "station.sqlite3"
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(StoreError) as caught:
        Store.open(path)
    assert caught.value.code == "store_damaged"


def test_operating_system_errors_have_codes() -> None:
    assert as_store_error(OSError(errno.ENOSPC, "full")).code == "disk_full"
    assert as_store_error(OSError(errno.EROFS, "read-only")).code == "store_read_only"
    assert as_store_error(OSError(errno.EIO, "broken")).code == "store_fault"


def test_work_is_written_in_order_and_a_failure_stays_alone(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "station.sqlite3")

    def add(number: int) -> int:
        def work(session: Session) -> int:
            assert threading.current_thread().name == "database-writer"
            statement = text(
                "INSERT INTO users VALUES (:n, :name, 'expert', NULL, 1, '2026', NULL)"
            )
            session.execute(statement, {"n": number, "name": str(number)})
            return number

        return store.submit(work).result()

    try:
        assert add(1) == 1
        with pytest.raises(StoreError) as caught:
            add(1)
        assert caught.value.code == "store_conflict"
        with pytest.raises(ZeroDivisionError):
            store.write(lambda session: 1 // 0)
        assert add(2) == 2
        assert store.read(lambda s: s.execute(text("SELECT count(*) FROM users")).scalar()) == 2
    finally:
        store.close()
    with pytest.raises(StoreError, match="closed"):
        store.submit(lambda session: None)


def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    database = open_database(tmp_path / "station.sqlite3")
    upgrade(database)
    writer = WriterThread(database)
    futures = [writer.submit(lambda session, n=n: n) for n in range(50)]  # type: ignore[misc]
    writer.close()
    writer.close()
    assert [future.result(timeout=0) for future in futures] == list(range(50))
    database.close()


def test_what_a_reader_changes_is_not_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "station.sqlite3")
    try:
        store.read(lambda s: s.execute(text("DELETE FROM alembic_version")))
        count = store.read(
            lambda s: s.execute(text("SELECT count(*) FROM alembic_version")).scalar()
        )
        assert count == 1
    finally:
        store.close()
