"""The card beside the picture: what is asked, the answers, or the tools. Decides nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from qc_station.ui.models.explanations import ExplainerLike
from qc_station.ui.widgets.answer_panel import AnswerPanel
from qc_station.ui.widgets.explain_row import ExplainRow
from qc_station.ui.widgets.facts import FactsPanel
from qc_station.ui.widgets.mask_work import MaskWork
from qc_station.ui.widgets.part_heading import PartHeading
from qc_station.ui.widgets.review_note import ReviewNote

WIDTH_PX = 390


class ReviewSide(QFrame):
    """Heading on top; below it what can be answered, or the tools while somebody paints."""

    def __init__(self, explainer: ExplainerLike, masks: MaskWork, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH_PX)
        self.heading = PartHeading(self)
        self.panel = AnswerPanel(self)
        self.explain = ExplainRow(explainer, masks.canvas, self)
        self.facts = FactsPanel(self, brief=True)
        self.note = ReviewNote(self)
        self.sentence = QLabel(self)
        self.sentence.setProperty("role", "sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setObjectName("review_sentence")
        answering = QWidget(self)
        inner = QVBoxLayout(answering)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        for widget in (self.note, self.sentence, self.facts, self.explain, masks.button):
            inner.addWidget(widget)
        inner.addWidget(self.panel, 1)
        self._lower = QStackedWidget(self)
        self._lower.addWidget(answering)
        self._lower.addWidget(masks.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self._lower, 1)

    def set_painting(self, painting: bool) -> None:
        """Tools instead of answers."""
        self._lower.setCurrentIndex(1 if painting else 0)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.heading.retranslate()
        self.panel.retranslate()
        self.explain.retranslate()
        self.note.retranslate()
