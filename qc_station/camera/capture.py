"""Keeps one camera running: newest frame, frames for parts, watchdog, reconnect. No Qt.

Two threads: the reader makes the calls that may block, the capture thread watches it. A read that
takes too long is abandoned together with its thread, and a fresh camera takes its place.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median

from qc_station.camera.base import Camera
from qc_station.camera.errors import CameraError, PictureError
from qc_station.camera.health import NewnessGuard, brightness, focus_index
from qc_station.camera.reader import Reader
from qc_station.camera.registry import open_camera
from qc_station.camera.requests import Calls, FrameRequests, GrabCallback
from qc_station.camera.slots import LatestSlot
from qc_station.camera.status import CaptureOptions, CaptureStatus
from qc_station.domain.camera_setup import ControlSetting, ControlState
from qc_station.domain.frame import Frame
from qc_station.domain.state import CameraState

TICK_S = 0.05
FPS_WINDOW_S = 2.0
STEADY_OF = 15
"""Measurements of focus and brightness whose median counts."""
REPEAT_PAUSE_S = 0.005  # a driver that repeats itself without waiting must not burn a core


class CaptureThread:
    """Runs the camera of an address. All methods may be called from any thread.

    ``grab`` answers exactly once: with the next frame that arrives after the call, the next
    picture of a stepped camera, a PictureError for a picture that cannot be used, or the
    CameraError that stands in the way. Callbacks run in a thread of this package.
    """

    def __init__(
        self,
        address: str = "",
        options: CaptureOptions | None = None,
        make_camera: Callable[[str], Camera] = open_camera,
    ) -> None:
        self.live = LatestSlot()
        self._options = options or CaptureOptions()
        self._make_camera = make_camera
        self._address = address
        self._lock = threading.Condition(threading.RLock())
        self._listeners: list[Callable[[CaptureStatus], None]] = []
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._status = CaptureStatus()
        self._camera: Camera | None = None
        self._reader: Reader | None = None
        self._retired: list[Reader] = []
        self._requests = FrameRequests()
        self._guard = NewnessGuard()
        self._arrivals: deque[float] = deque(maxlen=1000)
        self._frame_count = 0
        self._repeats = 0  # the same picture since the last new one
        self._last_new_s = 0.0
        self._measured_s = float("-inf")
        self._measures: deque[tuple[float, float]] = deque(maxlen=STEADY_OF)
        self._controls: dict[str, tuple[ControlSetting, ...]] = {}  # by address
        self._retry_at: float | None = None
        self._backoff_s = self._options.backoff_first_s

    # -- what the station calls ------------------------------------------------------------

    def subscribe(self, listener: Callable[[CaptureStatus], None]) -> None:
        """``listener`` is called after every change of state, in whatever thread it happens.

        Calls of two threads may overtake each other: ``status`` is the truth.
        """
        with self._lock:
            self._listeners.append(listener)

    @property
    def address(self) -> str:
        """The camera address in use."""
        return self._address

    @property
    def status(self) -> CaptureStatus:
        """The state now, with figures."""
        now = time.monotonic()
        with self._lock:
            while self._arrivals and now - self._arrivals[0] > FPS_WINDOW_S:
                self._arrivals.popleft()
            return replace(
                self._status,
                fps=len(self._arrivals) / FPS_WINDOW_S,
                frames=self._frame_count,
                drops=self.live.drops,
                last_frame_age_s=now - self._last_new_s if self._frame_count else None,
            )

    def start(self) -> None:
        """Connects and keeps connected. Does nothing when it runs already."""
        with self._lock:
            if self._thread is not None:
                return
            self._stopping = False
            calls = self._choose(self._address)
            self._thread = threading.Thread(target=self._watch, name="capture", daemon=True)
            self._thread.start()
        _run(calls)

    def stop(self, timeout_s: float = 3.0) -> bool:
        """Ends the threads; False when a blocked one had to be left behind (it is a daemon)."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stopping = True
            self._retire()
            calls = self._requests.fail(self._error("camera_stopped", "The camera was stopped."))
            calls += self._set_state(CameraState.STOPPED, None)
            retired = list(self._retired)
            self._lock.notify_all()
        _run(calls)
        deadline = time.monotonic() + timeout_s
        for waiting in (thread, *retired):
            if waiting is not None and waiting is not threading.current_thread():
                waiting.join(max(0.0, deadline - time.monotonic()))
        return not any(reader.is_alive() for reader in retired)

    def set_camera(self, address: str) -> None:
        """Another camera. Parts that wait for a frame of the old one are told so."""
        with self._lock:
            self._address = address
            if self._thread is None:
                return
            self._retire()
            calls = self._requests.fail(self._error("camera_stopped", "Another camera was chosen."))
            self.live.clear()
            calls += self._choose(address)
            self._lock.notify_all()
        _run(calls)

    def set_controls(self, address: str, controls: Sequence[ControlSetting]) -> None:
        """How this camera's driver is to be set, now and after every reconnect."""
        with self._lock:
            self._controls[address] = tuple(controls)
            if address == self._address and self._reader is not None:
                self._reader.adjust(self._controls[address])

    def grab(self, callback: GrabCallback, timeout_s: float) -> None:
        """Asks for one frame for one part; ``callback`` is called once, never from in here."""
        with self._lock:
            self._requests.add(callback, time.monotonic(), timeout_s)
            if self._reader is not None and self._reader.opened:
                self._ask(self._reader)
            self._lock.notify_all()

    # -- what readers tell -----------------------------------------------------------------

    def on_opened(self, reader: Reader) -> None:
        """Connected: a stepped camera is ready, a live one has yet to show a picture."""
        calls: Calls = []
        with self._lock:
            if reader is not self._reader:
                return
            self._last_new_s = time.monotonic()
            self._repeats = 0
            if reader.camera.exhausted:
                calls = self._exhausted()
            elif reader.camera.capabilities.stepped:
                calls = self._running()
                self._ask(reader)
        _run(calls)

    def on_controls(self, reader: Reader, controls: tuple[ControlState, ...]) -> None:
        """What the driver took."""
        with self._lock:
            if reader is self._reader:
                self._status = replace(self._status, controls=controls)

    def on_frame(self, reader: Reader, frame: Frame, last: bool) -> None:
        """A picture. Only a new one goes to the eye and to the parts."""
        capabilities = reader.camera.capabilities
        with self._lock:
            if reader is not self._reader:
                return
            new = not capabilities.live or self._guard.is_new(frame)
            if new:
                calls = self._take(reader, frame)
            else:
                self._repeats += 1
                calls = []
            if last:
                calls += self._exhausted()
        _run(calls)
        if new:
            self._measure(reader, frame)
        else:
            time.sleep(REPEAT_PAUSE_S)

    def on_picture_error(self, reader: Reader, error: PictureError, last: bool) -> None:
        """The part that asked for this picture learns that it cannot be used."""
        with self._lock:
            if reader is not self._reader:
                return
            reader.outstanding -= 1
            calls = self._requests.step(error)
            if last:
                calls += self._exhausted()
        _run(calls)

    def on_exhausted(self, reader: Reader) -> None:
        """A finite camera ended."""
        with self._lock:
            calls = self._exhausted() if reader is self._reader else []
        _run(calls)

    def on_fault(self, reader: Reader, error: CameraError) -> None:
        """The camera is gone: say so, try again later."""
        with self._lock:
            calls = self._fault(error) if reader is self._reader else []
        _run(calls)

    # -- under the lock; what returns Calls wants them made after it ---------------------------

    def _take(self, reader: Reader, frame: Frame) -> Calls:
        self._frame_count += 1
        # Ids go on through reconnects: a heatmap finds its frame by id.
        frame = replace(frame, frame_id=self._frame_count)
        self._last_new_s = time.monotonic()
        self._repeats = 0
        self._arrivals.append(self._last_new_s)
        if self._status.size != frame.pixels.shape[1::-1]:
            height, width = frame.pixels.shape[:2]
            self._status = replace(self._status, size=(width, height))
        self.live.put(frame)
        calls = self._running()
        if reader.camera.capabilities.stepped:
            reader.outstanding -= 1
            return calls + self._requests.step(frame)
        return calls + self._requests.newer(frame)

    def _ask(self, reader: Reader) -> None:
        """Steps the camera once for each part that no picture is on its way to."""
        if not reader.camera.capabilities.stepped:
            return
        for _ in range(self._requests.unread - reader.outstanding):
            reader.outstanding += 1
            reader.ask()

    def _choose(self, address: str) -> Calls:
        self._guard.reset()
        self._requests.forget_spares()
        self._arrivals.clear()
        self._measures.clear()
        self._measured_s = float("-inf")
        self._camera = None
        self._backoff_s = self._options.backoff_first_s
        session = self._status.session + 1
        self._status = CaptureStatus(session=session)
        try:
            camera = self._make_camera(address)
        except CameraError as error:
            self._retry_at = None  # no use in trying the same wrong address again
            return self._set_state(CameraState.FAULT, error)
        self._camera = camera
        self._status = CaptureStatus(
            name=camera.name,
            stepped=camera.capabilities.stepped,
            finite=camera.capabilities.finite,
            session=session,
        )
        self._retry_at = time.monotonic()
        return self._set_state(CameraState.CONNECTING, None)

    def _retire(self) -> None:
        if self._reader is not None:
            self._reader.finish()
            self._retired.append(self._reader)
            self._reader = None

    def _running(self) -> Calls:
        self._backoff_s = self._options.backoff_first_s
        return self._set_state(CameraState.RUNNING, None)

    def _exhausted(self) -> Calls:
        self._retire()
        self._retry_at = None
        calls = self._requests.fail(
            self._error("camera_exhausted", f"{self._status.name} has no more pictures.")
        )
        return calls + self._set_state(CameraState.EXHAUSTED, None)

    def _fault(self, error: CameraError) -> Calls:
        self._retire()
        self._retry_at = time.monotonic() + self._backoff_s
        self._backoff_s = min(self._backoff_s * 2, self._options.backoff_max_s)
        self._status = replace(self._status, reconnects=self._status.reconnects + 1)
        return self._set_state(CameraState.FAULT, error) + self._requests.fail(error)

    def _set_state(self, state: CameraState, error: CameraError | None) -> Calls:
        if self._status.state is state and self._status.error is error:
            return []
        self._status = replace(self._status, state=state, error=error)
        return [partial(listener, self.status) for listener in self._listeners]

    def _error(self, code: str, message: str) -> CameraError:
        return CameraError(code, message, camera=self._status.name)

    # -- the watching thread ---------------------------------------------------------------

    def _watch(self) -> None:
        while True:
            with self._lock:
                if self._stopping:
                    return
                calls = self._tick(time.monotonic())
                if not calls:
                    self._lock.wait(TICK_S)
            _run(calls)

    def _tick(self, now: float) -> Calls:
        self._retired = [reader for reader in self._retired if reader.is_alive()]
        calls = self._requests.pair()
        status = self._status
        if status.state is CameraState.FAULT and status.error is not None:
            calls += self._requests.fail(status.error)
        elif status.state is CameraState.EXHAUSTED:
            calls += self._exhausted()
        late = self._error("camera_timeout", f"The camera {status.name} gave no picture in time.")
        calls += self._requests.overdue(now, late)
        if self._reader is not None:
            calls += self._check(self._reader, now)
        elif self._retry_at is not None and now >= self._retry_at and self._camera is not None:
            calls += self._reconnect(self._camera, now)
        return calls

    def _check(self, reader: Reader, now: float) -> Calls:
        """The watchdog: a call that hangs, or a live camera that repeats itself."""
        limits, name = self._options, self._status.name
        busy_since = reader.busy_since
        limit_s = limits.read_timeout_s if reader.opened else limits.open_timeout_s
        if busy_since is not None and now - busy_since > limit_s:
            self._camera = reader.camera.renew()
            sentence = f"The camera {name} has not answered for {limit_s:g} s."
            return self._fault(
                self._error("camera_timeout", f"{sentence} Check its cable and its power.")
            )
        if self._repeats and now - self._last_new_s > limits.frozen_after_s:
            sentence = f"The camera {name} repeats the same picture."
            return self._fault(self._error("camera_frozen", f"{sentence} Check its cable."))
        return []

    def _reconnect(self, camera: Camera, now: float) -> Calls:
        if any(reader.camera is camera for reader in self._retired):
            return []  # it is still being closed; opening it now would fail
        if len(self._retired) >= self._options.max_abandoned:
            self._retry_at = now + self._options.backoff_max_s
            sentence = f"The driver of {self._status.name} hangs."
            advice = "Unplug the camera and restart the station."
            error = self._error("camera_stuck", f"{sentence} {advice}")
            return self._set_state(CameraState.FAULT, error)
        self._retry_at = None
        self._reader = Reader(camera, self, self._controls.get(self._address, ()))
        self._reader.start()
        return []

    def _measure(self, reader: Reader, frame: Frame) -> None:
        """Focus and brightness, now and then; in the reader's thread, outside the lock."""
        now = time.monotonic()
        if now - self._measured_s < self._options.image_health_s:
            return
        self._measured_s = now
        focus, light = focus_index(frame.pixels), brightness(frame.pixels)
        with self._lock:
            if reader is not self._reader:
                return  # another camera was chosen meanwhile
            self._measures.append((focus, light))
            self._status = replace(
                self._status,
                focus=focus,
                brightness=light,
                steady_focus=median(m[0] for m in self._measures),
                steady_brightness=median(m[1] for m in self._measures),
            )


def _run(calls: Calls) -> None:
    for call in calls:
        call()
