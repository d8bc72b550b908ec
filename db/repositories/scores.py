"""Scores of many parts of one model, a few columns at a time. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import InspectionRow, ReviewRow
from db.records import AnsweredScore, LoggedScore
from db.repositories._rows import is_golden

NOVEL = "novel"
JUDGED = ("OK", "REVIEW", "NG")


class ScoreRepository:
    """Parts of one recipe that one model judged; another model's scores mean something else."""

    def __init__(self, session: Session, recipe: str, model_id: str) -> None:
        self._session = session
        self._recipe, self._model_id = recipe, model_id
        self._mine = (InspectionRow.recipe == recipe, InspectionRow.model_id == model_id)

    def answered(self) -> list[AnsweredScore]:
        """Parts that an expert called good or defective."""
        row = InspectionRow
        # Recipe, model and verdict are compared here: in SQL they would draw the planner from the
        # index of the reviewed parts to one of all parts.
        statement = (
            select(
                row.recipe, row.model_id, row.score, row.verdict, row.reason == NOVEL,
                ReviewRow.label == "defect",
            )
            .join(ReviewRow, ReviewRow.seq == row.standing_review)
            .where(row.standing_review.is_not(None))
            .where(ReviewRow.label.in_(("good", "defect")), ~is_golden())
        )  # fmt: skip
        return [
            AnsweredScore(score, verdict, bool(novel), bool(defect))
            for recipe, model_id, score, verdict, novel, defect in self._session.execute(statement)
            if (recipe, model_id) == (self._recipe, self._model_id)
            and score is not None
            and verdict in JUDGED
        ]

    def logged(self, start: datetime, end: datetime) -> Iterable[LoggedScore]:
        """Judged parts captured from ``start`` to before ``end``."""
        row = InspectionRow
        statement = select(row.score, row.verdict, row.reason == NOVEL).where(
            *self._mine,
            row.captured_at >= start,
            row.captured_at < end,
            _judged(),
            ~is_golden(),
        )
        return map(LoggedScore._make, self._session.execute(statement))

    def not_judged(self, start: datetime, end: datetime) -> int:
        """Parts of the recipe in that time that were not inspected."""
        row = InspectionRow
        statement = (
            select(func.count())
            .select_from(row)
            .where(self._mine[0], row.captured_at >= start, row.captured_at < end)
            .where(row.verdict == "NOT_INSPECTED", ~is_golden())
        )
        return self._session.scalar(statement) or 0


def _judged() -> ColumnElement[bool]:
    """A part whose writing failed may have a score, but no verdict that follows from it."""
    return InspectionRow.score.is_not(None) & InspectionRow.verdict.in_(JUDGED)
