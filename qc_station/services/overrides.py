"""Overrides of verdicts: a person decides, the machine's verdict stays beside it. No widgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from db.errors import StoreError
from db.records import InspectionRecord, OutboxRecord, OverrideRecord
from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.overrides import OverrideRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.services.inspection_records import to_inspection
from qc_station.services.permits import Require, allow_everything

LONGEST_REASON = 300
DECISIONS = (Verdict.OK, Verdict.NG)
"""What a person may decide: a part goes on or it does not."""


class OverrideService(QObject):
    """Decisions are appended, hash-chained, audited and told to the plant, in one transaction."""

    changed = Signal(object)  # Inspection with what stands now

    def __init__(
        self,
        store: Store,
        parent: QObject | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        require: Require = allow_everything,
    ) -> None:
        """``store`` is the open database; ``clock`` gives aware UTC."""
        super().__init__(parent)
        self._require = require
        self._store = store
        self._clock = clock

    def decide(
        self,
        inspection_id: str,
        verdict: Verdict,
        reason: str,
        author: str,
        *,
        looked_at: bool = False,
    ) -> Inspection:
        """Write down what ``author`` decided and why; the part with it. The last one stands.

        The machine's own verdict takes an override back. A part that was not inspected becomes
        OK only where ``looked_at`` says that a person has inspected it. Raises StoreError
        inspection_missing, override_verdict, override_reason, override_not_inspected,
        override_same, or what the store says; AccessError when it is not allowed.
        """
        self._require(Action.OVERRIDE)
        said = _checked_reason(reason)
        at = self._clock()

        def work(session: Session) -> InspectionRecord:
            before = _found(session, inspection_id)
            decided = _checked(before, verdict, looked_at)
            row = OverrideRepository(session).append(inspection_id, decided, said, author, at)
            _tell(session, before, row)
            return _found(session, inspection_id)

        part = to_inspection(self._store.write(work))
        self.changed.emit(part)
        return part


def _checked_reason(reason: str) -> str:
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON or not said.isprintable():
        raise StoreError(
            "override_reason",
            f"Say why, in 1 to {LONGEST_REASON} characters: an override needs a reason.",
        )
    return said


def _checked(part: InspectionRecord, verdict: Verdict, looked_at: bool) -> str | None:
    """What is written down: OK, NG, or None where the machine's verdict stands again."""
    if verdict.value == part.verdict:
        if part.override is None:
            raise StoreError("override_same", "The machine said the same: nothing to override.")
        return None
    if verdict not in DECISIONS:
        raise StoreError("override_verdict", "A part can only be overridden to OK or to NG.")
    if part.override is not None and part.override.verdict == verdict.value:
        raise StoreError("override_same", "This is what was decided before.")
    missed = part.verdict == Verdict.NOT_INSPECTED.value
    if missed and verdict is Verdict.OK and not looked_at:
        raise StoreError(
            "override_not_inspected",
            "The machine did not inspect this part: confirm that you have inspected it yourself.",
        )
    return verdict.value


def _tell(session: Session, part: InspectionRecord, row: OverrideRecord) -> None:
    action = "verdict_overridden" if row.verdict is not None else "override_taken_back"
    facts: dict[str, object] = {
        "override": row.seq,
        "machine": part.verdict,
        "verdict": row.verdict,
        "reason": row.reason,
    }
    AuditRepository(session).append(row.created_at, row.author, action, part.inspection_id, facts)
    OutboxRepository(session).add(
        OutboxRecord(
            message_id=f"override-{row.seq}",
            topic="override",
            payload={**facts, "inspection_id": part.inspection_id, "author": row.author},
            created_at=row.created_at,
        )
    )


def _found(session: Session, inspection_id: str) -> InspectionRecord:
    record = InspectionRepository(session).get(inspection_id)
    if record is None:
        raise StoreError(
            "inspection_missing",
            f"Part {inspection_id} is not in the log.",
            inspection_id=inspection_id,
        )
    return record
