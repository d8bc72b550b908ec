"""Says in a window why the station did not start, for people who started it without a terminal."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox


def show_refusal(sentence: str) -> None:
    """Shows the sentence until somebody closes it."""
    box = QMessageBox(QMessageBox.Icon.Warning, "QC Station", sentence)
    box.setAccessibleName("QC Station")
    box.exec()
