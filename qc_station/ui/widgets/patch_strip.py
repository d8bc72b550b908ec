"""A part's patch beside the good ones it is nearest to, enlarged. Knows no engine and no queue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.domain.explanation import Explanation, GoodPatch
from qc_station.ui import messages
from qc_station.ui.widgets.picture_canvas import qimage_from_rgb

TILE_PX, SMALLEST_PX = 168, 76
NEIGHBOURS = 3
_DECIMALS = 3  # of a distance


class PatchTile(QWidget):
    """One enlarged patch with what it is below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._source = ""
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setWordWrap(True)
        self.picture.setProperty("role", "muted")
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        self.source = QLabel(self)
        self.source.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for label in (self.picture, self.title, self.source):
            layout.addWidget(label)
        self.set_edge(TILE_PX)

    def show_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Uint8 RGB [h, w, 3], or nothing."""
        self._pixmap = QPixmap()
        if pixels is not None:
            self._pixmap = QPixmap.fromImage(qimage_from_rgb(pixels))
        self.picture.setPixmap(self._pixmap)
        self._fit()

    def set_edge(self, edge: int) -> None:
        """How large the picture is, in pixels."""
        self.setFixedWidth(edge)
        self.picture.setFixedSize(edge, edge)
        self._fit()

    def _fit(self) -> None:
        edge = self.picture.width()
        if not self._pixmap.isNull():
            smooth = Qt.TransformationMode.SmoothTransformation
            keep = Qt.AspectRatioMode.KeepAspectRatio
            self.picture.setPixmap(self._pixmap.scaled(edge, edge, keep, smooth))
        metrics = self.source.fontMetrics()
        self.source.setText(metrics.elidedText(self._source, Qt.TextElideMode.ElideLeft, edge))

    def say(self, title: str, source: str, instead: str, name: str) -> None:
        """The lines below; ``instead`` stands where there is no picture, ``name`` is for those who
        do not see it."""
        if self._pixmap.isNull():
            self.picture.setText(instead)
        self.title.setText(title)
        self.title.setToolTip(title)
        self._source = source
        self.source.setToolTip(source)
        self._fit()
        self.picture.setAccessibleName(name)


class PatchStrip(QFrame):
    """Four tiles in a row: the part's patch, then the nearest good ones. Hidden without any. In a
    narrow window the tiles are smaller."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review_patches")
        self.setProperty("role", "card")
        self._good: tuple[GoodPatch, ...] = ()
        self._tiles = [PatchTile(self) for _ in range(1 + NEIGHBOURS)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 8)
        layout.setSpacing(12)
        for tile in self._tiles:
            layout.addWidget(tile)
        layout.addStretch(1)
        self._layout = layout
        self.setMinimumWidth(self._around() + len(self._tiles) * SMALLEST_PX)
        self.hide()

    @property
    def tiles(self) -> list[PatchTile]:
        """Those that are in use."""
        return [tile for tile in self._tiles if not tile.isHidden()]

    def show_patches(self, given: Explanation | None) -> None:
        """The patches of an explanation; nothing for one that has none."""
        if given is None or given.patch is None:
            self._good = ()
            self.hide()
            return
        self._good = given.nearest[:NEIGHBOURS]
        pictures = [given.patch, *(good.pixels for good in self._good)]
        for place, tile in enumerate(self._tiles):
            tile.setVisible(place < len(pictures))
            tile.show_pixels(pictures[place] if place < len(pictures) else None)
        self.retranslate()
        self.show()

    def retranslate(self) -> None:
        """Every text in the current language."""
        part = self.tr("This part")
        self._tiles[0].say(part, "", "", self.tr("Enlarged patch of this part"))
        for number, (tile, good) in enumerate(
            zip(self._tiles[1:], self._good, strict=False), start=1
        ):
            far = messages.number(good.distance, _DECIMALS)
            source = good.name or self.tr("Picture not known")
            tile.say(
                self.tr("Good, distance {}").format(far),
                source,
                self.tr("No picture is kept of this patch."),
                self.tr("Good patch {number}: distance {distance}, from {source}").format(
                    number=number, distance=far, source=source
                ),
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As large as there is room for."""
        super().resizeEvent(event)
        edge = (self.width() - self._around()) // len(self._tiles)
        for tile in self._tiles:
            tile.set_edge(min(TILE_PX, max(SMALLEST_PX, edge)))

    def _around(self) -> int:
        """Pixels of the width that are not the tiles'."""
        margins = self._layout.contentsMargins()
        gaps = len(self._tiles) * self._layout.spacing()  # one before the stretch
        return margins.left() + margins.right() + gaps + 2 * self.frameWidth()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
