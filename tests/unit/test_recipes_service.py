"""Products and their revisions."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pytestqt.qtbot import QtBot

from qc_station.domain.recipe import Limits, Recipe
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


def test_the_stop_after_ng_parts_is_kept_and_old_revisions_have_none() -> None:
    recipe = Recipe("cable", "demo:", 1, NOON, stop_after_ng=4)
    stored = json.loads(json.dumps(recipe.to_settings()))
    assert Recipe.from_settings("cable", "demo:", 1, NOON, "", stored) == recipe
    assert Recipe.from_settings("cable", "demo:", 1, NOON, "", {}).stop_after_ng is None
