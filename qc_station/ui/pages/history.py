"""History page: every part ever inspected, searched and looked at. Never changes a verdict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.verdict import Inspection
from qc_station.services.activities import Activities
from qc_station.services.permits import Permits
from qc_station.services.progress import Cancelled, Report
from qc_station.services.tasks import default_pool
from qc_station.ui import messages
from qc_station.ui.access_words import refusal
from qc_station.ui.models.history_model import Column, HistoryModel, LogLike
from qc_station.ui.models.picture_loader import Loaded, PictureLoader, PictureSource
from qc_station.ui.override_words import override_sentence, verdict_line
from qc_station.ui.widgets.facts import FactsPanel
from qc_station.ui.widgets.filter_bar import FilterBar
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.toast import Toast
from qc_station.ui.widgets.verdict_icon import verdict_icon

WIDE_PX = 1300
ChoosePath = Callable[[QWidget, str], Path | None]


class HistoryLog(LogLike, PictureSource, Protocol):
    """The part of VerdictLog that is used here."""

    @property
    def recorded(self) -> SignalInstance: ...
    def model_ids(self) -> list[str]: ...
    def lots(self) -> list[str]: ...
    def export_csv(
        self, filter_: HistoryFilter, path: Path, progress: Callable[[int, int], None] | None
    ) -> int: ...


class ReviewChanges(Protocol):
    """The part of ReviewService that is used here."""

    @property
    def changed(self) -> SignalInstance: ...
    def class_names(self) -> list[str]: ...


def ask_csv_path(parent: QWidget, suggested: str) -> Path | None:
    """The system's file dialog; None when it was cancelled."""
    name, _chosen = QFileDialog.getSaveFileName(parent, "", suggested, "CSV (*.csv)")
    return Path(name) if name else None


class EndShown(QStyledItemDelegate):
    """Numbers of one lot differ at the end: too long ones lose their beginning."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Elides on the left."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft


class HistoryPage(QWidget):
    """Filters on top, the table on the left, the chosen part on the right."""

    review_wanted = Signal(object)  # Inspection: ask an expert about it, answered before or not
    override_wanted = Signal(object)  # Inspection

    def __init__(
        self,
        log: HistoryLog,
        review: ReviewChanges,
        choose_csv: ChoosePath = ask_csv_path,
        parent: QWidget | None = None,
        permits: Permits | None = None,
        activities: Activities | None = None,
    ) -> None:
        super().__init__(parent)
        self._activities = activities or Activities(default_pool(), parent=self)
        self._permits = permits if permits is not None else Permits(self)
        self.setObjectName("history_page")
        self._log = log
        self._review = review
        self._choose_csv = choose_csv
        self._part: Inspection | None = None
        self._model = HistoryModel(log, self)
        self._loader = PictureLoader(log, self)
        self._looked_at = False  # the chosen part was on the screen, not only in the table
        self._build()
        self._connect()
        self.retranslate()

    # ---- for others -----------------------------------------------------------------------

    @property
    def model(self) -> HistoryModel:
        """The table's model."""
        return self._model

    @property
    def selected(self) -> Inspection | None:
        """The part that the detail pane shows."""
        return self._part

    def show_parts(self, parts: HistoryFilter) -> None:
        """Lists these parts, newest first, and says what it is narrowed to."""
        self._looked_at = False
        self._filters.narrow_to(parts)
        self._model.set_filter(self._filters.filter())

    @Slot()
    def ask_override(self) -> None:
        """Somebody wants to decide otherwise about the selected part."""
        if self._part is not None:
            self.override_wanted.emit(self._part)

    @Slot()
    @Slot(object)
    def reread(self, _part: object = None) -> None:
        """Something was decided about a part that may be listed."""
        self._model.reread_soon()

    def focus_search(self) -> None:
        """For the menu's Find."""
        self._filters.focus_search()

    def export_csv(self) -> None:
        """Asks for a file and writes the filtered parts to it in the background."""
        path = self._choose_csv(self, self.tr("inspections.csv"))
        if path is None:
            return
        if path.suffix.lower() != ".csv":
            path = path.with_name(path.name + ".csv")
        self._export.setEnabled(False)
        self._toast.show_text(self.tr("Exporting …"), undo=False, stay=True)
        wanted = self._filters.filter()

        def work(report: Report) -> int:
            return self._log.export_csv(
                wanted, path, lambda done, total: report("csv", done, total)
            )

        self._activities.run(
            ActivityKind.EXPORT_CSV, work, lambda rows: self._after_export(rows, path),
            self._export_failed, subject=path.name, needs=Action.EXPORT,
        )  # fmt: skip

    def set_overlay(self, opacity: float, visible: bool) -> None:
        """Heatmap opacity 0…1 and whether it is shown."""
        self._canvas.set_opacity(opacity)
        self._canvas.set_heatmap_visible(visible)

    def close_workers(self) -> None:
        """Joins the worker threads; for the end of the program."""
        self._model.close()
        self._loader.close()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._table.setAccessibleName(self.tr("Inspected parts"))
        self._canvas.setAccessibleName(self.tr("Picture of the selected part"))
        self._override.setText(self.tr("Override …"))
        self._override.setAccessibleName(self.tr("Override the verdict of the selected part"))
        self._override.setToolTip(self.tr("Decide otherwise than the machine (Ctrl+Shift+V)"))
        self._export.setText(self.tr("Export CSV …"))
        self._export.setAccessibleName(self.tr("Export the listed parts to a CSV file"))
        self._ask.setText(self.tr("Review this part"))
        self._ask.setAccessibleName(self.tr("Review the selected part"))
        self._show_permits()
        self._hint.setText(self.tr("↑ ↓ choose a part · H held: bare picture · Ctrl+F search"))
        self._filters.retranslate()
        self._model.retranslate()
        self._toast.retranslate()
        self._show_count(self._model.rowCount())
        self._show_part(self._part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the columns to the page."""
        super().resizeEvent(event)
        self._fit_columns()

    @Slot()
    def _fit_columns(self) -> None:
        """On a narrow screen lot and model, and beside serial numbers the score, are told by the
        detail pane only; a station whose parts have no serial numbers has no empty column."""
        narrow, serials = self.width() < WIDE_PX, self._model.has_serials
        self._table.setColumnHidden(Column.SERIAL, not serials)
        for column in (Column.LOT, Column.MODEL):
            self._table.setColumnHidden(column, narrow)
        self._table.setColumnHidden(Column.SCORE, narrow and serials)
        self._table.setColumnWidth(Column.REVIEW, 168 if narrow and serials else 176)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        """Begins with the newest part; later, with what was looked at when the page was left."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._toast.hide_text()
        self._update_choices()
        if self._looked_at:
            self._model.reread_soon()
        else:
            self._part = None
            self._model.set_filter(self._filters.filter())
        self._table.setFocus()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self._filters = FilterBar(self)
        self._table = QTableView(self)
        self._table.setObjectName("history_table")
        self._table.setModel(self._model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setAlternatingRowColors(True)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self._table.setTabKeyNavigation(False)
        self._table.setIconSize(QSize(20, 20))
        self._table.verticalHeader().setVisible(False)
        self._table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._table.verticalHeader().setDefaultSectionSize(36)
        header = self._table.horizontalHeader()
        header.setHighlightSections(False)
        widths = {
            Column.PART: 66, Column.SERIAL: 146, Column.TIME: 140, Column.VERDICT: 146,
            Column.CLASS: 120, Column.SCORE: 66, Column.LOT: 130, Column.MODEL: 92,
            Column.REVIEW: 176,
        }  # fmt: skip
        for column, width in widths.items():
            self._table.setColumnWidth(column, width)
        header.setSectionResizeMode(Column.CLASS, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(56)
        self._table.setItemDelegateForColumn(Column.SERIAL, EndShown(self._table))
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._count.setObjectName("history_count")
        self._export = GuardedButton(self)
        self._export.setObjectName("history_export")
        self._toast = Toast(self)
        left = QWidget(self)
        column_layout = QVBoxLayout(left)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.addWidget(self._table, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._count)
        foot.addWidget(self._toast, 1)
        foot.addWidget(self._export)
        column_layout.addLayout(foot)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._build_detail())
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([800, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self._filters)
        layout.addWidget(splitter, 1)

    def _build_detail(self) -> QWidget:
        self._canvas = PictureCanvas(self)
        self._canvas.setObjectName("history_canvas")
        self._canvas.setMinimumSize(300, 220)
        self._sign = QLabel(self)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setObjectName("history_title")
        self._title.setWordWrap(True)
        self._override = GuardedButton(self)
        self._override.setObjectName("history_override")
        self._override.clicked.connect(self.ask_override)
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setObjectName("history_sentence")
        self._facts = FactsPanel(self)
        self._ask = GuardedButton(self)
        self._ask.setObjectName("history_review_part")
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(self._sign)
        heading.addWidget(self._title, 1)
        inside = QWidget(self)
        inside_layout = QVBoxLayout(inside)
        inside_layout.setContentsMargins(14, 12, 14, 12)
        inside_layout.setSpacing(10)
        inside_layout.addLayout(heading)
        inside_layout.addWidget(self._sentence)
        buttons = QHBoxLayout()
        buttons.addWidget(self._ask)
        buttons.addWidget(self._override)
        buttons.addStretch(1)
        inside_layout.addLayout(buttons)
        inside_layout.addWidget(self._facts)
        inside_layout.addStretch(1)
        inside_layout.addWidget(self._hint)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(inside)
        inside.setAutoFillBackground(False)  # setWidget switches it on
        pane = QFrame(self)
        pane.setProperty("role", "card")
        layout = QVBoxLayout(pane)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._canvas, 3)
        layout.addWidget(scroll, 2)
        pane.setMinimumWidth(330)
        return pane

    def _connect(self) -> None:
        self._filters.filter_changed.connect(self._model.set_filter)
        self._filters.left.connect(self._table.setFocus)
        self._model.reset_done.connect(self._after_reset)
        self._model.counted.connect(self._show_count)
        self._model.problem.connect(self._show_problem)
        self._model.serials_found.connect(self._fit_columns)
        self._model.dataChanged.connect(self._data_changed)
        self._table.selectionModel().currentRowChanged.connect(self._row_changed)
        self._loader.loaded.connect(self._picture_loaded)
        self._export.clicked.connect(self.export_csv)
        self._ask.clicked.connect(self._want_review)
        self._log.recorded.connect(self._model.refresh_soon)
        self._review.changed.connect(self._model.reread_soon)
        self._permits.changed.connect(self._show_permits)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_search)

    # ---- what happens ---------------------------------------------------------------------

    @Slot()
    def _show_permits(self) -> None:
        self._export.refuse(refusal(self._permits, Action.EXPORT))
        self._ask.refuse(refusal(self._permits, Action.ANSWER_REVIEWS))
        self._override.refuse(refusal(self._permits, Action.OVERRIDE))

    @Slot()
    def _want_review(self) -> None:
        if self._part is not None:
            self.review_wanted.emit(self._part)

    @Slot()
    def _after_reset(self) -> None:
        """The same part stays chosen if it is still listed, otherwise the newest is."""
        row = self._model.row_of(self._part.inspection_id) if self._part else None
        if self._model.rowCount() == 0:
            self._show_part(None)
            return
        self._table.selectRow(row if row is not None else 0)
        self._table.scrollTo(self._table.currentIndex())

    @Slot(QModelIndex, QModelIndex)
    def _row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            part = self._model.inspection(current.row())
            if part is not None:
                self._looked_at = self.isVisible()
                self._show_part(part)

    @Slot(QModelIndex, QModelIndex)
    def _data_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        """The chosen row has arrived, or an expert has answered it."""
        current = self._table.currentIndex()
        if not current.isValid() and top.row() == 0 and self.isVisible():
            self._after_reset()  # the first part of all, while the empty page was looked at
        elif current.isValid() and top.row() <= current.row() <= bottom.row():
            part = self._model.inspection(current.row())
            if part is not None and part != self._part:
                self._show_part(part)

    def _show_part(self, part: Inspection | None) -> None:
        changed = part is None or self._part is None
        changed = changed or part.inspection_id != self._part.inspection_id  # type: ignore[union-attr]
        self._part = part
        self._facts.show_part(part)
        self._ask.setVisible(part is not None and part.image_path is not None)
        if part is None:
            self._canvas.clear()
            self._sign.clear()
            self._override.setEnabled(False)
            self._title.setText(self.tr("No part selected"))
            nothing = self.tr("No part matches these filters. “Show all” removes them.")
            empty = self.tr("Nothing has been inspected yet.")
            filtered = self._filters.filter() != HistoryFilter()
            self._sentence.setText(nothing if filtered else empty)
            return
        self._sign.setPixmap(verdict_icon(part.verdict).pixmap(QSize(28, 28)))
        self._title.setText(
            self.tr("Part {number} · {verdict}").format(
                number=part.part_number, verdict=verdict_line(part)
            )
        )
        self._sentence.setText(_why(part))
        self._override.setEnabled(True)
        if changed:
            loaded = self._loader.request(part.inspection_id)
            if loaded is not None:
                self._show_pictures(loaded)

    @Slot(object)
    def _picture_loaded(self, loaded: Loaded) -> None:
        if self._part is not None and loaded.inspection_id == self._part.inspection_id:
            self._show_pictures(loaded)

    def _show_pictures(self, loaded: Loaded) -> None:
        """Picture and heatmap of one part are changed together: never one over the other's."""
        if loaded.picture is None or self._part is None:
            self._canvas.clear()
            if self._part is not None:
                why = loaded.problem or messages.no_picture_sentence(self._part)
                self._sentence.setText(_why(self._part) + "\n" + why)
            return
        self._canvas.set_heatmap(None)
        self._canvas.set_picture(loaded.picture)
        self._canvas.set_heatmap(loaded.heatmap)
        self._canvas.set_regions(self._part.regions)

    @Slot(int)
    def _show_count(self, count: int) -> None:
        self._count.setText(self.tr("{} parts").format(messages.count(count)))

    @Slot(str)
    def _show_problem(self, sentence: str) -> None:
        self._toast.show_text(sentence, undo=False, stay=True)

    def _update_choices(self) -> None:
        self._filters.set_choices(
            self._log.model_ids(), self._review.class_names(), self._log.lots()
        )

    def _after_export(self, rows: int, path: Path) -> None:
        self._export.setEnabled(True)
        text = self.tr("{n} parts exported to {path}").format(n=messages.count(rows), path=path)
        self._toast.show_text(text, undo=False)

    def _export_failed(self, error: Exception) -> None:
        self._export.setEnabled(True)
        if isinstance(error, Cancelled):
            self._toast.show_text(self.tr("The export was cancelled."), undo=False)
            return
        code = str(getattr(error, "code", ""))
        sentence = messages.error_sentence(code, str(error))
        self._toast.show_text(self.tr("The export failed: {}").format(sentence), undo=False)


def _why(part: Inspection) -> str:
    """Why the machine said so, and what a person decided."""
    sentences = (messages.reason_sentence(part.reason, part), override_sentence(part))
    return "\n".join(sentence for sentence in sentences if sentence)
