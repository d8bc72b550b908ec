"""Scores read from a real log for the Thresholds page, and what saving leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from store_support import NOON, make_part

from db.store import Store
from qc_station.domain.recipe import Limits
from qc_station.domain.thresholds import LimitPair
from qc_station.domain.verdict import Label, Reason, Verdict
from qc_station.services.audit import AuditLog
from qc_station.services.image_store import ImageStore
from qc_station.services.limits import SLICES, LimitsService
from qc_station.services.manifest import LibraryError
from qc_station.services.model_store import DatabaseRecipeStore, DatabaseVersionStore
from qc_station.services.models import ModelLibrary
from qc_station.services.recipes import RecipeService
from qc_station.services.review import ReviewService
from qc_station.services.verdict_log import VerdictLog
from tests.gui.limits_rig import MODEL, NEXT_MODEL, PRODUCT, write_manifest

START, END = NOON, NOON + timedelta(seconds=1000)


class Bench:
    """The service over a real database."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = Store.open(home / "station.sqlite3")
        self.log = VerdictLog(self.store, ImageStore(home / "images"))
        self.review = ReviewService(self.store)
        self.audit = AuditLog(self.store)
        self.recipes = RecipeService(DatabaseRecipeStore(self.store))
        self.library = ModelLibrary(DatabaseVersionStore(self.store, home / "models"), self.audit)
        self.service = LimitsService(
            self.store, self.recipes, self.library, self.audit, lambda: "Eva"
        )

    def activate(self, model_id: str) -> None:
        self.library.register(write_manifest(self.home / "models", model_id), recipe=PRODUCT)
        self.library.put_in_use(model_id, "test")

    def add(self, number: int, score: float, verdict: Verdict, reason: Reason) -> None:
        part = make_part(number, score=score, verdict=verdict, reason=reason, model_id=MODEL)
        self.log.record(part, None, None)
        assert self.log.flush()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.recipes.create(PRODUCT, "demo:")
    made.recipes.set_current(PRODUCT)
    yield made
    made.log.close()
    made.store.close()


def test_every_part_of_the_range_is_read_once_whatever_slice_it_lies_in(bench: Bench) -> None:
    for number in range(0, 1000, 100):
        bench.add(number, number / 100, Verdict.OK, Reason.BELOW_OK_LIMIT)
    bench.add(999, 3.0, Verdict.NG, Reason.ABOVE_NG_LIMIT)
    bench.add(1000, 9.0, Verdict.OK, Reason.BELOW_OK_LIMIT)  # the first moment outside
    bench.add(500 + 1, 2.5, Verdict.REVIEW, Reason.NOVEL)
    logged = bench.service.logged(PRODUCT, MODEL, START, END)
    assert logged is not None
    assert list(logged.by_verdict[Verdict.OK].known) == [float(n) for n in range(10)]
    assert list(logged.by_verdict[Verdict.NG].known) == [3.0]
    assert list(logged.by_verdict[Verdict.REVIEW].novel) == [2.5]
    assert logged.parts == 12 and logged.not_inspected == 0


def test_reading_stops_when_nobody_waits_any_more(bench: Bench) -> None:
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(1)
        return len(asked) < 3

    assert bench.service.logged(PRODUCT, MODEL, START, END, wanted) is None
    assert len(asked) == 3 < SLICES


def test_reviewed_parts_say_what_the_machine_had_said(bench: Bench) -> None:
    bench.add(1, 1.0, Verdict.OK, Reason.BELOW_OK_LIMIT)
    bench.add(2, 2.5, Verdict.REVIEW, Reason.BETWEEN_LIMITS)
    bench.add(3, 0.5, Verdict.REVIEW, Reason.NOVEL)
    for number, label in ((1, Label.DEFECT), (2, Label.GOOD), (3, Label.DEFECT)):
        bench.review.answer(f"part-{number}", label, None, "Eva")
    found = bench.service.reviewed(PRODUCT, MODEL)
    assert list(found.good.known) == [2.5] and list(found.defective.known) == [1.0]
    assert list(found.defective.novel) == [0.5]
    assert found.verdicts == {Verdict.OK: 1, Verdict.REVIEW: 2, Verdict.NG: 0}
    figures = found.figures(LimitPair(2.0, 3.0))
    assert (figures.escape.count, figures.escape.of) == (1, 2)  # a novel part does not escape
    assert bench.service.reviewed(PRODUCT, NEXT_MODEL).parts == 0


def test_limits_count_for_the_model_they_were_set_for(bench: Bench) -> None:
    assert bench.service.in_force() is None
    bench.activate(MODEL)
    force = bench.service.in_force()
    assert force is not None and force.pair == force.own == LimitPair(2.0, 3.0)
    bench.service.save(MODEL, LimitPair(1.0, 4.0), " tighter ", {})
    force = bench.service.in_force()
    assert force is not None and force.given == Limits(MODEL, 1.0, 4.0)
    assert force.pair == LimitPair(1.0, 4.0) and force.void is None
    bench.activate(NEXT_MODEL)
    force = bench.service.in_force()
    assert force is not None and force.given is None and force.pair == force.own
    assert force.void == Limits(MODEL, 1.0, 4.0)


def test_saving_needs_a_reason_and_the_model_in_use(bench: Bench) -> None:
    with pytest.raises(LibraryError):
        bench.service.save(MODEL, LimitPair(1.0, 4.0), "no model", {})
    bench.activate(MODEL)
    with pytest.raises(ValueError, match="reason"):
        bench.service.save(MODEL, LimitPair(1.0, 4.0), "  ", {})
    assert bench.recipes.latest(PRODUCT).revision == 1  # type: ignore[union-attr]


def test_only_the_last_change_is_taken_back_and_not_over_somebody_elses(bench: Bench) -> None:
    bench.activate(MODEL)
    bench.service.save(MODEL, LimitPair(1.0, 4.0), "one", {})
    bench.service.save(MODEL, LimitPair(1.5, 4.0), "two", {})
    back = bench.service.undo("back")
    assert back is not None and back.limits == Limits(MODEL, 1.0, 4.0)
    assert bench.service.undo("back") is None
    bench.service.save(MODEL, None, "three", {})
    bench.recipes.revise(PRODUCT, "somebody else", limits=Limits(MODEL, 0.5, 0.6))
    assert not bench.service.can_undo and bench.service.undo("back") is None
    assert bench.recipes.latest(PRODUCT).limits == Limits(MODEL, 0.5, 0.6)  # type: ignore[union-attr]
    events = [event for event in bench.audit.newest(10) if event.action == "limits.changed"]
    assert [event.actor for event in events] == ["Eva"] * 4
