"""A real station with its real window in a temporary home; only line and engine do not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication
from store_support import make_part

from qc_station.assembly import Station
from qc_station.domain.frame import Frame
from qc_station.domain.verdict import Verdict
from qc_station.options import Options
from qc_station.settings.paths import StationPaths
from qc_station.ui.main_window import MainWindow
from qc_station.window import StationWindow

SIZE = (1280, 800)
VERDICTS = (Verdict.OK, Verdict.NG, Verdict.REVIEW, Verdict.NOT_INSPECTED)


class WholeWindow:
    """Station, what ties it to its window, and the window."""

    def __init__(self, home: Path, application: QApplication, **settings: object) -> None:
        self.station = Station(Options(language="en"), StationPaths(home).ensure())
        self.station.settings = replace(self.station.settings, **settings)  # type: ignore[arg-type]
        self.shown = StationWindow(self.station, application)
        self.window: MainWindow = self.shown.window
        self.window.resize(*SIZE)
        self.shown.show()
        QApplication.processEvents()

    def add_parts(self, count: int) -> None:
        """Writes parts of every verdict down, with pictures."""
        for number in range(1, count + 1):
            moment = datetime.now(UTC) - timedelta(minutes=count - number)
            verdict = VERDICTS[number % 4]
            part = make_part(
                number, verdict=verdict, captured_at=moment, decided_at=moment,
                class_name="scratch" if verdict is Verdict.NG else None,
            )  # fmt: skip
            pixels = np.full((24, 32, 3), number % 256, np.uint8)
            frame = Frame(number, pixels, moment, 0.0, "fake:")
            self.station.verdict_log.record(part, frame, np.full((8, 8), number, np.uint8))
        assert self.station.verdict_log.flush()

    def close(self) -> None:
        """Joins every thread and takes the window down."""
        self.station.close()
        self.shown.dispose()


@contextmanager
def whole_window(
    home: Path, application: QApplication, **settings: object
) -> Iterator[WholeWindow]:
    """A window for the time of a with statement."""
    made = WholeWindow(home, application, **settings)
    try:
        yield made
    finally:
        made.close()
