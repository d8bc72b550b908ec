"""A division keeps proportions, parts and duplicates together, and can be read back anywhere."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.data.layout import Dataset, Sample, load_dataset
from engine.data.split import (
    changed_pictures,
    split_dataset,
    split_hash,
    split_to_json,
    subset_counts,
    write_split,
)
from engine.errors import EngineError


def _dataset(*samples: Sample) -> Dataset:
    return Dataset(Path("somewhere"), "product", "classes", samples, ("crack", "dent"))


def _sample(name: str, label: str | None, part: str | None = None, content: str = "") -> Sample:
    return Sample(Path(name), label, "train", None, part, content or f"hash of {name}")


def _many(**counts: int) -> list[Sample]:
    return [
        _sample(f"{label}/{number}.png", label)
        for label, count in counts.items()
        for number in range(count)
    ]


def test_every_class_keeps_its_proportions() -> None:
    division = split_dataset(_dataset(*_many(good=100, crack=25, dent=10)))
    assert subset_counts(division) == {
        "train": {"crack": 15, "dent": 6, "good": 60},
        "calibration": {"crack": 5, "dent": 2, "good": 20},
        "held_out": {"crack": 5, "dent": 2, "good": 20},
    }


@pytest.mark.parametrize("count", range(3, 14))
def test_a_class_with_three_pictures_is_in_every_subset(count: int) -> None:
    division = split_dataset(_dataset(*_many(good=50, crack=count)), seed=count)
    found = [counts.get("crack", 0) for counts in subset_counts(division).values()]
    assert min(found) >= 1 and sum(found) == count
    assert abs(found[0] - 0.6 * count) <= 1.0


def test_many_small_classes_fill_validation_and_test_alike() -> None:
    classes = {f"class{number}": 4 + number % 3 for number in range(12)}
    counts = subset_counts(split_dataset(_dataset(*_many(**classes))))
    validation, test = (sum(counts[name].values()) for name in ("calibration", "held_out"))
    assert abs(validation - test) <= 1


def test_one_or_two_pictures_go_to_training_first() -> None:
    counts = subset_counts(split_dataset(_dataset(*_many(good=50, crack=1, dent=2))))
    assert counts["train"]["crack"] == 1 and counts["train"]["dent"] == 1


def test_the_same_seed_divides_alike_in_any_order() -> None:
    samples = _many(good=40, crack=9)
    shuffled = samples.copy()
    random.Random(3).shuffle(shuffled)
    first, again = split_dataset(_dataset(*samples)), split_dataset(_dataset(*shuffled))
    assert first.samples == again.samples
    assert split_dataset(_dataset(*samples), seed=1).samples != first.samples


def test_adding_a_class_leaves_the_others_where_they_are() -> None:
    few = split_dataset(_dataset(*_many(good=50, dent=10)))
    more = split_dataset(_dataset(*_many(good=50, dent=10, zebra=10)))
    assert set(few.samples) <= set(more.samples)


def test_pictures_of_one_part_stay_together() -> None:
    samples = [_sample(f"{n}.png", "good", part=f"part {n // 4}") for n in range(80)]
    samples += [_sample(f"c{n}.png", "crack", part=f"part {n}") for n in range(20)]
    division = split_dataset(_dataset(*samples))
    where: dict[str | None, set[str]] = {}
    for sample in division.samples:
        where.setdefault(sample.part_id, set()).add(sample.subset)
    assert all(len(subsets) == 1 for subsets in where.values())
    assert all(counts["crack"] for counts in subset_counts(division).values())


def test_file_names_group_but_running_numbers_do_not() -> None:
    named = [
        _sample(f"{label}/tile_{n}.png", label) for n in range(20) for label in ("good", "dent")
    ]
    division = split_dataset(_dataset(*named), group_by="stem")
    subsets = {stem: set[str]() for stem in {s.path.stem for s in named}}
    for sample in division.samples:
        subsets[sample.path.stem].add(sample.subset)
    assert all(len(found) == 1 for found in subsets.values())
    numbered = split_dataset(_dataset(*_many(good=50, dent=10)), group_by="stem")
    assert subset_counts(numbered)["train"] == {"dent": 6, "good": 30}


def test_exact_duplicates_are_never_divided() -> None:
    samples = [_sample(f"{n}.png", "good", content=f"content {n // 2}") for n in range(60)]
    for group_by in ("part", "stem", "none"):
        division = split_dataset(_dataset(*samples), group_by=group_by)
        pairs = Counter((s.sha256, s.subset) for s in division.samples)
        assert set(pairs.values()) == {2}


def test_one_picture_under_two_labels_is_named() -> None:
    samples = [
        *_many(good=10, crack=5),
        _sample("dent/x.png", "dent", content="hash of good/1.png"),
    ]
    (problem,) = split_dataset(_dataset(*samples)).problems
    assert problem.code == "duplicate_other_label" and "good/1.png" in problem.sentence


def test_pictures_without_a_label_are_left_out() -> None:
    division = split_dataset(_dataset(*_many(good=10), _sample("unknown.png", None)))
    assert len(division.samples) == 10
    assert [problem.code for problem in division.problems] == ["label_missing"]


def test_a_subset_can_be_left_out() -> None:
    counts = subset_counts(split_dataset(_dataset(*_many(good=50, crack=5)), (0.8, 0.0, 0.2)))
    assert counts == {
        "train": {"crack": 4, "good": 40},
        "calibration": {},
        "held_out": {"crack": 1, "good": 10},
    }


@pytest.mark.parametrize("wrong", [(0.6, 0.4), (0.5, 0.2, 0.2), (0.0, 0.5, 0.5), (1.4, -0.2, -0.2)])
def test_fractions_that_are_no_division_are_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(EngineError) as error:
        split_dataset(_dataset(*_many(good=5)), wrong)
    assert error.value.code == "fractions_wrong"


def test_a_written_division_is_read_back(make_mvtec: Any, tmp_path: Path) -> None:
    dataset = load_dataset(make_mvtec(defects={"scratch": 5, "dent": 3}))
    division = split_dataset(dataset)
    write_split(division, tmp_path / "new" / "split.json")
    read = load_dataset(tmp_path / "new" / "split.json")
    assert read.problems == [] and read.classes == dataset.classes
    assert [replace(s, path=s.path.absolute()) for s in division.samples] == list(read.samples)
    assert split_hash(read) == split_hash(division)
    assert [f.name for f in (tmp_path / "new").iterdir()] == ["split.json"]


def test_a_division_without_part_ids_can_be_read_back(make_mvtec: Any, tmp_path: Path) -> None:
    dataset = load_dataset(make_mvtec())
    same_part = tuple(replace(sample, part_id="one") for sample in dataset.samples)
    division = split_dataset(replace(dataset, samples=same_part), group_by="none")
    (tmp_path / "split.json").write_bytes(split_to_json(division))
    assert load_dataset(tmp_path / "split.json").problems == []


def test_the_hash_tells_divisions_apart_but_not_places(make_mvtec: Any, tmp_path: Path) -> None:
    root = make_mvtec()
    shutil.copytree(root, tmp_path / "moved")
    here, there = (split_dataset(load_dataset(r)) for r in (root, tmp_path / "moved"))
    assert split_hash(here) == split_hash(there)
    assert split_hash(split_dataset(load_dataset(root), seed=1)) != split_hash(here)


def test_a_changed_picture_is_found(make_mvtec: Any, add_part: Any) -> None:
    division = split_dataset(load_dataset(make_mvtec()))
    assert changed_pictures(division) == []
    add_part(division.samples[0].path, 999)
    division.samples[1].path.unlink()
    codes = [problem.code for problem in changed_pictures(division)]
    assert codes == ["picture_changed", "picture_unreadable"]


def test_the_command_divides_and_checks(make_mvtec: Any, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "split.json"
    words = ["split", "--data", str(make_mvtec(defects={"dent": 5})), "--fractions", "60,20,20"]
    assert main([*words, "--out", str(out), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["counts"]["train"] == {"dent": 3, "good": 10}
    assert main(["split", "--data", str(out), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert checked["split_hash"] == written["split_hash"] and checked["problems"] == []
    assert main(words) == 2
    assert "--out" in capsys.readouterr().err
    assert main(["split", "--data", str(out), "--out", str(out), "--fractions", "a,b"]) == 2
