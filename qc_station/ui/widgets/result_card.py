"""Card of a finished job: what came of it, old against new, activate or keep. Decides nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qc_station.domain.learning import LearningKind, LearningResult
from qc_station.ui import icons
from qc_station.ui import learning_words as words
from qc_station.ui.messages import class_title
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.comparison_table import ComparisonTable
from qc_station.ui.widgets.guarded_button import GuardedButton


class ResultCard(QFrame):
    """Stays until the user has chosen."""

    activate = Signal(object)  # ModelVersion
    keep = Signal()
    inspect = Signal(str)  # product

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result_card")
        self.setProperty("role", "card")
        self._result: LearningResult | None = None
        self._current = ""
        self._refusal = ""
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setObjectName("result_text")
        self.table = ComparisonTable(self)
        self._activate = GuardedButton(icons.icon("check", "inverse_ink"), "", self)
        self._activate.setObjectName("result_activate")
        self._activate.setProperty("role", "primary")
        self._activate.setMinimumHeight(46)
        self._activate.setAutoDefault(True)  # Enter presses it, as in a dialog
        self._keep = QPushButton(self)
        self._keep.setObjectName("result_keep")
        self._keep.setMinimumHeight(46)
        self._activate.clicked.connect(self._chosen)
        self._keep.clicked.connect(self.keep)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self._activate)
        buttons.addWidget(self._keep)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addWidget(self.table)
        layout.addLayout(buttons)

    @property
    def result(self) -> LearningResult | None:
        """What is shown."""
        return self._result

    def show_result(self, result: LearningResult, current: str) -> None:
        """Shows a result; ``current`` is the product that is inspected now."""
        self._result, self._current = result, current
        self.table.show_rows(result.comparison)
        self.table.setVisible(bool(result.comparison))
        self.retranslate()

    def refuse(self, sentence: str) -> None:
        """The present role may not put a model or product in use; what is done can be left."""
        self._refusal = sentence
        self.retranslate()

    def focus_choice(self) -> None:
        """Enter takes the first button."""
        self._activate.setFocus()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.table.retranslate()
        result = self._result
        if result is None:
            return
        name = class_title(result.version.recipe)
        if result.kind is LearningKind.RETRAIN:
            self._title.setText(self.tr("The new model of “{}” is ready").format(name))
        else:
            self._title.setText(self.tr("“{}” has been taught").format(name))
        sentences = [words.ok_sentence(result.version.ok_claim)]
        sentences.append(words.ng_sentence(result.version.ng_claim))
        if result.plan is not None and (left := words.left_out(result.plan)):
            sentences.append(left)
        sentences += result.problems
        self._text.setText("\n".join(sentences))
        if not result.activated:
            set_words(self._activate, self.tr("Activate the new model"))
            self._keep.setText(self.tr("Keep the model in use"))
        elif result.version.recipe != self._current:
            set_words(self._activate, self.tr("Inspect this product now"))
            self._keep.setText(self.tr("Later"))
        else:
            set_words(self._activate, self.tr("Done"))
        changes = not result.activated or result.version.recipe != self._current
        self._activate.refuse(self._refusal if changes else "")
        self._keep.setVisible(changes)
        self._keep.setAccessibleName(self._keep.text())

    def _chosen(self) -> None:
        result = self._result
        if result is None:
            return
        if not result.activated:
            self.activate.emit(result.version)
        elif result.version.recipe != self._current:
            self.inspect.emit(result.version.recipe)
        else:
            self.keep.emit()
