"""The serial number that was scanned for the next part; a press forgets it. Knows no service."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton, QWidget

from qc_station.ui.icons import icon
from qc_station.ui.widgets.button_words import set_words

SHOWN_CHARACTERS = 24


class NextSerialButton(QPushButton):
    """Only there while a serial number waits for its part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(icon("cancel"), "", parent)
        self.setObjectName("next_serial")
        self._serial = ""
        self.show_serial("")

    def show_serial(self, serial: str) -> None:
        """The waiting serial number; empty for none."""
        self._serial = serial
        self.setVisible(bool(serial))
        short = serial
        if len(serial) > SHOWN_CHARACTERS:
            short = "…" + serial[-SHOWN_CHARACTERS:]  # parts of one lot differ at the end
        set_words(
            self,
            self.tr("Next part: {}").format(short),
            self.tr("Serial number of the next part: {}. Press to forget it.").format(serial),
        )
        self.setToolTip(self.accessibleName())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.show_serial(self._serial)
        super().changeEvent(event)
