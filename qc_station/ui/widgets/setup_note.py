"""The strip of a first start: this is the demo; your own product is one press away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from qc_station.ui.widgets.button_words import set_words


class SetupNote(QFrame):
    """Takes no room once it was answered."""

    wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("setup_note")
        self.setProperty("role", "card")
        self._text = QLabel(self)
        self.open = QPushButton(self)
        self.open.setObjectName("setup_note_open")
        self.open.setProperty("role", "primary")
        self.close_button = QPushButton(self)
        self.close_button.setObjectName("setup_note_close")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.open)
        layout.addWidget(self.close_button)
        self.open.clicked.connect(self.wanted)
        self.close_button.clicked.connect(self.dismissed)
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._text.setText(self.tr("This is the demo: rendered cables. It runs by itself."))
        set_words(self.open, self.tr("Set up your own product …"))
        set_words(
            self.close_button,
            self.tr("Not now"),
            self.tr("Hide this line; the Station menu has the assistant"),
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
