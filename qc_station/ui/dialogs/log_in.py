"""Log-in panel: a name from the list or typed, and a PIN; or a badge. Inspection goes on behind it.

A badge reader is a keyboard: it types into the badge field, which has the keyboard when the panel
opens, and ends with Enter.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.services.access import AccessService, same_name
from qc_station.ui.access_words import waiting_words
from qc_station.ui.icons import icon
from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.pin_pad import PinField, PinPad

ROW_PX = 56
LEFT_MS = 90_000
"""A panel that nobody types into goes by itself: it hides the verdict."""


class LogInDialog(QDialog):
    """Closes by itself when somebody is logged in."""

    def __init__(
        self, access: AccessService, proposed: str = "", parent: QWidget | None = None
    ) -> None:
        """``proposed`` is chosen in the list: who was at work before the idle lock."""
        super().__init__(parent)
        self.setObjectName("log_in_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._access = access
        self._wait_s = 0
        self._failed = ""
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self._tick)
        self._left = QTimer(self)
        self._left.setSingleShot(True)
        self._left.setInterval(LEFT_MS)
        self._left.timeout.connect(self.reject)
        self._left.start()
        self._build()
        self.retranslate()
        access.logged_in.connect(self.accept)
        access.log_in_failed.connect(self._on_failed)
        self._offer_names(proposed)

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self._badge_label = QLabel(self)
        self.badge = QLineEdit(self)
        self.badge.setObjectName("log_in_badge")
        self.badge.setEchoMode(QLineEdit.EchoMode.Password)
        self.badge.setProperty("touch", "true")
        self._badge_label.setBuddy(self.badge)
        self._name_label = QLabel(self)
        self.name = QLineEdit(self)
        self.name.setObjectName("log_in_name")
        self.name.setMaxLength(60)
        self.name.setProperty("touch", "true")
        self._name_label.setBuddy(self.name)
        self.names = QListWidget(self)
        self.names.setObjectName("log_in_names")
        self.names.setProperty("letters", "large")
        self._pin_label = QLabel(self)
        self.pin = PinField("log_in_pin", self)
        self._pin_label.setBuddy(self.pin)
        self.pad = PinPad(self.pin, parent=self)
        self._message = QLabel(self)
        self._message.setObjectName("log_in_message")
        self._message.setWordWrap(True)
        self._message.setMinimumHeight(46)
        self._message.setProperty("letters", "caption")
        self.go = QPushButton(icon("log_in", "inverse_ink"), "", self)
        self.go.setObjectName("log_in_go")
        self.go.setProperty("role", "primary")
        self.go.setIconSize(QSize(26, 26))
        self.cancel = QPushButton(self)
        self.cancel.setObjectName("log_in_cancel")
        for button in (self.go, self.cancel):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
        left = QVBoxLayout()
        left.setSpacing(6)
        for part in (self._badge_label, self.badge, self._name_label, self.name):
            left.addWidget(part)
        left.addWidget(self.names, 1)
        right = QVBoxLayout()
        right.setSpacing(6)
        for widget in (self._pin_label, self.pin, self.pad):
            right.addWidget(widget)
        right.addStretch(1)
        line = QFrame(self)
        line.setFrameShape(QFrame.Shape.VLine)
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addLayout(left, 1)
        columns.addWidget(line)
        columns.addLayout(right)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.cancel, 1)
        foot.addWidget(self.go, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addLayout(columns, 1)
        layout.addWidget(self._message)
        layout.addLayout(foot)
        self.resize(720, 600)
        for field in (self.badge, self.name, self.pin):
            field.textChanged.connect(self._left.start)
        self.badge.returnPressed.connect(self._use_badge)
        self.name.returnPressed.connect(self.pin.setFocus)
        self.name.textEdited.connect(self._name_typed)
        self.names.itemClicked.connect(self._name_chosen)
        self.names.itemActivated.connect(self._name_chosen)
        self.pin.returnPressed.connect(self.submit)
        self.go.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)

    def _offer_names(self, proposed: str) -> None:
        names = self._access.names()
        for name in names:
            item = QListWidgetItem(icon("user"), name, self.names)
            item.setSizeHint(QSize(0, ROW_PX))
        self.names.setVisible(bool(names))
        if proposed:
            self._choose(proposed)
        else:
            self.badge.setFocus()

    # ---- what is pressed ------------------------------------------------------------------

    @Slot()
    def submit(self) -> None:
        """Checks what is there: a badge code without a name, else name and PIN."""
        if self.badge.text() and not self.name.text():
            self._use_badge()
        elif not self.name.text().strip():
            self._say(self.tr("Choose your name, or scan your badge."))
            self.name.setFocus()
        elif not self.pin.text():
            self._say(self.tr("Enter your PIN."))
            self.pin.setFocus()
        else:
            name, pin = self.name.text(), self.pin.text()
            self._begin_check()
            self._access.log_in(name, pin)

    @Slot()
    def _use_badge(self) -> None:
        code = self.badge.text().strip()
        if code:
            self._begin_check()
            self._access.log_in_badge(code)

    @Slot(QListWidgetItem)
    def _name_chosen(self, item: QListWidgetItem) -> None:
        self._choose(item.text())

    def _choose(self, name: str) -> None:
        self.name.setText(name)
        self._name_typed(name)
        self.pin.setFocus()

    @Slot(str)
    def _name_typed(self, text: str) -> None:
        """Another name has waits of its own; the list follows what is typed."""
        self._stop_waiting()
        found = None
        for row in range(self.names.count()):
            item = self.names.item(row)
            if same_name(item.text(), text):
                found = item
        if found is not None:
            self.names.setCurrentItem(found)
        else:
            self.names.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a key of the pad or in the list is theirs; Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            return
        super().keyPressEvent(event)

    # ---- what comes of it -----------------------------------------------------------------

    def _begin_check(self) -> None:
        self.pin.clear()
        self.badge.clear()
        self._stop_waiting()
        self.go.setEnabled(False)
        self._say(self.tr("Checking …"))

    @Slot(str, str, int)
    def _on_failed(self, code: str, sentence: str, seconds: int) -> None:
        self._failed = error_sentence(code, sentence)
        self._wait_s = seconds
        if seconds:
            self._countdown.start()
        self._show_wait()
        if self.name.text():
            self.pin.setFocus()
        else:
            self.badge.setFocus()

    @Slot()
    def _tick(self) -> None:
        self._wait_s -= 1
        if self._wait_s <= 0:
            self._countdown.stop()
        self._show_wait()

    def _show_wait(self) -> None:
        waiting = self._wait_s > 0
        self.go.setEnabled(not waiting)
        self._say(f"{self._failed} {waiting_words(self._wait_s)}" if waiting else self._failed)

    def _stop_waiting(self) -> None:
        self._countdown.stop()
        self._wait_s = 0
        self.go.setEnabled(not self._access.checking)
        self._say("")

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setAccessibleName(text)

    @property
    def message(self) -> str:
        """What is said below the fields."""
        return self._message.text()

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Log in"))
        self.setAccessibleName(self.tr("Log in"))
        self._badge_label.setText(self.tr("&Badge"))
        self.badge.setPlaceholderText(self.tr("Scan your badge now …"))
        self.badge.setAccessibleName(self.tr("Badge, scanned"))
        self._name_label.setText(self.tr("… or your &name"))
        self.name.setAccessibleName(self.tr("Your name"))
        self.names.setAccessibleName(self.tr("Names of the users"))
        self._pin_label.setText(self.tr("and your &PIN"))
        self.pin.setAccessibleName(self.tr("Your PIN"))
        self.go.setText(self.tr("Log in (Enter)"))
        self.go.setAccessibleName(self.tr("Log in"))
        self.cancel.setText(self.tr("Cancel (Esc)"))
        self.cancel.setAccessibleName(self.tr("Close without logging in"))
        self.pad.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
