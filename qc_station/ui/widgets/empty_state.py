"""What a page shows when there is nothing to do: why, and what to do. Knows no services."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from qc_station.ui import theme

WIDTH_PX, LEAST_PX = 600, 260
"""Of the sentence; where there is less than the first, it breaks into more lines."""


class EmptyState(QWidget):
    """A title, a sentence and one button, in the middle of the page."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self)
        self._title.setProperty("letters", "headline")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = QLabel(self)
        self._text.setProperty("role", "sentence")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._grow()
        self._button = QPushButton(self)
        self._button.setProperty("touch", "true")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.asked)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(2)
        layout.addWidget(self._title)
        layout.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def changeEvent(self, event: QEvent) -> None:
        """Grows with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_text"):
            self._grow()

    def _grow(self) -> None:
        self._text.setFixedWidth(max(theme.px(LEAST_PX), min(theme.px(WIDTH_PX), self.width())))
        self._text.setMinimumHeight(theme.px(76))

    def minimumSizeHint(self) -> QSize:
        """The sentence may be narrower than it is now."""
        return QSize(theme.px(LEAST_PX), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def say(self, title: str, text: str, button: str, spoken: str) -> None:
        """Everything that is to be read; ``spoken`` is the button's accessible name."""
        self._title.setText(title)
        self._text.setText(text)
        self._button.setText(button)
        self._button.setAccessibleName(spoken)
