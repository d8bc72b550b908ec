"""How expert answers become a data set and how two models compare. No files, no Qt, no SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from qc_station.domain.model_version import Estimate, ModelVersion
from qc_station.domain.verdict import Label

HELD_OUT_PERCENT = 30
"""Share of the reviewed parts that no model of this station ever learns from."""

FEWEST_HELD_OUT = 5
"""Below this many held-out parts of a kind, a rate is words, not a number."""

FEWEST_GOOD = 10
"""The engine refuses to teach from fewer good pictures."""


class Subset(StrEnum):
    """Where a picture of a snapshot goes; the values are those of snapshot.json."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    HELD_OUT = "held_out"


class LearningState(StrEnum):
    """What the learning service is doing."""

    IDLE = "idle"
    COLLECTING = "collecting"  # taking pictures from the camera
    PREPARING = "preparing"  # reading pictures, writing the snapshot
    TEACHING = "teaching"
    COMPARING = "comparing"  # old and new on the held-out parts
    CANCELLING = "cancelling"


class LearningKind(StrEnum):
    """What was asked for."""

    TEACH_FOLDER = "teach_folder"
    TEACH_CAMERA = "teach_camera"
    RETRAIN = "retrain"


class Measure(StrEnum):
    """Figures of the old-vs-new table, in its order."""

    AUROC = "auroc"
    ESCAPE = "escape"
    OVERKILL = "overkill"
    REVIEW_RATE = "review"

    @property
    def higher_is_better(self) -> bool:
        """True for figures that should grow."""
        return self is Measure.AUROC


class Change(StrEnum):
    """How the new model does against the old one in one figure."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"  # too few held-out parts to say a number


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One figure of both models on the same held-out parts; None where there were too few."""

    metric: Measure
    old: Estimate | None
    new: Estimate | None
    n: int
    needed: int = FEWEST_HELD_OUT

    @property
    def change(self) -> Change:
        """Compares the two values; a difference below half a thousandth is the same."""
        if self.old is None or self.new is None:
            return Change.UNKNOWN
        gain = self.new.value - self.old.value
        if abs(gain) < 5e-4:
            return Change.SAME
        return Change.BETTER if (gain > 0) == self.metric.higher_is_better else Change.WORSE

    @property
    def better(self) -> bool | None:
        """True, False, or None when equal or unknown."""
        return {Change.BETTER: True, Change.WORSE: False}.get(self.change)


@dataclass(frozen=True, slots=True)
class ReviewedCounts:
    """Expert answers for one recipe, since its active model was taught and in all."""

    good: int = 0
    defect: int = 0
    cannot_tell: int = 0

    @property
    def usable(self) -> int:
        """Answers a model can learn from."""
        return self.good + self.defect


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture that may enter a snapshot. ``content_hash`` is of its pixels, not of its file."""

    path: Path
    label: Label
    class_name: str | None
    content_hash: str
    part_id: str | None = None
    original: bool = False

    @property
    def snapshot_label(self) -> str:
        """The label as snapshot.json spells it: "good", a class name, or "anomaly"."""
        if self.label is Label.GOOD:
            return "good"
        return self.class_name or "anomaly"


@dataclass(frozen=True, slots=True)
class SnapshotItem:
    """A picture with its place in the split; ``mask`` is relative to the snapshot's folder."""

    picture: LabelledPicture
    subset: Subset
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class SnapshotPlan:
    """The split, and what was left out of it and why."""

    items: tuple[SnapshotItem, ...]
    cannot_tell: int = 0
    contradictory: int = 0
    duplicates: int = 0
    unreadable: int = 0
    masks_unreadable: int = 0

    def count(self, subset: Subset, *, good: bool) -> int:
        """Pictures of one subset that are good (or, with False, defective)."""
        return sum(
            item.subset is subset and (item.picture.label is Label.GOOD) is good
            for item in self.items
        )


@dataclass(frozen=True, slots=True)
class LearningResult:
    """A finished job: the new version, and for a retraining how it compares."""

    kind: LearningKind
    version: ModelVersion
    old: ModelVersion | None = None
    comparison: tuple[ComparisonRow, ...] = ()
    plan: SnapshotPlan | None = None
    activated: bool = False
    problems: tuple[str, ...] = field(default=())


def subset_of(content_hash: str, *, good: bool) -> Subset:
    """Place of a reviewed part, from its pixels alone: the same part lands there every time.

    The hash is hashed once more with a salt, so that the split is independent of anything else
    that orders by content hash. Defects that are not held out calibrate; goods teach.
    """
    digest = hashlib.sha256(b"qc-station-split-1:" + content_hash.encode()).digest()
    if int.from_bytes(digest[:8], "big") % 100 < HELD_OUT_PERCENT:
        return Subset.HELD_OUT
    return Subset.TRAIN if good else Subset.CALIBRATION


def plan_snapshot(
    originals: Iterable[LabelledPicture],
    reviewed: Iterable[LabelledPicture],
    *,
    unreadable: int = 0,
) -> SnapshotPlan:
    """Merges the original teaching pictures with the reviewed parts into one split.

    "Can't tell" never enters. Pictures with the same pixels count once; where their labels
    contradict each other all of them stay out, because one of the answers is wrong. Originals
    always teach: the old model has seen them, so nothing may be measured on them.
    """
    groups: dict[str, list[LabelledPicture]] = {}
    cannot_tell = 0
    for picture in [*originals, *reviewed]:
        if picture.label is Label.CANNOT_TELL:
            cannot_tell += 1
        else:
            groups.setdefault(picture.content_hash, []).append(picture)
    items: list[SnapshotItem] = []
    contradictory = duplicates = 0
    for content_hash, group in groups.items():
        if len({picture.snapshot_label for picture in group}) > 1:
            contradictory += len(group)
            continue
        duplicates += len(group) - 1
        first = next((picture for picture in group if picture.original), group[0])
        good = first.label is Label.GOOD
        if first.original:
            subset = Subset.TRAIN if good else Subset.CALIBRATION
        else:
            subset = subset_of(content_hash, good=good)
        items.append(SnapshotItem(first, subset))
    return SnapshotPlan(tuple(items), cannot_tell, contradictory, duplicates, unreadable)


def compare(
    old: Mapping[Measure, Estimate], new: Mapping[Measure, Estimate], n_good: int, n_defect: int
) -> tuple[ComparisonRow, ...]:
    """The old-vs-new table on ``n_good`` + ``n_defect`` held-out parts.

    AUROC needs enough of both kinds, escape enough defects, overkill enough goods; a figure
    without enough parts is left out, never shown as a number.
    """
    total = n_good + n_defect
    counts = {
        Measure.AUROC: (total, min(n_good, n_defect)),
        Measure.ESCAPE: (n_defect, n_defect),
        Measure.OVERKILL: (n_good, n_good),
        Measure.REVIEW_RATE: (total, total),
    }
    rows = []
    for measure, (n, weakest) in counts.items():
        enough = weakest >= FEWEST_HELD_OUT
        rows.append(
            ComparisonRow(
                measure,
                old.get(measure) if enough else None,
                new.get(measure) if enough else None,
                n,
            )
        )
    return tuple(rows)
