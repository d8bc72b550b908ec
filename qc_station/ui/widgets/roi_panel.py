"""The part of the picture that a product's next model looks at, drawn on a picture of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qc_station.domain.model_version import ModelVersion
from qc_station.domain.recipe import Recipe
from qc_station.domain.roi import Roi
from qc_station.ui import icons
from qc_station.ui import recipe_words as words
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.roi_editor import RoiEditor

Picture = NDArray[np.uint8]
AskPicture = Callable[[str, Callable[[Picture | None], None]], None]
"""``ask(product, done)`` calls ``done`` later with a picture of the product, None without one."""


class RoiPanel(QWidget):
    """Shows a recipe's area; the picture is asked for when the panel is seen."""

    changed = Signal()

    def __init__(self, ask_picture: AskPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask_picture = ask_picture
        self._product = ""
        self._pictured = ""  # the product that the picture is of
        self._taught: tuple[bool, Roi | None] = (False, None)
        self.editor = RoiEditor(self)
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        self._note.setObjectName("roi_note")
        self._hint = QLabel(self)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.newest_button = QPushButton(icons.icon("refresh"), "", self)
        self.newest_button.setObjectName("roi_newest")
        self.whole_button = QPushButton(icons.icon("fit"), "", self)
        self.whole_button.setObjectName("roi_whole")
        self.newest_button.clicked.connect(self.load_picture)
        self.whole_button.clicked.connect(lambda: self.editor.set_roi(None))
        self.editor.changed.connect(self._on_editor)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._hint, 1)
        row.addWidget(self.newest_button)
        row.addWidget(self.whole_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.editor, 1)
        layout.addWidget(self._note)
        layout.addLayout(row)

    @property
    def roi(self) -> Roi | None:
        """What is drawn; None for the whole picture."""
        return self.editor.roi

    def show_recipe(self, recipe: Recipe, used: ModelVersion | None) -> None:
        """``used`` is the model that inspects this product."""
        self._product = recipe.name
        self._taught = (used is not None, used.roi if used is not None else None)
        self.editor.show_roi(recipe.roi)
        if self._pictured != self._product:
            self._pictured = ""
            self.editor.show_picture(None)
            if self.isVisible():
                self.load_picture()
        self._show_note()

    def load_picture(self) -> None:
        """Asks for the newest picture of the product."""
        product = self._product

        def done(picture: Picture | None) -> None:
            if product == self._product:
                self._pictured = product if picture is not None else ""
                self.editor.show_picture(picture)

        if product:
            self._ask_picture(product, done)

    def showEvent(self, event: object) -> None:
        """The picture is only worth asking for when somebody looks."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self._pictured != self._product:
            self.load_picture()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.editor.setAccessibleName(self.tr("Area that is inspected, drawn on the picture"))
        self._hint.setText(
            self.tr(
                "Draw with the mouse. Arrows move the area, Shift and arrows resize it, Delete "
                "takes the whole picture."
            )
        )
        set_words(self.newest_button, self.tr("Newest picture"))
        set_words(self.whole_button, self.tr("Whole picture"))
        self._show_note()

    def _on_editor(self) -> None:
        self._show_note()
        self.changed.emit()

    def _show_note(self) -> None:
        """The area belongs to the model: what is drawn counts from the next teaching."""
        has_model, taught = self._taught
        drawn = words.roi_words(self.roi)
        if has_model and not same_area(taught, self.roi):
            self._note.setText(
                self.tr(
                    "Drawn: {drawn}. The model in use was taught on: {taught}. Save, then teach "
                    "again or retrain: the new model looks at the drawn area."
                ).format(drawn=drawn, taught=words.roi_words(taught))
            )
        else:
            self._note.setText(self.tr("Inspected: {}.").format(drawn))


def same_area(one: Roi | None, other: Roi | None) -> bool:
    """Whether two areas are the same to the precision in which a model keeps its own."""
    return words.roi_words(one) == words.roi_words(other)
