"""Line icons from resources/icons, drawn in the colour and size that is asked for.

An icon is known by its cache key, so that ``refresh`` can give every button and action the same
icon in the colours of another palette.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu
from shiboken6 import isValid

from qc_station.ui.palettes import LIGHT, Palette

_SIZES = (16, 20, 24, 32, 48, 64)
_makers: dict[int, Callable[[], QIcon]] = {}
_palette: list[Palette] = [LIGHT]


@cache
def _source(name: str) -> str:
    file = resources.files("resources").joinpath("icons", f"{name}.svg")
    return file.read_text(encoding="utf-8")


def use(palette: Palette) -> None:
    """Icons asked for from now on have the colours of this palette."""
    _palette[0] = palette


def refresh() -> None:
    """Gives every button and action its icon again, in the colours of the palette in use."""
    owners: list[QAction | QAbstractButton] = []
    for widget in QApplication.allWidgets():
        owners.extend(widget.actions())
        if isinstance(widget, QMenu):
            owners.append(widget.menuAction())
        if isinstance(widget, QAbstractButton):
            owners.append(widget)
    for owner in owners:
        if isValid(owner):  # Qt makes and drops actions of its own, such as a field's clear button
            make = _makers.get(owner.icon().cacheKey())
            if make is not None:
                owner.setIcon(make())


def followed(result: QIcon, make: Callable[[], QIcon]) -> QIcon:
    """Remembers how to make this icon again in other colours."""
    _makers[result.cacheKey()] = make
    return result


def pixmap(name: str, size: int, colour: str = "") -> QPixmap:
    """``size`` × ``size`` device pixels of an icon; its ``currentColor`` becomes ``colour``."""
    colour = colour or _palette[0].text
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    result = QPixmap(QSize(size, size))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


def icon(name: str, role: str = "text") -> QIcon:
    """The icon in all usual sizes in a role's colour, with a paler disabled state."""
    return _icon(name, role, _palette[0])


@cache
def _icon(name: str, role: str, palette: Palette) -> QIcon:
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, size, getattr(palette, role)))
        result.addPixmap(pixmap(name, size, palette.text_disabled), QIcon.Mode.Disabled)
    return followed(result, partial(icon, name, role))
