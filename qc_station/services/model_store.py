"""Model versions and recipes in the database: turns records into domain objects. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.records import ModelVersionRecord, RecipeRecord
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.recipes import RecipeRepository
from db.store import Store
from qc_station.domain.model_version import Estimate, LimitClaim, ModelVersion
from qc_station.domain.recipe import Recipe
from qc_station.domain.roi import read_roi, roi_value
from qc_station.services import teaching_set


class DatabaseVersionStore:
    """Keeps ModelVersion; bundles below ``models`` by their folder name, so a home can move."""

    def __init__(self, store: Store, models: Path) -> None:
        self._store = store
        self._models = models

    def add(self, version: ModelVersion) -> None:
        """Keeps a new version, not active."""
        record = ModelVersionRecord(
            model_id=version.model_id,
            recipe=version.recipe,
            product=version.product,
            model=version.model,
            path=self._short(version.path),
            parent=version.parent,
            created_at=version.created_at,
            registered_at=datetime.now(UTC),
            facts={
                "classes": list(version.classes),
                "n_good": version.n_good,
                "n_defect": version.n_defect,
                "ok_claim": asdict(version.ok_claim),
                "ng_claim": asdict(version.ng_claim),
                "metrics": {name: asdict(figure) for name, figure in version.metrics.items()},
                "taught_from": version.taught_from,
                "roi": roi_value(version.roi),
            },
        )
        self._store.write(lambda session: ModelVersionRepository(session).add(record))

    def versions(self, recipe: str | None) -> list[ModelVersion]:
        """Versions of one recipe, or of all."""
        records = self._store.read(lambda session: ModelVersionRepository(session).versions(recipe))
        return [self._version(record) for record in records]

    def set_active(self, recipe: str, model_id: str, at: datetime) -> None:
        """Makes one version of the recipe active and all others not, in one transaction."""
        self._store.write(lambda session: ModelVersionRepository(session).activate(model_id, at))

    def _taught_from(self, kept: str | None) -> str | None:
        """The pictures of a model, also after the home was moved or restored elsewhere."""
        if kept is None:
            return None
        return str(teaching_set.moved_with_home(Path(kept), self._models.parent))

    def _short(self, path: Path) -> str:
        return path.name if path.parent == self._models else str(path)

    def _version(self, record: ModelVersionRecord) -> ModelVersion:
        facts: Mapping[str, Any] = record.facts
        return ModelVersion(
            model_id=record.model_id,
            path=self._models / record.path,  # an absolute path stays absolute
            recipe=record.recipe,
            product=record.product,
            model=record.model,
            created_at=record.created_at,
            classes=tuple(facts["classes"]),
            n_good=facts["n_good"],
            n_defect=facts["n_defect"],
            ok_claim=LimitClaim(**facts["ok_claim"]),
            ng_claim=LimitClaim(**facts["ng_claim"]),
            metrics={name: Estimate(**figure) for name, figure in facts["metrics"].items()},
            parent=record.parent,
            taught_from=self._taught_from(facts.get("taught_from")),
            roi=read_roi(facts["roi"]) if facts.get("roi") else None,
            active=record.active,
            activated_at=record.activated_at,
        )


class DatabaseRecipeStore:
    """Keeps Recipe revisions."""

    def __init__(self, store: Store, actor: Callable[[], str] = lambda: "station") -> None:
        """``actor`` tells who is at work when a revision is made."""
        self._store = store
        self._actor = actor

    def names(self) -> list[str]:
        """All product names."""
        return self._store.read(lambda session: RecipeRepository(session).names())

    def revisions(self, name: str) -> list[Recipe]:
        """All revisions of one product."""
        records = self._store.read(lambda session: RecipeRepository(session).revisions(name))
        return [_recipe(record) for record in records]

    def add(self, recipe: Recipe) -> None:
        """Keeps one more revision; the database numbers it."""
        actor = self._actor()
        self._store.write(
            lambda session: RecipeRepository(session).add_revision(
                recipe.name, recipe.camera, recipe.to_settings(), recipe.created_at, actor
            )
        )


def _recipe(record: RecipeRecord) -> Recipe:
    return Recipe.from_settings(
        record.name, record.camera, record.revision, record.created_at, record.created_by,
        record.settings,
    )  # fmt: skip
