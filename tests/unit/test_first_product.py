"""A product of one's own begins as soon as the demo, or a job, is done; never before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store import Store
from qc_station.domain.access import Action
from qc_station.domain.recipe import RecipeError
from qc_station.services.first_product import FirstProduct, NewProduct
from qc_station.services.model_store import DatabaseRecipeStore
from qc_station.services.permits import AccessError
from qc_station.services.recipes import RecipeService

PICTURES = Path("/pictures/tile")


class Work(QObject):
    """The start-up and the learning service: the edge of this process."""

    state_changed = Signal(object)
    working = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.busy = False
        self.taught: list[tuple[Path, str, str]] = []

    def teach_folder(self, folder: Path, product: str, actor: str = "station") -> None:
        self.taught.append((folder, product, actor))


class Rig:
    def __init__(self, home: Path) -> None:
        self.store = Store.open(home / "station.sqlite3")
        self.recipes = RecipeService(DatabaseRecipeStore(self.store, lambda: "Ada"))
        self.learning, self.startup = Work(), Work()
        self.allowed = True
        self.started = 0
        self.begun: list[NewProduct] = []
        self.refused: list[str] = []
        self.product = FirstProduct(
            self.recipes, self.learning, self.startup, self.start, lambda: "Ada",
            require=self.require,
        )  # fmt: skip
        self.product.begun.connect(self.begun.append)
        self.product.refused.connect(lambda code, _sentence: self.refused.append(code))

    def start(self) -> None:
        self.started += 1

    def require(self, action: Action) -> None:
        if not self.allowed:
            raise AccessError("log_in_needed", "Log in first.")


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.store.close()


def test_a_folder_is_taught_and_its_camera_is_kept_for_afterwards(rig: Rig, qtbot: QtBot) -> None:
    wish = NewProduct("tile", "opencv:0", PICTURES)
    with qtbot.waitSignal(rig.product.begun):
        rig.product.begin(wish)
    assert rig.learning.taught == [(PICTURES, "tile", "Ada")]
    kept = rig.recipes.latest("tile")
    assert kept is not None and kept.camera == "opencv:0"
    assert rig.started == 1


def test_without_a_camera_the_folder_gives_the_pictures(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.product.begun):
        rig.product.begin(NewProduct("tile", "", PICTURES))
    assert rig.recipes.names() == []  # the teaching itself names the product


def test_without_a_folder_the_product_is_chosen_with_its_camera(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.product.begun):
        rig.product.begin(NewProduct("tile", "opencv:0"))
    assert rig.learning.taught == []
    assert rig.recipes.current == "tile"


def test_the_demo_is_finished_first(rig: Rig, qtbot: QtBot) -> None:
    rig.startup.busy = rig.learning.busy = True
    rig.product.begin(NewProduct("tile", "opencv:0", PICTURES))
    QApplication.processEvents()
    assert rig.begun == [] and rig.recipes.names() == []
    assert rig.product.waiting is not None
    rig.startup.busy = False
    rig.startup.working.emit(False)
    QApplication.processEvents()
    assert rig.begun == []  # the job has not let go yet
    rig.learning.busy = False
    with qtbot.waitSignal(rig.product.begun):
        rig.learning.state_changed.emit("idle")
    assert len(rig.learning.taught) == 1
    rig.learning.state_changed.emit("idle")
    QApplication.processEvents()
    assert len(rig.learning.taught) == 1  # once


def test_who_may_not_is_refused_at_once_and_also_later(rig: Rig, qtbot: QtBot) -> None:
    rig.learning.busy = True
    rig.product.begin(NewProduct("tile", "opencv:0", PICTURES))
    rig.allowed = False  # the idle lock
    rig.learning.busy = False
    with qtbot.waitSignal(rig.product.refused):
        rig.learning.state_changed.emit("idle")
    assert rig.refused == ["log_in_needed"]
    assert rig.learning.taught == [] and rig.recipes.names() == []
    with pytest.raises(AccessError):
        rig.product.begin(NewProduct("tile", "opencv:0", PICTURES))


def test_names(rig: Rig) -> None:
    rig.recipes.create("Tile", "opencv:0")
    assert rig.product.name_taken(" tile ")
    assert not rig.product.name_taken("bottle")
    assert not rig.product.name_taken("cable")
    rig.startup.busy = True  # the demo is being prepared: its product is not there yet
    assert rig.product.name_taken("Cable")
    with pytest.raises(RecipeError):
        rig.product.begin(NewProduct("  ", "opencv:0"))
