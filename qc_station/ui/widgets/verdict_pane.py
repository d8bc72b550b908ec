"""Verdict above its details, or what is being taught: the operator page's right side, upper part.

Shows what it is told. Knows no service.
"""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.ui.messages import verdict_word
from qc_station.ui.state_messages import state_advice, state_why, state_word
from qc_station.ui.widgets.details_card import DetailsCard
from qc_station.ui.widgets.teaching_panel import TeachingPanel
from qc_station.ui.widgets.verdict_banner import VerdictBanner


class VerdictPane(QStackedWidget):
    """One part, or the state of a station that has no part to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verdict_pane")
        self.setMinimumWidth(200)
        self.banner = VerdictBanner(self)
        self.details = DetailsCard(self)
        self.teaching = TeachingPanel(self)
        verdict = QWidget(self)
        column = QVBoxLayout(verdict)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.details, 1)
        self.addWidget(verdict)
        self.addWidget(self.teaching)

    def show_teaching(self, teaching: bool) -> None:
        """Whether progress of teaching takes the verdict's place."""
        self.setCurrentIndex(1 if teaching else 0)

    def show_part(self, inspection: Inspection) -> None:
        """A judged part: the machine's word, and what belongs to it."""
        self.banner.show_verdict(inspection.verdict, verdict_word(inspection.verdict))
        self.details.show_inspection(inspection)

    def show_state(self, state: StationState, reason: StateReason, ng_in_a_row: int) -> None:
        """A station without a part to show: only while it inspects does it look quiet."""
        running = state is StationState.INSPECTING
        at_rest = None if running else Verdict.NOT_INSPECTED
        self.banner.show_verdict(at_rest, state_word(state, reason))
        if state is StationState.NOT_INSPECTING:
            self.details.clear()  # the hatched warning above says it all
        else:
            self.details.show_state(state_why(reason, ng_in_a_row), state_advice(reason))

    def set_page_height(self, pixels: int) -> None:
        """Word and letters grow with the page."""
        self.banner.set_page_height(pixels)
        self.details.set_page_height(pixels)
