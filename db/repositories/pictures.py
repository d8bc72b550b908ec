"""Which pictures a storage rule left out or deleted. Knows no files: the caller deletes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, literal, select, update
from sqlalchemy.orm import Session

from db.models import InspectionRow, MaskRow, OverrideRow, PictureRemovalRow, ReviewRow

RULE, AGE = "rule", "age"


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """The files of one part; paths relative to the station's home."""

    inspection_id: str
    image_path: str | None
    heatmap_path: str | None


class PictureRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_left_out(self, inspection_id: str, at: datetime) -> None:
        """The picture of a part that is being written was left out; in the same transaction."""
        self._session.add(
            PictureRemovalRow(inspection_id=inspection_id, why=RULE, at=at, files_gone=True)
        )
        self._session.flush()

    def claim(self, recipe: str, before: datetime, at: datetime, limit: int) -> int:
        """Mark pictures of a recipe's parts captured before then as deleted; how many.

        Never of a part that was ever answered, painted or overridden, or that waits for an expert.
        """
        keys = list(
            self._session.scalars(
                select(InspectionRow.inspection_id)
                .where(
                    InspectionRow.recipe == recipe,
                    InspectionRow.captured_at < before,
                    InspectionRow.image_path.is_not(None),
                    ~_removed(),
                    ~_protected(),
                )
                .order_by(InspectionRow.captured_at, InspectionRow.seq)
                .limit(limit)
            )
        )
        self._session.add_all(
            PictureRemovalRow(inspection_id=key, why=AGE, at=at, files_gone=False) for key in keys
        )
        self._session.flush()
        return len(keys)

    def unfinished(self, limit: int) -> list[PictureFiles]:
        """Files that are marked as deleted and may still be there, oldest mark first."""
        statement = (
            select(
                InspectionRow.inspection_id, InspectionRow.image_path, InspectionRow.heatmap_path
            )
            .join(PictureRemovalRow, PictureRemovalRow.inspection_id == InspectionRow.inspection_id)
            .where(~PictureRemovalRow.files_gone)
            .order_by(PictureRemovalRow.at, InspectionRow.seq)
            .limit(limit)
        )
        return [PictureFiles(*row) for row in self._session.execute(statement)]

    def finish(self, inspection_ids: Sequence[str]) -> None:
        """Their files are gone."""
        self._session.execute(
            update(PictureRemovalRow)
            .where(PictureRemovalRow.inspection_id.in_(inspection_ids))
            .values(files_gone=literal(True))
        )


def _removed() -> ColumnElement[bool]:
    return exists().where(PictureRemovalRow.inspection_id == InspectionRow.inspection_id)


def _protected() -> ColumnElement[bool]:
    """Parts that somebody needs the picture of. A snapshot holds answered parts only."""
    key = InspectionRow.inspection_id
    waits = (InspectionRow.queue_rank > 0) & InspectionRow.standing_review.is_(None)
    answered = exists().where(ReviewRow.inspection_id == key)
    painted = exists().where(MaskRow.inspection_id == key)
    overridden = exists().where(OverrideRow.inspection_id == key)
    return waits | answered | painted | overridden
