"""Line icons from resources/icons, drawn in the colour and size that is asked for."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from qc_station.ui import theme

_SIZES = (16, 20, 24, 32, 48, 64)


@cache
def _source(name: str) -> str:
    file = resources.files("resources").joinpath("icons", f"{name}.svg")
    return file.read_text(encoding="utf-8")


def pixmap(name: str, size: int, colour: str = theme.TEXT) -> QPixmap:
    """``size`` × ``size`` device pixels of an icon; its ``currentColor`` becomes ``colour``."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    result = QPixmap(QSize(size, size))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


def icon(name: str, colour: str = theme.TEXT) -> QIcon:
    """The icon in all usual sizes, with a paler disabled state."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, size, colour))
        result.addPixmap(pixmap(name, size, theme.TEXT_DISABLED), QIcon.Mode.Disabled)
    return result
