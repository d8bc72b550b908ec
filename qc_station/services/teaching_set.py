"""Finds the pictures a model was taught from and writes snapshots of them. Trains nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from qc_station.domain.learning import LabelledPicture, SnapshotPlan, Subset, plan_snapshot
from qc_station.domain.verdict import Inspection, Label, Review
from qc_station.services.manifest import LibraryError

SNAPSHOT = "snapshot.json"
SNAPSHOTS = "snapshots"
"""Folder of the station's home that the snapshots lie in (StationPaths.snapshots)."""
GOOD_NAMES = ("good", "ok", "normal")
SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"}


class Cancelled(Exception):
    """The user cancelled while pictures were being read."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture with its label, not yet read."""

    path: Path
    label: Label
    class_name: str | None
    part_id: str | None = None
    original: bool = False


def content_hash(pixels: NDArray[np.uint8]) -> str:
    """sha256 of size and pixels: the same picture in another file has the same hash.

    The channel order only has to be the same for all pictures that are compared.
    """
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def original_pictures(taught_from: Path) -> list[Candidate]:
    """Teaching pictures of a folder (MVTec AD, class folders) or of an earlier snapshot.

    Of MVTec folders only ``train`` is read: ``test`` stays unseen. Of a snapshot only what was
    not a reviewed part: those come fresh from the log. Raises LibraryError(teaching_set_gone).
    """
    if (taught_from / SNAPSHOT).is_file():
        return _snapshot_originals(taught_from / SNAPSHOT)
    root = taught_from / "train" if (taught_from / "train").is_dir() else taught_from
    found: list[Candidate] = []
    if root.is_dir():
        for folder in sorted(path for path in root.iterdir() if path.is_dir()):
            if folder.name.lower() == "ground_truth":
                continue
            good = folder.name.lower() in GOOD_NAMES
            found += [
                Candidate(
                    path,
                    Label.GOOD if good else Label.DEFECT,
                    None if good else folder.name,
                    original=True,
                )
                for path in sorted(folder.iterdir())
                if path.suffix.lower() in SUFFIXES
            ]
    if not found:
        raise LibraryError(
            "teaching_set_gone",
            f"The pictures that this model was taught from are no longer in {taught_from}. "
            "Put the folder back, or teach the product again.",
            path=str(taught_from),
        )
    return found


def _snapshot_originals(file: Path) -> list[Candidate]:
    items: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["items"]
    found = []
    for item in items:
        if item.get("part_id") is not None:
            continue
        good = item["label"] == "good"
        name = None if good or item["label"] == "anomaly" else str(item["label"])
        found.append(
            Candidate(
                moved_with_home((file.parent / item["path"]).resolve(), file.parent.parent.parent),
                Label.GOOD if good else Label.DEFECT,
                name,
                original=True,
            )
        )
    return found


def moved_with_home(path: Path, home: Path) -> Path:
    """``path``, or the same file below ``home/snapshots`` where the home it lay in was moved."""
    if path.exists() or SNAPSHOTS not in path.parts:
        return path
    place = len(path.parts) - 1 - path.parts[::-1].index(SNAPSHOTS)
    here = home.joinpath(*path.parts[place:])
    return here if here.exists() else path


def reviewed_pictures(labelled: Iterable[tuple[Inspection, Review]], home: Path) -> list[Candidate]:
    """Reviewed parts whose picture was kept; logged paths are relative to the station's home."""
    return [
        Candidate(
            home / inspection.image_path,
            review.label,
            review.class_name,
            part_id=inspection.inspection_id,
        )
        for inspection, review in labelled
        if inspection.image_path
    ]


def build_plan(
    candidates: list[Candidate],
    tick: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> SnapshotPlan:
    """Reads every picture once for its content hash, then splits. Raises Cancelled."""
    pictures: list[LabelledPicture] = []
    unreadable = 0
    for index, candidate in enumerate(candidates):
        if cancelled():
            raise Cancelled
        digest = ""
        if candidate.label is not Label.CANNOT_TELL:
            found = candidate.path.is_file()
            pixels = cv2.imread(str(candidate.path), cv2.IMREAD_COLOR) if found else None
            if pixels is None:
                unreadable += 1
                continue
            digest = content_hash(np.asarray(pixels, dtype=np.uint8))
        pictures.append(
            LabelledPicture(
                candidate.path,
                candidate.label,
                candidate.class_name,
                digest,
                candidate.part_id,
                candidate.original,
            )
        )
        tick(index + 1, len(candidates))
    return plan_snapshot(
        [picture for picture in pictures if picture.original],
        [picture for picture in pictures if not picture.original],
        unreadable=unreadable,
    )


def write_snapshot(plan: SnapshotPlan, product: str, folder: Path) -> Path:
    """Writes ``folder/snapshot.json`` (temporary name, fsync, rename) and returns the folder."""
    items = [
        {
            "path": str(item.picture.path.absolute()),
            "label": item.picture.snapshot_label,
            "subset": item.subset.value,
            "mask": item.mask,
            "sha256": hashlib.sha256(item.picture.path.read_bytes()).hexdigest(),
            "part_id": item.picture.part_id,
        }
        for item in plan.items
    ]
    document = {
        "format": "qc-station-snapshot",
        "version": 1,
        "product": product,
        "items": items,
        "left_out": {
            "cannot_tell": plan.cannot_tell,
            "contradictory": plan.contradictory,
            "duplicates": plan.duplicates,
            "unreadable": plan.unreadable,
            "masks_unreadable": plan.masks_unreadable,
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / (SNAPSHOT + ".tmp")
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=1, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(folder / SNAPSHOT)
    return folder


def held_out_counts(plan: SnapshotPlan) -> tuple[int, int]:
    """Held-out good and defective parts."""
    return (
        plan.count(Subset.HELD_OUT, good=True),
        plan.count(Subset.HELD_OUT, good=False),
    )
