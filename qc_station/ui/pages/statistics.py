"""Statistics page: figures and plots of any time range and product. Never changes anything.

pyqtgraph is loaded when the page is first shown (see plot_loader); figures are there before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.production_report import ProductionReport
from qc_station.services.system_use import SystemSample
from qc_station.ui import production_charts as production
from qc_station.ui import quality_charts as quality
from qc_station.ui import theme
from qc_station.ui.messages import error_sentence
from qc_station.ui.models.chart_data import ChartData
from qc_station.ui.models.report_loader import Loaded, ReportLoader, StatisticsLike
from qc_station.ui.plot_loader import PlotLoader
from qc_station.ui.statistics_figures import NAMES, figures
from qc_station.ui.system_chart import system
from qc_station.ui.time_words import span
from qc_station.ui.widgets.figure_tile import FigureTile
from qc_station.ui.widgets.range_bar import RangeBar

if TYPE_CHECKING:
    from qc_station.ui.widgets.chart import Chart

REFRESH_MS = 5000
REST_FACTOR = 10
"""A refresh waits this many times as long as the last one took: a long log is left alone."""
WIDE_PX = 1700
NARROW_PX = 1010
"""Of letters at 100 %: below it plots stand below each other, figures in two rows."""
MACHINE = "system"
PLOTS: dict[str, Callable[[ProductionReport], ChartData]] = {
    "throughput": production.throughput,
    "yield": production.yield_over_time,
    "rates": production.rates,
    "laney": production.laney,
    "pareto": quality.pareto,
    "answers": quality.answers,
    "scores": quality.scores,
    "latency": quality.latency,
}


class MonitorLike(Protocol):
    """The part of SystemMonitor that is used here."""

    @property
    def sampled(self) -> SignalInstance: ...
    @property
    def samples(self) -> Sequence[SystemSample]: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class StatisticsPage(QWidget):
    """Range and product on top, figures below, plots underneath. ``parts_wanted`` carries the
    HistoryFilter of the parts behind a figure.
    """

    parts_wanted = Signal(object)

    def __init__(
        self,
        service: StatisticsLike,
        monitor: MonitorLike,
        changes: Sequence[SignalInstance] = (),
        shift_starts: Sequence[str] = ("06:00", "14:00", "22:00"),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QWidget | None = None,
    ) -> None:
        """``changes`` are signals after which the figures may be others."""
        super().__init__(parent)
        self.setObjectName("statistics_page")
        self._monitor = monitor
        self._report: ProductionReport | None = None
        self._charts: dict[str, Chart] = {}
        self._problem = ""
        self._stale = False
        self._loader = ReportLoader(service, self)
        self._plots = PlotLoader(self)
        self._range = RangeBar(shift_starts, clock, self)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._to_draw: list[str] = []
        self._drawing = QTimer(self)
        self._drawing.setInterval(0)
        self._drawing.timeout.connect(self._draw_next)
        self._build()
        self._refresh.timeout.connect(self._on_refresh)
        self._range.changed.connect(self.ask)
        self._loader.loaded.connect(self._on_loaded)
        self._plots.ready.connect(self._show_report)
        monitor.sampled.connect(self._show_system)
        for signal in changes:
            signal.connect(self._on_change)
        self.retranslate()

    # ---- for others -----------------------------------------------------------------------

    @property
    def report(self) -> ProductionReport | None:
        """What is shown; None before the first."""
        return self._report

    @property
    def charts(self) -> dict[str, Chart]:
        """The plots by name; those that were drawn at least once."""
        return self._charts

    @property
    def busy(self) -> bool:
        """Whether figures or plots are on their way."""
        return self._loader.busy or bool(self._to_draw)

    @Slot()
    def ask(self) -> None:
        """Reads the figures of the chosen range anew; what was under way is overtaken."""
        self._stale = False
        self._refresh.stop()
        self._loader.ask(*self._range.range(), self._range.recipe)
        self._show_state()

    def close_workers(self) -> None:
        """Joins the worker thread; for the end of the program."""
        self._refresh.stop()
        self._plots.stop()
        self._drawing.stop()
        self._monitor.stop()
        self._loader.close()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._range.retranslate()
        self._scroll.setAccessibleName(self.tr("Plots"))
        self._hint.setText(
            self.tr(
                "Tab: next plot · ← → point · ↑ ↓ series · Enter or click: its parts in History"
            )
        )
        self._show_report()
        self._show_system()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a switch of language or theme."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange and hasattr(self, "_tiles"):
            self._place_charts()
            self._place_tiles()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "_tiles"):
            self._show_report()  # colours are part of the series
            self._show_system()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Figures are read and the machine is watched only while somebody looks."""
        super().showEvent(event)
        self._place_tiles()
        self._plots.start()
        self._monitor.start()
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for the figures any more."""
        super().hideEvent(event)
        self._monitor.stop()
        self._refresh.stop()
        self._loader.drop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three plots side by side on a wide screen, two or one on others."""
        super().resizeEvent(event)
        self._place_charts()
        self._place_tiles()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self._state = QLabel(self)
        self._state.setObjectName("statistics_state")
        self._state.setProperty("role", "muted")
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._tiles = {name: FigureTile(name, self) for name in NAMES}
        top, foot = QHBoxLayout(), QHBoxLayout()
        self._tile_grid = tiles = QGridLayout()
        top.addWidget(self._range)
        top.addStretch(1)
        top.addWidget(self._state)
        tiles.setSpacing(8)
        self._place_tiles()
        foot.addWidget(self._hint)
        self._inside = QWidget(self)
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setSpacing(8)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)  # setWidget switches it on
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(tiles)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)

    def _chart(self, name: str) -> Chart:
        """The plot of that name, made when it is first needed: pyqtgraph has been loaded then."""
        if name not in self._charts:
            from qc_station.ui.widgets.chart import Chart

            chart = Chart(name, self._inside)
            chart.opened.connect(self.parts_wanted)
            self._charts[name] = chart
            self._place_charts()
            chart.show()  # at once: until it is visible, the page has no height to scroll
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        return self._charts[name]

    def _place_charts(self) -> None:
        width = self._room()
        columns = 3 if width >= theme.px(WIDE_PX) else 2 if width >= theme.px(NARROW_PX) else 1
        for index, (name, chart) in enumerate(self._charts.items()):
            row, column = divmod(index, columns)
            wide = columns - column if name == MACHINE else 1
            self._grid.addWidget(chart, row, column, 1, wide)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _room(self) -> int:
        """Width in pixels of what is seen; a page that scrolls is wider than that."""
        outside = self.parentWidget()
        return min(self.width(), outside.width()) if outside is not None else self.width()

    def _place_tiles(self) -> None:
        """One row of figures, or two where the letters are large."""
        columns = len(self._tiles) if self._room() >= theme.px(NARROW_PX) else 4
        for index, tile in enumerate(self._tiles.values()):
            self._tile_grid.addWidget(tile, *divmod(index, columns))
        for column in range(len(self._tiles)):
            self._tile_grid.setColumnStretch(column, 1 if column < columns else 0)

    # ---- what happens ---------------------------------------------------------------------

    @Slot()
    @Slot(object)
    def _on_change(self, _what: object = None) -> None:
        """New parts or answers; asked for once in a while."""
        self._stale = True
        if self.isVisible() and self._range.open_ended and not self._refresh.isActive():
            self._refresh.start()

    @Slot()
    def _on_refresh(self) -> None:
        if self._stale and self.isVisible() and not self._loader.busy:
            self.ask()

    @Slot(object)
    def _on_loaded(self, answer: Loaded) -> None:
        self._problem = error_sentence(answer.code, answer.problem) if answer.problem else ""
        if answer.report is not None:
            self._report = answer.report
            self._range.set_recipes(answer.recipes)
            self._show_report()
        self._show_state()
        self._refresh.setInterval(max(REFRESH_MS, round(REST_FACTOR * 1000 * answer.seconds)))
        if self._stale:
            self._on_change()

    @Slot()
    def _show_report(self) -> None:
        if self._report is None:
            for tile in self._tiles.values():
                tile.say("", "–", "", "")
            return
        for name, figure in figures(self._report).items():
            self._tiles[name].say(figure.name, figure.value, figure.note, figure.explanation)
        self._to_draw = list(PLOTS if MACHINE in self._charts else (*PLOTS, MACHINE))
        if self._plots.loaded:
            self._drawing.start()

    @Slot()
    def _draw_next(self) -> None:
        """One plot at a time: between two of them the station's other work goes on."""
        if not self._to_draw or self._report is None:
            self._drawing.stop()
            return
        name = self._to_draw.pop(0)
        if name == MACHINE:
            self._chart(name)
            self._show_system()
        else:
            self._chart(name).show_data(PLOTS[name](self._report))

    @Slot()
    def _show_system(self) -> None:
        if MACHINE in self._charts:
            self._charts[MACHINE].show_data(system(self._monitor.samples))

    def _show_state(self) -> None:
        if self._problem:
            text = self.tr("The figures could not be read: {}").format(self._problem)
        elif self._loader.busy and self._report is None:
            text = self.tr("Reading …")
        elif self._report is not None and not self._report.counts.total:
            text = self.tr("No parts in this range")
        elif self._report is not None:
            text = span(self._report.start, self._report.end)
        else:
            text = ""
        self._state.setText(text)
