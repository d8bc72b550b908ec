"""One line below the Review page that names the keys of the moment. Knows no part."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QWidget


class ReviewHint(QLabel):
    """The keys that answer, or those that paint."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_hint")
        self.setProperty("role", "muted")
        self.setWordWrap(True)
        self._painting = False
        self.retranslate()

    def set_painting(self, painting: bool) -> None:
        """Whether a tool is in hand."""
        self._painting = painting
        self.retranslate()

    def retranslate(self) -> None:
        """The text in the current language."""
        if self._painting:
            text = self.tr(
                "Arrows move · Space paints · [ ] size · + − zoom, middle button pans · "
                "T next region · Backspace drops a corner · H bare picture"
            )
        else:
            text = self.tr(
                "G good · 1–9 defect · N new class · C can't tell · A ask · S skip · U undo · "
                "E explain · B paint · H bare picture"
            )
        self.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
