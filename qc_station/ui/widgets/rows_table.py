"""A plain table view in the station's look: one row chosen, arrows and Tab as everywhere."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from qc_station.ui import theme
from qc_station.ui.models.rows import RowsModel

ROW_PX = 34


class RowsTable(QTableView):
    """Ctrl+C copies the chosen rows, a line each."""

    chosen = Signal()  # another row

    def __init__(
        self, model: RowsModel[Any], stretched: int, parent: QWidget | None = None, *,
        several: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._widths: dict[int, int] = {}
        modes = QAbstractItemView.SelectionMode
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(60)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        model.modelReset.connect(self.chosen.emit)

    @property
    def current(self) -> int:
        """The chosen row; -1 without one."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def selected_text(self) -> str:
        """The chosen rows, cells with tabs between."""
        model = self.model()
        lines = []
        for index in sorted(self.selectionModel().selectedRows(), key=lambda i: i.row()):
            cells = [model.index(index.row(), c).data() or "" for c in range(model.columnCount())]
            lines.append("\t".join(str(cell) for cell in cells))
        return "\n".join(lines)

    def set_widths(self, widths: dict[int, int]) -> None:
        """Widths of columns in px with letters at 100 per cent."""
        self._widths = dict(widths)
        self._fit_letters()

    def changeEvent(self, event: QEvent) -> None:
        """Rows and columns grow with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_widths"):
            self._fit_letters()

    def _fit_letters(self) -> None:
        for column, width in self._widths.items():
            self.setColumnWidth(column, theme.px(width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copies rows instead of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            text = self.selected_text()
            if text:
                QGuiApplication.clipboard().setText(text)
            return
        super().keyPressEvent(event)
