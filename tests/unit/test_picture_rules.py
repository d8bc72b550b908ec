"""Storage rules: what is not kept is said, what somebody needs stays, rows are never touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from store_support import NOON, make_frame, make_heatmap, make_part

from db.errors import StoreError
from db.repositories.audit import AuditRepository
from db.repositories.pictures import PictureRepository
from db.store import Store
from qc_station.domain.annotation import RegionChange
from qc_station.domain.outcome import PartResult
from qc_station.domain.recipe import Storage
from qc_station.domain.recipe_fields import Keep
from qc_station.domain.verdict import Inspection, Label, Reason, Removal, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.mask_store import MaskStore
from qc_station.services.overrides import OverrideService
from qc_station.services.picture_sweep import PictureSweep
from qc_station.services.review import ReviewService
from qc_station.services.tasks import TaskPool
from qc_station.services.verdict_log import VerdictLog
from qc_station.ui import messages

DAYS = {"bottle": 30}


class World:
    """A log with its pictures, and a sweep whose clock the test sets."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = Store.open(home / "station.sqlite3")
        self.images = ImageStore(home / "images")
        self.log = VerdictLog(self.store, self.images)
        self.tasks = TaskPool()
        self.now: datetime = NOON + timedelta(days=31)
        self.days = dict(DAYS)
        self.pictures = PictureSweep(
            self.store, self.images, self.tasks, lambda: self.days, self.clock
        )

    def clock(self) -> datetime:
        return self.now

    def add(self, number: int, verdict: Verdict = Verdict.OK, **changes: object) -> None:
        part = make_part(number, verdict=verdict, **changes)
        self.log.record(part, make_frame(number), make_heatmap(number))
        assert self.log.flush()

    def part(self, number: int) -> Inspection:
        found = self.log.get(f"part-{number}")
        assert found is not None
        return found

    def files(self) -> set[str]:
        return {path.name for path in (self.home / "images").rglob("*.png")}

    def close(self) -> None:
        self.pictures.close()
        self.tasks.close()
        self.log.close()
        self.store.close()


@pytest.fixture
def world(qtbot: QtBot, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def test_of_ok_parts_every_nth_picture_is_kept_and_all_of_the_others(world: World) -> None:
    shown: list[PartResult] = []
    world.log.recorded.connect(shown.append)
    world.log.set_storage("bottle", Storage(Keep.SAMPLED, 3))
    for number in range(1, 8):
        world.add(number)
    world.add(8, Verdict.NG, reason=Reason.ABOVE_NG_LIMIT)
    world.add(9, Verdict.REVIEW, reason=Reason.BETWEEN_LIMITS)
    world.add(10, Verdict.NOT_INSPECTED, reason=Reason.DEADLINE)
    world.add(11, recipe="cable")
    kept = {number for number in range(1, 12) if world.part(number).image_path is not None}
    assert kept == {3, 6, 8, 9, 10, 11}
    left_out = world.part(1)
    assert (left_out.verdict, left_out.removal) == (Verdict.OK, Removal.RULE)
    assert left_out.heatmap_path is None and world.log.image("part-1") is None
    assert world.part(3).removal is None
    assert len(world.files()) == 2 * len(kept)
    assert np.array_equal(shown[0].frame.pixels, make_frame(1).pixels)  # it is still seen
    assert shown[0].heatmap is not None


def test_a_rule_that_changes_counts_for_the_following_parts(world: World) -> None:
    world.log.set_storage("bottle", Storage(Keep.NOT_OK))
    world.add(1)
    world.log.set_storage("bottle", Storage())
    world.add(2)
    assert world.part(1).removal is Removal.RULE and world.part(2).image_path is not None


def test_a_part_that_could_not_be_written_down_is_not_said_to_be_left_out_by_a_rule(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.log.set_storage("bottle", Storage(Keep.NOT_OK))

    def broken(*_arguments: object) -> Inspection:
        raise StoreError("store_fault", "It burns.")

    monkeypatch.setattr(world.log._writer, "write", broken)
    world.add(1)
    part = world.part(1)
    assert (part.verdict, part.removal) == (Verdict.NOT_INSPECTED, None)


def test_old_pictures_go_and_their_rows_stay(world: World) -> None:
    world.add(1)
    world.add(2, captured_at=NOON + timedelta(days=20))
    world.add(3, recipe="cable")
    assert world.pictures.sweep() == 1
    assert world.part(1).removal is Removal.AGE
    assert (world.part(1).image_path, world.part(1).heatmap_path) == (None, None)
    assert world.part(1).score == 1.25
    assert world.files() == {
        "part-2.png", "part-2.heatmap.png", "part-3.png", "part-3.heatmap.png",
    }  # fmt: skip
    assert world.pictures.sweep() == 0
    events = world.store.read(lambda session: AuditRepository(session).newest(10))
    assert [(event.action, event.subject) for event in events] == [("pictures.deleted", "bottle")]


def answer(world: World, label: Label = Label.GOOD) -> None:
    ReviewService(world.store).answer("part-1", label, None, "Eva")


def withdraw(world: World) -> None:
    review = ReviewService(world.store)
    review.answer("part-1", Label.CANNOT_TELL, None, "Eva")
    review.undo()


def paint(world: World) -> None:
    plane = np.zeros((64, 64), np.uint8)
    plane[4:9, 4:9] = 1
    MaskStore(world.store, world.images).save("part-1", [RegionChange(1, "cut", plane)], "Eva")


def override(world: World) -> None:
    OverrideService(world.store).decide("part-1", Verdict.NG, "a scratch", "Eva")


@pytest.mark.parametrize("needed", [answer, withdraw, paint, override])
def test_what_somebody_answered_painted_or_overrode_stays(
    world: World, needed: Callable[[World], None]
) -> None:
    world.add(1)
    world.add(2)
    needed(world)
    assert world.pictures.sweep() == 1
    assert world.part(1).image_path is not None and world.part(2).image_path is None
    assert "part-1.png" in world.files()


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [(Verdict.NG, Reason.ABOVE_NG_LIMIT), (Verdict.REVIEW, Reason.BETWEEN_LIMITS)],
)
def test_what_waits_for_an_expert_stays(world: World, verdict: Verdict, reason: Reason) -> None:
    world.add(1, verdict, reason=reason)
    assert world.pictures.sweep() == 0
    assert world.part(1).image_path is not None


def test_files_that_a_crash_left_behind_go_with_the_next_sweep(world: World) -> None:
    world.add(1)
    world.store.write(
        lambda session: PictureRepository(session).claim("bottle", world.now, world.now, 10)
    )
    assert world.part(1).removal is Removal.AGE and len(world.files()) == 2
    world.days.clear()
    assert world.pictures.sweep() == 1
    assert world.files() == set()


def test_more_than_one_transaction_holds_are_all_deleted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qc_station.services.picture_sweep.CHUNK", 3)
    for number in range(1, 9):
        world.add(number)
    assert world.pictures.sweep() == 8
    assert world.files() == set()


def test_a_sweep_runs_beside_the_window_and_stops_when_the_station_does(
    world: World, qtbot: QtBot
) -> None:
    world.add(1)
    with qtbot.waitSignal(world.pictures.swept) as told:
        world.pictures.begin()
    assert told.args == [1]
    world.add(2)
    world.pictures.close()
    world.pictures.begin()
    assert world.pictures.sweep() == 0
    assert world.part(2).image_path is not None


def test_a_missing_picture_is_explained(world: World) -> None:
    world.log.set_storage("bottle", Storage(Keep.NOT_OK))
    world.add(1)
    world.add(2, recipe="cable")
    world.days = {"cable": 1}
    world.pictures.sweep()
    assert "does not keep" in messages.no_picture_sentence(world.part(1))
    assert "deleted" in messages.no_picture_sentence(world.part(2))
