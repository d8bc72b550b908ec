"""The answers of a batch as a table: sorted by any column, narrowed by verdict and text."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QPixmap

from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.batch import BatchRow
from qc_station.ui.messages import class_title, error_sentence, number, reason_sentence
from qc_station.ui.messages import verdict_title as title_of
from qc_station.ui.widgets.picture_canvas import qimage_from_rgb
from qc_station.ui.widgets.verdict_icon import verdict_icon

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
_ORDER = (Verdict.NG, Verdict.REVIEW, Verdict.NOT_INSPECTED, Verdict.OK)
_TOP = QModelIndex()


class Column(IntEnum):
    """The columns, in their order."""

    PICTURE = 0
    FILE = 1
    VERDICT = 2
    CLASS = 3
    SCORE = 4


def why(row: BatchRow) -> str:
    """The reason of an answer in one sentence; of a file that is no picture, what is wrong."""
    inspection = row.inspection
    if inspection.reason is Reason.PICTURE_UNUSABLE and inspection.detail:
        return error_sentence("picture_unreadable", inspection.detail)
    return reason_sentence(inspection.reason, inspection)


class BatchModel(QAbstractTableModel):
    """Rows in the order in which they were answered."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[BatchRow] = []

    def clear(self) -> None:
        """No rows."""
        self.beginResetModel()
        self._rows = []
        self.endResetModel()

    def add(self, row: BatchRow) -> None:
        """One more answer."""
        at = len(self._rows)
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.append(row)
        self.endInsertRows()

    def row(self, index: int) -> BatchRow:
        """One answer."""
        return self._rows[index]

    def count_of(self, verdict: Verdict) -> int:
        """Files with this verdict."""
        return sum(row.inspection.verdict is verdict for row in self._rows)

    def retranslate(self) -> None:
        """Headers and cells in the current language."""
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.PICTURE: self.tr("Picture"),
            Column.FILE: self.tr("File"),
            Column.VERDICT: self.tr("Verdict"),
            Column.CLASS: self.tr("Defect"),
            Column.SCORE: self.tr("Score"),
        }[Column(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT_ROLE:
            return self._sort_key(row, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.path}\n{why(row)}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.SCORE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: BatchRow, column: Column) -> str:
        part = row.inspection
        if column is Column.FILE:
            return "/".join(row.path.parts[-2:])
        if column is Column.VERDICT:
            return title_of(part.verdict)
        if column is Column.CLASS:
            return class_title(part.class_name) if part.class_name else ""
        if column is Column.SCORE:
            return number(part.score) if part.score is not None else ""
        return ""

    def _sort_key(self, row: BatchRow, column: Column) -> float | str | int:
        part = row.inspection
        if column is Column.VERDICT:
            return _ORDER.index(part.verdict)
        if column is Column.CLASS:
            return class_title(part.class_name).casefold() if part.class_name else ""
        if column is Column.SCORE:
            return part.score if part.score is not None else float("-inf")
        return str(row.path).casefold()

    def _picture(self, row: BatchRow, column: Column) -> object:
        if column is Column.VERDICT:
            return verdict_icon(row.inspection.verdict).pixmap(QSize(20, 20))
        if column is Column.PICTURE and row.thumbnail is not None:
            return QPixmap.fromImage(qimage_from_rgb(row.thumbnail))
        return None


class BatchFilter(QSortFilterProxyModel):
    """Sorts by value, not by text; keeps one verdict (None: all) and what holds a text."""

    def __init__(self, model: BatchModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._verdict: Verdict | None = None
        self._wanted = ""
        self.setSortRole(SORT_ROLE)
        self.setSourceModel(model)

    def narrow(self, verdict: Verdict | None, text: str) -> None:
        """What is shown from now on."""
        self._verdict, self._wanted = verdict, text.strip().casefold()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        row = self._model.row(source_row)
        if self._verdict is not None and row.inspection.verdict is not self._verdict:
            return False
        where = f"{row.path} {class_title(row.inspection.class_name)}".casefold()
        return self._wanted in where
