"""Shows teaching and retraining in the list of activities. Knows no widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind, ActivityState
from qc_station.domain.learning import LearningKind
from qc_station.services.activities import Activities
from qc_station.services.learning import LearningService


class LearningActivity(QObject):
    """Follows the learning service; cancelling there and here is the same."""

    def __init__(
        self, activities: Activities, learning: LearningService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._activities = activities
        self._learning = learning
        self._number: int | None = None
        learning.started.connect(self._on_started)
        learning.progress.connect(self._on_progress)
        learning.done.connect(self._on_done)
        learning.failed.connect(self._on_failed)

    @Slot(object, str, str)
    def _on_started(self, kind: LearningKind, product: str, actor: str) -> None:
        self._number = self._activities.begin(
            ActivityKind(kind.value), product, actor, needs=Action.TEACH,
            cancel=self._learning.cancel,
        )  # fmt: skip

    @Slot(str, int, int, float)
    def _on_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        if self._number is not None:
            self._activities.progress(self._number, stage, done, total, seconds_left)

    @Slot(object)
    def _on_done(self, _result: object) -> None:
        self._end(ActivityState.DONE)

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        cancelled = code == "cancelled"
        state = ActivityState.CANCELLED if cancelled else ActivityState.FAILED
        self._end(state, "" if cancelled else code, "" if cancelled else sentence)

    def _end(self, state: ActivityState, code: str = "", sentence: str = "") -> None:
        number, self._number = self._number, None
        if number is not None:  # a refusal has begun nothing
            self._activities.end(number, state, code, sentence)
