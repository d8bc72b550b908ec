"""Panel for taking pictures of good parts: preview, live count, take, remove, teach. No camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.learning import FEWEST_GOOD
from qc_station.ui import icons
from qc_station.ui.messages import class_title, count
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.picture_canvas import PictureCanvas

AUTOMATIC_MS = 1000


class CollectionPanel(QFrame):
    """Says what is asked for; the page takes the pictures."""

    take = Signal()
    drop = Signal()
    teach = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("collection_panel")
        self.setProperty("role", "card")
        self._taken, self._wanted, self._product = 0, 0, ""
        self._canvas = PictureCanvas(self)
        self._canvas.setMinimumSize(280, 230)
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setProperty("role", "muted")
        self._count = QLabel(self)
        self._count.setProperty("letters", "number")
        self._count.setObjectName("collection_count")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._take = GuardedButton(icons.icon("camera"), "", self)
        self._take.setObjectName("collection_take")
        self._drop = GuardedButton(icons.icon("undo"), "", self)
        self._drop.setObjectName("collection_drop")
        self._teach = GuardedButton(icons.icon("learning", "inverse_ink"), "", self)
        self._teach.setObjectName("collection_teach")
        self._teach.setProperty("role", "primary")
        self._cancel = GuardedButton(icons.icon("cancel"), "", self)
        self._cancel.setObjectName("collection_cancel")
        self._automatic = QCheckBox(self)
        self._automatic.setObjectName("collection_automatic")
        self._automatic.setMinimumHeight(36)
        self._timer = QTimer(self)
        self._timer.setInterval(AUTOMATIC_MS)
        self._timer.timeout.connect(self.take)
        self._automatic.toggled.connect(self._set_automatic)
        self._take.clicked.connect(self.take)
        self._drop.clicked.connect(self.drop)
        self._teach.clicked.connect(self.teach)
        self._cancel.clicked.connect(self.cancelled)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._take, 0, 0)
        buttons.addWidget(self._drop, 0, 1)
        buttons.addWidget(self._teach, 1, 0)
        buttons.addWidget(self._cancel, 1, 1)
        for button in (self._take, self._drop, self._teach, self._cancel):
            button.setMinimumHeight(46)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addWidget(self._count)
        column.addWidget(self._bar)
        column.addWidget(self._automatic)
        column.addStretch(1)
        column.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(18)
        layout.addWidget(self._canvas, 1)
        layout.addLayout(column, 1)
        self.retranslate()

    def begin(self, product: str) -> None:
        """A new collection."""
        self._product = product
        self._automatic.setChecked(False)
        self._canvas.clear()
        self.retranslate()

    def end(self) -> None:
        """No more pictures are wanted."""
        self._automatic.setChecked(False)

    def show_picture(self, rgb: NDArray[np.uint8]) -> None:
        """The picture that was just taken."""
        self._canvas.set_picture(rgb)

    def show_count(self, taken: int, wanted: int) -> None:
        """The live count; automatic taking stops when there are enough."""
        self._taken, self._wanted = taken, wanted
        self._bar.setRange(0, max(1, wanted))
        self._bar.setValue(min(taken, wanted))
        self._drop.setEnabled(taken > 0)
        self._teach.setEnabled(taken >= FEWEST_GOOD)
        if taken >= wanted > 0:
            self._automatic.setChecked(False)
        self.retranslate()

    def focus_take(self) -> None:
        """Space takes a picture."""
        self._take.setFocus()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Show good parts of “{}”").format(class_title(self._product)))
        self._text.setText(
            self.tr(
                "Show different good parts, turned and moved as they come on the line. Remove a "
                "picture that is not good."
            )
        )
        self._count.setText(
            self.tr("{taken} of {wanted}").format(
                taken=count(self._taken), wanted=count(self._wanted)
            )
        )
        set_words(self._take, self.tr("Take picture (Space)"))
        set_words(self._drop, self.tr("Remove last (⌫)"))
        set_words(self._teach, self.tr("Teach now"))
        set_words(self._cancel, self.tr("Cancel"))
        self._automatic.setText(self.tr("Take one every second"))
        self._canvas.setAccessibleName(self.tr("The picture taken last"))
        self._bar.setAccessibleName(self.tr("Pictures taken"))
        self._automatic.setAccessibleName(self._automatic.text())

    def _set_automatic(self, on: bool) -> None:
        if on:
            self._timer.start()
            self.take.emit()
        else:
            self._timer.stop()
