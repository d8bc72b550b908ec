"""Card for retraining: how many answers there are, one button. Starts nothing itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.domain.learning import ReviewedCounts
from qc_station.ui import icons
from qc_station.ui.messages import class_title, count
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton


class RetrainCard(QFrame):
    """Answers since the model in use was taught, and the button that uses them."""

    asked = Signal()
    weights_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("retrain_card")
        self.setProperty("role", "card")
        self._product = ""
        self._counts = ReviewedCounts()
        self._weights: Path | None = None
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setProperty("role", "muted")
        self._numbers = [QLabel(self) for _ in range(3)]
        self._names = [QLabel(self) for _ in range(3)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(0)
        for column, (number, name) in enumerate(zip(self._numbers, self._names, strict=True)):
            number.setProperty("letters", "number")
            name.setProperty("role", "muted")
            grid.addWidget(number, 0, column)
            grid.addWidget(name, 1, column)
        grid.setColumnStretch(3, 1)
        self._button = GuardedButton(icons.icon("retrain"), "", self)
        self._button.setObjectName("learning_retrain")
        self._button.setProperty("touch", "true")
        self._button.clicked.connect(self.asked)
        self._weights_label = QLabel(self)
        self._weights_label.setProperty("role", "muted")
        self._weights_label.setObjectName("retrain_weights_name")
        self._choose = GuardedButton(icons.icon("folder"), "", self)
        self._choose.setObjectName("retrain_weights")
        self._choose.clicked.connect(self._on_choose)
        row = QHBoxLayout()
        row.addWidget(self._weights_label, 1)
        row.addWidget(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addStretch(1)
        layout.addLayout(grid)
        layout.addLayout(row)
        layout.addWidget(self._button)
        self.retranslate()

    @property
    def weights(self) -> Path | None:
        """The file with the backbone's weights; None for the packaged ones."""
        return self._weights

    def show_weights(self, weights: Path | None) -> None:
        """Another file, or the packaged weights again."""
        self._weights = weights
        self.retranslate()

    def _on_choose(self) -> None:
        if self._weights is None:
            self.weights_asked.emit()
        else:
            self.show_weights(None)

    def show_counts(self, product: str, counts: ReviewedCounts, possible: bool) -> None:
        """Shows the answers of a product; ``possible`` when there is anything to learn from."""
        self._product, self._counts = product, counts
        self._button.setEnabled(possible)
        self.retranslate()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(
            self.tr("Retrain “{}”").format(class_title(self._product))
            if self._product
            else self.tr("Retrain")
        )
        if self._counts.usable:
            text = self.tr(
                "Reviewed parts since the model in use was taught. Three in ten are held out: "
                "both models are compared on them before you choose."
            )
        else:
            text = self.tr(
                "No answers since the model in use was taught. Answer some parts on the Review "
                "page (Ctrl+3)."
            )
        self._text.setText(text)
        names = (self.tr("good"), self.tr("defective"), self.tr("can't tell"))
        values = (self._counts.good, self._counts.defect, self._counts.cannot_tell)
        for label, name, number, value in zip(
            self._names, names, self._numbers, values, strict=True
        ):
            label.setText(name)
            number.setText(count(value))
        if self._weights is None:
            self._weights_label.setText(self.tr("Basic weights: those of the program"))
            set_words(self._choose, self.tr("File …"), self.tr("Choose a file with basic weights"))
        else:
            self._weights_label.setText(self.tr("Basic weights: {}").format(self._weights.name))
            set_words(
                self._choose, self.tr("Use the program's"), self.tr("Use the program's weights")
            )
        self._weights_label.setToolTip(str(self._weights or ""))
        set_words(
            self._button,
            self.tr("Retrain with the reviewed parts"),
            self.tr("Retrain with the reviewed parts"),
        )
