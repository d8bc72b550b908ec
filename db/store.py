"""The open database and its one writer, as the services hold it. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")


class Store:
    """Reads run in the caller's thread; writes run one after another in the writer thread."""

    @classmethod
    def open(cls, url_or_path: str | Path) -> Store:
        """Open, back up and migrate, start the writer. QC_DATABASE_URL is read by the caller."""
        raise NotImplementedError

    def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in a read transaction in this thread."""
        raise NotImplementedError

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue ``work`` as one write transaction."""
        raise NotImplementedError

    def write(self, work: Callable[[Session], T]) -> T:
        """Queue ``work`` and wait for its commit."""
        raise NotImplementedError

    def close(self) -> None:
        """Finish the queued writes, join the writer, dispose the connections."""
        raise NotImplementedError
