"""How many parts wait and which one is asked about. Knows inspections and words, no services."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.domain.verdict import Inspection
from qc_station.ui import messages, theme
from qc_station.ui.override_words import verdict_line
from qc_station.ui.review_words import time_for
from qc_station.ui.widgets.verdict_icon import verdict_icon


class PartHeading(QWidget):
    """A large number with its words, and below it the verdict's sign and the part's number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: Inspection | None = None
        self._remaining = 0
        self._pace_s: float | None = None
        self._sign = QLabel(self)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setObjectName("review_title")
        self._left = QLabel(self)
        self._left.setFont(theme.large_font(34, bold=True))
        self._left.setObjectName("review_remaining")
        self._left_words = QLabel(self)
        self._left_words.setProperty("role", "muted")
        counter = QHBoxLayout()
        counter.setSpacing(10)
        counter.addWidget(self._left)
        counter.addWidget(self._left_words, 1, Qt.AlignmentFlag.AlignVCenter)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(self._sign)
        heading.addWidget(self._title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(counter)
        layout.addLayout(heading)
        self.retranslate()

    def show_part(self, part: Inspection | None) -> None:
        """The part that is asked about; nothing changes without one."""
        self._part = part
        if part is None:
            return
        self._sign.setPixmap(verdict_icon(part.verdict).pixmap(QSize(28, 28)))
        self._title.setText(
            self.tr("Part {number} · {verdict}").format(
                number=part.part_number, verdict=verdict_line(part)
            )
        )

    def show_remaining(self, remaining: int, pace_s: float | None = None) -> None:
        """How many parts wait for an answer; ``pace_s`` is what this reviewer takes for one."""
        self._remaining, self._pace_s = remaining, pace_s
        self._left.setText(messages.count(remaining))
        words = self.tr("parts to review")
        if pace_s is not None and remaining:
            time = time_for(remaining * pace_s)
            words += "\n" + self.tr("{time} at your pace").format(time=time)
        self._left_words.setText(words)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.show_remaining(self._remaining, self._pace_s)
        self.show_part(self._part)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
