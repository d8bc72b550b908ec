"""An expert clears fifty parts by keyboard in a real window, timed (make test-window)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from store_support import make_part
from window_support import StationWindow, until

from db.store import Store
from qc_station.camera.picture import read_picture
from qc_station.domain.frame import Frame
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.verdict_log import VerdictLog
from qc_station.settings.paths import StationPaths

pytestmark = pytest.mark.xvfb

PARTS = 50
UNDONE = 20
"""Number of the answer that is taken back and given anew."""
ANSWERS = "SELECT count(*) FROM reviews WHERE label IS NOT NULL"
WAITING = "SELECT count(*) FROM inspections WHERE queue_rank > 0 AND standing_review IS NULL"
STANDING = (
    "SELECT i.part_number, r.label, r.class_name FROM reviews r JOIN inspections i "
    "ON i.standing_review = r.seq ORDER BY r.seq"
)


def log_uncertain_parts(home: Path, cables: Path) -> None:
    """Fifty parts between the limits, with real pictures and heatmaps."""
    paths = StationPaths(home)
    pictures = sorted((cables / "test").rglob("*.png"))
    store = Store.open(paths.database)
    log = VerdictLog(store, ImageStore(paths.images))
    for number in range(PARTS):
        pixels = read_picture(pictures[number % len(pictures)])
        plane = cv2.resize(pixels.max(axis=2), (32, 32), interpolation=cv2.INTER_AREA)
        now = datetime.now(UTC)
        part = replace(
            make_part(1000 + number, verdict=Verdict.REVIEW, reason=Reason.BETWEEN_LIMITS),
            captured_at=now, decided_at=now, recipe="cable", score=2.5 + number / 1000,
        )  # fmt: skip
        log.record(part, Frame(number, pixels, now, 0.0, "demo:"), np.ascontiguousarray(plane))
    assert log.flush()
    log.close()
    store.close()


def keys_of(number: int) -> tuple[tuple[str, ...], tuple[str, str | None]]:
    """(keys, label and class) of the answer with this number."""
    return (("g",), ("good", None)) if number % 3 else (("1",), ("defect", "bent_wire"))


class Expert:
    """Answers what is asked and checks that the log has it before the next key."""

    def __init__(self, window: StationWindow) -> None:
        self.window = window
        self.given: list[tuple[str, str | None]] = []

    def answer(self, keys: tuple[str, ...], meaning: tuple[str, str | None]) -> None:
        """One answer: the log holds it, and that is what the next key waits for."""
        before = self.window.value(ANSWERS)
        self.window.keys(*keys)
        until(lambda: self.window.value(ANSWERS) == before + 1, f"answer {before + 1} in the log")
        self.given.append(meaning)

    def name_class(self) -> None:
        """The first defect: N, its name, Enter. From then on it has the digit 1."""
        self.window.keys("n")
        self.window.wait_focus("review_class_entry")
        before = self.window.value(ANSWERS)
        self.window.type("bent wire")
        self.window.keys("Return")
        until(lambda: self.window.value(ANSWERS) == before + 1, "the first defect in the log")
        self.window.wait_for("review_class_1")
        self.given.append(("defect", "bent_wire"))

    def undo(self) -> None:
        """U: the answer is withdrawn, not deleted, and the part is asked about again."""
        answers, waiting = self.window.value(ANSWERS), self.window.value(WAITING)
        title = self.window.wait_for("review_title").name
        self.window.keys("u")
        until(lambda: self.window.value(WAITING) == waiting + 1, "the part waits again")
        until(lambda: self.window.wait_for("review_title").name != title, "the part is shown")
        assert self.window.value(ANSWERS) == answers
        self.given.pop()


def test_fifty_parts_by_keyboard(
    home: Path,
    cables: Path,
    open_station: Callable[..., StationWindow],
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_uncertain_parts(home, cables)
    with open_station(trigger_mode=TriggerMode.KEY, sound=False) as window:
        waiting = window.value(WAITING)
        expert = Expert(window)
        window.keys("ctrl+3")
        window.wait_focus("review_page")
        assert window.find("review_remaining").name == str(waiting)  # type: ignore[union-attr]
        began = time.monotonic()
        expert.name_class()
        for number in range(1, waiting):
            expert.answer(*keys_of(number))
            if number == UNDONE:
                expert.undo()
                expert.answer(("c",), ("cannot_tell", None))
        minutes = (time.monotonic() - began) / 60
        until(lambda: window.find("review_title") is None, "nothing left to review")
        assert window.value(WAITING) == 0
        standing = window.rows(STANDING)
        assert [(label, name) for _part, label, name in standing] == expert.given
        assert len({part for part, _label, _name in standing}) == waiting
        assert window.value("SELECT count(*) FROM reviews WHERE withdraws IS NOT NULL") == 1
        assert window.quit() == 0
    with capsys.disabled():
        print(f"\nreview by keyboard: {waiting} parts, {waiting / minutes:.0f} parts/min")
