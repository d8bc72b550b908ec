"""Exact values of the two limits, the reason, and the buttons that save. Knows no services."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.thresholds import LimitPair
from qc_station.domain.verdict import Verdict
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

LARGEST = 1e9


class LimitsEditor(QFrame):
    """``edited`` carries a verdict (OK or NG) and the value typed for its limit."""

    edited = Signal(object, float)
    own_asked = Signal()
    saved_asked = Signal()
    save_asked = Signal(str)  # reason

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("limits_editor")
        self.setProperty("role", "card")
        self._dirty = False
        self._names = {verdict: QLabel(self) for verdict in (Verdict.OK, Verdict.NG)}
        self.spins = {verdict: self._spin(verdict) for verdict in (Verdict.OK, Verdict.NG)}
        self.own, self.saved = QPushButton(self), QPushButton(self)
        self.own.setObjectName("limits_own")
        self.saved.setObjectName("limits_saved")
        self.reason = QLineEdit(self)
        self.reason.setObjectName("limits_reason")
        self.reason.setMaxLength(300)
        self._reason_name = QLabel(self)
        self.warning = QLabel(self)
        self.warning.setObjectName("limits_warning")
        self.warning.setWordWrap(True)
        self.save = GuardedButton(self)
        self.save.setObjectName("limits_save")
        self.save.setProperty("role", "primary")
        self._lay_out()
        self.own.clicked.connect(self.own_asked)
        self.saved.clicked.connect(self.saved_asked)
        self.reason.textChanged.connect(self._show_buttons)
        self.reason.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)

    def show_limits(self, pair: LimitPair, step: float, decimals: int) -> None:
        """The values, without telling; ``step`` is that of the arrows."""
        for verdict, value in ((Verdict.OK, pair.ok), (Verdict.NG, pair.ng)):
            spin = self.spins[verdict]
            spin.blockSignals(True)
            spin.setDecimals(decimals)
            spin.setSingleStep(step)
            spin.setValue(value)
            spin.blockSignals(False)

    def show_state(self, dirty: bool, is_own: bool, warning: str) -> None:
        """``dirty``: other limits than those in force; ``is_own``: the model's own."""
        self._dirty = dirty
        self.saved.setEnabled(dirty)
        self.own.setEnabled(not is_own)
        self.warning.setText(f"⚠ {warning}" if warning else "")
        self.warning.setVisible(bool(warning))
        self._show_buttons()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._names[Verdict.OK].setText(self.tr("OK up to"))
        self._names[Verdict.NG].setText(self.tr("NG above"))
        self.spins[Verdict.OK].setAccessibleName(self.tr("OK limit: scores up to this are OK"))
        self.spins[Verdict.NG].setAccessibleName(self.tr("NG limit: scores above this are NG"))
        for spin in self.spins.values():
            spin.setLocale(QLocale())
        set_words(self.own, self.tr("Model's own"), self.tr("Back to the model's own limits"))
        set_words(self.saved, self.tr("As in use"), self.tr("Back to the limits in use"))
        self._reason_name.setText(self.tr("Reason"))
        self.reason.setPlaceholderText(self.tr("Why? It is kept with the recipe."))
        self.reason.setAccessibleName(self.tr("Reason of the change"))
        set_words(self.save, self.tr("Save"), self.tr("Save as a revision of the recipe"))
        self._show_buttons()

    def _show_buttons(self) -> None:
        ready = self._dirty and bool(self.reason.text().strip())
        self.save.setEnabled(ready)
        if not self._dirty:
            self.save.setToolTip(self.tr("These limits are in use already."))
        else:
            self.save.setToolTip("" if ready else self.tr("Give a reason first."))

    def _on_save(self) -> None:
        if self.save.isEnabled():
            self.save_asked.emit(self.reason.text().strip())

    def _spin(self, verdict: Verdict) -> QDoubleSpinBox:
        spin = QDoubleSpinBox(self)
        spin.setObjectName(f"limits_{verdict.value.lower()}")
        spin.setRange(-LARGEST, LARGEST)
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(lambda value: self.edited.emit(verdict, value))
        return spin

    def _lay_out(self) -> None:
        values = QGridLayout()
        values.setHorizontalSpacing(10)
        values.setVerticalSpacing(6)
        for row, verdict in enumerate((Verdict.OK, Verdict.NG)):
            values.addWidget(self._names[verdict], row, 0)
            values.addWidget(self.spins[verdict], row, 1)
            values.addWidget((self.own, self.saved)[row], row, 2)
        values.setColumnStretch(1, 1)
        why = QHBoxLayout()
        why.addWidget(self._reason_name)
        why.addWidget(self.reason, 1)
        why.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(values)
        layout.addWidget(self.warning)
        layout.addLayout(why)
