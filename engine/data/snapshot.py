"""Station snapshots: a JSON list of pictures with labels and subsets. Must not know the station.

Pictures of one content or of one part never count in two subsets: the copy in the subset that
comes first of train, calibration, held_out stays, so that nothing taught on is also measured on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.data.layout import (
    GOOD,
    SNAPSHOT_FILE,
    Dataset,
    Problem,
    Sample,
    Subset,
    defect_classes,
    mask_size_problem,
)
from engine.errors import EngineError

FORMAT = "qc-station-snapshot"
VERSION = 1
SUBSETS: tuple[Subset, ...] = ("train", "calibration", "held_out")


def load_snapshot(path: Path) -> Dataset:
    """Read a snapshot file. Raises EngineError snapshot_damaged, snapshot_version, no_pictures."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(path, f"cannot be read as JSON ({error})") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise _damaged(path, f'does not say "format": "{FORMAT}"')
    if raw.get("version") != VERSION:
        raise EngineError(
            "snapshot_version",
            f"The snapshot {path} has version {raw.get('version')}; this program reads version "
            f"{VERSION}.",
            path=str(path),
            version=raw.get("version"),
        )
    items = raw.get("items")
    if not isinstance(items, list):
        raise _damaged(path, 'has no list "items"')
    problems: list[Problem] = []
    samples = [_sample(path, index, item) for index, item in enumerate(items)]
    kept = [_checked(sample, problems) for sample in samples if _present(sample, problems)]
    kept = _one_subset_each(kept, problems)
    if not kept:
        raise EngineError(
            "no_pictures",
            f"The snapshot {path} lists no picture that is there.",
            path=str(path),
        )
    name = str(raw.get("product") or path.parent.name)
    return Dataset(path.parent, name, "snapshot", tuple(kept), defect_classes(kept), problems)


def _sample(snapshot: Path, index: int, item: Any) -> Sample:
    where = f"has a wrong entry {index + 1} of items"
    if not isinstance(item, dict) or not isinstance(item.get("path"), str) or not item["path"]:
        raise _damaged(snapshot, f"{where}: no path")
    subset = next((known for known in SUBSETS if known == item.get("subset")), None)
    if subset is None:
        raise _damaged(
            snapshot, f"{where}: subset {item.get('subset')!r} is none of {', '.join(SUBSETS)}"
        )
    texts: dict[str, str | None] = {}
    for key in ("label", "mask", "sha256", "part_id"):
        value = item.get(key)
        if value is not None and not isinstance(value, str):
            raise _damaged(snapshot, f"{where}: {key} is no text")
        texts[key] = value or None
    folder = snapshot.parent
    return Sample(
        path=folder / item["path"],  # an absolute path stays absolute
        label=texts["label"],
        subset=subset,
        mask_path=folder / texts["mask"] if texts["mask"] and texts["label"] != GOOD else None,
        part_id=texts["part_id"],
        declared_sha256=texts["sha256"],
    )


def _present(sample: Sample, problems: list[Problem]) -> bool:
    if sample.path.is_file():
        return True
    problems.append(
        Problem(
            "picture_missing",
            sample.path,
            f"The picture {sample.path} is listed in {SNAPSHOT_FILE} but not there; it is skipped.",
        )
    )
    return False


def _checked(sample: Sample, problems: list[Problem]) -> Sample:
    """The sample without a mask that is missing or of another size."""
    problem = mask_size_problem(sample)
    if sample.mask_path is not None and not sample.mask_path.is_file():
        problem = Problem(
            "mask_missing",
            sample.mask_path,
            f"The mask {sample.mask_path} of {sample.path.name} is not there; the picture is left "
            f"out of the pixel metrics.",
        )
    if problem is None:
        return sample
    problems.append(problem)
    return Sample(
        sample.path, sample.label, sample.subset, None, sample.part_id, sample.declared_sha256
    )


def _one_subset_each(samples: list[Sample], problems: list[Problem]) -> list[Sample]:
    """Drop what has the content or the part id of a picture in an earlier subset."""
    owner: dict[tuple[str, str], Sample] = {}
    dropped: set[int] = set()
    for sample in sorted(samples, key=lambda s: SUBSETS.index(s.subset)):
        keys = [("content", sample.sha256)]
        if sample.part_id:
            keys.append(("part id", sample.part_id))
        for what, value in keys:
            first = owner.setdefault((what, value), sample)
            if first.subset != sample.subset and id(sample) not in dropped:
                dropped.add(id(sample))
                problems.append(
                    Problem(
                        "duplicate_across_subsets",
                        sample.path,
                        f"The picture {sample.path} ({sample.subset}) has the same {what} as "
                        f"{first.path} ({first.subset}); it is left out of {sample.subset}.",
                    )
                )
    return [sample for sample in samples if id(sample) not in dropped]


def _damaged(path: Path, what: str) -> EngineError:
    return EngineError(
        "snapshot_damaged", f"The snapshot {path} {what}.", path=str(path), what=what
    )
