"""Products the station knows and the one it inspects now. Knows no camera code and no SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

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
        if not known:
            return self._keep(Recipe(name, camera, 1, datetime.now(UTC)))
        if known[0].camera == camera:
            return known[0]
        return self._keep(_next(known[0], "", camera=camera))

    def may_change(self) -> None:
        """Raises AccessError unless recipes may be changed now."""
        self._require(Action.CHANGE_RECIPE)

    def revise(self, name: str, reason: str, **changes: Any) -> Recipe:
        """The next revision of a product with these fields changed, for ``reason``.

        Raises AccessError, and KeyError where there is no such product.
        """
        self._require(Action.CHANGE_RECIPE)
        known = self.revisions(name)
        if not known:
            raise KeyError(name)
        return self._keep(_next(known[0], reason, **changes))

    def latest(self, name: str) -> Recipe | None:
        """The revision that counts."""
        return next(iter(self.revisions(name)), None)

    def revisions(self, name: str) -> list[Recipe]:
        """All revisions of a product, newest first."""
        return sorted(self._store.revisions(name), key=lambda r: r.revision, reverse=True)

    def _keep(self, recipe: Recipe) -> Recipe:
        self._store.add(recipe)
        self.changed.emit()
        return self.revisions(recipe.name)[0]


def _next(recipe: Recipe, reason: str, **changes: Any) -> Recipe:
    return replace(
        recipe, revision=recipe.revision + 1, created_at=datetime.now(UTC), reason=reason, **changes
    )
