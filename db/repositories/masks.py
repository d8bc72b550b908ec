"""Painted masks: every version of a region is appended and hash-chained. Never changes one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.chain import GENESIS, ChainLock, Link, link_hash, lock_chain, verify_links
from db.errors import StoreError
from db.models import InspectionRow, MaskRow
from db.records import MaskRecord

_COLUMNS = (
    "seq",
    "inspection_id",
    "region",
    "class_name",
    "path",
    "sha256",
    "author",
    "created_at",
)


class MaskRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self,
        inspection_id: str,
        region: int,
        class_name: str | None,
        path: str | None,
        sha256: str | None,
        author: str,
        created_at: datetime,
    ) -> MaskRecord | None:
        """Append a version of a region (all None: it was removed); from now on it stands.

        None, and nothing is written, where that version stands already or where a region that
        never was is removed. Raises StoreError inspection_missing.
        """
        known = select(InspectionRow.seq).where(InspectionRow.inspection_id == inspection_id)
        if self._session.scalar(known) is None:
            raise StoreError(
                "inspection_missing",
                f"Part {inspection_id} is not in the log.",
                inspection_id=inspection_id,
            )
        before = self._standing(inspection_id, region)
        stands = (before.class_name, before.path, before.sha256) if before else (None, None, None)
        if stands == (class_name, path, sha256):
            return None
        row = self._link(
            MaskRow(
                inspection_id=inspection_id,
                region=region,
                class_name=class_name,
                path=path,
                sha256=sha256,
                author=author,
                created_at=created_at,
                supersedes=before.seq if before else None,
            )
        )
        return _record(row, superseded=False)

    def of(self, inspection_id: str) -> list[MaskRecord]:
        """All versions of all regions of a part, in the order they were written."""
        rows = self._rows(inspection_id)
        superseded = {row.supersedes for row in rows}
        return [_record(row, superseded=row.seq in superseded) for row in rows]

    def verify(self) -> int:
        """Check the whole chain; rows checked. Raises StoreError chain_broken."""
        return verify_links("masks", self._links())

    def _rows(self, inspection_id: str) -> list[MaskRow]:
        statement = (
            select(MaskRow).where(MaskRow.inspection_id == inspection_id).order_by(MaskRow.seq)
        )
        return list(self._session.scalars(statement))

    def _standing(self, inspection_id: str, region: int) -> MaskRow | None:
        return self._session.scalar(
            select(MaskRow)
            .where(MaskRow.inspection_id == inspection_id, MaskRow.region == region)
            .order_by(MaskRow.seq.desc())
            .limit(1)
        )

    def _link(self, row: MaskRow) -> MaskRow:
        lock_chain(self._session, ChainLock.MASKS)
        last = self._session.execute(
            select(MaskRow.seq, MaskRow.hash).order_by(MaskRow.seq.desc()).limit(1)
        ).first()
        row.seq = last.seq + 1 if last else 1
        row.previous_hash = last.hash if last else GENESIS
        row.hash = link_hash(row.previous_hash, _content(row))
        self._session.add(row)
        self._session.flush()
        return row

    def _links(self) -> Iterator[Link]:
        statement = select(MaskRow).order_by(MaskRow.seq).execution_options(yield_per=1000)
        for row in self._session.scalars(statement):
            yield Link(row.seq, _content(row), row.previous_hash, row.hash)


def standing(records: Iterable[MaskRecord]) -> list[MaskRecord]:
    """The versions that count: not superseded and not removed, by region."""
    found = [record for record in records if not record.superseded and record.path is not None]
    return sorted(found, key=lambda record: record.region)


def _record(row: MaskRow, *, superseded: bool) -> MaskRecord:
    return MaskRecord(**{name: getattr(row, name) for name in _COLUMNS}, superseded=superseded)


def _content(row: MaskRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in (*_COLUMNS, "supersedes")}
