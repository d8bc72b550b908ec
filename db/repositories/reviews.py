"""Expert answers: appended, hash-chained, withdrawn by another row. Never changes one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from db.chain import GENESIS, ChainLock, Link, link_hash, lock_chain, verify_links
from db.disputes import open_dispute, standing_answers
from db.errors import StoreError
from db.models import InspectionRow, ReviewRow
from db.records import ReviewRecord
from db.repositories._rows import review_record


class ReviewRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def answer(
        self,
        inspection_id: str,
        label: str,
        class_name: str | None,
        reviewer: str,
        reviewed_at: datetime,
    ) -> ReviewRecord:
        """Append an answer; from now on it stands, disputed if it contradicts another expert's.

        StoreError inspection_missing.
        """
        row = self._append(inspection_id, label, class_name, reviewer, reviewed_at, None)
        self._settle(inspection_id)
        return review_record(row)

    def withdraw(self, seq: int, reviewer: str, reviewed_at: datetime) -> ReviewRecord:
        """Append the withdrawal of an answer; the one before it stands again, if any.

        Raises StoreError review_missing, or review_withdrawn when that was done before.
        """
        answer = self._session.get(ReviewRow, seq)
        if answer is None or answer.label is None:
            raise StoreError("review_missing", "There is no such answer to withdraw.", seq=seq)
        if self._session.scalar(select(ReviewRow.seq).where(ReviewRow.withdraws == seq)):
            raise StoreError("review_withdrawn", "This answer was already withdrawn.", seq=seq)
        row = self._append(answer.inspection_id, None, None, reviewer, reviewed_at, seq)
        self._settle(answer.inspection_id)
        return review_record(row)

    def of(self, inspection_id: str) -> list[ReviewRecord]:
        """All rows about one part, in the order they were written."""
        statement = (
            select(ReviewRow)
            .where(ReviewRow.inspection_id == inspection_id)
            .order_by(ReviewRow.seq)
        )
        return [review_record(row) for row in self._session.scalars(statement)]

    def times(self, reviewer: str, limit: int) -> list[datetime]:
        """When this reviewer gave the last answers, newest first."""
        statement = (
            select(ReviewRow.reviewed_at)
            .where(ReviewRow.reviewer == reviewer, ReviewRow.label.is_not(None))
            .order_by(ReviewRow.seq.desc())
            .limit(limit)
        )
        return list(self._session.scalars(statement))

    def verify(self) -> int:
        """Check the whole chain and that the log points at the right answers; rows checked.

        Raises StoreError chain_broken.
        """
        count = verify_links("reviews", self._links())
        pointed = self._session.scalar(select(func.max(InspectionRow.standing_review))) or 0
        if pointed > count:
            raise StoreError(
                "chain_broken",
                f"Row {pointed} of the reviews was removed after it was written.",
                chain="reviews",
                row=pointed,
            )
        return count

    def _append(
        self,
        inspection_id: str,
        label: str | None,
        class_name: str | None,
        reviewer: str,
        reviewed_at: datetime,
        withdraws: int | None,
    ) -> ReviewRow:
        known = select(InspectionRow.seq).where(InspectionRow.inspection_id == inspection_id)
        if self._session.scalar(known) is None:
            raise StoreError(
                "inspection_missing",
                f"Part {inspection_id} is not in the log.",
                inspection_id=inspection_id,
            )
        lock_chain(self._session, ChainLock.REVIEWS)
        last = self._session.execute(
            select(ReviewRow.seq, ReviewRow.hash).order_by(ReviewRow.seq.desc()).limit(1)
        ).first()
        previous = last.hash if last else GENESIS
        row = ReviewRow(
            seq=last.seq + 1 if last else 1,
            inspection_id=inspection_id,
            label=label,
            class_name=class_name,
            reviewer=reviewer,
            reviewed_at=reviewed_at,
            withdraws=withdraws,
            previous_hash=previous,
        )
        row.hash = link_hash(previous, _content(row))
        self._session.add(row)
        self._session.flush()
        return row

    def _settle(self, inspection_id: str) -> None:
        """Let the log follow the answers: which one stands, and whether it is disputed."""
        answers = standing_answers(self.of(inspection_id))
        dispute = open_dispute(answers)
        self._session.execute(
            update(InspectionRow)
            .where(InspectionRow.inspection_id == inspection_id)
            .values(
                standing_review=answers[-1].seq if answers else None,
                disputed_by=dispute[-1].seq if dispute else None,
            )
        )

    def _links(self) -> Iterator[Link]:
        statement = select(ReviewRow).order_by(ReviewRow.seq).execution_options(yield_per=1000)
        for row in self._session.scalars(statement):
            yield Link(row.seq, _content(row), row.previous_hash, row.hash)


def _content(row: ReviewRow) -> dict[str, object]:
    return {
        "seq": row.seq,
        "inspection_id": row.inspection_id,
        "label": row.label,
        "class_name": row.class_name,
        "reviewer": row.reviewer,
        "reviewed_at": row.reviewed_at,
        "withdraws": row.withdraws,
    }
