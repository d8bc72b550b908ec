"""Divide a data set for supervised training, and write the division down. Must not know models.

A division is a station snapshot: pictures with label, subset and sha256. The subsets train,
calibration and held_out are training, validation and test. Pictures of one part and pictures of
one content form a group, and a group is never divided.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from engine.data.layout import Dataset, Problem, Sample, Subset, defect_classes
from engine.data.snapshot import FORMAT, SUBSETS, VERSION
from engine.errors import EngineError

GroupBy = Literal["part", "stem", "none"]
GROUPINGS: tuple[GroupBy, ...] = ("part", "stem", "none")
FRACTIONS = (0.6, 0.2, 0.2)
_ENOUGH = 1e-9  # a subset's share counts as filled within this


def split_dataset(
    dataset: Dataset,
    fractions: Sequence[float] = FRACTIONS,
    seed: int = 0,
    group_by: GroupBy = "part",
) -> Dataset:
    """Divide all labelled pictures, whatever subset they came in, class by class.

    ``fractions`` are the shares of train, calibration and held_out; 0 leaves a subset out. A class
    with as many groups as there are subsets is in each of them. ``group_by`` "part" keeps pictures
    of one part id together, "stem" also pictures whose files are called the same but for the
    suffix (running numbers say nothing); "none" ignores and forgets part ids. Exact duplicates are
    never divided. The same files give the same division whatever their order. Raises EngineError
    fractions_wrong, picture_unreadable.
    """
    shares = _checked(fractions)
    problems = list(dataset.problems)
    labelled = []
    for sample in sorted(dataset.samples, key=lambda s: str(s.path)):
        if sample.label is not None:
            labelled.append(sample)
            continue
        problems.append(
            Problem(
                "label_missing",
                sample.path,
                f"The picture {sample.path} has no label; it is left out of the split.",
            )
        )
    problems += _contradictions(labelled)
    groups = _groups(labelled, group_by)
    subset_of: dict[int, Subset] = {}
    totals = dict.fromkeys(SUBSETS, 0)
    for label in sorted({_label(group) for group in groups}):
        rng = np.random.default_rng((seed, *hashlib.sha256(label.encode()).digest()[:4]))
        own = [group for group in groups if _label(group) == label]
        shuffled = [own[int(index)] for index in rng.permutation(len(own))]
        shuffled.sort(key=len, reverse=True)  # large groups find room only while there is some
        for group, subset in _assigned(shuffled, shares, totals):
            totals[subset] += len(group)
            subset_of.update((id(sample), subset) for sample in group)
    samples = tuple(
        Sample(
            s.path,
            s.label,
            subset_of[id(s)],
            s.mask_path,
            None if group_by == "none" else s.part_id,
            s.sha256,
        )
        for s in labelled
    )
    return Dataset(
        dataset.root, dataset.name, "snapshot", samples, defect_classes(list(samples)), problems
    )


def split_to_json(dataset: Dataset) -> bytes:
    """A division as a snapshot with absolute paths, for ``load_dataset`` and for a bundle."""
    items = [
        {
            "path": str(sample.path.absolute()),
            "label": sample.label,
            "subset": sample.subset,
            "mask": str(sample.mask_path.absolute()) if sample.mask_path else None,
            "sha256": sample.sha256,
            "part_id": sample.part_id,
        }
        for sample in dataset.samples
    ]
    content: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "product": dataset.name,
        "split_hash": split_hash(dataset),
        "items": items,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def write_split(dataset: Dataset, path: Path) -> None:
    """Write a division whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(split_to_json(dataset))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def split_hash(dataset: Dataset) -> str:
    """sha256 over what each picture holds, its label and its subset: the same division of the same
    pictures has the same hash wherever they lie."""
    lines = sorted(f"{s.sha256} {s.label} {s.subset}" for s in dataset.samples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def subset_counts(dataset: Dataset) -> dict[str, dict[str, int]]:
    """Pictures by label within each subset."""
    return {
        subset: dict(sorted(Counter(str(s.label) for s in dataset.of_subset(subset)).items()))
        for subset in SUBSETS
    }


def changed_pictures(dataset: Dataset) -> list[Problem]:
    """Pictures whose files are no longer what the division says they were."""
    problems = []
    for sample in dataset.samples:
        if sample.declared_sha256 is None:
            continue
        fresh = Sample(sample.path, sample.label, sample.subset)
        try:
            same = fresh.sha256 == sample.declared_sha256
        except EngineError as error:
            problems.append(Problem(error.code, sample.path, str(error)))
            continue
        if not same:
            problems.append(
                Problem(
                    "picture_changed",
                    sample.path,
                    f"The picture {sample.path} is not the one that was divided: its sha256 is "
                    f"another; restore it, or divide the data anew.",
                )
            )
    return problems


def _checked(fractions: Sequence[float]) -> dict[Subset, float]:
    values = [float(value) for value in fractions]
    good = len(values) == len(SUBSETS) and all(0.0 <= value < 1.0 for value in values)
    if not good or values[0] == 0.0 or abs(sum(values) - 1.0) > 1e-6:
        raise EngineError(
            "fractions_wrong",
            f"The fractions {', '.join(f'{100 * value:g}' for value in values)} are no division "
            "into training, validation and test; give three percentages that add up to 100.",
            fractions=values,
        )
    return dict(zip(SUBSETS, values, strict=True))


def _groups(samples: Sequence[Sample], group_by: GroupBy) -> list[list[Sample]]:
    """Samples that belong together, by equal keys of any kind, in listing order."""
    parent = list(range(len(samples)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[tuple[str, str], int] = {}
    for index, sample in enumerate(samples):
        for key in _keys(sample, group_by):
            parent[root(index)] = root(first.setdefault(key, index))
    groups: dict[int, list[Sample]] = {}
    for index, sample in enumerate(samples):
        groups.setdefault(root(index), []).append(sample)
    return list(groups.values())


def _keys(sample: Sample, group_by: GroupBy) -> Iterable[tuple[str, str]]:
    yield "content", sample.sha256
    if group_by != "none" and sample.part_id:
        yield "part", sample.part_id
    if group_by == "stem" and not sample.path.stem.isdigit():
        yield "stem", sample.path.stem


def _label(group: Sequence[Sample]) -> str:
    """The label a group counts for: its defect rather than "good", the commonest one."""
    counted = Counter(str(sample.label) for sample in group if sample.is_defect)
    counted = counted or Counter(str(sample.label) for sample in group)
    return min(counted, key=lambda label: (-counted[label], label))


def _assigned(
    groups: Sequence[list[Sample]], shares: dict[Subset, float], totals: dict[Subset, int]
) -> Iterable[tuple[list[Sample], Subset]]:
    """A subset for each group of one class: always the one that lacks most.

    First one group each where there are enough of them. Ties go to the subset that all classes
    together have filled least, then to the test.
    """
    used = [subset for subset in SUBSETS if shares[subset] > 0.0]
    wanted = {subset: shares[subset] * sum(map(len, groups)) for subset in used}
    everything = max(1, sum(totals.values()))
    starts = list(used) if len(groups) >= len(used) else []
    for number, group in enumerate(groups):
        if number < len(starts):
            subset = starts[number]
        else:
            most = max(wanted.values())
            tied = [name for name in used if wanted[name] > most - _ENOUGH]
            subset = min(reversed(tied), key=lambda name: totals[name] / everything - shares[name])
        wanted[subset] -= len(group)
        yield group, subset


def _contradictions(samples: Sequence[Sample]) -> Iterable[Problem]:
    """Pictures of one content under two labels: one of the labels is wrong."""
    first: dict[str, Sample] = {}
    for sample in samples:
        other = first.setdefault(sample.sha256, sample)
        if other.label != sample.label:
            yield Problem(
                "duplicate_other_label",
                sample.path,
                f"The picture {sample.path} ({sample.label}) is the same as {other.path} "
                f"({other.label}); one of the labels is wrong.",
            )
