"""An inspector without an engine, for tests of the window. Deterministic, knows no process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.verdict import Reason, Region, Verdict

OK_LIMIT = 1.0
NG_LIMIT = 2.0
FAKE_MODEL_ID = "fake-20260101T000000Z-00000000"
_MAP_SIZE = 32


def brightness_outcome(frame: Frame) -> Outcome:
    """Judge by mean brightness: score 3 for black to 0 for white, limits 1 and 2."""
    score = 3.0 * (1.0 - float(frame.pixels.mean()) / 255.0)
    if score <= OK_LIMIT:
        return fake_outcome(Verdict.OK, Reason.BELOW_OK_LIMIT, score)
    if score > NG_LIMIT:
        return fake_outcome(Verdict.NG, Reason.ABOVE_NG_LIMIT, score)
    return fake_outcome(Verdict.REVIEW, Reason.BETWEEN_LIMITS, score)


def fake_outcome(verdict: Verdict, reason: Reason, score: float) -> Outcome:
    """A complete outcome; parts that are not OK have a hot square in the middle of the map."""
    heatmap = np.zeros((_MAP_SIZE, _MAP_SIZE), np.uint8)
    regions: tuple[Region, ...] = ()
    if verdict is not Verdict.OK:
        heatmap[12:20, 12:20] = 220
        regions = (Region(0.375, 0.375, 0.25, 0.25, score),)
    return Outcome(
        verdict=verdict,
        reason=reason,
        model_id=FAKE_MODEL_ID,
        score=score,
        p_value=0.5,
        ok_limit=OK_LIMIT,
        ng_limit=NG_LIMIT,
        regions=regions,
        heatmap=heatmap,
        latency_ms=1.0,
    )


class FakeInspector(QObject):
    """Answers in order after ``delay_ms``: from ``script`` while it lasts, then by brightness."""

    answered = Signal(int, object)  # part, Outcome

    def __init__(
        self,
        script: Iterable[Outcome] = (),
        delay_ms: int = 0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._script: Iterator[Outcome] = iter(script)
        self._parts: list[tuple[int, Frame]] = []
        self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._timer.timeout.connect(self._answer_next)

    @property
    def pending(self) -> int:
        """Parts accepted and not answered yet."""
        return len(self._parts)

    def inspect(self, part: int, frame: Frame, deadline_s: float) -> None:
        """Accept a part; ValueError if a part of this number is pending."""
        if any(number == part for number, _ in self._parts):
            raise ValueError(f"part {part} is being inspected")
        self._parts.append((part, frame))
        if not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        """Answer what is pending NOT_INSPECTED."""
        self._closed = True
        self._timer.stop()
        while self._parts:
            self._answer_next()

    @Slot()
    def _answer_next(self) -> None:
        part, frame = self._parts.pop(0)
        if self._closed:
            outcome = Outcome(Verdict.NOT_INSPECTED, Reason.ENGINE_DOWN)
        else:
            outcome = next(self._script, None) or brightness_outcome(frame)
        if self._parts and not self._closed:
            self._timer.start()
        self.answered.emit(part, outcome)
