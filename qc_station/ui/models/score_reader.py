"""Reads the scores for the Thresholds page in worker threads; only the newest question of each kind
is answered. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from qc_station.domain.thresholds import LoggedScores, ReviewedScores
from qc_station.services.limits import LimitsInForce, LimitsService
from qc_station.services.tasks import Task, TaskPool


class ScoreReader(QObject):
    """Answers come in the GUI thread."""

    reviewed = Signal(object)  # ReviewedScores
    logged = Signal(object)  # LoggedScores
    failed = Signal(object)  # the exception

    def __init__(
        self, service: LimitsService, tasks: TaskPool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._service = service
        self._tasks = tasks
        self._reading: dict[str, Task] = {}
        self._asked = 0

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return any(task.pending for task in self._reading.values())

    def ask_reviewed(self, force: LimitsInForce) -> None:
        """The reviewed parts of the model in use."""
        product, model_id = force.product, force.model.model_id

        def work() -> ReviewedScores:
            return self._service.reviewed(product, model_id)

        self._run("reviewed", work, self.reviewed.emit)

    def ask_logged(self, force: LimitsInForce, start: datetime, end: datetime) -> None:
        """The logged parts of the model in use; what was asked before is no longer wanted."""
        self._asked += 1
        number, product, model_id = self._asked, force.product, force.model.model_id

        def work() -> LoggedScores | None:
            return self._service.logged(
                product, model_id, start, end, lambda: number == self._asked
            )

        self._run("logged", work, self._on_logged)

    def drop(self) -> None:
        """Nobody waits any more."""
        self._asked += 1
        for task in self._reading.values():
            task.cancel()

    def _run(self, name: str, work: Callable[[], object], done: Callable[[object], None]) -> None:
        if name in self._reading:
            self._reading[name].cancel()
        self._reading[name] = self._tasks.run(work, done, self.failed.emit, self)

    def _on_logged(self, found: object) -> None:
        if found is not None:
            self.logged.emit(found)
