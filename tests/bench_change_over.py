"""Measures a change-over: from the choice of a product to the first answer of its model.

Run by ``make bench``. Two products with small models of the same kind, changed to and fro.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qc_station.interpreter import keep_constants_alive

keep_constants_alive()

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer  # noqa: E402

from qc_station.assembly import Station  # noqa: E402
from qc_station.domain.outcome import PartResult  # noqa: E402
from qc_station.domain.verdict import Verdict  # noqa: E402
from qc_station.options import Options  # noqa: E402
from qc_station.settings.paths import StationPaths  # noqa: E402

CHANGES = 8
PRODUCTS = ("one", "two")
LIMIT_MS = 120_000


def say(text: str) -> None:
    """One line of the result."""
    print(text, flush=True)


def prepare(folder: Path) -> None:
    """Pictures and a taught model for each product."""
    for seed, product in enumerate(PRODUCTS):
        for arguments in (
            ["render-cables", "--out", folder / product, "--size", "256", "--train-good", "16",
             "--test-good", "4", "--defects", "0", "--seed", seed],
            ["teach", "--data", folder / product, "--out", folder / f"{product}-bundle",
             "--product", product],
        ):  # fmt: skip
            command = [sys.executable, "-m", "engine", *map(str, arguments), "--progress", "none"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class ChangeOvers:
    """Changes over again and again and notes the times in milliseconds."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._began_s = 0.0
        self.loaded_ms: list[float] = []
        self.answered_ms: list[float] = []
        self._loop = QEventLoop()
        station.changed_over.connect(self._on_loaded)
        station.station.part_done.connect(self._on_part)

    def wait(self) -> None:
        """Until the first verdict of the product that was chosen."""
        alarm = QTimer(singleShot=True)
        alarm.timeout.connect(lambda: self._loop.exit(1))
        alarm.start(LIMIT_MS)
        if self._loop.exec() != 0:
            raise SystemExit("no verdict in time")

    def change_to(self, product: str) -> None:
        """One change-over."""
        self._began_s = time.perf_counter()
        self._station.recipes.choose(product)
        self.wait()

    def _on_loaded(self, _product: str, seconds: float) -> None:
        self.loaded_ms.append(seconds * 1000)

    def _on_part(self, result: PartResult) -> None:
        part = result.inspection
        if part.recipe != self._station.recipes.current:
            return
        if part.verdict is not Verdict.NOT_INSPECTED and self._loop.isRunning():
            self.answered_ms.append((time.perf_counter() - self._began_s) * 1000)
            self._loop.quit()


def main() -> int:
    """Prepares two products, runs a station over both."""
    with tempfile.TemporaryDirectory(prefix="qc-bench-") as name:
        folder = Path(name)
        prepare(folder)
        application = QCoreApplication(sys.argv[:1])
        camera = f"folder:{folder / PRODUCTS[0] / 'test'}?loop=1"
        station = Station(Options(camera=camera), StationPaths(folder / "home").ensure())
        for product in PRODUCTS:
            station.recipes.create(product, f"folder:{folder / product / 'test'}?loop=1")
            station.recipes.revise(product, "no pause between parts", interval_ms=0)
            version = station.library.register(folder / f"{product}-bundle", recipe=product)
            station.library.put_in_use(version.model_id, "bench")
        station.supervisor.start()
        station.station.start()
        runs = ChangeOvers(station)
        runs.change_to(PRODUCTS[0])  # starts the engine: not counted
        runs.loaded_ms.clear()
        runs.answered_ms.clear()
        for index in range(CHANGES):
            runs.change_to(PRODUCTS[(index + 1) % 2])
        station.close()
        del application
    for text, times in (
        ("until the model is loaded", runs.loaded_ms), ("until the first verdict", runs.answered_ms)
    ):  # fmt: skip
        say(
            f"change-over {text:26} median {statistics.median(times):6.0f} ms, "
            f"longest {max(times):6.0f} ms of {len(times)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
