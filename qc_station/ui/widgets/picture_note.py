"""A line that floats over the picture, in nobody's way, and goes by itself. Knows no services."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer, Slot
from PySide6.QtWidgets import QWidget

from qc_station.ui.widgets.toast import Toast

SHOWN_MS = 8000
MARGIN = 8


class PictureNote(Toast):
    """Lies along the lower edge of the picture, above the page's layout."""

    shown_ms = SHOWN_MS

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("picture_note")
        self._ground = QRect()
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(self.shown_ms)
        self._end.timeout.connect(self.dismiss)
        self.hide()

    def say(self, text: str) -> None:
        """Says something for a while."""
        self.setAccessibleName(text)
        self.show_text(text, undo=False, stay=True)
        self.place(self._ground)
        self.show()
        self.raise_()
        self._end.start()

    @Slot()
    def dismiss(self) -> None:
        """Takes the line away."""
        self._end.stop()
        self.hide_text()
        self.hide()

    def place(self, ground: QRect) -> None:
        """Lies within ``ground`` (the picture), in the page's coordinates."""
        self._ground = ground
        width = max(0, ground.width() - 2 * MARGIN)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else 0
        height = max(height, self.minimumHeight())
        top = ground.bottom() - MARGIN - height
        self.setGeometry(ground.left() + MARGIN, top, width, height)
