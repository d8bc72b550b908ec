"""A station with a model, logged and reviewed parts, and its window; the engine does not run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from store_support import make_part

from qc_station.assembly import Station
from qc_station.domain.recipe import Recipe
from qc_station.domain.verdict import Label, Reason, Verdict
from qc_station.options import parse_options
from qc_station.settings.paths import StationPaths
from qc_station.ui.pages.thresholds import ThresholdsPage
from qc_station.window import StationWindow

PRODUCT = "bottle"
MODEL = "patch_memory-20261122T215800Z-ab12cd34"
NEXT_MODEL = "patch_memory-20261123T080000Z-0099ffee"
OK, NG = 2.0, 3.0
NOW = datetime.now(UTC)
REASONS = {
    Verdict.OK: Reason.BELOW_OK_LIMIT,
    Verdict.REVIEW: Reason.BETWEEN_LIMITS,
    Verdict.NG: Reason.ABOVE_NG_LIMIT,
}


def write_manifest(folder: Path, name: str) -> Path:
    """As much of a bundle as the library looks at."""
    path = folder / name
    path.mkdir(parents=True)
    manifest: dict[str, Any] = {
        "bundle_id": name, "model": "patch_memory", "product": PRODUCT, "classes": [],
        "created_at": "2026-11-22T10:00:00+00:00",
        "limits": {"ok": OK, "ng": NG, "method": "good", "ok_rate": 0.05, "ng_rate": 0.005},
        "calibration": {"n_good": 209, "n_defect": 0}, "metrics": {}, "parent": None,
    }  # fmt: skip
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path


@dataclass
class Limited:
    """The station, its window and the page."""

    qtbot: QtBot
    station: Station
    window: StationWindow
    number: int = 0

    @property
    def page(self) -> ThresholdsPage:
        return self.window.thresholds

    def find(self, kind: type[Any], name: str) -> Any:
        found = self.window.window.findChild(kind, name)
        assert found is not None, name
        return found

    def activate(self, model_id: str = MODEL) -> None:
        """Another model inspects from now on."""
        path = write_manifest(self.station.paths.models, model_id)
        self.station.library.register(path, recipe=PRODUCT)
        self.station.library.put_in_use(model_id, "test")

    def add(
        self, score: float, answer: Label | None = None, novel: bool = False,
        minutes_ago: float = 30.0, **more: Any,
    ) -> str:  # fmt: skip
        """One part, judged by the model's own limits, perhaps answered by an expert."""
        self.number += 1
        verdict = Verdict.OK if score <= OK else Verdict.NG if score > NG else Verdict.REVIEW
        if novel and verdict is Verdict.OK:
            verdict = Verdict.REVIEW
        moment = NOW - timedelta(minutes=minutes_ago, seconds=-self.number)
        values: dict[str, Any] = {
            "verdict": verdict, "reason": Reason.NOVEL if novel else REASONS[verdict],
            "score": score, "model_id": MODEL, "recipe": PRODUCT, "ok_limit": OK, "ng_limit": NG,
            "captured_at": moment, "decided_at": moment, **more,
        }  # fmt: skip
        part = make_part(self.number, **values)
        self.station.verdict_log.record(part, None, None)
        assert self.station.verdict_log.flush()
        if answer is not None:
            self.station.review.answer(part.inspection_id, answer, None, "ann")
        return str(part.inspection_id)

    def open(self) -> None:
        """Shows the page and waits for its figures."""
        self.window.window.show_page("limits")
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.page.busy, timeout=20_000)

    def recipe(self) -> Recipe:
        latest = self.station.recipes.latest(PRODUCT)
        assert latest is not None
        return latest

    def close(self) -> None:
        self.station.close()
        self.window.dispose()


MakeLimited = Callable[[], Limited]


def make_limited(qtbot: QtBot, qapp: QApplication, home: Path) -> Limited:
    """An empty station with one model in use, and its window."""
    options = parse_options(["--home", str(home), "--language", "en"])
    station = Station(options, StationPaths(home).ensure())
    window = StationWindow(station, qapp)
    made = Limited(qtbot, station, window)
    station.recipes.create(PRODUCT, station.capture.address)
    station.recipes.set_current(PRODUCT)
    with qtbot.waitExposed(window.window):
        window.show()
    return made
