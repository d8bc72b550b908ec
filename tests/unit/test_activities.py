"""The list of what goes on: progress, time left, cancel with rights, how it ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind, ActivityState
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import KEPT, Activities
from qc_station.services.permits import AccessError
from qc_station.services.progress import Report
from qc_station.services.tasks import TaskPool

keep_constants_alive()


class Rig:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.refused: set[Action] = set()
        self.tasks = TaskPool()
        self.list = Activities(self.tasks, self.require, monotonic=lambda: self.seconds)

    def require(self, action: Action) -> None:
        if action in self.refused:
            raise AccessError("not_permitted", "No.")


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.list.close()
    assert made.tasks.close()


def test_time_left_follows_the_pace_of_the_stage(rig: Rig) -> None:
    number = rig.list.begin(ActivityKind.BACKUP)
    rig.list.progress(number, "copy", 100, 500)
    assert rig.list.all()[0].seconds_left == -1
    rig.seconds = 10
    rig.list.progress(number, "copy", 300, 500)
    assert rig.list.all()[0].seconds_left == 10
    rig.list.progress(number, "check", 0, 500)
    assert rig.list.all()[0].seconds_left == -1


def test_a_result_and_a_failure_arrive_with_their_state(rig: Rig, qtbot: QtBot) -> None:
    got: list[object] = []
    rig.list.run(ActivityKind.BACKUP, lambda report: 7, got.append)
    qtbot.waitUntil(lambda: got == [7])
    assert rig.list.all()[0].state is ActivityState.DONE

    def fail(report: Report) -> None:
        raise StoreError("disk_full", "Full.", file="a.png")

    rig.list.run(ActivityKind.BACKUP, fail, failed=got.append)
    qtbot.waitUntil(lambda: len(got) == 2)
    failed = rig.list.all()[0]
    assert (failed.state, failed.code, failed.file) == (ActivityState.FAILED, "disk_full", "a.png")


def test_cancel_needs_the_right_and_stops_the_work(rig: Rig, qtbot: QtBot) -> None:
    going = threading.Event()

    def work(report: Report) -> None:
        while True:
            report("copy", 1, 2)
            going.set()

    number = rig.list.run(ActivityKind.BACKUP, work, needs=Action.BACK_UP)
    assert going.wait(5)
    rig.refused.add(Action.BACK_UP)
    with pytest.raises(AccessError):
        rig.list.cancel(number)
    assert rig.list.running(ActivityKind.BACKUP)
    rig.refused.clear()
    rig.list.cancel(number)
    qtbot.waitUntil(lambda: rig.list.all()[0].state is ActivityState.CANCELLED)


def test_only_the_last_ended_ones_are_kept_and_running_ones_always(rig: Rig) -> None:
    first = rig.list.begin(ActivityKind.RETRAIN)
    for _ in range(KEPT + 5):
        rig.list.end(rig.list.begin(ActivityKind.BACKUP))
    numbers = [activity.number for activity in rig.list.all()]
    assert len(numbers) == KEPT + 1 and first in numbers
