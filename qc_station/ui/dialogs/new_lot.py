"""Asks for the name of the next lot: typed or scanned, Enter begins it. Knows no log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.lot import LONGEST_LOT, lot_name
from qc_station.services.permits import AccessError, Permits
from qc_station.ui import theme
from qc_station.ui.access_words import refusal
from qc_station.ui.messages import error_sentence

BeginLot = Callable[[str], None]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NewLotDialog(QDialog):
    """Begins a lot, or ends the running one. Inspection goes on behind it."""

    def __init__(
        self,
        begin: BeginLot,
        running: str,
        permits: Permits,
        parent: QWidget | None = None,
    ) -> None:
        """``begin`` takes the name, "" for none; ``running`` is the lot until then."""
        super().__init__(parent)
        self.setObjectName("new_lot_dialog")
        self._begin = begin
        self._running = running
        self._permits = permits
        self._build()
        self.retranslate()
        self.name.setFocus()

    def _build(self) -> None:
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._label = QLabel(self)
        self.name = QLineEdit(self)
        self.name.setObjectName("lot_name")
        self.name.setProperty("touch", "true")
        self.name.setMaxLength(4 * LONGEST_LOT)  # control characters of a scanner come on top
        self._label.setBuddy(self.name)
        self._message = QLabel(self)
        self._message.setObjectName("lot_message")
        self._message.setWordWrap(True)
        self._message.setMinimumHeight(theme.px(44))
        self._message.setProperty("letters", "caption")
        self.start = QPushButton(self)
        self.start.setObjectName("lot_begin")
        self.start.setProperty("role", "primary")
        self.end = QPushButton(self)
        self.end.setObjectName("lot_end")
        self.cancel = QPushButton(self)
        self.cancel.setObjectName("lot_cancel")
        foot = QHBoxLayout()
        foot.setSpacing(10)
        for button, stretch in ((self.cancel, 2), (self.end, 3), (self.start, 3)):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
            foot.addWidget(button, stretch)
        self.end.setVisible(bool(self._running))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(10)
        for widget in (self._text, self._label, self.name, self._message):
            layout.addWidget(widget)
        layout.addLayout(foot)
        self.setMinimumWidth(theme.px(700))
        self.name.returnPressed.connect(self.submit)
        self.start.clicked.connect(self.submit)
        self.end.clicked.connect(self._end_lot)
        self.cancel.clicked.connect(self.reject)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.setWindowTitle(self.tr("New lot"))
        running = self.tr("Running now: lot {}.").format(self._running) if self._running else ""
        self._text.setText(
            " ".join(
                (
                    self.tr("Every part from now on is written down with the lot."),
                    running or self.tr("No lot is running now."),
                )
            )
        )
        self._label.setText(self.tr("&Name or number, typed or scanned; empty: date and time"))
        self.name.setAccessibleName(self.tr("Name or number of the lot"))
        self.start.setText(self.tr("Begin lot (Enter)"))
        self.start.setAccessibleName(self.tr("Begin this lot"))
        self.end.setText(self.tr("End the lot"))
        self.end.setAccessibleName(self.tr("Go on without a lot"))
        self.cancel.setText(self.tr("Cancel (Esc)"))
        self.cancel.setAccessibleName(self.tr("Leave the lot as it is"))

    @property
    def message(self) -> str:
        """What is said below the field."""
        return self._message.text()

    @Slot()
    def submit(self) -> None:
        """Begins the lot of this name."""
        try:
            name = lot_name(self.name.text())
        except ValueError:
            self._say(self.tr("The name of a lot has at most {} characters.").format(LONGEST_LOT))
            self.name.selectAll()
            return
        self._do(name or datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S"))

    @Slot()
    def _end_lot(self) -> None:
        self._do("")

    def _do(self, name: str) -> None:
        try:
            self._begin(name)
        except AccessError as error:  # somebody logged out meanwhile
            self._say(
                refusal(self._permits, Action.RUN_INSPECTION)
                or error_sentence(error.code, str(error))
            )
        except Exception as error:  # noqa: BLE001 - the log could not be read; the lot stays
            self._say(error_sentence(getattr(error, "code", ""), str(error)))
        else:
            self.accept()

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it."""
        if event.key() in _ENTER and isinstance(focused := self.focusWidget(), QPushButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
