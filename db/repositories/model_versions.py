"""The library of taught models; at most one version per recipe is active."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.errors import StoreError
from db.models import ModelVersionRow
from db.records import ModelVersionRecord

_COLUMNS = ModelVersionRecord.__slots__


class ModelVersionRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: ModelVersionRecord) -> bool:
        """Add a version; False, and nothing changed, when its id is there already."""
        if self._session.get(ModelVersionRow, record.model_id) is not None:
            return False
        values = {name: getattr(record, name) for name in _COLUMNS}
        values["facts"] = dict(record.facts)
        self._session.add(ModelVersionRow(**values))
        self._session.flush()
        return True

    def get(self, model_id: str) -> ModelVersionRecord | None:
        """One version by its id."""
        row = self._session.get(ModelVersionRow, model_id)
        return _record(row) if row else None

    def versions(self, recipe: str | None = None) -> list[ModelVersionRecord]:
        """Versions of one recipe, or of all, newest first."""
        statement = select(ModelVersionRow).order_by(
            ModelVersionRow.created_at.desc(), ModelVersionRow.model_id.desc()
        )
        if recipe is not None:
            statement = statement.where(ModelVersionRow.recipe == recipe)
        return [_record(row) for row in self._session.scalars(statement)]

    def active(self, recipe: str) -> ModelVersionRecord | None:
        """The version that inspects this recipe."""
        row = self._session.scalar(
            select(ModelVersionRow).where(ModelVersionRow.recipe == recipe, ModelVersionRow.active)
        )
        return _record(row) if row else None

    def previous(self, recipe: str) -> ModelVersionRecord | None:
        """The version that was active before the active one."""
        row = self._session.scalar(
            select(ModelVersionRow)
            .where(
                ModelVersionRow.recipe == recipe,
                ~ModelVersionRow.active,
                ModelVersionRow.activated_at.is_not(None),
            )
            .order_by(ModelVersionRow.activated_at.desc())
            .limit(1)
        )
        return _record(row) if row else None

    def activate(self, model_id: str, at: datetime) -> ModelVersionRecord:
        """Make a version the only active one of its recipe; StoreError model_missing."""
        row = self._session.get(ModelVersionRow, model_id)
        if row is None:
            raise StoreError(
                "model_missing", f"Model {model_id} is not in the library.", model_id=model_id
            )
        self._session.execute(
            update(ModelVersionRow)
            .where(ModelVersionRow.recipe == row.recipe, ModelVersionRow.model_id != model_id)
            .values(active=False)
        )
        row.active = True
        row.activated_at = at
        self._session.flush()
        return _record(row)


def _record(row: ModelVersionRow) -> ModelVersionRecord:
    return ModelVersionRecord(**{name: getattr(row, name) for name in _COLUMNS})
