"""Products and their revisions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from qc_station.camera.errors import CameraError
from qc_station.domain.pace import Pace
from qc_station.domain.recipe import (
    DefectClass,
    Limits,
    Recipe,
    RecipeError,
    Storage,
    changed_fields,
)
from qc_station.domain.recipe_fields import Keep
from qc_station.domain.roi import Roi
from qc_station.domain.triggers import TriggerMode
from qc_station.services.recipes import RecipeService

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


class MemoryRecipes:
    def __init__(self) -> None:
        self.rows: list[Recipe] = []

    def names(self) -> list[str]:
        return list({row.name for row in self.rows})

    def revisions(self, name: str) -> list[Recipe]:
        return [row for row in self.rows if row.name == name]

    def add(self, recipe: Recipe) -> None:
        self.rows.append(recipe)


def test_a_changed_camera_is_a_new_revision_and_the_same_one_is_not(qtbot: QtBot) -> None:
    recipes = RecipeService(MemoryRecipes())
    assert recipes.create("cable", "demo:").revision == 1
    assert recipes.create("cable", "demo:").revision == 1
    assert recipes.create("cable", "opencv:0").revision == 2
    assert [r.camera for r in recipes.revisions("cable")] == ["opencv:0", "demo:"]
    assert recipes.names() == ["cable"]


def test_the_current_product_is_announced_once(qtbot: QtBot) -> None:
    recipes = RecipeService(MemoryRecipes(), "cable")
    with qtbot.waitSignal(recipes.current_changed) as told:
        recipes.set_current("bottle")
    assert told.args == ["bottle"]
    with qtbot.assertNotEmitted(recipes.current_changed):
        recipes.set_current("bottle")


def test_a_product_without_a_name_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(ValueError):
        RecipeService(MemoryRecipes()).create("  ", "demo:")


def test_a_revision_keeps_everything_but_what_changed(qtbot: QtBot) -> None:
    recipes = RecipeService(MemoryRecipes())
    recipes.create("cable", "demo:")
    revised = recipes.revise("cable", "too many false alarms", limits=Limits("model", 0.2, 0.6))
    assert (revised.revision, revised.camera) == (2, "demo:")
    moved = recipes.create("cable", "opencv:0")
    assert (moved.limits, moved.reason) == (Limits("model", 0.2, 0.6), "")
    assert recipes.latest("cable") == moved
    with pytest.raises(KeyError):
        recipes.revise("bottle", "there is none")


def test_stored_revisions_are_read_as_they_were(qtbot: QtBot) -> None:
    recipe = Recipe("cable", "demo:", 3, NOON, "Eva", "why", Limits("model", -1.5, 2.0))
    stored = json.loads(json.dumps(recipe.to_settings()))
    assert Recipe.from_settings("cable", "demo:", 3, NOON, "Eva", stored) == recipe
    assert Recipe.from_settings("cable", "demo:", 3, NOON, "Eva", {}).limits is None


@pytest.mark.parametrize(("ok", "ng"), [(0.6, 0.2), (float("nan"), 1.0), (0.0, float("inf"))])
def test_limits_that_cannot_be_are_refused(ok: float, ng: float) -> None:
    with pytest.raises(ValueError):
        Limits("model", ok, ng)


FULL = Recipe(
    "cable", "demo:", 3, NOON, "Eva", "why",
    limits=Limits("model", -1.5, 2.0), trigger=TriggerMode.TIMER, interval_ms=250,
    deadline_ms=900, stop_after_ng=3, model_id="model",
    classes=(DefectClass("bent_wire", "Bent strand", "Brin plié"), DefectClass("cut")),
    storage=Storage(Keep.SAMPLED, 20, 30), roi=Roi(0.25, 0.0, 0.5, 1.0),
)  # fmt: skip


def stored(**changes: object) -> Recipe:
    """The full recipe after some of its stored fields were changed."""
    settings = {**json.loads(json.dumps(FULL.to_settings())), **changes}
    return Recipe.from_settings("cable", "demo:", 3, NOON, "Eva", settings)


def test_every_field_comes_back_as_it_was_stored(qtbot: QtBot) -> None:
    assert stored() == FULL
    assert stored().damaged == ()


def test_what_a_newer_program_wrote_is_passed_over(qtbot: QtBot) -> None:
    assert stored(illumination={"left": 3}) == FULL


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trigger", "magic"), ("trigger", 3), ("interval_ms", -1), ("interval_ms", True),
        ("interval_ms", "fast"), ("deadline_ms", 10), ("stop_after_ng", 1.5), ("model_id", 7),
        ("limits", {"model_id": "m", "ok": 3.0, "ng": 1.0}), ("limits", [1, 2]),
        ("limits", {"model_id": "m", "ok": "x", "ng": 1.0}), ("classes", ["bent"]),
        ("classes", {" ": {}}), ("classes", {"a\nb": {}}),
        ("classes", {"x" * 65: {}}), ("classes", {"bent": "Bent"}),
        ("classes", {"bent": {"en": 3}}),
        ("storage", {"keep": "some"}), ("storage", {"keep": "all", "days": 0}), ("storage", 5),
        ("storage", {"keep": "sampled", "every": None}), ("reason", 4),
        ("roi", [0, 0, 2, 1]), ("roi", [0, 0, 1]), ("roi", "all"), ("roi", [True, 0, 1, 1]),
        ("roi", 5), ("roi", [None, 0, 1, 1]),
    ],
)  # fmt: skip
def test_a_damaged_field_keeps_its_default_and_is_named(field: str, value: object) -> None:
    read = stored(**{field: value})
    assert [damaged.name for damaged in read.damaged] == [field]
    assert getattr(read, field) == getattr(Recipe("x", "demo:", 1, NOON), field)
    others = [name for name in FULL.to_settings() if name != field]
    assert all(getattr(read, name) == getattr(FULL, name) for name in others)


def test_what_cannot_be_is_refused_with_a_code(qtbot: QtBot) -> None:
    recipes = RecipeService(MemoryRecipes())
    recipes.create("cable", "demo:")
    twice = (DefectClass("cut"), DefectClass("cut", "Cut"))
    for code, changes in (
        ("reason_missing", {}), ("class_twice", {"classes": twice}),
        ("number_range", {"interval_ms": -1}),
    ):  # fmt: skip
        with pytest.raises(RecipeError) as refused:
            recipes.revise("cable", "why" if changes else "  ", **changes)
        assert refused.value.code == code
    with pytest.raises(CameraError):
        recipes.revise("cable", "why", camera="nowhere")
    assert len(recipes.revisions("cable")) == 1


def test_an_older_revision_is_restored_as_a_new_one(qtbot: QtBot) -> None:
    recipes = RecipeService(MemoryRecipes())
    recipes.create("cable", "demo:/a")
    recipes.revise("cable", "slower", interval_ms=500, storage=Storage(days=7))
    recipes.revise("cable", "other camera", camera="demo:/b")
    with qtbot.waitSignal(recipes.revised) as told:
        restored = recipes.restore("cable", 2, "the other camera was blurred")
    assert told.args == [restored]
    assert (restored.revision, restored.camera, restored.interval_ms) == (4, "demo:/a", 500)
    assert restored.storage == Storage(days=7)
    assert restored.reason == "the other camera was blurred"
    with pytest.raises(RecipeError) as same:
        recipes.restore("cable", 2, "again")
    assert same.value.code == "recipe_same"


def test_a_copy_is_a_product_of_its_own(qtbot: QtBot) -> None:
    store = MemoryRecipes()
    store.rows.append(FULL)
    recipes = RecipeService(store, "cable")
    copy = recipes.copy("cable", " Cable 2 ", "a thinner cable")
    assert (copy.name, copy.revision, copy.reason) == ("Cable 2", 1, "a thinner cable")
    assert (copy.classes, copy.storage, copy.interval_ms) == (FULL.classes, FULL.storage, 250)
    assert (copy.limits, copy.model_id) == (None, None)
    assert recipes.current == "cable"
    with pytest.raises(RecipeError) as taken:
        recipes.copy("cable", "CABLE 2", "twice")
    assert taken.value.code == "product_taken"


def test_differences_name_what_inspects_differently() -> None:
    other = replace(FULL, camera="opencv:0", stop_after_ng=None, reason="another", revision=9)
    assert changed_fields(FULL, other) == ["camera", "stop_after_ng"]


@pytest.mark.parametrize(
    ("keep", "kept"), [(Keep.ALL, [1, 2, 3, 4]), (Keep.SAMPLED, [2, 4]), (Keep.NOT_OK, [])]
)
def test_pictures_of_ok_parts_are_kept_by_the_rule(keep: Keep, kept: list[int]) -> None:
    assert [number for number in range(1, 5) if Storage(keep, 2).keeps_ok(number)] == kept


def test_a_recipe_takes_the_place_of_the_stations_own_pace() -> None:
    own = Pace(TriggerMode.FOLDER, 1000, 2000, 5)
    assert own.under(None) == own.under(Recipe("cable", "demo:", 1, NOON)) == own
    assert own.under(FULL) == Pace(TriggerMode.TIMER, 250, 900, 3)
    never = replace(FULL, trigger=None, interval_ms=0, stop_after_ng=0)
    assert own.under(never) == Pace(TriggerMode.FOLDER, 0, 900, 0)


def test_the_stop_after_ng_parts_is_kept_and_old_revisions_have_none() -> None:
    recipe = Recipe("cable", "demo:", 1, NOON, stop_after_ng=4)
    stored = json.loads(json.dumps(recipe.to_settings()))
    assert Recipe.from_settings("cable", "demo:", 1, NOON, "", stored) == recipe
    assert Recipe.from_settings("cable", "demo:", 1, NOON, "", {}).stop_after_ng is None
