"""What an expert labels first, and the data set that is known then. Must not know training.

Two orders. "random" is a shuffled pile. "queue" is the station's review queue: parts in REVIEW,
the most uncertain first, then parts called NG, those nearest their limit first (the same rule as
`qc_station.services.inspection_records.uncertainty`); it is laid anew with each new model, as at
the station. Parts called OK never come to the queue; where it holds too few defects, the highest
scores among them follow, and the record says how many those were.

Only labels of defects are counted, since good parts are what a station begins with. Of every five
labelled defects of a class the third goes to validation, the others to training; where no class has
three, the third label does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.bundle import Limits
from engine.data.layout import Dataset, Sample, Subset, defect_classes
from engine.inference.decision import NG, REVIEW

RANDOM, QUEUE = "random", "queue"
ORDERS = (RANDOM, QUEUE)
VALIDATED = 2  # of the places 0 to 4 of five labels of a class, the one that validates


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model said of an unlabelled part: ``content`` is the picture's sha256."""

    content: str
    verdict: str
    reason: str
    score: float
    defect: bool


def pool_defects(dataset: Dataset) -> list[Sample]:
    """Defects of training and validation, which an expert may come across, by path."""
    found = [s for s in dataset.of_subset("train", "calibration") if s.is_defect]
    return sorted(found, key=lambda sample: str(sample.path))


def shuffled(samples: Sequence[Sample], seed: int) -> list[str]:
    """Contents in random order."""
    order = np.random.default_rng((seed, 0x4C61)).permutation(len(samples))
    return list(dict.fromkeys(samples[int(index)].sha256 for index in order))


def queued(judged: Sequence[Judgement], limits: Limits) -> list[Judgement]:
    """Parts in the order in which the review queue offers them."""

    def place(one: Judgement) -> tuple[float, float, str]:
        if one.verdict == REVIEW:
            return 0.0, -_uncertainty(one, limits), one.content
        if one.verdict == NG:
            return 1.0, one.score, one.content
        return 2.0, -one.score, one.content

    return sorted(judged, key=place)


def known_by(dataset: Dataset, labelled: Sequence[str]) -> Dataset:
    """The data set as it is after so many labels: all good pictures, the labelled defects divided
    into training and validation in the order of their labels, the test untouched."""
    known, validates = set(labelled), _validating(dataset, labelled)
    samples = []
    for sample in dataset.samples:
        if not sample.is_defect or sample.subset == "held_out":
            samples.append(sample)
        elif sample.sha256 in known:
            subset: Subset = "calibration" if sample.sha256 in validates else "train"
            samples.append(
                Sample(
                    sample.path, sample.label, subset, sample.mask_path, sample.part_id,
                    sample.sha256,
                )
            )  # fmt: skip
    return Dataset(
        dataset.root,
        dataset.name,
        "snapshot",
        tuple(samples),
        defect_classes(samples),
        list(dataset.problems),
    )


def _validating(dataset: Dataset, labelled: Sequence[str]) -> set[str]:
    """The labelled defects that validate; every class that has three is among them."""
    label_of = {s.sha256: str(s.label) for s in pool_defects(dataset)}
    seen: Counter[str] = Counter()
    found = set()
    for content in labelled:
        label = label_of[content]
        if seen[label] % 5 == VALIDATED:
            found.add(content)
        seen[label] += 1
    return found or set(labelled[VALIDATED : VALIDATED + 1])


def _uncertainty(one: Judgement, limits: Limits) -> float:
    """1 in the middle between the limits and where they say nothing of the part, 0 at a limit."""
    width = limits.ng - limits.ok
    if one.reason != "between_limits" or width <= 0.0:
        return 1.0
    return 1.0 - abs(2.0 * one.score - limits.ok - limits.ng) / width
