"""Keeps what experts paint: a file for each version of a region, then its row. No widgets, no Qt.

The file is whole and synced before its row is committed, and no row is ever changed: a crash at
any moment leaves the version before or the one after. Safe to use from any thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from db.errors import StoreError
from db.records import MaskRecord, OutboxRecord
from db.repositories.inspections import InspectionRepository
from db.repositories.masks import MaskRepository, standing
from db.repositories.outbox import OutboxRepository
from db.store import Session, Store
from qc_station.domain.access import Action
from qc_station.domain.annotation import MaskRegion, RegionChange
from qc_station.services.image_store import ImageStore
from qc_station.services.permits import AccessError, Require, allow_everything

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MaskProblem:
    """A region that cannot be shown or taught from; ``sentence`` says why."""

    region: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class StoredMasks:
    """What is kept of one part; ``next_number`` is above every region number it ever had."""

    regions: tuple[MaskRegion, ...] = ()
    problems: tuple[MaskProblem, ...] = ()
    next_number: int = 1


class MaskStore:
    """Masks of logged parts; every version ever saved stays on the disk and in the log."""

    def __init__(
        self,
        store: Store,
        images: ImageStore,
        require: Require = allow_everything,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``clock`` gives aware UTC."""
        self._store = store
        self._images = images
        self._require = require
        self._clock = clock

    def load(self, inspection_id: str) -> StoredMasks:
        """The regions that stand; files that are gone or damaged are told, not raised.

        StoreError only when the database does not answer.
        """
        records = self._store.read(lambda session: MaskRepository(session).of(inspection_id))
        regions: list[MaskRegion] = []
        problems: list[MaskProblem] = []
        for record in standing(records):
            try:
                regions.append(self._region(record))
            except StoreError as error:
                _log.warning("mask %s of part %s: %s", record.region, inspection_id, error)
                problems.append(MaskProblem(record.region, error.code, str(error)))
        highest = max((record.region for record in records), default=0)
        return StoredMasks(tuple(regions), tuple(problems), highest + 1)

    def may_save(self) -> bool:
        """Whether whoever is logged in may paint. A stroke is kept by the right of the moment in
        which it was painted, though its author may have logged out before it is on the disk."""
        try:
            self._require(Action.ANSWER_REVIEWS)
        except AccessError:
            return False
        return True

    def save(
        self,
        inspection_id: str,
        changes: Sequence[RegionChange],
        author: str,
        *,
        permitted: bool = False,
    ) -> None:
        """Keep these regions as they are now, all or none; returns after the commit.

        ``permitted``: ``may_save`` was true when they were painted; else it is asked now.

        Raises StoreError: inspection_missing, picture_missing, disk_full and what the store says;
        AccessError.
        """
        if not permitted:
            self._require(Action.ANSWER_REVIEWS)
        picture = self._picture(inspection_id)
        kept: list[tuple[RegionChange, str | None, str | None]] = []
        for change in changes:
            if change.plane is None:
                kept.append((change, None, None))
            else:
                kept.append(
                    (change, *self._images.write_mask(picture, change.number, change.plane))
                )
        at = self._clock()

        def work(session: Session) -> None:
            masks, outbox = MaskRepository(session), OutboxRepository(session)
            for change, path, digest in kept:
                name = change.class_name if path is not None else None
                record = masks.append(inspection_id, change.number, name, path, digest, author, at)
                if record is not None:
                    outbox.add(_message(record))

        self._store.write(work)

    def union(self, inspection_id: str) -> tuple[NDArray[np.uint8] | None, list[MaskProblem]]:
        """All regions of a part as one mask uint8 [H, W] of 0 and 1 (None: nothing painted)."""
        stored = self.load(inspection_id)
        whole: NDArray[np.uint8] | None = None
        problems = list(stored.problems)
        for region in stored.regions:
            if whole is None:
                whole = region.plane
            elif whole.shape == region.plane.shape:
                whole = whole | region.plane
            else:
                sentence = f"Region {region.number} of part {inspection_id} has another size."
                problems.append(MaskProblem(region.number, "mask_damaged", sentence))
        return whole, problems

    def _region(self, record: MaskRecord) -> MaskRegion:
        if record.path is None or record.sha256 is None or record.class_name is None:
            raise StoreError("mask_missing", f"Region {record.region} has no mask.")
        plane = self._images.read_mask(record.path, record.sha256)
        return MaskRegion(record.region, record.class_name, plane)

    def _picture(self, inspection_id: str) -> str:
        part = self._store.read(lambda session: InspectionRepository(session).get(inspection_id))
        if part is None:
            raise StoreError(
                "inspection_missing",
                f"Part {inspection_id} is not in the log.",
                inspection_id=inspection_id,
            )
        if part.image_path is None:
            raise StoreError("picture_missing", f"No picture was kept of part {inspection_id}.")
        return part.image_path


def _message(mask: MaskRecord) -> OutboxRecord:
    return OutboxRecord(
        message_id=f"mask-{mask.seq}",
        topic="mask",
        payload={
            "inspection_id": mask.inspection_id,
            "region": mask.region,
            "class_name": mask.class_name,
            "path": mask.path,
            "sha256": mask.sha256,
            "author": mask.author,
        },
        created_at=mask.created_at,
    )
