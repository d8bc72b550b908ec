"""Gives a button its words: room beside the icon, and the same for a screen reader. No services."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton

_GAP = "\N{EN SPACE}"


def set_words(button: QAbstractButton, words: str, spoken: str = "") -> None:
    """``spoken`` is the accessible name where it should say more than the face of the button."""
    button.setText(words if button.icon().isNull() else _GAP + words)
    button.setAccessibleName(spoken or words)
