"""The library of taught models: which exist, which one is active. Knows no engine code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from qc_station.domain.access import Action
from qc_station.domain.model_version import ModelVersion
from qc_station.services.manifest import LibraryError, read_manifest, read_version
from qc_station.services.permits import Require, allow_everything

__all__ = ["AuditLike", "LibraryError", "ModelLibrary", "VersionStore"]


class VersionStore(Protocol):
    """Where model versions are kept; services/model_store.py has the database's adapter."""

    def add(self, version: ModelVersion) -> None:
        """Keeps a new version, not active."""

    def versions(self, recipe: str | None) -> list[ModelVersion]:
        """Versions of one recipe, or of all."""

    def set_active(self, recipe: str, model_id: str, at: datetime) -> None:
        """Makes one version of the recipe active and all others not, in one transaction."""


class AuditLike(Protocol):
    """The part of AuditLog that is used here."""

    def append(self, actor: str, action: str, subject: str, details: dict[str, Any]) -> object:
        """Adds one event to the chain."""


class ModelLibrary(QObject):
    """Versions per recipe, newest first; exactly one of them may be active."""

    changed = Signal()
    activated = Signal(object)  # ModelVersion

    def __init__(
        self,
        store: VersionStore,
        audit: AuditLike,
        parent: QObject | None = None,
        require: Require = allow_everything,
        pinned: Callable[[str], str | None] = lambda _product: None,
    ) -> None:
        """``pinned`` tells the version that a product's recipe insists on, if it does."""
        super().__init__(parent)
        self._require = require
        self._pinned = pinned
        self._store = store
        self._audit = audit

    def versions(self, recipe: str | None = None) -> list[ModelVersion]:
        """All versions of a recipe (or of all), newest first."""
        found = self._store.versions(recipe)
        return sorted(found, key=lambda version: version.created_at, reverse=True)

    def active(self, recipe: str) -> ModelVersion | None:
        """The version that inspects this recipe."""
        return next((version for version in self.versions(recipe) if version.active), None)

    def get(self, model_id: str) -> ModelVersion | None:
        """One version by its id."""
        return next((v for v in self.versions() if v.model_id == model_id), None)

    def register(
        self,
        path: Path,
        *,
        recipe: str | None = None,
        taught_from: str | None = None,
        actor: str = "station",
    ) -> ModelVersion:
        """Reads a bundle's manifest and adds it to the library, not active.

        Registering a known bundle again returns what is there. Raises LibraryError.
        """
        version = read_version(path, recipe=recipe, taught_from=taught_from)
        known = self.get(version.model_id)
        if known is not None:
            return known
        self._store.add(version)
        self._audit.append(
            actor,
            "model.registered",
            version.model_id,
            {
                "recipe": version.recipe,
                "parent": version.parent,
                "n_good": version.n_good,
                "n_defect": version.n_defect,
                "taught_from": taught_from,
            },
        )
        self.changed.emit()
        return version

    def activate(self, model_id: str, actor: str, reason: str = "") -> ModelVersion:
        """Makes a version the one that inspects; says so with ``activated``.

        ``reason`` goes into the audit trail.

        Raises LibraryError: unknown_model, model_pinned, bundle_missing, bundle_damaged;
        AccessError.
        """
        self._require(Action.ACTIVATE_MODEL)
        known = self.get(model_id)
        if known is not None:
            self._check_pin(known)
        return self._activate(model_id, actor, "model.activated", reason)

    def put_in_use(self, model_id: str, actor: str) -> ModelVersion:
        """``activate`` for what the station does by itself: a product's first model when its
        teaching ends, the model before when a new one is refused. Raises LibraryError."""
        return self._activate(model_id, actor, "model.activated")

    def previous(self, recipe: str) -> ModelVersion | None:
        """The version a roll-back would return to: the one that was active last before this."""
        candidates = [
            version
            for version in self.versions(recipe)
            if not version.active and version.activated_at is not None
        ]
        return max(candidates, key=lambda version: version.activated_at or _NEVER, default=None)

    def rollback(self, recipe: str, actor: str, reason: str = "") -> ModelVersion:
        """Returns to the version that was active before; a second time returns again.

        Raises LibraryError nothing_to_roll_back and as ``activate``; AccessError.
        """
        self._require(Action.ACTIVATE_MODEL)
        target = self.previous(recipe)
        if target is None:
            raise LibraryError(
                "nothing_to_roll_back",
                "No other version has been active for this product, so there is nothing to "
                "roll back to.",
                recipe=recipe,
            )
        self._check_pin(target)
        return self._activate(target.model_id, actor, "model.rolled_back", reason)

    def _check_pin(self, version: ModelVersion) -> None:
        pinned = self._pinned(version.recipe)
        if pinned is not None and pinned != version.model_id:
            raise LibraryError(
                "model_pinned",
                "The recipe of this product insists on another model: change the recipe first.",
                recipe=version.recipe,
            )

    def _activate(self, model_id: str, actor: str, action: str, reason: str = "") -> ModelVersion:
        version = self.get(model_id)
        if version is None:
            raise LibraryError(
                "unknown_model", f"There is no model {model_id} in the library.", model=model_id
            )
        read_manifest(version.path)
        before = self.active(version.recipe)
        now = datetime.now(UTC)
        self._store.set_active(version.recipe, model_id, now)
        details = {"recipe": version.recipe, "before": before.model_id if before else None}
        if reason.strip():
            details["reason"] = reason.strip()
        self._audit.append(actor, action, model_id, details)
        version = replace(version, active=True, activated_at=now)
        self.changed.emit()
        self.activated.emit(version)
        return version


_NEVER = datetime.min.replace(tzinfo=UTC)
