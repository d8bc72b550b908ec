"""Background functions: their results arrive on the GUI thread, or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from qc_station.interpreter import keep_constants_alive
from qc_station.services.tasks import TaskPool, run_task

keep_constants_alive()


@pytest.fixture
def pool(qapp: object) -> Iterator[TaskPool]:
    made = TaskPool()
    yield made
    made.close()


def test_function_runs_beside_and_its_result_arrives_on_the_gui_thread(
    pool: TaskPool, qtbot: QtBot
) -> None:
    seen: list[tuple[object, threading.Thread]] = []
    pool.run(threading.current_thread, lambda worker: seen.append((worker, _here())))
    qtbot.waitUntil(lambda: bool(seen))
    worker, receiver = seen[0]
    assert receiver is threading.main_thread()
    assert worker is not receiver


def test_exception_arrives_on_the_gui_thread_too(pool: TaskPool, qtbot: QtBot) -> None:
    seen: list[tuple[str, threading.Thread]] = []

    def fail() -> None:
        raise OSError("no disk")

    pool.run(fail, on_failed=lambda error: seen.append((str(error), _here())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("no disk", threading.main_thread())]


def test_exception_that_nobody_takes_is_logged(
    pool: TaskPool, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no disk")

    task = pool.run(fail)
    qtbot.waitUntil(lambda: not task.pending)
    assert "no disk" in caplog.text


def test_cancelled_task_is_not_delivered(pool: TaskPool, qtbot: QtBot) -> None:
    seen: list[object] = []
    pool.run(lambda: time.sleep(0.05), seen.append).cancel()
    qtbot.wait(150)
    assert seen == []


def test_result_for_a_closed_page_is_dropped(pool: TaskPool, qtbot: QtBot) -> None:
    seen: list[object] = []
    page = QObject()
    pool.run(lambda: time.sleep(0.05), seen.append, parent=page)
    page.deleteLater()
    qtbot.wait(150)
    assert seen == []


def test_closing_joins_every_thread_and_takes_nothing_more(pool: TaskPool) -> None:
    ended = threading.Event()

    def work() -> None:
        time.sleep(0.1)
        ended.set()

    pool.run(work)
    time.sleep(0.02)
    assert pool.close()
    assert ended.is_set()
    with pytest.raises(RuntimeError, match="closing"):
        pool.run(work)


def test_application_has_one_pool_of_its_own(qtbot: QtBot) -> None:
    seen: list[object] = []
    run_task(lambda: 1, seen.append)
    run_task(lambda: 2, seen.append)
    qtbot.waitUntil(lambda: sorted(map(str, seen)) == ["1", "2"])


def _here() -> threading.Thread:
    return threading.current_thread()
