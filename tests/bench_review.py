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

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db.store import Store
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.frame import Frame
from qc_station.domain.review_queue import QueueFilter, QueueRules, Show
from qc_station.domain.verdict import Inspection, Label, Reason, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.image_store import ImageStore
from qc_station.services.mask_store import MaskStore
from qc_station.services.review import ReviewService
from qc_station.services.verdict_log import VerdictLog
from qc_station.settings.paths import StationPaths
from qc_station.ui.pages.review import ReviewPage
from qc_station.ui.theme import apply_theme
from tests.bench_statistics import PARTS, fill
from tests.gui.fakes import FakeExplainer

REPEATS = 7
QUEUED = 20
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


def wait(ms: int) -> None:
    """Lets the event loop run; QTest.qWait would keep other threads from running."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def write_parts(home: Path, width: int, height: int, queued: int) -> tuple[Store, VerdictLog]:
    """A log whose pictures look like a camera's: noise over a gradient."""
    paths = StationPaths(home).ensure()
    store = Store.open(paths.database)
    log = VerdictLog(store, ImageStore(paths.images))
    rng = np.random.default_rng(1)
    ramp = np.linspace(40, 200, width, dtype=np.float32)[None, :, None]
    for number in range(1, queued + 1):
        noise = rng.normal(0.0, 3.0, (height, width, 3)).astype(np.float32)
        pixels = np.clip(ramp + noise, 0, 255).astype(np.uint8)
        pixels.setflags(write=False)
        moment = datetime.now(UTC) + timedelta(hours=number)
        draft = Inspection(
            f"part-{number}", number, moment, moment, "bench:", None, None, "cable", None,
            Verdict.REVIEW, Reason.BETWEEN_LIMITS, "", 2.5, 0.02, 2.0, 3.0, None, None, (), 12.0,
            None, None,
        )  # fmt: skip
        frame = Frame(number, pixels, moment, 0.0, "bench:")
        log.record(draft, frame, rng.integers(0, 255, (64, 64), dtype=np.uint8))
        log.flush(60.0)
    return store, log


def measure_page(width: int, height: int) -> None:
    """Prints the time from the key to the next picture on the screen."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    apply_theme(application)
    with tempfile.TemporaryDirectory() as folder:
        store, log = write_parts(Path(folder), width, height, QUEUED)
        masks = MaskStore(store, ImageStore(StationPaths(Path(folder)).images))
        page = ReviewPage(ReviewService(store), log, lambda: "ann", FakeExplainer(), masks)
        page.resize(1190, 720)
        page.show()
        page.setFocus()
        taken: list[float] = []
        own: list[float] = []
        loads: list[float] = []
        wait(500)
        for _ in range(QUEUED - 3):
            following = page._list.waiting[0].inspection_id
            began = time.perf_counter()
            while following not in page._loader._cache:
                wait(1)
            loads.append(time.perf_counter() - began)
            wait(400)  # the queue is asked again a moment after each answer
            began, worked = time.perf_counter(), time.thread_time()
            QTest.keyClick(page, Qt.Key.Key_G)
            page._canvas.viewport().repaint()
            taken.append(time.perf_counter() - began)
            own.append(time.thread_time() - worked)
            assert page.part is not None and page._canvas.pixels is not None
        size = f"{width * height / 1e6:.1f} megapixels"
        print(
            f"review next picture, {size}: {1000 * median(taken):.1f} ms (longest "
            f"{1000 * max(taken):.1f} ms), {1000 * median(own):.1f} ms of it the window's own "
            f"work; the one after it is read {1000 * median(loads):.1f} ms later",
            flush=True,
        )
        page.close_workers()
        page.close()
        log.close()
        store.close()


def main(parts: int = PARTS) -> None:
    """The page first, then the queue."""
    measure_page(1280, 1024)
    measure_page(2448, 2048)
    measure_queue(parts)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    keep_constants_alive()
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PARTS)
