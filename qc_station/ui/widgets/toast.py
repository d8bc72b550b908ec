"""A line that says what was just done and offers to undo it. Knows nothing of what it was."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

SHOWN_MS = 8000


class Toast(QFrame):
    """Takes its place in a layout all the time, so that nothing jumps when it appears."""

    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setObjectName("toast_text")
        self._undo = QPushButton(self)
        self._undo.setObjectName("toast_undo")
        self._undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._undo.clicked.connect(self.undo_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._undo)
        self.setMinimumHeight(52)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide_text)
        self.retranslate()
        self.hide_text()

    @property
    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return self._text.text()

    def show_text(self, text: str, *, undo: bool = True, stay: bool = False) -> None:
        """Says something; it goes after a while unless it is to ``stay``."""
        self._text.setText(text)
        self._undo.setVisible(undo)
        self.setProperty("role", "card")
        self._restyle()
        if stay:
            self._timer.stop()
        else:
            self._timer.start()

    def hide_text(self) -> None:
        """Says nothing."""
        self._timer.stop()
        self._text.clear()
        self._undo.setVisible(False)
        self.setProperty("role", "")
        self._restyle()

    def retranslate(self) -> None:
        """The button's text in the current language."""
        self._undo.setText(self.tr("Undo (U)"))
        self._undo.setAccessibleName(self.tr("Undo the last step"))

    def _restyle(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)
