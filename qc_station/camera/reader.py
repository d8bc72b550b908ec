"""The thread that may hang: opens one camera and reads it until told to end. Judges nothing.

A driver's ``read`` cannot be interrupted. Everything that could block therefore happens here, and
the capture thread looks at ``busy_since`` from outside and walks away when it takes too long.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from typing import Protocol

from qc_station.camera.base import Adjustable, Camera
from qc_station.camera.errors import CameraError, PictureError
from qc_station.domain.camera_setup import ControlSetting, ControlState
from qc_station.domain.frame import Frame


class ReaderEvents(Protocol):
    """What a reader tells; called in the reader's thread, also after it was abandoned."""

    def on_opened(self, reader: Reader) -> None:
        """The camera is connected."""
        ...

    def on_controls(self, reader: Reader, controls: tuple[ControlState, ...]) -> None:
        """What the driver lets somebody set, and how it is set now; empty: nothing."""
        ...

    def on_frame(self, reader: Reader, frame: Frame, last: bool) -> None:
        """A picture; ``last`` when a finite camera has no more."""
        ...

    def on_picture_error(self, reader: Reader, error: PictureError, last: bool) -> None:
        """One picture of a stepped camera could not be used."""
        ...

    def on_exhausted(self, reader: Reader) -> None:
        """There was no picture left."""
        ...

    def on_fault(self, reader: Reader, error: CameraError) -> None:
        """The camera is gone; it has been closed."""
        ...


class Reader(threading.Thread):
    """Reads one camera once it is started. Free-running, or one picture for each ``ask``."""

    def __init__(
        self, camera: Camera, events: ReaderEvents, controls: Sequence[ControlSetting] = ()
    ) -> None:
        """``controls`` are set as soon as the camera is open."""
        super().__init__(name=f"camera {camera.name}", daemon=True)
        self.camera = camera
        self.opened = False
        self.outstanding = 0  # pictures asked for and not told yet; kept by the capture thread
        self._events = events
        self._end = threading.Event()
        self._steps = threading.Semaphore(0)
        self._controls: queue.SimpleQueue[Sequence[ControlSetting]] = queue.SimpleQueue()
        self._controls.put(controls)
        self._busy_since: float | None = None

    @property
    def busy_since(self) -> float | None:
        """``time.monotonic`` when the call that is going on began; None between calls."""
        return self._busy_since

    def ask(self) -> None:
        """One more picture, please (stepped cameras)."""
        self._steps.release()

    def adjust(self, controls: Sequence[ControlSetting]) -> None:
        """Sets these before the next picture is read."""
        self._controls.put(controls)

    def finish(self) -> None:
        """Ends the thread after the call that is going on."""
        self._end.set()
        self._steps.release()

    def run(self) -> None:
        """The whole life of the thread."""
        fault: CameraError | None = None
        try:
            self._read_all()
        except CameraError as error:
            fault = error
        except Exception as error:  # noqa: BLE001 - a driver may raise anything
            fault = CameraError(
                "camera_fault",
                f"The camera {self.camera.name} failed: {error}",
                camera=self.camera.name,
            )
            fault.__cause__ = error
        self._busy_since = None
        self.camera.close()
        if fault is not None:
            self._events.on_fault(self, fault)

    def _read_all(self) -> None:
        self._busy_since = time.monotonic()
        self.camera.open()
        self._adjust()
        self._busy_since = None
        self.opened = True
        stepped = self.camera.capabilities.stepped
        self._events.on_opened(self)
        while not self._end.is_set():
            if stepped:
                self._steps.acquire()
                if self._end.is_set():
                    return
            if not self._read_one(stepped):
                return

    def _adjust(self) -> None:
        """Only the last of what was asked for meanwhile counts."""
        wanted: Sequence[ControlSetting] | None = None
        while not self._controls.empty():
            wanted = self._controls.get()
        if wanted is not None:
            camera = self.camera
            controls = camera.adjust(wanted) if isinstance(camera, Adjustable) else ()
            self._events.on_controls(self, controls)

    def _read_one(self, stepped: bool) -> bool:
        """Reads and reports one picture; False when there is none left."""
        self._busy_since = time.monotonic()
        try:
            self._adjust()
            frame = self.camera.read()
        except PictureError as error:
            self._busy_since = None
            if not stepped:
                raise  # a live camera that sends rubbish needs a new connection
            self._events.on_picture_error(self, error, self.camera.exhausted)
            return not self.camera.exhausted
        self._busy_since = None
        if frame is None:
            self._events.on_exhausted(self)
            return False
        self._events.on_frame(self, frame, self.camera.exhausted)
        return not self.camera.exhausted
