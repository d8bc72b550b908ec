"""What a time range would have looked like with other limits. Knows counts, not the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.thresholds import JUDGED, Replay
from qc_station.domain.verdict import Verdict
from qc_station.services.shifts import shift_start
from qc_station.ui.limits_words import change_words, flip_words
from qc_station.ui.messages import count, verdict_title
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.verdict_icon import verdict_icon

FLIPS = tuple((was, would) for was in JUDGED for would in JUDGED if was != would)
DAYS = {"day": 1, "week": 7, "month": 30}


class ReplayCard(QFrame):
    """``flip_chosen`` carries (was, would): the parts to be listed."""

    period_changed = Signal()
    flip_chosen = Signal(object, object)

    def __init__(
        self,
        shift_starts: Sequence[str],
        clock: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        """``shift_starts`` are local times ("06:00"); ``clock`` gives aware times."""
        super().__init__(parent)
        self.setObjectName("replay")
        self.setProperty("role", "card")
        self._shift_starts = tuple(shift_starts)
        self._clock = clock
        self._replay: Replay | None = None
        self._missed = 0
        self._title = QLabel(self)
        self._title.setStyleSheet("font-weight: 600;")
        self._title.setWordWrap(True)
        self._period = QComboBox(self)
        self._period.setObjectName("limits_period")
        self._period.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._heads = [QLabel(self) for _ in range(3)]
        self._signs = {verdict: QLabel(self) for verdict in JUDGED}
        self._names = {verdict: QLabel(self) for verdict in JUDGED}
        self._cells = {verdict: [QLabel(self) for _ in range(3)] for verdict in JUDGED}
        self._note = QLabel(self)
        self._note.setObjectName("replay_note")
        self._note.setProperty("role", "muted")
        self._note.setWordWrap(True)
        self.flips = {flip: self._flip(*flip) for flip in FLIPS}
        self._lay_out()
        self._period.currentIndexChanged.connect(self.period_changed)

    def range(self) -> tuple[datetime, datetime]:
        """Start and end of the chosen time, aware UTC; the last shift is the one before this."""
        now = self._clock().astimezone(UTC)
        name = str(self._period.currentData())
        if name in DAYS:
            return now - timedelta(days=DAYS[name]), now
        end = shift_start(now, self._shift_starts)
        return shift_start(end - timedelta(seconds=1), self._shift_starts), end

    def say(self, words: str) -> None:
        """Why there are no figures."""
        self._replay = None
        self._show()
        self._note.setText(words)

    def show_replay(self, replay: Replay, missed: int) -> None:
        """Counts as they were and as they would have been; ``missed`` were not inspected."""
        self._replay, self._missed = replay, missed
        self._show()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("What would this time have looked like?"))
        self._period.setAccessibleName(self.tr("Time range"))
        items = [
            (self.tr("Last shift"), "shift"), (self.tr("Last 24 hours"), "day"),
            (self.tr("Last 7 days"), "week"), (self.tr("Last 30 days"), "month"),
        ]  # fmt: skip
        chosen = self._period.currentData() or "week"
        self._period.blockSignals(True)
        self._period.clear()
        for text, data in items:
            self._period.addItem(text, data)
        self._period.setCurrentIndex(self._period.findData(chosen))
        self._period.blockSignals(False)
        for label, text in zip(
            self._heads, (self.tr("was"), self.tr("would be"), self.tr("change")), strict=True
        ):
            label.setText(text)
        self._show()

    def _show(self) -> None:
        replay = self._replay
        for verdict, cells in self._cells.items():
            was = replay.was(verdict) if replay is not None else 0
            would = replay.would(verdict) if replay is not None else 0
            texts = (count(was), count(would), change_words(was, would))
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text if replay is not None else "–")
            self._names[verdict].setText(verdict_title(verdict))
        shown = 0
        for (was_it, would_be), button in self.flips.items():
            parts = replay.moves.get(was_it, {}).get(would_be, 0) if replay is not None else 0
            button.setVisible(parts > 0)
            if parts:
                self._flip_grid.addWidget(button, shown // 2, shown % 2)
                shown += 1
            words = flip_words(was_it, would_be, parts)
            set_words(button, words, self.tr("{}: list these parts").format(words))
            button.setToolTip(self._hint(was_it, would_be))
        if replay is not None:
            self._note.setText(self._words(replay))

    def _words(self, replay: Replay) -> str:
        if not replay.parts:
            return self.tr("No part of this model in this time range.")
        found = self.tr("{changed} of {parts} parts would get another verdict.").format(
            changed=count(replay.changed), parts=count(replay.parts)
        )
        if self._missed:
            found += " " + self.tr("Not inspected, as before: {}.").format(count(self._missed))
        return found

    def _hint(self, was: Verdict, would: Verdict) -> str:
        if was is Verdict.NG and would is Verdict.OK:
            return self.tr("Those that look unlike anything seen would go to review instead.")
        return self.tr("List these parts in History")

    def _flip(self, was: Verdict, would: Verdict) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(f"flip_{was.value.lower()}_{would.value.lower()}")
        button.clicked.connect(lambda: self.flip_chosen.emit(was, would))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._period)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, label in enumerate(self._heads, start=2):
            label.setProperty("role", "muted")
            grid.addWidget(label, 0, column, right)
        for row, (verdict, cells) in enumerate(self._cells.items(), start=1):
            sign = self._signs[verdict]
            sign.setPixmap(verdict_icon(verdict).pixmap(18, 18))
            grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(self._names[verdict], row, 1)
            for column, cell in enumerate(cells, start=2):
                cell.setObjectName(f"replay_{verdict.value.lower()}_{column - 2}")
                cell.setMinimumWidth(58)
                cell.setAlignment(right)
                grid.addWidget(cell, row, column)
        grid.setColumnStretch(1, 1)
        self._flip_grid = QGridLayout()
        self._flip_grid.setSpacing(6)
        for column in (0, 1):
            self._flip_grid.setColumnStretch(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(grid)
        layout.addWidget(self._note)
        layout.addLayout(self._flip_grid)
