"""What is wrong with camera, engine, disk or database, for a page without a status bar.

Shows only what needs somebody; takes no room while everything is well.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from qc_station.services.health import HealthLevel, HealthReport
from qc_station.ui import theme
from qc_station.ui.state_messages import health_name, health_tooltip, health_word
from qc_station.ui.widgets.status_indicator import Level, StatusIndicator

LEVELS = {
    HealthLevel.OK: Level.GOOD,
    HealthLevel.WARN: Level.WARN,
    HealthLevel.FAIL: Level.BAD,
}
WATCHED = ("camera", "engine", "disk", "database")


class TroubleRow(QWidget):
    """One sign and word for each watched thing that is not well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trouble")
        self._report: HealthReport | None = None
        self._wanted = False
        self.indicators: dict[str, StatusIndicator] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for name in WATCHED:
            indicator = StatusIndicator(self)
            indicator.setObjectName(f"trouble_{name}")
            indicator.setFont(theme.large_font(theme.px(17), bold=True))
            indicator.hide()
            layout.addWidget(indicator)
            self.indicators[name] = indicator
        layout.addStretch(1)
        self.hide()

    def set_wanted(self, wanted: bool) -> None:
        """Whether there is no status bar that says the same."""
        self._wanted = wanted
        self._show()

    def show_health(self, report: HealthReport) -> None:
        """Takes over a report."""
        self._report = report
        self._show()

    def _show(self) -> None:
        items = self._report.items if self._report is not None else ()
        troubled = False
        for item in items:
            bad = item.level is not HealthLevel.OK
            indicator = self.indicators[item.name]
            indicator.setVisible(bad)
            indicator.show_status(
                LEVELS[item.level], health_name(item.name), health_word(item), health_tooltip(item)
            )
            troubled = troubled or bad
        self.setVisible(self._wanted and troubled)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)
