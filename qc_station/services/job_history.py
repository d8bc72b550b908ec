"""Writes down each teaching and retraining run: who asked, what for, how it ended. No widgets."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Slot

from db.records import JobRecord
from db.repositories.jobs import JobRepository
from db.store import Store
from qc_station.domain.learning import LearningKind, LearningResult
from qc_station.services.learning import LearningService

log = logging.getLogger(__name__)


class JobHistory(QObject):
    """Follows the learning service; a log that refuses is reported, teaching goes on."""

    def __init__(
        self,
        store: Store,
        learning: LearningService,
        parent: QObject | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Runs that a crash cut off are written down as failed at once."""
        super().__init__(parent)
        self._store = store
        self._clock = clock
        self._running: str | None = None
        self.cut_off = 0
        """Runs that the last crash cut off."""
        self.cut_off = store.write(lambda session: JobRepository(session).fail_left_over(clock()))
        if self.cut_off:
            log.warning("%d teaching runs were cut off last time", self.cut_off)
        learning.started.connect(self._on_started)
        learning.done.connect(self._on_done)
        learning.failed.connect(self._on_failed)

    def newest(self, limit: int = 50, recipe: str | None = None) -> list[JobRecord]:
        """The last runs, newest first."""
        return self._store.read(lambda session: JobRepository(session).newest(limit, recipe))

    @Slot(object, str, str)
    def _on_started(self, kind: LearningKind, product: str, actor: str) -> None:
        self._running = uuid.uuid4().hex
        record = JobRecord(
            self._running, product, kind.value, "running", self._clock(), {"actor": actor}
        )
        self._submit(lambda session: JobRepository(session).start(record))

    @Slot(object)
    def _on_done(self, result: LearningResult) -> None:
        model_id, activated = result.version.model_id, result.activated
        self._end("done", model_id=model_id, result={"activated": activated})

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        state = "cancelled" if code == "cancelled" else "failed"
        self._end(state, error_code=code, message=sentence)

    def _end(self, state: str, **facts: Any) -> None:
        job_id, self._running = self._running, None
        if job_id is None:
            return  # a refusal: nothing had begun
        at = self._clock()
        self._submit(lambda session: JobRepository(session).finish(job_id, state, at, **facts))

    def _submit(self, work: Callable[[Any], object]) -> None:
        def told(future: Any) -> None:
            if future.exception() is not None:
                log.error("The teaching run could not be written down: %s", future.exception())

        self._store.submit(work).add_done_callback(told)
