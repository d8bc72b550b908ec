"""A real log in a temporary home, filled with parts whose pictures differ. Shared by page tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from db.records import UserRecord
from db.repositories.users import UserRepository
from db.store import Store
from qc_station.domain.frame import Frame
from qc_station.domain.review_queue import NO_DRAWS
from qc_station.domain.verdict import Inspection, Reason, Region, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.mask_store import MaskStore
from qc_station.services.review import ReviewService
from qc_station.services.verdict_log import VerdictLog
from qc_station.settings.paths import StationPaths

MODEL = "patch_memory-20261122T215800Z-ab12cd34"
REASONS = {
    Verdict.OK: Reason.BELOW_OK_LIMIT,
    Verdict.NG: Reason.ABOVE_NG_LIMIT,
    Verdict.REVIEW: Reason.BETWEEN_LIMITS,
    Verdict.NOT_INSPECTED: Reason.DEADLINE,
}
SCORES = {Verdict.OK: 1.5, Verdict.NG: 4.2, Verdict.REVIEW: 2.8}


class LoggedParts:
    """Store, pictures, log and review queue of one station."""

    def __init__(self, home: Path) -> None:
        self.paths = StationPaths(home).ensure()
        self.store = Store.open(self.paths.database)
        images = ImageStore(self.paths.images)
        self.rules = NO_DRAWS
        self.log = VerdictLog(self.store, images, rules=lambda: self.rules)
        self.masks = MaskStore(self.store, images)
        self.review = ReviewService(self.store, rules=lambda: self.rules)
        self.lot: str | None = None  # of the parts that are added
        self._number = 0

    def add_user(self, name: str) -> None:
        """An expert who can be asked."""
        user = UserRecord(name, "expert", datetime.now(UTC))
        self.store.write(lambda session: UserRepository(session).add(user))

    def add(
        self,
        verdict: Verdict,
        class_name: str | None = None,
        count: int = 1,
        serial: str | None = None,
    ) -> None:
        """Writes parts down and waits until they are."""
        for _ in range(count):
            self._number += 1
            draft = replace(self._draft(verdict, class_name), serial=serial)
            self.log.record(draft, self._frame(), self._heatmap())
        assert self.log.flush()

    def close(self) -> None:
        """Joins the threads."""
        self.log.close()
        self.store.close()

    def _draft(self, verdict: Verdict, class_name: str | None) -> Inspection:
        when = datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=self._number)
        number = self._number
        return Inspection(
            f"part-{number:05d}", number, when, when, "fake:", f"bottle/{number:03d}.png", None,
            "bottle", MODEL, verdict, REASONS[verdict], "", SCORES.get(verdict), 0.02, 2.31, 3.4,
            class_name, 0.9 if class_name else None, (Region(0.1, 0.1, 0.2, 0.2, 3.0),), 12.0,
            None, None, lot=self.lot,
        )  # fmt: skip

    def _frame(self) -> Frame:
        pixels = np.full((24, 32, 3), self._number % 256, np.uint8)
        return Frame(self._number, pixels, datetime.now(UTC), 0.0, "fake:")

    def _heatmap(self) -> np.ndarray:
        return np.full((8, 8), self._number % 256, np.uint8)
