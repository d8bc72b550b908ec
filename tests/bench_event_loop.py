"""Measures how long the window's event loop keeps a click waiting while demo parts are inspected.

Run by ``make bench``, with the Inspect page open and ten triggers a second. Every 5 ms a thread
posts a call to the GUI thread; its latency is what a key or a click would have waited then.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from qc_station.interpreter import keep_constants_alive

keep_constants_alive()

import numpy as np  # noqa: E402
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from qc_station.assembly import Station  # noqa: E402
from qc_station.domain.outcome import PartResult  # noqa: E402
from qc_station.domain.triggers import TriggerMode  # noqa: E402
from qc_station.domain.verdict import Verdict  # noqa: E402
from qc_station.interpreter import settle_memory  # noqa: E402
from qc_station.options import parse_options  # noqa: E402
from qc_station.settings.paths import StationPaths  # noqa: E402
from qc_station.settings.store import SettingsStore  # noqa: E402
from qc_station.window import StationWindow  # noqa: E402

PARTS_A_SECOND = 10
WARM_UP = 40
EVERY_S = 0.005
REST_MS = 5000
WORST = 5
"""So many of the worst moments are named with their time."""


class Knocker(QObject):
    """Posts calls to the GUI thread and notes, in milliseconds, how long each one waited."""

    _knock = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.waited_ms: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="knocker")
        self._knock.connect(self._on_knock, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """Joins the thread."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        while not self._ended.wait(EVERY_S):
            self._knock.emit(time.perf_counter())

    @Slot(float)
    def _on_knock(self, sent: float) -> None:
        self.waited_ms.append((time.perf_counter() - sent) * 1000)


class Line(QObject):
    """Counts the parts; knocks between the first ``WARM_UP`` and the last."""

    def __init__(self, parts: int, knocker: Knocker, application: QApplication) -> None:
        super().__init__()
        self._left = WARM_UP + parts
        self._parts = parts
        self._knocker = knocker
        self._application = application
        self.verdicts: list[Verdict] = []
        self.began = self.ended = 0.0

    @Slot(object)
    def count(self, part: PartResult) -> None:
        """One part more."""
        self._left -= 1
        if self._left < self._parts:
            self.verdicts.append(part.inspection.verdict)
        if self._left == self._parts:
            self.began = time.perf_counter()
            self._knocker.start()
        elif self._left == 0:
            self.ended = time.perf_counter()
            self._application.exit(0)


def measure(home: Path, parts: int) -> int:
    """Inspects in a window and prints the latencies. 1 when the parts did not come."""
    store = SettingsStore(home / "settings.toml")
    store.save(replace(store.load().settings, recipe="cable", trigger_mode=TriggerMode.KEY))
    application = QApplication(sys.argv[:1])
    station = Station(parse_options(["--home", str(home)]), StationPaths(home).ensure())
    window = StationWindow(station, application)
    knocker, rest = Knocker(), Knocker()
    line = Line(parts, knocker, application)
    station.station.part_done.connect(line.count)
    plant = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1000 // PARTS_A_SECOND)
    plant.timeout.connect(station.station.trigger)
    window.show()
    settle_memory()
    QTimer.singleShot(0, station.begin)
    plant.start()
    QTimer.singleShot(1000 * (60 + 10 * parts // PARTS_A_SECOND), lambda: application.exit(1))
    try:
        if application.exec() != 0:
            print("the parts did not come", file=sys.stderr)
            return 1
        plant.stop()
        knocker.stop()
        rest.start()
        QTimer.singleShot(REST_MS, application.quit)
        application.exec()
    finally:
        plant.stop()
        knocker.stop()
        rest.stop()
        station.close()
        window.dispose()
    report(line, knocker.waited_ms, rest.waited_ms)
    return 0


def report(line: Line, waited_ms: list[float], resting_ms: list[float]) -> None:
    """p50, p99 and the worst; and how the parts went, without which the figures mean nothing."""
    p50, p99 = np.percentile(waited_ms, (50, 99))
    rate = len(line.verdicts) / (line.ended - line.began)
    missed = line.verdicts.count(Verdict.NOT_INSPECTED)
    print(
        f"event loop, Inspect page  median {p50:7.1f} ms, p99 {p99:.1f} ms, "
        f"worst {max(waited_ms):.1f} ms of {len(waited_ms)} calls"
    )
    print(f"  meanwhile               {rate:.1f} parts/s, {missed} not inspected")
    print(
        f"  the same, no parts      p99 {np.percentile(resting_ms, 99):.1f} ms, worst "
        f"{max(resting_ms):.1f} ms: what this machine's other work costs"
    )
    print("  worst moments           " + ", ".join(
        f"{wait:.0f} ms" for wait in sorted(waited_ms, reverse=True)[:WORST]
    ))  # fmt: skip


def main() -> int:
    """Makes a demo station unless there is one, then measures in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a demo station that has been taught")
    parser.add_argument("--parts", type=int, default=300)
    options = parser.parse_args()
    if options.home is not None:
        return measure(options.home, options.parts)
    with tempfile.TemporaryDirectory(prefix="qc-bench-") as name:
        home = Path(name) / "home"
        teach = [sys.executable, "-m", "qc_station", "--home", str(home), "--headless"]
        subprocess.run(
            [*teach, "--quit-after", "1"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return measure(home, options.parts)


if __name__ == "__main__":
    sys.exit(main())
