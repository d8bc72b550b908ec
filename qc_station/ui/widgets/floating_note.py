"""A line over the picture that goes by itself. In nobody's way; inspection goes on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer, Slot
from PySide6.QtWidgets import QWidget

from qc_station.ui.widgets.toast import Toast

MARGIN = 8


class FloatingNote(Toast):
    """Floats above the page's layout; gone after a while or when told so."""

    def __init__(self, parent: QWidget, shown_ms: int) -> None:
        super().__init__(parent)
        self._ground = QRect()
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(shown_ms)
        self._end.timeout.connect(self.dismiss)
        self.hide()

    def say(self, text: str) -> None:
        """Says this for a while."""
        self._write(text)
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
        """Lies along the lower edge of ``ground`` (the picture), in the page's coordinates."""
        self._ground = ground
        width = max(0, ground.width() - 2 * MARGIN)
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else 0
        height = max(height, self.minimumHeight())
        self.setGeometry(ground.left() + MARGIN, ground.bottom() - MARGIN - height, width, height)

    def _write(self, text: str) -> None:
        self.setAccessibleName(text)
        self.show_text(text, undo=False, stay=True)
        self.place(self._ground)
