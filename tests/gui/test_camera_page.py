"""The Camera page in the real window of a real station; only the devices are fakes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from camera_support import GAIN, FakeDriver
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.domain.access import Role, Session
from qc_station.domain.camera_setup import CameraSetup, Drift
from qc_station.domain.state import CameraState
from qc_station.options import Options
from qc_station.services.camera_setup import Standing
from qc_station.services.health import HealthItem, HealthLevel
from qc_station.settings.paths import StationPaths
from qc_station.ui.pages.camera import CameraPage
from qc_station.window import StationWindow


def parts() -> NDArray[np.uint8]:
    """A picture with edges in it, in the middle of the light range."""
    picture = np.full((120, 160, 3), 110, np.uint8)
    picture[::6] = 150
    return picture


class Line:
    """A station whose camera is a fake device; opencv:1 is another one, opencv:2 is dead."""

    def __init__(self, home: Path, qtbot: QtBot, qapp: QApplication) -> None:
        self.qtbot = qtbot
        self.drivers = {n: FakeDriver(parts()) for n in range(3)}
        self.drivers[2].plugged = False
        self.station = Station(
            Options(language="en", camera="opencv:0"), StationPaths(home).ensure()
        )
        self.shown = StationWindow(self.station, qapp)
        self.station.recipes.create("cable", "opencv:0")
        self.station.recipes.set_current("cable")
        self.page: CameraPage = self.shown.camera

    def open(self) -> None:
        self.station.station.start()
        self.shown.show()
        self.shown.window.show_page("camera")
        self.wait(lambda: self.station.capture.status.state is CameraState.RUNNING)

    def wait(self, condition: object) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)  # type: ignore[arg-type]

    def kept(self) -> CameraSetup:
        recipe = self.station.recipes.latest("cable")
        assert recipe is not None and recipe.camera_setup is not None
        return recipe.camera_setup

    def camera_of_product(self) -> str:
        recipe = self.station.recipes.latest("cable")
        return recipe.camera if recipe is not None else ""

    def health(self) -> HealthItem:
        self.station.health.poll()
        assert self.station.health.report is not None
        return self.station.health.report.camera

    def events(self) -> list[tuple[str, str]]:
        self.station.tasks._threads.waitForDone(5000)
        return [(e.action, e.subject) for e in reversed(self.station.audit.newest(50))]

    def close(self) -> None:
        self.station.close()
        self.shown.dispose()


@pytest.fixture
def line(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    made = Line(tmp_path / "home", qtbot, qapp)
    monkeypatch.setattr(cv2, "VideoCapture", lambda number, *_: made.drivers[number])
    monkeypatch.setattr("qc_station.camera.discovery.device_numbers", lambda: [0, 1, 2])
    yield made
    made.close()


def test_newest_frame_figures_and_devices_are_shown(line: Line) -> None:
    line.open()
    line.wait(lambda: line.page.canvas.pixels is not None)
    line.wait(lambda: "160 × 120" in line.page.tiles["camera_size"].text)
    line.wait(lambda: not line.station.camera_setup.searching)
    found = {c.address: c.standing for c in line.station.camera_setup.candidates()}
    assert found == {"opencv:0": Standing.IN_USE, "opencv:1": Standing.WORKS}
    assert [c.address for c in line.page.cameras.model.rows] == list(found)


def test_a_camera_that_works_is_used_and_becomes_the_products(line: Line) -> None:
    line.open()
    QTest.keyClicks(line.page.cameras.address, "opencv:1")
    with line.qtbot.waitSignal(line.station.camera_setup.chosen, timeout=30_000):
        QTest.keyClick(line.page.cameras.address, Qt.Key.Key_Return)
    line.wait(lambda: line.camera_of_product() == "opencv:1")
    assert "used from now on" in line.page.toast.text
    assert ("camera.chosen", "opencv:1") in line.events()


@pytest.mark.parametrize("address", ["opencv:2", "folder:/nothing/here", "rubbish"])
def test_a_camera_that_does_not_work_changes_nothing(line: Line, address: str) -> None:
    line.open()
    line.page.cameras.address.setText(address)
    with line.qtbot.waitSignal(line.station.camera_setup.failed, timeout=30_000):
        line.page.cameras.use.click()
    assert line.station.capture.address == "opencv:0"
    assert line.camera_of_product() == "opencv:0"
    assert "is not used" in line.page.toast.text
    assert ("camera.chosen", address) not in line.events()


def test_password_of_a_products_stream_is_used_but_never_shown(line: Line) -> None:
    stream = "rtsp://ada:secret@cam/1"
    line.station.recipes.create("tile", stream)
    line.open()
    rows = [c.address for c in line.page.cameras.model.rows]
    line.page.cameras.table.selectRow(rows.index(stream))
    assert line.page.cameras.address.text() == "rtsp://cam/1"
    assert line.page.cameras.wanted == stream
    for row in range(len(rows)):
        assert "secret" not in str(line.page.cameras.model.index(row, 0).data())


def test_driver_settings_are_applied_kept_for_the_product_and_audited(line: Line) -> None:
    line.open()
    gain = next(r for r in line.page.controls.rows if r.control.value == "gain")
    line.wait(lambda: gain.value.value() == 10.0)
    gain.value.setValue(40.0)
    line.page.controls.apply.click()
    line.wait(lambda: line.drivers[0].values[GAIN] == 40.0)
    setup = line.kept()
    assert [(c.control.value, c.value) for c in setup.controls if not c.auto] == [("gain", 40.0)]
    assert ("camera.controls", "opencv:0") in line.events()
    line.wait(lambda: "Kept for this product" in line.page.controls.sentence.text())


def test_what_the_driver_did_not_take_is_said(line: Line) -> None:
    line.open()
    gain = next(r for r in line.page.controls.rows if r.control.value == "gain")
    line.wait(lambda: gain.value.value() == 10.0)
    gain.value.setValue(500.0)
    line.page.controls.apply.click()
    line.wait(lambda: "the driver took 63" in line.page.controls.sentence.text())


def test_one_sentence_says_that_a_camera_offers_no_controls(line: Line) -> None:
    line.drivers[0].deaf = True
    line.open()
    line.wait(lambda: "lets nothing be set" in line.page.controls.sentence.text())
    assert not line.page.controls.apply.isVisible()


def test_drift_from_the_baseline_warns_and_stops_nothing(line: Line) -> None:
    line.open()
    setup = line.station.camera_setup
    line.wait(line.page.indices.set_baseline.isEnabled)  # once a picture has been measured
    line.page.indices.set_baseline.click()
    baseline = line.kept().baseline
    assert baseline is not None and baseline.set_by
    assert (datetime.now(UTC) - baseline.set_at).total_seconds() < 60
    assert ("camera.baseline", "opencv:0") in line.events()
    assert line.health().level is HealthLevel.OK
    line.drivers[0].picture = np.full((120, 160, 3), 110, np.uint8)  # breath on the lens
    line.wait(lambda: setup.drift is Drift.BLURRED)
    camera = line.health()
    assert (camera.level, camera.code) == (HealthLevel.WARN, "camera_blurred")
    indicator = line.shown.window.indicators["camera"]
    assert indicator.word == "blurred"
    assert "Clean the lens" in indicator.toolTip()
    line.wait(lambda: "Clean the lens" in line.page.indices.sentence.text())
    assert setup.status.state is CameraState.RUNNING


def test_a_baseline_belongs_to_its_camera(line: Line) -> None:
    line.open()
    setup = line.station.camera_setup
    line.wait(lambda: setup.status.steady_focus is not None)
    setup.set_baseline()
    setup.choose("opencv:1")
    line.wait(lambda: setup.address == "opencv:1")
    assert setup.setup is None
    assert setup.drift is Drift.NONE


def test_a_lost_camera_leaves_no_old_picture_and_says_why(line: Line) -> None:
    line.open()
    line.wait(lambda: line.page.canvas.pixels is not None)
    line.drivers[0].plugged = False
    line.wait(lambda: line.page.canvas.pixels is None)
    line.wait(lambda: line.page.fault.isVisible())
    assert line.page.fault.text()


def test_an_operator_may_look_but_not_change(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.station.users._add("Ada", Role.ADMINISTRATOR, "846302", "", None)
    line.station.access.reload()
    line.station.access._session = Session("Olga", Role.OPERATOR, datetime.now(UTC))
    line.station.access.changed.emit()
    line.open()
    page = line.page
    page.cameras.address.setText("opencv:1")
    for button in (page.cameras.use, page.indices.set_baseline, page.controls.apply):
        assert not button.isEnabled()
        assert button.toolTip()
    page.use("opencv:1")  # also behind the greyed-out button
    assert line.station.capture.address == "opencv:0"
    assert page.toast.text
