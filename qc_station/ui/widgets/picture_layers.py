"""What lies over each other on a picture canvas: images, and marks that any picture lets see."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


class ImageLayer(QGraphicsItem):
    """Draws a QImage into ``rect`` without a pixmap copy."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._image: QImage | None = None
        self.smooth = True

    def show_image(self, image: QImage | None, rect: QRectF) -> None:
        """Another image; None: nothing."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self._image = image
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        if self._image is None:
            return
        down = painter.worldTransform().m11() < 2.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth or down)
        painter.drawImage(self._rect, self._image)


class MarksLayer(QGraphicsItem):
    """Draws outlines of anomalous areas and corner brackets around regions: dark below light,
    visible on any picture."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._boxes: tuple[QRectF, ...] = ()
        self._lines: list[QLineF] = []

    def show_lines(self, lines: list[QLineF], rect: QRectF) -> None:
        """Outlines in the picture's pixels; ``rect`` is the whole picture."""
        self.prepareGeometryChange()
        self._lines = lines
        self._rect = rect
        self.update()

    def show_boxes(self, boxes: tuple[QRectF, ...], rect: QRectF) -> None:
        """Regions in the picture's pixels; ``rect`` is the whole picture."""
        self.prepareGeometryChange()
        self._boxes = boxes
        self._rect = rect
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in (("#000000", 4.5), ("#FFFFFF", 2.0)):
            pen = QPen(QColor(colour), width)
            pen.setCosmetic(True)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLines(self._lines)
            for box in self._boxes:
                arm = min(box.width(), box.height()) * 0.3
                for corner, right, down in (
                    (box.topLeft(), 1, 1),
                    (box.topRight(), -1, 1),
                    (box.bottomRight(), -1, -1),
                    (box.bottomLeft(), 1, -1),
                ):
                    painter.drawPolyline(
                        [
                            corner + QPointF(right * arm, 0),
                            corner,
                            corner + QPointF(0, down * arm),
                        ]
                    )
