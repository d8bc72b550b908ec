"""Slim navigation rail: icon above word for each page, a badge where parts wait. No logic."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from qc_station.ui import theme

WIDTH_PX = 114
BUTTON_PX = 84
ICON_PX, SMALL_ICON_PX = 32, 24
AROUND_PX = 10
"""Edge and room above and below icon and word."""


class RailButton(QToolButton):
    """One page's button; ``badge`` is a count drawn in its corner, 0 hides it."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = 0
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._grow()
        self.setObjectName(f"rail_{action.objectName()}")

    def _grow(self) -> None:
        self.setMinimumHeight(self._height_with(SMALL_ICON_PX))
        self.setMaximumHeight(theme.px(BUTTON_PX))
        self._fit_icon()

    def _height_with(self, icon_px: int) -> int:
        return icon_px + self.fontMetrics().height() + AROUND_PX

    def _fit_icon(self) -> None:
        """Where a low screen has to hold many pages with large letters, the icon gives way."""
        roomy = self.height() >= self._height_with(ICON_PX)
        side = ICON_PX if roomy else SMALL_ICON_PX
        self.setIconSize(QSize(side, side))

    @property
    def badge(self) -> int:
        """The count shown."""
        return self._badge

    def set_badge(self, count: int) -> None:
        """Shows how many parts wait."""
        if count != self._badge:
            self._badge = count
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Grows with the letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_icon()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._badge <= 0:
            return
        text = str(self._badge) if self._badge < 1000 else "999+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.large_font(theme.px(12), bold=True))
        height = theme.px(20)
        width = max(theme.px(22.0), painter.fontMetrics().horizontalAdvance(text) + 12.0)
        rect = QRectF(min(self.width() / 2 + 8, self.width() - width - 4), 7, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.REVIEW_SIGN))
        painter.drawRoundedRect(rect, height / 2, height / 2)
        painter.setPen(QColor(theme.REVIEW_INK))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QFrame):
    """The buttons from top to bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(theme.px(WIDTH_PX))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 6, 4, 6)
        self._layout.setSpacing(4)
        self._layout.addStretch(1)  # takes what the buttons, up to their height, leave
        self.buttons: dict[str, RailButton] = {}

    def changeEvent(self, event: QEvent) -> None:
        """Grows with the letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedWidth(theme.px(WIDTH_PX))

    def add(self, page: str, action: QAction) -> RailButton:
        """Appends the button of a page."""
        button = RailButton(action, self)
        self.buttons[page] = button
        self._layout.insertWidget(self._layout.count() - 1, button, 1000)
        return button
