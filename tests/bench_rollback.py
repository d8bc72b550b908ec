"""Measures a roll-back: from the order until the engine answers with the model before.

Run by ``make bench``. The bound is five seconds; until then the other model goes on inspecting.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from qc_station.interpreter import keep_constants_alive

keep_constants_alive()

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer  # noqa: E402

from qc_station.assembly import Station  # noqa: E402
from qc_station.options import Options  # noqa: E402
from qc_station.settings.paths import StationPaths  # noqa: E402

ROLL_BACKS = 8
BOUND_S = 5.0
PRODUCT = "cable"


def teach(folder: Path, models: Path) -> list[Path]:
    """Two bundles below ``models``, taught on rendered cables."""
    found = []
    for number in (1, 2):
        data, bundle = folder / f"cable{number}", models / f"bundle{number}"
        for arguments in (
            ["render-cables", "--out", data, "--size", "256", "--train-good", "40",
             "--test-good", "1", "--defects", "0", "--seed", number],
            ["teach", "--data", data, "--out", bundle, "--product", PRODUCT],
        ):  # fmt: skip
            command = [sys.executable, "-m", "engine", *map(str, arguments), "--progress", "none"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found.append(bundle)
    return found


def until_loaded(station: Station, order: Callable[[], object]) -> float:
    """Seconds from an order until the engine has the model."""
    loop = QEventLoop()
    quit_loop = loop.quit
    station.supervisor.model_loaded.connect(quit_loop)
    began = time.perf_counter()
    order()
    QTimer.singleShot(60_000, lambda: loop.exit(1))
    failed = loop.exec()
    station.supervisor.model_loaded.disconnect(quit_loop)
    if failed:
        raise SystemExit("the engine did not load the model within a minute")
    return time.perf_counter() - began


def main() -> int:
    """Prints median and worst; exit status 1 beyond the bound."""
    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="qc-bench-") as name:
        paths = StationPaths(Path(name) / "home").ensure()
        bundles = teach(Path(name), paths.models)
        station = Station(Options(camera=f"folder:{name}/none"), paths)
        try:
            station.recipes.create(PRODUCT, f"folder:{name}/none")
            station.recipes.set_current(PRODUCT)
            station.supervisor.start()
            versions = [station.library.register(b, recipe=PRODUCT) for b in bundles]
            for version in versions:
                until_loaded(station, partial(station.library.activate, version.model_id, "bench"))
            times = [
                until_loaded(station, lambda: station.library.rollback(PRODUCT, "bench"))
                for _ in range(ROLL_BACKS)
            ]
        finally:
            station.close()
            del application
    print(
        f"roll back to the model before   median {statistics.median(times):5.2f} s, worst "
        f"{max(times):.2f} s of {len(times)} (bound {BOUND_S:.0f} s)",
        flush=True,
    )
    return 0 if max(times) < BOUND_S else 1


if __name__ == "__main__":
    sys.exit(main())
