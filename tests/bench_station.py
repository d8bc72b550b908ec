"""Measures the station beside its engine: start-up, and what the process boundary costs a part.

Run by ``make bench``. Medians within one run; figures of two machines do not compare.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from qc_station.interpreter import keep_constants_alive

keep_constants_alive()

import numpy as np  # noqa: E402
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer  # noqa: E402

from qc_station.backend.inspector import Inspector  # noqa: E402
from qc_station.backend.supervisor import EngineSupervisor  # noqa: E402
from qc_station.domain.frame import Frame  # noqa: E402
from qc_station.domain.outcome import Outcome  # noqa: E402

STARTS = 5
PARTS = 60
FIVE_MEGAPIXELS = (2048, 2448, 3)


def say(text: str) -> None:
    """One line of the result."""
    print(text, flush=True)


def start_ups(folder: Path) -> list[float]:
    """Milliseconds from process start to visible window, one per start. No model, no camera."""
    found = []
    for _ in range(STARTS):
        log = folder / "home" / "logs" / "station.log"
        log.unlink(missing_ok=True)
        began = time.perf_counter()
        station = subprocess.Popen(
            [sys.executable, "-m", "qc_station", "--home", folder / "home",
             "--camera", f"folder:{folder / 'none'}", "--quit-after", "1"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while (waited := time.perf_counter() - began) < 60:
                if log.exists() and "window visible" in log.read_text():
                    found.append(waited * 1000)
                    break
                time.sleep(0.01)
        finally:
            station.terminate()
            station.wait(30)
    return found


def boundary(bundle: Path) -> tuple[list[float], list[float]]:
    """(round trip, engine's own time) in milliseconds of five-megapixel parts, one at a time."""
    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    supervisor = EngineSupervisor()
    inspector = Inspector(supervisor)
    trips: list[float] = []
    engine: list[float] = []
    loop = QEventLoop()
    supervisor.model_loaded.connect(lambda _model: loop.quit())
    supervisor.load_failed.connect(lambda _code, _sentence: loop.exit(1))
    supervisor.load(bundle)
    supervisor.start()
    QTimer.singleShot(60_000, lambda: loop.exit(1))
    try:
        if loop.exec() != 0:
            raise SystemExit("the engine did not load the bundle")
        rng = np.random.default_rng(0)
        pixels = rng.integers(0, 255, FIVE_MEGAPIXELS, np.uint8)
        pixels.flags.writeable = False
        began = 0.0

        def answered(_part: int, outcome: Outcome) -> None:
            trips.append((time.perf_counter() - began) * 1000)
            engine.append(outcome.latency_ms or 0.0)
            loop.quit()

        inspector.answered.connect(answered)
        for number in range(PARTS):
            frame = Frame(number, pixels, datetime.now(UTC), time.monotonic(), "bench")
            began = time.perf_counter()
            inspector.inspect(number + 1, frame, 20.0)
            loop.exec()
    finally:
        inspector.close()
        supervisor.stop()
        del application
    return trips, engine


def main() -> int:
    """Teaches a small model on rendered cables, then measures."""
    with tempfile.TemporaryDirectory(prefix="qc-bench-") as name:
        folder = Path(name)
        for arguments in (
            ["render-cables", "--out", folder / "cable", "--size", "256", "--train-good", "16",
             "--test-good", "1", "--defects", "0"],
            ["teach", "--data", folder / "cable", "--out", folder / "bundle"],
        ):  # fmt: skip
            command = [sys.executable, "-m", "engine", *map(str, arguments), "--progress", "none"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times = start_ups(folder)
        say(f"start to visible window   median {statistics.median(times):7.0f} ms of {len(times)}")
        trips, engine = boundary(folder / "bundle")
        cost = [trip - own for trip, own in zip(trips, engine, strict=True)]
        say(f"5-megapixel part          median {statistics.median(trips):7.1f} ms round trip")
        say(f"  in the engine           median {statistics.median(engine):7.1f} ms")
        say(
            f"  process boundary        median {statistics.median(cost):7.1f} ms, "
            f"p95 {np.percentile(cost, 95):.1f} ms, "
            f"{statistics.median(cost) / statistics.median(trips):.0%} of the round trip"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
