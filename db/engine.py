"""Opens SQLite or PostgreSQL with the settings that survive a power cut. Knows no tables."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from db.errors import StoreError, as_store_error

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
_WRITES = "qc_writes"
_FOREIGN_KEYS = "PRAGMA foreign_keys"


@dataclass(frozen=True, slots=True)
class Database:
    """An open engine and what is known about it. ``path`` is None on PostgreSQL."""

    engine: Engine
    dialect: str
    server_version: str
    journal_mode: str
    path: Path | None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; whatever it changed is rolled back."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One write transaction (BEGIN IMMEDIATE on SQLite), committed at the end."""
        bind = self.engine.execution_options(**{_WRITES: True})
        with Session(bind, expire_on_commit=False) as session, session.begin():
            yield session

    def read(self, work: Callable[[Session], T]) -> T:
        """``work`` in a read transaction of this thread; StoreError when the store fails."""
        try:
            with self.reading() as session:
                return work(session)
        except SQLAlchemyError as error:
            raise as_store_error(error) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def sqlite_is_safe_for_wal(version: tuple[int, int, int]) -> bool:
    """False for the versions with the WAL-reset bug (3.7.0 to 3.51.2) and the withdrawn 3.52.0.

    Fixed in 3.51.3 and 3.53.0, and in the back-ports 3.50.7 and 3.44.6 (sqlite.org/wal.html).
    """
    if version[:2] in {(3, 44), (3, 50), (3, 51)}:
        return version[2] >= {44: 6, 50: 7, 51: 3}[version[1]]
    return version >= (3, 53, 0)


def sqlite_module() -> ModuleType:
    """The newest SQLite of this process: pysqlite3's own on Linux, Python's elsewhere."""
    if sys.platform == "linux":
        try:
            from pysqlite3 import dbapi2
        except ImportError:
            return sqlite3
        module: ModuleType = dbapi2
        return module
    return sqlite3


def open_database(url_or_path: str | Path, module: ModuleType | None = None) -> Database:
    """Connect to a file (path or sqlite:///…) or to postgresql://…; nothing is migrated.

    ``module`` replaces the SQLite driver in tests. Raises StoreError (store_url,
    store_unavailable, store_read_only, store_damaged …).
    """
    url = _url(url_or_path)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, module or sqlite_module())
    if url.get_backend_name() == "postgresql":
        return _open_postgresql(url)
    raise StoreError(
        "store_url",
        f"The database address must start with sqlite: or postgresql:, not {url.drivername}:",
        driver=url.drivername,
    )


def foreign_keys_off(connection: Connection) -> None:
    """Switch SQLite's foreign keys off; only possible outside a transaction."""
    _pragma_outside_transaction(connection, f"{_FOREIGN_KEYS}=OFF")


def foreign_keys_on(connection: Connection) -> None:
    """Switch SQLite's foreign keys on again."""
    _pragma_outside_transaction(connection, f"{_FOREIGN_KEYS}=ON")


def _pragma_outside_transaction(connection: Connection, statement: str) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.in_transaction():
        raise StoreError("store_fault", "Foreign keys cannot be switched inside a transaction.")
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)


def _url(url_or_path: str | Path) -> URL:
    if isinstance(url_or_path, Path) or "://" not in url_or_path:
        return URL.create("sqlite", database=str(Path(url_or_path).absolute()))
    try:
        url = make_url(url_or_path)
    except ArgumentError as error:
        raise StoreError("store_url", "The database address cannot be read.") from error
    if url.drivername == "postgresql":  # SQLAlchemy's own default driver is not installed
        return url.set(drivername="postgresql+psycopg")
    return url


def _open_sqlite(url: URL, module: ModuleType) -> Database:
    version: tuple[int, int, int] = module.sqlite_version_info
    wal = sqlite_is_safe_for_wal(version)
    journal = "WAL" if wal else "DELETE"
    # In DELETE mode only EXTRA also syncs the folder after the journal is unlinked.
    synchronous = "FULL" if wal else "EXTRA"
    path = Path(url.database) if url.database not in {None, "", ":memory:"} else None
    if path is None:
        raise StoreError("store_url", "The station's database is a file, not memory.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise as_store_error(error) from error
    engine = create_engine(url, module=module, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"journal_mode={journal}",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred reader that writes later fails with BUSY_SNAPSHOT in spite of the timeout.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    mode = _first_value(engine, "PRAGMA journal_mode")
    return Database(engine, "sqlite", module.sqlite_version, mode, path)


def _open_postgresql(url: URL) -> Database:
    engine = create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    version = _first_value(engine, "SHOW server_version")
    return Database(engine, "postgresql", version, "", None)


def _first_value(engine: Engine, statement: str) -> str:
    try:
        with engine.connect() as connection:
            return str(connection.exec_driver_sql(statement).scalar_one())
    except SQLAlchemyError as error:
        engine.dispose()
        raise as_store_error(error) from error
