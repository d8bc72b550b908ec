"""A station's log-in on a real database with clocks that the tests set. Shared by test folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pytestqt.qtbot import QtBot

from db.store import Store
from qc_station.domain.access import Role
from qc_station.services.access import AccessService
from qc_station.services.audit import AuditLog
from qc_station.services.credentials import Credentials, load_secret
from qc_station.services.tasks import TaskPool
from qc_station.services.users import UserService

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADMIN, ADMIN_PIN = "Ada", "846302"


class Clock:
    """Wall clock and monotonic clock in one; ``advance`` moves both."""

    def __init__(self) -> None:
        self.now = START
        self.seconds = 100.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


class AccessRig:
    """Store, access and users of one home; close it and make another one for a restart."""

    def __init__(self, home: Path, qtbot: QtBot, clock: Clock, idle_minutes: int = 10) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.qtbot = qtbot
        self.clock = clock
        self.store = Store.open(home / "station.sqlite3")
        self.tasks = TaskPool()
        credentials = Credentials(load_secret(home / "access.key"))
        self.access = AccessService(
            self.store, credentials, self.tasks, idle_minutes=idle_minutes, clock=clock,
            monotonic=clock.monotonic,
        )  # fmt: skip
        self.users = UserService(self.store, credentials, self.access, self.tasks, clock)
        self.audit = AuditLog(self.store)

    def begin(self) -> None:
        """Creates the first administrator, who is logged in then."""
        self.saved(lambda: self.users.create_first_administrator(ADMIN, ADMIN_PIN))

    def add(self, name: str, role: Role, pin: str = "", badge: str = "") -> None:
        self.saved(lambda: self.users.add(name, role, pin, badge))

    def saved(self, work: Callable[[], object]) -> None:
        with self.qtbot.waitSignal(self.users.saved, timeout=10_000):
            work()

    def refused(self, work: Callable[[], object]) -> str:
        """The code with which a change is refused."""
        with self.qtbot.waitSignal(self.users.failed, timeout=10_000) as told:
            work()
        return str(told.args[0])

    def log_in(self, name: str, pin: str) -> None:
        with self.qtbot.waitSignal(self.access.logged_in, timeout=10_000):
            self.access.log_in(name, pin)

    def fail(self, name: str, pin: str) -> tuple[str, str, int]:
        """Code, sentence and seconds of a refused log-in."""
        with self.qtbot.waitSignal(self.access.log_in_failed, timeout=10_000) as told:
            self.access.log_in(name, pin)
        return tuple(told.args)

    def fail_badge(self, code: str) -> tuple[str, str, int]:
        with self.qtbot.waitSignal(self.access.log_in_failed, timeout=10_000) as told:
            self.access.log_in_badge(code)
        return tuple(told.args)

    def events(self) -> list[tuple[str, str, str]]:
        """(actor, action, subject), oldest first; everything queued is written down before."""
        self.store.write(lambda _session: None)
        return [(e.actor, e.action, e.subject) for e in reversed(self.audit.newest(500))]

    def details(self) -> str:
        """All that the audit log says, as text."""
        self.store.write(lambda _session: None)
        return json.dumps([[e.subject, e.details] for e in self.audit.newest(500)])

    def close(self) -> None:
        assert self.tasks.close()
        self.store.close()
