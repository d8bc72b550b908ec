"""How the review queue is ordered and which parts chance adds. Changes nothing until Save."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.review_queue import QueueRules

DEAREST = 1_000_000.0


class QueueSettingsDialog(QDialog):
    """Shares in per cent, costs relative to each other."""

    def __init__(self, rules: QueueRules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._before = rules
        self.ok_share = self._box("queue_ok_share", 100.0, rules.ok_share * 100.0, " %")
        self.repeat_share = self._box("queue_repeat_share", 100.0, rules.repeat_share * 100.0, " %")
        self.escape = self._box("queue_escape_cost", DEAREST, rules.escape_cost)
        self.alarm = self._box("queue_alarm_cost", DEAREST, rules.false_alarm_cost)
        self.wrong_class = self._box("queue_class_cost", DEAREST, rules.wrong_class_cost)
        self._fields = {
            name: (QLabel(self), box)
            for name, box in (
                ("ok", self.ok_share), ("repeat", self.repeat_share), ("escape", self.escape),
                ("alarm", self.alarm), ("class", self.wrong_class),
            )
        }  # fmt: skip
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(12)
        for label, box in self._fields.values():
            label.setBuddy(box)
            label.setMinimumHeight(box.sizeHint().height())
            form.addRow(label, box)
        self._chance = self._words()
        self._costs = self._words()
        form.insertRow(2, self._chance)
        form.addRow(self._costs)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        for button in self._buttons.buttons():
            button.setProperty("touch", "true")
            button.setIcon(QIcon())
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(self._buttons)
        self.setMinimumWidth(560)
        self.retranslate()

    @property
    def rules(self) -> QueueRules:
        """What the fields say; a field that was not touched keeps its exact value."""
        before = self._before
        return replace(
            before,
            ok_share=_value(self.ok_share, before.ok_share, 100.0),
            repeat_share=_value(self.repeat_share, before.repeat_share, 100.0),
            escape_cost=_value(self.escape, before.escape_cost),
            false_alarm_cost=_value(self.alarm, before.false_alarm_cost),
            wrong_class_cost=_value(self.wrong_class, before.wrong_class_cost),
        )

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Settings of the review queue"))
        words = {
            "ok": self.tr("OK parts asked about at random"),
            "repeat": self.tr("Answers asked for once more, unannounced"),
            "escape": self.tr("Cost of an escaped defect"),
            "alarm": self.tr("Cost of a false alarm"),
            "class": self.tr("Cost of a wrong defect class"),
        }
        for name, (label, box) in self._fields.items():
            label.setText(words[name])
            box.setAccessibleName(words[name])
        self._chance.setText(
            self.tr(
                "Random OK parts tell how many defects escape; repeated parts tell how sure the "
                "experts are. New shares hold for parts from now on."
            )
        )
        self._costs.setText(
            self.tr(
                "Parts where a wrong answer of the machine is expected to cost most come first. "
                "Only the ratio of the costs counts."
            )
        )
        standard = QDialogButtonBox.StandardButton
        self._buttons.button(standard.Save).setText(self.tr("Save"))
        self._buttons.button(standard.Cancel).setText(self.tr("Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _box(self, name: str, most: float, value: float, suffix: str = "") -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setObjectName(name)
        box.setProperty("touch", "true")
        box.setRange(0.0, most)
        box.setDecimals(1)
        box.setSuffix(suffix)
        box.setValue(value)
        return box

    def _words(self) -> QLabel:
        label = QLabel(self)
        label.setWordWrap(True)
        label.setProperty("role", "muted")
        return label


def _value(box: QDoubleSpinBox, before: float, unit: float = 1.0) -> float:
    shown = round(before * unit, box.decimals())
    return before if abs(box.value() - shown) < 1e-9 else box.value() / unit
