"""Products the station knows and the one it inspects now. Knows no camera code and no SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from qc_station.camera.registry import open_camera
from qc_station.domain.access import Action
from qc_station.domain.recipe import Recipe, RecipeError, changed_fields, check_name, copied
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
    revised = Signal(object)  # Recipe: the revision of its product that counts from now on
    current_changed = Signal(str)

    def __init__(
        self,
        store: RecipeStore,
        current: str = "",
        parent: QObject | None = None,
        require: Require = allow_everything,
        held: Callable[[], bool] = lambda: False,
    ) -> None:
        """``current`` is the product of the last time; the settings remember it. ``held`` tells
        whether the camera must stay with its product for now."""
        super().__init__(parent)
        self._require = require
        self._store = store
        self._current = current
        self._held = held

    @property
    def current(self) -> str:
        """The product that is inspected; empty before the first."""
        return self._current

    def choose(self, name: str) -> None:
        """Somebody wants another product inspected. Raises AccessError and RecipeError."""
        self._require(Action.CHANGE_RECIPE)
        if self._held() and name != self._current:
            raise RecipeError(
                "product_held",
                "Pictures of good parts are being taken. Finish or cancel that first.",
            )
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

        Raises RecipeError for a name that cannot be.
        """
        name = check_name(name)
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

        Raises AccessError, RecipeError without a reason or for what cannot be, CameraError for an
        address that is none, and KeyError where there is no such product.
        """
        self._require(Action.CHANGE_RECIPE)
        known = self.latest(name)
        if known is None:
            raise KeyError(name)
        reason = _reason(reason)
        revised = _next(known, reason, **changes)
        if revised.camera != known.camera:
            open_camera(revised.camera)
        return self._keep(revised)

    def restore(self, name: str, revision: int, reason: str) -> Recipe:
        """The next revision, which inspects as an older one did. Raises as ``revise``."""
        self._require(Action.CHANGE_RECIPE)
        known = {recipe.revision: recipe for recipe in self.revisions(name)}
        if revision not in known:
            raise KeyError(f"{name} {revision}")
        newest = known[max(known)]
        if not changed_fields(newest, known[revision]):
            raise RecipeError(
                "recipe_same", "This revision inspects just as the newest one does.", name=name
            )
        return self.revise(name, reason, **newest.with_content_of(known[revision]))

    def copy(self, name: str, new_name: str, reason: str) -> Recipe:
        """Another product that is set up as the newest revision of this one.

        Raises AccessError, RecipeError (a name that is taken or cannot be, no reason), KeyError.
        """
        self._require(Action.CHANGE_RECIPE)
        known = self.latest(name)
        if known is None:
            raise KeyError(name)
        copy = copied(known, new_name, datetime.now(UTC), _reason(reason))
        self._check_free(copy.name)
        return self._keep(copy)

    def add(self, recipe: Recipe) -> Recipe:
        """The first revision of a product that comes from elsewhere, for its own reason.

        Raises AccessError, RecipeError (a name that is taken, no reason) and CameraError.
        """
        self._require(Action.CHANGE_RECIPE)
        self._check_free(recipe.name)
        open_camera(recipe.camera)
        return self._keep(
            replace(
                recipe, revision=1, created_at=datetime.now(UTC), created_by="",
                reason=_reason(recipe.reason),
            )
        )  # fmt: skip

    def _check_free(self, name: str) -> None:
        if name.casefold() in (taken.casefold() for taken in self.names()):
            raise RecipeError("product_taken", f'There is a product "{name}" already.', name=name)

    def latest(self, name: str) -> Recipe | None:
        """The revision that counts."""
        return next(iter(self.revisions(name)), None)

    def pinned_model(self, name: str) -> str | None:
        """The model version that a product's recipe insists on; None: the active one."""
        recipe = self.latest(name)
        return recipe.model_id if recipe is not None else None

    def class_ids(self) -> list[str]:
        """Defect classes that the recipe of the inspected product names."""
        recipe = self.latest(self._current) if self._current else None
        return [item.class_id for item in recipe.classes] if recipe is not None else []

    def days_kept(self) -> dict[str, int]:
        """Products whose pictures are deleted after so many days. From any thread."""
        newest = [self.latest(name) for name in self._store.names()]
        return {
            recipe.name: recipe.storage.days
            for recipe in newest
            if recipe is not None and recipe.storage.days is not None
        }

    def revisions(self, name: str) -> list[Recipe]:
        """All revisions of a product, newest first."""
        return sorted(self._store.revisions(name), key=lambda r: r.revision, reverse=True)

    def _keep(self, recipe: Recipe) -> Recipe:
        self._store.add(recipe)
        kept = self.revisions(recipe.name)[0]
        self.changed.emit()
        self.revised.emit(kept)
        return kept


def _reason(text: str) -> str:
    if not text.strip():
        raise RecipeError("reason_missing", "Say in a few words why, then save.")
    return text.strip()


def _next(recipe: Recipe, reason: str, **changes: Any) -> Recipe:
    return replace(
        recipe, revision=recipe.revision + 1, created_at=datetime.now(UTC), reason=reason,
        damaged=(), **changes,
    )  # fmt: skip
