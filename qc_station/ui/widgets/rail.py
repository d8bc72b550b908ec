"""Slim navigation rail: icon above word for each page, a badge where parts wait. No logic."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from qc_station.ui import theme

WIDTH = 108
LEAST_HEIGHT = 58
"""Where a low screen has to hold many pages: still enough for a gloved finger."""


class RailButton(QToolButton):
    """One page's button; ``badge`` is a count drawn in its corner, 0 hides it."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = 0
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(32, 32))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(84)
        self.setObjectName(f"rail_{action.objectName()}")

    @property
    def badge(self) -> int:
        """The count shown."""
        return self._badge

    def set_badge(self, count: int) -> None:
        """Shows how many parts wait."""
        if count != self._badge:
            self._badge = count
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._badge <= 0:
            return
        text = str(self._badge) if self._badge < 1000 else "999+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.large_font(12, bold=True))
        width = max(22.0, painter.fontMetrics().horizontalAdvance(text) + 12.0)
        rect = QRectF(min(self.width() / 2 + 8, self.width() - width - 4), 7, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.REVIEW_SIGN))
        painter.drawRoundedRect(rect, 10, 10)
        painter.setPen(QColor(theme.VERDICT_INK_ON_AMBER))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QFrame):
    """The buttons from top to bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 10, 4, 10)
        self._layout.setSpacing(6)
        self._layout.addStretch(1)  # takes what the buttons, up to their height, leave
        self.buttons: dict[str, RailButton] = {}

    def add(self, page: str, action: QAction) -> RailButton:
        """Appends the button of a page."""
        button = RailButton(action, self)
        self.buttons[page] = button
        self._layout.insertWidget(self._layout.count() - 1, button, 1000)
        return button
