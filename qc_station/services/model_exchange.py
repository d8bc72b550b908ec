"""Takes models out of the library and into it, as one file each. No widgets."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind
from qc_station.domain.model_version import ModelVersion
from qc_station.services.activities import Activities
from qc_station.services.model_file import export_model, import_model
from qc_station.services.models import AuditLike, ModelLibrary
from qc_station.services.permits import Require, allow_everything
from qc_station.services.progress import Cancelled
from qc_station.services.recipes import RecipeService
from qc_station.version import program_version


class ModelExchange(QObject):
    """``exported``, ``imported`` or ``failed`` follow what was asked. GUI thread."""

    exported = Signal(object)  # Path
    imported = Signal(object)  # ModelVersion, not active
    failed = Signal(str, str, str)  # code, sentence, file

    def __init__(
        self,
        library: ModelLibrary,
        recipes: RecipeService,
        models: Path,
        activities: Activities,
        audit: AuditLike,
        camera: Callable[[], str],
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``camera`` tells the address to keep with a product that the station did not know."""
        super().__init__(parent)
        self._library, self._recipes, self._models = library, recipes, models
        self._activities, self._audit, self._require = activities, audit, require
        self._camera = camera

    def export(self, version: ModelVersion, target: Path, actor: str) -> None:
        """Writes a version to a file. AccessError without Action.EXPORT."""
        self._require(Action.EXPORT)

        def done(path: Path) -> None:
            self._audit.append(actor, "model.exported", version.model_id, {"file": path.name})
            self.exported.emit(path)

        self._activities.run(
            ActivityKind.MODEL_EXPORT,
            lambda report: export_model(
                version.path, target, version.recipe, program_version(), report
            ),
            done, self._on_failed, subject=version.short_name, actor=actor, needs=Action.EXPORT,
        )  # fmt: skip

    def take_in(self, source: Path, actor: str) -> None:
        """Checks a model file and adds it to the library, not active. AccessError without
        Action.ACTIVATE_MODEL."""
        self._require(Action.ACTIVATE_MODEL)

        def done(result: tuple[Path, str]) -> None:
            self._register(*result, source, actor)

        self._activities.run(
            ActivityKind.MODEL_IMPORT,
            lambda report: import_model(source, self._models, report),
            done, self._on_failed, subject=source.name, actor=actor,
            needs=Action.ACTIVATE_MODEL,
        )  # fmt: skip

    def _register(self, place: Path, product: str, source: Path, actor: str) -> None:
        try:
            if product not in self._recipes.names():
                self._recipes.create(product, self._camera())
            version = self._library.register(place, recipe=product, actor=actor)
            self._audit.append(actor, "model.imported", version.model_id, {"file": source.name})
        except Exception as error:  # noqa: BLE001 - said to whoever asked
            shutil.rmtree(place, ignore_errors=True)
            self._on_failed(error)
            return
        self.imported.emit(version)

    def _on_failed(self, error: Exception) -> None:
        params = getattr(error, "params", {})
        code = "cancelled_work" if isinstance(error, Cancelled) else getattr(error, "code", "")
        file = str(params.get("file") or params.get("path") or "")
        self.failed.emit(str(code), str(error), file)
