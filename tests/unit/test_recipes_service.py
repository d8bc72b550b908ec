"""Products and their revisions."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from qc_station.domain.recipe import Recipe
from qc_station.services.recipes import RecipeService


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
