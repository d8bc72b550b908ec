"""Teaching and retraining runs: what was asked, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.errors import StoreError
from db.models import TrainingJobRow
from db.records import JobRecord

_COLUMNS = JobRecord.__slots__


class JobRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def start(self, record: JobRecord) -> None:
        """Write a run down as it starts; a second time does nothing."""
        if self._session.get(TrainingJobRow, record.job_id) is None:
            values = {name: getattr(record, name) for name in _COLUMNS}
            values["options"] = dict(record.options)
            self._session.add(TrainingJobRow(**values))
            self._session.flush()

    def finish(
        self,
        job_id: str,
        state: str,
        at: datetime,
        *,
        model_id: str | None = None,
        error_code: str | None = None,
        message: str | None = None,
        result: Mapping[str, Any] | None = None,
    ) -> JobRecord:
        """Say how a run ended (done, failed, cancelled); StoreError job_missing."""
        row = self._session.get(TrainingJobRow, job_id)
        if row is None:
            raise StoreError("job_missing", f"Job {job_id} was never started.", job_id=job_id)
        row.state = state
        row.finished_at = at
        row.model_id = model_id
        row.error_code = error_code
        row.message = message
        row.result = dict(result) if result is not None else None
        self._session.flush()
        return _record(row)

    def newest(self, limit: int, recipe: str | None = None) -> list[JobRecord]:
        """The last runs, newest first."""
        statement = select(TrainingJobRow).order_by(TrainingJobRow.started_at.desc()).limit(limit)
        if recipe is not None:
            statement = statement.where(TrainingJobRow.recipe == recipe)
        return [_record(row) for row in self._session.scalars(statement)]

    def fail_left_over(self, at: datetime) -> int:
        """At start: runs that a crash cut off end as failed; how many."""
        left = list(
            self._session.scalars(
                select(TrainingJobRow.job_id).where(TrainingJobRow.state == "running")
            )
        )
        self._session.execute(
            update(TrainingJobRow)
            .where(TrainingJobRow.job_id.in_(left))
            .values(
                state="failed",
                finished_at=at,
                error_code="interrupted",
                message="The station stopped while this job was running.",
            )
        )
        return len(left)


def _record(row: TrainingJobRow) -> JobRecord:
    return JobRecord(**{name: getattr(row, name) for name in _COLUMNS})
