"""The first start: the demo runs by itself, and an assistant is offered, never forced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from camera_support import FakeDriver
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.domain.access import Role
from qc_station.domain.learning import LearningState
from qc_station.options import Options
from qc_station.services.startup import DEMO_PRODUCT
from qc_station.settings.paths import StationPaths
from qc_station.ui.dialogs.first_administrator import FirstAdministratorDialog
from qc_station.ui.dialogs.set_up import SetupDialog
from qc_station.window import StationWindow

AddPart = Callable[[Path | str, int], Path]


class Job(QObject):
    """Stands where the engine's child would."""

    progress = Signal(str, int, int, float)
    finished = Signal(object)
    failed = Signal(str, str)

    def __init__(self, asked: list[list[str]]) -> None:
        super().__init__()
        self._asked = asked

    def start(self, argv: list[str]) -> None:
        self._asked.append(argv)

    def cancel(self) -> None:
        """Nothing runs."""

    stop = cancel


class First:
    """A station on an empty home with one fake camera; no engine runs."""

    def __init__(self, home: Path, qtbot: QtBot, qapp: QApplication, options: Options) -> None:
        self.qtbot = qtbot
        self.jobs: list[list[str]] = []
        self.station = Station(options, StationPaths(home).ensure())
        self.station.learning._make_job = lambda: Job(self.jobs)
        self.shown = StationWindow(self.station, qapp)
        self.window = self.shown.window
        self.note = self.window.setup_note
        self.shown.show()
        QApplication.processEvents()

    def at(self, dialog: SetupDialog) -> str:
        """The heading of the step that is shown."""
        return dialog.step.title()

    def open(self) -> SetupDialog:
        self.window.actions_set["station.set_up"].trigger()
        dialog = self.shown.desk.dialog
        assert isinstance(dialog, SetupDialog)
        return dialog

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)

    def close(self) -> None:
        self.station.close()
        self.shown.dispose()


Make = Callable[..., First]


@pytest.fixture
def make(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Make]:
    monkeypatch.setattr(cv2, "VideoCapture", lambda *_: FakeDriver())
    monkeypatch.setattr("qc_station.camera.discovery.device_numbers", lambda: [0])
    running: list[First] = []

    def start(lose_settings: bool = False, **options: object) -> First:
        for first in running:
            first.close()
            if lose_settings:
                first.station.paths.settings_file.unlink()
        running.clear()
        asked = replace(Options(language="en"), **options)  # type: ignore[arg-type]
        running.append(First(tmp_path / "home", qtbot, qapp, asked))
        return running[0]

    yield start
    for first in running:
        first.close()


@pytest.fixture
def pictures(tmp_path: Path, add_part: AddPart) -> Path:
    folder = tmp_path / "tile" / "train" / "good"
    for number in range(12):
        add_part(folder / f"{number:03}.png", number)
    return tmp_path / "tile"


def test_the_very_first_start_offers_and_asks_nothing(make: Make) -> None:
    first = make()
    assert first.note.isVisible()
    assert first.window.minimumSizeHint().height() <= 800
    assert first.shown.desk.dialog is None
    assert first.station.plan.product == DEMO_PRODUCT
    focus = QApplication.focusWidget()
    assert focus is None or not first.note.isAncestorOf(focus)  # Space is still one part
    first.note.close_button.click()
    assert not first.note.isVisible()


@pytest.mark.parametrize(
    "options",
    [{"quit_after": 3}, {"camera": "opencv:0"}, {"data": Path("/nothing/here")}],
    ids=["quit-after", "camera", "data"],
)
def test_who_was_told_what_to_do_is_not_asked(make: Make, options: dict[str, object]) -> None:
    assert not make(**options).note.isVisible()


def test_a_station_that_has_anything_is_not_asked_but_the_menu_has_it(make: Make) -> None:
    make()
    first = make()  # the settings are there now
    assert not first.note.isVisible()
    assert first.open().isVisible()


def test_a_home_with_a_product_but_lost_settings_is_not_asked(make: Make, tmp_path: Path) -> None:
    make().station.recipes.create("tile", "opencv:0")
    assert not make(lose_settings=True).station.first_start


def test_nobody_is_asked_without_a_window(qapp: QApplication, tmp_path: Path) -> None:
    station = Station(Options(headless=True), StationPaths(tmp_path / "home").ensure())
    assert not station.first_start
    station.close()


def test_from_language_to_teaching_by_keyboard(make: Make, pictures: Path) -> None:
    first = make()
    first.note.open.click()
    dialog = first.shown.desk.dialog
    assert isinstance(dialog, SetupDialog)
    dialog.language_step.buttons["fr"].setChecked(True)
    QApplication.processEvents()
    assert "Étape 1" in dialog.head.text()
    assert first.shown.language.code == "fr"
    dialog.language_step.buttons["en"].setChecked(True)
    QApplication.processEvents()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert first.at(dialog) == "Camera"
    QTest.keyClicks(dialog.camera_step.list.address, "opencv:0")
    dialog.go_on()
    assert "Try the camera first" in dialog.message.text()
    before = first.station.capture.address
    QTest.keyClick(dialog.camera_step.list.address, Qt.Key.Key_Return)
    first.wait(lambda: "It works" in dialog.camera_step.sentence.text())
    assert first.station.capture.address == before  # tried, not used
    QTest.keyClick(dialog.next, Qt.Key.Key_Return)
    assert first.at(dialog) == "Pictures"
    QTest.keyClicks(dialog.folder_step.path, str(pictures))
    first.wait(lambda: "12 pictures" in dialog.folder_step.sentence.text())
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert first.at(dialog) == "Administrator"
    dialog.go_on()
    assert first.at(dialog) == "Product"
    assert dialog.finish_step.name.text() == "tile"
    with first.qtbot.waitSignal(first.station.first_product.begun, timeout=30_000):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert first.window.page == "learning"
    assert first.station.learning.state is LearningState.TEACHING
    assert [job[:3] for job in first.jobs] == [["teach", "--data", str(pictures)]]
    recipe = first.station.recipes.latest("tile")
    assert recipe is not None and recipe.camera == "opencv:0"
    assert not first.note.isVisible()


def test_good_parts_are_shown_to_the_camera_from_the_learning_page(make: Make) -> None:
    first = make()
    dialog = first.open()
    dialog.go_on()
    dialog.camera_step.list.address.setText("opencv:0")
    dialog.camera_step.list.use.click()
    first.wait(lambda: dialog.camera_step.problem() == "")
    for _ in range(3):
        dialog.go_on()
    assert dialog.finish_step.sources["camera"].isChecked()
    assert not dialog.finish_step.sources["folder"].isEnabled()
    dialog.go_on()
    assert dialog.message.text() == "Give the product a name."
    dialog.finish_step.name.setText("tile")
    dialog.go_on()
    first.wait(lambda: first.station.learning.state is LearningState.COLLECTING)
    assert first.window.page == "learning"
    assert first.station.recipes.current == "tile"
    assert first.station.capture.address == "opencv:0"


def test_while_the_demo_is_prepared_the_product_waits_and_that_is_said(
    make: Make, pictures: Path
) -> None:
    first = make()
    first.station.startup._become("render")
    dialog = first.open()
    dialog._go(2)
    dialog.folder_step.path.setText(str(pictures))
    first.wait(lambda: dialog.folder_step.problem() == "")
    for _ in range(3):
        dialog.go_on()
    QApplication.processEvents()
    assert "“tile” is next" in first.note.text
    assert first.jobs == []
    first.station.startup._become("")
    first.wait(lambda: first.station.learning.state is LearningState.TEACHING)
    assert not first.note.isVisible()


def test_closing_loses_nothing_and_changes_nothing(make: Make, pictures: Path) -> None:
    first = make()
    dialog = first.open()
    dialog.go_on()
    dialog.go_on()
    dialog.folder_step.path.setText(str(pictures))
    first.wait(lambda: dialog.folder_step.problem() == "")
    dialog.go_on()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert first.note.isVisible()
    assert first.station.recipes.names() == []
    again = first.open()
    assert first.at(again) == "Administrator"
    again.go_back()
    assert again.folder_step.path.text() == str(pictures)
    assert again.folder_step.problem() == ""


@pytest.mark.parametrize(
    ("make_folder", "said"), [(False, "does not exist"), (True, "no pictures")]
)
def test_a_folder_that_is_of_no_use_is_said(
    make: Make, tmp_path: Path, make_folder: bool, said: str
) -> None:
    folder = tmp_path / "empty"
    if make_folder:
        folder.mkdir()
    first = make()
    dialog = first.open()
    dialog._go(2)
    dialog.folder_step.path.setText(str(folder))
    first.wait(lambda: said in dialog.folder_step.sentence.text())
    dialog.go_on()
    assert said in dialog.message.text()
    assert first.at(dialog) == "Pictures"


def test_too_few_pictures_are_said(make: Make, tmp_path: Path, add_part: AddPart) -> None:
    add_part(tmp_path / "few" / "000.png", 0)
    first = make()
    dialog = first.open()
    dialog._go(2)
    dialog.folder_step.path.setText(str(tmp_path / "few"))
    first.wait(lambda: dialog.folder_step.choices.pictures == 1)
    dialog.go_on()
    assert "At least 10 pictures" in dialog.message.text()


def test_a_name_that_is_taken_is_said(make: Make, pictures: Path) -> None:
    first = make()
    first.station.recipes.create("Tile", "opencv:0")
    dialog = first.open()
    dialog._go(2)
    dialog.folder_step.path.setText(str(pictures))
    first.wait(lambda: dialog.folder_step.problem() == "")
    dialog.go_on()
    dialog.go_on()
    dialog.go_on()
    assert "already a product" in dialog.message.text()
    assert first.jobs == []


def test_the_administrator_is_made_with_the_forms_own_rules(make: Make) -> None:
    first = make()
    dialog = first.open()
    dialog._go(3)
    dialog.administrator_step.create_button.click()
    form = dialog.findChild(FirstAdministratorDialog)
    assert form is not None
    form.name.setText("Ada")
    form.pin.setText("846302")
    form.again.setText("846302")
    with first.qtbot.waitSignal(first.station.access.logged_in, timeout=30_000):
        form.make.click()
    assert first.station.access.session is not None
    assert first.station.access.session.role is Role.ADMINISTRATOR
    assert dialog.isVisible()
    assert "Ada is logged in" in dialog.administrator_step.sentence.text()
    assert not dialog.administrator_step.create_button.isVisible()
    dialog.go_on()
    assert dialog.next.text() == "Close"  # no camera, no folder: the demo
    dialog.go_on()
    assert first.jobs == []


def test_everything_has_a_name_and_the_language_switches_it(make: Make) -> None:
    first = make()
    dialog = first.open()
    for button in dialog.findChildren(QPushButton):
        assert button.accessibleName(), button.objectName()
    first.shown.language.switch("fr")
    QApplication.processEvents()
    assert dialog.windowTitle() == "Assistant d’installation"
    assert first.note.open.accessibleName().startswith("Installer")
    first.shown.language.switch("en")
