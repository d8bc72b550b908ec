"""The good part that others are compared with by eye: the newest one an expert called good."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from db.errors import StoreError
from db.records import InspectionQuery, InspectionRecord
from db.repositories.inspections import InspectionRepository
from db.store import Store
from qc_station.domain.outcome import ReferencePart
from qc_station.domain.verdict import Label
from qc_station.services.image_store import ImageStore
from qc_station.services.inspection_records import to_inspection
from qc_station.services.tasks import TaskPool

_LOOKED_AT = 20
"""Newest good parts among which one with a picture is looked for."""


class ReferenceService(QObject):
    """Reads in the background; call it from the owner's thread. Everybody may look."""

    found = Signal(str, object)  # product, ReferencePart; None: there is none
    failed = Signal(str, str, str)  # product, code, sentence

    def __init__(
        self, store: Store, images: ImageStore, tasks: TaskPool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._images = images
        self._tasks = tasks

    def ask(self, product: str) -> None:
        """``found`` or ``failed`` follows."""
        self._tasks.run(
            partial(self._read, product),
            partial(self.found.emit, product),
            partial(self._on_failed, product),
            self,
        )

    def _read(self, product: str) -> ReferencePart | None:
        """In a worker thread."""
        wanted = InspectionQuery(recipe=product, label=Label.GOOD.value)
        records: list[InspectionRecord] = self._store.read(
            lambda session: InspectionRepository(session).page(wanted, 0, _LOOKED_AT)
        )
        for record in records:
            if record.image_path is not None and self._images.exists(record.image_path):
                return ReferencePart(to_inspection(record), self._images.read(record.image_path))
        return None

    def _on_failed(self, product: str, error: Exception) -> None:
        code = error.code if isinstance(error, StoreError) else ""
        self.failed.emit(product, code, str(error))
