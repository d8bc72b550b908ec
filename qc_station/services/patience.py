"""Ends a run that nobody watches when it cannot inspect for long. Knows no window, no console."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from qc_station.domain.state import StateReason, StationState
from qc_station.services.startup import StartupService
from qc_station.services.station import StationService

GIVE_UP_S = 60
"""A run for a script ends when it has not been able to inspect for so long."""


class Patience(QObject):
    """``lost`` comes once the station was NOT_INSPECTING, and not being prepared, for 60 s."""

    lost = Signal(str)  # one sentence

    def __init__(
        self, station: StationService, startup: StartupService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._startup = startup
        self._timer = QTimer(self, singleShot=True, interval=GIVE_UP_S * 1000)
        self._timer.timeout.connect(self._on_timeout)
        station.state_changed.connect(self._watch)
        startup.working.connect(self._watch)

    @Slot()
    def _watch(self) -> None:
        """Patience is for faults; rendering and teaching take the time they take."""
        stuck = self._station.state is StationState.NOT_INSPECTING and not self._startup.busy
        if not stuck:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        reason = self._station.state_reason
        error = self._station.camera_status.error
        if reason is StateReason.CAMERA_FAULT and error is not None:
            why = str(error).rstrip(".")
        else:
            why = reason.value.replace("_", " ")
        self.lost.emit(f"The station has not been able to inspect for {GIVE_UP_S} s: {why}.")
