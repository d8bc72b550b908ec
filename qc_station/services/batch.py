"""Inspects picture files beside the line, with the same engine and decision. No widgets, no SQL.

Batch parts are no parts of the line: they are never written into the log and count nowhere (see
docs/adr/0017-batch-inspection.md). The line goes first: a file is only given to the engine while
no part of the line is under way.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from qc_station.backend.api import InspectorLike
from qc_station.camera.errors import CameraError, PictureError
from qc_station.camera.picture import PICTURE_SUFFIXES, list_pictures, read_picture
from qc_station.domain.access import Action
from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.verdict import Inspection, Reason
from qc_station.services.export import write_csv
from qc_station.services.parts import Part, draft, not_inspected
from qc_station.services.permits import Require, allow_everything
from qc_station.services.tasks import Task, TaskPool

CAMERA = "batch:"
DEADLINE_S = 30.0
GAP_MS = 15
"""How often it is asked whether the line has a gap."""
THUMBNAIL_PX = 72
MAX_PICTURES = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class BatchRow:
    """One file's answer; ``thumbnail`` uint8 RGB [h, w, 3], None where the file is no picture."""

    path: Path
    inspection: Inspection
    thumbnail: NDArray[np.uint8] | None
    packed_heatmap: bytes = b""
    map_shape: tuple[int, int] = (0, 0)

    @property
    def heatmap(self) -> NDArray[np.uint8] | None:
        """uint8 [h, w], or None where nobody judged."""
        if not self.packed_heatmap:
            return None
        plane = np.frombuffer(zlib.decompress(self.packed_heatmap), np.uint8)
        return plane.reshape(self.map_shape)


class BatchService(QObject):
    """One batch at a time; GUI thread. Every file found ends as exactly one ``row_done``."""

    listed = Signal(int)  # files found
    row_done = Signal(object)  # BatchRow
    progress = Signal(int, int, float)  # done, of, seconds left; below 0: not known yet
    finished = Signal(bool)  # True: to its end, False: cancelled
    failed = Signal(str, str)  # code, sentence: nothing was begun

    def __init__(
        self,
        inspector: InspectorLike,
        tasks: TaskPool,
        line_parts: Callable[[], int],
        recipe: Callable[[], str],
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``line_parts`` counts the line's parts under way; ``recipe`` names the product."""
        super().__init__(parent)
        self._inspector = inspector
        self._tasks = tasks
        self._line_parts = line_parts
        self._recipe = recipe
        self._require = require
        self._files: list[Path] = []
        self._rows: list[BatchRow] = []
        self._next = 0
        self._number = 0
        self._pending: tuple[int, Path, Frame] | None = None
        self._ready: tuple[Path, Frame] | None = None
        self._task: Task | None = None
        self._running = False
        self._begun_s = 0.0
        self._gap = QTimer(self)
        self._gap.setInterval(GAP_MS)
        self._gap.timeout.connect(self._give)
        inspector.answered.connect(self._on_answered)

    @property
    def running(self) -> bool:
        """Whether a batch is under way."""
        return self._running

    @property
    def rows(self) -> list[BatchRow]:
        """The answers of the newest batch, in the order in which they came."""
        return list(self._rows)

    def begin(self, paths: Sequence[Path]) -> None:
        """Inspects these files and all pictures below these folders. Raises AccessError.

        A batch under way is cancelled first.
        """
        self._require(Action.RUN_INSPECTION)
        self.cancel()
        self._rows, self._files, self._next = [], [], 0
        self._running = True
        self._task = self._tasks.run(
            partial(find_pictures, tuple(paths)), self._on_listed, self._on_unlisted, self
        )

    def cancel(self) -> None:
        """Stops after what the engine has; the rows so far stay."""
        if not self._running:
            return
        self._stop()
        self.finished.emit(False)

    def close(self) -> None:
        """Stops without a word; for the end of the program."""
        self._stop()

    def export_csv(self, path: Path) -> int:
        """Writes the rows as CSV, camera ``batch:``; rows written. AccessError, StoreError."""
        self._require(Action.EXPORT)
        return write_csv([row.inspection for row in self._rows], path)

    # -- inside --------------------------------------------------------------------------------

    def _stop(self) -> None:
        self._running = False
        self._gap.stop()
        self._pending = self._ready = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _on_listed(self, files: list[Path]) -> None:
        self._files = files
        self._begun_s = time.monotonic()
        self.listed.emit(len(files))
        self.progress.emit(0, len(files), -1.0)
        self._read()

    def _on_unlisted(self, error: Exception) -> None:
        self._stop()
        code = error.code if isinstance(error, CameraError) else "camera_fault"
        self.failed.emit(code, str(error))

    def _read(self) -> None:
        """The next file is read while the engine has the one before."""
        if self._next >= len(self._files):
            return
        path = self._files[self._next]
        self._next += 1
        self._task = self._tasks.run(
            partial(read_picture, path), partial(self._on_read, path),
            partial(self._on_unreadable, path), self,
        )  # fmt: skip

    def _on_read(self, path: Path, pixels: NDArray[np.uint8]) -> None:
        pixels.setflags(write=False)
        frame = Frame(self._number, pixels, datetime.now(UTC), time.monotonic(), CAMERA, str(path))
        self._ready = (path, frame)
        self._gap.start()
        self._give()

    def _on_unreadable(self, path: Path, error: Exception) -> None:
        sentence = str(error) if isinstance(error, PictureError) else f"{type(error).__name__}."
        self._add(path, None, not_inspected(Reason.PICTURE_UNUSABLE, sentence))
        self._go_on()

    @Slot()
    def _give(self) -> None:
        """Gives the picture to the engine if the line leaves it a gap."""
        if self._ready is None or self._pending is not None or self._line_parts():
            return
        self._gap.stop()
        self._number -= 1  # parts of the line have numbers above 0
        path, frame = self._ready
        self._pending, self._ready = (self._number, path, frame), None
        self._inspector.inspect(self._number, frame, DEADLINE_S)
        self._read()

    @Slot(int, object)
    def _on_answered(self, number: int, outcome: Outcome) -> None:
        if self._pending is None or self._pending[0] != number:
            return  # a part of the line, or of a batch that was cancelled
        _number, path, frame = self._pending
        self._pending = None
        self._add(path, frame, outcome)
        self._go_on()

    def _go_on(self) -> None:
        if not self._running:
            return
        if len(self._rows) == len(self._files):
            self._stop()
            self.finished.emit(True)
        elif self._ready is not None:
            self._gap.start()
            self._give()
        elif self._pending is None and not (self._task is not None and self._task.pending):
            self._read()

    def _add(self, path: Path, frame: Frame | None, outcome: Outcome) -> None:
        now = datetime.now(UTC)
        part = Part(
            len(self._rows) + 1, now, 0.0, self._recipe(), False, frame=frame, source=str(path)
        )  # fmt: skip
        inspection = draft(part, outcome, CAMERA, now)
        heatmap = outcome.heatmap
        row = BatchRow(
            path, inspection, None if frame is None else thumbnail(frame.pixels),
            b"" if heatmap is None else zlib.compress(np.ascontiguousarray(heatmap).tobytes(), 1),
            (0, 0) if heatmap is None else (heatmap.shape[0], heatmap.shape[1]),
        )  # fmt: skip
        self._rows.append(row)
        self.row_done.emit(row)
        done, total = len(self._rows), len(self._files)
        spent = time.monotonic() - self._begun_s
        self.progress.emit(done, total, spent / done * (total - done))


def find_pictures(paths: Sequence[Path]) -> list[Path]:
    """The files themselves and all pictures below the folders, each once, in their order.

    A file named by hand is kept whatever it is: it gets a row that says what is wrong with it.
    Raises CameraError folder_missing, folder_empty, batch_too_large.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for file in list_pictures(path) if path.is_dir() else [path]:
            found[file] = None
    if len(found) > MAX_PICTURES:
        raise CameraError(
            "batch_too_large",
            f"There are {len(found)} pictures; at most {MAX_PICTURES} are inspected at once. "
            "Choose a smaller folder.",
            pictures=len(found), most=MAX_PICTURES,
        )  # fmt: skip
    return list(found)


def usable(path: Path) -> bool:
    """Whether a dropped path is worth a batch: a folder, or a file that calls itself a picture."""
    return path.is_dir() or path.suffix.lower() in PICTURE_SUFFIXES


def thumbnail(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A small copy that skips pixels instead of averaging: cheap on the GUI thread."""
    step = max(1, max(pixels.shape[:2]) // THUMBNAIL_PX)
    return np.ascontiguousarray(pixels[::step, ::step])
