"""A line over the picture: a new model was refused. In nobody's way; inspection goes on."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.picture_note import PictureNote


class ModelRefusedNote(PictureNote):
    """Floats along the lower edge of the picture; gone after a while or when told so."""

    shown_ms = 20_000

    def __init__(self, parent: QWidget) -> None:
        self._refusal: tuple[str, str, bool] | None = None
        super().__init__(parent)
        self.setObjectName("model_refused")

    def show_refusal(self, code: str, sentence: str, kept: bool) -> None:
        """Says for a while why, and that the model before stays in use if it was ``kept``."""
        self._refusal = (code, sentence, kept)
        self._write()

    @Slot()
    def dismiss(self) -> None:
        """Takes the line away."""
        self._refusal = None
        super().dismiss()

    def retranslate(self) -> None:
        """Texts in the current language."""
        super().retranslate()
        if self._refusal is not None:
            self._write()

    def _write(self) -> None:
        if self._refusal is None:
            return
        code, sentence, kept = self._refusal
        text = error_sentence(code, sentence)
        if kept and code != "model_refused":
            text = f"{error_sentence('model_refused')} {text}"
        self.say(text)
