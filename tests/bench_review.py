"""Measures the review queue over a log of a million parts, and the way to the next picture.

Run by ``make bench``. Medians of one run; machines do not compare.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from db.store import Store
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.review_queue import QueueFilter, QueueRules, Show
from qc_station.domain.verdict import Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.review import ReviewService
from tests.bench_statistics import PARTS, fill

REPEATS = 7
ANSWERS = 300


def median_ms(work: Callable[[], object]) -> float:
    """Milliseconds of the middle one of some calls."""
    taken: list[float] = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return 1000.0 * median(taken)


def measure_queue(parts: int) -> None:
    """Prints one line per question that the Review page asks."""
    end = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "station.sqlite3")
        fill(store, parts, end)
        rules = QueueRules(ok_share=0.05, repeat_share=0.02, key="bench")
        review = ReviewService(store, rules=lambda: rules)
        began = time.perf_counter()
        for part in review.queue(ANSWERS, "ann"):
            review.answer(part.inspection_id, Label.GOOD, None, "ann")
        per_answer = 1000.0 * (time.perf_counter() - began) / ANSWERS
        print(f"review answer, mean: {per_answer:.1f} ms", flush=True)
        narrow = {
            "all": QueueFilter(),
            "one product": QueueFilter(parts=HistoryFilter(recipe="bottle")),
            "one class": QueueFilter(parts=HistoryFilter(class_name="bent_wire")),
            "NG of the last day": QueueFilter(
                parts=HistoryFilter(from_=end - timedelta(days=1), verdicts=frozenset({Verdict.NG}))
            ),
            "text that no part has": QueueFilter(parts=HistoryFilter(text="nowhere")),
            "disagreements": QueueFilter(Show.DISPUTED),
            "mine": QueueFilter(Show.MINE),
        }
        for name, wanted in narrow.items():
            queue = median_ms(lambda wanted=wanted: review.queue(50, "ann", wanted))  # type: ignore[misc]
            left = median_ms(lambda wanted=wanted: review.remaining("ann", wanted))  # type: ignore[misc]
            print(f"review queue, {name}: {queue:.1f} ms, count {left:.1f} ms", flush=True)
        print(f"review pace: {median_ms(lambda: review.pace_s('ann')):.1f} ms", flush=True)
        print(f"review escape rate: {median_ms(review.escapes):.1f} ms", flush=True)
        began = time.perf_counter()
        review.weigh_anew()
        print(f"review weigh anew: {time.perf_counter() - began:.1f} s", flush=True)
        store.close()


def main(parts: int = PARTS) -> None:
    """The queue first, then the page."""
    measure_queue(parts)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    keep_constants_alive()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PARTS)
