"""What a start does, from its options: demo, folder, or what was inspected last."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from qc_station.domain.model_version import LimitClaim, ModelVersion
from qc_station.services.startup import StartPlan, StartupService, plan_start


class Job(QObject):
    """Stands where an engine child would: the edge of this process."""

    progress = Signal(str, int, int, float)
    finished = Signal(object)
    failed = Signal(str, str)
    done = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []
        self.cancelled = False

    def start(self, argv: list[str]) -> None:
        self.asked.append(argv)

    def teach_first(self, folder: Path, product: str) -> None:
        self.asked.append((folder, product))

    def cancel(self) -> None:
        self.cancelled = True

    abandon = cancel


class Library:
    def __init__(self, known: bool, taught_from: str | None = None) -> None:
        self.known = known
        self.taught_from = taught_from

    def active(self, recipe: str) -> ModelVersion | None:
        return version(self.taught_from) if self.known else None


def version(taught_from: str | None) -> ModelVersion:
    claim = LimitClaim(1.0, 0.05, 60, 0.016)
    return ModelVersion(
        "m-1", Path("m-1"), "gear", "gear", "patch_memory", datetime.now(UTC), (), 60, 0,
        claim, claim, taught_from=taught_from,
    )  # fmt: skip


def test_first_start_without_a_word_is_the_demo(tmp_path: Path) -> None:
    plan = plan_start(data=None, camera=None, demo_folder=tmp_path)
    assert plan.product == "cable"
    assert plan.camera == f"demo:{tmp_path / 'cable'}"
    assert plan.render_to == plan.teach_from == tmp_path / "cable"


def test_a_folder_names_its_product_and_plays_its_test_pictures(tmp_path: Path) -> None:
    (tmp_path / "bottle" / "test").mkdir(parents=True)
    plan = plan_start(data=tmp_path / "bottle", camera=None, demo_folder=tmp_path)
    assert plan == StartPlan(
        "bottle", f"folder:{tmp_path / 'bottle' / 'test'}", teach_from=tmp_path / "bottle"
    )


def test_a_later_start_goes_on_with_the_last_product(tmp_path: Path) -> None:
    plan = plan_start(data=None, camera=None, demo_folder=tmp_path, remembered=("gear", "opencv:0"))
    assert plan == StartPlan("gear", "opencv:0")


def test_first_start_renders_then_teaches_then_is_ready(qtbot: QtBot, tmp_path: Path) -> None:
    plan = plan_start(data=None, camera=None, demo_folder=tmp_path)
    render, learning = Job(), Job()
    startup = StartupService(plan, Library(known=False), learning, render)
    working: list[bool] = []
    startup.working.connect(working.append)
    startup.begin()
    assert render.asked[0][:3] == ["render-cables", "--out", str(tmp_path / "cable")]
    render.finished.emit({})
    assert learning.asked == [(tmp_path / "cable", "cable")]
    with qtbot.waitSignal(startup.ready):
        learning.done.emit(None)
    assert working == [True, False]


def test_a_known_product_is_ready_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    plan = StartPlan("gear", "opencv:0", teach_from=tmp_path)
    render, learning = Job(), Job()
    startup = StartupService(plan, Library(known=True), learning, render)
    with qtbot.waitSignal(startup.ready):
        startup.begin()
    assert not render.asked and not learning.asked


def test_a_failed_rendering_is_told_and_not_taught_from(qtbot: QtBot, tmp_path: Path) -> None:
    plan = plan_start(data=None, camera=None, demo_folder=tmp_path)
    render, learning = Job(), Job()
    startup = StartupService(plan, Library(known=False), learning, render)
    startup.begin()
    with qtbot.waitSignal(startup.failed) as told:
        render.failed.emit("disk_full", "The disk is full.")
    assert told.args == ["disk_full", "The disk is full."]
    assert not learning.asked and not startup.busy


def test_later_learning_jobs_are_not_the_start_s_business(qtbot: QtBot, tmp_path: Path) -> None:
    startup = StartupService(StartPlan("gear", "opencv:0"), Library(True), learning := Job(), Job())
    startup.begin()
    with qtbot.assertNotEmitted(startup.ready), qtbot.assertNotEmitted(startup.failed):
        learning.done.emit(None)
        learning.failed.emit("x", "y")


def test_another_folder_of_the_same_name_is_refused_not_inspected(
    qtbot: QtBot, tmp_path: Path
) -> None:
    plan = StartPlan("gear", "folder:x", teach_from=tmp_path / "b" / "gear")
    known = Library(known=True, taught_from=str(tmp_path / "a" / "gear"))
    startup = StartupService(plan, known, Job(), Job())
    with qtbot.waitSignal(startup.failed) as told, qtbot.assertNotEmitted(startup.ready):
        startup.begin()
    assert told.args[0] == "product_taught_elsewhere"


def test_data_and_demo_camera_render_the_demo(tmp_path: Path) -> None:
    plan = plan_start(data=tmp_path, camera="demo:", demo_folder=tmp_path / "demo")
    assert plan.camera == f"demo:{tmp_path / 'demo' / 'cable'}"
    assert (plan.teach_from, plan.render_to) == (tmp_path.resolve(), tmp_path / "demo" / "cable")
