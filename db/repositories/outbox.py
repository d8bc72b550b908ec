"""Messages to the plant, written with what they tell and sent at least once, in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import OutboxRow
from db.records import OutboxRecord

_COLUMNS = OutboxRecord.__slots__


class OutboxRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: OutboxRecord) -> bool:
        """Queue a message; False, and nothing changed, when its id is there already."""
        known = select(OutboxRow.seq).where(OutboxRow.message_id == record.message_id)
        if self._session.scalar(known) is not None:
            return False
        values = {name: getattr(record, name) for name in _COLUMNS}
        values["payload"] = dict(record.payload)
        self._session.add(OutboxRow(**values))
        self._session.flush()
        return True

    def unsent(self, limit: int) -> list[OutboxRecord]:
        """What still has to go out, oldest first."""
        statement = (
            select(OutboxRow)
            .where(OutboxRow.sent_at.is_(None))
            .order_by(OutboxRow.seq)
            .limit(limit)
        )
        return [
            OutboxRecord(**{name: getattr(row, name) for name in _COLUMNS})
            for row in self._session.scalars(statement)
        ]

    def mark_sent(self, message_ids: Sequence[str], at: datetime) -> None:
        """The plant took these."""
        self._update(message_ids, {"sent_at": at, "attempts": OutboxRow.attempts + 1})

    def mark_failed(self, message_ids: Sequence[str]) -> None:
        """One more try that the plant did not take."""
        self._update(message_ids, {"attempts": OutboxRow.attempts + 1})

    def _update(self, message_ids: Sequence[str], values: dict[str, object]) -> None:
        self._session.execute(
            update(OutboxRow).where(OutboxRow.message_id.in_(message_ids)).values(values)
        )
