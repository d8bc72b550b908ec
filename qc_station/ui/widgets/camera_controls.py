"""Exposure, gain, white balance and focus, as far as the driver has them. Sets nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.camera_setup import Control, ControlSetting, ControlState
from qc_station.ui import camera_words as words
from qc_station.ui import icons
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

WIDEST = 1_000_000.0
"""Drivers do not tell their ranges: they cut a value down, and the value read back is shown."""


class _Row:
    def __init__(self, control: Control, parent: QWidget) -> None:
        self.control = control
        self.label = QLabel(parent)
        self.value = QDoubleSpinBox(parent)
        self.value.setObjectName(f"camera_{control.value}")
        self.value.setRange(-WIDEST, WIDEST)
        self.value.setDecimals(0)
        self.value.setMinimumHeight(34)
        self.value.setKeyboardTracking(False)
        self.auto = QCheckBox(parent)
        self.auto.setObjectName(f"camera_{control.value}_auto")
        self.label.setBuddy(self.value)

    def show_state(self, state: ControlState | None) -> None:
        for widget in (self.label, self.value, self.auto):
            widget.setVisible(state is not None)
        if state is None:
            return
        self.value.setDecimals(0 if state.value == round(state.value) else 3)
        self.value.setValue(state.value)
        self.auto.setVisible(state.auto is not None)
        self.auto.setChecked(state.auto is True)
        self.value.setEnabled(not self.auto.isChecked())

    def setting(self) -> ControlSetting:
        return ControlSetting(self.control, self.value.value(), self.auto.isChecked())


class CameraControls(QFrame):
    """Shows what the driver says until somebody edits; then keeps the edits until applied."""

    apply_asked = Signal(object)  # tuple[ControlSetting, ...]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._states: tuple[ControlState, ...] | None = None
        self._stored: tuple[ControlSetting, ...] = ()
        self._edited = False
        self._refusal = ""
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.sentence = QLabel(self)
        self.sentence.setObjectName("camera_controls_text")
        self.sentence.setWordWrap(True)
        self.apply = GuardedButton(icons.icon("check"), "", self)
        self.apply.setObjectName("camera_apply")
        self.apply.setMinimumHeight(40)
        self.apply.clicked.connect(self._ask_apply)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.rows = [_Row(control, self) for control in Control]
        for number, row in enumerate(self.rows):
            grid.addWidget(row.label, number, 0)
            grid.addWidget(row.value, number, 1)
            grid.addWidget(row.auto, number, 2)
            row.value.valueChanged.connect(self._on_edit)
            row.auto.toggled.connect(self._on_edit)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.sentence, 1)
        foot.addWidget(self.apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addLayout(grid)
        layout.addLayout(foot)
        self._fill()

    def show_controls(
        self, states: tuple[ControlState, ...] | None, stored: Sequence[ControlSetting]
    ) -> None:
        """What the driver says, and what was kept for the product; edits under way stay."""
        stored = tuple(stored)
        if (states, stored) == (self._states, self._stored):
            return
        names = [s.control for s in states or ()]
        if names != [s.control for s in self._states or ()]:
            self._edited = False  # another camera
        self._states, self._stored = states, stored
        if not self._edited:
            self._fill()
        self._say()

    def refuse(self, sentence: str) -> None:
        """Why the present role may set nothing; empty when it may."""
        self._refusal = sentence
        self.apply.refuse(sentence)
        self._enable()

    def settings(self) -> tuple[ControlSetting, ...]:
        """What the fields say, for the controls that the driver has."""
        offered = {state.control for state in self._states or ()}
        return tuple(row.setting() for row in self.rows if row.control in offered)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Driver"))
        for row in self.rows:
            name = words.control_title(row.control)
            row.label.setText(name)
            row.value.setAccessibleName(name)
            row.auto.setText(self.tr("automatic"))
            row.auto.setAccessibleName(self.tr("{}: automatic").format(name))
        set_words(
            self.apply, self.tr("Apply"), self.tr("Set the driver and keep it for this product")
        )
        self.apply.setToolTip(self.apply.accessibleName())
        self._say()

    def _fill(self) -> None:
        states = {state.control: state for state in self._states or ()}
        for row in self.rows:
            for widget in (row.value, row.auto):
                widget.blockSignals(True)
            row.show_state(states.get(row.control))
            for widget in (row.value, row.auto):
                widget.blockSignals(False)
        self.apply.setVisible(bool(states))
        self._edited = False
        self._enable()

    def _enable(self) -> None:
        for row in self.rows:
            row.auto.setEnabled(not self._refusal)
            row.value.setEnabled(not self._refusal and not row.auto.isChecked())
        self.apply.setEnabled(self._edited)

    @Slot()
    def _on_edit(self) -> None:
        self._edited = True
        self._enable()

    @Slot()
    def _ask_apply(self) -> None:
        self._edited = False
        self._enable()
        self.apply_asked.emit(self.settings())

    def _say(self) -> None:
        if self._states is None:
            text = self.tr("Not known before the camera is connected.")
        elif not self._states:
            text = self.tr(
                "This camera lets nothing be set from here: set it at its source or on its own "
                "page."
            )
        else:
            text = self._answers()
        self.sentence.setText(text)

    def _answers(self) -> str:
        states = {state.control: state for state in self._states or ()}
        said = [
            words.refusal_sentence(wanted, states[wanted.control])
            for wanted in self._stored
            if wanted.control in states
        ]
        refused = " ".join(sentence for sentence in said if sentence)
        if refused:
            return "⚠ " + refused
        if self._stored:
            return self.tr("Kept for this product; set again after every reconnect.")
        return self.tr("As the driver came up; nothing is kept for this product yet.")
