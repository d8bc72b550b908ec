"""The verdict's sign as a small icon for tables and buttons. Knows verdicts and their signs."""

from __future__ import annotations

from functools import cache, partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from qc_station.domain.verdict import Verdict
from qc_station.ui import icons, theme
from qc_station.ui.widgets.signs import paint_sign

_PIXELS = 40


def verdict_icon(verdict: Verdict) -> QIcon:
    """The sign at a size that stays sharp on dense screens, in the theme's colours."""
    return _made(verdict, theme.VERDICT_COLOURS[verdict].sign)


@cache
def _made(verdict: Verdict, _colour: str) -> QIcon:
    pixmap = QPixmap(_PIXELS, _PIXELS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_sign(painter, QRectF(3, 3, _PIXELS - 6, _PIXELS - 6), verdict)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icons.followed(icon, partial(verdict_icon, verdict))
