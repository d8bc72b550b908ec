"""Reads logged pictures and heatmaps in a worker thread, and a few ahead. Knows no widget."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

CAPACITY = 12


class PictureSource(Protocol):
    """The part of VerdictLog that is used here; called from a worker thread."""

    def image(self, inspection_id: str) -> NDArray[np.uint8] | None:
        """uint8 RGB [H, W, 3], or None."""

    def heatmap(self, inspection_id: str) -> NDArray[np.uint8] | None:
        """uint8 [h, w], or None."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What was found for one part; ``problem`` is a sentence when its picture is damaged."""

    inspection_id: str
    picture: NDArray[np.uint8] | None
    heatmap: NDArray[np.uint8] | None
    problem: str = ""


class PictureLoader(QObject):
    """``request`` answers at once from the cache, or later with ``loaded`` in this thread."""

    loaded = Signal(object)  # Loaded, for every request and prefetch that was not cached
    _read = Signal(object)  # from the worker thread

    def __init__(self, source: PictureSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._cache: OrderedDict[str, Loaded] = OrderedDict()
        self._asked: set[str] = set()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._closed = False
        self._read.connect(self._on_read)

    def request(self, inspection_id: str) -> Loaded | None:
        """The pictures if they are in memory; otherwise they are read, and ``loaded`` follows."""
        found = self._cache.get(inspection_id)
        if found is not None:
            self._cache.move_to_end(inspection_id)
            return found
        if inspection_id not in self._asked and not self._closed:
            self._asked.add(inspection_id)
            self._worker.submit(self._work, inspection_id)
        return None

    def close(self) -> None:
        """Joins the worker; for the end of the program."""
        self._closed = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _work(self, inspection_id: str) -> None:
        """In the worker thread."""
        picture = heatmap = None
        problem = ""
        try:
            picture = self._source.image(inspection_id)
            heatmap = self._source.heatmap(inspection_id)
        except Exception as error:  # noqa: BLE001 — shown on the page instead of the picture
            problem = str(error)
        self._read.emit(Loaded(inspection_id, picture, heatmap, problem))

    @Slot(object)
    def _on_read(self, loaded: Loaded) -> None:
        self._asked.discard(loaded.inspection_id)
        self._cache[loaded.inspection_id] = loaded
        while len(self._cache) > CAPACITY:
            self._cache.popitem(last=False)
        self.loaded.emit(loaded)
