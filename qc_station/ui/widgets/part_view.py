"""The picture's half of the operator's page: picture, reference beside it, last parts, notes.

Pixels, heatmap and regions of one part are changed together. Knows no service.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qc_station.domain.outcome import PartResult
from qc_station.ui.icons import icon
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.model_refused_note import ModelRefusedNote
from qc_station.ui.widgets.next_serial_button import NextSerialButton
from qc_station.ui.widgets.part_strip import PartStrip
from qc_station.ui.widgets.picture_canvas import PictureCanvas
from qc_station.ui.widgets.picture_note import PictureNote
from qc_station.ui.widgets.reference_pane import ReferencePane
from qc_station.ui.widgets.trouble_row import TroubleRow


class PartView(QWidget):
    """Shows what the page tells it to; its buttons only ask."""

    comparing_changed = Signal(bool)

    def __init__(self, opacity: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("part_view")
        self.caption = QLabel(self)
        self.caption.setObjectName("picture_caption")
        self.caption.setProperty("letters", "caption")
        self.next_serial = NextSerialButton(self)
        self.compare = QPushButton(icon("compare"), "", self)
        self.compare.setObjectName("compare")
        self.compare.setCheckable(True)
        self.back = QPushButton(icon("live"), "", self)
        self.back.setObjectName("back_to_live")
        self.trouble = TroubleRow(self)
        self.canvas = PictureCanvas(self)
        self.canvas.set_opacity(opacity)
        self.this_part = QLabel(self)
        self.this_part.setObjectName("this_part")
        self.this_part.setProperty("letters", "caption")
        self.this_part.hide()
        self.reference = ReferencePane(self)
        self.reference.hide()
        self.strip = PartStrip(self)
        self._lay_out()
        self.refused = ModelRefusedNote(self)
        self.note = PictureNote(self)
        self.compare.toggled.connect(self._on_compare)
        self.retranslate()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.caption, 1)
        for button in (self.next_serial, self.compare, self.back):
            head.addWidget(button)
        pictures = QHBoxLayout()
        pictures.setSpacing(8)
        own = QVBoxLayout()
        own.setSpacing(4)
        own.addWidget(self.canvas, 1)
        own.addWidget(self.this_part)
        pictures.addLayout(own, 1)
        pictures.addWidget(self.reference, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.trouble)
        layout.addLayout(pictures, 1)
        layout.addWidget(self.strip)
        for widget in (self.canvas, self.strip):
            widget.setMinimumWidth(200)
        QWidget.setTabOrder(self.strip, self.canvas)

    # What is shown -------------------------------------------------------------------------

    @property
    def comparing(self) -> bool:
        """Whether the reference is wanted beside the picture."""
        return self.compare.isChecked()

    def show_part(self, part: PartResult) -> None:
        """The part's own pixels with its own heatmap and regions."""
        if self.canvas.pixels is not part.frame.pixels:
            self.canvas.set_picture(part.frame.pixels)
        self.canvas.set_heatmap(part.heatmap)
        self.canvas.set_regions(part.inspection.regions)

    def write_caption(self, part: PartResult | None) -> None:
        """Which part is on the canvas; None for the live picture."""
        back = self.strip.chosen is not None
        self.back.setVisible(back)
        if part is None:
            self.caption.setText(self.tr("Live picture"))
        elif back:
            text = self.tr("Looking back: part {}")
            self.caption.setText(text.format(part.inspection.part_number))
        else:
            self.caption.setText(self.tr("Part {}").format(part.inspection.part_number))

    def set_full_screen(self, full: bool) -> None:
        """Whether nothing else is on the screen: troubles are shown here then."""
        self.trouble.set_wanted(full)

    def say(self, text: str) -> None:
        """A line over the picture that goes by itself."""
        self._place_notes()
        self.note.say(text)

    def say_refused(self, code: str, sentence: str, kept: bool) -> None:
        """A new model was refused; see ModelRefusedNote."""
        self.refused.show_refusal(code, sentence, kept)
        self._place_notes()

    @Slot(bool)
    def _on_compare(self, on: bool) -> None:
        self.reference.setVisible(on)
        self.this_part.setVisible(on)
        self.comparing_changed.emit(on)

    def retranslate(self) -> None:
        """Texts in the current language; the caption comes from the page."""
        self.canvas.setAccessibleName(self.tr("Picture with heatmap"))
        spoken = self.tr("Good reference part beside the picture")
        set_words(self.compare, self.tr("Reference (O)"), spoken)
        self.compare.setToolTip(self.tr("Show a good part beside this one (O)"))
        self.this_part.setText(self.tr("This picture"))
        set_words(self.back, self.tr("Back to live (Esc)"))
        self.refused.retranslate()

    # Events --------------------------------------------------------------------------------

    def _place_notes(self) -> None:
        """At the picture's foot, the news above the warning."""
        ground = self.canvas.geometry()
        self.refused.place(ground)
        if self.refused.isVisible():
            ground.setBottom(self.refused.geometry().top())
        self.note.place(ground)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_notes()
