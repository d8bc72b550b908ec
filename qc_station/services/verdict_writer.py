"""The write protocol of one part: intent, picture, verdict. Knows no Qt and no queue."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from db.errors import StoreError
from db.records import InspectionRecord
from db.repositories.audit import AuditRepository
from db.repositories.inspections import InspectionRepository
from db.repositories.outbox import OutboxRepository
from db.repositories.pictures import PictureRepository
from db.store import Session, Store
from qc_station.domain.review_queue import NO_DRAWS, QueueRules
from qc_station.domain.verdict import Inspection, Reason, Removal, Verdict
from qc_station.services.image_store import ImageStore, PlannedPaths
from qc_station.services.inspection_records import (
    interrupted,
    to_inspection,
    to_intent,
    to_message,
    to_record,
)

_log = logging.getLogger(__name__)


class VerdictWriter:
    """Writes parts one after another; used by one thread at a time.

    The order is what makes a power cut harmless: the intent row is committed before the first
    byte of a picture, the picture is whole and synced before the verdict is committed, and the
    verdict, its outbox row and the removal of the intent are one transaction.
    """

    def __init__(
        self,
        store: Store,
        images: ImageStore,
        station: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        rules: Callable[[], QueueRules] = lambda: NO_DRAWS,
    ) -> None:
        """``rules`` tell which parts an expert is asked about, as they are at the moment."""
        self._rules = rules
        self._store = store
        self._images = images
        self._station = station
        self._clock = clock

    def write(
        self,
        draft: Inspection,
        pixels: NDArray[np.uint8] | None,
        heatmap: NDArray[np.uint8] | None,
    ) -> Inspection:
        """Write a part down and return it with its paths; StoreError when that is not possible.

        Writing the same part again is harmless: the row that is there is returned.
        """
        if pixels is None:
            return self._commit(draft)
        day = draft.captured_at.astimezone(UTC).date()
        plan = self._images.plan(draft.inspection_id, day)
        self._announce(draft, plan, heatmap is not None)
        image_path = self._images.write(draft.inspection_id, pixels, day)
        heatmap_path = None
        if heatmap is not None:
            heatmap_path = self._images.write_heatmap(draft.inspection_id, heatmap, day)
        part = replace(draft, image_path=image_path, heatmap_path=heatmap_path)
        try:
            return self._commit(part)
        except StoreError as error:
            if error.code != "store_unavailable":
                raise
            _log.warning("the connection was lost while committing; once more")
            return self._commit(part)

    def write_failed(self, draft: Inspection, error: BaseException) -> Inspection:
        """Write a part down as NOT_INSPECTED after ``write`` failed, with what there is of it.

        Returns the original verdict when that turns out to be committed after all.
        """
        return self._commit(self._with_files(failed_part(draft, error)))

    def settle(self, failed: Inspection) -> None:
        """Write down later a part that was already announced as NOT_INSPECTED.

        Should its first verdict have reached the log after all, an audit event says so.
        """
        part = self._with_files(failed)
        at = self._clock()

        def work(session: Session) -> None:
            log = InspectionRepository(session)
            if not self._add(session, part, at):
                stored = log.get(part.inspection_id)
                if stored is not None and stored.verdict != part.verdict.value:
                    AuditRepository(session).append(
                        at,
                        "station",
                        "verdict_committed_after_failure",
                        part.inspection_id,
                        {"announced": part.verdict.value, "logged": stored.verdict},
                    )

        self._store.write(work)

    def sweep(self) -> int:
        """Resolve what an earlier run announced and never wrote; how many parts.

        A picture in its place is whole and stays with its part; half-written files go. Call it
        before the first ``write``, by the only process that uses this station's pictures.
        """
        self._images.clear_incoming()
        left = self._store.read(
            lambda session: InspectionRepository(session).intents(self._station)
        )
        for intent in left:
            image_path = intent.image_path
            if image_path is not None and not self._images.exists(image_path):
                image_path = None
            part = interrupted(intent, image_path, self._clock())
            stored = self._commit(part)
            if intent.heatmap_path and stored.heatmap_path is None:
                self._images.remove(intent.heatmap_path)
            _log.warning("part %s was cut off by a stop", intent.part_number)
        return len(left)

    def _announce(self, draft: Inspection, plan: PlannedPaths, has_heatmap: bool) -> None:
        intent = to_intent(
            draft,
            self._station,
            self._clock(),
            plan.image,
            plan.heatmap if has_heatmap else None,
        )
        self._store.write(lambda session: InspectionRepository(session).add_intent(intent))

    def _commit(self, part: Inspection) -> Inspection:
        at = self._clock()

        def work(session: Session) -> InspectionRecord | None:
            if self._add(session, part, at):
                return None
            return InspectionRepository(session).get(part.inspection_id)

        stored = self._store.write(work)
        return part if stored is None else to_inspection(stored)

    def _add(self, session: Session, part: Inspection, at: datetime) -> bool:
        log = InspectionRepository(session)
        added = log.add(to_record(part, self._station, at, self._rules()))
        if added and part.removal is Removal.RULE:
            PictureRepository(session).add_left_out(part.inspection_id, at)
        if added and part.golden_check is None:
            OutboxRepository(session).add(to_message(part, at))
        log.remove_intent(part.inspection_id)
        return added

    def _with_files(self, part: Inspection) -> Inspection:
        """``part`` with those of its files that are in their place."""
        day = part.captured_at.astimezone(UTC).date()
        try:
            plan = self._images.plan(part.inspection_id, day)
        except StoreError:  # an unsafe id never got as far as a file
            return part
        return replace(
            part,
            image_path=plan.image if self._images.exists(plan.image) else None,
            heatmap_path=plan.heatmap if self._images.exists(plan.heatmap) else None,
        )


def failed_part(draft: Inspection, error: BaseException) -> Inspection:
    """``draft`` as the line must treat it when it could not be written down."""
    full = isinstance(error, StoreError) and error.code == "disk_full"
    said = f"The machine said {draft.verdict.value}. {error}"
    return replace(
        draft,
        verdict=Verdict.NOT_INSPECTED,
        reason=Reason.DISK_FULL if full else Reason.STORE_FAULT,
        detail=f"{draft.detail} {said}".strip(),
        removal=None,
    )
