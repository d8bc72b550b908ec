"""Writes down when and why the station did not inspect: alarms in the audit log. No widgets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Slot

from db.errors import StoreError
from db.repositories.audit import AuditRepository
from db.store import Session, Store
from qc_station.domain.state import StateReason, StationState
from qc_station.services.part_flow import utc_now
from qc_station.services.station import StationService

RAISED, CLEARED = "alarm.raised", "alarm.cleared"
ACTIONS = (RAISED, CLEARED)
LOOK_MS = 2000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    action: str
    reason: str
    facts: dict[str, object]


class AlarmLog(QObject):
    """An alarm lasts from NOT_INSPECTING to any other state, or to another reason. GUI thread.

    Nobody waits for the disk: what cannot be written down, as while the disk is full, is kept with
    its time and written as soon as that works. The end of an alarm follows its beginning always.
    """

    def __init__(
        self,
        store: Store,
        station: StationService,
        station_name: str,
        clock: Callable[[], datetime] = utc_now,
        parent: QObject | None = None,
    ) -> None:
        """``station_name`` tells stations that share a database apart."""
        super().__init__(parent)
        self._store = store
        self._name = station_name
        self._clock = clock
        self._since: tuple[StateReason, datetime] | None = None
        self._pending: list[_Event] = []
        self._sent = 0
        self._future: Future[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.flush)
        station.state_changed.connect(self._on_state)

    @property
    def pending(self) -> int:
        """Events that are not known to be written down."""
        return len(self._pending)

    @Slot(object, str)
    def _on_state(self, state: StationState, reason: str) -> None:
        now = self._clock()
        found = StateReason(reason) if state is StationState.NOT_INSPECTING else None
        if self._since is not None and self._since[0] is not found:
            before, since = self._since
            seconds = round((now - since).total_seconds(), 1)
            self._note(_Event(now, CLEARED, before.value, {"seconds": seconds}))
            self._since = None
        if found is not None and self._since is None:
            self._since = (found, now)
            self._note(_Event(now, RAISED, found.value, {}))

    def _note(self, event: _Event) -> None:
        self._pending.append(event)
        self.flush()
        self._timer.start()

    @Slot()
    def flush(self) -> None:
        """Takes note of what was written and hands the rest to the writer; never waits."""
        if self._future is not None:
            if not self._future.done():
                return
            self._settle(self._future)
            self._future = None
        if not self._pending:
            self._timer.stop()
            return
        events = tuple(self._pending)
        self._sent = len(events)
        self._future = self._store.submit(lambda session: self._append(session, events))

    def close(self) -> None:
        """The program ends: the station inspects no more, and what is left is written down."""
        self._timer.stop()
        if self._since is not None:
            self._on_state(StationState.FINISHED, StateReason.STOPPED.value)
            self._timer.stop()
        for _ in range(2):  # what is on its way, then what came meanwhile
            if self._future is not None:
                self._future.exception()
            self.flush()
        if self._pending:
            _log.error("%d alarms could not be written down", len(self._pending))

    def _settle(self, future: Future[None]) -> None:
        error = future.exception()
        if error is None:
            del self._pending[: self._sent]
        elif isinstance(error, StoreError):
            _log.warning("alarms are not written down yet: %s", error)
        else:
            raise error

    def _append(self, session: Session, events: tuple[_Event, ...]) -> None:
        audit = AuditRepository(session)
        for event in events:
            facts = {"station": self._name, **event.facts}
            audit.append(event.at, "station", event.action, event.reason, facts)
