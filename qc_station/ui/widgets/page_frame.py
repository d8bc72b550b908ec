"""Gives a page the room it needs: one that is larger than the window scrolls. Knows no page.

Large letters in a small window must neither be cut off nor make the window larger than the screen.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class PageFrame(QScrollArea):
    """Shows no bars and takes no key as long as the page fits."""

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(page)
        page.setAutoFillBackground(False)  # setWidget switches it on

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)
