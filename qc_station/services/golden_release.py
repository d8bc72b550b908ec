"""Releases the station or keeps it from inspecting, by what its golden samples said. No widgets."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from db.errors import StoreError
from db.records import AuditRecord
from db.repositories.audit import AuditRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.golden import CheckRecord, CheckResult, SampleResult, Standing, standing
from qc_station.domain.state import StateReason
from qc_station.services.golden_samples import GoldenError, GoldenSamples
from qc_station.services.part_flow import utc_now
from qc_station.services.permits import Require, allow_everything
from qc_station.services.recipes import RecipeService
from qc_station.services.shifts import shift_start
from qc_station.services.station import StationService

LOOK_MS = 10_000
PREFIX = "golden_check."
ACTIONS = frozenset(PREFIX + result.value for result in CheckResult)
_log = logging.getLogger(__name__)


class GoldenRelease(QObject):
    """Reads and writes checks in the audit log, and tells the station. GUI thread.

    A failed check that could not be written down blocks all the same, and is written down as soon
    as the store takes it; a passed one counts only when it is in the log.
    """

    changed = Signal()

    def __init__(
        self,
        store: Store,
        recipes: RecipeService,
        samples: GoldenSamples,
        station: StationService,
        *,
        station_name: str,
        shift_starts: Sequence[str],
        who: Callable[[], str] = lambda: "station",
        clock: Callable[[], datetime] = utc_now,
        require: Require = allow_everything,
        parent: QObject | None = None,
    ) -> None:
        """``station_name`` keeps the checks of stations that share a database apart. StoreError."""
        super().__init__(parent)
        self._store = store
        self._recipes = recipes
        self._samples = samples
        self._station = station
        self._name = station_name
        self._shift_starts = tuple(shift_starts)
        self._who = who
        self._clock = clock
        self._require = require
        self._records: tuple[CheckRecord, ...] = ()
        self._owed: tuple[CheckRecord, dict[str, object]] | None = None
        self._standing = Standing()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        recipes.changed.connect(self.read)
        recipes.current_changed.connect(self.read)
        self.read()
        self._timer.start()

    @property
    def standing(self) -> Standing:
        """Where the product that is inspected stands."""
        return self._standing

    @property
    def recipe(self) -> str:
        """The product that is inspected."""
        return self._recipes.current

    def in_doubt(self) -> HistoryFilter:
        """The parts of production since the last good check; of all time where there was none."""
        since = self._standing.good_at or self._samples.of(self.recipe).since
        return HistoryFilter(from_=since, to=self._clock(), recipe=self.recipe)

    def finish(
        self, record: CheckRecord, samples: Sequence[SampleResult], seconds: float
    ) -> CheckRecord:
        """Writes a check down and draws the consequence; StoreError when it cannot be written."""
        facts: dict[str, object] = {
            "check_id": record.check_id,
            "model_id": record.model_id,
            "seconds": round(seconds, 1),
            "samples": [sample.to_details() for sample in samples],
        }
        try:
            self._write(record, facts)
        except StoreError:
            if record.result is CheckResult.FAILED:
                self._owed = (record, facts)
                self.look()
            raise
        self.read()
        return record

    def release(self, reason: str) -> None:
        """A maintainer lets the station inspect until the next check is due.

        Raises AccessError, GoldenError without a reason, and StoreError.
        """
        self._require(Action.RELEASE_STATION)
        if not reason.strip():
            raise GoldenError("golden_reason", "A release needs a reason.")
        if self._standing.block is StateReason.NONE:
            return
        if self._owed is not None:
            self._write(*self._owed)  # a release must come after what it overrides
            self._owed = None
        record = CheckRecord(self.recipe, CheckResult.RELEASED, self._clock(), self._who())
        since = self._standing.good_at
        self._write(
            record,
            {
                "reason": reason.strip(),
                "block": self._standing.block.value,
                "good_at": since.isoformat() if since else None,
            },
        )
        self.read()

    @Slot()
    def read(self) -> None:
        """Reads the product's checks again; StoreError leaves what was known, and is logged."""
        subject = self._subject(self.recipe)

        def newest(session: Session) -> list[AuditRecord]:
            audit = AuditRepository(session)
            found = (audit.newest_of(action, subject) for action in sorted(ACTIONS))
            return sorted((one for one in found if one), key=lambda one: one.seq, reverse=True)

        try:
            self._records = tuple(to_check(one) for one in self._store.read(newest))
        except StoreError as error:
            _log.error("The golden-sample checks could not be read: %s", error)
        self.look()

    def close(self) -> None:
        """Looks no more; what is owed is tried a last time."""
        self._timer.stop()
        self._settle()

    @Slot()
    def look(self) -> None:
        """What is due by now; writes down what is owed."""
        self._settle()
        now = self._clock()
        owed = (self._owed[0],) if self._owed and self._owed[0].recipe == self.recipe else ()
        golden = self._samples.of(self.recipe) if self.recipe else None
        found = standing(golden, owed + self._records, now, shift_start(now, self._shift_starts))
        if found != self._standing:
            self._standing = found
            self._station.set_unreleased(found.block)
            self.changed.emit()

    def _settle(self) -> None:
        if self._owed is None:
            return
        try:
            self._write(*self._owed)
        except StoreError as error:
            _log.warning("a failed golden-sample check is not written down yet: %s", error)
        else:
            self._records = (self._owed[0], *self._records)
            self._owed = None

    def _write(self, record: CheckRecord, facts: dict[str, object]) -> None:
        action, subject = PREFIX + record.result.value, self._subject(record.recipe)
        self._store.write(
            lambda session: AuditRepository(session).append(
                record.at, record.by, action, subject, facts
            )
        )

    def _subject(self, recipe: str) -> str:
        return f"{recipe}@{self._name}"


def to_check(event: AuditRecord) -> CheckRecord:
    """A check or release as the audit log keeps it."""
    facts = json.loads(event.details)
    samples = facts.get("samples", ())
    return CheckRecord(
        event.subject.rpartition("@")[0],
        CheckResult(event.action.removeprefix(PREFIX)),
        event.at,
        event.actor,
        facts.get("check_id", ""),
        facts.get("model_id"),
        tuple(one["name"] for one in samples if not one["passed"]),
        len(samples),
        facts.get("reason", ""),
    )
