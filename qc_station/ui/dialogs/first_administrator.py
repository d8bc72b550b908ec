"""Creates the first administrator of a station without users. There is no default PIN."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
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

from qc_station.services.users import LONGEST_NAME, UserService
from qc_station.ui import theme
from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.pin_pad import PinField, PinPad


class FirstAdministratorDialog(QDialog):
    """Name and PIN twice. Closes by itself when the administrator exists."""

    def __init__(self, users: UserService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first_administrator_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._users = users
        self._build()
        self._name_widgets()
        users.saved.connect(self.accept)
        users.failed.connect(self._on_failed)
        self.name.setFocus()

    def _build(self) -> None:
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self.name = QLineEdit(self)
        self.name.setObjectName("first_name")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setProperty("touch", "true")
        self.pin = PinField("first_pin", self)
        self.again = PinField("first_pin_again", self)
        self._labels = [QLabel(self) for _ in range(3)]
        self.pad = PinPad(self.pin, self.again, parent=self)
        self._message = QLabel(self)
        self._message.setObjectName("first_message")
        self._message.setWordWrap(True)
        self._message.setMinimumHeight(46)
        self._message.setProperty("letters", "caption")
        self.make = QPushButton(self)
        self.make.setObjectName("first_create")
        self.make.setProperty("role", "primary")
        self.cancel = QPushButton(self)
        self.cancel.setObjectName("first_cancel")
        for button in (self.make, self.cancel):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self._text)
        left.addSpacing(10)
        for label, field in zip(self._labels, (self.name, self.pin, self.again), strict=True):
            label.setBuddy(field)
            left.addWidget(label)
            left.addWidget(field)
        left.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.cancel, 1)
        foot.addWidget(self.make, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(12)
        layout.addLayout(columns, 1)
        layout.addWidget(self._message)
        layout.addLayout(foot)
        self.resize(theme.px(720), theme.px(500))
        self.name.returnPressed.connect(self.pin.setFocus)
        self.pin.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.submit)
        self.make.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)

    def _name_widgets(self) -> None:
        self.setWindowTitle(self.tr("First administrator"))
        self._text.setText(
            self.tr(
                "This station has no users: everybody may do everything. The first administrator "
                "adds the others. From then on, teaching, reviews and settings need a log-in; "
                "inspection goes on without one. Keep the PIN safe: nobody can read it."
            )
        )
        texts = (
            self.tr("&Name"),
            self.tr("&PIN, 6 to 12 digits"),
            self.tr("PIN &again"),
        )
        for label, text in zip(self._labels, texts, strict=True):
            label.setText(text)
        self.name.setAccessibleName(self.tr("Name of the administrator"))
        self.pin.setAccessibleName(self.tr("PIN, 6 to 12 digits"))
        self.again.setAccessibleName(self.tr("The same PIN again"))
        self.make.setText(self.tr("Create administrator"))
        self.make.setAccessibleName(self.tr("Create administrator"))
        self.cancel.setText(self.tr("Not now (Esc)"))
        self.cancel.setAccessibleName(self.tr("Leave the station without users"))

    @Slot()
    def submit(self) -> None:
        """Creates the administrator when both PINs are the same."""
        if not self.name.text().strip():
            self._say(self.tr("Give a name."))
            self.name.setFocus()
        elif self.pin.text() != self.again.text():
            self._say(self.tr("The two PINs are not the same."))
            self.again.clear()
            self.again.setFocus()
        else:
            self.make.setEnabled(False)
            self._say(self.tr("Saving …"))
            self._users.create_first_administrator(self.name.text(), self.pin.text())

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        self.make.setEnabled(True)
        self._say(error_sentence(code, sentence))
        if code in ("pin_length", "pin_simple", "pin_or_badge"):
            self.pin.clear()
            self.again.clear()
            self.pin.setFocus()

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setAccessibleName(text)

    @property
    def message(self) -> str:
        """What is said below the fields."""
        return self._message.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it; in a field it goes to the next; Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            return
        super().keyPressEvent(event)
