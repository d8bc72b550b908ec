"""Recipes between stations: export signed, look at a file, import it as a new revision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from db.errors import as_store_error
from qc_station.domain.access import Action
from qc_station.domain.recipe import Recipe, RecipeError
from qc_station.services.models import AuditLike
from qc_station.services.permits import Require, allow_everything
from qc_station.services.recipe_file import RecipeFile, read_file, write_file
from qc_station.services.recipes import RecipeService
from qc_station.services.signing import SigningKey, TrustedKeys, fingerprint

__all__ = ["RecipeExchange", "RecipeFile"]


class RecipeExchange:
    """Nothing is overwritten: what is imported becomes a product's next revision."""

    def __init__(
        self,
        recipes: RecipeService,
        key: SigningKey,
        trusted: TrustedKeys,
        audit: AuditLike,
        require: Require = allow_everything,
    ) -> None:
        self._recipes, self._key, self._trusted = recipes, key, trusted
        self._audit, self._require = audit, require

    @property
    def own_fingerprint(self) -> str:
        """This station's key for people to compare."""
        return fingerprint(self._key.public)

    def export(self, name: str, path: Path, actor: str) -> Recipe:
        """Write the newest revision to a signed file, without its golden samples: they lie here.

        AccessError, KeyError, StoreError.
        """
        self._require(Action.EXPORT)
        recipe = self._recipes.latest(name)
        if recipe is None:
            raise KeyError(name)
        try:
            write_file(replace(recipe, golden=None), path, self._key, actor)
        except OSError as error:
            raise as_store_error(error) from error
        self._audit.append(actor, "recipe.exported", name, {"revision": recipe.revision})
        return recipe

    def read(self, path: Path) -> RecipeFile:
        """What a file says. AccessError, RecipeError recipe_file_…, StoreError."""
        self._require(Action.CHANGE_RECIPE)
        try:
            return read_file(path)
        except OSError as error:
            raise RecipeError(
                "recipe_file_missing", f"The file {path} cannot be opened.", path=str(path)
            ) from error

    def signer(self, file: RecipeFile) -> str | None:
        """The name under which its signer is trusted; empty for this station, None for nobody."""
        return "" if file.public == self._key.public else self._trusted.name_of(file.public)

    def present(self, file: RecipeFile) -> Recipe | None:
        """The revision that an import would follow; None for a product that is new here."""
        wanted = file.recipe.name.casefold()
        name = next((name for name in self._recipes.names() if name.casefold() == wanted), None)
        return self._recipes.latest(name) if name is not None else None

    def trust(self, file: RecipeFile, name: str, actor: str) -> str:
        """Files of this signer need no question any more; its name.

        AccessError, RecipeError, StoreError.
        """
        self._require(Action.CHANGE_RECIPE)
        if not name.strip():
            raise RecipeError("key_name_missing", "Say whose key this is.")
        try:
            self._trusted.trust(file.public, name)
        except OSError as error:
            raise as_store_error(error) from error
        self._audit.append(actor, "recipe.key_trusted", file.fingerprint, {"name": name.strip()})
        return name.strip()

    def import_file(self, file: RecipeFile, reason: str, actor: str) -> Recipe:
        """The recipe as a new revision. Raises as ``RecipeService.revise``, and RecipeError
        recipe_key_unknown unless its signer is trusted."""
        self._require(Action.CHANGE_RECIPE)
        if self.signer(file) is None:
            raise RecipeError(
                "recipe_key_unknown", "The key that signed this file is not trusted here."
            )
        present = self.present(file)
        if present is None:
            kept = self._recipes.add(replace(file.recipe, reason=reason, golden=None))
        else:
            brought = replace(file.recipe, golden=present.golden)
            kept = self._recipes.revise(present.name, reason, **present.with_content_of(brought))
        self._audit.append(
            actor, "recipe.imported", kept.name,
            {"revision": kept.revision, "key": file.fingerprint},
        )  # fmt: skip
        return kept
