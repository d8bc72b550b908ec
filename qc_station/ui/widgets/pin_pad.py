"""PIN entry for gloves: hidden fields that take digits only, and a pad that types into them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRegularExpression, Qt
from PySide6.QtGui import QFocusEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

LONGEST_PIN = 12


class PinField(QLineEdit):
    """Digits only, shown as dots."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(LONGEST_PIN)
        digits = QRegularExpression("[0-9]*")
        self.setValidator(QRegularExpressionValidator(digits, self))
        self.setProperty("touch", "true")
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)


class PinPad(QWidget):
    """Twelve keys. They type into the field that had the keyboard last and never take it."""

    def __init__(self, *fields: PinField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pin_pad")
        self._target = fields[0]
        for field in fields:
            field.installEventFilter(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.keys: dict[str, QPushButton] = {}
        for index, key in enumerate("123456789C0<"):
            button = QPushButton(self)
            button.setObjectName(f"pin_key_{key}" if key.isdigit() else _NAMES[key])
            button.setProperty("pad", "true")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, key=key: self.press(key))
            layout.addWidget(button, index // 3, index % 3)
            self.keys[key] = button
        self.retranslate()

    def press(self, key: str) -> None:
        """A digit, ``C`` for all of it, ``<`` for the last one."""
        focused = self.window().focusWidget()
        if isinstance(focused, PinField):
            self._target = focused
        if key == "C":
            self._target.clear()
        elif key == "<":
            self._target.backspace()
        elif len(self._target.text()) < LONGEST_PIN:
            self._target.insert(key)

    def retranslate(self) -> None:
        """Texts in the current language."""
        for key, button in self.keys.items():
            if key.isdigit():
                button.setText(key)
                button.setAccessibleName(self.tr("Digit {}").format(key))
        self.keys["C"].setText("C")
        self.keys["C"].setAccessibleName(self.tr("Clear the PIN"))
        self.keys["<"].setText("⌫")
        self.keys["<"].setAccessibleName(self.tr("Remove the last digit"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remembers which field was chosen last."""
        if isinstance(event, QFocusEvent) and event.gotFocus() and isinstance(watched, PinField):
            self._target = watched
        return bool(super().eventFilter(watched, event))


_NAMES = {"C": "pin_key_clear", "<": "pin_key_erase"}
