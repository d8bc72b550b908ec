"""Tab with the audit trail: who did what, search, check of the hash chains. Reads it in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.services.tasks import TaskPool
from qc_station.ui import icons
from qc_station.ui import maintenance_words as words
from qc_station.ui.messages import count
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.rows_table import RowsTable

PIECE = 1000
TYPING_MS = 250
SEQ, AT, WHO, WHAT, SUBJECT, DETAILS = range(6)


class AuditEvent(Protocol):
    """The part of AuditRecord that is shown."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def details(self) -> str: ...


Read = Callable[[int, int | None], Sequence[AuditEvent]]
"""``read(limit, before)``: the newest events, or those before one; any thread."""


class AuditView(QWidget):
    """Newest first."""

    check_asked = Signal()

    def __init__(self, read: Read, tasks: TaskPool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read_events, self._tasks = read, tasks
        self._events: list[AuditEvent] = []
        self._reading = self._older = False
        self._verdict: Callable[[], str] = lambda: self.tr("Not checked yet.")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._filter)
        self._build()
        self._connect()
        self.retranslate()

    def refresh(self) -> None:
        """Reads the newest events again."""
        self._read(None)

    @Slot()
    def read_earlier(self) -> None:
        """Reads the events before those that are shown."""
        if self._events:
            self._read(self._events[-1].seq)

    def show_whole(self, events: int, reviews: int, masks: int) -> None:
        """The chains were checked and are whole."""
        self._verdict = lambda: self.tr(
            "✓ Unbroken up to event {events}; {reviews} answers and {masks} masks as well."
        ).format(events=count(events), reviews=count(reviews), masks=count(masks))
        self._show_verdict()

    def show_broken(self, code: str, sentence: str, chain: str = "", row: int = 0) -> None:
        """The check found that a row was changed, or could not be done."""
        self._verdict = lambda: "✗ " + words.broken_chain(code, sentence, chain, row)
        self._show_verdict()

    def focus_search(self) -> None:
        """Puts the cursor into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.search.setPlaceholderText(self.tr("Search (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Search in the audit trail"))
        self.actor.setAccessibleName(self.tr("Who"))
        set_words(self.earlier, self.tr("Earlier"), self.tr("Read earlier events"))
        set_words(self.check, self.tr("Check the chain"), self.tr("Check the chain"))
        self.check.setToolTip(
            self.tr("Finds events, answers and masks that were changed after they were written.")
        )
        self.table.setAccessibleName(self.tr("Audit trail"))
        self.model.retranslate()
        self._show_actors()
        self._show_count()
        self._show_verdict()

    def showEvent(self, event: QShowEvent) -> None:
        """Reads the newest each time the tab is opened."""
        super().showEvent(event)
        self.refresh()

    def _build(self) -> None:
        self.model = RowsModel[AuditEvent](
            (
                Column(lambda: self.tr("No."), lambda e: str(e.seq), right=True),
                Column(lambda: self.tr("Time"), lambda e: words.moment(e.at)),
                Column(lambda: self.tr("Who"), lambda e: e.actor),
                Column(lambda: self.tr("What"), lambda e: words.event_title(e.action)),
                Column(lambda: self.tr("Of"), lambda e: e.subject, hint=lambda e: e.subject),
                Column(
                    lambda: self.tr("Details"), lambda e: words.event_details(e.details),
                    hint=lambda e: words.event_details(e.details),
                ),
            ),
            self,
        )  # fmt: skip
        self.table = RowsTable(self.model, DETAILS, self, several=True)
        self.table.setObjectName("audit_table")
        self.table.set_widths({SEQ: 64, AT: 160, WHO: 110, WHAT: 190, SUBJECT: 250})
        self.search = QLineEdit(self)
        self.search.setObjectName("audit_search")
        self.search.setClearButtonEnabled(True)
        self.actor = QComboBox(self)
        self.actor.setObjectName("audit_actor")
        self.actor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.earlier = QPushButton(icons.icon("chevron_down"), "", self)
        self.earlier.setObjectName("audit_earlier")
        self.check = QPushButton(icons.icon("check"), "", self)
        self.check.setObjectName("audit_check")
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._verdict_label = QLabel(self)
        self._verdict_label.setObjectName("audit_verdict")
        self._verdict_label.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.actor)
        head.addWidget(self.search, 1)
        head.addWidget(self._count)
        head.addWidget(self.earlier)
        foot = QHBoxLayout()
        foot.addWidget(self._verdict_label, 1)
        foot.addWidget(self.check)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typing.start)
        self.actor.currentIndexChanged.connect(self._filter)
        self.earlier.clicked.connect(self.read_earlier)
        self.check.clicked.connect(self.check_asked)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.focus_search)

    def _read(self, before: int | None) -> None:
        if self._reading:
            return
        self._reading = True

        def finished(events: Sequence[AuditEvent]) -> None:
            self._reading = False
            self._events = [*(self._events if before is not None else []), *events]
            self._older = len(events) == PIECE
            self._show_actors()
            self._filter()

        def failed(error: Exception) -> None:
            self._reading = False
            self.show_broken(str(getattr(error, "code", "")), str(error))

        self._tasks.run(lambda: self._read_events(PIECE, before), finished, failed, self)

    def _show_actors(self) -> None:
        chosen = self.actor.currentData()
        self.actor.blockSignals(True)
        self.actor.clear()
        self.actor.addItem(self.tr("Everybody"), None)
        for name in sorted({event.actor for event in self._events}, key=str.casefold):
            self.actor.addItem(name, name)
        self.actor.setCurrentIndex(max(0, self.actor.findData(chosen)))
        self.actor.blockSignals(False)

    def _wanted(self, event: AuditEvent) -> bool:
        actor, text = self.actor.currentData(), self.search.text().strip().casefold()
        if actor is not None and event.actor != actor:
            return False
        said = (event.actor, event.action, words.event_title(event.action), event.subject)
        return not text or text in " ".join((*said, event.details)).casefold()

    @Slot()
    def _filter(self) -> None:
        self.model.show_rows([event for event in self._events if self._wanted(event)])
        self._show_count()

    def _show_count(self) -> None:
        self.earlier.setEnabled(self._older)
        self._count.setText(
            self.tr("{n} of {all} events read").format(
                n=count(len(self.model.rows)), all=count(len(self._events))
            )
        )

    def _show_verdict(self) -> None:
        self._verdict_label.setText(self._verdict())
