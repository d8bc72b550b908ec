"""Card of a running job: stage, progress, time left, cancel. Knows nothing of what runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from qc_station.ui import icons
from qc_station.ui import learning_words as words
from qc_station.ui.messages import count
from qc_station.ui.state_messages import time_left
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton


class JobCard(QFrame):
    """Shown while a job runs."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_card")
        self.setProperty("role", "card")
        self._stage, self._done, self._total, self._seconds = "", 0, 0, -1.0
        self._cancelling = False
        self._title = QLabel(self)
        self._title.setProperty("role", "sentence")
        self._title.setObjectName("job_stage")
        self._left = QLabel(self)
        self._left.setProperty("role", "muted")
        self._left.setObjectName("job_left")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setObjectName("job_bar")
        self._cancel = GuardedButton(icons.icon("cancel"), "", self)
        self._cancel.setObjectName("job_cancel")
        self._cancel.setMinimumHeight(46)
        self._cancel.clicked.connect(self.cancelled)
        words_row = QHBoxLayout()
        words_row.addWidget(self._title, 1)
        words_row.addWidget(self._left)
        column = QVBoxLayout()
        column.addLayout(words_row)
        column.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(18)
        layout.addLayout(column, 1)
        layout.addWidget(self._cancel)
        self.retranslate()

    def begin(self) -> None:
        """A new job, nothing known yet."""
        self._cancelling = False
        self._cancel.setEnabled(True)
        self.show_progress("preparing", 0, 0, -1.0)

    def show_progress(self, stage: str, done: int, total: int, seconds: float) -> None:
        """How far the job is; ``total`` 0 when that is not known."""
        self._stage, self._done, self._total, self._seconds = stage, done, total, seconds
        self._bar.setRange(0, max(0, total))
        self._bar.setValue(min(done, total))
        self.retranslate()

    def show_cancelling(self) -> None:
        """Cancelling was asked for and takes a moment."""
        self._cancelling = True
        self._cancel.setEnabled(False)
        self._bar.setRange(0, 0)
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        set_words(self._cancel, self.tr("Cancel"), self.tr("Cancel teaching"))
        self._bar.setAccessibleName(self.tr("Progress"))
        if self._cancelling:
            self._title.setText(self.tr("Cancelling …"))
            self._left.clear()
            return
        title = words.stage_title(self._stage)
        if self._total > 1:
            title = self.tr("{stage}: {done} of {total}").format(
                stage=title, done=count(self._done), total=count(self._total)
            )
        self._title.setText(title)
        self._left.setText(time_left(self._seconds))
