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
        self._waiting = ""
        self.setObjectName("setup_note")
        self.setProperty("role", "card")
        self._text = QLabel(self)
        self._text.setWordWrap(True)  # large letters need two lines
        self.open = QPushButton(self)
        self.open.setObjectName("setup_note_open")
        self.open.setProperty("role", "primary")
        self.close_button = QPushButton(self)
        self.close_button.setObjectName("setup_note_close")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 1, 8, 1)  # an 800 px screen still holds every page below it
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.open)
        layout.addWidget(self.close_button)
        self.open.clicked.connect(self.wanted)
        self.close_button.clicked.connect(self.dismissed)
        self.retranslate()

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def show_waiting(self, product: str) -> None:
        """The assistant was answered; this product waits for the demo or for a job."""
        self._waiting = product
        self.open.setVisible(not product)
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        text = self.tr("This is the demo: rendered cables. It runs by itself.")
        if self._waiting:
            text = self.tr("“{}” is next: it begins as soon as the present work is done.")
            text = text.format(self._waiting)
        self._text.setText(text)
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
