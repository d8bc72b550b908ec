"""Teaching and retraining: the split, the child's argv, cancel, and what remains on disk."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from pytestqt.qtbot import QtBot

from qc_station.domain.frame import Frame
from qc_station.domain.learning import (
    Change,
    LabelledPicture,
    LearningResult,
    LearningState,
    Measure,
    Subset,
    compare,
    plan_snapshot,
    subset_of,
)
from qc_station.domain.model_version import Estimate
from qc_station.domain.roi import Roi
from qc_station.domain.verdict import Inspection, Label, Reason, Review, Verdict
from qc_station.services.learning import LearningService
from qc_station.services.models import ModelLibrary
from qc_station.services.recipes import RecipeService
from qc_station.settings.paths import StationPaths
from tests.unit.test_models_service import Audit, MemoryStore, bundle
from tests.unit.test_recipes_service import MemoryRecipes

T0 = datetime(2026, 11, 22, tzinfo=UTC)


class Engine:
    """Stands where engine children would: hands out jobs and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.hold = False
        self.fail: tuple[str, str] | None = None
        self.jobs: list[Child] = []

    def job(self) -> Child:
        self.jobs.append(Child(self))
        return self.jobs[-1]


class Child(QObject):
    progress = Signal(str, int, int, float)
    finished = Signal(object)
    failed = Signal(str, str)

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine

    def start(self, argv: list[str]) -> None:
        self.argv = argv
        self.engine.asked.append(argv)
        if not self.engine.hold:
            QTimer.singleShot(0, self.work)

    def work(self) -> None:
        if self.engine.fail:
            self.failed.emit(*self.engine.fail)
        elif self.argv[0] == "teach":
            out = Path(self.argv[self.argv.index("--out") + 1])
            name = f"patch_memory-{len(self.engine.asked)}-ff"
            bundle(out.parent, out.name)
            data = json.loads((out / "manifest.json").read_text())
            data |= {"bundle_id": name, "created_at": datetime.now(UTC).isoformat()}
            (out / "manifest.json").write_text(json.dumps(data))
            self.progress.emit("features", 1, 2, 3.0)
            self.finished.emit({})
        else:
            auroc = 0.9 if "models" in self.argv[2] else 0.95
            figure = {"low": 0.5, "high": 1.0, "n": 20}
            self.finished.emit(
                {
                    "image": {"auroc": {"value": auroc, **figure}},
                    "verdicts": {
                        "escape": {"value": 0.1, **figure},
                        "overkill": {"value": 0.0, **figure},
                        "review": {"value": 0.2, **figure},
                    },
                }
            )

    def stop(self) -> None:
        pass

    def cancel(self) -> None:
        QTimer.singleShot(0, lambda: self.failed.emit("cancelled", "Cancelled."))


class Labelled:
    def __init__(self) -> None:
        self.rows: list[tuple[Inspection, Review]] = []

    def labelled(self, recipe: str) -> list[tuple[Inspection, Review]]:
        return self.rows


class Painted:
    """Masks by part; one region of part 1 cannot be read."""

    def __init__(self) -> None:
        self.painted: dict[str, np.ndarray] = {}

    def union(self, inspection_id: str) -> tuple[np.ndarray | None, list[object]]:
        return self.painted.get(inspection_id), ["gone"] if inspection_id == "1" else []


class World:
    """A home with a service whose engine is the fake above."""

    def __init__(self, home: Path) -> None:
        self.paths = StationPaths(home).ensure()
        self.engine = Engine()
        self.audit = Audit()
        self.library = ModelLibrary(MemoryStore(), self.audit)
        self.recipes = RecipeService(MemoryRecipes())
        self.labelled = Labelled()
        self.masks = Painted()
        self.learning = LearningService(
            self.library, self.recipes, self.labelled, self.paths, self.engine.job,
            lambda: "demo:", masks=self.masks,
        )  # fmt: skip

    def leftovers(self) -> list[Path]:
        return list(self.paths.jobs.iterdir())

    def review(self, number: int, label: Label, name: str | None = None) -> None:
        """A reviewed part with a picture of its own."""
        relative = f"images/{number}.png"
        write(self.paths.home / relative, number)
        row = inspection(str(number), relative)
        self.labelled.rows.append((row, Review(label, name, "ann", datetime.now(UTC))))


def write(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    cv2.imwrite(str(path), noise)


def inspection(name: str, image: str | None) -> Inspection:
    return Inspection(
        name, 1, T0, T0, "demo:", None, None, "bottle", "m", Verdict.REVIEW,
        Reason.BETWEEN_LIMITS, "", 2.5, 0.02, 2.0, 3.0, None, None, (), 5.0, image, None,
    )  # fmt: skip


def frame(seed: int) -> Frame:
    pixels = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    return Frame(seed, pixels, T0, 0.0, "demo:")


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    for index in range(12):
        write(tmp_path / "bottle" / "train" / "good" / f"{index:03d}.png", 1000 + index)
        write(tmp_path / "bottle" / "test" / "broken" / f"{index:03d}.png", 2000 + index)
    return tmp_path / "bottle"


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path) -> Any:
    made = World(tmp_path / "home")
    yield made
    made.learning.close()


def taught(qtbot: QtBot, world: World, folder: Path) -> LearningResult:
    with qtbot.waitSignal(world.learning.done) as told:
        world.learning.teach_folder(folder, "bottle")
    return told.args[0]


# ---- the split ----------------------------------------------------------------------------


def picture(content: str, label: Label, original: bool = False) -> LabelledPicture:
    return LabelledPicture(Path(content), label, None, content, content, original)


def test_the_split_depends_on_the_pixels_alone_and_is_about_seventy_to_thirty() -> None:
    held = sum(subset_of(str(n), good=True) is Subset.HELD_OUT for n in range(4000))
    assert 0.27 < held / 4000 < 0.33
    assert {subset_of("x", good=True) for _ in range(5)} == {subset_of("x", good=True)}
    assert all(
        (subset_of(str(n), good=True) is Subset.HELD_OUT)
        == (subset_of(str(n), good=False) is Subset.HELD_OUT)
        for n in range(200)
    )


def test_what_cannot_be_told_or_contradicts_itself_stays_out_and_is_counted() -> None:
    plan = plan_snapshot(
        [picture("taught", Label.GOOD, original=True)],
        [
            picture("taught", Label.GOOD),
            picture("a", Label.CANNOT_TELL),
            picture("b", Label.GOOD),
            picture("b", Label.DEFECT),
            picture("c", Label.DEFECT),
        ],
    )
    assert sorted(item.picture.content_hash for item in plan.items) == ["c", "taught"]
    assert (plan.cannot_tell, plan.contradictory, plan.duplicates) == (1, 2, 1)


def test_what_the_old_model_was_taught_on_is_never_held_out() -> None:
    originals = [picture(str(n), Label.GOOD, original=True) for n in range(100)]
    assert plan_snapshot(originals, originals).count(Subset.HELD_OUT, good=True) == 0


def test_a_figure_with_too_few_parts_is_no_number() -> None:
    figures = {measure: Estimate(0.5) for measure in Measure}
    rows = {row.metric: row for row in compare(figures, figures, n_good=20, n_defect=2)}
    assert rows[Measure.ESCAPE].old is None
    assert rows[Measure.AUROC].change is Change.UNKNOWN
    assert rows[Measure.OVERKILL].change is Change.SAME


def test_better_means_higher_auroc_but_lower_escape() -> None:
    old = {Measure.AUROC: Estimate(0.8), Measure.ESCAPE: Estimate(0.1)}
    new = {Measure.AUROC: Estimate(0.9), Measure.ESCAPE: Estimate(0.2)}
    rows = {row.metric: row for row in compare(old, new, 20, 20)}
    assert rows[Measure.AUROC].better is True
    assert rows[Measure.ESCAPE].better is False


# ---- teaching -----------------------------------------------------------------------------


def test_the_first_model_of_a_product_is_activated_at_once(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    result = taught(qtbot, world, goods)
    active = world.library.active("bottle")
    assert result.activated and active is not None
    assert active.path == world.paths.models / active.model_id
    assert active.taught_from == str(goods)
    assert world.recipes.names() == ["bottle"]
    assert world.leftovers() == []
    assert [event[1] for event in world.audit.events] == ["model.registered", "model.activated"]


def test_teaching_a_known_product_again_leaves_the_choice_to_the_user(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    first = taught(qtbot, world, goods).version
    second = taught(qtbot, world, goods)
    assert not second.activated
    assert world.library.active("bottle").model_id == first.model_id  # type: ignore[union-attr]


def test_the_engine_s_sentence_is_passed_on_and_nothing_remains(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    world.engine.fail = ("few_good_pictures", "Only 3 good pictures.")
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.teach_folder(goods, "bottle")
    assert told.args == ["few_good_pictures", "Only 3 good pictures."]
    assert world.learning.state is LearningState.IDLE
    assert world.library.versions() == [] and world.leftovers() == []


def test_cancel_while_teaching_leaves_no_half_bundle(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    world.engine.hold = True
    world.learning.teach_folder(goods, "bottle")
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.cancel()
    assert told.args[0] == "cancelled"
    assert world.leftovers() == [] and list(world.paths.models.iterdir()) == []


def test_a_second_job_is_refused_while_one_runs(qtbot: QtBot, world: World, goods: Path) -> None:
    world.engine.hold = True
    world.learning.teach_folder(goods, "bottle")
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.teach_folder(goods, "other")
    assert told.args[0] == "busy"
    assert len(world.engine.asked) == 1


def test_left_overs_of_a_killed_station_are_swept(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "home" / "jobs" / "learning-old" / "bundle").mkdir(parents=True)
    world = World(tmp_path / "home")
    assert world.leftovers() == []
    world.learning.close()


def test_teaching_from_the_camera_keeps_each_picture_once(qtbot: QtBot, world: World) -> None:
    world.learning.begin_collection("gear", 12)
    for seed in [1, 1, *range(2, 14)]:
        world.learning.collect(frame(seed))
    assert world.learning.drop_last() == 12
    with qtbot.waitSignal(world.learning.done) as told:
        world.learning.teach_camera()
    folder = Path(told.args[0].version.taught_from)
    items = json.loads((folder / "snapshot.json").read_text())["items"]
    assert len(items) == 12
    assert all(Path(item["path"]).is_file() for item in items)
    assert {(item["label"], item["subset"]) for item in items} == {("good", "train")}


def test_too_few_pictures_from_the_camera_are_not_thrown_away(qtbot: QtBot, world: World) -> None:
    world.learning.begin_collection("gear", 12)
    world.learning.collect(frame(1))
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.teach_camera()
    assert told.args[0] == "few_good_pictures"
    assert world.learning.state is LearningState.COLLECTING
    world.learning.cancel()
    assert world.learning.state is LearningState.IDLE
    assert list(world.paths.snapshots.iterdir()) == []


def test_a_failed_teaching_gives_the_collected_pictures_back(qtbot: QtBot, world: World) -> None:
    world.learning.begin_collection("gear", 12)
    for seed in range(12):
        world.learning.collect(frame(seed))
    world.engine.fail = ("engine_down", "The engine died.")
    with qtbot.waitSignal(world.learning.failed):
        world.learning.teach_camera()
    assert world.learning.state is LearningState.COLLECTING
    world.engine.fail = None
    with qtbot.waitSignal(world.learning.done):
        world.learning.teach_camera()


# ---- retraining ---------------------------------------------------------------------------


def retrained(qtbot: QtBot, world: World) -> LearningResult:
    with qtbot.waitSignal(world.learning.done) as told:
        world.learning.retrain("bottle", "ann")
    return told.args[0]


def test_retraining_compares_both_models_on_parts_that_neither_has_seen(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    old = taught(qtbot, world, goods).version
    for number in range(30):
        world.review(number, Label.GOOD)
        world.review(100 + number, Label.DEFECT, "crack")
    result = retrained(qtbot, world)
    assert result.old is not None and result.old.model_id == old.model_id
    assert not result.activated
    assert world.library.active("bottle").model_id == old.model_id  # type: ignore[union-attr]
    teach, first, second = world.engine.asked[1:]
    assert teach[teach.index("--parent") + 1] == old.model_id
    assert "--area" not in teach  # the whole picture, as long as the recipe says nothing else
    assert teach[teach.index("--data") + 1] == first[first.index("--data") + 1]
    assert second[second.index("--bundle") + 1] == str(old.path)
    assert first[-2:] == second[-2:] == ["--subset", "held_out"]
    items = json.loads((Path(teach[2]) / "snapshot.json").read_text())["items"]
    held = [item for item in items if item["subset"] == "held_out"]
    assert held and all(item["part_id"] for item in held)
    assert not any("/test/" in item["path"] for item in items)
    auroc = next(row for row in result.comparison if row.metric is Measure.AUROC)
    assert auroc.n == len(held) and auroc.better is True


def test_a_retrained_model_is_retrained_from_the_same_originals(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    taught(qtbot, world, goods)
    world.review(1, Label.GOOD)
    version = retrained(qtbot, world).version
    world.library.activate(version.model_id, "ann")
    again = retrained(qtbot, world).version
    items = json.loads((Path(str(again.taught_from)) / "snapshot.json").read_text())["items"]
    assert sum(item["part_id"] is None for item in items) == 12
    assert len(items) == 13


def test_what_was_painted_on_defective_parts_goes_into_the_snapshot(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    taught(qtbot, world, goods)
    for number, label in enumerate((Label.DEFECT, Label.DEFECT, Label.GOOD)):
        world.review(number, label, "crack" if label is Label.DEFECT else None)
    world.masks.painted = {"0": np.eye(8, dtype=np.uint8), "2": np.ones((8, 8), np.uint8)}
    result = retrained(qtbot, world)
    assert result.plan is not None and result.plan.masks_unreadable == 1
    folder = Path(str(result.version.taught_from))
    items = json.loads((folder / "snapshot.json").read_text())["items"]
    masks = {item["part_id"]: item["mask"] for item in items if item["part_id"]}
    assert masks == {"0": "masks/0.png", "1": None, "2": None}
    stored = cv2.imread(str(folder / "masks" / "0.png"), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(stored, np.eye(8) * 255)


def test_retraining_without_answers_says_what_to_do(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    taught(qtbot, world, goods)
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.retrain("bottle")
    assert told.args[0] == "nothing_reviewed"


def test_a_lost_teaching_folder_is_named(qtbot: QtBot, world: World, goods: Path) -> None:
    taught(qtbot, world, goods)
    world.review(1, Label.GOOD)
    goods.rename(goods.with_name("elsewhere"))
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.retrain("bottle")
    assert told.args[0] == "teaching_set_gone" and str(goods) in told.args[1]
    assert list(world.paths.snapshots.iterdir()) == []


def test_cancel_while_pictures_are_read(qtbot: QtBot, world: World, goods: Path) -> None:
    taught(qtbot, world, goods)
    for number in range(5):
        world.review(number, Label.GOOD)
    with qtbot.waitSignal(world.learning.failed) as told:
        world.learning.retrain("bottle")
        world.learning.cancel()
    assert told.args[0] == "cancelled"
    assert len(world.engine.asked) == 1
    assert list(world.paths.snapshots.iterdir()) == [] and world.leftovers() == []


def test_answers_since_the_active_model_are_counted(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    world.review(1, Label.GOOD)
    taught(qtbot, world, goods)
    world.review(2, Label.DEFECT, "crack")
    counts = world.learning.reviewed_since_active("bottle")
    assert (counts.good, counts.defect) == (0, 1)


def test_a_recipes_area_goes_to_the_engine_with_each_teaching(
    qtbot: QtBot, world: World, goods: Path
) -> None:
    taught(qtbot, world, goods)
    world.recipes.revise("bottle", "only the neck", roi=Roi(0.25, 0.0, 0.5, 0.375))
    taught(qtbot, world, goods)
    first, second = world.engine.asked
    assert "--area" not in first
    assert second[second.index("--area") + 1] == "0.25,0,0.5,0.375"
