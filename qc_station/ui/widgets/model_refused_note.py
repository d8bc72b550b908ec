"""A line over the picture: a new model was refused. In nobody's way; inspection goes on."""

from __future__ import annotations

from PySide6.QtCore import QRect, QTimer, Slot
from PySide6.QtWidgets import QWidget

from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.toast import Toast

SHOWN_MS = 20_000
MARGIN = 8


class ModelRefusedNote(Toast):
    """Floats above the page's layout; gone after a while or when told so."""

    def __init__(self, parent: QWidget) -> None:
        self._refusal: tuple[str, str, bool] | None = None
        super().__init__(parent)
        self.setObjectName("model_refused")
        self._ground = QRect()
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(SHOWN_MS)
        self._end.timeout.connect(self.dismiss)
        self.hide()

    def show_refusal(self, code: str, sentence: str, kept: bool) -> None:
        """Says for a while why, and that the model before stays in use if it was ``kept``."""
        self._refusal = (code, sentence, kept)
        self._write()
        self.show()
        self.raise_()
        self._end.start()

    @Slot()
    def dismiss(self) -> None:
        """Takes the line away."""
        self._refusal = None
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

    def retranslate(self) -> None:
        """Texts in the current language."""
        super().retranslate()
        if self._refusal is not None:
            self._write()

    def _write(self) -> None:
        assert self._refusal is not None
        code, sentence, kept = self._refusal
        text = error_sentence(code, sentence)
        if kept and code != "model_refused":
            text = f"{error_sentence('model_refused')} {text}"
        self.setAccessibleName(text)
        self.show_text(text, undo=False, stay=True)
        self.place(self._ground)
