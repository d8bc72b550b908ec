"""Puts what experts painted into a snapshot, one mask for each defective part. Trains nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from qc_station.domain.learning import SnapshotItem, SnapshotPlan
from qc_station.domain.verdict import Label

FOLDER = "masks"


class MaskSource(Protocol):
    """The part of MaskStore that is used here; called from a worker thread."""

    def union(self, inspection_id: str) -> tuple[NDArray[np.uint8] | None, Sequence[object]]:
        """All regions of a part as one mask, and what is wrong with others of them."""


def with_masks(plan: SnapshotPlan, source: MaskSource, folder: Path) -> SnapshotPlan:
    """The plan with the masks that were painted on its defective parts, written below ``folder``.

    The union of a part's regions counts, whatever their classes; good parts have no mask, even
    where one was painted. Raises OSError, and StoreError where the database does not answer.
    """
    items: list[SnapshotItem] = []
    unreadable = 0
    for item in plan.items:
        part_id = item.picture.part_id
        if part_id is not None and item.picture.label is Label.DEFECT:
            mask, problems = source.union(part_id)
            unreadable += len(problems)
            if mask is not None and mask.any():
                item = replace(item, mask=_written(mask, part_id, folder))
        items.append(item)
    return replace(plan, items=tuple(items), masks_unreadable=unreadable)


def _written(mask: NDArray[np.uint8], part_id: str, folder: Path) -> str:
    relative = f"{FOLDER}/{part_id}.png"
    encoded, data = cv2.imencode(".png", np.where(mask != 0, np.uint8(255), np.uint8(0)))
    if not encoded:
        raise OSError(f"the mask of part {part_id} cannot be written as PNG")
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / relative).write_bytes(data.tobytes())
    return relative
