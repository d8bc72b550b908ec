"""The capture thread in good weather: newest frame, frames for parts, another camera."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from qc_station.camera.base import Capabilities, FrameMaker
from qc_station.camera.capture import CaptureThread
from qc_station.camera.errors import CameraError, PictureError
from qc_station.camera.requests import GrabResult
from qc_station.camera.slots import LatestSlot, PartQueue
from qc_station.domain.frame import Frame
from qc_station.domain.state import CameraState

AddPart = Callable[[Path | str, int], Path]


class TickingCamera:
    """A live camera with a new picture every few milliseconds."""

    name = "ticking"
    capabilities = Capabilities()
    exhausted = False

    def __init__(self) -> None:
        self._maker = FrameMaker(self.name)
        self._count = itertools.count()

    def open(self) -> None:
        """Always there."""

    def read(self) -> Frame:
        time.sleep(0.003)
        pixels = np.full((4, 4, 3), next(self._count) % 251, np.uint8)
        return self._maker.make(pixels)

    def close(self) -> None:
        """Nothing to let go of."""

    def renew(self) -> TickingCamera:
        return TickingCamera()


class Grabs:
    """Collects what a capture thread answers."""

    def __init__(self, capture: CaptureThread) -> None:
        self._capture = capture
        self._answers: queue.Queue[GrabResult] = queue.Queue()

    def ask(self, timeout_s: float = 3.0) -> None:
        self._capture.grab(self._answers.put, timeout_s)

    def next(self) -> GrabResult:
        return self._answers.get(timeout=5)

    def frame(self) -> Frame:
        self.ask()
        result = self.next()
        assert isinstance(result, Frame), result
        return result

    def silent(self) -> bool:
        return self._answers.empty()


@pytest.fixture
def started() -> Iterator[Callable[..., CaptureThread]]:
    running: list[CaptureThread] = []

    def start(capture: CaptureThread) -> CaptureThread:
        running.append(capture)
        capture.start()
        return capture

    yield start
    for capture in running:
        assert capture.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("camera ")]


def wait_for(condition: Callable[[], bool], timeout_s: float = 5.0) -> None:
    until = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.005)


def test_stepped_camera_reads_only_what_parts_ask_for(
    started: Callable[..., CaptureThread], add_part: AddPart, tmp_path: Path
) -> None:
    for index in range(4):
        add_part(f"{index}.png", index)
    capture = started(CaptureThread(f"folder:{tmp_path}"))
    grabs = Grabs(capture)
    names = [Path(str(grabs.frame().source)).name for _ in range(2)]
    time.sleep(0.1)
    assert names == ["0.png", "1.png"]
    assert capture.status.frames == 2
    latest = capture.live.latest()
    assert latest is not None and str(latest.source).endswith("1.png")


def test_every_request_of_a_burst_gets_its_own_picture_in_order(
    started: Callable[..., CaptureThread], add_part: AddPart, tmp_path: Path
) -> None:
    for index in range(6):
        add_part(f"{index}.png", index)
    grabs = Grabs(started(CaptureThread(f"folder:{tmp_path}")))
    for _ in range(8):
        grabs.ask()
    answers = [grabs.next() for _ in range(8)]
    names = [Path(str(answer.source)).name for answer in answers if isinstance(answer, Frame)]
    assert names == [f"{index}.png" for index in range(6)]
    codes = [answer.code for answer in answers if isinstance(answer, CameraError)]
    assert codes == ["camera_exhausted", "camera_exhausted"]
    assert grabs.silent()


def test_unusable_picture_answers_the_part_that_asked_for_it(
    started: Callable[..., CaptureThread], add_part: AddPart, tmp_path: Path
) -> None:
    add_part("a.png", 1)
    (tmp_path / "b.png").write_bytes(b"no picture")
    capture = started(CaptureThread(f"folder:{tmp_path}"))
    grabs = Grabs(capture)
    grabs.frame()
    grabs.ask()
    error = grabs.next()
    assert isinstance(error, PictureError)
    assert str(error.params["path"]).endswith("b.png")
    wait_for(lambda: capture.status.state is CameraState.EXHAUSTED)


def test_part_of_a_live_camera_gets_a_frame_that_arrived_after_its_trigger(
    started: Callable[..., CaptureThread],
) -> None:
    capture = started(CaptureThread("ticking", make_camera=lambda _: TickingCamera()))
    grabs = Grabs(capture)
    wait_for(lambda: capture.status.frames > 3)
    asked = time.monotonic()
    assert grabs.frame().monotonic_s >= asked


def test_live_view_holds_one_frame_and_counts_what_nobody_saw(
    started: Callable[..., CaptureThread],
) -> None:
    capture = started(CaptureThread("ticking", make_camera=lambda _: TickingCamera()))
    wait_for(lambda: capture.live.drops >= 3)
    status = capture.status
    assert status.state is CameraState.RUNNING
    assert status.fps > 0 and status.brightness is not None


def test_another_camera_takes_over_and_waiting_parts_are_told(
    started: Callable[..., CaptureThread], add_part: AddPart, tmp_path: Path
) -> None:
    add_part("new/a.png", 1)
    capture = started(CaptureThread(f"folder:{tmp_path / 'missing'}"))
    wait_for(lambda: capture.status.state is CameraState.FAULT)
    before = capture.status.session
    capture.set_camera(f"folder:{tmp_path / 'new'}")
    wait_for(lambda: capture.status.state is CameraState.RUNNING)
    assert str(Grabs(capture).frame().source).endswith("a.png")
    assert capture.status.session == before + 1


def test_stopping_answers_those_who_wait(started: Callable[..., CaptureThread]) -> None:
    class SilentCamera(TickingCamera):
        def read(self) -> Frame:
            time.sleep(0.2)
            return self._maker.make(np.zeros((4, 4, 3), np.uint8))

    capture = started(CaptureThread("silent", make_camera=lambda _: SilentCamera()))
    grabs = Grabs(capture)
    grabs.ask()
    capture.stop()
    error = grabs.next()
    assert isinstance(error, CameraError) and error.code == "camera_stopped"


def test_frame_numbers_go_on_through_a_change_of_camera(
    started: Callable[..., CaptureThread], add_part: AddPart, tmp_path: Path
) -> None:
    add_part("a/1.png", 1)
    add_part("b/1.png", 2)
    capture = started(CaptureThread(f"folder:{tmp_path / 'a'}"))
    grabs = Grabs(capture)
    first = grabs.frame().frame_id
    capture.set_camera(f"folder:{tmp_path / 'b'}")
    assert grabs.frame().frame_id == first + 1


def test_full_part_queue_says_no_and_keeps_its_order() -> None:
    parts: PartQueue[int] = PartQueue(2)
    assert parts.offer(1) and parts.offer(2)
    assert not parts.offer(3)
    assert parts.refused == 1
    assert [parts.take(), parts.take(), parts.take()] == [1, 2, None]


def test_latest_slot_counts_only_frames_that_nobody_read() -> None:
    slot, maker = LatestSlot(), FrameMaker("test")
    frames = [maker.make(np.zeros((2, 2, 3), np.uint8)) for _ in range(3)]
    slot.put(frames[0])
    assert slot.latest() is frames[0]
    slot.put(frames[1])
    slot.put(frames[2])
    assert slot.latest() is frames[2]
    assert (slot.puts, slot.drops) == (3, 1)
