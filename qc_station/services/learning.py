"""Teaches and retrains models in engine child processes. Never touches the active model itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qc_station.domain.frame import Frame
from qc_station.domain.learning import LearningState, ReviewedCounts


class LearningService(QObject):
    """One job at a time; the inspecting model stays active until somebody activates the new one."""

    progress = Signal(str, int, int, float)  # stage, done, total, seconds left (-1: unknown)
    done = Signal(object)  # LearningResult
    failed = Signal(str, str)  # code, sentence
    state_changed = Signal(object)  # LearningState
    collected = Signal(int, int)  # pictures taken, wanted

    @property
    def state(self) -> LearningState:
        raise NotImplementedError

    def reviewed_since_active(self, recipe: str) -> ReviewedCounts:
        """Expert answers since the active model was taught."""
        raise NotImplementedError

    def teach_folder(self, folder: Path, product: str) -> None:
        """Teaches from a folder (MVTec AD or class folders); activates when it is the first."""
        raise NotImplementedError

    def begin_collection(self, product: str, wanted: int) -> None:
        """Starts collecting good pictures from the camera."""
        raise NotImplementedError

    def collect(self, frame: Frame) -> int:
        """Keeps one good picture (lossless) and returns how many there are."""
        raise NotImplementedError

    def drop_last(self) -> int:
        """Takes the last collected picture away again."""
        raise NotImplementedError

    def teach_camera(self) -> None:
        """Teaches from the pictures collected since begin_collection."""
        raise NotImplementedError

    def retrain(self, recipe: str) -> None:
        """Original goods + reviewed parts -> snapshot -> teach -> old and new compared."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stops whatever runs; the active model stays, nothing half-made remains."""
        raise NotImplementedError
