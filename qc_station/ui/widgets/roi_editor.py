"""A rectangle drawn on a picture by mouse or keyboard. Knows no recipe and no camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from qc_station.domain.roi import Roi, between
from qc_station.ui import theme

STEP = 0.01  # of the picture, for one press of an arrow
FIRST = Roi(0.1, 0.1, 0.8, 0.8)
_ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0), Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -STEP), Qt.Key.Key_Down: (0.0, STEP),
}  # fmt: skip


class RoiEditor(QWidget):
    """Arrows move, Shift and arrows resize, Delete takes the whole picture, the mouse draws."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("roi_editor")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None  # the image is a view of them
        self._roi: Roi | None = None
        self._from: tuple[float, float] | None = None  # where drawing began
        self._grip: tuple[float, float] | None = None  # where the rectangle is held

    @property
    def roi(self) -> Roi | None:
        """The rectangle; None for the whole picture."""
        return self._roi

    def show_roi(self, roi: Roi | None) -> None:
        """Shows a rectangle; says nothing."""
        self._roi = roi
        self.update()

    def set_roi(self, roi: Roi | None) -> None:
        """Another rectangle, and says so."""
        if roi != self._roi:
            self._roi = roi
            self.update()
            self.changed.emit()

    def show_picture(self, pixels: NDArray[np.uint8] | None) -> None:
        """Draws on this uint8 RGB [H, W, 3]; None for a plain area."""
        self._pixels = None if pixels is None else np.ascontiguousarray(pixels)
        self._image = None
        if self._pixels is not None:
            height, width = self._pixels.shape[:2]
            self._image = QImage(
                self._pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888
            )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    # ---- by keyboard ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.set_roi(None)
        elif step is not None:
            roi = self._roi
            if roi is None:
                self.set_roi(FIRST)
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.set_roi(roi.grown(*step))
            else:
                self.set_roi(roi.moved(*step))
        else:
            super().keyPressEvent(event)

    # ---- by mouse -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x, y = self._at(event.position())
        roi = self._roi
        if roi is not None and roi.x <= x <= roi.x + roi.width and roi.y <= y <= roi.y + roi.height:
            self._grip = (x - roi.x, y - roi.y)
        else:
            self._from = (x, y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = self._at(event.position())
        roi = self._roi
        if self._grip is not None and roi is not None:
            self.set_roi(roi.moved(x - self._grip[0] - roi.x, y - self._grip[1] - roi.y))
        elif self._from is not None:
            drawn = between(*self._from, x, y)
            if drawn is not None:
                self.set_roi(drawn)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = self._grip = None

    # ---- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = self._place()
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
        else:
            painter.fillRect(place, QColor(theme.SUNKEN))
        if self._roi is not None:
            self._paint_roi(painter, place, self._roi)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.FOCUS), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_roi(self, painter: QPainter, place: QRectF, roi: Roi) -> None:
        inner = QRectF(
            place.x() + roi.x * place.width(), place.y() + roi.y * place.height(),
            roi.width * place.width(), roi.height * place.height(),
        )  # fmt: skip
        outside = QPainterPath()
        outside.addRect(place)
        hole = QPainterPath()
        hole.addRect(inner)
        painter.fillPath(outside.subtracted(hole), QColor(20, 25, 29, 150))
        for colour, width in (("#FFFFFF", 5), (theme.FOCUS, 3)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(inner)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def _place(self) -> QRectF:
        """Where the picture is drawn, its proportions kept."""
        area = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        if self._image is None:
            return area
        scale = min(area.width() / self._image.width(), area.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        left = area.x() + (area.width() - width) / 2
        return QRectF(left, area.y() + (area.height() - height) / 2, width, height)

    def _at(self, point: QPointF) -> tuple[float, float]:
        place = self._place()
        return (point.x() - place.x()) / place.width(), (point.y() - place.y()) / place.height()
