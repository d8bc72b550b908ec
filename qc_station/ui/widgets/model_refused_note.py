"""A line over the picture: a new model was refused. In nobody's way; inspection goes on."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.floating_note import FloatingNote

SHOWN_MS = 20_000


class ModelRefusedNote(FloatingNote):
    """Lies along the picture's lower edge."""

    def __init__(self, parent: QWidget) -> None:
        self._refusal: tuple[str, str, bool] | None = None
        super().__init__(parent, SHOWN_MS)
        self.setObjectName("model_refused")

    def show_refusal(self, code: str, sentence: str, kept: bool) -> None:
        """Says for a while why, and that the model before stays in use if it was ``kept``."""
        self._refusal = (code, sentence, kept)
        self.say(self._words(code, sentence, kept))

    @Slot()
    def dismiss(self) -> None:
        """Takes the line away."""
        self._refusal = None
        super().dismiss()

    def retranslate(self) -> None:
        """Texts in the current language."""
        super().retranslate()
        if self._refusal is not None:
            self._write(self._words(*self._refusal))

    def _words(self, code: str, sentence: str, kept: bool) -> str:
        text = error_sentence(code, sentence)
        if kept and code != "model_refused":
            text = f"{error_sentence('model_refused')} {text}"
        return text
