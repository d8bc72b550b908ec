"""Which parts wait for an answer. Reads the index of open parts; writes only their weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from db.models import InspectionRow, ReviewAssignmentRow, ReviewRow, UserRow
from db.records import InspectionQuery, InspectionRecord, QueuedRecord
from db.repositories._rows import inspection_records
from db.repositories.inspections import matching

BY_COST, DRAWN = 1, 2
"""Values of ``queue_rank``."""
_row = InspectionRow
_given = ReviewAssignmentRow
_OPEN = (_row.queue_rank > 0, _row.standing_review.is_(None))


class ReviewQueueRepository:
    """Works in the caller's session and transaction. ``reviewer`` is who asks: parts that were
    given to somebody else are not theirs.
    """

    def __init__(self, session: Session, reviewer: str, query: InspectionQuery) -> None:
        self._session = session
        self._reviewer = reviewer
        self._matching = matching(session, query)
        self._waiting_match = _waiting_match(session, query)

    def waiting(self, rank: int, limit: int) -> list[QueuedRecord]:
        """Parts of one rank without an answer: the largest weight first, then the newest."""
        others = self._asked(mine=False)
        statement = (
            select(
                _row.inspection_id, _row.recipe, _row.class_name, _row.captured_at, _row.score,
                _row.ng_limit, _row.queue_weight,
            )
            .where(
                *_OPEN, _row.queue_rank == rank, _row.inspection_id.not_in(others),
                *self._waiting_match,
            )
            .order_by(_row.queue_weight.desc(), _row.seq.desc())
            .limit(limit)
        )  # fmt: skip
        return [QueuedRecord(*found) for found in self._session.execute(statement)]

    def given(self, limit: int) -> list[str]:
        """Ids of the parts that the reviewer is asked about, the longest waiting first."""
        asked = self._asked(mine=True)
        statement = select(_row.inspection_id).where(_row.inspection_id.in_(asked), *self._matching)
        found = set(self._session.scalars(statement)) if asked else set()
        return [name for name in asked if name in found][:limit]

    def given_count(self) -> int:
        """How many parts the reviewer is asked about."""
        return self._count_of(self._asked(mine=True))

    def disputed(self, limit: int) -> list[str]:
        """Ids of the parts whose experts disagree, the longest waiting first."""
        statement = (
            select(_row.inspection_id)
            .where(_row.disputed_by.is_not(None), *self._matching)
            .order_by(_row.disputed_by)
            .limit(limit)
        )
        return list(self._session.scalars(statement))

    def disputed_count(self) -> int:
        """How many parts have experts who disagree."""
        statement = select(func.count()).select_from(_row)
        statement = statement.where(_row.disputed_by.is_not(None), *self._matching)
        return self._number(statement)

    def length(self) -> int:
        """How many parts wait for an answer of this reviewer, second opinions included."""
        waiting = select(func.count()).select_from(_row).where(*_OPEN, *self._waiting_match)
        others = self._count_of(self._asked(mine=False), *_OPEN)
        second = self._count_of(self._asked(mine=True), _row.standing_review.is_not(None))
        return self._number(waiting) - others + second

    def records(self, inspection_ids: Sequence[str]) -> list[InspectionRecord]:
        """Whole parts, in the order of their ids; unknown ones are left out."""
        statement = select(_row).where(_row.inspection_id.in_(inspection_ids))
        found = inspection_records(self._session, self._session.scalars(statement).all())
        by_id = {record.inspection_id: record for record in found}
        return [by_id[name] for name in inspection_ids if name in by_id]

    def _number(self, statement: Select[Any]) -> int:
        return self._session.scalar(statement) or 0

    def _asked(self, *, mine: bool) -> list[str]:
        """Ids of the parts that the reviewer is asked about, or somebody else: read by
        themselves, because they are few and a planner without statistics does not know it.
        """
        who = _given.assignee == self._reviewer if mine else self._of_others()
        statement = select(_given.inspection_id).where(_given.closed_at.is_(None), who)
        return list(self._session.scalars(statement.order_by(_given.seq)))

    def _count_of(self, names: list[str], *more: ColumnElement[bool]) -> int:
        if not names:
            return 0
        statement = select(func.count()).select_from(_row)
        return self._number(statement.where(_row.inspection_id.in_(names), *more, *self._matching))

    def _of_others(self) -> ColumnElement[bool]:
        """Given to somebody else; who left, or may no longer answer, keeps no part."""
        experts = select(UserRow.name).where(UserRow.active, UserRow.role != "operator")
        return (_given.assignee != self._reviewer) & _given.assignee.in_(experts)


def _waiting_match(session: Session, query: InspectionQuery) -> list[ColumnElement[bool]]:
    """The conditions on parts that wait: nobody has named their class but the machine.

    Product, model and class are hidden from the planner. Without statistics SQLite would take
    their indexes and read the parts of the whole log behind them instead of the queue's.
    """
    found = matching(session, replace(query, recipe=None, model_id=None, class_name=None))
    wanted = {
        _row.recipe: query.recipe, _row.model_id: query.model_id, _row.class_name: query.class_name,
    }  # fmt: skip
    hidden = [
        func.coalesce(column, "") == value for column, value in wanted.items() if value is not None
    ]
    return found + hidden


def open_parts(session: Session, after: int, limit: int) -> list[tuple[int, InspectionRecord]]:
    """Parts that wait ordered by cost, by their row numbers from ``after`` on, to weigh anew."""
    statement = (
        select(_row)
        .where(_row.queue_rank == BY_COST, _row.standing_review.is_(None), _row.seq > after)
        .order_by(_row.seq)
        .limit(limit)
    )
    rows = session.scalars(statement).all()
    keys = [row.seq for row in rows]
    return list(zip(keys, inspection_records(session, rows), strict=True))


def drawn_answers(session: Session, since: datetime) -> dict[str, int]:
    """Undisputed answers to the parts drawn at random that were captured since then, by label."""
    statement = (
        select(ReviewRow.label, func.count())
        .join(_row, _row.standing_review == ReviewRow.seq)
        .where(
            _row.standing_review.is_not(None), _row.captured_at >= since,
            _row.queue_rank == DRAWN, _row.disputed_by.is_(None),
        )
        .group_by(ReviewRow.label)
    )  # fmt: skip
    return {label: count for label, count in session.execute(statement) if label is not None}


def set_weights(session: Session, weights: Mapping[int, float]) -> None:
    """New weights by row number."""
    values = [{"seq": seq, "queue_weight": weight} for seq, weight in weights.items()]
    if values:
        session.execute(update(InspectionRow), values)
