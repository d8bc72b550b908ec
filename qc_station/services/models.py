"""The station's library of taught models: which exist, which one is active. Knows no engine code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from qc_station.domain.model_version import Estimate, LimitClaim, ModelVersion, tightest_rate


class LibraryError(Exception):
    """A model cannot be listed or activated. ``code`` is for translation, str() for people."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


class VersionStore(Protocol):
    """Where model versions are kept; the database's adapter is in services/model_store.py."""

    def add(self, version: ModelVersion) -> None: ...

    def versions(self, recipe: str | None) -> list[ModelVersion]: ...

    def set_active(self, recipe: str, model_id: str, at: datetime) -> None: ...


class AuditLike(Protocol):
    """The part of AuditLog that is used here."""

    def append(self, actor: str, action: str, subject: str, details: dict[str, Any]) -> object: ...


class ModelLibrary(QObject):
    """Versions per recipe, newest first; exactly one of them may be active."""

    changed = Signal()
    activated = Signal(object)  # ModelVersion

    def __init__(
        self,
        store: VersionStore,
        audit: AuditLike,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._audit = audit

    def versions(self, recipe: str | None = None) -> list[ModelVersion]:
        """All versions of a recipe (or of all), newest first."""
        raise NotImplementedError

    def active(self, recipe: str) -> ModelVersion | None:
        """The version that inspects this recipe."""
        raise NotImplementedError

    def get(self, model_id: str) -> ModelVersion | None:
        """One version by its id."""
        raise NotImplementedError

    def register(
        self,
        path: Path,
        *,
        recipe: str | None = None,
        taught_from: str | None = None,
        actor: str = "station",
    ) -> ModelVersion:
        """Reads a bundle's manifest and adds it to the library, not active."""
        raise NotImplementedError

    def activate(self, model_id: str, actor: str) -> ModelVersion:
        """Makes a version the one that inspects; says so with ``activated``."""
        raise NotImplementedError

    def previous(self, recipe: str) -> ModelVersion | None:
        """The version a roll-back would return to."""
        raise NotImplementedError

    def rollback(self, recipe: str, actor: str) -> ModelVersion:
        """Returns to the version that was active before."""
        raise NotImplementedError
