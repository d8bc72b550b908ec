"""What is drawn of painted regions: fill, contours, numbers, and the tool in hand. No events."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from qc_station.domain.annotation import Annotation
from qc_station.domain.mask_shapes import Box, Point
from qc_station.ui.widgets.mask_colours import MODEL_INDEX, colour_of, fill_table, index_of

DARK = QColor("#101418")
LIGHT = QColor("#FFFFFF")


def contours_of(plane: NDArray[np.uint8]) -> QPainterPath:
    """The outlines of a mask, holes included, in picture pixels."""
    path = QPainterPath()
    found, _ = cv2.findContours(plane, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for contour in found:
        points = contour.reshape(-1, 2) + 0.5
        path.addPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in points]))
        path.closeSubpath()
    return path


def cosmetic(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width does not follow the zoom."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


class MasksItem(QGraphicsItem):
    """Regions over a picture: one Indexed8 plane for all fills, a path for each contour."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._rect = QRectF()
        self._plane: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._contours: dict[int, tuple[QPainterPath, QColor]] = {}
        self._chosen: int | None = None

    def show_picture(self, shape: tuple[int, int] | None) -> None:
        """Bare, for a picture of this shape."""
        self.prepareGeometryChange()
        self._contours, self._plane, self._image = {}, None, None
        self._rect = QRectF() if shape is None else QRectF(0, 0, shape[1], shape[0])
        if shape is not None:
            self._plane = np.zeros(shape, np.uint8)
            self._image = QImage(
                self._plane.data, shape[1], shape[0], shape[1], QImage.Format.Format_Indexed8
            )
            self._image.setColorTable(fill_table())
        self.update()

    @property
    def plane(self) -> NDArray[np.uint8] | None:
        """Colour indices as drawn, uint8 [H, W]."""
        return self._plane

    def fill(
        self,
        annotation: Annotation,
        classes: list[str],
        box: Box | None = None,
        model: NDArray[np.bool_] | None = None,
    ) -> None:
        """Colours a rectangle anew (None: everything); ``model`` lies above the regions."""
        if self._plane is None:
            return
        box = box or Box(0, annotation.shape[0], 0, annotation.shape[1])
        here = self._plane[box.slices]
        here[:] = 0
        for number in annotation.numbers:
            index = index_of(annotation.class_of(number), classes)
            here[annotation.plane(number)[box.slices] != 0] = index
        if model is not None:
            here[model[box.slices]] = MODEL_INDEX
        height, width = box.shape
        self.update(QRectF(box.left, box.top, width, height))

    def outline(self, annotation: Annotation, numbers: list[int], classes: list[str]) -> None:
        """Draws the contours of these regions anew."""
        for number in numbers:
            self._contours.pop(number, None)
            if number in annotation.numbers:
                colour = colour_of(index_of(annotation.class_of(number), classes))
                self._contours[number] = contours_of(annotation.plane(number)), colour
        self.update()

    def choose(self, number: int | None) -> None:
        """Which region has the thick contour."""
        self._chosen = number
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._image is None:
            return
        part = QRectF(option.exposedRect.toAlignedRect()).intersected(self._rect)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(part, self._image, part)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, (path, colour) in sorted(self._contours.items()):
            width = 3.0 if number == self._chosen else 1.6
            for pen in (cosmetic(DARK, width + 2.0), cosmetic(colour, width)):
                painter.setPen(pen)
                painter.drawPath(path)
        for number, (path, colour) in sorted(self._contours.items()):
            _draw_number(painter, number, path, colour)


def _draw_number(painter: QPainter, number: int, path: QPainterPath, colour: QColor) -> None:
    """The region's number at the top of its contour: colour alone says too little."""
    if path.isEmpty():
        return
    bounds = path.boundingRect()
    at = painter.worldTransform().map(QPointF(bounds.center().x(), bounds.top()))
    painter.save()
    painter.resetTransform()
    font = QFont(painter.font())
    font.setPixelSize(13)
    font.setBold(True)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(str(number)) + 10
    label = QRectF(at.x() - width / 2, max(2.0, at.y() - 22), width, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawRoundedRect(label, 4, 4)
    painter.setPen(colour)
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.restore()


class ToolItem(QGraphicsItem):
    """The brush's ring or a cross at the pointer, and the polygon that is being drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._at: QPointF | None = None
        self._diameter: float | None = None
        self._corners: list[Point] = []

    def show_tool(
        self, rect: QRectF, at: QPointF | None, diameter: float | None, corners: list[Point]
    ) -> None:
        """``rect`` is the picture; no ``at``: no pointer; no ``diameter``: a cross."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self._at, self._diameter, self._corners = at, diameter, corners
        self.update()

    def boundingRect(self) -> QRectF:
        # A brush at the edge reaches beyond the picture.
        margin = max(self._rect.width(), self._rect.height()) * 0.25
        return self._rect.adjusted(-margin, -margin, margin, margin)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        scale = painter.worldTransform().m11() or 1.0
        for colour, width in ((DARK, 3.6), (LIGHT, 1.6)):
            painter.setPen(cosmetic(colour, width))
            if self._corners:
                points = [QPointF(x, y) for x, y in self._corners]
                painter.drawPolyline([*points, self._at] if self._at is not None else points)
                for point in points:
                    painter.drawEllipse(point, 3.5 / scale, 3.5 / scale)
            if self._at is None:
                continue
            if self._diameter is not None:
                radius = max(self._diameter / 2, 0.5)
                painter.drawEllipse(self._at, radius, radius)
            arm = 9.0 / scale
            if self._diameter is None or self._diameter * scale > 60:
                x, y = self._at.x(), self._at.y()
                painter.drawLine(QPointF(x - arm, y), QPointF(x + arm, y))
                painter.drawLine(QPointF(x, y - arm), QPointF(x, y + arm))
