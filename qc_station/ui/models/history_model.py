"""The log as a table, read page by page in a worker thread. Knows no widget and no SQL."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QDate,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.verdict import Inspection, Label
from qc_station.ui.messages import class_title, label_title, number
from qc_station.ui.override_words import verdict_line
from qc_station.ui.widgets.verdict_icon import verdict_icon

PAGE = 100
PAGES_KEPT = 12
REFRESH_MS = 400


class Column(IntEnum):
    """Columns of the history, in their order."""

    PART = 0
    SERIAL = 1
    TIME = 2
    VERDICT = 3
    CLASS = 4
    SCORE = 5
    LOT = 6
    MODEL = 6
    REVIEW = 7


class LogLike(Protocol):
    """The part of VerdictLog that is used here; called from a worker thread."""

    def query(self, filter_: HistoryFilter, offset: int, limit: int) -> list[Inspection]:
        """One page, newest first."""

    def count(self, filter_: HistoryFilter) -> int:
        """How many parts match."""


@dataclass(frozen=True, slots=True)
class _Answer:
    generation: int
    count: int
    offset: int
    rows: list[Inspection]
    problem: str = ""


class HistoryModel(QAbstractTableModel):
    """Newest first. Rows are remembered by their distance from the oldest one, which does not
    change when new parts arrive on top; what is selected stays selected.
    """

    reset_done = Signal()
    counted = Signal(int)
    problem = Signal(str)
    serials_found = Signal()  # a listed part has a serial number; once
    _answered = Signal(object)

    def __init__(self, log: LogLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._filter = HistoryFilter()
        self._generation = 0
        self._total = 0
        self._settled = False
        self._cache: OrderedDict[int, Inspection] = OrderedDict()  # by distance from the oldest
        self._asked: set[int] = set()
        self._stale = False
        self._serials = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="history")
        self._closed = False
        self._answered.connect(self._on_answer)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._ask_top)

    # ---- what the page asks ---------------------------------------------------------------

    @property
    def filter(self) -> HistoryFilter:
        """What is shown."""
        return self._filter

    @property
    def has_serials(self) -> bool:
        """Whether a part with a serial number has been listed."""
        return self._serials

    def set_filter(self, filter_: HistoryFilter) -> None:
        """Shows something else: all rows go, the new ones arrive with ``reset_done``."""
        self._filter = filter_
        self._generation += 1
        self._settled = False
        self._asked.clear()
        self._ask(0)

    @Slot()
    @Slot(object)
    def refresh_soon(self, _part: object = None) -> None:
        """New parts may be there; asked for at most a few times a second."""
        if not self._refresh.isActive():
            self._refresh.start()

    @Slot()
    def reread_soon(self) -> None:
        """Known parts may have changed (an expert answered)."""
        self._stale = True
        self.refresh_soon()

    def inspection(self, row: int) -> Inspection | None:
        """The part in a row; None while it is still being read."""
        found = self._cache.get(self._total - 1 - row)
        if found is None and 0 <= row < self._total:
            self._ask(row)
        return found

    def row_of(self, inspection_id: str) -> int | None:
        """Where a part that is in memory stands."""
        for distance, part in self._cache.items():
            if part.inspection_id == inspection_id:
                return self._total - 1 - distance
        return None

    def close(self) -> None:
        """Joins the worker; for the end of the program."""
        self._closed = True
        self._refresh.stop()
        self._worker.shutdown(wait=True, cancel_futures=True)

    # ---- reading --------------------------------------------------------------------------

    @Slot()
    def _ask_top(self) -> None:
        if self._stale:
            self._stale = False
            self._generation += 1  # what is under way is old; all pages in memory are read again
            self._asked.clear()
            for offset in {(self._total - 1 - d) // PAGE * PAGE for d in self._cache}:
                self._ask(offset)
        self._asked.discard(0)
        self._ask(0)

    def _ask(self, row: int) -> None:
        offset = row // PAGE * PAGE
        if offset in self._asked or self._closed:
            return
        self._asked.add(offset)
        self._worker.submit(self._work, self._generation, self._filter, offset)

    def _work(self, generation: int, filter_: HistoryFilter, offset: int) -> None:
        """In the worker thread. Counts before and after, so that rows get their right places."""
        try:
            for _attempt in range(5):
                before = self._log.count(filter_)
                rows = self._log.query(filter_, offset, PAGE)
                if self._log.count(filter_) == before:
                    break
            self._answered.emit(_Answer(generation, before, offset, rows))
        except Exception as error:  # noqa: BLE001 — the page shows the sentence
            self._answered.emit(_Answer(generation, self._total, offset, [], str(error)))

    @Slot(object)
    def _on_answer(self, answer: _Answer) -> None:
        if answer.generation != self._generation:
            return
        self._asked.discard(answer.offset)
        if answer.problem:
            self.problem.emit(answer.problem)
            return
        if not self._settled:
            self.beginResetModel()
            self._cache.clear()
            self._total = answer.count
            self._keep(answer)
            self._settled = True
            self.endResetModel()
            self.counted.emit(self._total)
            self.reset_done.emit()
            return
        self._grow_to(answer.count)
        self._keep(answer)
        if answer.rows:
            last = min(answer.offset + len(answer.rows), self._total) - 1
            self.dataChanged.emit(
                self.index(answer.offset, 0), self.index(last, self.columnCount() - 1)
            )

    def _grow_to(self, total: int) -> None:
        """New rows come on top; fewer (a filter on reviews) means that places have changed."""
        if total > self._total:
            self.beginInsertRows(QModelIndex(), 0, total - self._total - 1)
            self._total = total
            self.endInsertRows()
            self.counted.emit(total)
        elif total < self._total:
            self.beginResetModel()
            self._cache.clear()
            self._total = total
            self.endResetModel()
            self.counted.emit(total)
            self.reset_done.emit()

    def _keep(self, answer: _Answer) -> None:
        for position, part in enumerate(answer.rows):
            distance = answer.count - 1 - answer.offset - position
            self._cache[distance] = part
            self._cache.move_to_end(distance)
        if not self._serials and any(part.serial for part in answer.rows):
            self._serials = True
            self.serials_found.emit()
        while len(self._cache) > PAGE * PAGES_KEPT:
            self._cache.popitem(last=False)

    # ---- QAbstractTableModel --------------------------------------------------------------

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """All matching parts, read or not."""
        return 0 if parent is not None and parent.isValid() else self._total

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        """As many as Column has."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Text, sign and alignment of a cell; an ellipsis while its page is read."""
        if not index.isValid():
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = column in (Column.PART, Column.SCORE)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.DecorationRole):
            return None
        part = self.inspection(index.row())
        if part is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DecorationRole:
            return verdict_icon(part.verdict) if column is Column.VERDICT else None
        return self._text(part, column)

    def _text(self, part: Inspection, column: Column) -> str:
        if column is Column.PART:
            return str(part.part_number)
        if column is Column.SERIAL:
            return part.serial or ""
        if column is Column.TIME:
            return local_time(part)
        if column is Column.VERDICT:
            return verdict_line(part)
        if column is Column.CLASS:
            return class_title(part.class_name) if part.class_name else ""
        if column is Column.SCORE:
            return number(part.score) if part.score is not None else ""
        if column is Column.LOT:
            return part.lot or ""
        if column is Column.MODEL:
            return part.model_id.rsplit("-", 1)[-1] if part.model_id else ""
        if part.review is None:
            return ""
        if part.review.label is Label.DEFECT and part.review.class_name:
            return class_title(part.review.class_name)
        return label_title(part.review.label)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.data(self.createIndex(0, section), role)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.PART: self.tr("Part"),
            Column.SERIAL: self.tr("Serial number"),
            Column.TIME: self.tr("Time"),
            Column.VERDICT: self.tr("Verdict"),
            Column.CLASS: self.tr("Defect"),
            Column.SCORE: self.tr("Score"),
            Column.LOT: self.tr("Lot"),
            Column.MODEL: self.tr("Model"),
            Column.REVIEW: self.tr("Expert's answer"),
        }[Column(section)]

    def retranslate(self) -> None:
        """Every text again in the new language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self._total:
            self.dataChanged.emit(
                self.index(0, 0), self.index(self._total - 1, self.columnCount() - 1)
            )


def local_time(part: Inspection) -> str:
    """When the part was captured, in the viewer's time zone; the day only when it is not today."""
    moment = part.captured_at.astimezone()
    if moment.date() == datetime.now().astimezone().date():
        return f"{moment:%H:%M:%S}"
    day = QDate(moment.year, moment.month, moment.day)
    date = QLocale().toString(day, QLocale.FormatType.ShortFormat)
    return f"{date} {moment:%H:%M:%S}"
