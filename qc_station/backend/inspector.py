"""Gives parts to the engine and answers every one exactly once. Knows no camera and no log."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from engine.ipc.messages import Failed, Inspect, Inspected
from engine.ipc.ring import RingError
from qc_station.backend.slots import SlotPair
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.state import EngineState
from qc_station.domain.verdict import Reason, Region, Verdict

log = logging.getLogger(__name__)

_NO_HOPE = (EngineState.STOPPED, EngineState.FAILED)
_REASONS = {"no_model": Reason.NO_MODEL, "picture_unusable": Reason.PICTURE_UNUSABLE}
_DOWN = "The inspection engine is not running."


@dataclass(slots=True)
class _Part:
    number: int
    frame: Frame
    deadline_s: float  # time.monotonic


@dataclass(slots=True)
class _Sent:
    part: _Part
    slots: SlotPair
    slot: int
    answered: bool = False  # at its deadline; the slot stays taken until the engine answers


def not_inspected(reason: Reason, detail: str = "") -> Outcome:
    """The answer for a part nobody judged; the line treats it as not good."""
    return Outcome(Verdict.NOT_INSPECTED, reason, detail)


class Inspector(QObject):
    """First in, first out, one inference at a time. GUI thread only.

    The engine is given up to ``slots`` parts ahead, so that it never waits for a copy. When its
    process dies, the part it was working on is answered ENGINE_FAULT; parts it had not begun wait
    for the next process, each until its own deadline. A part that comes while the engine is
    stopped or has failed is answered at once. An answer after the deadline is dropped and counted
    in ``late_answers``.
    """

    answered = Signal(int, object)  # part, Outcome

    def __init__(
        self,
        supervisor: EngineSupervisor,
        *,
        slots: int = 3,
        max_waiting: int = 16,
        hang_s: float = 10.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._supervisor = supervisor
        self._slot_count = slots
        self._max_waiting = max_waiting
        self._hang_s = hang_s
        self._waiting: deque[_Part] = deque()
        self._sent: OrderedDict[int, _Sent] = OrderedDict()
        self._due: deque[tuple[int, Outcome]] = deque()
        self._numbers: set[int] = set()
        self._slots: SlotPair | None = None
        self._retired: list[SlotPair] = []
        self._ticket = 0
        self._oldest_since_s = 0.0
        self._closed = False
        self.late_answers = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._deliver)
        self._alarm = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._check_times)
        supervisor.event_received.connect(self._on_event)
        supervisor.child_lost.connect(self._on_child_lost)
        supervisor.state_changed.connect(self._on_state)

    @property
    def pending(self) -> int:
        """Parts accepted and not answered yet."""
        return len(self._numbers)

    def inspect(self, part: int, frame: Frame, deadline_s: float) -> None:
        """Accept a part; ``answered`` follows within ``deadline_s`` seconds from now, never from
        inside this call. ValueError if a part of this number is pending."""
        if part in self._numbers:
            raise ValueError(f"part {part} is being inspected")
        self._numbers.add(part)
        supervisor = self._supervisor
        pixels = frame.pixels
        if self._closed or supervisor.state in _NO_HOPE:
            self._answer_soon(part, not_inspected(Reason.ENGINE_DOWN, _DOWN))
        elif supervisor.state is EngineState.READY and supervisor.loaded_model is None:
            self._answer_soon(part, not_inspected(Reason.NO_MODEL))
        elif (
            pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size
        ):
            detail = f"The picture is {pixels.dtype} {pixels.shape}, not uint8 RGB."
            self._answer_soon(part, not_inspected(Reason.PICTURE_UNUSABLE, detail))
        elif len(self._waiting) >= self._max_waiting:
            self._answer_soon(part, not_inspected(Reason.QUEUE_FULL))
        else:
            self._waiting.append(_Part(part, frame, time.monotonic() + deadline_s))
            self._pump()

    def close(self) -> None:
        """Answer all that is pending, delete the shared memory. Needs no event loop."""
        if self._closed:
            return
        self._closed = True
        self._alarm.stop()
        self._supervisor.event_received.disconnect(self._on_event)
        self._supervisor.child_lost.disconnect(self._on_child_lost)
        self._supervisor.state_changed.disconnect(self._on_state)
        for sent in self._sent.values():
            if not sent.answered:
                self._queue_answer(sent.part.number, not_inspected(Reason.ENGINE_DOWN, _DOWN))
        self._sent.clear()
        self._give_up_waiting(Reason.ENGINE_DOWN, _DOWN)
        self._delete_slots()
        self._soon.stop()
        self._deliver()

    # --- to the engine ---------------------------------------------------------------------

    def _pump(self) -> None:
        """Copy waiting pictures into free slots and announce them."""
        model = self._supervisor.loaded_model
        while self._waiting and model is not None and self._supervisor.accepts_parts:
            part = self._waiting[0]
            map_bytes = model.map_width * model.map_height
            try:
                slots = self._slots_for(part.frame.pixels.nbytes, map_bytes)
                if not slots.has_free:
                    break
                self._waiting.popleft()
                self._send(part, slots)
            except RingError as error:
                log.error("Part %s not given to the engine: %s", part.number, error)
                if self._waiting and self._waiting[0] is part:
                    self._waiting.popleft()
                self._answer_soon(part.number, not_inspected(Reason.ENGINE_FAULT, str(error)))
        self._set_alarm()

    def _send(self, part: _Part, slots: SlotPair) -> None:
        self._ticket += 1
        slot = slots.take()
        try:
            slots.frames.write(slot, self._ticket, part.frame.pixels)
        except RingError:
            slots.give_back(slot)
            raise
        if not self._sent:
            self._oldest_since_s = time.monotonic()
        self._sent[self._ticket] = _Sent(part, slots, slot)
        frame = part.frame
        self._supervisor.send(Inspect(part.number, self._ticket, slot, frame.width, frame.height))

    def _slots_for(self, frame_bytes: int, map_bytes: int) -> SlotPair:
        """The current rings, replaced if they are too small or belong to an earlier process.
        Replaced rings live until their last answer: the engine reads them until then."""
        generation = self._supervisor.generation
        slots = self._slots
        if slots is not None and slots.fits(generation, frame_bytes, map_bytes):
            return slots
        fresh = SlotPair(generation, self._slot_count, frame_bytes, map_bytes)
        self._slots = fresh
        if slots is not None:
            self._retire(slots)
        self._supervisor.send(fresh.attach)
        return fresh

    def _retire(self, slots: SlotPair) -> None:
        if slots.idle:
            slots.close()
        else:
            self._retired.append(slots)

    def _release(self, sent: _Sent) -> None:
        sent.slots.give_back(sent.slot)
        if sent.slots is not self._slots and sent.slots.idle:
            sent.slots.close()
            self._retired.remove(sent.slots)

    # --- from the engine -------------------------------------------------------------------

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if not isinstance(event, Inspected | Failed) or event.ticket is None:
            return
        sent = self._sent.pop(event.ticket, None)
        if sent is None:
            log.warning("An answer for the unknown ticket %s was dropped", event.ticket)
            return
        self._oldest_since_s = time.monotonic()
        if sent.answered:
            self.late_answers += 1
            log.warning("Part %s: the answer came after its deadline", sent.part.number)
            self._release(sent)
        else:
            outcome = self._outcome(event, sent)
            self._release(sent)
            self._queue_answer(sent.part.number, outcome)
        self._pump()
        self._deliver()

    def _outcome(self, event: Inspected | Failed, sent: _Sent) -> Outcome:
        if isinstance(event, Failed):
            reason = _REASONS.get(event.code, Reason.ENGINE_FAULT)
            return not_inspected(reason, event.message)
        try:
            heatmap = sent.slots.maps.read(event.map_slot, event.ticket)
            verdict, reason = Verdict(event.verdict), Reason(event.reason)
        except (RingError, ValueError) as error:
            log.error("Part %s: unusable answer: %s", sent.part.number, error)
            return not_inspected(Reason.ENGINE_FAULT, str(error))
        return Outcome(
            verdict=verdict,
            reason=reason,
            model_id=event.model_id,
            score=event.score,
            p_value=event.p_value,
            ok_limit=event.ok_limit,
            ng_limit=event.ng_limit,
            class_name=event.class_name,
            class_confidence=event.class_confidence,
            regions=tuple(Region(r.x, r.y, r.width, r.height, r.score) for r in event.regions),
            heatmap=heatmap,
            latency_ms=event.latency_ms,
        )

    @Slot()
    def _on_child_lost(self) -> None:
        """Only the oldest request can have been under way; the others had not begun."""
        stranded = list(self._sent.values())
        self._sent.clear()
        self._delete_slots()
        for index, sent in enumerate(stranded):
            if index == 0 and not sent.answered:
                detail = "The engine process ended while it inspected this part."
                self._queue_answer(sent.part.number, not_inspected(Reason.ENGINE_FAULT, detail))
        again = [sent.part for sent in stranded[1:] if not sent.answered]
        self._waiting.extendleft(reversed(again))
        if self._supervisor.state in _NO_HOPE:
            self._give_up_waiting(Reason.ENGINE_DOWN, _DOWN)
        self._set_alarm()
        self._deliver()

    @Slot(object, str)
    def _on_state(self, state: EngineState, code: str) -> None:
        if state in _NO_HOPE:
            self._give_up_waiting(Reason.ENGINE_DOWN, _DOWN)
        elif state is EngineState.READY and self._supervisor.loaded_model is None:
            self._give_up_waiting(Reason.NO_MODEL, "")
        self._pump()
        self._deliver()

    # --- time ------------------------------------------------------------------------------

    def _set_alarm(self) -> None:
        times = [part.deadline_s for part in self._waiting]
        times += [sent.part.deadline_s for sent in self._sent.values() if not sent.answered]
        if self._sent:
            times.append(self._oldest_since_s + self._hang_s)
        if times and not self._closed:
            self._alarm.start(max(0, round((min(times) - time.monotonic()) * 1e3)))
        else:
            self._alarm.stop()

    @Slot()
    def _check_times(self) -> None:
        now = time.monotonic() + 0.0005  # the alarm is set in whole milliseconds
        ready = self._supervisor.state is EngineState.READY
        late = Reason.DEADLINE if ready else Reason.ENGINE_DOWN
        detail = "" if ready else "The inspection engine was not ready before the deadline."
        for part in [part for part in self._waiting if part.deadline_s <= now]:
            self._waiting.remove(part)
            self._queue_answer(part.number, not_inspected(late, detail))
        for sent in self._sent.values():
            if not sent.answered and sent.part.deadline_s <= now:
                sent.answered = True
                self._queue_answer(sent.part.number, not_inspected(Reason.DEADLINE))
        if self._sent and now - self._oldest_since_s >= self._hang_s:
            self._oldest_since_s = now
            self._supervisor.restart("engine_hung")
        self._set_alarm()
        self._deliver()

    # --- answers ---------------------------------------------------------------------------

    def _give_up_waiting(self, reason: Reason, detail: str) -> None:
        while self._waiting:
            self._queue_answer(self._waiting.popleft().number, not_inspected(reason, detail))

    def _answer_soon(self, part: int, outcome: Outcome) -> None:
        self._queue_answer(part, outcome)
        self._soon.start()

    def _queue_answer(self, part: int, outcome: Outcome) -> None:
        self._due.append((part, outcome))

    @Slot()
    def _deliver(self) -> None:
        """Answers leave when the books are straight: a receiver may inspect the next part."""
        while self._due:
            part, outcome = self._due.popleft()
            self._numbers.discard(part)
            self.answered.emit(part, outcome)

    def _delete_slots(self) -> None:
        for slots in [*self._retired, *([self._slots] if self._slots is not None else [])]:
            slots.close()
        self._retired, self._slots = [], None
