"""Deletes pictures past the days that their recipe keeps them, beside the window. Rows stay."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from db.errors import StoreError
from db.repositories.audit import AuditRepository
from db.repositories.pictures import PictureRepository
from db.store import Session, Store
from qc_station.services.image_store import ImageStore
from qc_station.services.tasks import TaskPool

_log = logging.getLogger(__name__)
FIRST_MS = 60_000
EVERY_MS = 3_600_000
CHUNK = 100  # parts in one transaction: no verdict waits long for it


class PictureSweep(QObject):
    """One sweep at a time. A part is marked first, then its files go: a crash only delays them."""

    swept = Signal(int)  # pictures deleted; after every sweep that went through

    def __init__(
        self,
        store: Store,
        images: ImageStore,
        tasks: TaskPool,
        days: Callable[[], Mapping[str, int]],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """``days`` tells for each recipe how long pictures are kept; called in a worker thread."""
        super().__init__(parent)
        self._store, self._images, self._tasks = store, images, tasks
        self._days, self._clock = days, clock
        self._stop = threading.Event()
        self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.begin)

    def start(self) -> None:
        """The first sweep in a minute, then one an hour."""
        self._timer.start(FIRST_MS)

    def close(self) -> None:
        """No sweep begins any more; one that runs ends after its present part."""
        self._timer.stop()
        self._stop.set()

    @Slot()
    def begin(self) -> None:
        """A sweep now, unless one is running."""
        if self._running or self._stop.is_set():
            return
        self._running = True
        self._tasks.run(self.sweep, self._on_done, self._on_failed, self)

    def sweep(self) -> int:
        """Deletes what is due; pictures deleted. StoreError. Blocks: not on the GUI thread."""
        deleted = self._delete_marked()  # what an earlier run marked and did not get to
        now = self._clock()
        for recipe, days in self._days().items():
            before = now - timedelta(days=days)
            of_recipe = 0
            while not self._stop.is_set() and self._claim(recipe, before, now):
                of_recipe += self._delete_marked()
            if of_recipe:
                self._note(recipe, days, of_recipe, now)
            deleted += of_recipe
        return deleted

    def _claim(self, recipe: str, before: datetime, now: datetime) -> int:
        return self._store.write(
            lambda session: PictureRepository(session).claim(recipe, before, now, CHUNK)
        )

    def _delete_marked(self) -> int:
        deleted = 0
        while not self._stop.is_set():
            files = self._store.read(lambda session: PictureRepository(session).unfinished(CHUNK))
            if not files:
                break
            gone = []
            for part in files:
                if self._stop.is_set():
                    break
                for path in (part.image_path, part.heatmap_path):
                    if path is not None:
                        self._images.remove(path)
                gone.append(part.inspection_id)
            self._finish(gone)
            deleted += len(gone)
        return deleted

    def _finish(self, gone: list[str]) -> None:
        self._store.write(lambda session: PictureRepository(session).finish(gone))

    def _note(self, recipe: str, days: int, pictures: int, at: datetime) -> None:
        def work(session: Session) -> None:
            AuditRepository(session).append(
                at, "station", "pictures.deleted", recipe, {"days": days, "pictures": pictures}
            )

        self._store.write(work)

    def _on_done(self, deleted: int) -> None:
        self._again()
        if deleted:
            _log.info("%d pictures were deleted: their recipes keep them no longer", deleted)
        self.swept.emit(deleted)

    def _on_failed(self, error: Exception) -> None:
        self._again()
        level = logging.WARNING if isinstance(error, StoreError) else logging.ERROR
        _log.log(level, "Old pictures could not be deleted: %s", error)

    def _again(self) -> None:
        self._running = False
        if not self._stop.is_set():
            self._timer.start(EVERY_MS)
