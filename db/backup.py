"""Copies a SQLite database whole while it is open. PostgreSQL is backed up by its server."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.engine import Database, sqlite_module
from db.errors import StoreError, as_store_error

PAGES_AT_ONCE = 1000
_log = logging.getLogger(__name__)


def backup(database: Database, target: Path) -> Path:
    """A consistent copy at ``target``, synced and checked; StoreError if it cannot be written."""
    if database.path is None:
        raise StoreError("backup_not_here", "PostgreSQL is backed up with pg_dump, not from here.")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with database.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            # VACUUM INTO needs no transaction and leaves one file without a journal.
            driver.execute("VACUUM INTO ?", (str(part),))
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    except (OSError, database.engine.dialect.dbapi.Error) as error:  # type: ignore[union-attr]
        part.unlink(missing_ok=True)
        raise as_store_error(error) from error
    return target


def copy_while_open(
    database: Database, target: Path, progress: Callable[[int, int], None] | None = None
) -> None:
    """One moment of the database as the new file ``target``, while others go on writing.

    ``progress(pages done, pages in all)`` may raise to cancel; nothing is left then. StoreError.
    """
    if database.path is None:
        raise StoreError("backup_not_here", "PostgreSQL is backed up with pg_dump, not from here.")
    module: Any = sqlite_module()
    source = copy = None
    try:
        source = module.connect(str(database.path), check_same_thread=False)
        copy = module.connect(str(target))
        # An open read transaction keeps the moment: without it, each page that somebody writes
        # makes SQLite begin again. Without a write-ahead log it would keep the writers out.
        wal = database.journal_mode.casefold() == "wal"
        if wal:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()

        def told(_status: int, remaining: int, total: int) -> None:
            if progress is not None:
                progress(total - remaining, total)

        source.backup(copy, pages=PAGES_AT_ONCE if wal else -1, progress=told)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whatever the original has
        copy.close()
        copy = None
        _sync(target)
    except (OSError, module.Error) as error:
        target.unlink(missing_ok=True)
        raise as_store_error(error) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        for connection in (copy, source):
            if connection is not None:
                connection.close()


def backup_before_migration(database: Database, revision: str) -> Path | None:
    """A copy beside the database, named after the revision it holds; None on PostgreSQL."""
    if database.path is None:
        _log.warning("no backup before the migration: PostgreSQL is backed up by its server")
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    name = f"{database.path.stem}-{revision}-{stamp}{database.path.suffix}"
    return backup(database, database.path.parent / "backups" / name)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows has no fsync of folders
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
