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
    return _drawn(_renderer(name, colour), size)


def icon(name: str, colour: str = theme.TEXT) -> QIcon:
    """The icon in all usual sizes, with a paler disabled state."""
    result = QIcon()
    enabled, disabled = _renderer(name, colour), _renderer(name, theme.TEXT_DISABLED)
    for size in _SIZES:
        result.addPixmap(_drawn(enabled, size))
        result.addPixmap(_drawn(disabled, size), QIcon.Mode.Disabled)
    return result


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


def _drawn(renderer: QSvgRenderer, size: int) -> QPixmap:
    result = QPixmap(QSize(size, size))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result
