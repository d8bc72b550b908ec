"""All that runs beside inspection: progress, time left, cancel, how it ended. No widgets.

Work that is given to ``run`` goes to a thread of the pool; work that others run is told of with
``begin``, ``progress`` and ``end``.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from qc_station.domain.access import Action
from qc_station.domain.activity import Activity, ActivityKind, ActivityState
from qc_station.services.permits import Require, allow_everything
from qc_station.services.progress import Cancelled, Report
from qc_station.services.tasks import TaskPool

KEPT = 50
TELL_EVERY_S = 0.1
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Running:
    """What an activity needs while it goes on."""

    cancel: Callable[[], object] | None
    stopped: threading.Event = field(default_factory=threading.Event)
    stage: str = ""
    stage_began: float = 0.0
    stage_from: int = 0


class Activities(QObject):
    """Newest first, ``KEPT`` ended ones at most. GUI thread, but for what ``run`` is given."""

    changed = Signal(object)  # Activity

    _told = Signal(int, str, object, object)  # from worker threads; bytes outgrow an int

    def __init__(
        self,
        tasks: TaskPool,
        require: Require = allow_everything,
        parent: QObject | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._require = require
        self._clock = clock
        self._monotonic = monotonic
        self._numbers = itertools.count(1)
        self._list: dict[int, Activity] = {}
        self._running: dict[int, _Running] = {}
        self._told.connect(self.progress)

    def all(self) -> list[Activity]:
        """Running and recent ones, newest first."""
        return list(reversed(self._list.values()))

    def running(self, *kinds: ActivityKind) -> bool:
        """Whether something (of these kinds) goes on."""
        return any(
            not activity.state.over and (not kinds or activity.kind in kinds)
            for activity in self._list.values()
        )

    def begin(
        self, kind: ActivityKind, subject: str = "", actor: str = "", *,
        needs: Action | None = None, cancel: Callable[[], object] | None = None,
        can_cancel: bool = True,
    ) -> int:  # fmt: skip
        """A new activity's number. ``cancel`` is called when somebody cancels it."""
        number = next(self._numbers)
        self._running[number] = _Running(cancel)
        self._put(
            Activity(
                number, kind, subject, actor, self._clock(), needs=needs, can_cancel=can_cancel
            )
        )
        return number

    def run(
        self, kind: ActivityKind, work: Callable[[Report], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None, *,
        subject: str = "", actor: str = "", needs: Action | None = None,
    ) -> int:  # fmt: skip
        """Runs ``work(report)`` in a thread, then ``done(result)`` or ``failed(error)`` here.

        Cancelled reaches ``failed`` as well. ``report`` raises it once somebody has cancelled.
        """
        number = self.begin(kind, subject, actor, needs=needs)
        running = self._running[number]

        def finished(result: Any) -> None:
            self.end(number)
            if done is not None:
                done(result)

        def broken(error: Exception) -> None:
            self._fail(number, error)
            if failed is not None:
                failed(error)

        report = self._reporter(number, running)
        self._tasks.run(lambda: work(report), finished, broken, self)
        return number

    def tell(self, number: int, stage: str, done: int, total: int) -> None:
        """``progress`` from any thread."""
        self._told.emit(number, stage, done, total)

    @Slot(int, str, object, object)
    def progress(
        self, number: int, stage: str, done: int, total: int, seconds_left: float | None = None
    ) -> None:
        """How far an activity is; the time left is reckoned from the stage's pace if not given."""
        activity, running = self._list.get(number), self._running.get(number)
        if activity is None or running is None:
            return
        now = self._monotonic()
        if stage != running.stage:
            running.stage, running.stage_began, running.stage_from = stage, now, done
        left = seconds_left
        if left is None:
            spent, gained = now - running.stage_began, done - running.stage_from
            known = total > 0 and gained > 0 and spent > 1.0
            left = spent * (total - done) / gained if known else -1.0
        self._put(replace(activity, stage=stage, done=done, total=total, seconds_left=left))

    def end(
        self, number: int, state: ActivityState = ActivityState.DONE, code: str = "",
        sentence: str = "", file: str = "",
    ) -> None:  # fmt: skip
        """An activity is over."""
        activity = self._list.get(number)
        if self._running.pop(number, None) is None or activity is None:
            return
        self._put(
            replace(
                activity,
                state=state,
                ended_at=self._clock(),
                code=code,
                sentence=sentence,
                file=file,
                seconds_left=-1.0,
            )
        )
        self._forget_old()

    def cancel(self, number: int) -> None:
        """Asks an activity to stop. AccessError without the right that it needs."""
        activity, running = self._list.get(number), self._running.get(number)
        if activity is None or running is None or not activity.can_cancel:
            return
        if activity.needs is not None:
            self._require(activity.needs)
        self._put(replace(activity, state=ActivityState.CANCELLING))
        running.stopped.set()
        if running.cancel is not None:
            running.cancel()

    def close(self) -> None:
        """Asks everything in the pool's threads to stop; the pool joins them."""
        for running in self._running.values():
            running.stopped.set()

    def _reporter(self, number: int, running: _Running) -> Report:
        last_stage, last_s = "", 0.0

        def report(stage: str, done: int, total: int) -> None:
            nonlocal last_stage, last_s
            if running.stopped.is_set():
                raise Cancelled
            now = time.monotonic()
            if stage == last_stage and now - last_s < TELL_EVERY_S:
                return
            last_stage, last_s = stage, now
            self._told.emit(number, stage, done, total)

        return report

    def _fail(self, number: int, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self.end(number, ActivityState.CANCELLED)
            return
        code = str(getattr(error, "code", ""))
        params = getattr(error, "params", {})
        if not code:
            _log.error("An activity failed", exc_info=error)
        file = str(params.get("file") or params.get("path") or "")
        self.end(number, ActivityState.FAILED, code, str(error), file)

    def _put(self, activity: Activity) -> None:
        self._list[activity.number] = activity
        self.changed.emit(activity)

    def _forget_old(self) -> None:
        ended = [number for number, activity in self._list.items() if activity.state.over]
        for number in ended[: max(0, len(ended) - KEPT)]:
            del self._list[number]
