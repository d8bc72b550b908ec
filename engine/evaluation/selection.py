"""Which pictures are measured on, and which of them the model has seen. Must not know models.

Protocols: "one-class" takes ``test/`` of a folder as it comes; "supervised" takes the pictures
that the bundle's own split kept for testing, found by content wherever they lie now; "all" takes
every picture of ``test/``, or of a folder without one. A snapshot says itself what is held out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.data.layout import Dataset, Problem, Sample
from engine.errors import EngineError

ONE_CLASS, SUPERVISED, ALL = "one-class", "supervised", "all"
PROTOCOLS = (ONE_CLASS, SUPERVISED, ALL)
HELD_OUT = "held_out"
_DIVIDE = "To have some, divide the data with qc-engine split and train on the division."


@dataclass(frozen=True, slots=True)
class Selection:
    """The samples to measure on, the protocol and the subset they are, and how many of them the
    bundle was trained or validated on (None: it does not say)."""

    samples: list[Sample]
    protocol: str
    subset: str
    seen: int | None


def read_split(path: Path) -> dict[str, str]:
    """Subset by content (sha256) of the split in a bundle. Raises EngineError snapshot_damaged."""
    try:
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        return {item["sha256"]: item["subset"] for item in items if item.get("sha256")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(
            "snapshot_damaged",
            f"The split {path} cannot be read ({error}).",
            path=str(path),
            what="cannot be read",
        ) from error


def select(
    dataset: Dataset,
    protocol: str | None,
    subset: str | None,
    split: Mapping[str, str] | None,
    problems: list[Problem],
) -> Selection:
    """Choose samples; None as protocol is "supervised" with a split that keeps pictures for
    testing, else "one-class".

    ``subset`` "test" or "held_out" overrules the usual one of the layout. What limits the figures
    is added to ``problems``. Raises EngineError subset_empty, no_split, split_elsewhere.
    """
    keeps = split is not None and HELD_OUT in split.values()
    chosen = protocol or (SUPERVISED if keeps and subset is None else ONE_CLASS)
    if dataset.layout == "snapshot" and chosen == ALL:
        samples, name = list(dataset.samples), "all"
    elif dataset.layout == "snapshot" or (dataset.layout == "mvtec" and subset is not None):
        samples, name = _of_subset(dataset, subset)
    elif chosen == SUPERVISED:
        samples, name = _kept_for_testing(dataset, split, problems), HELD_OUT
    elif dataset.layout == "classes":
        samples, name = list(dataset.samples), "all"
        if not split:  # else what it has seen is counted
            problems.append(_no_test_folder(dataset))
    else:
        samples, name = _of_subset(dataset, None)
    seen = _count_seen(dataset, samples, split, problems)
    return Selection(samples, chosen, name, seen)


def _of_subset(dataset: Dataset, subset: str | None) -> tuple[list[Sample], str]:
    usual = HELD_OUT if dataset.layout == "snapshot" else "test"
    wanted = subset or usual
    samples = [sample for sample in dataset.samples if sample.subset == wanted]
    if not samples:
        others = sorted({sample.subset for sample in dataset.samples})
        raise EngineError(
            "subset_empty",
            f"{dataset.root} holds no {wanted} pictures (it has {', '.join(others)}); choose "
            f"another folder or --subset {usual}.",
            path=str(dataset.root),
            subset=wanted,
        )
    return samples, wanted


def _kept_for_testing(
    dataset: Dataset, split: Mapping[str, str] | None, problems: list[Problem]
) -> list[Sample]:
    """Pictures of the folder that the bundle's split holds out, each content once."""
    if not split:
        raise EngineError(
            "no_split",
            "The model bundle has no split of its own, so nothing says which pictures it was not "
            "trained on; use --protocol one-class or all, or name a snapshot as --data.",
        )
    wanted = {content for content, subset in split.items() if subset == HELD_OUT}
    if not wanted:
        raise EngineError(
            "no_split",
            f"The model's own split keeps no picture for testing: its {len(split)} pictures were "
            f"all trained or validated on. {_DIVIDE} Use --protocol all to measure on others.",
        )
    found: dict[str, Sample] = {}
    for sample in dataset.samples:
        if (content := _content(sample)) in wanted:
            found.setdefault(content, sample)
    if not found:
        raise EngineError(
            "split_elsewhere",
            f"None of the {len(wanted)} pictures that the model's split keeps for testing is in "
            f"{dataset.root}; use --protocol all to measure on every picture there.",
            path=str(dataset.root),
        )
    if len(found) < len(wanted):
        problems.append(
            Problem(
                "split_incomplete",
                dataset.root,
                f"{len(wanted) - len(found)} of the {len(wanted)} pictures that the model's split "
                f"keeps for testing are not in {dataset.root}.",
            )
        )
    return list(found.values())


def _count_seen(
    dataset: Dataset,
    samples: list[Sample],
    split: Mapping[str, str] | None,
    problems: list[Problem],
) -> int | None:
    if not split:
        return None
    trained = {content for content, subset in split.items() if subset != HELD_OUT}
    seen = sum(_content(sample) in trained for sample in samples)
    if seen:
        sentence = (
            f"The model was trained or validated on {seen} of these {len(samples)} pictures: the "
            f"figures are better than on new parts."
        )
        if len(trained) == len(split):
            sentence = f"{sentence} Its split keeps no picture for testing. {_DIVIDE}"
        problems.append(Problem("pictures_seen", dataset.root, sentence))
    return seen


def _content(sample: Sample) -> str:
    """The picture's hash; nothing for one that cannot be opened, which is reported when read."""
    try:
        return sample.sha256
    except EngineError:
        return ""


def _no_test_folder(dataset: Dataset) -> Problem:
    return Problem(
        "no_split",
        dataset.root,
        f"{dataset.root} has no test folder: all its pictures were evaluated. The figures are "
        f"honest only if the model was taught on none of them.",
    )
