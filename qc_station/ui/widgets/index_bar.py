"""One figure of the picture as a bar with its baseline and the band in which it is good."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qc_station.ui import theme

TOP = 2.0
"""The right end of the bar, in baselines."""
TRACE = 60
"""Earlier values that leave a mark."""


class IndexBar(QWidget):
    """From 0 to twice the baseline. Thin lines: earlier values; the mark: now. No text."""

    def __init__(
        self, low: float, high: float | None = None, parent: QWidget | None = None
    ) -> None:
        """``low`` and ``high`` bound the good band, as shares of the baseline."""
        super().__init__(parent)
        self._low, self._high = low, high
        self._value: float | None = None
        self._baseline: float | None = None
        self._last: float | None = None
        self._trace: list[float] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def good(self) -> bool:
        """Whether the value lies in the band; also without a value or baseline."""
        if self._value is None or not self._baseline:
            return True
        share = self._value / self._baseline
        return share >= self._low and (self._high is None or share <= self._high)

    def show_value(self, value: float | None, latest: float | None, baseline: float | None) -> None:
        """``value`` is what counts, ``latest`` the last single measurement."""
        if (value, latest, baseline) == (self._value, self._last, self._baseline):
            return
        if latest is not None and latest != self._last:
            self._trace = [*self._trace, latest][-TRACE:]
        self._value, self._last, self._baseline = value, latest, baseline
        self.update()

    def forget(self) -> None:
        """Another camera: its earlier values belong to nobody."""
        self._trace.clear()
        self._last = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(6, 7, self.width() - 12, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.SUNKEN))
        painter.drawRoundedRect(track, 4, 4)
        if not self._baseline:
            return
        end = TOP if self._high is None else self._high
        left, right = self._x(track, self._low), self._x(track, end)
        band = QColor(theme.NEUTRAL_BAR)
        band.setAlpha(120)
        painter.setBrush(band)
        painter.drawRoundedRect(QRectF(left, track.top(), right - left, track.height()), 4, 4)
        painter.setPen(QPen(QColor(theme.BORDER_STRONG), 1))
        for earlier in self._trace:
            x = self._x(track, earlier / self._baseline)
            painter.drawLine(QPointF(x, track.top() + 3), QPointF(x, track.bottom() - 3))
        painter.setPen(QPen(QColor(theme.TEXT), 2, Qt.PenStyle.DotLine))
        x = self._x(track, 1.0)
        painter.drawLine(QPointF(x, track.top() - 6), QPointF(x, track.bottom() + 6))
        if self._value is not None:
            self._mark(painter, track, self._x(track, self._value / self._baseline))

    def _mark(self, painter: QPainter, track: QRectF, x: float) -> None:
        """A dark bar in the band, an amber one with a dark rim outside it."""
        ink = theme.TEXT if self.good else theme.REVIEW_SIGN
        painter.setPen(QPen(QColor(theme.TEXT), 1))
        painter.setBrush(QColor(ink))
        painter.drawRoundedRect(QRectF(x - 4, track.top() - 5, 8, track.height() + 10), 3, 3)

    def _x(self, track: QRectF, share: float) -> float:
        return track.left() + track.width() * max(0.0, min(TOP, share)) / TOP
