"""The models page with the real services; only the engine's child and the dialogs are fakes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from pytestqt.qtbot import QtBot

from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityState
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.learning import Change
from qc_station.domain.verdict import Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.model_comparison import ComparisonService
from qc_station.services.model_exchange import ModelExchange
from qc_station.services.model_file import export_model
from qc_station.services.model_store import DatabaseRecipeStore, DatabaseVersionStore
from qc_station.services.models import ModelLibrary
from qc_station.services.permits import AccessError, Permits
from qc_station.services.recipes import RecipeService
from qc_station.services.tasks import TaskPool
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.models import ModelsPage
from tests.gui.logged_parts import LoggedParts
from tests.gui.test_learning_page import report
from tests.model_support import write_bundle

keep_constants_alive()
IDS = ("m-aa11", "m-bb22", "m-cc33")


class Child(QObject):
    """One engine child: answers with figures, or waits until it is cancelled."""

    progress = Signal(str, int, int, float)
    finished = Signal(object)
    failed = Signal(str, str)
    held = False
    asked: list[list[str]] = []  # noqa: RUF012 - shared on purpose

    def start(self, argv: list[str]) -> None:
        Child.asked.append(argv)
        self.progress.emit("evaluate", 1, 4, 9.0)
        if not Child.held:
            better = argv[2].endswith("cc33")
            QTimer.singleShot(0, lambda: self.finished.emit(report(0.98 if better else 0.9, 0.1)))

    def cancel(self) -> None:
        QTimer.singleShot(0, lambda: self.failed.emit("cancelled", "Cancelled."))

    def stop(self) -> None:
        pass


class Rights(Permits):
    """Everything is allowed but what the test refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[Action] = set()

    def allows(self, action: Action) -> bool:
        return action not in self.refused

    def require(self, action: Action) -> None:
        if action in self.refused:
            raise AccessError("not_permitted", "No.")


class World:
    """Three versions of a product, of which two have inspected."""

    def __init__(self, home: Path) -> None:
        Child.held, Child.asked = False, []
        self.home = home
        self.parts = LoggedParts(home)
        self.rights = Rights()
        require = self.rights.require
        self.audit = AuditLog(self.parts.store)
        self.tasks = TaskPool()
        self.activities = Activities(self.tasks, require)
        models = self.parts.paths.models
        self.library = ModelLibrary(
            DatabaseVersionStore(self.parts.store, models), self.audit, None, require
        )
        self.recipes = RecipeService(DatabaseRecipeStore(self.parts.store), "bottle")
        self.recipes.create("bottle", "folder:/x")
        self.taught = home / "pictures"
        for index in range(12):
            path = self.taught / "train" / "good" / f"{index}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), np.full((8, 8, 3), index, np.uint8))
        for day, (name, parent) in enumerate(zip(IDS, (None, *IDS), strict=False), start=20):
            bundle = write_bundle(
                models, name, parent=parent, created=f"2026-11-{day}T10:00:00+00:00"
            )
            self.library.register(bundle, recipe="bottle", taught_from=str(self.taught))
        for name in IDS[:2]:
            self.library.activate(name, "ann")
        self.exchange = ModelExchange(
            self.library, self.recipes, models, self.activities, self.audit, lambda: "folder:/x",
            None, require,
        )  # fmt: skip
        self.comparison = ComparisonService(
            self.parts.review, self.parts.paths, Child, self.activities, self.tasks, bool, None,
            require,
        )  # fmt: skip
        self.chosen: Path | None = None
        self.page = ModelsPage(
            self.library, self.recipes, self.exchange, self.comparison, lambda: "ann",
            lambda parent, name, save: self.chosen, permits=self.rights,
        )  # fmt: skip

    def answer_parts(self, count: int) -> None:
        self.parts.add(Verdict.REVIEW, count=count)
        for part in self.parts.log.query(HistoryFilter(), 0, count):
            defect = part.part_number % 2 == 0
            label = Label.DEFECT if defect else Label.GOOD
            name = "crack" if defect else None
            self.parts.review.answer(part.inspection_id, label, name, "ann")

    def choose(self, name: str) -> None:
        ids = [version.model_id for version in self.page.model.rows]
        self.page.table.selectRow(ids.index(name))

    def last_event(self) -> tuple[str, str, str, str]:
        event = self.audit.newest(1)[0]
        return event.actor, event.action, event.subject, event.details

    def close(self) -> None:
        self.page.close_workers()
        self.comparison.close()
        self.activities.close()
        assert self.tasks.close()
        self.parts.close()


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path, language: LanguageSwitch) -> Iterator[World]:
    made = World(tmp_path / "home")
    qtbot.addWidget(made.page)
    made.page.resize(1150, 720)
    made.page.show()
    yield made
    made.page.close()
    made.close()


def test_versions_lineage_and_facts_are_shown(world: World, qtbot: QtBot) -> None:
    page = world.page
    assert [page.model.index(row, 0).data() for row in range(3)] == [
        "○ candidate", "● in use", "◉ used before",
    ]  # fmt: skip
    assert page.chosen is not None and page.chosen.model_id == "m-bb22"
    assert [node.parent for node in page.lineage.nodes] == [None, 0, 1]
    texts = " | ".join(page.facts.texts())
    assert "209 good, 12 defective" in texts
    assert "4.0 %  [2.0 % … 8.0 %]  (209 parts)" in texts
    qtbot.keyClick(page.lineage, Qt.Key.Key_Left)  # type: ignore[no-untyped-call]
    assert page.chosen.model_id == "m-aa11"


def test_a_candidate_is_activated_with_a_reason_and_taken_back(world: World) -> None:
    page = world.page
    world.choose("m-cc33")
    page.reason.setText("fewer escapes")
    page.use.click()
    active = world.library.active("bottle")
    assert active is not None and active.model_id == "m-cc33"
    actor, action, subject, details = world.last_event()
    assert (actor, action, subject) == ("ann", "model.activated", "m-cc33")
    assert "fewer escapes" in details
    assert page.reason.text() == "", "a reason counts once"
    page.undo()
    active = world.library.active("bottle")
    assert active is not None and active.model_id == "m-bb22"


def test_rolling_back_keeps_its_reason(world: World) -> None:
    world.page.reason.setText("too many rejects")
    world.page.back.click()
    active = world.library.active("bottle")
    assert active is not None and active.model_id == "m-aa11"
    assert world.last_event()[1] == "model.rolled_back"
    assert "too many rejects" in world.last_event()[3]


def test_two_versions_are_compared_on_the_same_held_out_parts(world: World, qtbot: QtBot) -> None:
    world.answer_parts(60)
    page = world.page
    world.choose("m-cc33")
    page.against.setCurrentIndex(page.against.findData("m-aa11"))
    page.begin.click()
    qtbot.waitUntil(page.result.isVisible)
    assert page.result.found is not None
    assert [Path(argv[2]).name for argv in Child.asked] == ["m-aa11", "m-cc33"]
    assert {argv[4] for argv in Child.asked} == {Child.asked[0][4]}, "the same parts"
    assert all(argv[-2:] == ["--subset", "held_out"] for argv in Child.asked)
    assert page.result.found.rows[0].change is Change.BETTER
    assert page.result.found.unknown == ()
    assert not list(world.parts.paths.jobs.glob("*")), "nothing is left of it"
    page.result.close_button.click()
    assert not page.result.isVisible()


def test_a_model_of_unknown_origin_is_compared_with_a_warning(world: World, qtbot: QtBot) -> None:
    world.answer_parts(40)
    known = world.library.get("m-bb22")
    stranger = world.library.get("m-cc33")
    assert known is not None and stranger is not None
    with qtbot.waitSignal(world.comparison.compared) as told:
        world.comparison.compare(known, replace(stranger, taught_from=None), "ann")
    assert [version.model_id for version in told.args[0].unknown] == ["m-cc33"]
    assert "cc33" in world.page.result.note.text()


def test_without_held_out_parts_there_is_no_comparison(world: World, qtbot: QtBot) -> None:
    world.choose("m-cc33")
    world.page.begin.click()
    qtbot.waitUntil(lambda: "held out" in world.page.toast.text)
    assert not Child.asked
    assert world.activities.all()[0].state is ActivityState.FAILED


def test_a_comparison_is_cancelled_in_the_list(world: World, qtbot: QtBot) -> None:
    world.answer_parts(40)
    Child.held = True
    world.choose("m-cc33")
    world.page.begin.click()
    qtbot.waitUntil(lambda: bool(Child.asked))
    world.activities.cancel(world.activities.all()[0].number)
    qtbot.waitUntil(lambda: world.activities.all()[0].state is ActivityState.CANCELLED)
    assert not world.comparison.running
    assert not list(world.parts.paths.jobs.glob("*"))


def test_a_model_goes_out_as_a_file_and_a_file_comes_in(
    world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    page = world.page
    world.chosen = tmp_path / "out"
    page.save.click()
    qtbot.waitUntil(lambda: "out.qcmodel" in page.toast.text)
    assert world.last_event()[1] == "model.exported"
    page.load.click()  # the file dialog names a file that is not there
    qtbot.waitUntil(lambda: "cannot be read" in page.toast.text)
    foreign = write_bundle(tmp_path / "elsewhere", "m-dd44", product="tile")
    world.chosen = export_model(foreign, tmp_path / "in.qcmodel", "tile", "0.1")
    page.load.click()
    qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.model_id == "m-dd44")
    assert not page.chosen.active and "tile" in world.recipes.names()  # type: ignore[union-attr]
    assert world.last_event()[1] == "model.imported"
    page.load.click()
    qtbot.waitUntil(lambda: "already" in page.toast.text)


def test_each_button_asks_its_own_right(world: World) -> None:
    page = world.page
    world.choose("m-cc33")
    for action, buttons in {
        Action.ACTIVATE_MODEL: (page.use, page.back, page.load),
        Action.EXPORT: (page.save,),
        Action.TEACH: (page.begin,),
    }.items():
        world.rights.refused = {action}
        world.rights.changed.emit()
        for button in (page.use, page.back, page.load, page.save, page.begin):
            assert button.isEnabled() is (button not in buttons), button.objectName()


def test_the_page_speaks_french(world: World, language: LanguageSwitch) -> None:
    language.switch("fr")
    world.page.retranslate()
    assert world.page.model.index(1, 0).data() == "● en service"
    assert world.page.lineage.accessibleName() and world.page.result.close_button.accessibleName()
