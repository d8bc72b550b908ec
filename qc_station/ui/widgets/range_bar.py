"""Time range and product of the statistics, as one row of fields. Knows no services."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QHBoxLayout, QLabel, QWidget

from qc_station.services.shifts import day_start, shift_start
from qc_station.ui.time_words import local

CUSTOM = "custom"


class RangeBar(QWidget):
    """Emits ``changed`` when something else is to be shown."""

    changed = Signal()

    def __init__(
        self,
        shift_starts: Sequence[str],
        clock: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        """``shift_starts`` are local times ("06:00"); ``clock`` gives aware times."""
        super().__init__(parent)
        self.setObjectName("range_bar")
        self._shift_starts = tuple(shift_starts)
        self._clock = clock
        self._recipes: list[str] = []
        self._period = QComboBox(self)
        self._period.setObjectName("statistics_period")
        self._recipe = QComboBox(self)
        self._recipe.setObjectName("statistics_recipe")
        for combo in (self._period, self._recipe):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._from, self._to = self._edit("statistics_from"), self._edit("statistics_to")
        self._until = QLabel(self)
        self._set_custom(*self._named("today"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._period, self._from, self._until, self._to, self._recipe):
            layout.addWidget(widget)
        self.retranslate()
        self._show_edits()
        self._period.currentIndexChanged.connect(self._on_period)
        self._recipe.currentIndexChanged.connect(self.changed)
        self._from.dateTimeChanged.connect(self._on_from)
        self._to.dateTimeChanged.connect(self._on_to)

    # ---- for others -----------------------------------------------------------------------

    @property
    def recipe(self) -> str | None:
        """The chosen product; None for all."""
        chosen = self._recipe.currentData()
        return str(chosen) if chosen is not None else None

    @property
    def open_ended(self) -> bool:
        """Whether the range goes on to now, so that new parts belong to it."""
        return str(self._period.currentData()) != CUSTOM

    def range(self) -> tuple[datetime, datetime]:
        """Start and end, aware UTC. A future end is now: the time to come has no parts."""
        name = str(self._period.currentData())
        if name != CUSTOM:
            return self._named(name)
        start, end = _moment(self._from), _moment(self._to)
        now = self._clock().astimezone(UTC)
        return start, min(end, now) if start < now else end

    def set_recipes(self, recipes: Iterable[str]) -> None:
        """Products that occur in the log; the present choice is kept."""
        self._recipes = list(recipes)
        items: list[tuple[str, object]] = [(self.tr("All products"), None)]
        _fill(self._recipe, items + [(name, name) for name in self._recipes])

    def retranslate(self) -> None:
        """Every text in the current language."""
        _fill(
            self._period,
            [
                (self.tr("This shift"), "shift"),
                (self.tr("Last hour"), "hour"),
                (self.tr("Today"), "today"),
                (self.tr("Last 7 days"), "week"),
                (self.tr("Last 30 days"), "month"),
                (self.tr("From … to …"), CUSTOM),
            ],
        )
        self.set_recipes(self._recipes)
        self._until.setText(self.tr("to"))
        self._period.setAccessibleName(self.tr("Time range"))
        self._recipe.setAccessibleName(self.tr("Product"))
        self._from.setAccessibleName(self.tr("Begin of the time range"))
        self._to.setAccessibleName(self.tr("End of the time range"))
        for edit in (self._from, self._to):
            edit.setLocale(QLocale())
            edit.setDisplayFormat(QLocale().dateTimeFormat(QLocale.FormatType.ShortFormat))

    # ---- inside ---------------------------------------------------------------------------

    def _named(self, name: str) -> tuple[datetime, datetime]:
        """Days are the viewer's; today is the last of the 7 or 30 days."""
        now = self._clock().astimezone(UTC)
        starts = {
            "hour": now - timedelta(hours=1),
            "shift": shift_start(now, self._shift_starts),
            "today": day_start(now),
            "week": day_start(now - timedelta(days=6)),
            "month": day_start(now - timedelta(days=29)),
        }
        return starts[name], max(now, starts[name] + timedelta(minutes=1))

    def _edit(self, name: str) -> QDateTimeEdit:
        edit = QDateTimeEdit(self)
        edit.setObjectName(name)
        edit.setCalendarPopup(True)
        edit.setKeyboardTracking(False)
        return edit

    def _set_custom(self, start: datetime, end: datetime) -> None:
        for edit, moment in ((self._from, start), (self._to, end)):
            edit.blockSignals(True)
            edit.setDateTime(local(moment))
            edit.blockSignals(False)

    def _show_edits(self) -> None:
        for widget in (self._from, self._until, self._to):
            widget.setVisible(not self.open_ended)

    def _on_period(self) -> None:
        if not self.open_ended and self._from.isHidden():
            self._set_custom(*self._named("today"))  # to be narrowed or widened
        self._show_edits()
        self.changed.emit()

    def _on_from(self, moment: QDateTime) -> None:
        if self._to.dateTime() <= moment:
            self._set_custom(_moment(self._from), _moment(self._from) + timedelta(hours=1))
        self.changed.emit()

    def _on_to(self, moment: QDateTime) -> None:
        if self._from.dateTime() >= moment:
            self._set_custom(_moment(self._to) - timedelta(hours=1), _moment(self._to))
        self.changed.emit()


def _moment(edit: QDateTimeEdit) -> datetime:
    return datetime.fromtimestamp(edit.dateTime().toSecsSinceEpoch(), UTC)


def _fill(combo: QComboBox, items: list[tuple[str, object]]) -> None:
    chosen = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    for text, data in items:
        combo.addItem(text, data)
    index = next((i for i, (_text, data) in enumerate(items) if data == chosen), 0)
    combo.setCurrentIndex(index)
    combo.blockSignals(False)
