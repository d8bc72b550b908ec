"""The card with the histogram of the reviewed scores, or what to do where there are none. Knows no
services; pyqtgraph must have been loaded before scores are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.thresholds import LimitPair, ReviewedScores
from qc_station.domain.verdict import Verdict
from qc_station.services.limits import LimitsInForce
from qc_station.ui import theme
from qc_station.ui.messages import count, verdict_title
from qc_station.ui.models.limits_view import Histogram, Mark, histogram
from qc_station.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from qc_station.ui.widgets.limits_plot import LimitsPlot


class ScoresCard(QFrame):
    """``moved`` carries a verdict (OK or NG) and where its limit is wanted."""

    moved = Signal(object, float)
    review_asked = Signal()
    scale_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scores_card")
        self.setProperty("role", "card")
        self.plot: LimitsPlot | None = None
        self.view: Histogram | None = None
        self._legend = QLabel(self)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._log_counts = QCheckBox(self)
        self._log_counts.setObjectName("limits_log")
        self._log_counts.toggled.connect(self.scale_changed)
        self._none = EmptyState(self)
        self._none.setObjectName("limits_none")
        self._none.asked.connect(self.review_asked)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(QWidget(self))  # until the scores are there
        self._stack.addWidget(self._none)
        head = QHBoxLayout()
        head.addWidget(self._legend)
        head.addStretch(1)
        head.addWidget(self._log_counts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 6)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    @property
    def empty(self) -> bool:
        """Whether it says that there are no reviewed parts."""
        return self._stack.currentWidget() is self._none

    def show_scores(
        self, reviewed: ReviewedScores | None, force: LimitsInForce | None, pair: LimitPair | None
    ) -> None:
        """Bars, marks and axes; ``pair`` is what can be moved. None before they are known."""
        self._log_counts.setEnabled(reviewed is not None and reviewed.parts > 0)
        self.view = None
        if reviewed is None or force is None or pair is None:
            self._stack.setCurrentIndex(0)
            return
        self.view = histogram(reviewed, pair, force.pair, force.own)
        if reviewed.parts:
            self._draw(self.view, force)
        else:
            self._stack.setCurrentWidget(self._none)

    def show_limits(self, pair: LimitPair) -> None:
        """Puts the two limits."""
        if self.plot is not None and self.view is not None:
            self.plot.show_limits(
                pair,
                {
                    Verdict.OK: (self.tr("OK limit"), f"{verdict_title(Verdict.OK)} ≤"),
                    Verdict.NG: (self.tr("NG limit"), f"{verdict_title(Verdict.NG)} >"),
                },
            )

    def retranslate(self) -> None:
        """Texts in the current language; the plot's come with the next ``show_scores``."""
        self._log_counts.setText(self.tr("Logarithmic counts"))
        self._log_counts.setAccessibleName(self.tr("Logarithmic counts"))
        looks = (
            (theme.OK_SIGN, "■", self.tr("good")),
            (theme.NG_SIGN, "▨", self.tr("defective")),
            (theme.TEXT_MUTED, "┊", self.tr("model")),
            (theme.FOCUS, "┇", self.tr("recipe")),
        )
        self._legend.setText(
            " &nbsp; ".join(
                f'<span style="color:{ink}">{sign}</span>&nbsp;{name}' for ink, sign, name in looks
            )
        )
        self._legend.setToolTip(
            self.tr("Dotted: the model's own limits. Dashes and dots: the limits of the recipe.")
        )
        self._none.say(
            self.tr("No reviewed parts"),
            self.tr(
                "None of the parts that this model judged has been called good or defective by an "
                "expert. Answer some on the Review page; the histogram grows with every answer."
            ),
            self.tr("Go to Review"),
            self.tr("Show the Review page"),
        )

    def _draw(self, view: Histogram, force: LimitsInForce) -> None:
        if self.plot is None:
            from qc_station.ui.widgets.limits_plot import LimitsPlot

            self.plot = LimitsPlot(self._stack)
            self.plot.moved.connect(self.moved)
            self._stack.addWidget(self.plot)
            QWidget.setTabOrder(self._log_counts, self.plot.handles[Verdict.OK])
            QWidget.setTabOrder(self.plot.handles[Verdict.OK], self.plot.handles[Verdict.NG])
        self._stack.setCurrentWidget(self.plot)
        marks = [Mark(limit, False) for limit in (force.own.ok, force.own.ng)]
        if force.given is not None:
            marks += [Mark(limit, True) for limit in (force.given.ok, force.given.ng)]
        axis = self.tr("Score")
        if view.beyond:
            axis = self.tr("Score (beyond the edge, in the last bar: {})").format(
                count(view.beyond)
            )
        self.plot.set_logarithmic(self._log_counts.isChecked())
        self.plot.show_data(view, marks, axis, self.tr("Reviewed parts"))
