"""Turns inspection rows and what belongs to them into records. Private to the repositories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from db.models import InspectionRow, OverrideRow, PictureRemovalRow, RegionRow, ReviewRow
from db.records import InspectionRecord, OverrideRecord, RegionRecord, ReviewRecord

T = TypeVar("T")
INSPECTION_COLUMNS = tuple(
    field.name
    for field in fields(InspectionRecord)
    if field.name not in {"regions", "review", "removal", "override"}
)
OVERRIDE_COLUMNS = tuple(field.name for field in fields(OverrideRecord))
_CHUNK = 500  # SQLite takes a limited number of parameters in one statement


def is_golden() -> ColumnElement[bool]:
    """Whether a part belongs to a golden-sample check; ``~is_golden()``: to production.

    The few marked parts come from an index of their own, so that ranges of the others stay ranges
    of theirs and read no row for this.
    """
    marked = aliased(InspectionRow)
    return InspectionRow.seq.in_(select(marked.seq).where(marked.golden_check.is_not(None)))


def review_record(row: ReviewRow) -> ReviewRecord:
    """One row of the review chain."""
    return ReviewRecord(
        row.seq,
        row.inspection_id,
        row.label,
        row.class_name,
        row.reviewer,
        row.reviewed_at,
        row.withdraws,
        row.hash,
    )


def override_record(row: OverrideRow) -> OverrideRecord:
    """One row of the chain of overrides."""
    return OverrideRecord(**{name: getattr(row, name) for name in OVERRIDE_COLUMNS})


def inspection_records(session: Session, rows: Sequence[InspectionRow]) -> list[InspectionRecord]:
    """Records in the order of ``rows``, with what belongs to them in four more queries."""
    regions = _regions(session, [row.seq for row in rows])
    reviews = _reviews(
        session, [row.standing_review for row in rows if row.standing_review is not None]
    )
    removals = _removals(session, [row.inspection_id for row in rows])
    overrides = _overrides(session, [row.inspection_id for row in rows])
    return [
        InspectionRecord(
            **{name: getattr(row, name) for name in INSPECTION_COLUMNS},
            regions=tuple(regions.get(row.seq, ())),
            review=reviews.get(row.standing_review) if row.standing_review is not None else None,
            removal=removals.get(row.inspection_id),
            override=overrides.get(row.inspection_id),
        )
        for row in rows
    ]


def _regions(session: Session, keys: Sequence[int]) -> dict[int, list[RegionRecord]]:
    found: dict[int, list[RegionRecord]] = {}
    for chunk in _chunks(keys):
        statement = (
            select(RegionRow)
            .where(RegionRow.inspection_seq.in_(chunk))
            .order_by(RegionRow.inspection_seq, RegionRow.position)
        )
        for row in session.scalars(statement):
            found.setdefault(row.inspection_seq, []).append(
                RegionRecord(row.x, row.y, row.width, row.height, row.score)
            )
    return found


def _reviews(session: Session, keys: Sequence[int]) -> dict[int, ReviewRecord]:
    found: dict[int, ReviewRecord] = {}
    for chunk in _chunks(keys):
        for row in session.scalars(select(ReviewRow).where(ReviewRow.seq.in_(chunk))):
            found[row.seq] = review_record(row)
    return found


def _removals(session: Session, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in _chunks(keys):
        statement = select(PictureRemovalRow.inspection_id, PictureRemovalRow.why).where(
            PictureRemovalRow.inspection_id.in_(chunk)
        )
        found.update((key, why) for key, why in session.execute(statement))
    return found


def _overrides(session: Session, keys: Sequence[str]) -> dict[str, OverrideRecord]:
    """The override that stands for each part that has one."""
    found: dict[str, OverrideRecord] = {}
    for chunk in _chunks(keys):
        statement = (
            select(OverrideRow)
            .where(OverrideRow.inspection_id.in_(chunk))
            .order_by(OverrideRow.seq)
        )
        for row in session.scalars(statement):
            found[row.inspection_id] = override_record(row)
    return {part: record for part, record in found.items() if record.verdict is not None}


def _chunks(keys: Sequence[T]) -> Iterable[Sequence[T]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
