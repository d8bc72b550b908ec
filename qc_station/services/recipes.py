"""Products the station knows and the one it inspects now. Knows no camera code and no SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from qc_station.domain.access import Action
from qc_station.domain.recipe import Recipe
from qc_station.services.permits import Require, allow_everything


class RecipeStore(Protocol):
    """Where recipes are kept; services/model_store.py has the database's adapter."""

    def names(self) -> list[str]:
        """All product names."""

    def revisions(self, name: str) -> list[Recipe]:
        """All revisions of one product, in any order."""

    def add(self, recipe: Recipe) -> None:
        """Keeps one more revision."""


class RecipeService(QObject):
    """Names products; ``current`` is the one that is inspected."""

    changed = Signal()
    current_changed = Signal(str)

    def __init__(
        self,
        store: RecipeStore,
        current: str = "",
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``current`` is the product of the last time; the settings remember it."""
        super().__init__(parent)
        self._require = require
        self._store = store
        self._current = current

    @property
    def current(self) -> str:
        """The product that is inspected; empty before the first."""
        return self._current

    def choose(self, name: str) -> None:
        """Somebody wants another product inspected. Raises AccessError."""
        self._require(Action.CHANGE_RECIPE)
        self.set_current(name)

    def set_current(self, name: str) -> None:
        """The station inspects another product from now on."""
        if name != self._current:
            self._current = name
            self.current_changed.emit(name)

    def names(self) -> list[str]:
        """Products, in alphabetical order."""
        return sorted(self._store.names(), key=str.casefold)

    def create(self, name: str, camera: str) -> Recipe:
        """Adds a product, or a new revision of it when its camera changed.

        Raises ValueError for an empty name.
        """
        name = name.strip()
        if not name:
            raise ValueError("a product needs a name")
        known = self.revisions(name)
        if known and known[0].camera == camera:
            return known[0]
        recipe = Recipe(name, camera, known[0].revision + 1 if known else 1, datetime.now(UTC))
        self._store.add(recipe)
        self.changed.emit()
        return recipe

    def revisions(self, name: str) -> list[Recipe]:
        """All revisions of a product, newest first."""
        return sorted(self._store.revisions(name), key=lambda r: r.revision, reverse=True)
