"""Turns ChartData into pyqtgraph's items. Knows no page."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from qc_station.ui import theme
from qc_station.ui.models.chart_data import Band, ChartData, Look, Series

Values = NDArray[np.float64]
BAR_SHARE = 0.86
"""How much of a bucket its bars fill."""


def series_items(data: ChartData, series: Series, place: int, bars: int) -> list[pg.GraphicsObject]:
    """What a series is drawn with; ``place`` of ``bars`` rows of bars stand side by side."""
    values = _floats([point.value for point in series.points])
    starts, ends = np.array(data.starts), np.array(data.ends)
    if series.look is Look.BAR:
        return [_bars(series, values, starts, ends, place, bars)]
    if series.look is not Look.LINE:
        style = Qt.PenStyle.DashLine if series.look is Look.DASHED_STEP else Qt.PenStyle.SolidLine
        pen = pg.mkPen(series.colour, width=1.4, style=style)
        edges = np.column_stack([starts, ends]).ravel()
        return [pg.PlotCurveItem(edges, np.repeat(values, 2), pen=pen, connect="finite")]
    pen = pg.mkPen(series.colour, width=1.8)
    middles = (starts + ends) / 2
    items = [pg.PlotCurveItem(middles, values, pen=pen, connect="finite", antialias=True)]
    if series.mark:
        known = np.isfinite(values)
        items.append(
            pg.ScatterPlotItem(
                middles[known], values[known], symbol=series.mark, size=7,
                pen=pg.mkPen(None), brush=series.colour,
            )
        )  # fmt: skip
    return items


def _bars(
    series: Series, values: Values, starts: Values, ends: Values, place: int, bars: int
) -> pg.BarGraphItem:
    known = np.isfinite(values)
    width = (ends - starts) * BAR_SHARE / bars
    middle = (starts + ends) / 2 + width * (place - (bars - 1) / 2)
    return pg.BarGraphItem(
        x=middle[known], height=values[known], width=width[known],
        brush=series.colour, pen=pg.mkPen(None),
    )  # fmt: skip


def band_item(data: ChartData, band: Band) -> pg.GraphicsObject:
    """An area, level over each bucket; nothing where a bucket has no value."""
    low, high = _floats(band.low), _floats(band.high)
    known = np.isfinite(low) & np.isfinite(high)
    starts, ends = np.array(data.starts), np.array(data.ends)
    return pg.BarGraphItem(
        x0=starts[known], x1=ends[known], y0=low[known], y1=high[known],
        brush=band.colour, pen=pg.mkPen(None),
    )  # fmt: skip


def alarm_ring(data: ChartData, series: Series) -> pg.ScatterPlotItem:
    """Rings around the points that ask for attention."""
    places = sorted(series.alarms)
    middles = (np.array(data.starts) + np.array(data.ends)) / 2
    values = _floats([series.points[index].value for index in places])
    return pg.ScatterPlotItem(
        middles[places], values, symbol="o", size=16, brush=None,
        pen=pg.mkPen(theme.NG_SIGN, width=2.5),
    )  # fmt: skip


def chosen_ring() -> pg.ScatterPlotItem:
    """Marks the chosen point."""
    ring = pg.ScatterPlotItem(
        symbol="s", size=17, brush=None, pen=pg.mkPen(theme.TEXT, width=2), pxMode=True
    )
    ring.setZValue(10)
    return ring


def _floats(values: list[float | None] | tuple[float | None, ...]) -> Values:
    return np.array([np.nan if value is None else value for value in values], np.float64)
