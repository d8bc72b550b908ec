"""Changes how the review queue is ordered and which parts chance adds. No widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QObject, Signal

from qc_station.domain.access import Action
from qc_station.domain.review_queue import QueueRules
from qc_station.services.audit import AuditLog
from qc_station.services.permits import Require, allow_everything
from qc_station.services.review import ReviewService
from qc_station.services.tasks import TaskPool


class QueueSettings(QObject):
    """The rules of now and their change; the waiting parts are ordered anew in the background."""

    ordered = Signal()  # the queue follows the new rules
    failed = Signal(str, str)  # code, sentence

    def __init__(
        self,
        rules: Callable[[], QueueRules],
        save: Callable[[QueueRules], None],
        review: ReviewService,
        audit: AuditLog,
        tasks: TaskPool,
        who: Callable[[], str],
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``save`` remembers rules, which ``rules`` tells from then on."""
        super().__init__(parent)
        self._rules = rules
        self._save = save
        self._review = review
        self._audit = audit
        self._tasks = tasks
        self._who = who
        self._require = require

    @property
    def rules(self) -> QueueRules:
        """Those of now."""
        return self._rules()

    def change(self, rules: QueueRules) -> None:
        """New costs order what waits, new shares hold for parts from now on. AccessError."""
        self._require(Action.CHANGE_SETTINGS)
        before = self._rules()
        if rules == before:
            return
        self._save(rules)
        facts = asdict(rules)
        del facts["key"]
        who = self._who()

        def work() -> None:
            self._audit.append(who, "settings.changed", "review_queue", facts)
            self._review.weigh_anew()

        self._tasks.run(work, self._on_done, self._on_failed, self)

    def _on_done(self, _nothing: object) -> None:
        self._review.changed.emit()
        self.ordered.emit()

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(str(getattr(error, "code", "store_fault")), str(error))
