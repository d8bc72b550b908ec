"""Reads and keeps painted regions in a worker thread, in order. Knows no widget.

What could not be kept stays here and is tried again: after a while, with the part's next step, and
when the program ends. A later version of a region takes the place of an unkept one.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from qc_station.domain.annotation import MaskRegion, RegionChange
from qc_station.services.mask_store import StoredMasks

RETRY_MS = 3000


class MaskStoreLike(Protocol):
    """The part of MaskStore that is used here; ``load`` and ``save`` in a worker thread."""

    def may_save(self) -> bool: ...
    def load(self, inspection_id: str) -> StoredMasks: ...
    def save(
        self,
        inspection_id: str,
        changes: Sequence[RegionChange],
        author: str,
        *,
        permitted: bool = False,
    ) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What is kept of one part; ``code`` and ``sentence`` when nothing could be read."""

    inspection_id: str
    masks: StoredMasks
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """Regions as they were at one moment; ``permitted`` says whether its author had the right to
    paint then, ``order`` is its place among all steps."""

    inspection_id: str
    changes: tuple[RegionChange, ...]
    author: str
    permitted: bool
    order: int

    def only(self, number: int) -> _Step:
        """The same step with one of its regions alone."""
        return replace(self, changes=tuple(c for c in self.changes if c.number == number))


@dataclass(frozen=True, slots=True, eq=False)
class _Saved:
    step: _Step
    error: Exception | None


class MaskSession(QObject):
    """``open`` is answered by ``opened``; every ``save`` by ``kept`` or ``not_kept``."""

    opened = Signal(object)  # Opened
    kept = Signal(str)  # inspection id
    not_kept = Signal(str, str, str)  # inspection id, code, sentence
    _read = Signal(object)  # from the worker thread
    _written = Signal(object)

    def __init__(self, store: MaskStoreLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._unkept: dict[str, dict[int, _Step]] = {}
        self._newest: dict[tuple[str, int], int] = {}
        self._order = 0
        self._pending = 0
        self._closed = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="masks")
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self._try_again)
        self._read.connect(self._on_read)
        self._written.connect(self._on_written)

    @property
    def saving(self) -> bool:
        """Whether something is on its way to the disk."""
        return self._pending > 0

    @property
    def unkept(self) -> bool:
        """Whether something could not be kept so far."""
        return bool(self._unkept)

    def open(self, inspection_id: str) -> None:
        """Reads a part's regions; what was painted before this call is among them."""
        if not self._closed:
            self._worker.submit(self._load, inspection_id)

    def save(self, inspection_id: str, changes: Sequence[RegionChange], author: str) -> None:
        """Keeps regions as they are now; those of the part that are not kept yet go before them,
        under the names of those who painted them."""
        if self._closed:
            return
        self._again(inspection_id, {change.number for change in changes})
        self._submit(inspection_id, tuple(changes), author, self._store.may_save())

    def _submit(
        self, inspection_id: str, changes: tuple[RegionChange, ...], author: str, permitted: bool
    ) -> None:
        self._order += 1
        for change in changes:
            self._newest[(inspection_id, change.number)] = self._order
        self._pending += 1
        step = _Step(inspection_id, changes, author, permitted, self._order)
        self._worker.submit(self._save, step)

    def _again(self, inspection_id: str, replaced: Set[int] = frozenset()) -> None:
        """Sends what is not kept of a part once more, but for regions that have a newer version."""
        waiting = self._unkept.pop(inspection_id, {})
        left = [step.only(number) for number, step in waiting.items() if number not in replaced]
        for step in left:
            permitted = step.permitted or self._store.may_save()
            self._submit(inspection_id, step.changes, step.author, permitted)

    def close(self) -> None:
        """Keeps what is left and joins the worker; for the end of the program."""
        self._retry.stop()
        self._try_again()
        self._closed = True
        self._worker.shutdown(wait=True)

    def _load(self, inspection_id: str) -> None:
        """In the worker thread."""
        try:
            found = Opened(inspection_id, self._store.load(inspection_id))
        except Exception as error:  # noqa: BLE001 — said on the page; the part can be answered
            code = str(getattr(error, "code", ""))
            found = Opened(inspection_id, StoredMasks(), code, str(error))
        self._read.emit(found)

    def _save(self, step: _Step) -> None:
        """In the worker thread."""
        failed: Exception | None = None
        try:
            self._store.save(
                step.inspection_id, step.changes, step.author, permitted=step.permitted
            )
        except Exception as error:  # noqa: BLE001 — said on the page, and tried again
            failed = error
        self._written.emit(_Saved(step, failed))

    @Slot(object)
    def _on_read(self, found: Opened) -> None:
        unkept = self._unkept.get(found.inspection_id)
        if unkept:
            changes = [step.only(number).changes[0] for number, step in unkept.items()]
            found = replace(found, masks=_over(found.masks, changes))
        self.opened.emit(found)

    @Slot(object)
    def _on_written(self, saved: _Saved) -> None:
        self._pending -= 1
        step, part = saved.step, saved.step.inspection_id
        if saved.error is None:
            self.kept.emit(part)
            return
        newest = [c for c in step.changes if self._newest[(part, c.number)] == step.order]
        if newest:  # of the others a later version is on its way
            waiting = self._unkept.setdefault(part, {})
            waiting.update({change.number: step for change in newest})
            if not self._closed:
                self._retry.start()
        self.not_kept.emit(part, str(getattr(saved.error, "code", "")), str(saved.error))

    @Slot()
    def _try_again(self) -> None:
        for part in list(self._unkept):
            self._again(part)


def _over(stored: StoredMasks, changes: Sequence[RegionChange]) -> StoredMasks:
    """Stored regions with unkept ones in their place."""
    regions = {region.number: region for region in stored.regions}
    for change in changes:
        regions.pop(change.number, None)
        if change.plane is not None and change.class_name is not None:
            regions[change.number] = MaskRegion(change.number, change.class_name, change.plane)
    highest = max([stored.next_number - 1, *(change.number for change in changes)])
    return StoredMasks(tuple(regions.values()), stored.problems, highest + 1)
