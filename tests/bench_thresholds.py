"""Measures reading the scores of a log of a million parts and replaying limits on them.

Run by ``make bench``. Seconds of one run; machines do not compare.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.store import Store
from qc_station.domain.thresholds import LimitPair, LoggedScores
from qc_station.services.audit import AuditLog
from qc_station.services.limits import LimitsService
from qc_station.services.model_store import DatabaseRecipeStore, DatabaseVersionStore
from qc_station.services.models import ModelLibrary
from qc_station.services.recipes import RecipeService
from tests.bench_statistics import PARTS, RANGE, fill

MODEL = "patch_memory-20261122T215800Z-ab12cd34"


def median(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the middle one of three."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return sorted(seconds)[times // 2]


def main(parts: int = PARTS) -> None:
    """Prints one line per range, and one for a step of a limit."""
    end = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "station.sqlite3")
        fill(store, parts, end)
        audit = AuditLog(store)
        recipes = RecipeService(DatabaseRecipeStore(store))
        library = ModelLibrary(DatabaseVersionStore(store, Path(folder)), audit)
        service = LimitsService(store, recipes, library, audit)
        logged: list[LoggedScores] = []
        for name, span in (("30 days", RANGE), ("7 days", timedelta(days=7))):

            def read(span: timedelta = span) -> None:
                found = service.logged("cable", MODEL, end - span, end)
                assert found is not None
                logged[:] = [found]

            seconds = median(read)
            step = median(lambda: logged[0].replay(LimitPair(1.5, 2.5)), 101)
            print(
                f"thresholds {name}, one recipe: {seconds:.2f} s for {logged[0].parts:,} scores, "
                f"a step of a limit {step * 1e6:.0f} µs",
                flush=True,
            )
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PARTS)
