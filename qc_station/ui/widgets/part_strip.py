"""Strip of the last parts with the live tile in front; looking back never stops the line.

Keeps the last results with their pixels within a byte budget; older ones are in History.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from qc_station.domain.outcome import PartResult
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.ui import theme
from qc_station.ui.messages import class_title
from qc_station.ui.override_words import verdict_line
from qc_station.ui.widgets.picture_canvas import qimage_from_rgb
from qc_station.ui.widgets.signs import paint_sign

TILE = QSize(92, 84)
"""Of letters at 100 %."""
LINE_PX = 22
GAP = 5
KEEP = 16
BUDGET_BYTES = 160 * 1024 * 1024


def thumbnail(pixels: NDArray[np.uint8], side: int = 160) -> QImage:
    """A small copy of a picture; skips pixels instead of averaging, cheap enough for live use."""
    step = max(1, min(pixels.shape[0], pixels.shape[1]) // side)
    return qimage_from_rgb(np.ascontiguousarray(pixels[::step, ::step])).copy()


class PartStrip(QWidget):
    """``selected`` carries a PartResult, or None for the live tile. Newest part is leftmost."""

    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[PartResult, QImage]] = []
        self._live: QImage | None = None
        self._chosen: PartResult | None = None
        self.setObjectName("part_strip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tile = TILE
        self._grow()
        self.setMouseTracking(True)
        self.retranslate()

    @property
    def parts(self) -> list[PartResult]:
        """The kept parts, newest first."""
        return [part for part, _ in self._parts]

    @property
    def chosen(self) -> PartResult | None:
        """The part looked back at; None while live."""
        return self._chosen

    def add(self, part: PartResult) -> None:
        """Puts a new part in front; what is looked back at stays chosen."""
        self._parts.insert(0, (part, thumbnail(part.frame.pixels)))
        total = 0
        for index, (kept, _) in enumerate(self._parts):
            total += kept.frame.pixels.nbytes
            if index and (index >= KEEP or total > BUDGET_BYTES):
                del self._parts[index:]
                break
        self.update()

    def show_live(self, pixels: NDArray[np.uint8] | None) -> None:
        """The newest camera picture for the live tile."""
        self._live = None if pixels is None else thumbnail(pixels)
        self.update(self._tile_rect(0).toAlignedRect())

    def replace(self, inspection: Inspection) -> PartResult | None:
        """Takes over what was decided about a kept part; the part as it is now."""
        for index, (part, image) in enumerate(self._parts):
            if part.inspection.inspection_id == inspection.inspection_id:
                renewed = replace(part, inspection=inspection)
                self._parts[index] = (renewed, image)
                if part is self._chosen:
                    self._chosen = renewed
                self.update()
                return renewed
        chosen = self._chosen  # it may have left the strip since
        if chosen is not None and chosen.inspection.inspection_id == inspection.inspection_id:
            self._chosen = replace(chosen, inspection=inspection)
        return None

    def choose(self, part: PartResult | None) -> None:
        """Looks back at a part, or goes back to live with None."""
        if part is self._chosen:
            return
        self._chosen = part
        self.update()
        self.selected.emit(part)

    def step(self, older: int) -> None:
        """Moves the choice: +1 one part older, -1 one newer; newer than the newest is live."""
        parts = self.parts
        position = next((i for i, part in enumerate(parts) if part is self._chosen), -1)
        if self._chosen is not None and position < 0:
            position = len(parts) - 1  # it has left the strip since
        target = position + older
        if not parts or target < 0:
            self.choose(None)
        else:
            self.choose(parts[min(target, len(parts) - 1, self._room() - 1)])

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setAccessibleName(self.tr("Last parts"))
        self.setAccessibleDescription(
            self.tr("Arrow keys look back at earlier parts, Escape returns to live.")
        )
        self.update()

    # Events --------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._grow()
        super().changeEvent(event)

    def _grow(self) -> None:
        """Tiles as large as the letters ask for."""
        self._tile = QSize(theme.px(TILE.width()), theme.px(TILE.height()))
        self.setFixedHeight(self._tile.height() + 8)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self.step(+1)
        elif event.key() == Qt.Key.Key_Left:
            self.step(-1)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_Escape):
            self.choose(None)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().x())
        if index == 0:
            self.choose(None)
        elif index is not None:
            self.choose(self._parts[index - 1][0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().x())
        if index:
            inspection = self._parts[index - 1][0].inspection
            text = self.tr("Part {number}: {verdict}").format(
                number=inspection.part_number, verdict=verdict_line(inspection)
            )
            if inspection.verdict is Verdict.NG and inspection.class_name:
                text = f"{text} – {class_title(inspection.class_name)}"
            QToolTip.showText(event.globalPosition().toPoint(), text, self)
        else:
            QToolTip.hideText()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = QRectF(event.rect())  # mostly the live tile alone
        live = self._tile_rect(0)
        if live.intersects(wanted):
            self._paint_tile(painter, live, self._live, self._chosen is None)
            self._paint_live_word(painter, live)
        for index, (part, image) in enumerate(self._parts[: self._room()]):
            rect = self._tile_rect(index + 1)
            if not rect.intersects(wanted):
                continue
            self._paint_tile(painter, rect, image, part is self._chosen)
            self._paint_part(painter, rect, part)

    def _paint_tile(
        self, painter: QPainter, rect: QRectF, image: QImage | None, chosen: bool
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.RAISED if chosen else theme.SURFACE))
        painter.drawRoundedRect(rect, 6, 6)
        picture = rect.adjusted(4, 4, -4, -theme.px(LINE_PX) - 2)
        painter.fillRect(picture, QColor(theme.PICTURE_GROUND))
        if image is not None:
            scale = min(picture.width() / image.width(), picture.height() / image.height())
            target = QRectF(0, 0, image.width() * scale, image.height() * scale)
            target.moveCenter(picture.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        focused = chosen and self.hasFocus()
        edge = theme.FOCUS if focused else theme.TEXT if chosen else theme.BORDER
        painter.setPen(QPen(QColor(edge), 3 if chosen else 1))
        painter.drawRoundedRect(rect, 6, 6)

    def _paint_live_word(self, painter: QPainter, rect: QRectF) -> None:
        height = theme.px(LINE_PX)
        line = QRectF(rect.left(), rect.bottom() - height - 1, rect.width(), height)
        painter.setFont(theme.large_font(theme.px(12), bold=True))
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self.tr("LIVE"))

    def _paint_part(self, painter: QPainter, rect: QRectF, part: PartResult) -> None:
        height, side = theme.px(LINE_PX), theme.px(17)
        sign = QRectF(rect.left() + 8, rect.bottom() - side - 4, side, side)
        paint_sign(painter, sign, part.inspection.verdict)
        painter.setPen(QColor(theme.TEXT))
        painter.setFont(theme.large_font(theme.px(13)))
        line = QRectF(
            sign.right() + 5, rect.bottom() - height - 1, rect.right() - sign.right() - 9, height
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, str(part.inspection.part_number))
        override = part.inspection.override
        if override is not None:  # behind the machine's sign and the number, on its own ground
            box = QRectF(rect.right() - 25, rect.bottom() - 24, 22, 22)
            painter.setPen(QPen(QColor(theme.FOCUS), 2))
            painter.setBrush(QColor(theme.RAISED))
            painter.drawRoundedRect(box, 4, 4)
            paint_sign(painter, box.adjusted(4, 4, -4, -4), override.verdict)

    def _tile_rect(self, index: int) -> QRectF:
        x = 2 + index * (self._tile.width() + GAP) + (GAP if index else 0)
        return QRectF(x, 4, self._tile.width(), self._tile.height())

    def _room(self) -> int:
        """How many parts fit beside the live tile."""
        tile = self._tile.width()
        return max(1, (self.width() - tile - 2 * GAP) // (tile + GAP))

    def _index_at(self, x: float) -> int | None:
        for index in range(min(len(self._parts), self._room()) + 1):
            rect = self._tile_rect(index)
            if rect.left() <= x <= rect.right():
                return index
        return None
