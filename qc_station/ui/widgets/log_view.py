"""Tab with the station's log: level, search, follow, pause, copy. Reads it beside the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qc_station.services.log_reader import LogEntry, LogLevel, LogPiece, LogReader
from qc_station.services.tasks import TaskPool
from qc_station.ui import icons, theme
from qc_station.ui import maintenance_words as words
from qc_station.ui.messages import count
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.columns import Columns
from qc_station.ui.widgets.rows_table import RowsTable

FOLLOW_MS = 1000
TYPING_MS = 250
KEPT = 100_000
"""Entries in memory: older ones are still in the files."""
AT, LEVEL, WHERE, TEXT = range(4)


class LogView(QWidget):
    """Oldest on top, as in the file. Read while it is looked at."""

    def __init__(self, reader: LogReader, tasks: TaskPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader, self._tasks = reader, tasks
        self._entries: list[LogEntry] = []
        self._began = self._reading = self._older = False
        self._follow_timer = QTimer(self)
        self._follow_timer.setInterval(FOLLOW_MS)
        self._follow_timer.timeout.connect(self.read_on)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self._build()
        self._connect()
        self.retranslate()

    @property
    def shown(self) -> list[LogEntry]:
        """The entries that pass the filter."""
        return self.model.rows

    @Slot()
    def read_on(self) -> None:
        """Reads what was written since, or the last piece at the first time."""
        if not self._began:
            self._read(self._reader.newest, self._on_newest)
        else:
            self._read(self._reader.after, self._on_after)

    @Slot()
    def read_earlier(self) -> None:
        """Reads the piece before."""
        self._read(self._reader.before, self._on_before)

    @Slot()
    def copy(self) -> None:
        """The chosen entries, or all that are shown, with their tracebacks."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        chosen = [self.model.rows[row] for row in rows] or self.model.rows
        QGuiApplication.clipboard().setText("\n".join(entry.line for entry in chosen))

    def focus_search(self) -> None:
        """Puts the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def retranslate(self) -> None:
        """Every text in the current language."""
        for index in range(self.level.count()):
            level = self.level.itemData(index)
            text = (
                self.tr("All levels")
                if level == LogLevel.DEBUG
                else self.tr("{} and above").format(words.level_title(level))
            )
            self.level.setItemText(index, text)
        self.level.setAccessibleName(self.tr("Least level"))
        self.search.setPlaceholderText(self.tr("Search (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Search in the log"))
        set_words(self.follow, self.tr("Follow"), self.tr("Keep the newest entry in sight"))
        set_words(self.pause, self.tr("Pause"), self.tr("Read nothing new for now"))
        set_words(self.copy_button, self.tr("Copy"), self.tr("Copy the chosen entries"))
        set_words(self.earlier, self.tr("Earlier"), self.tr("Read earlier entries"))
        self.table.setAccessibleName(self.tr("Log entries"))
        self.detail.setAccessibleName(self.tr("Whole text of the chosen entry"))
        self.model.retranslate()
        self._show_count()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins or goes on reading."""
        super().showEvent(event)
        if not self.pause.isChecked():
            self.read_on()
            self._follow_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Reads no more."""
        self._follow_timer.stop()
        super().hideEvent(event)

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.model = RowsModel[LogEntry](
            (
                Column(lambda: self.tr("Time"), lambda e: e.at[:-4]),
                Column(lambda: self.tr("Level"), lambda e: words.level_title(e.level)),
                Column(lambda: self.tr("Where"), lambda e: e.where.split(" ")[-1]),
                Column(lambda: self.tr("Entry"), lambda e: e.text.split("\n", 1)[0]),
            ),
            self,
        )
        self.table = RowsTable(self.model, TEXT, self, several=True)
        self.table.setObjectName("log_table")
        self.table.set_widths({AT: 190, LEVEL: 150, WHERE: 230})
        self.table.verticalHeader().setDefaultSectionSize(max(26, theme.px(22)))
        self.level = QComboBox(self)
        self.level.setObjectName("log_level")
        for level in (LogLevel.DEBUG, LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR):
            self.level.addItem("", level)
        self.level.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.search = QLineEdit(self)
        self.search.setObjectName("log_search")
        self.search.setClearButtonEnabled(True)
        self.follow = QPushButton(icons.icon("chevron_down"), "", self)
        self.pause = QPushButton(icons.icon("pause"), "", self)
        self.copy_button = QPushButton(icons.icon("export"), "", self)
        self.earlier = QPushButton(icons.icon("chevron_up"), "", self)
        for name, button in (
            ("log_follow", self.follow), ("log_pause", self.pause),
            ("log_copy", self.copy_button), ("log_earlier", self.earlier),
        ):  # fmt: skip
            button.setObjectName(name)
        for button in (self.follow, self.pause):
            button.setCheckable(True)
        self.follow.setChecked(True)
        self.detail = QPlainTextEdit(self)
        self.detail.setObjectName("log_detail")
        self.detail.setReadOnly(True)
        self.detail.setTabChangesFocus(True)
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._count.setObjectName("log_count")
        head, which, buttons = Columns(), QHBoxLayout(), QHBoxLayout()
        for widget in (self.earlier, self.level):
            which.addWidget(widget)
        which.addWidget(self.search, 1)
        buttons.addWidget(self._count, 1)
        for widget in (self.follow, self.pause, self.copy_button):
            buttons.addWidget(widget)
        head.addLayout(which, 1)
        head.addLayout(buttons)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.detail)
        splitter.setSizes([520, 120])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.level.currentIndexChanged.connect(self._filter)
        self.search.textChanged.connect(self._typing.start)
        self.follow.toggled.connect(self._on_follow)
        self.pause.toggled.connect(self._on_pause)
        self.copy_button.clicked.connect(self.copy)
        self.earlier.clicked.connect(self.read_earlier)
        self.table.chosen.connect(self._show_chosen)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_search)

    # ---- reading --------------------------------------------------------------------------

    def _read(self, work: Callable[[], LogPiece], done: Callable[[LogPiece], None]) -> None:
        """One reading at a time, in a thread of the pool."""
        if self._reading:
            return
        self._reading = True

        def finished(piece: LogPiece) -> None:
            self._reading = False
            done(piece)

        def failed(error: Exception) -> None:
            self._reading = False
            self._count.setText(self.tr("The log cannot be read: {}").format(error))

        self._tasks.run(work, finished, failed, self)

    def _on_newest(self, piece: LogPiece) -> None:
        self._began, self._older = True, piece.older
        self._entries = list(piece.entries)
        self._filter()

    def _on_before(self, piece: LogPiece) -> None:
        self._older = piece.older
        self.follow.setChecked(False)
        self._entries = [*piece.entries, *self._entries]
        added = sum(self._wanted(entry) for entry in piece.entries)
        self._filter()
        if added:
            self.table.scrollTo(self.model.index(added, 0), RowsTable.ScrollHint.PositionAtTop)

    def _on_after(self, piece: LogPiece) -> None:
        if not piece.entries:
            return
        self._entries += piece.entries
        if len(self._entries) > KEPT:
            del self._entries[: len(self._entries) - KEPT]
            self._filter()
            return
        self.model.append_rows([entry for entry in piece.entries if self._wanted(entry)])
        self._show_count()
        self._scroll()

    # ---- showing --------------------------------------------------------------------------

    def _wanted(self, entry: LogEntry) -> bool:
        text = self.search.text().strip().casefold()
        if entry.level < (self.level.currentData() or 0):
            return False
        return not text or text in f"{entry.where} {entry.text}".casefold()

    @Slot()
    def _filter(self) -> None:
        self.model.show_rows([entry for entry in self._entries if self._wanted(entry)])
        self._show_count()
        self._scroll()

    def _scroll(self) -> None:
        if self.follow.isChecked():
            self.table.scrollToBottom()

    @Slot(bool)
    def _on_follow(self, on: bool) -> None:
        if on:
            self.table.scrollToBottom()

    @Slot(bool)
    def _on_pause(self, paused: bool) -> None:
        if paused:
            self._follow_timer.stop()
        elif self.isVisible():
            self.read_on()
            self._follow_timer.start()

    @Slot()
    def _show_chosen(self) -> None:
        entry = self.model.row(self.table.current)
        self.detail.setPlainText(entry.line if entry is not None else "")

    def _show_count(self) -> None:
        self.earlier.setEnabled(self._older)
        self._count.setText(
            self.tr("{n} of {all} entries read").format(
                n=count(len(self.model.rows)), all=count(len(self._entries))
            )
        )
