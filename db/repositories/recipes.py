"""Products and the revisions of their set-up. A revision is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import RecipeRow
from db.records import RecipeRecord


class RecipeRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_revision(
        self,
        name: str,
        camera: str,
        settings: Mapping[str, Any],
        created_at: datetime,
        created_by: str,
    ) -> RecipeRecord:
        """Append the next revision of ``name`` (1 for a new product)."""
        last = self._session.scalar(
            select(func.max(RecipeRow.revision)).where(RecipeRow.name == name)
        )
        row = RecipeRow(
            name=name,
            revision=(last or 0) + 1,
            camera=camera,
            settings=dict(settings),
            created_at=created_at,
            created_by=created_by,
        )
        self._session.add(row)
        self._session.flush()
        return _record(row)

    def names(self) -> list[str]:
        """Products in alphabetical order."""
        statement = select(RecipeRow.name).distinct().order_by(RecipeRow.name)
        return list(self._session.scalars(statement))

    def revisions(self, name: str) -> list[RecipeRecord]:
        """All revisions of a product, newest first."""
        statement = (
            select(RecipeRow).where(RecipeRow.name == name).order_by(RecipeRow.revision.desc())
        )
        return [_record(row) for row in self._session.scalars(statement)]

    def latest(self, name: str) -> RecipeRecord | None:
        """The newest revision of a product."""
        return next(iter(self.revisions(name)), None)


def _record(row: RecipeRow) -> RecipeRecord:
    return RecipeRecord(
        row.name, row.revision, row.camera, row.settings, row.created_at, row.created_by
    )
