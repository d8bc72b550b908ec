"""The good reference part beside the picture, or one sentence why there is none. No services."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from qc_station.domain.outcome import ReferencePart
from qc_station.ui.messages import error_sentence
from qc_station.ui.models.history_model import local_time
from qc_station.ui.widgets.picture_canvas import PictureCanvas


class ReferencePane(QWidget):
    """Asked for with O; the picture never carries a heatmap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reference")
        self._part: ReferencePart | None = None
        self._problem: tuple[str, str] | None = None
        self._waiting = True
        self.caption = QLabel(self)
        self.caption.setObjectName("reference_caption")
        self.caption.setProperty("letters", "caption")
        self.canvas = PictureCanvas(self)
        self.canvas.setObjectName("reference_canvas")
        self.sentence = QLabel(self)
        self.sentence.setObjectName("reference_sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setProperty("letters", "large")
        self._stack = QStackedWidget(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.caption)
        self.retranslate()

    @property
    def part(self) -> ReferencePart | None:
        """The reference shown."""
        return self._part

    def wait(self) -> None:
        """It is being looked for: no other product's picture stays meanwhile."""
        self._part, self._problem, self._waiting = None, None, True
        self.retranslate()

    def show_part(self, part: ReferencePart | None) -> None:
        """A reference, or None: there is none."""
        self._part, self._problem, self._waiting = part, None, False
        if part is not None:
            self.canvas.set_picture(part.pixels)
        self.retranslate()

    def show_problem(self, code: str, sentence: str) -> None:
        """It could not be read."""
        self._part, self._problem, self._waiting = None, (code, sentence), False
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.canvas.setAccessibleName(self.tr("Picture of a good reference part"))
        part = self._part
        self._stack.setCurrentWidget(self.canvas if part is not None else self.sentence)
        if part is not None:
            inspection = part.inspection
            self.caption.setText(
                self.tr("Good part {number}, {time}").format(
                    number=inspection.part_number, time=local_time(inspection)
                )
            )
            return
        self.canvas.clear()
        self.caption.setText(self.tr("Good reference"))
        if self._problem is not None:
            self.sentence.setText(error_sentence(*self._problem))
        elif self._waiting:
            self.sentence.setText(self.tr("Looking for a good part …"))
        else:
            self.sentence.setText(
                self.tr("No reference yet: an expert has to call a part of this product good.")
            )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
