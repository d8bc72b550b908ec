"""Runs inspection: trigger, frame, engine, log, answer. Exactly one logged answer per trigger."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from qc_station.backend.api import LoadedModel
from qc_station.camera.slots import LatestSlot
from qc_station.domain.counters import Counters
from qc_station.domain.state import StateReason, StationState
from qc_station.domain.triggers import TriggerMode


class StationService(QObject):
    """The inspecting station. All methods and signals belong to the GUI thread."""

    state_changed = Signal(object, str)  # StationState, StateReason
    part_done = Signal(object)  # PartResult, after the log has acknowledged it
    counters_changed = Signal(object)  # Counters since the shift's start
    model_changed = Signal(object)  # LoadedModel | None
    camera_changed = Signal(object)  # CaptureStatus
    trigger_changed = Signal(object, int)  # TriggerMode, interval_ms
    finished = Signal()  # pictures exhausted or part limit reached, and all parts answered

    @property
    def state(self) -> StationState:
        """What the station is doing."""
        raise NotImplementedError

    @property
    def state_reason(self) -> StateReason:
        """Why."""
        raise NotImplementedError

    @property
    def live(self) -> LatestSlot:
        """The newest frame, for the live view (read it from a 16 ms timer)."""
        raise NotImplementedError

    @property
    def counters(self) -> Counters:
        """Parts since the shift's start."""
        raise NotImplementedError

    @property
    def counters_today(self) -> Counters:
        """Parts since midnight, local time."""
        raise NotImplementedError

    @property
    def loaded_model(self) -> LoadedModel | None:
        """The model that answers parts."""
        raise NotImplementedError

    @property
    def trigger_mode(self) -> TriggerMode:
        """What triggers a part."""
        raise NotImplementedError

    @property
    def interval_ms(self) -> int:
        """Milliseconds between automatic parts."""
        raise NotImplementedError

    @property
    def in_flight(self) -> int:
        """Triggered parts that have no logged answer yet."""
        raise NotImplementedError

    def start(self) -> None:
        """Starts the camera and the triggers."""
        raise NotImplementedError

    def stop(self, timeout_s: float = 10.0) -> None:
        """Takes no new parts, waits for those under way, stops the camera."""
        raise NotImplementedError

    def pause(self) -> None:
        """No automatic parts and no key triggers until ``resume``; parts under way finish."""
        raise NotImplementedError

    def resume(self) -> None:
        """Goes on after a pause."""
        raise NotImplementedError

    def trigger(self) -> int | None:
        """One part now: its number, or None when the station is paused, teaching or finished."""
        raise NotImplementedError

    def set_trigger(self, mode: TriggerMode, interval_ms: int) -> None:
        """Another trigger from now on."""
        raise NotImplementedError

    def set_camera(self, url: str) -> None:
        """Another camera from now on; parts that wait for a frame of the old one are answered."""
        raise NotImplementedError

    def set_recipe(self, name: str) -> None:
        """The recipe name written with every following part."""
        raise NotImplementedError

    def set_teaching(self, teaching: bool) -> None:
        """TEACHING while the camera shows parts to learn from: nothing is inspected."""
        raise NotImplementedError

    def set_part_limit(self, parts: int | None) -> None:
        """Finish after this many triggered parts (counted from the start of the station)."""
        raise NotImplementedError
