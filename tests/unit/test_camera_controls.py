"""Exposure, gain, white balance and focus: only what the driver really has, and kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from camera_support import AUTO, EXPOSURE, GAIN, FakeDriver

from qc_station.camera.base import Camera
from qc_station.camera.capture import CaptureThread
from qc_station.camera.discovery import find_devices, try_camera
from qc_station.camera.driver import DriverControls
from qc_station.camera.health import focus_index
from qc_station.camera.registry import open_camera, shown_address
from qc_station.camera.status import CaptureOptions
from qc_station.domain.camera_setup import (
    Baseline,
    CameraSetup,
    Control,
    ControlSetting,
    ControlState,
    Drift,
)
from qc_station.domain.recipe import Recipe
from qc_station.domain.state import CameraState

WHEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
QUICK = CaptureOptions(backoff_first_s=0.02, backoff_max_s=0.02, image_health_s=0.0)
BASELINE = Baseline(2.0, 0.5, WHEN, "Ada")


def states(controls: tuple[ControlState, ...] | None) -> dict[Control, ControlState]:
    return {state.control: state for state in controls or ()}


def wait_for(condition: Callable[[], bool], timeout_s: float = 5.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.002)


# -- the driver --------------------------------------------------------------------------------


def test_only_controls_that_can_be_read_back_are_offered() -> None:
    driver = FakeDriver()
    found = states(DriverControls(driver).adjust(()))
    assert set(found) == {Control.EXPOSURE, Control.GAIN}
    assert found[Control.EXPOSURE].auto is True
    assert found[Control.GAIN].auto is None


def test_a_driver_that_says_yes_to_everything_offers_nothing() -> None:
    driver = FakeDriver()
    driver.deaf = True
    assert DriverControls(driver).adjust(()) == ()


def test_trying_out_leaves_the_driver_as_it_was() -> None:
    driver = FakeDriver()
    before = dict(driver.values)
    DriverControls(driver)
    assert driver.values == before


def test_a_value_switches_the_automatic_off_and_what_was_taken_is_told() -> None:
    driver = FakeDriver()
    controls = DriverControls(driver)
    wanted = ControlSetting(Control.EXPOSURE, 300.0)
    taken = states(controls.adjust([wanted]))[Control.EXPOSURE]
    assert (driver.values[AUTO], driver.values[EXPOSURE]) == (1.0, 300.0)
    assert taken.follows(wanted)
    too_much = ControlSetting(Control.EXPOSURE, 9000.0)
    taken = states(controls.adjust([too_much]))[Control.EXPOSURE]
    assert taken.value == 500.0
    assert not taken.follows(too_much)


def test_back_to_automatic() -> None:
    driver = FakeDriver()
    controls = DriverControls(driver)
    controls.adjust([ControlSetting(Control.EXPOSURE, 300.0)])
    wanted = ControlSetting(Control.EXPOSURE, 300.0, auto=True)
    assert states(controls.adjust([wanted]))[Control.EXPOSURE].follows(wanted)
    assert driver.values[AUTO] == 3.0


def test_what_the_driver_has_not_is_passed_over() -> None:
    controls = DriverControls(FakeDriver())
    after = controls.adjust([ControlSetting(Control.FOCUS, 5.0)])
    assert Control.FOCUS not in states(after)


# -- the capture thread ------------------------------------------------------------------------


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    fake = FakeDriver()

    def connect(*_arguments: object) -> FakeDriver:
        fake.values.update({EXPOSURE: 157.0, AUTO: 3.0, GAIN: 10.0})  # as after power-up
        return fake

    monkeypatch.setattr(cv2, "VideoCapture", connect)
    return fake


@pytest.fixture
def capture(driver: FakeDriver) -> Iterator[CaptureThread]:
    made = CaptureThread("opencv:0", QUICK)
    yield made
    assert made.stop()


def test_controls_are_set_while_pictures_come_and_again_after_a_reconnect(
    capture: CaptureThread, driver: FakeDriver
) -> None:
    capture.start()
    wait_for(lambda: capture.status.state is CameraState.RUNNING)
    capture.set_controls("opencv:0", [ControlSetting(Control.GAIN, 42.0)])
    wait_for(lambda: states(capture.status.controls)[Control.GAIN].value == 42.0)
    driver.plugged = False
    wait_for(lambda: capture.status.state is CameraState.FAULT)
    driver.values[GAIN] = 10.0
    driver.plugged = True
    wait_for(lambda: capture.status.state is CameraState.RUNNING)
    assert driver.values[GAIN] == 42.0
    assert capture.status.size == (64, 48)


def test_controls_of_another_camera_are_not_set_on_this_one(
    capture: CaptureThread, driver: FakeDriver
) -> None:
    capture.set_controls("opencv:1", [ControlSetting(Control.GAIN, 42.0)])
    capture.start()
    wait_for(lambda: capture.status.state is CameraState.RUNNING)
    assert driver.values[GAIN] == 10.0
    capture.set_camera("opencv:1")
    wait_for(lambda: capture.status.name == "opencv:1" and capture.status.controls is not None)
    assert driver.values[GAIN] == 42.0


def test_a_folder_offers_no_controls(make_mvtec: Callable[..., object]) -> None:
    folder = CaptureThread(f"folder:{make_mvtec(test_good=2)}", QUICK)
    folder.start()
    wait_for(lambda: folder.status.controls == ())
    assert folder.stop()


def test_median_of_several_pictures_counts_and_another_camera_begins_anew(
    capture: CaptureThread, driver: FakeDriver
) -> None:
    capture.start()
    wait_for(lambda: capture.status.frames > 20)
    status = capture.status
    assert status.steady_focus is not None and status.focus is not None
    assert status.steady_focus == pytest.approx(status.focus, rel=0.05)
    driver.plugged = False
    capture.set_camera("opencv:2")
    assert capture.status.steady_focus is None


# -- finding cameras ---------------------------------------------------------------------------


def test_a_camera_that_works_shows_its_picture_and_is_let_go(driver: FakeDriver) -> None:
    tried = try_camera("opencv:0")
    assert tried.error is None
    assert tried.size == (64, 48)
    assert driver.closed


def test_a_camera_that_is_not_there_says_so(driver: FakeDriver) -> None:
    driver.plugged = False
    tried = try_camera("opencv:3")
    assert tried.error is not None and tried.error.code == "camera_open_failed"
    assert try_camera("nonsense").error is not None


def test_a_driver_that_hangs_is_left_behind() -> None:
    let_go = threading.Event()

    class Hanging:
        name = "hanging"

        def open(self) -> None:
            let_go.wait(10)

        def close(self) -> None:
            """Nothing to let go of."""

    def make(_address: str) -> Camera:
        return Hanging()  # type: ignore[return-value]

    tried = try_camera("opencv:0", make, timeout_s=0.05)
    let_go.set()
    assert tried.error is not None and tried.error.code == "camera_timeout"


def test_devices_in_use_are_not_opened_and_dead_ones_not_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def make(address: str) -> Camera:
        opened.append(address)
        return open_camera(address)

    monkeypatch.setattr("qc_station.camera.discovery.device_numbers", lambda: [0, 1, 2])
    cameras = {0: FakeDriver(), 1: FakeDriver(), 2: FakeDriver()}
    cameras[2].plugged = False
    monkeypatch.setattr(cv2, "VideoCapture", lambda number, *_: cameras[number])
    found = find_devices(["opencv:0"], make)
    assert [tried.address for tried in found] == ["opencv:1"]
    assert sorted(opened) == ["opencv:1", "opencv:2"]


def test_no_password_is_shown() -> None:
    assert shown_address("rtsp://ada:secret@cam/1") == "rtsp://cam/1"
    assert shown_address("folder:/tmp/a b?loop=1") == "folder:/tmp/a b?loop=1"


# -- baseline ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("focus", "light", "expected"),
    [
        (2.0, 0.5, Drift.NONE),
        (1.3, 0.45, Drift.NONE),
        (9.0, 0.5, Drift.NONE),  # sharper than then is no fault
        (1.1, 0.5, Drift.BLURRED),
        (2.0, 0.37, Drift.DARK),
        (2.0, 0.67, Drift.BRIGHT),
        (0.1, 0.1, Drift.DARK),  # light first: it also takes sharpness
        (None, None, Drift.NONE),
    ],
)
def test_drift(focus: float | None, light: float | None, expected: Drift) -> None:
    assert BASELINE.drift(focus, light) is expected


def test_setup_survives_the_store_with_a_control_of_a_newer_program() -> None:
    setup = CameraSetup("opencv:0", (ControlSetting(Control.GAIN, 42.0),), BASELINE)
    recipe = Recipe("cable", "opencv:0", 1, WHEN, camera_setup=setup)
    values = recipe.to_settings()
    values["camera_setup"]["controls"].append({"control": "iris", "value": 1.0, "auto": False})
    again = Recipe.from_settings("cable", "opencv:0", 1, WHEN, "", values)
    assert again == recipe
    assert Recipe.from_settings("cable", "opencv:0", 1, WHEN, "", {}).camera_setup is None


def test_focus_index_of_large_contrasts_is_exact() -> None:
    board = (np.indices((64, 64)).sum(axis=0) % 2 * 255).astype(np.uint8)
    grey = np.repeat(board[:, :, None], 3, axis=2)
    expected = float(cv2.Laplacian(board, cv2.CV_64F).var()) / float(board.mean()) ** 2
    assert focus_index(grey) == pytest.approx(expected)
