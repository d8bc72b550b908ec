"""Painted masks: kept at once, never overwritten, whole after a crash, and taught from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from store_support import NOON, make_frame, make_part

from db.errors import StoreError
from db.repositories.inspections import InspectionRepository
from db.repositories.masks import MaskRepository
from db.repositories.outbox import OutboxRepository
from db.store import Store
from engine.data.layout import load_dataset
from engine.data.masks import read_mask
from qc_station.domain.annotation import RegionChange
from qc_station.domain.verdict import Label, Review
from qc_station.services import teaching_set
from qc_station.services.audit import AuditLog
from qc_station.services.image_store import ImageStore
from qc_station.services.inspection_records import to_record
from qc_station.services.mask_store import MaskStore
from qc_station.services.painted_masks import with_masks

SIZE = 64


class Home:
    """A station's home with the pictures of some parts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder / "station.sqlite3")
        self.images = ImageStore(folder / "images")
        self.masks = MaskStore(self.store, self.images, clock=lambda: NOON)

    def add(self, number: int, picture: bool = True) -> str:
        path = None
        if picture:
            path = self.images.write(f"part-{number}", make_frame(number, SIZE).pixels, NOON.date())
        part = make_part(number, image_path=path)
        record = to_record(part, "1", NOON)
        self.store.write(lambda session: InspectionRepository(session).add(record))
        return part.inspection_id

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("images/**/*.mask-*.png"))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.store.close()


def square(top: int, left: int, side: int = 8) -> NDArray[np.uint8]:
    plane = np.zeros((SIZE, SIZE), np.uint8)
    plane[top : top + side, left : left + side] = 1
    return plane


def change(number: int, plane: NDArray[np.uint8] | None, name: str = "crack") -> RegionChange:
    return RegionChange(number, None if plane is None else name, plane)


def test_what_was_painted_comes_back_to_the_pixel(home: Home) -> None:
    part = home.add(1)
    noise = np.random.default_rng(1).integers(0, 2, (SIZE, SIZE), dtype=np.uint8)
    home.masks.save(part, [change(1, noise), change(2, square(3, 4), "dent")], "Eva")
    stored = home.masks.load(part)
    assert [(r.number, r.class_name) for r in stored.regions] == [(1, "crack"), (2, "dent")]
    assert np.array_equal(stored.regions[0].plane, noise)
    assert np.array_equal(stored.regions[1].plane, square(3, 4))
    assert (stored.problems, stored.next_number) == ((), 3)
    assert home.masks.load("never-seen").regions == ()


def test_a_later_version_supersedes_and_the_log_only_grows(home: Home) -> None:
    part = home.add(1)
    home.masks.save(part, [change(1, square(0, 0))], "Eva")
    home.masks.save(part, [change(1, square(9, 9))], "Ann")
    home.masks.save(part, [change(1, None)], "Ann")
    home.masks.save(part, [change(1, square(0, 0), "dent")], "Eva")
    records = home.store.read(lambda session: MaskRepository(session).of(part))
    assert [record.superseded for record in records] == [True, True, True, False]
    assert [record.author for record in records] == ["Eva", "Ann", "Ann", "Eva"]
    assert records[2].path is None and records[0].path == records[3].path
    assert len(home.files()) == 2 and AuditLog(home.store).verify().masks == 4
    (region,) = home.masks.load(part).regions
    assert region.class_name == "dent" and np.array_equal(region.plane, square(0, 0))
    topics = home.store.read(lambda s: [m.message_id for m in OutboxRepository(s).unsent(9)])
    assert topics == ["mask-1", "mask-2", "mask-3", "mask-4"]


def test_the_same_version_again_writes_no_row(home: Home) -> None:
    part = home.add(1)
    for _ in range(2):
        home.masks.save(part, [change(1, square(0, 0)), change(7, None)], "Eva")
    assert AuditLog(home.store).verify().masks == 1


def test_a_removed_region_is_not_shown_and_its_number_stays_taken(home: Home) -> None:
    part = home.add(1)
    home.masks.save(part, [change(1, square(0, 0)), change(2, square(9, 9))], "Eva")
    home.masks.save(part, [change(2, None)], "Eva")
    stored = home.masks.load(part)
    assert [region.number for region in stored.regions] == [1] and stored.next_number == 3


def test_rows_refuse_to_be_changed(home: Home) -> None:
    home.masks.save(home.add(1), [change(1, square(0, 0))], "Eva")
    for statement in ("UPDATE masks SET class_name = 'dent'", "DELETE FROM masks"):
        with pytest.raises(StoreError) as caught:
            home.store.write(
                lambda session, said=statement: session.connection().exec_driver_sql(said)
            )
        assert caught.value.code == "store_conflict"


@pytest.mark.parametrize("harm", ["gone", "cut", "other"])
def test_a_damaged_file_is_told_and_the_others_are_shown(home: Home, harm: str) -> None:
    part = home.add(1)
    home.masks.save(part, [change(1, square(0, 0))], "Eva")
    (file,) = home.files()
    home.masks.save(part, [change(2, square(9, 9))], "Eva")
    if harm == "gone":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[:40])
    else:
        cv2.imwrite(str(file), square(20, 20) * 255)
    stored = home.masks.load(part)
    assert [region.number for region in stored.regions] == [2]
    (problem,) = stored.problems
    assert problem.region == 1 and problem.sentence.endswith(".")
    assert problem.code == ("mask_missing" if harm == "gone" else "mask_damaged")
    whole, problems = home.masks.union(part)
    assert np.array_equal(whole, square(9, 9)) and len(problems) == 1


def test_a_crash_between_file_and_row_leaves_the_version_before(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = home.add(1)
    home.masks.save(part, [change(1, square(0, 0))], "Eva")

    def cut(_work: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(home.store, "write", cut)
        with pytest.raises(KeyboardInterrupt):
            home.masks.save(part, [change(1, square(9, 9))], "Eva")
    assert len(home.files()) == 2
    (region,) = home.masks.load(part).regions
    assert np.array_equal(region.plane, square(0, 0))
    home.masks.save(part, [change(1, square(9, 9))], "Eva")
    assert len(home.files()) == 2


PAINT_FOR_EVER = """
import sys
from pathlib import Path
from tests.unit.test_mask_store import Home, change, square
home = Home(Path(sys.argv[1]))
part = home.add(1)
for number in range(10_000):
    home.masks.save(part, [change(1, square(number % 50, number // 50))], "Eva")
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_program_loses_no_stroke_that_was_acknowledged(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", PAINT_FOR_EVER, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    acknowledged = next(int(line) for line in child.stdout if int(line) >= 20)
    child.kill()
    acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line[-1] == "\n")])
    child.wait(30)
    child.stdout.close()
    home = Home(tmp_path)
    try:
        (region,) = home.masks.load("part-1").regions
        possible = [square(n % 50, n // 50) for n in (acknowledged, acknowledged + 1)]
        assert any(np.array_equal(region.plane, plane) for plane in possible)
        assert AuditLog(home.store).verify().masks in (acknowledged + 1, acknowledged + 2)
    finally:
        home.store.close()


def test_a_part_without_a_picture_cannot_be_painted(home: Home) -> None:
    for part, code in (
        (home.add(1, picture=False), "picture_missing"),
        ("x", "inspection_missing"),
    ):
        with pytest.raises(StoreError) as caught:
            home.masks.save(part, [change(1, square(0, 0))], "Eva")
        assert caught.value.code == code


def test_masks_reach_the_engine_through_the_snapshot(home: Home, tmp_path: Path) -> None:
    labels = {
        1: Label.DEFECT,
        2: Label.DEFECT,
        3: Label.GOOD,
        4: Label.DEFECT,
        5: Label.CANNOT_TELL,
    }
    labelled = []
    for number, label in labels.items():
        part = home.add(number)
        record = home.store.read(lambda s, part=part: InspectionRepository(s).get(part))
        inspection = make_part(number, image_path=record.image_path if record else None)
        name = "crack" if label is Label.DEFECT else None
        labelled.append((inspection, Review(label, name, "Eva", datetime.now(UTC))))
    painted = {1: (square(0, 0), square(4, 4)), 3: (square(1, 1),), 4: (square(30, 2),)}
    for number, planes in painted.items():
        changes = [change(n, plane, f"c{n}") for n, plane in enumerate(planes, start=1)]
        home.masks.save(f"part-{number}", changes, "Eva")
    home.masks.save("part-4", [change(1, None)], "Eva")

    candidates = teaching_set.reviewed_pictures(labelled, home.folder)
    plan = teaching_set.build_plan(candidates, lambda _done, _total: None, lambda: False)
    folder = tmp_path / "snapshot"
    plan = with_masks(plan, home.masks, folder)
    teaching_set.write_snapshot(plan, "bottle", folder)

    dataset = load_dataset(folder)
    assert dataset.problems == []
    masks = {sample.part_id: sample.mask_path for sample in dataset.samples}
    assert set(masks) == {"part-1", "part-2", "part-3", "part-4"}
    assert {part for part, path in masks.items() if path} == {"part-1"}
    path = masks["part-1"]
    assert path is not None
    assert np.array_equal(read_mask(path), (square(0, 0) | square(4, 4)) != 0)
    moved = folder.rename(tmp_path / "moved")
    assert load_dataset(moved).problems == []


def test_unreadable_regions_are_counted_and_do_not_stop_the_snapshot(home: Home) -> None:
    part = home.add(1)
    home.masks.save(part, [change(1, square(0, 0))], "Eva")
    home.files()[0].unlink()
    picture = home.store.read(lambda s: InspectionRepository(s).get(part))
    assert picture is not None
    labelled = [
        (
            make_part(1, image_path=picture.image_path),
            Review(Label.DEFECT, "crack", "Eva", datetime.now(UTC)),
        )
    ]
    candidates = teaching_set.reviewed_pictures(labelled, home.folder)
    plan = teaching_set.build_plan(candidates, lambda _done, _total: None, lambda: False)
    folder = home.folder / "snapshot"
    plan = with_masks(plan, home.masks, folder)
    teaching_set.write_snapshot(plan, "bottle", folder)
    document = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    assert document["left_out"]["masks_unreadable"] == 1
    assert [item["mask"] for item in document["items"]] == [None]
