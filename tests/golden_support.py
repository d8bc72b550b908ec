"""A station with golden samples on its bench, for tests: what is laid in next is scripted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from qc_station.backend.fake import FAKE_MODEL_ID, fake_outcome
from qc_station.domain.access import Action
from qc_station.domain.golden import GoldenSample, GoldenSet
from qc_station.domain.outcome import Outcome, PartResult
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.audit import AuditLog
from qc_station.services.golden_check import GoldenCheck
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.golden_samples import GoldenSamples
from qc_station.services.image_store import ImageStore
from qc_station.services.model_store import DatabaseRecipeStore
from qc_station.services.permits import AccessError
from qc_station.services.recipes import RecipeService
from tests.unit.station_rig import LineCamera, StationRig

OK_PART = fake_outcome(Verdict.OK, Reason.BELOW_OK_LIMIT, 0.5)
NG_PART = fake_outcome(Verdict.NG, Reason.ABOVE_NG_LIMIT, 2.5)
UNSURE = fake_outcome(Verdict.REVIEW, Reason.BETWEEN_LIMITS, 1.5)
HIGH_OK = fake_outcome(Verdict.OK, Reason.BELOW_OK_LIMIT, 0.95)
NO_ANSWER = Outcome(Verdict.NOT_INSPECTED, Reason.DEADLINE)


class Bench:
    """A running station for "product" whose trigger is a key, and everything of its samples."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.now = datetime.now(UTC)
        self.forbidden: set[Action] = set()
        self.answers: list[Outcome] = []
        self.camera = LineCamera()
        self.rig = StationRig(
            home, "line", camera=self.camera, trigger_mode=TriggerMode.KEY, script=self._script(),
            require=self.require,
        )  # fmt: skip
        self.station = self.rig.station
        self.store = self.rig.store
        self.audit = AuditLog(self.store)
        self.recipes = RecipeService(
            DatabaseRecipeStore(self.store), "product", require=self.require
        )
        self.recipes.create("product", "line")
        self.images = ImageStore(home / "images")
        self.golden = GoldenSamples(self.recipes, self.images, lambda: self.now)
        self.release = GoldenRelease(
            self.store, self.recipes, self.golden, self.station, station_name="bench",
            shift_starts=("06:00", "14:00", "22:00"), who=lambda: "Max", clock=lambda: self.now,
            require=self.require,
        )  # fmt: skip
        self.done: list[PartResult] = []
        self.station.sample_done.connect(self.done.append)
        self.station.start()
        qtbot.waitUntil(lambda: self.station.live.latest() is not None)

    def require(self, action: Action) -> None:
        if action in self.forbidden:
            raise AccessError("not_permitted", "No.", action=action.value)

    def lay_out(self, *expected: Verdict, interval_h: int = 0) -> GoldenSet:
        """Samples G1, G2 … of the fake model, put in force two days ago."""
        path, digest = self.images.write_golden(np.full((40, 60, 3), 150, np.uint8))
        scores = {Verdict.OK: (0.2, 0.8), Verdict.NG: (2.1, 3.0)}
        samples = tuple(
            GoldenSample(f"G{number}", verdict, *scores[verdict], FAKE_MODEL_ID, path, digest)
            for number, verdict in enumerate(expected, start=1)
        )
        golden = GoldenSet(samples, interval_h, False, self.now - timedelta(days=2))
        self.recipes.revise("product", "test", golden=golden)
        return golden

    def check(self) -> GoldenCheck:
        """A check that has begun."""
        made = GoldenCheck(
            self.station, self.release, self.golden.of("product"), who=lambda: "Max",
            clock=lambda: self.now,
        )  # fmt: skip
        made.begin()
        return made

    def lay_in(self, check: GoldenCheck, answer: Outcome) -> None:
        """Lays the next sample in and waits for what the station says of it."""
        self.answers.append(answer)
        with self.qtbot.waitSignal(self.station.sample_done):
            check.inspect()

    def produce(self, answer: Outcome = OK_PART) -> PartResult:
        """One part of production."""
        self.answers.append(answer)
        with self.qtbot.waitSignal(self.station.part_done):
            assert self.station.trigger() is not None
        return self.rig.parts[-1]

    def close(self) -> None:
        self.release.close()
        self.rig.close()

    def _script(self) -> Iterator[Outcome]:
        while True:
            yield self.answers.pop(0)
