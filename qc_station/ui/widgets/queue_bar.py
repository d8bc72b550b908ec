"""Which waiting parts to review, as one row of fields. Knows the filter, not the queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.review_queue import QueueFilter, Show
from qc_station.domain.verdict import Verdict
from qc_station.ui.messages import class_title, count, verdict_title
from qc_station.ui.widgets.filter_bar import TYPING_MS, period

ASKED = (Verdict.REVIEW, Verdict.NG, Verdict.OK)
"""Verdicts that the queue holds."""


class QueueBar(QWidget):
    """Emits ``changed`` with a QueueFilter; typing is waited for."""

    changed = Signal(object)
    left = Signal()  # Enter or Escape in the search field: back to the part

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_bar")
        self._counts = {Show.MINE: 0, Show.DISPUTED: 0}
        self._choices: tuple[list[str], list[str], list[str]] = ([], [], [])
        self._show = self._combo("queue_show")
        self._search = QLineEdit(self)
        self._search.setObjectName("queue_search")
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(120)
        self._recipe = self._combo("queue_recipe")
        self._verdict = self._combo("queue_verdict")
        self._class = self._combo("queue_class")
        self._period = self._combo("queue_period")
        self._model = self._combo("queue_model")
        self._combos = (
            self._show, self._recipe, self._verdict, self._class, self._period, self._model,
        )  # fmt: skip
        self._reset = QPushButton(self)
        self._reset.setObjectName("queue_reset")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._show)
        row.addWidget(self._search, 1)
        for combo in self._combos[1:]:
            row.addWidget(combo)
        row.addWidget(self._reset)
        self.retranslate()
        self._search.textChanged.connect(self._typing.start)
        self._search.installEventFilter(self)
        self._typing.timeout.connect(self._tell)
        self._reset.clicked.connect(self.clear)
        for combo in self._combos:
            combo.currentIndexChanged.connect(self._tell)

    def filter(self) -> QueueFilter:
        """What the fields say now."""
        start, end = period(self._period.currentData() or "all", datetime.now(UTC))
        verdict = self._verdict.currentData()
        parts = HistoryFilter(
            from_=start,
            to=end,
            verdicts=frozenset() if verdict is None else frozenset({Verdict(verdict)}),
            recipe=self._recipe.currentData(),
            model_id=self._model.currentData(),
            class_name=self._class.currentData(),
            text=self._search.text().strip(),
        )
        return QueueFilter(Show(self._show.currentData()), parts)

    def set_choices(
        self, recipes: Iterable[str], models: Iterable[str], classes: Iterable[str]
    ) -> None:
        """Products, models and classes that occur in the log; what is chosen is kept."""
        self._choices = (list(recipes), list(models), list(classes))
        self._fill_choices()

    def set_counts(self, mine: int, disputed: int) -> None:
        """How many parts a colleague gave to the reviewer, and on how many experts disagree."""
        counts = {Show.MINE: mine, Show.DISPUTED: disputed}
        if counts != self._counts:
            self._counts = counts
            self._fill_show()

    def clear(self) -> None:
        """Shows everything that waits."""
        for widget in (self._search, *self._combos):
            widget.blockSignals(True)
        self._search.clear()
        for combo in self._combos:
            combo.setCurrentIndex(0)
        for widget in (self._search, *self._combos):
            widget.blockSignals(False)
        self._tell()

    def focus_search(self) -> None:
        """Puts the cursor into the search field."""
        self._search.setFocus()
        self._search.selectAll()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._search.setPlaceholderText(self.tr("Search (Ctrl+F)"))
        self._search.setAccessibleName(self.tr("Search the parts to review"))
        self._show.setAccessibleName(self.tr("Which parts to review"))
        self._recipe.setAccessibleName(self.tr("Product"))
        self._verdict.setAccessibleName(self.tr("Verdict"))
        self._class.setAccessibleName(self.tr("Defect class"))
        self._period.setAccessibleName(self.tr("Time range"))
        self._model.setAccessibleName(self.tr("Model"))
        self._reset.setText(self.tr("Show all"))
        self._reset.setAccessibleName(self.tr("Remove all filters"))
        verdicts = [(verdict_title(verdict), verdict.value) for verdict in ASKED]
        _fill(self._verdict, [(self.tr("Any verdict"), None), *verdicts])
        _fill(
            self._period,
            [
                (self.tr("Any time"), "all"),
                (self.tr("Last hour"), "hour"),
                (self.tr("Today"), "today"),
                (self.tr("Yesterday"), "yesterday"),
                (self.tr("Last 7 days"), "week"),
                (self.tr("Last 30 days"), "month"),
            ],
        )
        self._fill_show()
        self._fill_choices()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter and Escape leave the search field for the part."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._tell()
                self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._search.clear()
                self.left.emit()
                return True
        return bool(super().eventFilter(watched, event))  # type: ignore[arg-type]

    def _fill_show(self) -> None:
        mine, disputed = (count(self._counts[one]) for one in (Show.MINE, Show.DISPUTED))
        _fill(
            self._show,
            [
                (self.tr("All that wait"), Show.ALL.value),
                (self.tr("Given to me ({})").format(mine), Show.MINE.value),
                (self.tr("Disagreements ({})").format(disputed), Show.DISPUTED.value),
            ],
        )

    def _fill_choices(self) -> None:
        recipes, models, classes = self._choices
        _fill(self._recipe, [(self.tr("All products"), None), *((name, name) for name in recipes)])
        short = [(name.rsplit("-", 1)[-1], name) for name in models]
        _fill(self._model, [(self.tr("All models"), None), *short])
        named = [(class_title(name), name) for name in classes]
        _fill(self._class, [(self.tr("All defects"), None), *named])

    def _tell(self) -> None:
        self._typing.stop()
        self.changed.emit(self.filter())

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.setMinimumWidth(84)  # narrow screens cut the words, not the page
        combo.setMaximumWidth(190)
        return combo


def _fill(combo: QComboBox, items: list[tuple[str, str | None]]) -> None:
    """The same choice stays chosen, without telling."""
    chosen = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    for text, data in items:
        combo.addItem(text, data)
    index = next((i for i, (_text, data) in enumerate(items) if data == chosen), 0)
    combo.setCurrentIndex(index)
    combo.blockSignals(False)
