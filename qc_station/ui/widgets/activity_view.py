"""Tab with all that runs or ran besides inspection: progress, time left, cancel. No services."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.activity import Activity, ActivityState
from qc_station.ui import icons, theme
from qc_station.ui import maintenance_words as words
from qc_station.ui.models.rows import Column, Index, RowsModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.rows_table import RowsTable

STATE, KIND, SUBJECT, PROGRESS, TIME, WHO, BEGAN = range(7)


class _Bar(QStyledItemDelegate):
    """A thin bar under the words of a running activity."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Words, then the bar."""
        super().paint(painter, option, index)
        activity = cast("RowsModel[Activity]", index.model()).row(index.row())
        if activity is None or activity.state.over or activity.total <= 0:
            return
        rect: QRect = option.rect
        box = rect.adjusted(8, rect.height() - 7, -8, -3)
        share = min(1.0, activity.done / activity.total)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.SUNKEN))
        painter.drawRoundedRect(box, 2, 2)
        box.setWidth(round(box.width() * share))
        painter.setBrush(QColor(theme.NEUTRAL_BAR))
        painter.drawRoundedRect(box, 2, 2)
        painter.restore()


class ActivityView(QWidget):
    """Newest first; the chosen one can be cancelled while it runs."""

    cancelled = Signal(int)  # its number

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RowsModel[Activity](
            (
                Column(lambda: self.tr("State"), lambda a: words.activity_state(a.state)),
                Column(lambda: self.tr("Activity"), lambda a: words.activity_title(a.kind)),
                Column(
                    lambda: self.tr("Of"), lambda a: a.subject, hint=lambda a: a.subject
                ),
                Column(
                    lambda: self.tr("Progress"), words.activity_progress,
                    hint=words.activity_progress,
                ),
                Column(lambda: self.tr("Time left or taken"), words.activity_time),
                Column(lambda: self.tr("Who"), lambda a: a.actor),
                Column(lambda: self.tr("Began"), lambda a: words.moment(a.started_at)),
            ),
            self,
        )  # fmt: skip
        self.table = RowsTable(self.model, PROGRESS, self)
        self.table.setObjectName("activity_table")
        self.table.set_widths({STATE: 115, KIND: 180, SUBJECT: 150, TIME: 165, WHO: 100})
        self.table.setColumnWidth(BEGAN, 160)
        self.table.setItemDelegateForColumn(PROGRESS, _Bar(self.table))
        self._empty = QLabel(self)
        self._empty.setProperty("role", "sentence")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("activity_sentence")
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sentence.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cancel = GuardedButton(icons.icon("cancel"), "", self)
        self.cancel.setObjectName("activity_cancel")
        self.cancel.setMinimumHeight(40)
        foot = QHBoxLayout()
        foot.addWidget(self._sentence, 1)
        foot.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._empty, 1)
        layout.addLayout(foot)
        self.table.chosen.connect(self._show_chosen)
        self.cancel.clicked.connect(self._ask_cancel)
        self.retranslate()

    @property
    def chosen(self) -> Activity | None:
        """The activity of the chosen row."""
        return self.model.row(self.table.current)

    def show_activities(self, activities: list[Activity]) -> None:
        """Shows others; the same one stays chosen, otherwise the newest is."""
        before = self.chosen
        self.model.update_rows(activities)
        numbers = [activity.number for activity in activities]
        if before is not None and before.number in numbers:
            row = numbers.index(before.number)
            if row != self.table.current:
                self.table.selectRow(row)
        elif activities:
            self.table.selectRow(0)
        self.table.setVisible(bool(activities))
        self._empty.setVisible(not activities)
        self._show_chosen()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.table.setAccessibleName(self.tr("Activities"))
        self._empty.setText(
            self.tr("Nothing runs. Teaching, exports, backups and checks appear here.")
        )
        set_words(self.cancel, self.tr("Cancel"), self.tr("Cancel the chosen activity"))
        self.model.retranslate()
        self._show_chosen()

    def _show_chosen(self) -> None:
        activity = self.chosen
        running = activity is not None and activity.state is ActivityState.RUNNING
        self.cancel.setEnabled(running and activity is not None and activity.can_cancel)
        self._sentence.setText(words.activity_progress(activity) if activity is not None else "")

    def _ask_cancel(self) -> None:
        if self.chosen is not None:
            self.cancelled.emit(self.chosen.number)
