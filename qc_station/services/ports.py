"""What the inspecting station needs of its neighbours, so that tests can stand in for them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import SignalInstance

from qc_station.domain.counters import Counters
from qc_station.domain.frame import Frame
from qc_station.domain.state import EngineState
from qc_station.domain.verdict import Inspection


class EngineLike(Protocol):
    """The part of the engine's supervisor that the station listens to."""

    @property
    def state(self) -> EngineState: ...
    @property
    def state_changed(self) -> SignalInstance: ...
    @property
    def model_loaded(self) -> SignalInstance: ...


class PictureCodesLike(Protocol):
    """The part of PictureCodes that parts need; ``read`` never comes from inside ``start``."""

    @property
    def read(self) -> SignalInstance: ...
    def start(self, number: int, pixels: NDArray[np.uint8]) -> bool: ...
    def forget(self, number: int) -> None: ...


class VerdictLogLike(Protocol):
    """The part of VerdictLog that inspection needs."""

    @property
    def recorded(self) -> SignalInstance: ...
    @property
    def record_failed(self) -> SignalInstance: ...
    @property
    def health_changed(self) -> SignalInstance: ...
    def record(
        self, draft: Inspection, frame: Frame | None, heatmap: NDArray[np.uint8] | None
    ) -> None: ...
    def counts_since(self, since: datetime) -> Counters: ...
    def counts_ever(self) -> Counters: ...
    def counts_of_lot(self, lot: str) -> Counters: ...
    def last_part_number(self) -> int: ...
    def flush(self, timeout_s: float = 30.0) -> bool: ...
