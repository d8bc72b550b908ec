"""Backing up from the window: daily, on demand, with warnings, in the list of activities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qc_station.domain.activity import ActivityState
from qc_station.domain.backup import (
    ALWAYS,
    BackupPart,
    BackupPlan,
    BackupWarning,
    is_due,
    warning,
)
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.backup import BackupService
from qc_station.services.backup_state import read_state, write_state
from qc_station.services.restore import Restored
from qc_station.services.tasks import TaskPool
from tests.backup_support import fill_home, origin

keep_constants_alive()
DAY = timedelta(days=1)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Rig:
    """The service on a real home with a clock that the test moves."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = fill_home(home)
        self.tasks = TaskPool()
        self.activities = Activities(self.tasks)
        self.audit = AuditLog(self.store)
        self.now = NOON
        self.saved: list[BackupPlan] = []
        self.service = self.make()

    def make(self) -> BackupService:
        return BackupService(
            self.store, origin(self.home), self.activities, self.audit, BackupPlan(keep=2),
            self.saved.append, clock=lambda: self.now,
        )  # fmt: skip

    def close(self) -> None:
        self.activities.close()
        assert self.tasks.close()
        self.store.close()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "home")
    yield made
    made.close()


def warned(rig: Rig) -> BackupWarning:
    return rig.service.warning


def test_a_backup_is_made_listed_and_written_into_the_audit_trail(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.service.backed_up) as told:
        rig.service.back_up(frozenset({BackupPart.MODELS}), "ann")
    assert rig.service.backups() == told.args
    assert BackupPart.MODELS in told.args[0].parts
    assert [(e.actor, e.action) for e in rig.audit.newest(1)] == [("ann", "backup.made")]
    assert rig.activities.all()[0].state is ActivityState.DONE
    assert rig.service.last == NOON


def test_one_at_a_time(rig: Rig, qtbot: QtBot) -> None:
    rig.service.back_up(ALWAYS, "ann")
    with qtbot.waitSignal(rig.service.failed) as told:
        rig.service.check(rig.home, "ann")
    assert told.args[0] == "backup_busy"
    qtbot.waitUntil(lambda: not rig.service.busy)


def test_a_cancelled_backup_says_so(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.service.failed) as told:
        rig.service.back_up(ALWAYS, "ann")
        rig.activities.cancel(rig.activities.all()[0].number)
    assert told.args[0] == "cancelled_work"
    assert rig.activities.all()[0].state is ActivityState.CANCELLED
    assert rig.service.backups() == []


def test_the_daily_backup_comes_once_a_day_and_old_ones_go(rig: Rig, qtbot: QtBot) -> None:
    rig.service.look()
    assert not rig.service.busy, "a new station waits for its first night"
    for _ in range(3):
        rig.now += DAY
        with qtbot.waitSignal(rig.service.backed_up):
            rig.service.look()
        rig.service.look()
        assert not rig.service.busy
    assert len(rig.service.backups()) == 2
    assert all(facts.daily for facts in rig.service.backups())


def test_a_failed_daily_backup_warns_also_after_a_restart(rig: Rig, qtbot: QtBot) -> None:
    (rig.home / "file").write_text("")
    rig.service.set_plan(replace(rig.service.plan, folder=str(rig.home / "file" / "x")), "ann")
    rig.now += DAY
    with qtbot.waitSignal(rig.service.failed):
        rig.service.look()
    assert warned(rig) is BackupWarning.FAILED and rig.service.failure
    rig.service.look()
    assert not rig.service.busy, "tried again the next day, not the next minute"
    assert rig.make().warning is BackupWarning.FAILED
    with qtbot.waitSignal(rig.service.backed_up):
        rig.service.back_up(ALWAYS, "ann", rig.home / "backups")
    assert warned(rig) is BackupWarning.NONE
    assert rig.saved[-1].folder.endswith("x")


def test_an_old_backup_warns(rig: Rig) -> None:
    assert warned(rig) is BackupWarning.NONE
    rig.now += timedelta(days=7, seconds=1)
    assert warned(rig) is BackupWarning.OLD
    rig.service.set_plan(replace(rig.service.plan, warn_days=0), "ann")
    assert warned(rig) is BackupWarning.NONE


def test_a_backup_from_a_script_counts(rig: Rig) -> None:
    rig.now += timedelta(days=8)
    assert warned(rig) is BackupWarning.OLD
    state = read_state(rig.home, rig.now)
    write_state(rig.home, replace(state, good=rig.now))
    rig.service.look()
    assert warned(rig) is BackupWarning.NONE and not rig.service.busy


def test_a_damaged_memory_of_backups_stops_nothing(rig: Rig) -> None:
    (rig.home / "backups" / "state.json").write_text("{")
    assert rig.make().last is None


def test_a_restore_is_checked_before_it_is_asked_for(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.service.backed_up) as made:
        rig.service.back_up(ALWAYS, "ann")
    backup = made.args[0].path
    with qtbot.waitSignal(rig.service.prepared):
        rig.service.restore_at_start(backup, "ann")
    assert rig.service.requested == backup
    rig.service.withdraw_restore("ann")
    assert rig.service.requested is None
    (backup / "settings.toml").write_text("x")
    with qtbot.waitSignal(rig.service.failed) as told:
        rig.service.restore_at_start(backup, "ann")
    assert (told.args[0], told.args[2]) == ("backup_damaged", "settings.toml")
    assert rig.service.requested is None
    with qtbot.waitSignal(rig.service.failed) as told:
        rig.service.restore_into(backup, rig.home / "new", "ann")
    assert told.args[0] == "backup_damaged"


def test_a_restore_at_this_start_is_in_the_audit_trail(rig: Rig) -> None:
    rig.service.tell_restore(Restored(rig.home / "b", None))
    assert rig.audit.newest(1)[0].action == "backup.restored"


def test_due_is_the_planned_hour_of_the_day() -> None:
    plan, three = BackupPlan(hour=3), NOON.replace(hour=3)
    assert is_due(plan, NOON, three - timedelta(seconds=1))
    assert not is_due(plan, NOON, three)
    assert not is_due(plan, three - timedelta(seconds=1), three - DAY)
    assert not is_due(replace(plan, daily=False), NOON, three - DAY)


def test_a_failure_before_the_newest_backup_is_forgotten() -> None:
    assert warning(BackupPlan(), NOON, NOON, NOON - DAY) is BackupWarning.NONE
    assert warning(BackupPlan(), NOON, NOON - DAY, NOON) is BackupWarning.FAILED
    assert warning(BackupPlan(daily=False), NOON, NOON - DAY, NOON) is BackupWarning.NONE
