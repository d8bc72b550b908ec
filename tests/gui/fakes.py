"""Stand-ins at the edge of the window: a station, a health service. Same signals, no machine."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from qc_station.camera.slots import LatestSlot
from qc_station.domain.counters import Counters, Tallies
from qc_station.domain.explanation import Explanation, GoodPatch
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import PartResult
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Inspection, Reason, Region, Verdict

WHEN = datetime(2026, 11, 22, 13, 37, 5, tzinfo=UTC)


def make_frame(frame_id: int = 1, pixels: NDArray[np.uint8] | None = None) -> Frame:
    """A frame whose pixels differ with its id."""
    if pixels is None:
        pixels = np.full((48, 64, 3), (frame_id * 37) % 256, np.uint8)
        pixels[8:24, 8:24] = (200, 120, 40)
    pixels.setflags(write=False)
    return Frame(frame_id, pixels, WHEN, 0.0, "fake:")


def make_part(
    number: int = 1,
    verdict: Verdict = Verdict.OK,
    reason: Reason | None = None,
    frame: Frame | None = None,
    heatmap: NDArray[np.uint8] | None = None,
    class_name: str | None = None,
    regions: tuple[Region, ...] = (),
) -> PartResult:
    """A written-down part."""
    reason = (
        reason
        or {
            Verdict.OK: Reason.BELOW_OK_LIMIT,
            Verdict.NG: Reason.ABOVE_NG_LIMIT,
            Verdict.REVIEW: Reason.BETWEEN_LIMITS,
            Verdict.NOT_INSPECTED: Reason.DEADLINE,
        }[verdict]
    )
    score = {Verdict.OK: 1.31, Verdict.NG: 4.87, Verdict.REVIEW: 2.46}.get(verdict)
    inspection = Inspection(
        inspection_id=f"i{number}",
        part_number=number,
        captured_at=WHEN,
        decided_at=WHEN,
        camera="fake:",
        source=None,
        truth=None,
        recipe="cable",
        model_id="patch_memory-20261122T215800Z-ab12cd34",
        verdict=verdict,
        reason=reason,
        detail="",
        score=score,
        p_value=0.004,
        ok_limit=2.12,
        ng_limit=2.98,
        class_name=class_name,
        class_confidence=0.92 if class_name else None,
        regions=regions,
        latency_ms=14.2,
        image_path=None,
        heatmap_path=None,
    )
    if heatmap is None and verdict is not Verdict.NOT_INSPECTED:
        heatmap = np.full((8, 8), number % 256, np.uint8)
    return PartResult(inspection, frame or make_frame(number), heatmap)


class FakeStation(QObject):
    """A station that does what the test says."""

    state_changed = Signal(object, str)
    part_done = Signal(object)
    counters_changed = Signal(object)
    lot_changed = Signal(str)
    model_changed = Signal(object)
    camera_changed = Signal(object)
    trigger_changed = Signal(object, int)
    finished = Signal()

    def __init__(self, state: StationState = StationState.INSPECTING) -> None:
        super().__init__()
        self.state = state
        self.state_reason = StateReason.NONE
        self.live = LatestSlot()
        self.counters = Counters()
        self.ng_in_a_row = 0
        self.recipe = "cable"
        self.lot = ""
        self.lot_counters = Counters()
        self.calls: list[str] = []

    @property
    def tallies(self) -> Tallies:
        """The shift's counters also stand for everything."""
        return Tallies(self.counters, self.lot_counters, self.counters, self.lot)

    def set_lot(self, name: str) -> None:
        self.lot, self.lot_counters = name, Counters()
        self.lot_changed.emit(name)
        self.counters_changed.emit(self.counters)

    def go(self, state: StationState, reason: StateReason = StateReason.NONE) -> None:
        """Changes the state and says so."""
        self.state, self.state_reason = state, reason
        self.state_changed.emit(state, str(reason))

    def answer(self, part: PartResult) -> None:
        """One part is done."""
        self.counters = self.counters.plus(part.inspection.verdict)
        if self.lot:
            self.lot_counters = self.lot_counters.plus(part.inspection.verdict)
        self.part_done.emit(part)
        self.counters_changed.emit(self.counters)

    def trigger(self) -> int | None:
        self.calls.append("trigger")
        return 1

    def pause(self) -> None:
        self.calls.append("pause")
        self.go(StationState.PAUSED, StateReason.BY_OPERATOR)

    def resume(self) -> None:
        self.calls.append("resume")
        self.go(StationState.INSPECTING)


class FakeHealth(QObject):
    """Emits the reports it is given."""

    changed = Signal(object)
    report = None


class FakeExplainer(QObject):
    """An explaining engine that answers when the test says so."""

    explained = Signal(object)
    failed = Signal(int, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[NDArray[np.uint8]] = []
        self.methods: list[str] = []
        self.stopped: list[int] = []

    def explain(self, pixels: NDArray[np.uint8], method: str = "occlusion") -> int:
        self.asked.append(pixels)
        self.methods.append(method)
        return len(self.asked)

    def stop(self, number: int) -> None:
        self.stopped.append(number)

    def answer(self, number: int, strongest: int = 255, model_id: str = "model") -> None:
        """A plane whose strongest place has this value."""
        plane = np.zeros((8, 8), np.uint8)
        plane[2, 5] = strongest
        self.explained.emit(Explanation(number, "occlusion", "", model_id, 1.0, plane, 0.5))

    def answer_nearest(self, number: int, good: tuple[GoodPatch, ...]) -> None:
        """These good patches, beside a grey one of the part."""
        plane = np.zeros((8, 8), np.uint8)
        plane[2, 5] = 255
        patch = np.full((192, 192, 3), 90, np.uint8)
        self.explained.emit(
            Explanation(number, "nearest", "", "model", 1.0, plane, 0.5, patch, good)
        )


class FakeReview(QObject):
    """A review queue that only knows how long it is."""

    changed = Signal()

    def __init__(self, waiting: int = 0) -> None:
        super().__init__()
        self.waiting = waiting

    def remaining(self) -> int:
        return self.waiting
