"""Gives a page the room it needs: one that is larger than the window scrolls. Knows no page.

Large letters in a small window must neither be cut off nor make the window larger than the screen.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QWidget


class PageFrame(QScrollArea):
    """Shows no bars and takes no key as long as the page fits.

    A page scrolls when it has less than its least size; Qt's own resizing takes the preferred
    height of wrapped texts and lists for it.
    """

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._page = page
        self.setWidget(page)
        page.setAutoFillBackground(False)  # setWidget switches it on

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fills the frame with the page."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The page needs another size, perhaps."""
        done = super().eventFilter(watched, event)
        if watched is self._page and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        page, room = self._page, self.maximumViewportSize()
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        least = page.minimumSizeHint()
        width = max(room.width(), least.width())
        across = bar if width > room.width() else 0
        height = _least_height(page, width)
        if height > room.height() - across:
            width = max(room.width() - bar, least.width())
            across = bar if width > room.width() - bar else 0
            height = _least_height(page, width)
        page.resize(width, max(room.height() - across, height))


def _least_height(page: QWidget, width: int) -> int:
    layout = page.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.totalMinimumHeightForWidth(width)
    return page.minimumSizeHint().height()
