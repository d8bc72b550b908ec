"""Says whether a database file that nobody has open is whole. Never changes it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from db.engine import Database, open_database, sqlite_module
from db.errors import StoreError, as_store_error
from db.models import InspectionRow
from db.repositories.audit import AuditRepository
from db.repositories.masks import MaskRepository
from db.repositories.reviews import ReviewRepository
from db.revision import HEAD

_STEPS = 200_000
"""SQLite's instructions between two looks at ``stopped``: some milliseconds."""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What a whole database holds; ``events``, ``reviews`` and ``masks`` are unbroken chains."""

    revision: str
    parts: int
    events: int
    reviews: int
    masks: int


def check_database(path: Path, stopped: Callable[[], bool] = lambda: False) -> DatabaseFacts:
    """Integrity, foreign keys, revision and hash chains of the file.

    A database of an older program is upgraded in a copy first, because the chains are read by
    today's tables. Raises StoreError: store_damaged, store_newer, chain_broken …; while
    ``stopped()``, SQLite's own error as StoreError.
    """
    database = _read_only(path, stopped)
    try:
        _check_pages(database)
        revision = _revision(database)
        if revision == HEAD:
            return _facts(database, revision)
    except SQLAlchemyError as error:
        raise as_store_error(error) from error
    finally:
        database.close()
    beside = path.parent if os.access(path.parent, os.W_OK) else None  # else: as the system says
    try:
        with tempfile.TemporaryDirectory(dir=beside, prefix=".check-") as folder:
            return _facts_of_older(Path(shutil.copy2(path, Path(folder) / path.name)), revision)
    except OSError as error:
        raise as_store_error(error) from error


def _read_only(path: Path, stopped: Callable[[], bool]) -> Database:
    module: Any = sqlite_module()
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"

    def connect() -> Any:
        connection = module.connect(address, uri=True, check_same_thread=False)
        connection.set_progress_handler(lambda: int(stopped()), _STEPS)
        return connection

    engine = create_engine("sqlite://", creator=connect, module=module)
    return Database(engine, "sqlite", module.sqlite_version, "", path)


def _check_pages(database: Database) -> None:
    with database.engine.connect() as connection:
        said = str(connection.execute(text("PRAGMA integrity_check(1)")).scalar_one())
        orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
    if said != "ok" or orphan is not None:
        cause = said if orphan is None else f"a row of {orphan[0]} belongs to nothing"
        raise StoreError("store_damaged", "The database file is damaged.", cause=cause)


def _revision(database: Database) -> str:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            raise StoreError("store_damaged", "The file is no database of a station.")
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def _facts_of_older(copy: Path, revision: str) -> DatabaseFacts:
    from db.migrate import upgrade  # loads Alembic

    database = open_database(copy)
    try:
        upgrade(database)
        return _facts(database, revision)
    finally:
        database.close()


def _facts(database: Database, revision: str) -> DatabaseFacts:
    return database.read(
        lambda session: DatabaseFacts(
            revision,
            session.scalar(select(func.count()).select_from(InspectionRow)) or 0,
            AuditRepository(session).verify(),
            ReviewRepository(session).verify(),
            MaskRepository(session).verify(),
        )
    )
