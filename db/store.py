"""The open database and its one writer, as the services hold it. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from db.engine import Database, open_database
from db.revision import is_current
from db.writer import WriterThread

__all__ = ["Session", "Store"]

T = TypeVar("T")


class Store:
    """Reads run in the caller's thread; writes run one after another in the writer thread."""

    def __init__(self, database: Database) -> None:
        """Takes an already migrated database over and starts its writer."""
        self.database = database
        self._writer = WriterThread(database)

    @classmethod
    def open(cls, url_or_path: str | Path) -> Store:
        """Open, back up and migrate, start the writer. QC_DATABASE_URL is read by the caller."""
        database = open_database(url_or_path)
        try:
            if not is_current(database):
                from db.migrate import upgrade  # loads Alembic, which takes a third of a second

                upgrade(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in a read transaction in this thread; StoreError when the store fails."""
        return self.database.read(work)

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue ``work`` as one write transaction."""
        return self._writer.submit(work)

    def write(self, work: Callable[[Session], T]) -> T:
        """Queue ``work`` and wait for its commit."""
        return self._writer.submit(work).result()

    def close(self) -> None:
        """Finish the queued writes, join the writer, close the connections."""
        self._writer.close()
        self.database.close()
