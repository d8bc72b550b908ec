"""Asks the model why, shows its answer on the picture and says it. Knows no queue and no engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.domain.explanation import NEAREST, OCCLUSION
from qc_station.domain.verdict import Inspection
from qc_station.ui.messages import error_sentence
from qc_station.ui.models.explanations import ExplainerLike, PartExplanation, Step
from qc_station.ui.widgets.answer_panel import KeyButton
from qc_station.ui.widgets.patch_strip import PatchStrip
from qc_station.ui.widgets.picture_canvas import PictureCanvas


class ExplainRow(QWidget):
    """Two key caps, and one sentence under them while there is something to say. The explanation
    takes the heatmap's place on the canvas, also where heatmaps are switched off: it was asked for.
    ``patches`` shows the nearest good ones; the page puts it where there is room."""

    def __init__(
        self, explainer: ExplainerLike, canvas: PictureCanvas, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._explanation = PartExplanation(explainer, self)
        self._canvas = canvas
        self._part: Inspection | None = None
        self._heatmap: NDArray[np.uint8] | None = None
        self._heatmap_visible = True
        self.patches = PatchStrip(parent)
        self._button = KeyButton("E", self, compact=True)
        self._button.setObjectName("review_explain")
        self._button.clicked.connect(self.toggle)
        self._nearest = KeyButton("V", self, compact=True)
        self._nearest.setObjectName("review_nearest")
        self._nearest.clicked.connect(self.toggle_nearest)
        self._said = QLabel(self)
        self._said.setObjectName("review_explained")
        self._said.setProperty("role", "muted")
        self._said.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        keys = QHBoxLayout()
        keys.setSpacing(6)
        keys.addWidget(self._button)
        keys.addWidget(self._nearest)
        layout.addLayout(keys)
        layout.addWidget(self._said)
        self._explanation.changed.connect(self._changed)
        self.leave()
        self.retranslate()

    def set_part(self, part: Inspection, heatmap: NDArray[np.uint8] | None) -> None:
        """The part whose picture is on the canvas now, and its heatmap."""
        self._part, self._heatmap = part, heatmap
        self._button.setEnabled(True)
        self._nearest.setEnabled(True)

    def set_heatmap_visible(self, visible: bool) -> None:
        """Whether the heatmap is shown when the explanation is not."""
        self._heatmap_visible = visible
        self._canvas.set_heatmap_visible(visible or self._explanation.given is not None)

    def leave(self) -> None:
        """The picture goes; what was asked about it is not waited for any more."""
        self._part = self._heatmap = None
        self._button.setEnabled(False)
        self._nearest.setEnabled(False)
        self._explanation.leave()

    @Slot()
    def toggle(self) -> None:
        """Ask what decided, or go back to the heatmap."""
        self._toggle(OCCLUSION)

    @Slot()
    def toggle_nearest(self) -> None:
        """Ask for the nearest good patches, or go back to the heatmap."""
        self._toggle(NEAREST)

    def _toggle(self, method: str) -> None:
        if self._shows(method):
            self._explanation.leave()
        elif self._part is not None and self._canvas.pixels is not None:
            self._explanation.ask(self._canvas.pixels, method)

    def _shows(self, method: str) -> bool:
        """Whether this is what is on the screen, or is waited for."""
        asked = self._explanation.step in (Step.WAITING, Step.GIVEN)
        return asked and self._explanation.method == method

    def retranslate(self) -> None:
        """Every text in the current language, for what is known now."""
        self._name(
            self._button, OCCLUSION, self.tr("What decided?"), self.tr("Explain: what decided?")
        )
        self._name(self._nearest, NEAREST, self.tr("Nearest good"), self.tr("Nearest good patches"))
        self.patches.retranslate()
        said = self._sentence(self._explanation.step)
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _name(self, button: KeyButton, method: str, words: str, name: str) -> None:
        """``words`` are what there is room for, ``name`` says it in full."""
        if self._shows(method):
            words, name = self.tr("Heatmap"), self.tr("Back to the heatmap")
        button.set_words(words)
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({button.key})")

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    @Slot()
    def _changed(self) -> None:
        given = self._explanation.given
        plane = given.plane if given is not None else self._heatmap
        self._canvas.set_heatmap(plane, outlined=given is None)
        self._canvas.set_heatmap_visible(self._heatmap_visible or given is not None)
        self.patches.show_patches(given)
        self.retranslate()

    def _sentence(self, step: Step) -> str:
        given = self._explanation.given
        if step is Step.WAITING:
            return self.tr("The model is being asked; parts on the line go first.")
        if step is Step.REFUSED:
            return error_sentence(*self._explanation.refusal)
        if given is None:
            return ""
        if given.method == NEAREST:
            said = self.tr(
                "Bright is the place least like a good part; below the picture are the good places "
                "most like it."
            )
        elif given.says_something:
            said = self.tr("Bright is what the verdict depends on: covered, the score falls.")
        else:
            said = self.tr("No single place decides: whatever is covered, the score stays.")
        if self._part is not None and self._part.model_id != given.model_id:
            said += " " + self.tr("The model in use was asked, not the one that judged this part.")
        return said
