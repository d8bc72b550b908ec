"""What people decided against the machine: appended, hash-chained. Never changes a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.chain import GENESIS, ChainLock, Link, link_hash, lock_chain, verify_links
from db.errors import StoreError
from db.models import InspectionRow, OverrideRow
from db.records import OverrideRecord
from db.repositories._rows import OVERRIDE_COLUMNS, override_record


class OverrideRepository:
    """Works in the caller's session and transaction. The last row of a part stands."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self,
        inspection_id: str,
        verdict: str | None,
        reason: str,
        author: str,
        created_at: datetime,
    ) -> OverrideRecord:
        """Append a decision; None takes the one before back. StoreError inspection_missing."""
        known = select(InspectionRow.seq).where(InspectionRow.inspection_id == inspection_id)
        if self._session.scalar(known) is None:
            raise StoreError(
                "inspection_missing",
                f"Part {inspection_id} is not in the log.",
                inspection_id=inspection_id,
            )
        lock_chain(self._session, ChainLock.OVERRIDES)
        last = self._session.execute(
            select(OverrideRow.seq, OverrideRow.hash).order_by(OverrideRow.seq.desc()).limit(1)
        ).first()
        row = OverrideRow(
            seq=last.seq + 1 if last else 1,
            inspection_id=inspection_id,
            verdict=verdict,
            reason=reason,
            author=author,
            created_at=created_at,
            previous_hash=last.hash if last else GENESIS,
        )
        row.hash = link_hash(row.previous_hash, _content(row))
        self._session.add(row)
        self._session.flush()
        return override_record(row)

    def of(self, inspection_id: str) -> list[OverrideRecord]:
        """All decisions about a part, in the order they were made."""
        statement = (
            select(OverrideRow)
            .where(OverrideRow.inspection_id == inspection_id)
            .order_by(OverrideRow.seq)
        )
        return [override_record(row) for row in self._session.scalars(statement)]

    def verify(self) -> int:
        """Check the whole chain; rows checked. Raises StoreError chain_broken."""
        return verify_links("overrides", self._links())

    def _links(self) -> Iterator[Link]:
        statement = select(OverrideRow).order_by(OverrideRow.seq)
        for row in self._session.scalars(statement.execution_options(yield_per=1000)):
            yield Link(row.seq, _content(row), row.previous_hash, row.hash)


def _content(row: OverrideRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in OVERRIDE_COLUMNS}
