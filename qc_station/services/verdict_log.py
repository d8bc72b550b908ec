"""Writes every verdict down before anyone sees it, and answers for the history. No widgets."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot

from db.errors import StoreError, code_of, is_store_fault
from db.repositories.inspections import InspectionRepository, PageKey
from db.store import Store
from qc_station.domain.access import Action
from qc_station.domain.counters import Counters
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import PartResult
from qc_station.domain.recipe import Storage
from qc_station.domain.review_queue import NO_DRAWS, QueueRules
from qc_station.domain.verdict import Inspection, Reason, Removal, Verdict
from qc_station.services.export import write_csv
from qc_station.services.image_store import ImageStore
from qc_station.services.inspection_records import to_inspection, to_query
from qc_station.services.permits import Require, allow_everything
from qc_station.services.verdict_writer import VerdictWriter, failed_part

_log = logging.getLogger(__name__)
_EXPORT_CHUNK = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One part on its way to the disk. ``keep`` is False when the queue is full."""

    draft: Inspection
    frame: Frame | None
    heatmap: NDArray[np.uint8] | None
    keep: bool


class VerdictLog(QObject):
    """Records parts in a background thread; reads run in the caller's thread, from any thread.

    Order: parts are written, and ``recorded`` or ``record_failed`` is emitted, in the order of
    the ``record`` calls, exactly one signal for each call, in this object's thread (the worker
    only wakes a @Slot of this object). A part without a frame comes back with a dark placeholder
    whose ``frame_id`` is -1.
    """

    recorded = Signal(object)  # PartResult, after the commit
    record_failed = Signal(object)  # PartResult turned NOT_INSPECTED (STORE_FAULT, DISK_FULL …)
    health_changed = Signal(bool)  # the store can be written to, or no longer
    _woken = Signal()

    def __init__(
        self,
        store: Store,
        images: ImageStore,
        parent: QObject | None = None,
        station: str = "1",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_pending: int = 64,
        probe_interval_s: float = 1.0,
        require: Require = allow_everything,
        rules: Callable[[], QueueRules] = lambda: NO_DRAWS,
    ) -> None:
        """``station`` tells this writer's left-overs from those of others in a shared database.
        ``rules`` place each part in the review queue; asked from the worker thread.

        Past ``max_pending`` unwritten parts, new ones become NOT_INSPECTED/QUEUE_FULL without
        pictures. After a fault the store is tried every ``probe_interval_s`` until it works.
        """
        super().__init__(parent)
        self._require = require
        self._store = store
        self._images = images
        self._station = station
        self._max_pending = max_pending
        self._probe_interval_s = probe_interval_s
        self._writer = VerdictWriter(store, images, station, clock, rules)
        self._rules: dict[str, Storage] = {}
        self._ok_parts: dict[str, int] = {}  # of each recipe, for every n-th picture
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._answers: deque[Callable[[], None]] = deque()
        self._idle = threading.Condition()
        self._unwritten = 0
        self._pending = 0
        self._owed: list[Inspection] = []  # announced as failed and not yet in the log
        self._healthy = True
        self._last_error: StoreError | None = None
        self._closed = False
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="verdict-log", daemon=True)
        self._thread.start()

    # writing

    def record(
        self, draft: Inspection, frame: Frame | None, heatmap: NDArray[np.uint8] | None
    ) -> None:
        """Queue one part; never blocks. ``draft`` has no paths; no frame, no picture is kept."""
        if self._closed:
            raise StoreError("store_closed", "The log is closed; nothing can be recorded.")
        with self._idle:
            keep = self._unwritten < self._max_pending
            self._unwritten += 1
            self._pending += 1
        if frame is not None:
            draft = self._under_rule(draft)
        self._queue.put(_Entry(draft, frame, heatmap, keep))

    def set_storage(self, recipe: str, rule: Storage) -> None:
        """Which pictures of this recipe's following parts are kept; rows always are."""
        self._rules[recipe] = rule

    def _under_rule(self, draft: Inspection) -> Inspection:
        """``draft``, marked where its recipe's rule leaves the picture out."""
        rule = self._rules.get(draft.recipe)
        if rule is None or draft.verdict is not Verdict.OK:
            return draft
        number = self._ok_parts.get(draft.recipe, 0) + 1
        self._ok_parts[draft.recipe] = number
        return draft if rule.keeps_ok(number) else replace(draft, removal=Removal.RULE)

    def sweep(self) -> int:
        """Resolve what a crash left behind into NOT_INSPECTED/INTERRUPTED rows; how many.

        Once, before the first ``record``. StoreError when the store does not let it.
        """
        return self._writer.sweep()

    @property
    def pending(self) -> int:
        """Parts recorded whose signal is not yet emitted."""
        return self._pending

    @property
    def healthy(self) -> bool:
        """Whether the store could be written to when it was last tried."""
        return self._healthy

    @property
    def last_error(self) -> StoreError | None:
        """Why it is not healthy; None while it is."""
        return self._last_error

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything recorded is answered and signalled; False after the time-out.

        Call it from this object's thread; it needs no event loop.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            with self._idle:
                done = self._idle.wait_for(
                    lambda: self._unwritten == 0, max(0.0, deadline - time.monotonic())
                )
            self._deliver()
            if not done or self._pending == 0:
                return done

    def close(self) -> None:
        """Write what is queued, join the thread, emit what is left. The store stays open."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._deliver()

    # reading

    def query(self, filter_: HistoryFilter, offset: int, limit: int) -> list[Inspection]:
        """One page, newest first, with the standing review of each part. AccessError."""
        self._require(Action.VIEW_RECORDS)
        wanted = to_query(filter_)
        records = self._store.read(
            lambda session: InspectionRepository(session).page(wanted, offset, limit)
        )
        return [to_inspection(record) for record in records]

    def count(self, filter_: HistoryFilter) -> int:
        """How many parts match. AccessError."""
        self._require(Action.VIEW_RECORDS)
        wanted = to_query(filter_)
        return self._store.read(lambda session: InspectionRepository(session).count(wanted))

    def get(self, inspection_id: str) -> Inspection | None:
        """One part by its id."""
        record = self._store.read(lambda session: InspectionRepository(session).get(inspection_id))
        return to_inspection(record) if record else None

    def image(self, inspection_id: str) -> NDArray[np.uint8] | None:
        """uint8 RGB [H, W, 3], or None when no picture was kept; StoreError if it is damaged."""
        part = self.get(inspection_id)
        return self._images.read(part.image_path) if part and part.image_path else None

    def newest_image(self, recipe: str) -> NDArray[np.uint8] | None:
        """The newest kept picture of a recipe's parts, None without one. Any thread. StoreError."""
        for part in self.query(HistoryFilter(recipe=recipe), 0, 50):
            if part.image_path is not None:
                return self._images.read(part.image_path)
        return None

    def heatmap(self, inspection_id: str) -> NDArray[np.uint8] | None:
        """uint8 [h, w], or None when the part has none; StoreError if it is damaged."""
        part = self.get(inspection_id)
        return self._images.read_heatmap(part.heatmap_path) if part and part.heatmap_path else None

    def counts_since(self, since: datetime) -> Counters:
        """Verdicts of the parts captured since then."""
        return _counters(
            self._store.read(lambda session: InspectionRepository(session).verdict_counts(since))
        )

    def counts_ever(self) -> Counters:
        """Verdicts of all parts in the log."""
        return _counters(
            self._store.read(lambda session: InspectionRepository(session).verdict_counts())
        )

    def counts_of_lot(self, lot: str) -> Counters:
        """Verdicts of the parts of a lot."""
        return _counters(
            self._store.read(lambda session: InspectionRepository(session).lot_counts(lot))
        )

    def last_part_number(self) -> int:
        """Highest part number written so far; 0 for none."""
        return self._store.read(
            lambda session: InspectionRepository(session).last_part_number(self._station)
        )

    def recipes(self) -> list[str]:
        """Recipe names that occur in the log, for filter boxes."""
        return self._store.read(lambda session: InspectionRepository(session).recipes())

    def model_ids(self) -> list[str]:
        """Model ids that occur in the log, for filter boxes."""
        return self._store.read(lambda session: InspectionRepository(session).model_ids())

    def lots(self) -> list[str]:
        """Lots of the last parts, newest first, for filter boxes."""
        return self._store.read(lambda session: InspectionRepository(session).recent_lots(40))

    def export_csv(
        self,
        filter_: HistoryFilter,
        path: Path,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Write matching parts (UTF-8 with BOM, formula-safe); rows written. Any thread.

        AccessError when it is not allowed.
        """
        self._require(Action.EXPORT)
        return write_csv(self._each(filter_), path, self.count(filter_), progress)

    def _each(self, filter_: HistoryFilter) -> Iterator[Inspection]:
        """Matching parts, newest first, in short transactions so that no writer has to wait."""
        wanted = to_query(filter_)
        key: PageKey | None = None
        while True:
            before = key
            records, key = self._store.read(
                lambda session, before=before: InspectionRepository(session).slice(  # type: ignore[misc]
                    wanted, before, _EXPORT_CHUNK
                )
            )
            yield from (to_inspection(record) for record in records)
            if key is None:
                return

    # the worker thread

    def _run(self) -> None:
        while True:
            waits = self._healthy and not self._owed
            try:
                entry = self._queue.get(timeout=None if waits else self._probe_interval_s)
            except queue.Empty:
                self._probe()
                continue
            if entry is None:
                self._probe()
                if self._owed:
                    _log.error("%d parts could not be written down at all", len(self._owed))
                return
            self._answer(entry, *self._write(entry))

    def _write(self, entry: _Entry) -> tuple[Inspection, bool]:
        """The part as it is in the log (or should be), and whether that is what was asked."""
        if not entry.keep:
            return self._write_failed(
                replace(
                    entry.draft,
                    verdict=Verdict.NOT_INSPECTED,
                    reason=Reason.QUEUE_FULL,
                    removal=None,
                ),
                None,
            )
        left_out = entry.draft.removal is not None
        pixels = entry.frame.pixels if entry.frame is not None and not left_out else None
        try:
            self._settle()
            part = self._writer.write(entry.draft, pixels, None if left_out else entry.heatmap)
        except Exception as error:  # noqa: BLE001 - every part gets its answer, and it is logged
            if not is_store_fault(error):
                _log.exception("part %s could not be written down", entry.draft.part_number)
            return self._write_failed(entry.draft, error)
        self._set_health(None)
        return part, True

    def _write_failed(
        self, draft: Inspection, error: BaseException | None
    ) -> tuple[Inspection, bool]:
        failed = draft if error is None else failed_part(draft, error)
        try:
            if error is None:
                return self._writer.write(draft, None, None), False
            part = self._writer.write_failed(draft, error)
        except Exception as second:  # noqa: BLE001 - kept for later, and it is logged
            _log.warning("part %s is kept for later: %s", draft.part_number, second)
            self._owed.append(failed)
            self._set_health(error or second)
            return failed, False
        self._set_health(error)
        return part, part.verdict is draft.verdict and part.reason is draft.reason

    def _settle(self) -> None:
        """Write down what is owed, oldest first; StoreError when the store still fails."""
        while self._owed:
            part = self._owed[0]
            try:
                self._writer.settle(part)
            except Exception as error:
                if is_store_fault(error) and code_of(error) != "store_conflict":
                    raise
                _log.exception("part %s can never be written down", part.part_number)
            self._owed.pop(0)

    def _probe(self) -> None:
        if self._healthy and not self._owed:
            return
        try:
            self._images.probe()
            self._settle()
        except Exception as error:  # noqa: BLE001 - it is shown as the store's state
            self._set_health(error)
        else:
            self._set_health(None)

    def _set_health(self, error: BaseException | None) -> None:
        healthy = error is None
        if error is None or isinstance(error, StoreError):
            self._last_error = error
        else:
            self._last_error = StoreError("store_fault", str(error))
        if healthy is not self._healthy:
            self._healthy = healthy
            self._say(lambda: self.health_changed.emit(healthy))

    def _answer(self, entry: _Entry, part: Inspection, as_asked: bool) -> None:
        frame = entry.frame if entry.frame is not None else _no_picture(part)
        result = PartResult(part, frame, entry.heatmap if as_asked else None)
        signal = self.recorded if as_asked else self.record_failed

        def emit() -> None:
            self._pending -= 1
            signal.emit(result)

        self._say(emit, written=1)

    def _say(self, emit: Callable[[], None], written: int = 0) -> None:
        with self._idle:
            self._answers.append(emit)
            self._unwritten -= written
            self._idle.notify_all()
        self._woken.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._answers:
            self._answers.popleft()()


def _counters(found: Mapping[str, int]) -> Counters:
    return Counters(**{Verdict(name).name.lower(): number for name, number in found.items()})


def _no_picture(part: Inspection) -> Frame:
    pixels = np.full((48, 64, 3), 32, dtype=np.uint8)
    pixels.setflags(write=False)
    return Frame(-1, pixels, part.captured_at, 0.0, part.camera, part.source, part.truth)
