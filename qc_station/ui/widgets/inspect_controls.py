"""What the operator presses: heatmap opacity, start or pause, one part now. Knows no service."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from qc_station.ui.icons import icon
from qc_station.ui.messages import percent
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton


class TouchButton(GuardedButton):
    """A button for gloves. Enter presses it too, because Space always means "one part now"."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("touch", True)
        self.setIconSize(QSize(26, 26))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class InspectControls(QWidget):
    """Slider and two big buttons; the page connects ``run`` and ``trigger``."""

    opacity_changed = Signal(float)

    def __init__(self, opacity: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspect_controls")
        self._paused = False
        self.label = QLabel(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("heatmap_opacity")
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setValue(round(opacity * 100))
        self.slider.valueChanged.connect(self._on_slider)
        self.label.setBuddy(self.slider)
        self.hint = QLabel(self)
        self.hint.setProperty("role", "muted")
        self.leave = QPushButton(icon("fullscreen"), "", self)
        self.leave.setObjectName("leave_full_screen")
        self.leave.hide()
        self.run = TouchButton("start_pause", self)
        self.run.setProperty("role", "primary")
        self.trigger = TouchButton("trigger", self)
        self.trigger.setIcon(icon("trigger"))
        self.check = TouchButton("golden_check", self)
        self.check.setIcon(icon("check"))
        self.check.hide()
        heat = QHBoxLayout()
        heat.setSpacing(10)
        heat.addWidget(self.label)
        heat.addWidget(self.slider, 1)
        heat.addWidget(self.hint)
        heat.addWidget(self.leave)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(heat, 0, 0, 1, 2)
        layout.addWidget(self.run, 1, 0)
        layout.addWidget(self.trigger, 1, 1)
        layout.addWidget(self.check, 2, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)
        QWidget.setTabOrder(self.run, self.trigger)
        QWidget.setTabOrder(self.trigger, self.check)
        QWidget.setTabOrder(self.check, self.slider)
        QWidget.setTabOrder(self.slider, self.leave)
        self.setFocusProxy(self.run)
        self.retranslate()

    def show_state(self, *, paused: bool, can_pause: bool, can_trigger: bool) -> None:
        """What the buttons mean now, and whether they do anything."""
        if self.run.icon().isNull() or paused != self._paused:  # drawing icons takes time
            self.run.setIcon(icon("start" if paused else "pause", "inverse_ink"))
        self._paused = paused
        self.run.setText(self.tr("Start (F5)") if paused else self.tr("Pause (F5)"))
        self.run.setEnabled(can_pause)
        self.trigger.setEnabled(can_trigger)

    def set_full_screen(self, full: bool) -> None:
        """The way out takes the hint's place: warnings cover the page's top, never this row."""
        self.hint.setVisible(not full)
        self.leave.setVisible(full)

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.label.setText(self.tr("&Heatmap"))
        self.slider.setAccessibleName(self.tr("Opacity of the heatmap"))
        self.slider.setToolTip(percent(self.slider.value() / 100))
        self.hint.setText(self.tr("hold H: bare picture"))
        set_words(self.leave, self.tr("Leave (F11)"), self.tr("Leave full screen"))
        self.leave.setToolTip(self.tr("Leave full screen (F11 or Esc)"))
        self.trigger.setText(self.tr("Inspect (Space)"))
        self.run.setAccessibleName(self.tr("Start or pause inspection"))
        self.trigger.setAccessibleName(self.tr("Inspect one part now"))
        self.check.setText(self.tr("Check golden samples (F6)"))
        self.check.setAccessibleName(self.tr("Check the golden samples"))
        self.show_state(
            paused=self._paused,
            can_pause=self.run.wanted,
            can_trigger=self.trigger.isEnabled(),
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    @Slot(int)
    def _on_slider(self, value: int) -> None:
        self.slider.setToolTip(percent(value / 100))
        self.opacity_changed.emit(value / 100)
