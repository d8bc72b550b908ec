"""What a folder holds: the three layouts and a sentence for everything that can be wrong."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.layout import Dataset, load_dataset, read_pictures, require_good
from engine.errors import EngineError


def _codes(dataset: Dataset) -> list[str]:
    return [problem.code for problem in dataset.problems]


def _refusal(folder: Path) -> EngineError:
    with pytest.raises(EngineError) as error:
        load_dataset(folder)
    assert "\n" not in str(error.value)
    return error.value


def test_mvtec_folders_are_recognised(make_mvtec: Any) -> None:
    dataset = load_dataset(make_mvtec(defects={"scratch": 2, "dent": 3}))
    assert (dataset.layout, dataset.name) == ("mvtec", "product")
    assert dataset.classes == ("dent", "scratch")
    assert dataset.problems == []
    counted = Counter((s.subset, s.label) for s in dataset.samples)
    assert counted == {
        ("train", "good"): 12,
        ("test", "good"): 4,
        ("test", "scratch"): 2,
        ("test", "dent"): 3,
    }
    assert all((s.mask_path is not None) == s.is_defect for s in dataset.samples)


def test_masks_without_the_suffix_are_found(make_mvtec: Any) -> None:
    root = make_mvtec(defects={"scratch": 2})
    for mask in (root / "ground_truth/scratch").iterdir():
        mask.rename(mask.with_name(mask.name.replace("_mask", "")))
    dataset = load_dataset(root)
    assert sum(s.mask_path is not None for s in dataset.samples) == 2
    assert dataset.problems == []


def test_class_folders_are_all_for_training(tmp_path: Path, add_part: Any) -> None:
    for name in ("OK", "bent"):
        for index in range(2):
            add_part(tmp_path / f"set/{name}/{index}.png", index)
    dataset = load_dataset(tmp_path / "set")
    assert dataset.layout == "classes" and dataset.classes == ("bent",)
    assert {s.subset for s in dataset.samples} == {"train"}
    assert sorted(s.label or "" for s in dataset.samples) == ["bent", "bent", "good", "good"]


def test_a_folder_that_is_no_data_set_is_refused(tmp_path: Path, add_part: Any) -> None:
    assert _refusal(tmp_path / "absent").code == "folder_missing"
    assert _refusal(tmp_path).code == "layout_unknown"
    add_part(tmp_path / "a.png", 0)
    assert "1 pictures into a folder named good" in str(_refusal(tmp_path))
    (tmp_path / "bare/train/good").mkdir(parents=True)
    assert _refusal(tmp_path / "bare").code == "no_pictures"


def test_teaching_refuses_no_and_too_few_good_pictures(make_mvtec: Any) -> None:
    assert len(require_good(load_dataset(make_mvtec("enough", train_good=10)))) == 10
    for count, code in ((0, "no_good_pictures"), (9, "few_good_pictures")):
        dataset = load_dataset(make_mvtec(f"with{count}", train_good=count))
        with pytest.raises(EngineError) as error:
            require_good(dataset)
        assert error.value.code == code
        assert "10" in str(error.value) and "\n" not in str(error.value)


def test_unreadable_pictures_are_skipped_listed_and_counted(make_mvtec: Any) -> None:
    root = make_mvtec(train_good=12)
    whole = (root / "train/good/003.png").read_bytes()
    (root / "train/good/003.png").write_bytes(whole[: len(whole) // 2])
    (root / "train/good/005.png").write_bytes(b"")
    dataset = load_dataset(root)
    pictures = list(read_pictures(require_good(dataset), dataset.problems))
    assert len(pictures) == 10
    assert _codes(dataset) == ["picture_unreadable"] * 2
    assert [p.path.name for p in dataset.problems] == ["003.png", "005.png"]
    assert all("skipped" in p.sentence for p in dataset.problems)


def test_a_mask_of_another_size_is_a_problem_and_ignored(
    make_mvtec: Any, write_picture: Any
) -> None:
    root = make_mvtec(defects={"scratch": 3})
    write_picture(root / "ground_truth/scratch/001_mask.png", np.ones((30, 40), np.uint8))
    dataset = load_dataset(root)
    assert _codes(dataset) == ["mask_size"]
    assert "40×30" in dataset.problems[0].sentence and "64×64" in dataset.problems[0].sentence
    assert sum(s.mask_path is not None for s in dataset.samples) == 2


def test_masks_and_pictures_without_each_other_are_problems(make_mvtec: Any) -> None:
    root = make_mvtec(defects={"scratch": 3})
    (root / "test/scratch/000.png").unlink()
    (root / "ground_truth/scratch/002_mask.png").unlink()
    dataset = load_dataset(root)
    assert sorted(_codes(dataset)) == ["mask_missing", "mask_without_picture"]


def _item(path: Path, **more: Any) -> dict[str, Any]:
    return {"path": str(path), "label": "good", "subset": "train"} | more


def _snapshot(folder: Path, items: list[dict[str, Any]], **head: Any) -> Path:
    content = {"format": "qc-station-snapshot", "version": 1, "product": "cable", "items": items}
    (folder / "snapshot.json").write_text(json.dumps(content | head))
    return folder


def test_a_snapshot_lists_pictures_anywhere(
    tmp_path: Path, add_part: Any, write_picture: Any
) -> None:
    home = tmp_path / "snap"
    near = add_part(home / "p/a.png", 1)
    far = add_part(tmp_path / "elsewhere/b.png", 2)
    mask = write_picture(home / "m.png", np.eye(64, dtype=np.uint8))
    _snapshot(
        home,
        [
            _item(near.relative_to(home), part_id="7"),
            _item(far, label="bent_wire", subset="held_out", mask=mask.name),
        ],
    )
    for given in (home, home / "snapshot.json"):
        dataset = load_dataset(given)
        assert (dataset.layout, dataset.name, dataset.classes) == (
            "snapshot",
            "cable",
            ("bent_wire",),
        )
        assert [s.path for s in dataset.samples] == [near, far]
        assert dataset.samples[1].mask_path == mask
        assert dataset.samples[0].part_id == "7"
        assert dataset.samples[0].sha256 == hashlib.sha256(near.read_bytes()).hexdigest()
        assert dataset.problems == []


def test_nothing_taught_on_is_measured_on(tmp_path: Path, add_part: Any) -> None:
    first = add_part(tmp_path / "a.png", 1)
    copy = tmp_path / "copy.png"
    copy.write_bytes(first.read_bytes())
    other = add_part(tmp_path / "b.png", 2)
    again = add_part(tmp_path / "c.png", 3)
    alone = add_part(tmp_path / "d.png", 4)
    _snapshot(
        tmp_path,
        [
            _item(copy, subset="held_out"),
            _item(first),
            _item(other, part_id="p1"),
            _item(again, part_id="p1", subset="calibration"),
            _item(alone, part_id="p2", subset="held_out"),
        ],
    )
    dataset = load_dataset(tmp_path)
    assert [s.path.name for s in dataset.samples] == ["a.png", "b.png", "d.png"]
    assert _codes(dataset) == ["duplicate_across_subsets"] * 2
    assert {p.path.name for p in dataset.problems} == {"copy.png", "c.png"}


def test_missing_files_of_a_snapshot_are_problems(tmp_path: Path, add_part: Any) -> None:
    here = add_part(tmp_path / "a.png", 1)
    _snapshot(tmp_path, [_item(here, label="anomaly", mask="gone.png"), _item(Path("gone.png"))])
    dataset = load_dataset(tmp_path)
    assert sorted(_codes(dataset)) == ["mask_missing", "picture_missing"]
    assert dataset.classes == () and dataset.samples[0].is_defect
    assert dataset.samples[0].mask_path is None


@pytest.mark.parametrize(
    ("items", "head", "code"),
    [
        ([], {}, "no_pictures"),
        ([], {"version": 2}, "snapshot_version"),
        ([], {"format": "other"}, "snapshot_damaged"),
        ([{"label": "good", "subset": "train"}], {}, "snapshot_damaged"),
        ([{"path": "a.png", "label": "good", "subset": "test"}], {}, "snapshot_damaged"),
        ([{"path": "a.png", "label": 3, "subset": "train"}], {}, "snapshot_damaged"),
        ("none", {}, "snapshot_damaged"),
    ],
)
def test_a_wrong_snapshot_is_refused(tmp_path: Path, items: Any, head: Any, code: str) -> None:
    assert _refusal(_snapshot(tmp_path, items, **head)).code == code


def test_a_snapshot_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text("{")
    assert _refusal(tmp_path).code == "snapshot_damaged"


def test_the_real_data_sets_have_no_problem(shared_data: Any) -> None:
    bottle = load_dataset(shared_data("mvtec_bottle_512"))
    assert Counter(s.subset for s in bottle.samples) == {"train": 209, "test": 83}
    assert bottle.classes == ("broken_large", "broken_small", "contamination")
    tile = load_dataset(shared_data("magnetic_tile"))
    assert sum(s.mask_path is not None for s in tile.samples) == 314
    assert bottle.problems == [] and tile.problems == []
