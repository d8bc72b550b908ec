"""Audit events: appended and hash-chained. Never changes one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.chain import GENESIS, ChainLock, Link, canonical_json, link_hash, lock_chain, verify_links
from db.models import AuditEventRow
from db.records import AuditRecord


class AuditRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self, at: datetime, actor: str, action: str, subject: str, details: Mapping[str, object]
    ) -> AuditRecord:
        """Append one event to the chain."""
        lock_chain(self._session, ChainLock.AUDIT)
        last = self._session.execute(
            select(AuditEventRow.seq, AuditEventRow.hash)
            .order_by(AuditEventRow.seq.desc())
            .limit(1)
        ).first()
        previous = last.hash if last else GENESIS
        row = AuditEventRow(
            seq=last.seq + 1 if last else 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            details=canonical_json(details),
            previous_hash=previous,
        )
        row.hash = link_hash(previous, _content(row))
        self._session.add(row)
        self._session.flush()
        return _record(row)

    def newest(self, limit: int, before: int | None = None) -> list[AuditRecord]:
        """The last events, or the last ones before event ``before``; newest first."""
        statement = select(AuditEventRow).order_by(AuditEventRow.seq.desc()).limit(limit)
        if before is not None:
            statement = statement.where(AuditEventRow.seq < before)
        return [_record(row) for row in self._session.scalars(statement)]

    def newest_of(self, action: str, subject: str) -> AuditRecord | None:
        """The last event of this kind about this subject."""
        row = self._session.scalar(
            select(AuditEventRow)
            .where(AuditEventRow.action == action, AuditEventRow.subject == subject)
            .order_by(AuditEventRow.seq.desc())
            .limit(1)
        )
        return _record(row) if row is not None else None

    def between(
        self, start: datetime, end: datetime, actions: Collection[str]
    ) -> list[AuditRecord]:
        """Events of these kinds from ``start`` (included) to ``end`` (excluded), by their time."""
        statement = (
            select(AuditEventRow)
            .where(
                AuditEventRow.at >= start,
                AuditEventRow.at < end,
                AuditEventRow.action.in_(actions),
            )
            .order_by(AuditEventRow.at, AuditEventRow.seq)
        )
        return [_record(row) for row in self._session.scalars(statement)]

    def verify(self) -> int:
        """Check the whole chain; rows checked. StoreError chain_broken names the first bad one."""
        return verify_links("audit events", self._links())

    def _links(self) -> Iterator[Link]:
        statement = (
            select(AuditEventRow).order_by(AuditEventRow.seq).execution_options(yield_per=1000)
        )
        for row in self._session.scalars(statement):
            yield Link(row.seq, _content(row), row.previous_hash, row.hash)


def _record(row: AuditEventRow) -> AuditRecord:
    return AuditRecord(row.seq, row.at, row.actor, row.action, row.subject, row.details, row.hash)


def _content(row: AuditEventRow) -> dict[str, object]:
    return {
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "details": row.details,
    }
