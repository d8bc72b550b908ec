"""Carries parts from trigger to logged answer: exactly one answer each. Decides no triggers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal, Slot

from qc_station.backend.api import InspectorLike
from qc_station.camera.capture import CaptureThread
from qc_station.camera.errors import CameraError, PictureError
from qc_station.camera.slots import PartQueue
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome, PartResult
from qc_station.domain.verdict import Reason
from qc_station.services.parts import Part, Stage, draft, not_inspected
from qc_station.services.ports import PictureCodesLike, VerdictLogLike

IN_ENGINE = 2  # one is judged, one waits in shared memory: the engine never idles between parts
CHECK_MS = 20
CAMERA_GRACE_S = 0.5  # the capture thread answers by itself; this is the net below it
ENGINE_GRACE_S = 2.0  # so does the inspector
CODE_MARGIN_S = 0.1  # before its deadline a part is written down, whatever the picture may say
LOG_GRACE_S = 3.0  # a disk that needs longer is a fault


def utc_now() -> datetime:
    """The clock of the station."""
    return datetime.now(UTC)


class PartFlow(QObject):
    """All parts under way. GUI thread only; frames and camera errors arrive through a queue."""

    logged = Signal(object)  # PartResult
    log_failed = Signal(object)  # PartResult, NOT_INSPECTED: its verdict is not in the log
    emptied = Signal()  # no part is under way any more
    log_stuck = Signal()  # a judged part has not been written down for LOG_GRACE_S
    withdrawn = Signal()  # a pulled part that the camera had no picture for
    _grabbed = Signal(object, object)  # Part, GrabResult: from the capture thread

    def __init__(
        self,
        capture: CaptureThread,
        inspector: InspectorLike,
        verdict_log: VerdictLogLike,
        queue_capacity: int,
        engine_blocker: Callable[[Part], Reason | None],
        clock: Callable[[], datetime] = utc_now,
        parent: QObject | None = None,
        codes: PictureCodesLike | None = None,
    ) -> None:
        """``engine_blocker`` tells why a part cannot be judged now, if it cannot.

        ``codes`` reads serial numbers in pictures while the engine judges them.
        """
        super().__init__(parent)
        self._recipe = ""
        self.next_serial: str | None = None  # scanned: it belongs to the next part
        self.lot = ""  # of the parts that are triggered from now on; empty for none
        self._capture = capture
        self._inspector = inspector
        self._log = verdict_log
        self._engine_blocker = engine_blocker
        self._clock = clock
        self._parts: dict[int, Part] = {}
        self._queue: PartQueue[Part] = PartQueue(queue_capacity)
        self._next_number = 1
        self._watch = QTimer(self)
        self._watch.setInterval(CHECK_MS)
        self._watch.timeout.connect(self._check_deadlines)
        self._grabbed.connect(self._on_grabbed, Qt.ConnectionType.QueuedConnection)
        inspector.answered.connect(self._on_answered)
        verdict_log.recorded.connect(self._on_recorded)
        verdict_log.record_failed.connect(self._on_record_failed)
        self._codes = codes
        if codes is not None:
            codes.read.connect(self._on_code)

    @property
    def recipe(self) -> str:
        """The recipe of the parts that are triggered from now on."""
        return self._recipe

    @property
    def count(self) -> int:
        """Triggered parts without a logged answer."""
        return len(self._parts)

    @property
    def pulling(self) -> bool:
        """Whether a part that the station asked for itself is under way."""
        return any(part.pulled for part in self._parts.values())

    def continue_after(self, number: int) -> None:
        """The next part gets at least the number after ``number``."""
        self._next_number = max(self._next_number, number + 1)

    def begin(
        self,
        deadline_s: float,
        pulled: bool,
        serial: str | None = None,
        golden_check: str | None = None,
    ) -> Part:
        """One part, to be answered within ``deadline_s``; asks the camera for its frame.

        A scanned serial number is this part's or nobody's, also where the trigger brought another;
        a golden sample leaves it to the next part of production.
        """
        deadline = time.monotonic() + deadline_s
        if golden_check is None:
            scanned, self.next_serial = self.next_serial, None
            serial = serial or scanned
        part = Part(
            self._next_number, self._clock(), deadline, self._recipe, pulled,
            lot=self.lot or None if golden_check is None else None, serial=serial,
            golden_check=golden_check,
        )  # fmt: skip
        self._next_number += 1
        self._parts[part.number] = part
        if not self._watch.isActive():
            self._watch.start()
        self._capture.grab(partial(self._grabbed.emit, part), deadline_s)
        return part

    def set_recipe(self, name: str) -> None:
        """The recipe of the following parts. Those under way are not for its model to judge."""
        if name != self._recipe:
            self._recipe = name
            self.interrupt(Reason.PRODUCT_CHANGED)

    def interrupt(self, reason: Reason = Reason.INTERRUPTED) -> None:
        """Answers everything that is not being written down already: the station stops."""
        for part in list(self._parts.values()):
            if part.stage is not Stage.LOG:
                self._write_down(part, part.outcome or not_inspected(reason))

    def wait_until_empty(self, timeout_s: float) -> bool:
        """Runs the event loop until no part is under way; False when the time is up."""
        loop = QEventLoop()
        self.emptied.connect(loop.quit)
        alarm = QTimer(singleShot=True)
        alarm.timeout.connect(loop.quit)
        alarm.start(max(0, round(timeout_s * 1000)))
        if self._parts:
            loop.exec()
        self.emptied.disconnect(loop.quit)
        return not self._parts

    # -- the way of a part -----------------------------------------------------------------

    def _holds(self, part: Part, stage: Stage) -> bool:
        return self._parts.get(part.number) is part and part.stage is stage

    @Slot(object, object)
    def _on_grabbed(self, part: Part, result: object) -> None:
        if not self._holds(part, Stage.CAMERA):
            return  # it was answered meanwhile
        if isinstance(result, Frame):
            part.frame = result
            part.stage = Stage.QUEUE
            if part.serial is None and self._codes is not None:
                part.reading = self._codes.start(part.number, result.pixels)
            if self._queue.offer(part):
                self._feed_engine()
            else:
                self._conclude(part, not_inspected(Reason.QUEUE_FULL))
        elif isinstance(result, PictureError):
            part.source = str(result.params.get("path", "")) or None
            self._conclude(part, not_inspected(Reason.PICTURE_UNUSABLE, str(result)))
        elif isinstance(result, CameraError):
            if part.pulled and result.code == "camera_exhausted":
                self.next_serial = self.next_serial or part.serial
                self._forget(part)
                self.withdrawn.emit()
            else:
                self._conclude(part, not_inspected(Reason.CAMERA_FAULT, str(result)))

    def _feed_engine(self) -> None:
        at_work = sum(part.stage is Stage.ENGINE for part in self._parts.values())
        while at_work < IN_ENGINE:
            part = self._queue.take()
            if part is None:
                return
            assert part.frame is not None
            left_s = part.deadline_s - time.monotonic()
            blocker = self._engine_blocker(part)
            if blocker is not None:
                self._conclude(part, not_inspected(blocker))
            elif left_s <= 0:
                self._conclude(part, not_inspected(Reason.DEADLINE))
            else:
                part.stage = Stage.ENGINE
                at_work += 1
                self._inspector.inspect(part.number, part.frame, left_s)

    @Slot(int, object)
    def _on_answered(self, number: int, outcome: Outcome) -> None:
        part = self._parts.get(number)
        if part is None or part.stage is not Stage.ENGINE:
            return  # too late: the part has its answer
        self._conclude(part, outcome)
        self._feed_engine()

    def _conclude(self, part: Part, outcome: Outcome) -> None:
        """The part has its verdict: it is written down when its picture is read, or time is up."""
        until_s = part.deadline_s - CODE_MARGIN_S
        if not part.reading or time.monotonic() >= until_s:
            self._write_down(part, outcome)
            return
        if part.stage is Stage.QUEUE:
            self._queue.remove(part)
        part.stage, part.outcome, part.read_until_s = Stage.CODE, outcome, until_s

    @Slot(int, object)
    def _on_code(self, number: int, serial: str | None) -> None:
        part = self._parts.get(number)
        if part is None or not part.reading:
            return  # it was written down without
        part.reading = False
        part.serial = part.serial or serial
        if part.stage is Stage.CODE and part.outcome is not None:
            self._write_down(part, part.outcome)

    def _write_down(self, part: Part, outcome: Outcome) -> None:
        if part.stage is Stage.QUEUE:
            self._queue.remove(part)
        if part.reading and self._codes is not None:
            self._codes.forget(part.number)
        part.stage, part.reading = Stage.LOG, False
        inspection = draft(part, outcome, self._capture.status.name, self._clock())
        self._log.record(inspection, part.frame, outcome.heatmap)

    @Slot(object)
    def _on_recorded(self, result: PartResult) -> None:
        if self._drop(result):
            self.logged.emit(result)

    @Slot(object)
    def _on_record_failed(self, result: PartResult) -> None:
        if self._drop(result):
            self.log_failed.emit(result)

    def _drop(self, result: PartResult) -> bool:
        part = self._parts.get(result.inspection.part_number)
        if part is None or part.stage is not Stage.LOG:
            return False
        self._forget(part)
        return True

    def _forget(self, part: Part) -> None:
        del self._parts[part.number]
        if not self._parts:
            self._watch.stop()
            self.emptied.emit()

    @Slot()
    def _check_deadlines(self) -> None:
        now = time.monotonic()
        for part in list(self._parts.values()):
            late_s = now - part.deadline_s
            if part.stage is Stage.QUEUE and late_s >= 0:
                self._conclude(part, not_inspected(Reason.DEADLINE))
            elif part.stage is Stage.CAMERA and late_s >= CAMERA_GRACE_S:
                self._conclude(part, not_inspected(Reason.CAMERA_FAULT))
            elif part.stage is Stage.ENGINE and late_s >= ENGINE_GRACE_S:
                self._conclude(part, not_inspected(Reason.ENGINE_FAULT))
                self._feed_engine()
            elif part.stage is Stage.CODE and part.outcome and now >= part.read_until_s:
                self._write_down(part, part.outcome)
            elif part.stage is Stage.LOG and late_s >= LOG_GRACE_S:
                self.log_stuck.emit()
