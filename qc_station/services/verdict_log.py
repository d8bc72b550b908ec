"""Writes every verdict down before anyone sees it, and answers for the history. No widgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from db.store import Store
from qc_station.domain.counters import Counters
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.frame import Frame
from qc_station.domain.verdict import Inspection
from qc_station.services.image_store import ImageStore


class VerdictLog(QObject):
    """Records parts in the background; both signals arrive in this object's thread, in order."""

    recorded = Signal(object)  # PartResult, after the commit
    record_failed = Signal(object)  # PartResult turned NOT_INSPECTED (STORE_FAULT, DISK_FULL)
    health_changed = Signal(bool)  # the store can be written to, or no longer

    def __init__(
        self, store: Store, images: ImageStore, parent: QObject | None = None, station: str = "1"
    ) -> None:
        """``station`` tells this writer's left-overs from those of others in a shared database."""
        super().__init__(parent)

    def record(
        self, draft: Inspection, frame: Frame | None, heatmap: NDArray[np.uint8] | None
    ) -> None:
        """Queue one part; never blocks. ``draft`` has no paths; without frame no picture is kept."""
        raise NotImplementedError

    def sweep(self) -> int:
        """Resolve what a crash left behind into NOT_INSPECTED/INTERRUPTED rows; how many."""
        raise NotImplementedError

    def query(self, filter_: HistoryFilter, offset: int, limit: int) -> list[Inspection]:
        """One page, newest first, with the standing review of each part."""
        raise NotImplementedError

    def count(self, filter_: HistoryFilter) -> int:
        """How many parts match."""
        raise NotImplementedError

    def get(self, inspection_id: str) -> Inspection | None:
        """One part by its id."""
        raise NotImplementedError

    def image(self, inspection_id: str) -> NDArray[np.uint8] | None:
        """uint8 RGB [H, W, 3], or None when no picture was kept; StoreError if it is damaged."""
        raise NotImplementedError

    def heatmap(self, inspection_id: str) -> NDArray[np.uint8] | None:
        """uint8 [h, w], or None."""
        raise NotImplementedError

    def counts_since(self, since: datetime) -> Counters:
        """Verdicts of the parts captured since then."""
        raise NotImplementedError

    def last_part_number(self) -> int:
        """Highest part number written so far; 0 for none."""
        raise NotImplementedError

    def recipes(self) -> list[str]:
        """Recipe names that occur in the log (for filter boxes)."""
        raise NotImplementedError

    def model_ids(self) -> list[str]:
        """Model ids that occur in the log, for filter boxes."""
        raise NotImplementedError

    def export_csv(
        self,
        filter_: HistoryFilter,
        path: Path,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Write matching parts (UTF-8 with BOM, formula-safe); rows written. Any thread."""
        raise NotImplementedError

    @property
    def pending(self) -> int:
        """Parts queued and not yet answered."""
        raise NotImplementedError

    @property
    def healthy(self) -> bool:
        """Whether the last write succeeded."""
        raise NotImplementedError

    def flush(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything queued is written and its signals are emitted. Owner's thread."""
        raise NotImplementedError

    def close(self) -> None:
        """Flush and join the thread; the store itself is closed by whoever opened it."""
        raise NotImplementedError
