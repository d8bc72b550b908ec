"""A station on real cameras and a real log, with an inspector in the process. Used by tests."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QObject, Signal

from db.store import Store
from qc_station.backend.api import LoadedModel
from qc_station.backend.fake import FAKE_MODEL_ID, NG_LIMIT, OK_LIMIT, FakeInspector
from qc_station.camera.base import Camera, Capabilities, FrameMaker
from qc_station.camera.capture import CaptureThread
from qc_station.camera.errors import CameraError
from qc_station.camera.registry import open_camera
from qc_station.camera.status import CaptureOptions
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome, PartResult
from qc_station.domain.state import EngineState, StateReason, StationState
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Inspection, Reason, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.image_store import ImageStore
from qc_station.services.permits import Require, allow_everything
from qc_station.services.ports import PictureCodesLike
from qc_station.services.station import StationService
from qc_station.services.verdict_log import VerdictLog
from qc_station.settings.schema import Settings

keep_constants_alive()

MODEL = LoadedModel(
    FAKE_MODEL_ID, "fake", "product", (), OK_LIMIT, NG_LIMIT, "cpu", 0.0, Path("fake"), 32, 32
)
QUICK = CaptureOptions(backoff_first_s=0.05, backoff_max_s=0.1)
GOOD, BAD = 230, 20  # brightness of parts that FakeInspector calls OK and NG


class EngineStub(QObject):
    """The supervisor's signals without a process."""

    state_changed = Signal(object, str)
    model_loaded = Signal(object)

    def __init__(self, state: EngineState = EngineState.STARTING) -> None:
        super().__init__()
        self.state = state

    def enter(self, state: EngineState, code: str = "") -> None:
        self.state = state
        self.state_changed.emit(state, code)

    def get_ready(self) -> None:
        self.enter(EngineState.LOADING)
        self.model_loaded.emit(MODEL)
        self.enter(EngineState.READY)


class LineCamera:
    """A live camera on a cable: set ``plugged`` to False and it gives no picture."""

    name = "line"
    capabilities = Capabilities()
    exhausted = False
    plugged = True

    def __init__(self) -> None:
        self._maker = FrameMaker(self.name)
        self._count = itertools.count()

    def open(self) -> None:
        if not self.plugged:
            raise CameraError("camera_open_failed", "The camera is not there. Plug it in.")

    def read(self) -> Frame:
        time.sleep(0.003)
        if not self.plugged:
            raise CameraError("camera_no_picture", "The camera gives no picture.")
        pixels = np.full((8, 8, 3), GOOD, np.uint8)
        pixels[0, 0] = next(self._count) % 250
        return self._maker.make(pixels)

    def close(self) -> None:
        """Nothing to let go of."""

    def renew(self) -> LineCamera:
        return self


def write_parts(folder: Path, brightnesses: Iterable[int]) -> Path:
    """Small grey pictures 000.png, 001.png … of these brightnesses."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, value in enumerate(brightnesses):
        assert cv2.imwrite(str(folder / f"{index:03}.png"), np.full((8, 8, 3), value, np.uint8))
    return folder


class StationRig:
    """A whole station; ``parts`` collects what it announced."""

    def __init__(
        self,
        home: Path,
        address: str,
        *,
        camera: Camera | None = None,
        delay_ms: int = 0,
        script: Iterable[Outcome] = (),
        ready: bool = True,
        store: Store | None = None,
        require: Require = allow_everything,
        codes: PictureCodesLike | None = None,
        **settings: object,
    ) -> None:
        defaults = Settings(interval_ms=0, trigger_mode=TriggerMode.FOLDER, recipe="product")
        self.store = store if store is not None else Store.open(home / "station.sqlite3")
        self.log = VerdictLog(self.store, ImageStore(home / "images"), require=require)
        self.capture = CaptureThread(
            address, QUICK, (lambda _: camera) if camera is not None else open_camera
        )
        self.inspector = FakeInspector(script, delay_ms)
        self.engine = EngineStub()
        self.station = StationService(
            self.capture,
            self.inspector,
            self.log,
            replace(defaults, **settings),  # type: ignore[arg-type]
            self.engine,
            require=require,
            codes=codes,
        )
        self.parts: list[PartResult] = []
        self.states: list[tuple[StationState, str]] = []
        self.station.part_done.connect(self.parts.append)
        self.station.state_changed.connect(lambda state, why: self.states.append((state, why)))
        if ready:
            self.engine.get_ready()

    @property
    def why(self) -> tuple[StationState, StateReason]:
        return self.station.state, self.station.state_reason

    @property
    def verdicts(self) -> list[Verdict]:
        return [part.inspection.verdict for part in self.parts]

    @property
    def reasons(self) -> list[Reason]:
        return [part.inspection.reason for part in self.parts]

    def logged(self) -> list[Inspection]:
        """What is in the log, oldest first."""
        return self.log.query(HistoryFilter(), 0, 1000)[::-1]

    def close(self) -> None:
        self.station.stop(2.0)
        self.log.close()
        self.store.close()
