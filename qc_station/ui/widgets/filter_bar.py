"""What to look for in the history, as one row of fields. Knows the filter, not the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.verdict import Verdict
from qc_station.ui.filter_words import narrowed_to
from qc_station.ui.icons import icon
from qc_station.ui.messages import class_title, shortened, verdict_title
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.verdict_icon import verdict_icon

TYPING_MS = 250
OVERRIDDEN = "overridden"
PERIODS = ("all", "hour", "today", "yesterday", "week", "month")


class FilterBar(QWidget):
    """Emits ``filter_changed`` with a HistoryFilter; typing is waited for."""

    filter_changed = Signal(object)
    left = Signal()  # Down, Enter or Escape in the search field: back to the table

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter_bar")
        self._search = QLineEdit(self)
        self._search.setObjectName("history_search")
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(180)
        self._verdicts = {verdict: self._verdict_button(verdict) for verdict in Verdict}
        self._period = self._combo("history_period")
        self._model = self._combo("history_model")
        self._lot = self._combo("history_lot")
        self._class = self._combo("history_class")
        self._reviewed = self._combo("history_reviewed")
        self._kind = self._combo("history_kind")
        self._reset = QPushButton(self)
        self._reset.setObjectName("history_reset")
        self._narrowed = HistoryFilter()
        self._narrow = QPushButton(self)
        self._narrow.setObjectName("history_narrowed")
        self._narrow.setIcon(icon("cancel"))
        self._narrow.hide()
        self._classes: list[str] = []
        self._models: list[str] = []
        self._lots: list[str] = []
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._lay_out()
        self.retranslate()
        self._search.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._tell)
        self._search.installEventFilter(self)
        self._reset.clicked.connect(self.clear)
        self._narrow.clicked.connect(self._widen)
        for combo in self._combos:
            combo.currentIndexChanged.connect(self._tell)
        for button in self._verdicts.values():
            button.toggled.connect(self._tell)

    @property
    def _combos(self) -> tuple[QComboBox, ...]:
        return (
            self._period, self._lot, self._model, self._class, self._reviewed, self._kind,
        )  # fmt: skip

    def filter(self) -> HistoryFilter:
        """What the fields say now."""
        start, end = period(self._period.currentData() or "all", datetime.now(UTC))
        narrowed = self._narrowed
        overridden = self._reviewed.currentData() == OVERRIDDEN
        return HistoryFilter(
            from_=_latest(start, narrowed.from_),
            to=_earliest(end, narrowed.to),
            recipe=narrowed.recipe,
            answer=narrowed.answer,
            defect=narrowed.defect,
            score_above=narrowed.score_above,
            score_up_to=narrowed.score_up_to,
            novel=narrowed.novel,
            verdicts=frozenset(v for v, button in self._verdicts.items() if button.isChecked()),
            model_id=self._model.currentData() or narrowed.model_id,
            lot=self._lot.currentData(),
            class_name=self._class.currentData(),
            reviewed=None if overridden else self._reviewed.currentData(),
            overridden=overridden,
            text=self._search.text().strip(),
            golden=bool(self._kind.currentData()),
        )

    def set_choices(
        self, models: Iterable[str], classes: Iterable[str], lots: Iterable[str] = ()
    ) -> None:
        """Models, classes and last lots of the log; the present choice is kept.

        A station without lots has no field for them; older lots are found by searching.
        """
        self._models, self._classes, self._lots = list(models), list(classes), list(lots)
        chosen = self._lot.currentData()
        if chosen is not None and chosen not in self._lots:
            self._lots.append(chosen)
        self._fill(
            self._lot,
            [(self.tr("All lots"), None)]
            + [(self.tr("Lot {}").format(shortened(name, 20)), name) for name in self._lots],
        )
        self._lot.setVisible(bool(self._lots))
        self._fill(
            self._model,
            [(self.tr("All models"), None)]
            + [(name.rsplit("-", 1)[-1], name) for name in self._models],
        )
        self._fill(
            self._class,
            [(self.tr("All defects"), None)]
            + [(class_title(name), name) for name in self._classes],
        )

    def focus_search(self) -> None:
        """Puts the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def narrow_to(self, parts: HistoryFilter) -> None:
        """Shows these parts only, without telling; the fields can narrow them further.

        What no field can say (time range to the minute, product, standing defect, answer, scores)
        stands on a button that takes it away again.
        """
        self._set_all(parts)
        self._narrowed = parts
        self._name_narrowed()

    def clear(self) -> None:
        """Shows all parts again."""
        self._set_all(HistoryFilter())
        self._tell()

    def _set_all(self, parts: HistoryFilter) -> None:
        """The verdicts' buttons as in ``parts``, all other fields empty."""
        self._narrowed = HistoryFilter()
        self._name_narrowed()
        widgets = [self._search, *self._combos, *self._verdicts.values()]
        for widget in widgets:
            widget.blockSignals(True)
        self._search.clear()
        for combo in self._combos:
            combo.setCurrentIndex(0)
        for verdict, button in self._verdicts.items():
            button.setChecked(verdict in parts.verdicts)
        for widget in widgets:
            widget.blockSignals(False)
        self._typing.stop()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._search.setPlaceholderText(self.tr("Search part, serial, lot, file (Ctrl+F)"))
        self._search.setAccessibleName(self.tr("Search the history"))
        for verdict, button in self._verdicts.items():
            title = verdict_title(verdict)
            set_words(button, title, self.tr("Show parts with verdict {}").format(title))
        self._fill(
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
        self._fill(
            self._reviewed,
            [
                (self.tr("Reviewed or not"), None),
                (self.tr("Reviewed"), True),
                (self.tr("Not reviewed"), False),
                (self.tr("Overridden"), OVERRIDDEN),
            ],
        )
        self._fill(
            self._kind,
            [(self.tr("Production"), False), (self.tr("Golden samples"), True)],
        )
        self.set_choices(self._models, self._classes, self._lots)
        self._name_narrowed()
        self._reset.setText(self.tr("Show all"))
        self._reset.setAccessibleName(self.tr("Remove all filters"))
        self._period.setAccessibleName(self.tr("Time range"))
        self._lot.setAccessibleName(self.tr("Lot"))
        self._model.setAccessibleName(self.tr("Model"))
        self._class.setAccessibleName(self.tr("Defect class"))
        self._reviewed.setAccessibleName(self.tr("Review state"))
        self._kind.setAccessibleName(self.tr("Production or golden samples"))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Down, Enter and Escape leave the search field for the table."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._tell()
                self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._search.clear()
                self.left.emit()
                return True
        return bool(super().eventFilter(watched, event))  # type: ignore[arg-type]

    def _widen(self) -> None:
        self._narrowed = HistoryFilter()
        self._name_narrowed()
        self._tell()

    def _name_narrowed(self) -> None:
        words = narrowed_to(self._narrowed)
        self._narrow.setVisible(bool(words))
        set_words(self._narrow, words, self.tr("Only {}: show the others too").format(words))
        self._narrow.setToolTip(self.tr("Show the others too"))

    def _tell(self) -> None:
        self._typing.stop()
        self.filter_changed.emit(self.filter())

    def _verdict_button(self, verdict: Verdict) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("history_" + verdict.value.lower())
        button.setCheckable(True)
        button.setIcon(verdict_icon(verdict))
        button.setIconSize(QSize(18, 18))
        return button

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return combo

    def _fill(self, combo: QComboBox, items: list[tuple[str, object]]) -> None:
        chosen = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        for text, data in items:
            combo.addItem(text, data)
        index = next((i for i, (_text, data) in enumerate(items) if data == chosen), 0)
        combo.setCurrentIndex(index)
        combo.blockSignals(False)

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self._search, 1)
        for button in self._verdicts.values():
            first.addWidget(button)
        for combo in self._combos:
            second.addWidget(combo)
        second.addStretch(1)
        second.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self._narrow, 0, Qt.AlignmentFlag.AlignLeft)


def _latest(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((one for one in (first, second) if one is not None), default=None)


def _earliest(first: datetime | None, second: datetime | None) -> datetime | None:
    return min((one for one in (first, second) if one is not None), default=None)


def period(name: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Start and end of a named time range; days are those of the viewer's time zone."""
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        "hour": now - timedelta(hours=1),
        "today": midnight,
        "yesterday": midnight - timedelta(days=1),
        "week": now - timedelta(days=7),
        "month": now - timedelta(days=30),
    }
    start = starts.get(name)
    end = midnight if name == "yesterday" else None
    return (
        start.astimezone(UTC) if start else None,
        end.astimezone(UTC) if end else None,
    )
