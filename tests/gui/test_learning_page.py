"""The learning page with the real services; only the engine's child and the camera are fakes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qc_station.domain.activity import ActivityKind, ActivityState
from qc_station.domain.frame import Frame
from qc_station.domain.learning import LearningState
from qc_station.domain.verdict import Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.learning import LearningService
from qc_station.services.learning_activity import LearningActivity
from qc_station.services.model_store import DatabaseRecipeStore, DatabaseVersionStore
from qc_station.services.models import ModelLibrary
from qc_station.services.recipes import RecipeService
from qc_station.services.tasks import TaskPool
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.pages.learning import LearningPage
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()


class Child(QObject):
    """One engine child: writes a manifest, or figures; waits for ``go`` when it is held."""

    progress = Signal(str, int, int, float)
    finished = Signal(object)
    failed = Signal(str, str)
    held = False
    number = 0
    asked: list[list[str]] = []  # noqa: RUF012 - shared on purpose

    def start(self, argv: list[str]) -> None:
        self.argv = argv
        Child.asked.append(argv)
        self.progress.emit("features", 5, 12, 42.0)
        if not Child.held:
            QTimer.singleShot(0, self.go)

    def go(self) -> None:
        if self.argv[0] == "evaluate":
            better = "models" not in self.argv[2]
            self.finished.emit(report(0.98 if better else 0.9, 0.0 if better else 0.2))
            return
        Child.number += 1
        out = Path(self.argv[self.argv.index("--out") + 1])
        out.mkdir(parents=True)
        name = f"patch_memory-20261122T2158{Child.number:02}Z-{Child.number:08x}"
        (out / "manifest.json").write_text(json.dumps(manifest(name, self.argv)))
        self.finished.emit({})

    def cancel(self) -> None:
        QTimer.singleShot(0, lambda: self.failed.emit("cancelled", "Cancelled."))

    def stop(self) -> None:
        pass


def report(auroc: float, escape: float) -> dict[str, object]:
    def figure(value: float) -> dict[str, object]:
        return {"value": value, "low": 0.0, "high": 1.0, "n": 20, "method": "wilson"}

    return {
        "image": {"auroc": figure(auroc)},
        "verdicts": {
            "escape": figure(escape),
            "overkill": figure(0.05),
            "review": figure(0.3),
        },
    }


def manifest(name: str, argv: list[str]) -> dict[str, object]:
    return {
        "bundle_id": name,
        "model": "patch_memory",
        "product": argv[argv.index("--product") + 1],
        "classes": [],
        "created_at": datetime.now(UTC).isoformat(),
        "limits": {"ok": 2.31, "ng": 3.4, "method": "good", "ok_rate": 0.05, "ng_rate": 0.005},
        "calibration": {"n_good": 209, "n_defect": 0},
        "metrics": {},
        "parent": None,
    }


class World:
    """A station's learning side, with a camera that shows another part each time."""

    def __init__(self, home: Path) -> None:
        self.parts = LoggedParts(home)
        self.library = ModelLibrary(
            DatabaseVersionStore(self.parts.store, self.parts.paths.models),
            AuditLog(self.parts.store),
        )
        self.recipes = RecipeService(DatabaseRecipeStore(self.parts.store), "bottle")
        self.learning = LearningService(
            self.library, self.recipes, self.parts.review, self.parts.paths, Child
        )
        self.folder = home / "pictures" / "bottle"
        for index in range(12):
            path = self.folder / "train" / "good" / f"{index}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), np.full((8, 8, 3), index, np.uint8))
        self.chosen: Path | None = self.folder
        self.weights: Path | None = None
        self.shown = 0
        self.page = LearningPage(
            self.learning,
            self.library,
            self.recipes,
            self.grab,
            lambda: "ann",
            lambda _parent: self.chosen,
            self.parts.review.changed,
            choose_weights=lambda _parent: self.weights,
        )

    def grab(self, callback: Callable[[Frame | Exception], None], timeout_s: float) -> None:
        self.shown += 1
        pixels = np.full((8, 8, 3), self.shown, np.uint8)
        callback(Frame(self.shown, pixels, datetime.now(UTC), 0.0, "fake:"))

    def button(self, name: str) -> QPushButton:
        found = self.page.findChild(QPushButton, name)
        assert found is not None
        return found

    def review_many(self) -> None:
        self.parts.add(Verdict.REVIEW, count=60)
        for index, part in enumerate(self.parts.review.queue(100)):
            good = index % 2 == 0
            label = Label.GOOD if good else Label.DEFECT
            self.parts.review.answer(part.inspection_id, label, None if good else "chip", "ann")


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    Child.held = False
    made = World(tmp_path / "home")
    qtbot.addWidget(made.page)
    made.page.resize(1100, 700)
    with qtbot.waitExposed(made.page):
        made.page.show()
    yield made
    made.page.close_workers()
    made.learning.close()
    made.parts.close()


def click(qtbot: QtBot, world: World, name: str) -> None:
    qtbot.mouseClick(world.button(name), Qt.MouseButton.LeftButton)


def teach(qtbot: QtBot, world: World) -> None:
    with qtbot.waitSignal(world.learning.done):
        click(qtbot, world, "teach_folder")


def text(world: World, name: str) -> str:
    return world.page.findChild(QLabel, name).text()


def test_a_folder_is_taught_and_its_limits_are_told_in_a_sentence(
    qtbot: QtBot, world: World
) -> None:
    teach(qtbot, world)
    active = world.library.active("bottle")
    assert active is not None and active.path.is_dir()
    assert (
        "At most 5 % of good parts above the OK limit 2.31 (209 good pictures support 0.5 %)."
        in text(world, "versions_sentence")
    )
    assert world.page._versions.model.rowCount() == 1


def test_progress_shows_stage_and_time_left_and_can_be_cancelled(
    qtbot: QtBot, world: World
) -> None:
    Child.held = True
    click(qtbot, world, "teach_folder")
    assert "5 of 12" in text(world, "job_stage")
    assert "42" in text(world, "job_left")
    with qtbot.waitSignal(world.learning.failed):
        click(qtbot, world, "job_cancel")
    assert world.page._job.isHidden() and not world.page._cards.isHidden()
    assert world.library.versions() == []
    assert list(world.parts.paths.models.iterdir()) == []


def test_good_parts_are_taken_from_the_camera_by_the_space_key(qtbot: QtBot, world: World) -> None:
    world.page._teach.set_name("gear")
    asked: list[bool] = []
    world.page.collecting.connect(asked.append)
    click(qtbot, world, "teach_camera")
    assert not world.button("collection_teach").isEnabled()
    for _ in range(11):
        qtbot.keyClick(world.button("collection_take"), Qt.Key.Key_Space)
    qtbot.keyClick(world.page, Qt.Key.Key_Backspace)
    assert text(world, "collection_count") == "10 of 30"
    with qtbot.waitSignal(world.learning.done):
        click(qtbot, world, "collection_teach")
    assert world.library.active("gear") is not None
    assert asked == [True, False]
    click(qtbot, world, "result_activate")
    assert world.recipes.current == "gear"


def test_the_camera_without_a_name_asks_for_it(qtbot: QtBot, world: World) -> None:
    click(qtbot, world, "teach_camera")
    assert world.learning.state is LearningState.IDLE
    assert "name" in world.page._toast.text


def test_retraining_shows_old_and_new_and_activates_only_when_asked(
    qtbot: QtBot, world: World
) -> None:
    teach(qtbot, world)
    click(qtbot, world, "result_activate")  # "Done"
    old = world.library.active("bottle")
    world.review_many()
    qtbot.waitUntil(lambda: world.button("learning_retrain").isEnabled())
    with qtbot.waitSignal(world.learning.done):
        click(qtbot, world, "learning_retrain")
    rows = world.page._result.table.texts()
    assert any("AUROC" in row[0] and "better" in row for row in rows)
    assert any("escape" in row[0] and "better" in row for row in rows)
    assert world.library.active("bottle") == old
    click(qtbot, world, "result_activate")
    new = world.library.active("bottle")
    assert new is not None and old is not None and new.parent is None
    assert new.model_id != old.model_id
    qtbot.keyClicks(world.page, "u")
    back = world.library.active("bottle")
    assert back is not None and back.model_id == old.model_id


def test_r_rolls_back_at_once_and_u_takes_that_back(qtbot: QtBot, world: World) -> None:
    teach(qtbot, world)
    first = world.library.active("bottle")
    click(qtbot, world, "result_activate")
    teach(qtbot, world)
    click(qtbot, world, "result_activate")
    second = world.library.active("bottle")
    assert first is not None and second is not None and first.model_id != second.model_id
    qtbot.keyClicks(world.page, "r")
    assert world.library.active("bottle").model_id == first.model_id  # type: ignore[union-attr]
    assert "Rolled back" in world.page._toast.text
    qtbot.keyClicks(world.page, "u")
    assert world.library.active("bottle").model_id == second.model_id  # type: ignore[union-attr]


def test_too_few_held_out_parts_are_said_in_words(qtbot: QtBot, world: World) -> None:
    teach(qtbot, world)
    click(qtbot, world, "result_activate")
    world.parts.add(Verdict.REVIEW)
    part = world.parts.review.queue(1)[0]
    world.parts.review.answer(part.inspection_id, Label.GOOD, None, "ann")
    with qtbot.waitSignal(world.learning.done):
        world.page.retrain()
    for row in world.page._result.table.texts():
        assert "not known" in row
        assert any("held-out parts" in cell for cell in row)


def test_a_failure_is_told_in_its_own_words(qtbot: QtBot, world: World, tmp_path: Path) -> None:
    world.chosen = tmp_path / "nowhere"
    with qtbot.waitSignal(world.learning.failed):
        click(qtbot, world, "teach_folder")
    assert world.page._toast.text


def test_french_fits_the_page(qtbot: QtBot, world: World, language: LanguageSwitch) -> None:
    teach(qtbot, world)
    language.switch("fr")

    def squeezed() -> list[str]:
        return [
            button.text()
            for button in world.page.findChildren(QPushButton)
            if button.isVisible() and button.width() < button.minimumSizeHint().width()
        ]

    qtbot.waitUntil(lambda: squeezed() == [])
    assert world.page._scroll.horizontalScrollBar().maximum() == 0


def test_a_dismissed_result_gives_the_cards_back(qtbot: QtBot, world: World) -> None:
    teach(qtbot, world)
    assert not world.page._result.isHidden() and world.page._cards.isHidden()
    world.page.dismiss_result()
    assert world.page._result.isHidden() and not world.page._cards.isHidden()


def test_dismissing_at_the_end_of_teaching_leaves_no_result(qtbot: QtBot, world: World) -> None:
    world.learning.done.connect(lambda _result: world.page.dismiss_result())
    teach(qtbot, world)
    qtbot.waitUntil(lambda: world.learning.state is LearningState.IDLE)
    assert world.page._result.isHidden() and not world.page._cards.isHidden()


def test_a_file_of_weights_goes_to_the_engine_and_back_to_the_programs(
    qtbot: QtBot, world: World, tmp_path: Path
) -> None:
    teach(qtbot, world)
    world.review_many()
    world.page.dismiss_result()
    world.page.refresh()
    world.weights = tmp_path / "own.safetensors"
    world.weights.write_bytes(b"weights")
    click(qtbot, world, "retrain_weights")
    assert "own.safetensors" in text(world, "retrain_weights_name")
    Child.asked.clear()
    with qtbot.waitSignal(world.learning.done):
        world.page.retrain()
    taught = next(argv for argv in Child.asked if argv[0] == "teach")
    assert taught[-2:] == ["--weights", str(world.weights)]
    world.weights.unlink()
    with qtbot.waitSignal(world.learning.failed) as told:
        world.page.retrain()
    assert told.args[0] == "weights_missing"
    world.page.dismiss_result()
    click(qtbot, world, "retrain_weights")
    Child.asked.clear()
    with qtbot.waitSignal(world.learning.done):
        world.page.retrain()
    assert "--weights" not in Child.asked[0]


def test_teaching_is_in_the_list_of_activities_and_is_cancelled_there(
    qtbot: QtBot, world: World
) -> None:
    tasks = TaskPool()
    activities = Activities(tasks)
    follower = LearningActivity(activities, world.learning)
    try:
        Child.held = True
        click(qtbot, world, "teach_folder")
        qtbot.waitUntil(lambda: activities.running(ActivityKind.TEACH_FOLDER))
        running = activities.all()[0]
        assert (running.subject, running.actor, running.stage) == ("bottle", "ann", "features")
        assert (running.done, running.total, running.seconds_left) == (5, 12, 42.0)
        activities.cancel(running.number)
        qtbot.waitUntil(lambda: activities.all()[0].state is ActivityState.CANCELLED)
        assert world.learning.state is LearningState.IDLE
        Child.held = False
        teach(qtbot, world)
        assert activities.all()[0].state is ActivityState.DONE
    finally:
        follower.deleteLater()
        assert tasks.close()
