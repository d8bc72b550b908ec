"""The one thread that writes to the database, one transaction after another. Knows no Qt."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.engine import Database
from db.errors import StoreError, as_store_error

T = TypeVar("T")
_log = logging.getLogger(__name__)


class WriterThread:
    """Runs submitted work in order, each piece in its own transaction, committed before the answer.

    Work must be idempotent: after a lost connection its caller may submit it once more.
    """

    def __init__(self, database: Database, name: str = "database-writer") -> None:
        """Starts at once; ``close`` joins it."""
        self._database = database
        self._queue: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Queue one transaction; its Future has the result or a StoreError."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise StoreError("store_closed", "The store is closed; nothing can be written.")
            self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Finish what is queued and join the thread. May be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            work, future = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                with self._database.writing() as session:
                    result = work(session)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("write failed: %s", error)
                store_error = as_store_error(error)
                store_error.__cause__ = error
                future.set_exception(store_error)
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)
