"""Progress of preparing or teaching: stage, bar, time left, cancel. Shows what it is told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qc_station.ui.icons import icon
from qc_station.ui.messages import count
from qc_station.ui.state_messages import stage_title, time_left


class TeachingPanel(QFrame):
    """One job's progress; ``cancel_requested`` when the person wants it stopped."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teaching_panel")
        self.setProperty("role", "card")
        self._stage = ""
        self._done = self._total = 0
        self._seconds = -1.0
        self.title = QLabel(self)
        self.title.setProperty("letters", "headline")
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "sentence")
        self.stage = QLabel(self)
        self.stage.setProperty("role", "sentence")
        self.stage.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.left = QLabel(self)
        self.left.setProperty("role", "muted")
        self.cancel = QPushButton(icon("cancel"), "", self)
        self.cancel.setProperty("touch", True)
        self.cancel.setObjectName("teaching_cancel")
        self.cancel.clicked.connect(self.cancel_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(10)
        for widget in (self.title, self.note, self.stage, self.bar, self.left):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.cancel)
        self.retranslate()

    def show_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        """Shows a stage; a total of 0 means that its length is unknown."""
        self._stage, self._done, self._total = stage, done, total
        self._seconds = seconds_left
        self.bar.setRange(0, max(0, total))
        self.bar.setValue(min(done, total))
        self._write()

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.title.setText(self.tr("Learning"))
        self.note.setText(self.tr("Parts are not inspected until this is done."))
        self.cancel.setText(self.tr("Cancel"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self._write()

    def _write(self) -> None:
        if not self._stage:
            self.stage.setText(self.tr("Preparing …"))
            self.left.setText(" ")
            return
        self.stage.setText(stage_title(self._stage))
        parts = []
        if self._total > 0:
            parts.append(
                self.tr("{done} of {total}").format(
                    done=count(self._done), total=count(self._total)
                )
            )
        if remaining := time_left(self._seconds):
            parts.append(remaining)
        self.left.setText(", ".join(parts) or " ")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
