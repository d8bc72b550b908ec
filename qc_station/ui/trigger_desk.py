"""Ties triggers to the main window: scanner, foot switch, TCP, what is said of them. No SQL."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot

from qc_station.domain.triggers import ScannerMode
from qc_station.services.scans import Scan, ScanService
from qc_station.services.station import StationService
from qc_station.services.tcp_trigger import TcpStatus, TcpTrigger
from qc_station.settings.schema import Settings
from qc_station.ui.main_window import MainWindow
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.trigger_words import scan_sentence, tcp_sentence, tcp_word
from qc_station.ui.widgets.status_indicator import Level, StatusIndicator


class TriggerDesk(QObject):
    """Shows what the line asked for, on the Inspect page and in the status bar."""

    def __init__(
        self,
        window: MainWindow,
        page: InspectPage,
        station: StationService,
        scans: ScanService,
        tcp: TcpTrigger,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._station = station
        self._scans = scans
        self._tcp = tcp
        self.indicator = StatusIndicator(window)
        self.indicator.setObjectName("status_tcp")
        window.statusBar().insertPermanentWidget(0, self.indicator)
        page.line_keys.scanned.connect(scans.take)
        page.next_serial.clicked.connect(self._forget_serial)
        station.next_serial_changed.connect(page.next_serial.show_serial)
        scans.taken.connect(self._on_scan)
        tcp.changed.connect(self._on_tcp)
        window.installEventFilter(self)
        self._show_tcp(tcp.status)

    @Slot(object)
    def apply(self, settings: Settings) -> None:
        """Listens to keys as the settings say."""
        self._page.set_foot_switch(settings.foot_trigger, settings.foot_pause)
        self._page.line_keys.scanner = settings.scanner_mode is not ScannerMode.OFF

    @Slot()
    def _forget_serial(self) -> None:
        self._station.set_next_serial("")
        self._page.setFocus()  # the button is gone, and the page must hear the next scan

    @Slot(object)
    def _on_scan(self, scan: Scan) -> None:
        self._page.say(scan_sentence(scan))

    @Slot(object)
    def _on_tcp(self, status: TcpStatus) -> None:
        self._show_tcp(status)
        if status.fault is not None:
            self._page.say(tcp_sentence(status))

    def _show_tcp(self, status: TcpStatus) -> None:
        self.indicator.setVisible(status.wanted)
        level = Level.GOOD if status.fault is None else Level.BAD
        words = self.tr("TCP trigger"), tcp_word(status), tcp_sentence(status)
        self.indicator.show_status(level, *words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange and watched is self._window:
            self._show_tcp(self._tcp.status)
        return bool(super().eventFilter(watched, event))
