"""One canvas for pictures with heatmaps, shared by all pages. Knows pixels and regions only.

The picture is a zero-copy view of its array; the heatmap is a small uint8 plane that Qt colours
through a colour table and scales over the picture. The caller gives both together: a heatmap is
only ever drawn over the frame it was computed from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
    qRgba,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from qc_station.domain.contour import REGION_LEVEL, outline
from qc_station.domain.verdict import Region
from qc_station.ui import theme
from qc_station.ui.widgets.colour_maps import COLOUR_MAPS
from qc_station.ui.widgets.picture_layers import ImageLayer, MarksLayer

ZOOM_STEP = 1.25
MAX_SCALE = 40.0
FADES_FROM, FULL_ALPHA_AT = 104, 152
"""Plane values between which a heatmap fades in. The engine scales a map so that 127 is the level
above which a region counts; sound areas lie near 90 and must show the bare picture."""


def qimage_from_rgb(rgb: NDArray[np.uint8]) -> QImage:
    """An image of uint8 [H, W, 3] RGB or [H, W] grey pixels; zero-copy when C-contiguous.

    The array must stay alive and unchanged as long as the image is used.
    """
    if rgb.dtype != np.uint8 or not (rgb.ndim == 2 or (rgb.ndim == 3 and rgb.shape[2] == 3)):
        raise ValueError(f"expected uint8 [H, W, 3] or [H, W], got {rgb.dtype} {rgb.shape}")
    rgb = np.ascontiguousarray(rgb)
    kind = QImage.Format.Format_RGB888 if rgb.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(rgb.data, rgb.shape[1], rgb.shape[0], rgb.strides[0], kind)


def colour_table(name: str) -> list[int]:
    """256 ARGB entries of a colour map; low values fade out so that sound parts stay visible."""
    span = FULL_ALPHA_AT - FADES_FROM
    return [
        qRgba(red, green, blue, max(0, min(255, (value - FADES_FROM) * 255 // span)))
        for value, (red, green, blue) in enumerate(COLOUR_MAPS[name])
    ]


def heatmap_image(plane: NDArray[np.uint8], table: list[int]) -> QImage:
    """A zero-copy Indexed8 image of a uint8 [h, w] plane. The array must stay alive."""
    if plane.dtype != np.uint8 or plane.ndim != 2:
        raise ValueError(f"expected a uint8 [h, w] plane, got {plane.dtype} {plane.shape}")
    plane = np.ascontiguousarray(plane)
    image = QImage(
        plane.data, plane.shape[1], plane.shape[0], plane.strides[0], QImage.Format.Format_Indexed8
    )
    image.setColorTable(table)
    return image


class PictureCanvas(QGraphicsView):
    """Shows one picture with its heatmap and regions; zooms, pans, hides the overlay on demand.

    Keys while focused: ``+`` ``-`` zoom, ``0`` fits, arrows pan (when zoomed in), holding ``H``
    shows the bare picture. Wheel zooms at the pointer, dragging pans, double click fits.
    """

    overlay_visible_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, colour_map: str = "inferno") -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self._picture = ImageLayer()
        self._heatmap = ImageLayer()
        self._regions = MarksLayer()
        for layer, item in enumerate((self._picture, self._heatmap, self._regions)):
            item.setZValue(layer)
            self._scene.addItem(item)
        self._pixels: NDArray[np.uint8] | None = None
        self._plane: NDArray[np.uint8] | None = None
        self._boxes: tuple[Region, ...] = ()
        self._outlined = True
        self._table = colour_table(colour_map)
        self._opacity = 0.6
        self._visible = True
        self._held = False
        self._fitted = True
        self.setScene(self._scene)
        self.setObjectName("picture_canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        self.setAccessibleName(self.tr("Picture"))
        self._apply_opacity()

    # What is shown -------------------------------------------------------------------------

    def set_picture(self, rgb: NDArray[np.uint8]) -> None:
        """Shows uint8 [H, W, 3] pixels and takes away heatmap and regions of the last picture."""
        rgb = np.ascontiguousarray(rgb)
        resized = self._pixels is None or self._pixels.shape[:2] != rgb.shape[:2]
        self._pixels = rgb
        rect = self._picture_rect()
        self._picture.show_image(qimage_from_rgb(rgb), rect)
        self.set_heatmap(None)
        self.set_regions(())
        if resized:
            self._scene.setSceneRect(rect)
            self.fit()

    def set_heatmap(self, plane: NDArray[np.uint8] | None, *, outlined: bool = True) -> None:
        """Lays a uint8 [h, w] plane (0 normal … 255 anomalous) over the picture; None: nothing.

        ``outlined`` draws the outline of what counts as anomalous; a plane that is scaled in
        another way than the engine's heatmaps has none.
        """
        self._plane = None if plane is None else np.ascontiguousarray(plane)
        self._outlined = outlined
        self._show_outline()
        image = None if self._plane is None else heatmap_image(self._plane, self._table)
        self._heatmap.show_image(image, self._picture_rect())

    def set_regions(self, regions: tuple[Region, ...]) -> None:
        """Marks regions, given in fractions of the picture."""
        self._boxes = tuple(regions)
        rect = self._picture_rect()
        width, height = rect.width(), rect.height()
        boxes = tuple(
            QRectF(r.x * width, r.y * height, r.width * width, r.height * height)
            for r in self._boxes
        )
        self._regions.show_boxes(boxes, rect)

    def _show_outline(self) -> None:
        rect, plane = self._picture_rect(), self._plane
        self._outline: NDArray[np.float64] = np.empty((0, 4))
        if plane is not None and self._outlined and int(plane.max(initial=0)) > REGION_LEVEL:
            self._outline = outline(plane)
        size = np.array([rect.width(), rect.height()] * 2)
        lines = [QLineF(*ends) for ends in (self._outline * size).tolist()]
        self._regions.show_lines(lines, rect)

    def set_opacity(self, opacity: float) -> None:
        """Opacity of the heatmap, 0 … 1."""
        self._opacity = min(1.0, max(0.0, opacity))
        self._apply_opacity()

    def set_heatmap_visible(self, visible: bool) -> None:
        """Shows or hides heatmap and regions until told otherwise."""
        self._visible = visible
        self._apply_opacity()

    def hold_bare(self, held: bool) -> None:
        """Bare picture while ``held``; for hold-to-hide keys of the page around the canvas."""
        if held != self._held:
            self._held = held
            self._apply_opacity()

    def set_colour_map(self, name: str) -> None:
        """Chooses ``inferno``, ``viridis`` or ``cividis``."""
        self._table = colour_table(name)
        self.set_heatmap(self._plane, outlined=self._outlined)

    def clear(self) -> None:
        """Shows nothing."""
        self._pixels = None
        self._picture.show_image(None, QRectF())
        self.set_heatmap(None)
        self.set_regions(())

    # What is known -------------------------------------------------------------------------

    @property
    def pixels(self) -> NDArray[np.uint8] | None:
        """The pixels shown now."""
        return self._pixels

    @property
    def heatmap(self) -> NDArray[np.uint8] | None:
        """The plane laid over them, also while hidden."""
        return self._plane

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions marked now."""
        return self._boxes

    @property
    def outline(self) -> NDArray[np.float64]:
        """The outlines drawn now: segments x1, y1, x2, y2 in fractions of the picture, [n, 4]."""
        return self._outline

    @property
    def overlay_shown(self) -> bool:
        """False while the overlay is hidden or held away."""
        return self._heatmap.isVisible()

    # Zoom and pan --------------------------------------------------------------------------

    def fit(self) -> None:
        """Shows the whole picture and keeps doing so when the canvas is resized."""
        self._fitted = True
        if self._pixels is not None:
            self.fitInView(self._picture_rect(), Qt.AspectRatioMode.KeepAspectRatio)

    def zoom(self, factor: float) -> None:
        """Zooms by a factor; never smaller than the whole picture."""
        if self._pixels is None:
            return
        rect = self._picture_rect()
        whole = min(
            self.viewport().width() / rect.width(), self.viewport().height() / rect.height()
        )
        scale = self.transform().m11() * factor
        if scale <= whole:
            self.fit()
            return
        self._fitted = False
        factor = min(scale, MAX_SCALE) / self.transform().m11()
        self._picture.smooth = scale < 4.0
        self.scale(factor, factor)

    @property
    def zoomed(self) -> bool:
        """True when the picture is larger than the whole view."""
        return not self._fitted

    # Events --------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120.0
        if steps:
            self.zoom(ZOOM_STEP**steps)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_H and not event.modifiers():
            self.hold_bare(True)
        elif self.zoomed and key in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        ):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_H and not event.isAutoRepeat():
            self.hold_bare(False)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hold_bare(False)
        super().focusOutEvent(event)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The theme's ground for pictures."""
        painter.fillRect(rect, QColor(theme.PICTURE_GROUND))

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """A frame around the canvas while it has the keyboard."""
        if not self.hasFocus():
            return
        painter.save()
        painter.resetTransform()
        painter.setPen(QPen(QColor(theme.FOCUS_ON_PICTURE), 4))
        painter.drawRect(self.viewport().rect())
        painter.restore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def _picture_rect(self) -> QRectF:
        if self._pixels is None:
            return QRectF()
        return QRectF(0, 0, self._pixels.shape[1], self._pixels.shape[0])

    def _apply_opacity(self) -> None:
        shown = self._visible and not self._held
        changed = shown != self._heatmap.isVisible()
        self._heatmap.setOpacity(self._opacity)
        self._heatmap.setVisible(shown)
        self._regions.setVisible(shown)
        if changed:
            self.overlay_visible_changed.emit(shown)
