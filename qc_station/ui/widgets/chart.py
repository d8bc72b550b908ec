"""One plot on a card, drawn from ChartData. Imports pyqtgraph: load it when it is first needed.

Left and Right walk along the points, Up and Down change the series, Enter or a click opens the
parts behind a point. The chosen point is told in words below the title.
"""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from qc_station.ui import theme
from qc_station.ui.messages import number
from qc_station.ui.models.chart_data import ChartData, Look, Series
from qc_station.ui.widgets.chart_items import alarm_ring, band_item, chosen_ring, series_items

HEIGHT_PX = 264
NEAR_PX = 40
_SIGNS = {"o": "●", "s": "■", "d": "◆", "": "━"}


class _NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """Numbers as the window's language writes them."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        decimals = max(0, -math.floor(math.log10(spacing))) if spacing > 0 else 0
        return [number(value * scale, decimals) for value in values]


class _Plot(pg.PlotWidget):  # type: ignore[misc]
    """Neither zooms nor drags; the wheel is left to the page, which scrolls."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            axisItems={"left": _NumberAxis("left"), "right": _NumberAxis("right")},
            enableMenu=False,
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        for side in ("left", "bottom", "right"):
            axis = self.getAxis(side)
            axis.enableAutoSIPrefix(False)
        self.getAxis("left").setGrid(40)
        self.getViewBox().setDefaultPadding(0.02)
        self.follow_look()

    def follow_look(self) -> None:
        """Ground, axes and letters of the theme in use."""
        self.setBackground(theme.SURFACE)
        for side in ("left", "bottom", "right"):
            axis = self.getAxis(side)
            axis.setPen(theme.BORDER_STRONG)
            axis.setTextPen(theme.TEXT_MUTED)
            axis.setStyle(
                tickFont=theme.large_font(theme.px(12)), tickLength=4,
                hideOverlappingLabels=side == "bottom",
            )  # fmt: skip

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Chart(QFrame):
    """``opened`` carries the HistoryFilter of the parts behind a point."""

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"chart_{name}")
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._look = theme.look()
        self.setMinimumHeight(theme.px(HEIGHT_PX))
        self._data = ChartData("", "")
        self._series = self._index = -1
        self._items: list[pg.GraphicsObject] = []
        self._chosen = chosen_ring()
        self._title, self._legend, self._words = QLabel(self), QLabel(self), QLabel(self)
        self._title.setProperty("letters", "strong")
        self._legend.setProperty("letters", "small")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._words.setProperty("role", "muted")
        self._words.setProperty("letters", "small")
        self._words.setMinimumWidth(1)  # a long text must not widen the column
        self._legend.setWordWrap(True)
        self._legend.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._plot = _Plot(self)
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._plot)
        self._stack.addWidget(self._empty)
        self._lay_out()
        self._plot.scene().sigMouseClicked.connect(self._on_click)
        self._plot.scene().sigMouseMoved.connect(self._on_move)

    # ---- for others -----------------------------------------------------------------------

    @property
    def data(self) -> ChartData:
        """What is shown."""
        return self._data

    @property
    def words(self) -> str:
        """The chosen point in words, or the plot's note."""
        return self._words.text()

    def show_data(self, data: ChartData) -> None:
        """Draws other data; the chosen point stays chosen where the same place still exists."""
        place = self._place()
        self._data = data
        self._title.setText(data.title)
        self._legend.setText(self._legend_text())
        self.setAccessibleName(data.spoken)
        self._empty.setText(data.empty)
        self._stack.setCurrentWidget(self._empty if data.empty else self._plot)
        self._draw()
        self._series, self._index = self._found(place)
        self._tell()

    def place_of(self, series: int, index: int) -> QPointF | None:
        """Where a point is drawn, in the plot widget's coordinates; None for a gap."""
        value = self._data.series[series].points[index].value
        if value is None:
            return None
        at = self._plot.getViewBox().mapViewToScene(QPointF(self._middle(index), value))
        return QPointF(self._plot.mapFromScene(at))

    @property
    def plot(self) -> QWidget:
        """The drawing area."""
        viewport: QWidget = self._plot.viewport()
        return viewport

    def changeEvent(self, event: QEvent) -> None:
        """Follows theme and size of letters; the page brings the series in other colours."""
        super().changeEvent(event)
        if hasattr(self, "_plot") and self._look != theme.look():
            self._look = theme.look()
            self.setMinimumHeight(theme.px(HEIGHT_PX))
            self._chosen.setPen(pg.mkPen(theme.TEXT, width=2))
            self._plot.follow_look()
            self._draw()

    # ---- keyboard and mouse ---------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walks along the points and opens the chosen one."""
        key = event.key()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in steps:
            self._step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._index = -1 if key == Qt.Key.Key_Home else len(self._data.starts)
            self._step(1 if key == Qt.Key.Key_Home else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._change_series(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Somebody who comes by keyboard begins at the newest point."""
        super().focusInEvent(event)
        if self._index < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._index = len(self._data.starts)
            self._step(-1)

    def leaveEvent(self, event: QEvent) -> None:
        """The words are those of the chosen point again."""
        super().leaveEvent(event)
        self._tell()

    def _step(self, by: int) -> None:
        known = self._selectable()
        if not known:
            return
        series = self._series if self._series in known else known[0]
        points = self._data.series[series].points
        index = self._index + by
        while 0 <= index < len(points) and points[index].value is None:
            index += by
        if 0 <= index < len(points):
            self._series, self._index = series, index
            self._tell()

    def _change_series(self, by: int) -> None:
        known = self._selectable()
        if not known or self._series not in known:
            self._step(1)
            return
        at = (known.index(self._series) + by) % len(known)
        if self._data.series[known[at]].points[self._index].value is not None:
            self._series = known[at]
            self._tell()

    def _open(self) -> None:
        if self._series >= 0 and self._index >= 0:
            parts = self._data.series[self._series].points[self._index].parts
            if parts is not None:
                self.opened.emit(parts)

    def _on_click(self, event: object) -> None:
        found = self._near(event.scenePos())  # type: ignore[attr-defined]
        if found is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._series, self._index = found
            self._tell()
            self._open()

    def _on_move(self, scene: QPointF) -> None:
        found = self._near(scene)
        point = self._data.series[found[0]].points[found[1]] if found else None
        pointing = point is not None and point.parts is not None
        shape = Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor
        self._plot.viewport().setCursor(shape)
        if point is not None:
            self._words.setText(point.words)
        else:
            self._tell()

    def _near(self, scene: QPointF) -> tuple[int, int] | None:
        """Series and index of the point nearest to a place, if one is near."""
        box = self._plot.getViewBox()
        if self._data.empty or not box.sceneBoundingRect().contains(scene):
            return None
        best: tuple[float, int, int] | None = None
        inside = box.mapSceneToView(scene)
        for series in self._selectable():
            bar = self._data.series[series].look is Look.BAR
            for index, point in enumerate(self._data.series[series].points):
                if point.value is None:
                    continue
                at = box.mapViewToScene(QPointF(self._middle(index), point.value))
                within = self._data.starts[index] <= inside.x() < self._data.ends[index]
                away = math.hypot(at.x() - scene.x(), at.y() - scene.y())
                if bar and within and 0 <= inside.y() <= point.value:
                    away = min(away, NEAR_PX / 2)
                if away <= NEAR_PX and (best is None or away < best[0]):
                    best = (away, series, index)
        return best[1:] if best else None

    # ---- drawing --------------------------------------------------------------------------

    def _draw(self) -> None:
        data, plot = self._data, self._plot
        for item in self._items:
            plot.removeItem(item)
        self._items = []
        if data.empty:
            return
        plot.setLabel("left", data.y_title, color=theme.TEXT_MUTED)
        plot.setLabel("bottom", data.x_title, color=theme.TEXT_MUTED)
        lines = max((label.count("\n") + 1 for _x, label in data.ticks), default=1)
        plot.getAxis("bottom").setHeight((16 if data.x_title else 4) + 8 + theme.px(15) * lines)
        plot.getAxis("bottom").setTicks([list(data.ticks)])
        plot.showAxis("right", bool(data.right_ticks))
        plot.getAxis("right").setTicks([list(data.right_ticks)])
        plot.getAxis("right").setLabel(data.right_title, color=theme.TEXT_MUTED)
        self._items += [band_item(data, band) for band in data.bands]
        bars = [series for series in data.series if series.look is Look.BAR]
        for series in data.series:
            place = bars.index(series) if series in bars else 0
            self._items += series_items(data, series, place, len(bars))
            self._items += [alarm_ring(data, series)] if series.alarms else []
        self._items.append(self._chosen)
        for item in self._items:
            plot.addItem(item)
        self._scale()

    def _scale(self) -> None:
        data = self._data
        values = [p.value for s in data.series for p in s.points if p.value is not None]
        values += [v for band in data.bands for v in (*band.low, *band.high) if v is not None]
        low = data.low if data.low is not None else min(values)
        high = data.high if data.high is not None else max(values)
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        bottom = low - room * (0.05 if data.low is not None else 1.0)  # room for the lowest label
        edges = (min(data.starts), max(data.ends))
        self._plot.setXRange(*edges, padding=0.02)
        self._plot.setYRange(bottom, high + room, padding=0)

    def _middle(self, index: int) -> float:
        return (self._data.starts[index] + self._data.ends[index]) / 2

    def _selectable(self) -> list[int]:
        return [i for i, series in enumerate(self._data.series) if series.selectable]

    def _place(self) -> tuple[int, float]:
        return (self._series, self._middle(self._index)) if self._index >= 0 else (-1, 0.0)

    def _found(self, place: tuple[int, float]) -> tuple[int, int]:
        """The chosen bucket in new data: its series, and the index that covers its middle."""
        series, middle = place
        if series not in self._selectable():
            return -1, -1
        for index, (start, end) in enumerate(zip(self._data.starts, self._data.ends, strict=True)):
            if start <= middle < end and self._data.series[series].points[index].value is not None:
                return series, index
        return -1, -1

    def _tell(self) -> None:
        """Words and ring of the chosen point."""
        chosen = self._data.series[self._series] if self._index >= 0 else None
        point = chosen.points[self._index] if chosen else None
        if point is None or point.value is None:
            self._words.setText(self._data.note)
            self._chosen.setData([], [])
            self.setAccessibleDescription(self._data.note)
            return
        self._words.setText(point.words)
        self._chosen.setData([self._middle(self._index)], [point.value])
        self.setAccessibleDescription(point.words)

    def _legend_text(self) -> str:
        def entry(colour: str, sign: str, name: str) -> str:
            return f'<span style="color:{colour}">{sign}</span>&nbsp;{name}'

        names = [
            entry(series.colour, _legend_sign(series), series.name)
            for series in self._data.series
            if series.name and len(self._data.series) > 1
        ]
        names += [entry(band.colour, "■", band.name) for band in self._data.bands]
        return " &nbsp; ".join(names)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._legend, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._words)
        layout.addWidget(self._stack, 1)

    def sizeHint(self) -> QSize:
        return QSize(540, theme.px(HEIGHT_PX))


def _legend_sign(series: Series) -> str:
    if series.look is Look.BAR:
        return "■"
    if series.look is Look.DASHED_STEP:
        return "╌╌"
    return "━" if series.look is Look.STEP else _SIGNS[series.mark]
