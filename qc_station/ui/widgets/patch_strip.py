"""A part's patch beside the good ones it is nearest to, enlarged. Knows no engine and no queue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.domain.explanation import Explanation, GoodPatch
from qc_station.ui import messages
from qc_station.ui.widgets.picture_canvas import qimage_from_rgb

TILE_PX = 168
NEIGHBOURS = 3
_DECIMALS = 3  # of a distance


class PatchTile(QWidget):
    """One enlarged patch with what it is below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.picture = QLabel(self)
        self.picture.setFixedSize(TILE_PX, TILE_PX)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setWordWrap(True)
        self.picture.setProperty("role", "muted")
        self.title = QLabel(self)
        self.source = QLabel(self)
        self.source.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for label in (self.picture, self.title, self.source):
            layout.addWidget(label)
        self.setFixedWidth(TILE_PX)

    def show_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Uint8 RGB [h, w, 3], or nothing."""
        if pixels is None:
            self.picture.setPixmap(QPixmap())
            return
        pixmap = QPixmap.fromImage(qimage_from_rgb(pixels))
        smooth = Qt.TransformationMode.SmoothTransformation
        keep = Qt.AspectRatioMode.KeepAspectRatio
        self.picture.setPixmap(pixmap.scaled(TILE_PX, TILE_PX, keep, smooth))

    def say(self, title: str, source: str, instead: str, name: str) -> None:
        """The lines below; ``instead`` stands where there is no picture, ``name`` is for those who
        do not see it."""
        if self.picture.pixmap().isNull():
            self.picture.setText(instead)
        self.title.setText(title)
        metrics = self.source.fontMetrics()
        self.source.setText(metrics.elidedText(source, Qt.TextElideMode.ElideLeft, TILE_PX))
        self.source.setToolTip(source)
        self.picture.setAccessibleName(name)


class PatchStrip(QFrame):
    """Four tiles in a row: the part's patch, then the nearest good ones. Hidden without any."""

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

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
