"""Verdict signs as vector shapes: told apart by form alone. Knows verdicts and a painter."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.palettes import Palette


def square_in(rect: QRectF) -> QRectF:
    """The largest centred square."""
    side = min(rect.width(), rect.height())
    return QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)


def octagon(rect: QRectF) -> QPolygonF:
    """A stop-sign octagon inside a square."""
    radius = rect.width() / 2 / math.cos(math.pi / 8)
    centre = rect.center()
    return QPolygonF(
        [
            centre
            + QPointF(
                radius * math.cos(math.pi / 8 + k * math.pi / 4),
                radius * math.sin(math.pi / 8 + k * math.pi / 4),
            )
            for k in range(8)
        ]
    )


def diamond(rect: QRectF) -> QPolygonF:
    """A square on its corner."""
    c = rect.center()
    return QPolygonF(
        [
            QPointF(c.x(), rect.top()),
            QPointF(rect.right(), c.y()),
            QPointF(c.x(), rect.bottom()),
            QPointF(rect.left(), c.y()),
        ]
    )


def fitted_path(text: str, rect: QRectF, squeeze: float = 0.5) -> QPainterPath:
    """``text`` as outlines whose capitals are exactly as high as ``rect``, centred in it.

    Words that are too wide are narrowed down to ``squeeze`` of their width; only below that does
    their height give way.
    """
    font = QFont(theme.large_font(200, bold=True))
    font.setWeight(QFont.Weight.Bold)
    font.setStretch(QFont.Stretch.SemiCondensed)
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, text)
    capital = QPainterPath()
    capital.addText(QPointF(0, 0), font, "E")
    bounds, cap = path.boundingRect(), capital.boundingRect()
    if bounds.isEmpty() or cap.isEmpty():
        return QPainterPath()
    vertical = rect.height() / cap.height()
    horizontal = min(vertical, rect.width() / bounds.width())
    if horizontal < vertical * squeeze:
        vertical = horizontal / squeeze
    outline = QTransform.fromScale(horizontal, vertical).map(path)
    moved = outline.boundingRect()
    cap_height = cap.height() * vertical
    outline.translate(
        rect.center().x() - moved.center().x(),
        rect.center().y() + cap_height / 2 - cap.bottom() * vertical,
    )
    return outline


def paint_sign(
    painter: QPainter,
    rect: QRectF,
    verdict: Verdict,
    body: str | None = None,
    mark: str | None = None,
    palette: Palette | None = None,
) -> None:
    """Paints the sign of ``verdict`` into the largest square of ``rect``.

    ``body`` colours the shape, ``mark`` what is inside it; both have the defaults of ``palette``,
    which is the theme's unless the ground is paper.
    """
    box = square_in(rect)
    side = box.width()
    palette = palette or theme.palette_in_use()
    colours = theme.verdict_colours(palette)[verdict]
    body = body or colours.sign
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if verdict is Verdict.OK:
        _stroke(
            painter,
            body,
            side * 0.17,
            [(0.12, 0.54), (0.40, 0.82), (0.90, 0.20)],
            box,
        )
    elif verdict is Verdict.NG:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(body))
        painter.drawPolygon(octagon(box))
        colour = mark or "#FFFFFF"
        _stroke(painter, colour, side * 0.13, [(0.30, 0.30), (0.70, 0.70)], box)
        _stroke(painter, colour, side * 0.13, [(0.70, 0.30), (0.30, 0.70)], box)
    elif verdict is Verdict.REVIEW:
        painter.setPen(Qt.PenStyle.NoPen)
        if body == palette.review_sign:  # pale grounds need an edge
            painter.setPen(QPen(QColor(palette.review_line), max(1.0, side * 0.05)))
        painter.setBrush(QColor(body))
        painter.drawPolygon(diamond(box))
        painter.setPen(Qt.PenStyle.NoPen)
        inner = QRectF(0, 0, side * 0.4, side * 0.44)
        inner.moveCenter(box.center())
        painter.setBrush(QColor(mark or colours.ink))
        painter.drawPath(fitted_path("?", inner))
    else:
        frame = box.adjusted(side * 0.06, side * 0.06, -side * 0.06, -side * 0.06)
        clip = QPainterPath()
        clip.addRoundedRect(frame, side * 0.12, side * 0.12)
        painter.setClipPath(clip)
        theme.paint_hatch(painter, frame, max(4.0, side * 0.2), palette)
        painter.setClipping(False)
        pen = QPen(QColor(body), max(1.2, side * 0.07))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(clip)
        _stroke(painter, mark or body, side * 0.15, [(0.30, 0.50), (0.70, 0.50)], box)
    painter.restore()


def _stroke(
    painter: QPainter,
    colour: str,
    width: float,
    points: list[tuple[float, float]],
    box: QRectF,
) -> None:
    pen = QPen(QColor(colour), max(1.5, width))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points]
    )
