"""By which limits parts are judged, in one line. Knows the recipe, not the parts."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from qc_station.backend.api import LoadedModel
from qc_station.services.recipes import RecipeService
from qc_station.ui.messages import figures


class LimitsNote(QLabel):
    """Says what the engine says; that limits of another model do not count is the recipe's news."""

    def __init__(self, recipes: RecipeService | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("limits_note")
        self.setProperty("role", "muted")
        self.setStyleSheet("font-size: 13px;")
        self.setMinimumWidth(1)  # a long text must not widen the column
        self.hide()
        self._recipes = recipes
        self._model: LoadedModel | None = None
        if recipes is not None:
            recipes.changed.connect(self.retranslate)

    def show_model(self, model: LoadedModel | None) -> None:
        """The model that answers, with the limits that decide."""
        self._model = model
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """The line in the current language."""
        model = self._model
        if model is None or model.ok_limit is None or model.ng_limit is None:
            self.clear()
            self.hide()
            return
        ok, ng = figures(model.ok_limit, model.ng_limit)
        text = self.tr("OK ≤ {ok} · NG > {ng}").format(ok=ok, ng=ng)
        origin = self.tr("The model's own limits.")
        if model.limits_given:
            origin = self.tr("Limits set on the Thresholds page.")
            text = self.tr("Set limits: {}").format(text)
        elif self._void(model):
            origin = self.tr(
                "The limits of the recipe were set for another model and do not count."
            )
            text = self.tr("⚠ Set limits void, in use: {}").format(text)
        self.setText(text)
        self.show()
        self.setToolTip(origin)
        self.setAccessibleDescription(origin)

    def _void(self, model: LoadedModel) -> bool:
        recipes = self._recipes
        recipe = recipes.latest(recipes.current) if recipes is not None else None
        return (
            recipe is not None
            and recipe.limits is not None
            and (recipe.limits.model_id != model.model_id)
        )
