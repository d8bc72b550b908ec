"""One watched thing in the status bar: shape, name and word; colour only when it needs somebody."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from qc_station.ui import theme
from qc_station.ui.widgets.signs import octagon


class Level(Enum):
    """How much attention it needs."""

    UNKNOWN = "unknown"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


class StatusIndicator(QWidget):
    """Ring: unknown; check mark: good; triangle: attention; octagon with cross: fault."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.UNKNOWN
        self._name = ""
        self._word = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def level(self) -> Level:
        """The level shown."""
        return self._level

    @property
    def word(self) -> str:
        """The word shown."""
        return self._word

    def show_status(self, level: Level, name: str, word: str, tooltip: str = "") -> None:
        """Shows a level with its name and word."""
        self._level, self._name, self._word = level, name, word
        self.setToolTip(tooltip or f"{name}: {word}")
        self.setAccessibleName(f"{name}: {word}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        text = metrics.horizontalAdvance(f"{self._name}  {self._word}")
        return QSize(text + 22 + 22, metrics.height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bad = self._level is Level.BAD
        if bad:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.NG_SIGN))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        box = QRectF(8, (self.height() - 13) / 2, 13, 13)
        self._shape(painter, box)
        x = 28
        metrics = QFontMetrics(self.font())
        painter.setPen(QColor(theme.NG_INK if bad else theme.TEXT_MUTED))
        name = QRectF(x, 0, metrics.horizontalAdvance(self._name) + 4, self.height())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, self._name)
        painter.setPen(QColor(theme.NG_INK if bad else theme.TEXT))
        word = QRectF(name.right() + 4, 0, self.width(), self.height())
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, self._word)

    def _shape(self, painter: QPainter, box: QRectF) -> None:
        if self._level is Level.UNKNOWN:
            painter.setPen(QPen(QColor(theme.TEXT_DISABLED), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        elif self._level is Level.GOOD:
            painter.setPen(QPen(QColor(theme.OK_SIGN), 2.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(
                [
                    QPointF(box.left() + 1, box.top() + 7),
                    QPointF(box.left() + 5, box.top() + 11),
                    QPointF(box.right() - 0.5, box.top() + 2.5),
                ]
            )
        elif self._level is Level.WARN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.REVIEW_SIGN))
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(box.center().x(), box.top() - 1),
                        QPointF(box.right() + 1, box.bottom()),
                        QPointF(box.left() - 1, box.bottom()),
                    ]
                )
            )
            painter.setPen(QPen(QColor(theme.REVIEW_INK), 1.7))
            x = box.center().x()
            painter.drawLine(QPointF(x, box.top() + 4.5), QPointF(x, box.top() + 8))
            painter.drawPoint(QPointF(x, box.top() + 10.8))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFFFFF"))
            painter.drawPolygon(octagon(box))
            painter.setPen(QPen(QColor(theme.NG_SIGN), 2))
            inner = box.adjusted(4, 4, -4, -4)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
