"""Runs slow functions beside the window; results come back on the GUI thread. Knows no widgets.

PySide6 runs lambdas and plain methods in the emitting thread, whatever the connection type. So
only a @Slot of ``TaskPool``, which lives in the GUI thread, receives what a worker sends, and it
calls whoever asked from there.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QRunnable, Qt, QThreadPool, Signal, Slot

log = logging.getLogger(__name__)

Done = Callable[[Any], object]
Failed = Callable[[Exception], object]


class _Job(QRunnable):
    def __init__(
        self, number: int, func: Callable[[], Any], tell: Callable[[int, Any, object], None]
    ) -> None:
        super().__init__()
        self._number = number
        self._func = func
        self._tell = tell

    def run(self) -> None:
        try:
            result, error = self._func(), None
        except Exception as failure:  # noqa: BLE001 - handed to whoever asked
            result, error = None, failure
        self._tell(self._number, result, error)


class Task:
    """A function under way. ``cancel`` keeps its result from being delivered."""

    def __init__(
        self, pool: TaskPool, number: int, done: Done | None, failed: Failed | None,
        parent: QObject | None,
    ) -> None:  # fmt: skip
        self._pool = pool
        self._number = number
        self._done = done
        self._failed = failed
        self._parent = parent

    @property
    def pending(self) -> bool:
        """Whether the result has yet to be delivered."""
        return self._pool.holds(self._number)

    def cancel(self) -> None:
        """The function runs to its end, but nobody hears of it."""
        self._pool.forget(self._number)

    def deliver(self, result: Any, error: Exception | None) -> None:
        """GUI thread: hands the result over, unless the parent is gone."""
        if self._parent is not None and not shiboken6.isValid(self._parent):
            return
        if error is None:
            if self._done is not None:
                self._done(result)
        elif self._failed is not None:
            self._failed(error)
        else:
            log.error("A background task failed", exc_info=error)


class TaskPool(QObject):
    """Threads for slow functions. Make and use it on the GUI thread; ``close`` before leaving."""

    _finished = Signal(object, object, object)  # task number, result, exception

    def __init__(self, parent: QObject | None = None, threads: int = 4) -> None:
        super().__init__(parent)
        self._threads = QThreadPool(self)
        self._threads.setMaxThreadCount(threads)
        self._numbers = itertools.count(1)
        self._tasks: dict[int, Task] = {}
        self._closed = False
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        func: Callable[[], Any],
        on_done: Done | None = None,
        on_failed: Failed | None = None,
        parent: QObject | None = None,
    ) -> Task:
        """Runs ``func()`` in a thread; then ``on_done(result)`` or ``on_failed(exception)`` here.

        Nothing is delivered once ``parent`` has been deleted. An exception that nobody takes is
        logged. RuntimeError after ``close``.
        """
        if self._closed:
            raise RuntimeError("The station is closing: no new background tasks.")
        number = next(self._numbers)
        task = Task(self, number, on_done, on_failed, parent)
        self._tasks[number] = task
        self._threads.start(_Job(number, func, self._finished.emit))
        return task

    def holds(self, number: int) -> bool:
        """Whether a task's result has yet to be delivered."""
        return number in self._tasks

    def forget(self, number: int) -> None:
        """Drops a task's result."""
        self._tasks.pop(number, None)

    def close(self, timeout_ms: int = 10_000) -> bool:
        """Drops what has not begun and all results, joins the threads; False when one hangs."""
        self._closed = True
        self._tasks.clear()
        self._threads.clear()
        return self._threads.waitForDone(timeout_ms)

    @Slot(object, object, object)
    def _on_finished(self, number: int, result: Any, error: Exception | None) -> None:
        task = self._tasks.pop(number, None)
        if task is not None:
            task.deliver(result, error)


_POOL_NAME = "qc-station-tasks"


def default_pool() -> TaskPool:
    """The pool of the running application; joined when it quits."""
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("There is no application yet.")
    found = application.findChild(QObject, _POOL_NAME)
    if isinstance(found, TaskPool):
        return found
    pool = TaskPool(application)
    pool.setObjectName(_POOL_NAME)
    application.aboutToQuit.connect(pool.close)
    return pool


def run_task(
    func: Callable[[], Any],
    on_done: Done | None = None,
    on_failed: Failed | None = None,
    parent: QObject | None = None,
) -> Task:
    """``TaskPool.run`` on the application's own pool. GUI thread only."""
    return default_pool().run(func, on_done, on_failed, parent)
