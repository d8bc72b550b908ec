"""The station without a window: progress on stderr, one JSON line on stdout at the end."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QObject, Signal, Slot

from qc_station.domain.outcome import PartResult
from qc_station.domain.state import StationState
from qc_station.domain.verdict import Verdict
from qc_station.services.patience import Patience
from qc_station.services.startup import StartupService
from qc_station.services.station import StationService

SAY_EVERY_S = 2.0
FAILED, GAVE_UP, CANCELLED = 2, 3, 130


class ConsoleReporter(QObject):
    """Tells a script what a person would see, and when to go on."""

    ended = Signal(int)  # exit status

    def __init__(
        self, station: StationService, startup: StartupService, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._station = station
        self._began = time.monotonic()
        self._said = 0.0
        self._stage = ""
        self._parts = {verdict: 0 for verdict in Verdict}
        self._patience = Patience(station, startup, self)
        self._patience.lost.connect(self._on_lost)
        startup.progress.connect(self._on_progress)
        startup.failed.connect(self._on_failed)
        station.state_changed.connect(self._on_state)
        station.part_done.connect(self._on_part)
        station.finished.connect(self._on_finished)

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the console

    @Slot(str, int, int, float)
    def _on_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._said < SAY_EVERY_S:
            return
        self._stage, self._said = stage, now
        share = f" {done}/{total}" if total else ""
        left = f", {seconds_left:.0f} s left" if seconds_left >= 0 else ""
        self._say(f"{stage}{share}{left}")

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        self._say(sentence)
        self.ended.emit(CANCELLED if code == "cancelled" else FAILED)

    @Slot(object, str)
    def _on_state(self, state: StationState, reason: str) -> None:
        self._say(f"{state.value}: {reason}" if reason else state.value)

    @Slot(object)
    def _on_part(self, result: PartResult) -> None:
        inspection = result.inspection
        self._parts[inspection.verdict] += 1
        score = "" if inspection.score is None else f" {inspection.score:.3f}"
        where = f" {inspection.source}" if inspection.source else ""
        name = f" {inspection.class_name}" if inspection.class_name else ""
        self._say(f"{inspection.part_number} {inspection.verdict.value}{score}{name}{where}")

    @Slot()
    def _on_finished(self) -> None:
        model = self._station.loaded_model
        summary = {
            "parts": sum(self._parts.values()),
            **{verdict.value.lower(): count for verdict, count in self._parts.items()},
            "model_id": model.model_id if model else None,
            "seconds": round(time.monotonic() - self._began, 3),
        }
        print(json.dumps(summary), flush=True)  # noqa: T201 - the answer to the script
        self.ended.emit(0)

    @Slot(str)
    def _on_lost(self, sentence: str) -> None:
        self._say(sentence)
        self.ended.emit(GAVE_UP)
