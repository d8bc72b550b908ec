"""Figures over many parts of production, aggregated in SQL by time bucket. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    case,
    cast,
    column,
    func,
    or_,
    select,
    values,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import InspectionRow, ReviewRow
from db.records import AnswerCount, Bin, VerdictCount
from db.repositories._rows import is_golden
from db.repositories.review_queue import DRAWN
from db.types import UtcDateTime

_DECADES = range(-4, 10)
_BINS_PER_UNIT = 50


class StatisticsRepository:
    """``edges`` are n + 1 rising times; bucket i holds edges[i] <= captured_at < edges[i + 1].

    Each bucket is one range of the index on (captured_at) or (recipe, captured_at).
    """

    def __init__(self, session: Session, edges: Sequence[datetime], recipe: str | None) -> None:
        """``recipe`` None means all recipes."""
        self._session = session
        self._first, self._last = edges[0], edges[-1]
        self._recipe = recipe
        self._buckets = _buckets(edges)

    def verdicts(self) -> list[VerdictCount]:
        """Parts of each bucket by verdict, with the mean of the limits they were judged by."""
        row = InspectionRow
        statement = self._join(
            row.verdict, func.count(), func.avg(row.ok_limit), func.avg(row.ng_limit),
            func.min(row.recipe), func.max(row.recipe),
        ).group_by(self._buckets.c.bucket, row.verdict)  # fmt: skip
        return [VerdictCount(*found) for found in self._session.execute(statement)]

    def latency_bins(self) -> list[Bin]:
        """Histogram of ``latency_ms`` of each bucket, in rising order."""
        return self._bins(InspectionRow.latency_ms)

    def score_bins(self) -> list[Bin]:
        """Histogram of ``score`` of each bucket, in rising order."""
        return self._bins(InspectionRow.score)

    def answers(self) -> list[AnswerCount]:
        """Parts with a standing answer of each bucket, by verdict and answer."""
        row = InspectionRow
        drawn = (row.queue_rank == DRAWN) & row.disputed_by.is_(None)
        statement = (
            self._join(
                row.verdict, ReviewRow.label, func.count(), func.sum(case((drawn, 1), else_=0))
            )
            .join(ReviewRow, ReviewRow.seq == row.standing_review)
            .where(row.standing_review.is_not(None))
            .group_by(self._buckets.c.bucket, row.verdict, ReviewRow.label)
        )
        return [AnswerCount(*found) for found in self._session.execute(statement)]

    def defects(self) -> dict[str, int]:
        """Defects of the whole range by their standing name ("" for none); see standing_defect."""
        row = InspectionRow
        found: dict[str, int] = {}
        ranges = (  # two ranges of two indexes; one OR would read every part
            (row.verdict == "NG",),
            (row.standing_review.is_not(None), row.verdict != "NG"),
        )
        for narrow in ranges:
            name = func.coalesce(ReviewRow.class_name, row.class_name, "")
            statement = (
                select(name, func.count())
                .select_from(row)
                .outerjoin(ReviewRow, ReviewRow.seq == row.standing_review)
                .where(*self._within(), *narrow, is_defect())
                .group_by(name)
            )
            for title, count in self._session.execute(statement):
                found[title] = found.get(title, 0) + count
        return found

    def not_inspected(self) -> dict[str, int]:
        """Parts of the whole range that nobody judged, by reason."""
        row = InspectionRow
        statement = (
            select(row.reason, func.count())
            .where(*self._within(), row.verdict == "NOT_INSPECTED")
            .group_by(row.reason)
        )
        return {reason: count for reason, count in self._session.execute(statement)}

    def models(self) -> list[tuple[str, str, int]]:
        """(product, model id, parts) of the whole range, in the order of their first part."""
        row = InspectionRow
        statement = (
            select(row.recipe, func.coalesce(row.model_id, ""), func.count())
            .where(*self._within())
            .group_by(row.recipe, row.model_id)
            .order_by(func.min(row.captured_at))
        )
        return [(recipe, model, count) for recipe, model, count in self._session.execute(statement)]

    def _bins(self, value: InstrumentedAttribute[float | None]) -> list[Bin]:
        key = _bin_key(value)
        mean = func.avg(value)
        statement = (
            self._join(mean, func.count())
            .where(value.is_not(None))
            .group_by(self._buckets.c.bucket, key)
            .order_by(self._buckets.c.bucket, mean)
        )
        return [Bin(*found) for found in self._session.execute(statement)]

    def _join(self, *columns: Any) -> Select[Any]:
        row, bucket = InspectionRow, self._buckets.c
        statement = (
            select(bucket.bucket, *columns)
            .join_from(
                self._buckets,
                row,
                (row.captured_at >= bucket.low) & (row.captured_at < bucket.high),
            )
            .where(~is_golden())
        )
        return statement if self._recipe is None else statement.where(row.recipe == self._recipe)

    def _within(self) -> tuple[ColumnElement[bool], ...]:
        row = InspectionRow
        within = (row.captured_at >= self._first, row.captured_at < self._last, ~is_golden())
        return within if self._recipe is None else (*within, row.recipe == self._recipe)


def is_defect() -> ColumnElement[bool]:
    """Called a defect by the standing answer or, where no expert said good or defect, by the
    machine. Needs ReviewRow joined on the standing answer.
    """
    machine = (InspectionRow.verdict == "NG") & (func.coalesce(ReviewRow.label, "") != "good")
    return or_(ReviewRow.label == "defect", machine)


def _buckets(edges: Sequence[datetime]) -> CTE:
    table = values(
        column("bucket", Integer), column("low", UtcDateTime()), column("high", UtcDateTime()),
        name="buckets",
    )  # fmt: skip
    rows = [(index, low, high) for index, (low, high) in enumerate(pairwise(edges))]
    return table.data(rows).cte()


def _bin_key(value: InstrumentedAttribute[float | None]) -> ColumnElement[int]:
    """Groups like values: 450 bins per decade, none wider than 2 % of its value; sign kept.

    Only equality of keys matters: a bin's value is the mean of what is in it. (SQLite cuts off
    where PostgreSQL rounds.)
    """
    size = func.abs(value)

    def key(decade: int) -> ColumnElement[int]:
        offset = 1000 * (decade - _DECADES.start)
        return cast(value * (_BINS_PER_UNIT / 10.0**decade), BigInteger) + offset

    ladder = [(size < 10.0 ** (decade + 1), key(decade)) for decade in _DECADES]
    return case(*ladder, else_=key(_DECADES.stop))
