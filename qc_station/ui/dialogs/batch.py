"""A window of its own for pictures inspected beside the line: progress, table, picture, CSV."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, SignalInstance, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qc_station.camera.picture import read_picture
from qc_station.domain.access import Action
from qc_station.domain.verdict import Verdict
from qc_station.services.batch import BatchRow
from qc_station.services.permits import Permits
from qc_station.services.tasks import Task, run_task
from qc_station.ui import theme
from qc_station.ui.access_words import refusal
from qc_station.ui.desktop import open_folder
from qc_station.ui.icons import icon
from qc_station.ui.messages import count, error_sentence, verdict_title
from qc_station.ui.models.batch_model import BatchFilter, BatchModel, Column, why
from qc_station.ui.state_messages import time_left
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.facts import FactsPanel
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.toast import Toast, ToastAction

ICON_PX = 48
WIDTHS = {Column.PICTURE: 66, Column.FILE: 210, Column.VERDICT: 130, Column.CLASS: 120}


class BatchLike(Protocol):
    """The part of BatchService that is used here."""

    @property
    def listed(self) -> SignalInstance: ...
    @property
    def row_done(self) -> SignalInstance: ...
    @property
    def progress(self) -> SignalInstance: ...
    @property
    def finished(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    @property
    def running(self) -> bool: ...
    def cancel(self) -> None: ...
    def export_csv(self, path: Path) -> int: ...


class BatchDialog(QDialog):
    """Not modal: the line is watched meanwhile."""

    def __init__(self, batch: BatchLike, permits: Permits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("batch_dialog")
        self._batch = batch
        self._permits = permits
        self._found = 0
        self._said: tuple[str, str] = ("", "")  # state, detail
        self._row: BatchRow | None = None
        self._reading: Task | None = None
        self.model = BatchModel(self)
        self.shown = BatchFilter(self.model, self)
        self._build()
        batch.listed.connect(self._on_listed)
        batch.row_done.connect(self._on_row)
        batch.progress.connect(self._on_progress)
        batch.finished.connect(self._on_finished)
        batch.failed.connect(self._on_failed)
        permits.changed.connect(self._show_permits)
        self.retranslate()
        self.resize(1100, 700)

    # ---- for others -----------------------------------------------------------------------

    def expect(self) -> None:
        """A new batch is being looked up: what was shown goes."""
        self.model.clear()
        self._found = 0
        self.bar.setRange(0, 0)
        self._say("searching")
        self._show_row(None)

    @property
    def text(self) -> str:
        """What the line above the table says."""
        return self._state.text()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self._state = QLabel(self)
        self._state.setObjectName("batch_state")
        self._state.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setObjectName("batch_progress")
        self.stop = QPushButton(icon("cancel"), "", self)
        self.stop.setObjectName("batch_cancel")
        self.stop.clicked.connect(self._batch.cancel)
        self.verdict = QComboBox(self)
        self.verdict.setObjectName("batch_verdict")
        self.search = QLineEdit(self)
        self.search.setObjectName("batch_search")
        self.search.setClearButtonEnabled(True)
        self.export = GuardedButton(icon("export"), "", self)
        self.export.setObjectName("batch_export")
        self.export.clicked.connect(self._ask_export)
        self.verdict.currentIndexChanged.connect(self._narrow)
        self.search.textChanged.connect(self._narrow)
        top, filters = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.bar, 1)
        top.addWidget(self.stop)
        filters.addWidget(self.verdict)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.export)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(filters)
        column.addWidget(self._build_table(), 1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("batch_splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._build_detail())
        splitter.setSizes([640, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(self._state)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)
        self.toast = Toast(self)
        layout.addWidget(self.toast)

    def _build_table(self) -> QTableView:
        self.table = QTableView(self)
        self.table.setObjectName("batch_table")
        self.table.setModel(self.shown)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setIconSize(QSize(ICON_PX, ICON_PX))
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(ICON_PX + 8)
        for at, width in WIDTHS.items():
            self.table.setColumnWidth(at, theme.px(width))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(Column.FILE, QHeaderView.ResizeMode.Stretch)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        return self.table

    def _build_detail(self) -> QWidget:
        self.canvas = PictureCanvas(self)
        self.canvas.setObjectName("batch_canvas")
        self.canvas.setMinimumSize(280, 220)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("batch_sentence")
        self._sentence.setProperty("role", "sentence")
        self._sentence.setWordWrap(True)
        self._facts = FactsPanel(self)
        detail = QWidget(self)
        layout = QVBoxLayout(detail)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._sentence)
        layout.addWidget(self._facts)
        return detail

    # ---- what happens ---------------------------------------------------------------------

    @Slot(int)
    def _on_listed(self, found: int) -> None:
        self._found = found
        self.bar.setRange(0, found)
        self.bar.setValue(0)
        self._say("waiting")

    @Slot(object)
    def _on_row(self, row: BatchRow) -> None:
        self.model.add(row)
        if not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    @Slot(int, int, float)
    def _on_progress(self, done: int, total: int, seconds: float) -> None:
        self.bar.setValue(done)
        if done < total:
            self._say("working" if done else "waiting", time_left(seconds))

    @Slot(bool)
    def _on_finished(self, whole: bool) -> None:
        self.bar.setRange(0, max(1, self._found))
        self.bar.setValue(self.model.rowCount())
        self._say("done" if whole else "cancelled")

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        self.bar.setRange(0, 1)
        self._say("failed", error_sentence(code, sentence))

    def _say(self, state: str, detail: str = "") -> None:
        self._said = (state, detail)
        done, total = count(self.model.rowCount()), count(self._found)
        counts = " · ".join(
            f"{verdict_title(verdict)} {count(self.model.count_of(verdict))}"
            for verdict in Verdict
            if self.model.count_of(verdict)
        )
        words = {
            "searching": self.tr("Looking for pictures …"),
            "waiting": self.tr("{} pictures found; they wait for a gap in the line.").format(total),
            "working": self.tr("{done} of {total} pictures").format(done=done, total=total),
            "done": self.tr("All {} pictures are inspected.").format(total),
            "cancelled": self.tr("Stopped after {done} of {total} pictures.").format(
                done=done, total=total
            ),
        }.get(state, "")
        self._state.setText(" · ".join(part for part in (words, detail, counts) if part))
        self.stop.setEnabled(self._batch.running)
        self._show_permits()

    @Slot()
    def _show_permits(self) -> None:
        nothing = "" if self.model.rowCount() else self.tr("There is nothing to export yet.")
        self.export.refuse(refusal(self._permits, Action.EXPORT) or nothing)

    @Slot()
    def _narrow(self) -> None:
        chosen = self.verdict.currentData()  # Qt makes plain text of it
        self.shown.narrow(Verdict(chosen) if chosen else None, self.search.text())

    # ---- one picture ----------------------------------------------------------------------

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        at = self.shown.mapToSource(current)
        self._show_row(self.model.row(at.row()) if at.isValid() else None)

    def _show_row(self, row: BatchRow | None) -> None:
        """The sentence at once; the picture when it has been read."""
        self._row = row
        if self._reading is not None:
            self._reading.cancel()
        self.canvas.clear()
        self._facts.show_part(row.inspection if row else None)
        self._sentence.setText(why(row) if row else "")
        if row is not None and row.thumbnail is not None:
            self._reading = run_task(
                partial(read_picture, row.path), partial(self._show_picture, row),
                self._show_problem, self,
            )  # fmt: skip

    def _show_picture(self, row: BatchRow, pixels: NDArray[np.uint8]) -> None:
        self.canvas.set_picture(pixels)
        self.canvas.set_heatmap(row.heatmap)
        self.canvas.set_regions(row.inspection.regions)

    def _show_problem(self, error: Exception) -> None:
        self._sentence.setText(error_sentence("picture_unreadable", str(error)))

    # ---- export ---------------------------------------------------------------------------

    @Slot()
    def _ask_export(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, self.tr("Export as CSV"), self.tr("pictures.csv"), "CSV (*.csv)"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Writes the table as CSV beside the window; says where, or why not."""
        run_task(
            partial(self._batch.export_csv, path), partial(self._on_exported, path),
            self._on_not_exported, self,
        )  # fmt: skip

    def _on_not_exported(self, error: Exception) -> None:
        text = self.tr("The export failed: {}").format(error)
        self.toast.show_text(text, undo=False, stay=True)

    def _on_exported(self, path: Path, rows: int) -> None:
        text = self.tr("{n} pictures exported to {path}").format(n=count(rows), path=path)
        show = ToastAction(lambda: self.tr("Open folder"), partial(open_folder, path.parent))
        self.toast.show_text(text, undo=False, action=show)

    # ---- language, end --------------------------------------------------------------------

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.setWindowTitle(self.tr("Inspected pictures"))
        set_words(self.stop, self.tr("Stop"), self.tr("Stop inspecting the pictures"))
        set_words(self.export, self.tr("Export CSV …"), self.tr("Export the table as CSV"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self.search.setPlaceholderText(self.tr("Search file or defect"))
        self.search.setAccessibleName(self.tr("Search file or defect"))
        self.verdict.setAccessibleName(self.tr("Verdict"))
        self.table.setAccessibleName(self.tr("Inspected pictures"))
        self.canvas.setAccessibleName(self.tr("Picture"))
        self.toast.retranslate()
        chosen = self.verdict.currentData()
        self.verdict.blockSignals(True)
        self.verdict.clear()
        self.verdict.addItem(self.tr("All verdicts"), None)
        for verdict in Verdict:
            self.verdict.addItem(verdict_title(verdict), verdict)
        self.verdict.setCurrentIndex(max(0, self.verdict.findData(chosen)))
        self.verdict.blockSignals(False)
        self.model.retranslate()
        self._say(*self._said)
        self._show_row(self._row)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """The table has the keyboard."""
        super().showEvent(event)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Who closes the window wants no more answers."""
        self._batch.cancel()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes the window like its button."""
        self.close()
