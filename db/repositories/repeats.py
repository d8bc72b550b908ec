"""Second answers of a reviewer to the same part: appended, hash-chained. They never stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from db.chain import GENESIS, ChainLock, Link, link_hash, lock_chain, verify_links
from db.errors import StoreError
from db.models import InspectionRow, MaskRow, ReviewRepeatRow, ReviewRow
from db.records import AnswerPair, RepeatRecord

_COLUMNS = RepeatRecord.__slots__
_row = ReviewRepeatRow


class RepeatRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def candidates(self, reviewer: str, newer: int, limit: int) -> list[tuple[int, str]]:
        """(answer, part) that may be asked about once more, newest first, out of the ``limit``
        answers before the last ``newer`` ones of this reviewer.

        Only answers that stand undisputed and were not repeated, of parts on which nobody
        painted: paint would tell the answer.
        """
        window = (
            select(ReviewRow.seq)
            .where(ReviewRow.reviewer == reviewer, ReviewRow.label.is_not(None))
            .order_by(ReviewRow.seq.desc())
            .offset(newer)
            .limit(limit)
            .subquery()
        )
        part = InspectionRow
        statement = (
            select(window.c.seq, part.inspection_id)
            .join(part, part.standing_review == window.c.seq)
            .where(
                part.disputed_by.is_(None),
                ~select(MaskRow.seq).where(MaskRow.inspection_id == part.inspection_id).exists(),
                ~_given().where(_row.repeats == window.c.seq).exists(),
            )
            .order_by(window.c.seq.desc())
        )
        return [(seq, name) for seq, name in self._session.execute(statement)]

    def answer(
        self, repeats: int, label: str, class_name: str | None, reviewer: str, at: datetime
    ) -> RepeatRecord:
        """Append the second answer beside review ``repeats``. StoreError review_missing."""
        return self._append(repeats, label, class_name, reviewer, at, None)

    def withdraw(self, seq: int, reviewer: str, at: datetime) -> RepeatRecord:
        """Append the withdrawal of a second answer.

        Raises StoreError review_missing, or review_withdrawn when that was done before.
        """
        answer = self._session.get(_row, seq)
        if answer is None or answer.label is None:
            raise StoreError("review_missing", "There is no such answer to withdraw.", seq=seq)
        if self._session.scalar(select(_row.seq).where(_row.withdraws == seq)):
            raise StoreError("review_withdrawn", "This answer was already withdrawn.", seq=seq)
        return self._append(answer.repeats, None, None, reviewer, at, seq)

    def pairs(self) -> list[AnswerPair]:
        """First and second answers that were not withdrawn, in the order of the second ones."""
        first = ReviewRow
        statement = (
            select(_row.reviewer, first.label, first.class_name, _row.label, _row.class_name)
            .join(first, first.seq == _row.repeats)
            .where(_row.seq.in_(_given()))
            .order_by(_row.seq)
        )
        return [
            AnswerPair(who, (label, name), (again, name_again))
            for who, label, name, again, name_again in self._session.execute(statement)
            if label is not None and again is not None
        ]

    def verify(self) -> int:
        """Check the whole chain; rows checked. Raises StoreError chain_broken."""
        return verify_links("repeats", self._links())

    def _append(
        self,
        repeats: int,
        label: str | None,
        class_name: str | None,
        reviewer: str,
        at: datetime,
        withdraws: int | None,
    ) -> RepeatRecord:
        first = self._session.get(ReviewRow, repeats)
        if first is None:
            raise StoreError("review_missing", "There is no such answer to repeat.", seq=repeats)
        lock_chain(self._session, ChainLock.REPEATS)
        last = self._session.execute(
            select(_row.seq, _row.hash).order_by(_row.seq.desc()).limit(1)
        ).first()
        previous = last.hash if last else GENESIS
        row = ReviewRepeatRow(
            seq=last.seq + 1 if last else 1,
            inspection_id=first.inspection_id,
            repeats=repeats,
            label=label,
            class_name=class_name,
            reviewer=reviewer,
            reviewed_at=at,
            withdraws=withdraws,
            previous_hash=previous,
        )
        row.hash = link_hash(previous, _content(row))
        self._session.add(row)
        self._session.flush()
        return RepeatRecord(**{name: getattr(row, name) for name in _COLUMNS})

    def _links(self) -> Iterator[Link]:
        statement = select(_row).order_by(_row.seq).execution_options(yield_per=1000)
        for row in self._session.scalars(statement):
            yield Link(row.seq, _content(row), row.previous_hash, row.hash)


def _given() -> Select[int]:
    """Second answers that were not withdrawn."""
    withdrawal = aliased(ReviewRepeatRow)
    withdrawn = select(withdrawal.seq).where(withdrawal.withdraws == _row.seq)
    return select(_row.seq).where(_row.label.is_not(None), ~withdrawn.exists())


def _content(row: ReviewRepeatRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in _COLUMNS}
