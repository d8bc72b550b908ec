"""Asks the engine which pixels an answer comes from. Knows no parts, no log and no queue."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.ipc.messages import (
    NEIGHBOURS,
    PATCH_PX,
    Explain,
    Explained,
    Failed,
    StopExplaining,
)
from engine.ipc.ring import Ring, RingError
from qc_station.backend.supervisor import EngineSupervisor
from qc_station.domain.explanation import NEAREST, OCCLUSION, Explanation, GoodPatch

log = logging.getLogger(__name__)

DEADLINE_S = 30.0
GRACE_S = 5.0  # after the deadline, in which the engine should have said that it is late
_TICK_MS = 200
_DOWN = "The inspection engine is not running."
_LATE = "The explanation took too long and was given up; try again when the line is calm."


@dataclass(slots=True)
class _Asked:
    frames: Ring
    maps: Ring
    late_s: float  # time.monotonic

    def close(self) -> None:
        self.frames.close()
        self.maps.close()


class ExplainerClient(QObject):
    """Every request is answered once, by ``explained`` or ``failed``, unless it is stopped; never
    from inside ``explain``. Parts go before explanations: the engine sees to that. GUI thread
    only."""

    explained = Signal(object)  # Explanation
    failed = Signal(int, str, str)  # number, code, sentence

    def __init__(
        self,
        supervisor: EngineSupervisor,
        *,
        deadline_s: float = DEADLINE_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._supervisor = supervisor
        self._deadline_s = deadline_s
        self._number = 0
        self._asked: dict[int, _Asked] = {}
        self._refused: list[tuple[int, str, str]] = []
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell_refused)
        self._alarm = QTimer(self, interval=_TICK_MS)
        self._alarm.timeout.connect(self._check_times)
        supervisor.event_received.connect(self._on_event)
        supervisor.child_lost.connect(self._on_child_lost)

    def explain(self, pixels: NDArray[np.uint8], method: str = OCCLUSION, target: str = "") -> int:
        """Ask why the loaded model answers as it does to uint8 RGB [H, W, 3], or what speaks for
        the class ``target``; returns the number that the answer will have."""
        self._number += 1
        supervisor, model = self._supervisor, self._supervisor.loaded_model
        if not supervisor.accepts_parts or model is None:
            up = supervisor.accepts_parts
            sentence = "No model is loaded." if up else _DOWN
            self._refuse("no_model" if up else "engine_down", sentence)
            return self._number
        generation = supervisor.generation
        try:
            frames = Ring.create(1, pixels.nbytes, generation)
        except RingError as error:
            self._refuse(error.code, str(error))
            return self._number
        try:
            maps = Ring.create(*_room(method, model.map_width * model.map_height), generation)
        except RingError as error:
            frames.close()
            self._refuse(error.code, str(error))
            return self._number
        frames.write(0, self._number, pixels)
        late_s = time.monotonic() + self._deadline_s + GRACE_S
        self._asked[self._number] = _Asked(frames, maps, late_s)
        self._alarm.start()
        height, width = pixels.shape[:2]
        specs = (frames.spec, maps.spec, width, height)
        number, deadline_s = self._number, self._deadline_s
        supervisor.send(Explain(number, method, generation, *specs, target, deadline_s))
        return self._number

    def stop(self, number: int) -> None:
        """Nobody waits for this answer any more."""
        self._refused = [refused for refused in self._refused if refused[0] != number]
        asked = self._asked.pop(number, None)
        if asked is not None:
            self._supervisor.send(StopExplaining(number))
            asked.close()

    def close(self) -> None:
        """Stop everything and delete the shared memory. Needs no event loop."""
        self._soon.stop()
        self._alarm.stop()
        self._refused.clear()
        for number in list(self._asked):
            self.stop(number)

    def _refuse(self, code: str, sentence: str) -> None:
        self._refused.append((self._number, code, sentence))
        self._soon.start()

    @Slot()
    def _tell_refused(self) -> None:
        refused, self._refused = self._refused, []
        for number, code, sentence in refused:
            self.failed.emit(number, code, sentence)

    # --- from the engine -------------------------------------------------------------------

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if not isinstance(event, Explained | Failed) or event.explanation is None:
            return
        asked = self._asked.pop(event.explanation, None)
        if asked is None:
            return  # stopped, while the answer was on its way
        try:
            answer = event if isinstance(event, Failed) else _explanation(event, asked.maps)
        except RingError as error:
            log.error("Unusable explanation: %s", error)
            answer = Failed(error.code, str(error))
        asked.close()
        if isinstance(answer, Failed):
            self.failed.emit(event.explanation, answer.code, answer.message)
        else:
            self.explained.emit(answer)

    @Slot()
    def _on_child_lost(self) -> None:
        lost, self._asked = self._asked, {}
        for asked in lost.values():
            asked.close()
        for number in lost:
            self.failed.emit(number, "engine_down", _DOWN)

    @Slot()
    def _check_times(self) -> None:
        now = time.monotonic()
        for number in [n for n, asked in self._asked.items() if asked.late_s <= now]:
            self.stop(number)
            self.failed.emit(number, "explanation_late", _LATE)
        if not self._asked:
            self._alarm.stop()


def _room(method: str, plane_bytes: int) -> tuple[int, int]:
    """Slots that an answer needs, and their size: enlarged patches lie beside the plane."""
    if method != NEAREST:
        return 1, plane_bytes
    return 2, max(plane_bytes, (1 + NEIGHBOURS) * PATCH_PX * PATCH_PX * 3)


def _explanation(event: Explained, maps: Ring) -> Explanation:
    patch, nearest = _patches(event, maps)
    return Explanation(
        number=event.explanation,
        method=event.method,
        target=event.target,
        model_id=event.model_id,
        score=event.score,
        plane=maps.read(0, event.explanation),
        seconds=event.seconds,
        patch=patch,
        nearest=nearest,
    )


def _patches(
    event: Explained, maps: Ring
) -> tuple[NDArray[np.uint8] | None, tuple[GoodPatch, ...]]:
    """The part's patch and the good ones. Raises RingError where slot 1 does not hold them."""
    if event.method != NEAREST:
        return None, ()
    tiles = maps.read(1, event.explanation)
    count = 1 + sum(bool(near.picture) for near in event.neighbours)
    if tiles.shape != (count * PATCH_PX, PATCH_PX, 3):
        raise RingError("slot_stale", f"Slot 1 holds {tiles.shape}, not {count} enlarged patches.")
    pictures = iter(np.split(tiles, count))
    patch = next(pictures)
    return patch, tuple(
        GoodPatch(near.distance, near.name, next(pictures) if near.picture else None)
        for near in event.neighbours
    )
