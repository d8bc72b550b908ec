"""What the capture thread makes of cameras that are unplugged, hang, repeat themselves or lie."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from qc_station.camera.base import Capabilities, FrameMaker
from qc_station.camera.capture import CaptureThread
from qc_station.camera.errors import CameraError
from qc_station.camera.requests import GrabResult
from qc_station.camera.status import CaptureOptions, CaptureStatus
from qc_station.domain.frame import Frame
from qc_station.domain.state import CameraState

QUICK = CaptureOptions(
    open_timeout_s=0.3,
    read_timeout_s=0.3,
    frozen_after_s=0.3,
    backoff_first_s=0.05,
    backoff_max_s=0.2,
    max_abandoned=3,
)


class Plug:
    """The cable of a camera, and how the driver takes its loss."""

    def __init__(self) -> None:
        self.mode = "ok"  # ok, unplugged, hangs, repeats, crashes
        self.release = threading.Event()
        self.opened = 0
        self.hanging = 0


class PluggedCamera:
    """A live camera on a plug; ``renew`` gives another one on the same plug."""

    name = "plugged"
    capabilities = Capabilities()
    exhausted = False

    def __init__(self, plug: Plug) -> None:
        self._plug = plug
        self._maker = FrameMaker(self.name)
        self._count = itertools.count()
        self._last = np.zeros((4, 4, 3), np.uint8)

    def open(self) -> None:
        self._plug.opened += 1
        if self._plug.mode == "unplugged":
            raise CameraError("camera_open_failed", "The camera is not there. Plug it in.")

    def read(self) -> Frame:
        time.sleep(0.002)
        mode = self._plug.mode
        if mode == "unplugged":
            raise CameraError("camera_no_picture", "No picture. Check the cable.")
        if mode == "crashes":
            raise ZeroDivisionError("driver bug")
        if mode == "hangs":
            self._plug.hanging += 1
            self._plug.release.wait(20)
            raise CameraError("camera_no_picture", "It came back far too late.")
        if mode == "ok":
            self._last = np.full((4, 4, 3), 1 + next(self._count) % 250, np.uint8)
        return self._maker.make(self._last.copy())

    def close(self) -> None:
        """Nothing to let go of."""

    def renew(self) -> PluggedCamera:
        return PluggedCamera(self._plug)


class Rig:
    """A capture thread on a plug, with everything it told."""

    def __init__(self, options: CaptureOptions = QUICK) -> None:
        self.plug = Plug()
        self.capture = CaptureThread("plugged", options, lambda _: PluggedCamera(self.plug))
        self.told: list[CaptureStatus] = []
        self.answers: queue.Queue[GrabResult] = queue.Queue()
        self.capture.subscribe(self.told.append)
        self.capture.start()

    def ask(self, timeout_s: float = 2.0) -> GrabResult:
        self.capture.grab(self.answers.put, timeout_s)
        return self.answers.get(timeout=5)

    def wait(self, state: CameraState) -> CaptureStatus:
        until = time.monotonic() + 5
        while self.capture.status.state is not state:
            assert time.monotonic() < until, f"never {state}: {self.capture.status}"
            time.sleep(0.005)
        return self.capture.status


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.plug.release.set()
    made.plug.mode = "unplugged"
    made.capture.stop()


@pytest.mark.parametrize(
    ("mode", "code"),
    [("unplugged", "camera_no_picture"), ("hangs", "camera_timeout"),
     ("repeats", "camera_frozen"), ("crashes", "camera_fault")],
)  # fmt: skip
def test_lost_camera_is_a_fault_with_a_code_and_comes_back_by_itself(
    rig: Rig, mode: str, code: str
) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = mode
    rig.wait(CameraState.FAULT)
    faults = [status.error for status in rig.told if status.state is CameraState.FAULT]
    assert faults[0] is not None and faults[0].code == code
    rig.plug.mode = "ok"
    rig.wait(CameraState.RUNNING)
    assert isinstance(rig.ask(), Frame)
    assert rig.capture.status.reconnects >= 1


def test_parts_during_a_fault_are_answered_at_once(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "unplugged"
    rig.wait(CameraState.FAULT)
    began = time.monotonic()
    error = rig.ask(timeout_s=10)
    assert isinstance(error, CameraError)
    assert time.monotonic() - began < 1.0


def test_part_that_waits_when_the_read_hangs_is_answered(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "hangs"
    time.sleep(0.05)
    error = rig.ask(timeout_s=10)
    assert isinstance(error, CameraError) and error.code == "camera_timeout"


def test_part_gives_up_at_its_own_deadline(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "repeats"
    time.sleep(0.02)
    began = time.monotonic()
    error = rig.ask(timeout_s=0.1)
    assert isinstance(error, CameraError) and error.code == "camera_timeout"
    assert time.monotonic() - began < 0.3


def test_the_old_picture_after_an_unplug_is_never_a_part(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "repeats"
    rig.wait(CameraState.FAULT)
    frames = rig.capture.status.frames
    time.sleep(0.6)  # it reconnects and sends the same picture again and again
    assert rig.capture.status.frames == frames
    assert rig.capture.status.state is CameraState.FAULT


def test_what_an_abandoned_read_brings_back_late_is_ignored(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "hangs"
    rig.wait(CameraState.FAULT)
    rig.plug.mode = "ok"
    rig.wait(CameraState.RUNNING)
    told = len(rig.told)
    rig.plug.release.set()  # now the old thread raises its error
    time.sleep(0.2)
    assert len(rig.told) == told
    assert rig.capture.status.state is CameraState.RUNNING


def test_driver_that_always_hangs_does_not_pile_up_threads(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "hangs"
    until = time.monotonic() + 10
    while not any(status.error and status.error.code == "camera_stuck" for status in rig.told):
        assert time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.5)
    assert rig.plug.hanging <= QUICK.max_abandoned
    rig.plug.mode = "ok"
    rig.plug.release.set()
    rig.wait(CameraState.RUNNING)


def test_reconnecting_backs_off(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "unplugged"
    rig.wait(CameraState.FAULT)
    before = rig.plug.opened
    time.sleep(1.0)
    # 0.05 + 0.1 + 0.2 + 0.2 + … s: without back-off it would be hundreds
    assert 2 <= rig.plug.opened - before <= 8


def test_stopping_leaves_a_hanging_read_behind_instead_of_waiting_for_it(rig: Rig) -> None:
    rig.wait(CameraState.RUNNING)
    rig.plug.mode = "hangs"
    time.sleep(0.05)
    began = time.monotonic()
    assert not rig.capture.stop(timeout_s=0.3)
    assert time.monotonic() - began < 1.0


def test_wrong_address_is_a_fault_and_the_next_camera_still_works() -> None:
    capture = CaptureThread("nonsense")
    capture.start()
    try:
        status = capture.status
        assert status.state is CameraState.FAULT
        assert status.error is not None and status.error.code == "camera_address"
    finally:
        assert capture.stop()


def test_folder_that_appears_later_is_found(
    tmp_path: pytest.TempPathFactory, add_part: Callable[[str, int], object]
) -> None:
    capture = CaptureThread(f"folder:{tmp_path}/later", QUICK)
    capture.start()
    try:
        time.sleep(0.2)
        assert capture.status.state is CameraState.FAULT
        add_part("later/good/a.png", 1)
        until = time.monotonic() + 5
        while capture.status.state is not CameraState.RUNNING:
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        assert capture.stop()
