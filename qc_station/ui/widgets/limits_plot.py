"""Histogram of reviewed scores with two limits that can be moved. Imports pyqtgraph: load it when
it is first needed. Emits where the limits were moved to; what that means is others' business.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qc_station.domain.thresholds import LimitPair
from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.messages import count, number
from qc_station.ui.models.limits_view import Histogram, Mark, count_ticks, height
from qc_station.ui.widgets.limit_handle import HEIGHT_PX, LimitHandle


class _ScoreAxis(pg.AxisItem):  # type: ignore[misc]
    """Scores as the window's language writes them."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        decimals = max(0, -int(np.floor(np.log10(spacing)))) if spacing > 0 else 0
        return [number(value * scale, decimals) for value in values]


class LimitsPlot(QWidget):
    """``moved`` carries a verdict (OK or NG) and where its limit is wanted, within the range."""

    moved = Signal(object, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("limits_plot")
        self._data: Histogram | None = None
        self._pair: LimitPair | None = None
        self._logarithmic = False
        self._items: list[pg.GraphicsObject] = []
        self._strip = QWidget(self)
        self._strip.setFixedHeight(HEIGHT_PX)
        self.handles = {
            verdict: LimitHandle(verdict, self._strip) for verdict in (Verdict.OK, Verdict.NG)
        }
        self._plot = self._make_plot()
        self.lines = {Verdict.OK: self._line(Verdict.OK), Verdict.NG: self._line(Verdict.NG)}
        for verdict, handle in self.handles.items():
            handle.stepped.connect(lambda steps, which=verdict: self._on_step(which, steps))
            handle.dragged.connect(lambda x, which=verdict: self._on_drag(which, x))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._strip)
        layout.addWidget(self._plot, 1)
        self._plot.getViewBox().sigResized.connect(self._place)
        QWidget.setTabOrder(self.handles[Verdict.OK], self.handles[Verdict.NG])

    # ---- for others -----------------------------------------------------------------------

    def show_data(self, data: Histogram, marks: list[Mark], axis: str, counts: str) -> None:
        """Draws bars and marks; ``axis`` and ``counts`` are the names of the axes."""
        self._data = data
        for item in self._items:
            self._plot.removeItem(item)
        self._items = [*self._bars(data), *(self._mark(mark) for mark in marks)]
        for item in self._items:
            self._plot.addItem(item)
        most = int(max(data.good.max(), data.defective.max(), 1))
        ticks = count_ticks(most, self._logarithmic)
        top = float(height(np.array([most]), self._logarithmic)[0])
        left = self._plot.getAxis("left")
        left.setTicks([[(place, count(value)) for place, value in ticks]])
        left.setLabel(counts, color=theme.TEXT_MUTED)
        self._plot.getAxis("bottom").setLabel(axis, color=theme.TEXT_MUTED)
        self._plot.setXRange(data.low, data.high, padding=0.0)
        self._plot.setYRange(0.0, top * 1.08, padding=0.0)
        self._place()

    def show_limits(self, pair: LimitPair, names: dict[Verdict, tuple[str, str]]) -> None:
        """Puts the lines and their handles; ``names`` are (spoken name, sign) of each."""
        self._pair = pair
        decimals = self._data.decimals if self._data is not None else 2
        for verdict, value in ((Verdict.OK, pair.ok), (Verdict.NG, pair.ng)):
            self.lines[verdict].setValue(value)
            self.handles[verdict].say(*names[verdict], value, decimals)
        self._place()

    def set_logarithmic(self, on: bool) -> None:
        """The scale of the counts from the next ``show_data`` on."""
        self._logarithmic = on

    def place_of(self, score: float) -> float:
        """Where a score lies, in pixels from the left edge."""
        scene = self._plot.getViewBox().mapViewToScene(QPointF(score, 0.0))
        return float(self._plot.mapToParent(self._plot.mapFromScene(scene)).x())

    @property
    def canvas(self) -> QWidget:
        """The drawing area."""
        viewport: QWidget = self._plot.viewport()
        return viewport

    # ---- moving ---------------------------------------------------------------------------

    def _on_step(self, verdict: Verdict, steps: float) -> None:
        if self._data is not None and self._pair is not None:
            now = self._pair.ok if verdict is Verdict.OK else self._pair.ng
            self._want(verdict, now + steps * self._data.step)

    def _on_drag(self, verdict: Verdict, x: float) -> None:
        place = self._plot.mapFromParent(QPointF(x, 0.0)).toPoint()
        self._want(
            verdict, self._plot.getViewBox().mapSceneToView(self._plot.mapToScene(place)).x()
        )

    def _want(self, verdict: Verdict, value: float) -> None:
        """Neither past the other limit nor out of sight."""
        if self._data is None or self._pair is None:
            return
        pair, data = self._pair, self._data
        low, high = (data.low, pair.ng) if verdict is Verdict.OK else (pair.ok, data.high)
        self.moved.emit(verdict, min(max(float(value), low), high))

    # ---- drawing --------------------------------------------------------------------------

    def _make_plot(self) -> pg.PlotWidget:
        plot = pg.PlotWidget(
            self, background=theme.SURFACE, enableMenu=False,
            axisItems={"bottom": _ScoreAxis("bottom")},
        )  # fmt: skip
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setPen(theme.BORDER_STRONG)
            axis.setTextPen(theme.TEXT_MUTED)
            axis.setStyle(tickFont=theme.large_font(12), tickLength=4)
        plot.getAxis("left").setWidth(56)
        return plot

    def _line(self, verdict: Verdict) -> pg.InfiniteLine:
        colour = theme.VERDICT_COLOURS[verdict].sign
        style = Qt.PenStyle.SolidLine if verdict is Verdict.OK else Qt.PenStyle.DashLine
        line = pg.InfiniteLine(
            angle=90, movable=True, pen=pg.mkPen(colour, width=2.5, style=style),
            hoverPen=pg.mkPen(theme.FOCUS, width=3.5, style=style),
        )  # fmt: skip
        line.setZValue(20)
        line.setCursor(Qt.CursorShape.SizeHorCursor)
        line.sigDragged.connect(lambda moved, which=verdict: self._on_line(which, moved.value()))
        self._plot.addItem(line)
        return line

    def _on_line(self, verdict: Verdict, value: float) -> None:
        self._want(verdict, value)
        if self._pair is not None:  # where the limit may not go, its line does not go either
            kept = self._pair.ok if verdict is Verdict.OK else self._pair.ng
            self.lines[verdict].setValue(kept)

    def _bars(self, data: Histogram) -> list[pg.GraphicsObject]:
        width = float(data.edges[1] - data.edges[0])
        middle = (data.edges[:-1] + data.edges[1:]) / 2
        hatched = QBrush(QColor(theme.NG_SIGN), Qt.BrushStyle.BDiagPattern)
        looks = (
            (data.good, -0.22, pg.mkBrush(theme.OK_SIGN), pg.mkPen(theme.OK_SIGN)),
            (data.defective, 0.22, hatched, pg.mkPen(theme.NG_SIGN, width=1.4)),
        )
        return [
            pg.BarGraphItem(
                x=middle[counts > 0] + shift * width,
                height=height(counts[counts > 0], self._logarithmic),
                width=0.42 * width, brush=brush, pen=pen,
            )
            for counts, shift, brush, pen in looks
        ]  # fmt: skip

    def _mark(self, mark: Mark) -> pg.InfiniteLine:
        style = Qt.PenStyle.DashDotLine if mark.given else Qt.PenStyle.DotLine
        colour = theme.FOCUS if mark.given else theme.TEXT_MUTED
        line = pg.InfiniteLine(mark.score, pen=pg.mkPen(colour, width=1.6, style=style))
        line.setZValue(5)
        return line

    def _place(self) -> None:
        if self._pair is None:
            return
        for verdict, value in ((Verdict.OK, self._pair.ok), (Verdict.NG, self._pair.ng)):
            self.handles[verdict].place(self.place_of(value))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()
