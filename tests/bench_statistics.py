"""Measures the statistics over a log of a million parts. Run by ``make bench``.

A run takes a minute, most of it for writing the log. Seconds of one run; machines do not compare.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from db.models import InspectionRow
from db.store import Store
from qc_station.services.statistics import StatisticsService

PARTS = 1_000_000
CHUNK = 20_000
RANGE = timedelta(days=30)
DEFECTS = ("bent_wire", "missing_wire", "poke_insulation", None)


def rows(parts: int, end: datetime) -> Iterator[dict[str, Any]]:
    """Parts of two recipes, evenly over the range: 93 % OK, 4 % NG, 2 % REVIEW."""
    rng = random.Random(1)
    for number in range(parts):
        draw = rng.random()
        verdict = "OK" if draw < 0.93 else "NG" if draw < 0.97 else "REVIEW"
        verdict = "NOT_INSPECTED" if draw > 0.99 else verdict
        moment = end - RANGE * ((parts - number) / parts)
        yield {
            "inspection_id": f"{number:08x}-0000-0000-0000-000000000000", "station": "bench",
            "part_number": number + 1, "captured_at": moment, "decided_at": moment,
            "recorded_at": moment, "camera": "folder:/pictures", "source": f"test/{number:07}.png",
            "truth": None, "recipe": "cable" if number % 3 else "bottle",
            "model_id": "patch_memory-20261122T215800Z-ab12cd34", "verdict": verdict,
            "reason": "below_ok_limit", "detail": "", "score": rng.lognormvariate(0.5, 0.3),
            "p_value": 0.5, "ok_limit": 2.0, "ng_limit": 3.0,
            "class_name": rng.choice(DEFECTS) if verdict == "NG" else None,
            "class_confidence": None, "latency_ms": rng.lognormvariate(3.0, 0.4),
            "image_path": f"2026/11/{number}.png", "heatmap_path": f"2026/11/{number}.map.png",
            "queue_rank": queue_rank(verdict, rng), "queue_weight": rng.random(),
        }  # fmt: skip


def queue_rank(verdict: str, rng: random.Random) -> int:
    """NG and REVIEW wait by cost, a twentieth of the OK parts is drawn at random."""
    if verdict in ("NG", "REVIEW"):
        return 1
    return 2 if verdict == "OK" and rng.random() < 0.05 else 0


def fill(store: Store, parts: int, end: datetime) -> None:
    """Writes the log in large transactions."""
    chunk: list[dict[str, Any]] = []
    for row in rows(parts, end):
        chunk.append(row)
        if len(chunk) == CHUNK:
            store.write(lambda session, rows=chunk: session.execute(insert(InspectionRow), rows))  # type: ignore[misc]
            chunk = []
    if chunk:
        store.write(lambda session: session.execute(insert(InspectionRow), chunk))


def main(parts: int = PARTS) -> None:
    """Prints one line per range."""
    end = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "station.sqlite3")
        fill(store, parts, end)
        service = StatisticsService(store)
        for name, span, recipe in (
            ("30 days, all recipes", RANGE, None),
            ("30 days, one recipe", RANGE, "cable"),
            ("7 days, all recipes", timedelta(days=7), None),
            ("8 hours, all recipes", timedelta(hours=8), None),
        ):
            seconds = []
            for _ in range(3):
                began = time.perf_counter()
                report = service.report(end - span, end, recipe)
                seconds.append(time.perf_counter() - began)
            assert report is not None
            total = report.counts.total
            print(f"statistics {name}: {sorted(seconds)[1]:.2f} s for {total:,} parts", flush=True)
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PARTS)
