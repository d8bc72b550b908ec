"""Which expert is asked about which part. At most one open assignment for each part."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.errors import StoreError
from db.models import InspectionRow, ReviewAssignmentRow
from db.records import AssignmentRecord

_COLUMNS = AssignmentRecord.__slots__
_row = ReviewAssignmentRow


class AssignmentRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def give(self, inspection_id: str, assignee: str, assigned_by: str, at: datetime) -> None:
        """Ask somebody about a part, in the place of whoever was asked. StoreError
        inspection_missing.
        """
        known = select(InspectionRow.seq).where(InspectionRow.inspection_id == inspection_id)
        if self._session.scalar(known) is None:
            raise StoreError(
                "inspection_missing",
                f"Part {inspection_id} is not in the log.",
                inspection_id=inspection_id,
            )
        self.take_back(inspection_id, at)
        self._session.add(
            ReviewAssignmentRow(
                inspection_id=inspection_id,
                assignee=assignee,
                assigned_by=assigned_by,
                assigned_at=at,
            )
        )
        self._session.flush()

    def take_back(self, inspection_id: str, at: datetime) -> bool:
        """Ask nobody about the part any more; whether somebody was asked."""
        open_row = self._open(inspection_id)
        if open_row is None:
            return False
        open_row.closed_at = at
        self._session.flush()
        return True

    def of(self, inspection_id: str) -> AssignmentRecord | None:
        """Who is asked about a part now."""
        row = self._open(inspection_id)
        return AssignmentRecord(**{name: getattr(row, name) for name in _COLUMNS}) if row else None

    def answered(self, inspection_id: str, reviewer: str, review: int, at: datetime) -> None:
        """The one who was asked has answered; an answer of somebody else changes nothing."""
        open_row = self._open(inspection_id)
        if open_row is not None and open_row.assignee == reviewer:
            open_row.closed_at, open_row.answered_by = at, review
            self._session.flush()

    def withdrawn(self, review: int) -> None:
        """The answer was taken back: the question is open again, unless somebody else is asked."""
        row = self._session.scalar(select(_row).where(_row.answered_by == review))
        if row is None:
            return
        row.answered_by = None
        if self._open(row.inspection_id) is None:
            row.closed_at = None
        self._session.flush()

    def _open(self, inspection_id: str) -> ReviewAssignmentRow | None:
        return self._session.scalar(
            select(_row).where(_row.inspection_id == inspection_id, _row.closed_at.is_(None))
        )
