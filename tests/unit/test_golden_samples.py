"""Golden samples as data: kept with the recipe, pictures of their own, when a check is due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from db.errors import StoreError
from db.store import Store
from qc_station.domain.access import Action
from qc_station.domain.golden import (
    CheckRecord,
    CheckResult,
    GoldenSample,
    GoldenSet,
    proposed_band,
    standing,
)
from qc_station.domain.recipe import Recipe
from qc_station.domain.state import StateReason
from qc_station.domain.verdict import Inspection, Reason, Verdict
from qc_station.services.golden_samples import GoldenSamples
from qc_station.services.image_store import ImageStore
from qc_station.services.model_store import DatabaseRecipeStore
from qc_station.services.permits import AccessError
from qc_station.services.recipes import RecipeService

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SHIFT = NOON - timedelta(hours=6)
SAMPLE = GoldenSample("G1", Verdict.OK, 0.5, 1.5, "model-1", "images/golden/a.png", "00")


def part(images: ImageStore, **changes: object) -> Inspection:
    pixels = np.full((8, 8, 3), 90, np.uint8)
    path = images.write("part-1", pixels, NOON.date())
    found = Inspection(
        "part-1", 1, NOON, NOON, "line", None, None, "cable", "model-1", Verdict.OK,
        Reason.BELOW_OK_LIMIT, "", 1.0, 0.5, 2.0, 3.0, None, None, (), 5.0, path, None,
    )  # fmt: skip
    return replace(found, **changes)  # type: ignore[arg-type]


class Desk:
    def __init__(self, home: Path) -> None:
        self.allowed = True
        self.store = Store.open(home / "station.sqlite3")
        self.images = ImageStore(home / "images")
        self.recipes = RecipeService(
            DatabaseRecipeStore(self.store, lambda: "Max"), require=self._require
        )
        self.recipes.create("cable", "demo:")
        self.golden = GoldenSamples(self.recipes, self.images, lambda: NOON)

    def _require(self, action: Action) -> None:
        if not self.allowed:
            raise AccessError("not_permitted", "No.", action=action.value)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def test_a_part_becomes_a_sample_with_a_picture_of_its_own(desk: Desk) -> None:
    taken = part(desk.images)
    desk.golden.add("cable", taken, " G1 ", Verdict.OK)
    desk.images.remove(str(taken.image_path))  # tidied up with its day
    golden = desk.golden.of("cable")
    (sample,) = golden.samples
    assert (sample.name, sample.low, sample.high, golden.since) == ("G1", 0.4, 1.6, NOON)
    assert np.array_equal(desk.golden.picture(sample), np.full((8, 8, 3), 90, np.uint8))
    known = desk.recipes.latest("cable")
    assert known is not None
    assert (known.reason, known.created_by) == ("golden sample G1 added", "Max")


def test_a_picture_that_was_exchanged_is_not_shown(desk: Desk) -> None:
    sample = desk.golden.add("cable", part(desk.images), "G1", Verdict.OK)
    other, _digest = desk.images.write_golden(np.zeros((8, 8, 3), np.uint8))
    desk.images.path(other).replace(desk.images.path(sample.image_path))
    with pytest.raises(StoreError) as refused:
        desk.golden.picture(sample)
    assert refused.value.code == "picture_damaged"


@pytest.mark.parametrize(
    "changes", [{"score": None}, {"image_path": None}, {"recipe": "bottle"}, {"model_id": None}]
)
def test_a_part_that_says_nothing_is_refused(desk: Desk, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        desk.golden.add("cable", part(desk.images, **changes), "G1", Verdict.OK)
    assert desk.golden.of("cable").samples == ()


def test_names_are_given_once_and_only_by_who_may(desk: Desk) -> None:
    taken = part(desk.images)
    desk.golden.add("cable", taken, "G1", Verdict.OK)
    for name in ("g1", "  "):
        with pytest.raises(ValueError):
            desk.golden.add("cable", taken, name, Verdict.NG)
    with pytest.raises(ValueError):
        desk.golden.add("cable", taken, "G2", Verdict.REVIEW)
    desk.allowed = False
    for change in (
        lambda: desk.golden.add("cable", taken, "G2", Verdict.NG),
        lambda: desk.golden.remove("cable", "G1"),
        lambda: desk.golden.schedule("cable", 8, True),
        lambda: desk.golden.change("cable", "G1", Verdict.NG, 0.0, 1.0),
    ):
        with pytest.raises(AccessError):
            change()
    assert [sample.name for sample in desk.golden.of("cable").samples] == ["G1"]


def test_expectation_times_and_removal_are_revisions(desk: Desk) -> None:
    desk.golden.add("cable", part(desk.images), "G1", Verdict.OK)
    desk.golden.change("cable", "G1", Verdict.NG, 3.0, 9.0)
    desk.golden.schedule("cable", 8, True)
    before = len(desk.recipes.revisions("cable"))
    desk.golden.schedule("cable", 8, True)  # nothing new
    assert len(desk.recipes.revisions("cable")) == before == 4
    golden = desk.golden.of("cable")
    assert (golden.samples[0].expected, golden.samples[0].high) == (Verdict.NG, 9.0)
    assert (golden.interval_h, golden.at_shift_start) == (8, True)
    desk.golden.remove("cable", "G1")
    assert desk.golden.of("cable") == GoldenSet((), 8, True, None)
    with pytest.raises(KeyError):
        desk.golden.remove("cable", "G1")


def test_another_models_bands_are_recorded_from_parts_judged_as_expected(desk: Desk) -> None:
    desk.golden.add("cable", part(desk.images), "G1", Verdict.OK)
    desk.golden.add("cable", part(desk.images), "N1", Verdict.NG)
    new = part(desk.images, model_id="model-2", score=10.0, ok_limit=20.0)
    assert desk.golden.record_bands("cable", {"G1": new, "N1": new}) == 1  # N1 was called OK
    good, bad = desk.golden.of("cable").samples
    assert (good.model_id, good.low, good.high) == ("model-2", 4.0, 16.0)
    assert bad.model_id == "model-1"


def test_what_is_stored_is_read_again() -> None:
    golden = GoldenSet((SAMPLE,), 8, True, NOON)
    recipe = Recipe("cable", "demo:", 1, NOON, golden=golden)
    stored = json.loads(json.dumps(recipe.to_settings()))
    assert Recipe.from_settings("cable", "demo:", 1, NOON, "", stored) == recipe


def test_another_models_score_is_not_held_against_the_band() -> None:
    assert SAMPLE.fits(Verdict.OK, 1.0, "model-1")
    assert not SAMPLE.fits(Verdict.OK, 1.6, "model-1")
    assert not SAMPLE.fits(Verdict.OK, None, "model-1")
    assert SAMPLE.fits(Verdict.OK, 1.6, "model-2")
    assert not SAMPLE.fits(Verdict.REVIEW, 1.0, "model-2")


def test_a_score_next_to_nothing_gets_a_band_on_the_limits_scale(tmp_path: Path) -> None:
    low, high = proposed_band(part(ImageStore(tmp_path / "images"), score=0.001))
    assert low == 0.0
    assert high == pytest.approx(0.601)


# -- when a check is due ---------------------------------------------------------------------------


def record(result: CheckResult, hours_ago: float) -> CheckRecord:
    return CheckRecord("cable", result, NOON - timedelta(hours=hours_ago), "Max")


def block(golden: GoldenSet | None, *records: CheckRecord) -> StateReason:
    return standing(golden, records, NOON, SHIFT).block


OLD = NOON - timedelta(days=2)
NEVER = GoldenSet((SAMPLE,), 0, False, OLD)
EVERY_8_H = GoldenSet((SAMPLE,), 8, False, OLD)
EVERY_SHIFT = GoldenSet((SAMPLE,), 0, True, OLD)
PASSED, FAILED = CheckResult.PASSED, CheckResult.FAILED


def test_without_samples_or_times_nothing_is_ever_blocked() -> None:
    assert block(None) is StateReason.NONE
    assert block(GoldenSet((), 8, True, OLD)) is StateReason.NONE
    assert block(None, record(FAILED, 1)) is StateReason.NONE
    assert block(NEVER) is StateReason.NONE


def test_an_interval_runs_from_the_last_good_check() -> None:
    assert block(EVERY_8_H) is StateReason.GOLDEN_OVERDUE
    assert block(EVERY_8_H, record(PASSED, 7.9)) is StateReason.NONE
    assert block(EVERY_8_H, record(PASSED, 8)) is StateReason.GOLDEN_OVERDUE
    cancelled = record(CheckResult.CANCELLED, 0.1)
    assert block(EVERY_8_H, cancelled, record(PASSED, 9)) is StateReason.GOLDEN_OVERDUE


def test_a_new_set_is_first_due_after_its_interval() -> None:
    new = replace(EVERY_8_H, since=NOON - timedelta(hours=1), at_shift_start=True)
    assert block(new) is StateReason.NONE
    assert standing(new, (), NOON, SHIFT).due_at == NOON + timedelta(hours=7)


def test_a_shift_begins_with_a_check() -> None:
    assert block(EVERY_SHIFT, record(PASSED, 6.1)) is StateReason.GOLDEN_OVERDUE
    assert block(EVERY_SHIFT, record(PASSED, 5.9)) is StateReason.NONE


def test_a_failed_check_blocks_until_one_is_passed_or_somebody_releases() -> None:
    failed = record(FAILED, 2)
    assert block(NEVER, failed, record(PASSED, 3)) is StateReason.GOLDEN_FAILED
    assert block(NEVER, record(PASSED, 1), failed) is StateReason.NONE
    assert block(NEVER, record(CheckResult.CANCELLED, 1), failed) is StateReason.GOLDEN_FAILED
    released = record(CheckResult.RELEASED, 1)
    found = standing(EVERY_8_H, (released, failed, record(PASSED, 30)), NOON, SHIFT)
    assert found.block is StateReason.NONE
    assert found.good_at == NOON - timedelta(hours=30)  # a release is no good check
    assert found.due_at == NOON + timedelta(hours=7)
