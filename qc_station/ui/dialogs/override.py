"""Asks what a person decides about a part against the machine, and why. Knows no log."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.verdict import Inspection, Verdict
from qc_station.services.overrides import DECISIONS, LONGEST_REASON
from qc_station.services.permits import AccessError, Permits
from qc_station.ui.access_words import refusal
from qc_station.ui.messages import error_sentence, reason_sentence, verdict_title
from qc_station.ui.override_words import override_sentence, usual_reasons
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.verdict_icon import verdict_icon

Decide = Callable[[Verdict, str, bool], object]
"""Verdict, reason, whether the person has inspected the part; raises what the service raises."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OverrideDialog(QDialog):
    """One part, one decision, one reason. The machine's verdict stays."""

    def __init__(
        self, part: Inspection, decide: Decide, permits: Permits, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("override_dialog")
        self._part = part
        self._decide = decide
        self._permits = permits
        self.choices: dict[Verdict, QPushButton] = {}
        self._build()
        self.retranslate()
        if len(self.choices) == 1:
            next(iter(self.choices.values())).setChecked(True)
        self._on_choice()
        self.reason.setFocus()

    def _build(self) -> None:
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._text = QLabel(self)
        self._stands = QLabel(self)
        self._stands.setObjectName("override_stands")
        self._stands.setProperty("letters", "strong")
        self._question = QLabel(self)
        group = QButtonGroup(self)
        answers = QHBoxLayout()
        answers.setSpacing(10)
        for verdict in self._possible():
            button = QPushButton(verdict_icon(verdict), "", self)
            button.setObjectName(f"override_{verdict.value.lower()}")
            button.setCheckable(True)
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
            button.toggled.connect(self._on_choice)
            group.addButton(button)
            answers.addWidget(button, 1)
            self.choices[verdict] = button
        self._label = QLabel(self)
        self.reason = QComboBox(self)
        self.reason.setObjectName("override_why")
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reason.setMinimumHeight(46)
        self.reason.setProperty("letters", "large")
        self._label.setBuddy(self.reason)
        self._blind_words = QLabel(self)
        self._blind_words.setObjectName("override_not_inspected")
        self._blind_words.setWordWrap(True)
        self._blind_words.setProperty("letters", "caption")
        self.looked_at = QCheckBox(self)
        self.looked_at.setObjectName("override_looked_at")
        self.looked_at.setProperty("letters", "caption")
        self._message = QLabel(self)
        self._message.setObjectName("override_message")
        self._message.setMinimumHeight(44)
        self._message.setProperty("letters", "caption")
        self.apply = QPushButton(self)
        self.apply.setObjectName("override_apply")
        self.apply.setProperty("role", "primary")
        self.cancel = QPushButton(self)
        self.cancel.setObjectName("override_cancel")
        foot = QHBoxLayout()
        foot.setSpacing(10)
        for button in (self.cancel, self.apply):
            button.setProperty("touch", "true")
            button.setAutoDefault(False)
            foot.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 18, 22, 18)
        layout.setSpacing(10)
        for widget in (self._title, self._text, self._stands, self._question):
            if isinstance(widget, QLabel):
                widget.setWordWrap(True)
            layout.addWidget(widget)
        layout.addLayout(answers)
        rest = (self._label, self.reason, self._blind_words, self.looked_at, self._message)
        for below in rest:
            layout.addWidget(below)
        layout.addLayout(foot)
        self._message.setWordWrap(True)
        self.setMinimumWidth(640)
        line = self.reason.lineEdit()
        assert line is not None
        line.setMaxLength(LONGEST_REASON)
        line.returnPressed.connect(self.submit)
        self.apply.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.reject)

    def _possible(self) -> list[Verdict]:
        """What differs from what stands now; the machine's own verdict where it was overridden."""
        part = self._part
        stands = part.override.verdict if part.override is not None else part.verdict
        possible = [verdict for verdict in DECISIONS if verdict is not stands]
        if part.override is not None and part.verdict not in possible:
            possible.append(part.verdict)
        return possible

    @property
    def chosen(self) -> Verdict | None:
        """What is decided so far."""
        return next((v for v, button in self.choices.items() if button.isChecked()), None)

    @property
    def message(self) -> str:
        """What is said below the fields."""
        return self._message.text()

    @property
    def _blind(self) -> bool:
        """A part that no machine has inspected would be called OK."""
        return self._part.verdict is Verdict.NOT_INSPECTED and self.chosen is Verdict.OK

    def retranslate(self) -> None:
        """Every text in the current language."""
        part = self._part
        self.setWindowTitle(self.tr("Override the verdict"))
        self._title.setText(
            self.tr("Part {number} · the machine says {verdict}").format(
                number=part.part_number, verdict=verdict_title(part.verdict)
            )
        )
        self._text.setText(
            reason_sentence(part.reason, part)
            + "\n"
            + self.tr("The machine's verdict stays in the log; your decision is written beside it.")
        )
        self._stands.setText(override_sentence(part))
        self._stands.setVisible(part.override is not None)
        self._question.setText(self.tr("What do you decide?"))
        for verdict, button in self.choices.items():
            title = verdict_title(verdict)
            back = verdict is part.verdict
            text = self.tr("{} (as the machine says)").format(title) if back else title
            set_words(button, text, self.tr("Decide: {}").format(text))
        self._label.setText(self.tr("&Why? Choose or type"))
        self.reason.setAccessibleName(self.tr("Reason of the override"))
        self._blind_words.setText(
            self.tr("The machine did NOT inspect this part: OK stands on your word alone.")
        )
        self.looked_at.setText(self.tr("I have inspected this part myself"))
        self.apply.setText(self.tr("Override (Enter)"))
        self.apply.setAccessibleName(self.tr("Write the decision down"))
        self.cancel.setText(self.tr("Cancel (Esc)"))
        self.cancel.setAccessibleName(self.tr("Leave the verdict as it is"))
        self._on_choice()

    @Slot()
    def _on_choice(self) -> None:
        """Offers the reasons of this decision; what was typed stays."""
        typed = self.reason.currentText()
        self.reason.clear()
        self.reason.addItems(usual_reasons(self.chosen or Verdict.OK))
        self.reason.setCurrentIndex(-1)
        self.reason.setEditText(typed)
        for widget in (self._blind_words, self.looked_at):
            widget.setVisible(self._blind)
        self._say("")

    @Slot()
    def submit(self) -> None:
        """Writes the decision down when everything is said."""
        verdict, why = self.chosen, self.reason.currentText().strip()
        if verdict is None:
            self._say(self.tr("Choose what you decide."))
            next(iter(self.choices.values())).setFocus()
        elif not why:
            self._say(self.tr("Say why: choose a reason or type one."))
            self.reason.setFocus()
        elif self._blind and not self.looked_at.isChecked():
            self._say(error_sentence("override_not_inspected"))
            self.looked_at.setFocus()
        else:
            self._do(verdict, why)

    def _do(self, verdict: Verdict, why: str) -> None:
        try:
            self._decide(verdict, why, self._blind)
        except AccessError as error:  # somebody logged out meanwhile
            code = error_sentence(error.code, str(error))
            self._say(refusal(self._permits, Action.OVERRIDE) or code)
        except Exception as error:  # noqa: BLE001 - nothing was written; the page says why
            self._say(error_sentence(getattr(error, "code", ""), str(error)))
        else:
            self.accept()

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it."""
        if event.key() in _ENTER:
            if isinstance(focused := self.focusWidget(), QPushButton):
                focused.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
