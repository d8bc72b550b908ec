"""The picture canvas with painted regions on it: pointer and arrow keys drive the painter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from qc_station.domain.mask_shapes import Box
from qc_station.ui.models.mask_painter import MaskPainter, Tool
from qc_station.ui.widgets.mask_items import MasksItem, ToolItem
from qc_station.ui.widgets.picture_canvas import PictureCanvas

ARROW_SCREEN_PX = 8
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MaskCanvas(PictureCanvas):
    """Without a tool in hand it is a PictureCanvas that also shows the regions.

    With one: the left button paints, the middle one pans, the wheel zooms (with Ctrl: the brush).
    Arrows move the brush (8 px of the screen, with Shift 1 px of the picture), Space puts it down
    and lifts it, or sets a corner, fills, takes the region under the pointer.
    """

    def __init__(self, painter: MaskPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = painter
        self._classes: list[str] = []
        self._masks = MasksItem()
        self._tool = ToolItem()
        for layer, item in enumerate((self._masks, self._tool), start=3):
            item.setZValue(layer)
            self._scene.addItem(item)
        self._at: QPointF | None = None
        self._grabbed: QPoint | None = None
        self._by_key = False
        self._model_shown = False
        self.viewport().setMouseTracking(True)
        painter.touched.connect(self._touched)
        painter.changed.connect(self._changed)
        painter.state_changed.connect(self._show_tool)

    # ---- what is shown --------------------------------------------------------------------

    def set_picture(self, rgb: NDArray[np.uint8]) -> None:
        """Shows pixels without heatmap, brackets or painted regions."""
        super().set_picture(rgb)
        self._masks.show_picture(None)

    def clear(self) -> None:
        """Shows nothing."""
        super().clear()
        self._masks.show_picture(None)

    def show_masks(self, classes: list[str]) -> None:
        """All regions of the painter's part anew; ``classes`` in the order of their digits."""
        self._classes = classes
        annotation = self._painter.annotation
        self._masks.show_picture(annotation.shape if annotation is not None else None)
        if annotation is not None:
            self._masks.outline(annotation, annotation.numbers, classes)
            self._masks.fill(annotation, classes)
        self._show_tool()

    @property
    def mask_plane(self) -> NDArray[np.uint8] | None:
        """Colour indices as drawn, uint8 [H, W]; None without a part."""
        return self._masks.plane

    @property
    def pointer(self) -> QPointF | None:
        """Where the tool is, in picture pixels."""
        return self._at

    def hold_bare(self, held: bool) -> None:
        """Bare picture while ``held``."""
        super().hold_bare(held)
        self._masks.setVisible(not held)

    @Slot(object)
    def _touched(self, box: Box) -> None:
        if self._painter.annotation is not None:
            self._masks.fill(self._painter.annotation, self._classes, box)

    @Slot(object)
    def _changed(self, numbers: list[int]) -> None:
        if self._painter.annotation is not None:
            self._masks.outline(self._painter.annotation, numbers, self._classes)
            self._refill()

    def _refill(self) -> None:
        annotation, tool = self._painter.annotation, self._painter.tool
        if annotation is not None:
            model = self._painter.model_mask() if tool is Tool.MODEL else None
            self._masks.fill(annotation, self._classes, model=model)

    @Slot()
    def _show_tool(self) -> None:
        tool = self._painter.tool
        if tool is None:
            self._at, self._by_key = None, False
        self.setDragMode(
            QGraphicsView.DragMode.ScrollHandDrag if tool is None else QGraphicsView.DragMode.NoDrag
        )
        self.viewport().setCursor(
            Qt.CursorShape.ArrowCursor if tool is None else Qt.CursorShape.BlankCursor
        )
        self._masks.choose(self._painter.chosen if tool is not None else None)
        if tool is Tool.MODEL or self._model_shown:
            self._refill()
        self._model_shown = tool is Tool.MODEL
        self._draw_tool()

    def _draw_tool(self) -> None:
        round_ = self._painter.tool in (Tool.BRUSH, Tool.ERASER)
        self._tool.show_tool(
            self._picture_rect(),
            self._at if self._painter.tool is not None else None,
            float(self._painter.size) if round_ else None,
            self._painter.corners,
        )

    # ---- the pointer ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._painter.tool is None:
            super().mousePressEvent(event)
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._lift()
            self._point(event)
            self._painter.press(self._xy())
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._grabbed = event.position().toPoint()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._painter.tool is None:
            super().mouseMoveEvent(event)
            return
        if self._grabbed is not None:
            here = event.position().toPoint()
            by, self._grabbed = here - self._grabbed, here
            for bar, step in (
                (self.horizontalScrollBar(), by.x()),
                (self.verticalScrollBar(), by.y()),
            ):
                bar.setValue(bar.value() - step)
        elif not (self._by_key and self._painter.stroking):
            self._point(event)
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._painter.move(self._xy())
            self._draw_tool()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._grabbed = None
        if self._painter.tool is None:
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._painter.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Closes the polygon; with a brush, the second of two quick dabs."""
        if self._painter.tool is None:
            super().mouseDoubleClickEvent(event)
        elif self._painter.tool is Tool.POLYGON and event.button() == Qt.MouseButton.LeftButton:
            self._painter.finish()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120.0
        if (
            self._painter.tool is None
            or not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            super().wheelEvent(event)
        elif steps:
            self.step_size(steps)
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        if not self._by_key and not self._painter.stroking:
            self._at = None
            self._draw_tool()
        super().leaveEvent(event)

    def step_size(self, steps: float) -> None:
        """Larger or smaller brush, a fifth for each step and at least a pixel."""
        size = self._painter.size
        self._painter.resize(round(size + steps * max(1.0, size * 0.2)))

    # ---- the keyboard ---------------------------------------------------------------------

    def tool_key(self, event: QKeyEvent) -> bool:
        """Arrows and Space with a tool in hand; False for other keys."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._walk(*_ARROWS[key], fine=fine)
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._put_down()
        else:
            return False
        return True

    def _walk(self, right: int, down: int, *, fine: bool) -> None:
        scale = self.transform().m11() or 1.0
        step = 1.0 if fine else max(1.0, round(ARROW_SCREEN_PX / scale))
        at, rect = self._start(), self._picture_rect()
        self._at = QPointF(
            min(rect.right() - 0.5, max(0.5, at.x() + right * step)),
            min(rect.bottom() - 0.5, max(0.5, at.y() + down * step)),
        )
        self._by_key = True
        if self.zoomed:
            self.ensureVisible(QRectF(self._at, self._at), 60, 60)
        if self._painter.stroking:
            self._painter.move(self._xy())
        self._draw_tool()

    def _put_down(self) -> None:
        self._at, self._by_key = self._start(), True
        if self._painter.stroking:
            self._painter.release()
        else:
            self._painter.press(self._xy())
        self._draw_tool()

    def _start(self) -> QPointF:
        """Where the tool is; it begins in the middle of what is visible."""
        if self._at is not None:
            return self._at
        middle = self.mapToScene(self.viewport().rect().center())
        return QPointF(int(middle.x()) + 0.5, int(middle.y()) + 0.5)

    def _lift(self) -> None:
        """The mouse takes over from the keyboard."""
        self._by_key = False
        self._painter.release()

    def _point(self, event: QMouseEvent) -> None:
        self._at = self.mapToScene(event.position().toPoint())
        self._by_key = False

    def _xy(self) -> tuple[float, float]:
        at = self._start()
        return at.x(), at.y()
