"""A real station with its real window in a temporary home; only line and engine do not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from model_support import write_bundle
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QTabWidget
from pytestqt.qtbot import QtBot
from store_support import make_part

from qc_station.assembly import Station
from qc_station.domain.frame import Frame
from qc_station.domain.golden import GoldenSample, GoldenSet
from qc_station.domain.verdict import Label, Verdict
from qc_station.options import Options
from qc_station.services.image_store import ImageStore
from qc_station.settings.paths import StationPaths
from qc_station.ui.actions import PAGES
from qc_station.ui.main_window import MainWindow
from qc_station.window import StationWindow

SIZE = (1280, 800)
MODELS = (
    "patch_memory-20261122T215800Z-ab12cd34", "patch_memory-20261123T080000Z-0099ffee",
)  # fmt: skip
LIMITS = {"ok": 2.0, "ng": 3.0, "method": "good", "ok_rate": 0.05, "ng_rate": 0.005}
VERDICTS = (Verdict.OK, Verdict.NG, Verdict.REVIEW, Verdict.NOT_INSPECTED)


def settle() -> None:
    """Until no layout asks for another round."""
    for _ in range(5):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


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

    def add_product(self, name: str = "bottle") -> None:
        """A product with two model versions, an older recipe revision, reviewed parts, a sample."""
        station = self.station
        station.recipes.create(name, station.capture.address)
        station.recipes.set_current(name)
        station.recipes.revise(name, "The foreman wants every NG part looked at", stop_after_ng=3)
        for version in MODELS:
            path = write_bundle(
                station.paths.models, version, product=name, changes={"limits": LIMITS}
            )
            station.library.register(path, recipe=name)
        station.library.put_in_use(MODELS[1], "test")
        for number in range(1, 41):
            moment = datetime.now(UTC) - timedelta(minutes=200 - number)
            score = 0.6 + number * 0.08
            verdict = Verdict.OK if score <= 2.0 else Verdict.NG if score > 3.0 else Verdict.REVIEW
            part = make_part(
                1000 + number, verdict=verdict, score=score, recipe=name, model_id=MODELS[1],
                captured_at=moment, decided_at=moment,
            )  # fmt: skip
            station.verdict_log.record(part, None, None)
            assert station.verdict_log.flush()
            label = Label.GOOD if number < 25 else Label.DEFECT
            station.review.answer(
                part.inspection_id, label, "scratch" if label is Label.DEFECT else None, "ann"
            )
        path, digest = ImageStore(station.paths.images).write_golden(
            np.full((40, 60, 3), 150, np.uint8)
        )
        sample = GoldenSample("G1", Verdict.OK, 0.2, 0.8, MODELS[1], path, digest)
        station.recipes.revise(name, "A sample", golden=GoldenSet((sample,)))

    def views(self, qtbot: QtBot) -> Iterator[str]:
        """Shows every page, and each tab of one that has tabs; its name once nothing is read."""
        for page in PAGES:
            self.window.show_page(page)
            tabs = self.window.pages[page].findChildren(QTabWidget)
            for index in range(tabs[0].count() if tabs else 1):
                if tabs:
                    tabs[0].setCurrentIndex(index)
                qtbot.waitUntil(lambda page=page: not self._reading(page), timeout=30_000)
                settle()
                yield f"{page} {index}"

    def _reading(self, page: str) -> bool:
        shown = self.shown
        if page == "statistics":
            return shown.statistics.busy or not shown.statistics.charts
        return page == "limits" and shown.thresholds.busy

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
