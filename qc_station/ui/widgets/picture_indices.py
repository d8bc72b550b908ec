"""Focus and brightness of the live picture against their baseline. Measures nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.camera.status import CaptureStatus
from qc_station.domain.camera_setup import (
    BRIGHT_ABOVE,
    DARK_BELOW,
    SHARP_FROM,
    Baseline,
    Drift,
)
from qc_station.domain.state import CameraState
from qc_station.ui import camera_words as words
from qc_station.ui import icons
from qc_station.ui.messages import error_sentence
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.index_bar import IndexBar


class PictureIndices(QFrame):
    """Two bars, what they amount to, and the button that says: the picture is good now."""

    baseline_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._baseline: Baseline | None = None
        self._drift = Drift.NONE
        self._session = -1
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.focus = IndexBar(SHARP_FROM, None, self)
        self.light = IndexBar(DARK_BELOW, BRIGHT_ABOVE, self)
        self._names = (QLabel(self), QLabel(self))
        self.figures = (QLabel(self), QLabel(self))
        self.sentence = QLabel(self)
        self.sentence.setObjectName("camera_baseline_text")
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumHeight(40)
        self.set_baseline = GuardedButton(icons.icon("check"), "", self)
        self.set_baseline.setObjectName("camera_set_baseline")
        self.set_baseline.setMinimumHeight(40)
        self.set_baseline.clicked.connect(self.baseline_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(1)
        layout.addWidget(self._title)
        for name, figure, bar in zip(
            self._names, self.figures, (self.focus, self.light), strict=True
        ):
            row = QHBoxLayout()
            row.addWidget(name)
            row.addStretch(1)
            row.addWidget(figure)
            layout.addLayout(row)
            layout.addWidget(bar)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.sentence, 1)
        foot.addWidget(self.set_baseline)
        layout.addLayout(foot)

    def show_status(self, status: CaptureStatus, baseline: Baseline | None, drift: Drift) -> None:
        """The figures now."""
        if status.session != self._session:
            self._session = status.session
            self.focus.forget()
            self.light.forget()
        if status.state is not CameraState.RUNNING:  # figures of a picture that is gone
            status = CaptureStatus(session=status.session)
        self._baseline, self._drift = baseline, drift
        focus = baseline.focus if baseline is not None else None
        light = baseline.brightness if baseline is not None else None
        self.focus.show_value(status.steady_focus, status.focus, focus)
        self.light.show_value(status.steady_brightness, status.brightness, light)
        texts = (
            words.index_text(status.steady_focus, focus),
            words.index_text(status.steady_brightness, light),
        )
        for name, figure, bar, text in zip(
            self._names, self.figures, (self.focus, self.light), texts, strict=True
        ):
            figure.setText(text)
            bar.setAccessibleName(f"{name.text()}: {text}")
        self.set_baseline.setEnabled(status.steady_focus is not None)
        self._say()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Focus and light"))
        for name, text in zip(
            self._names, (self.tr("Focus index"), self.tr("Brightness")), strict=True
        ):
            name.setText(text)
        self.focus.setToolTip(
            self.tr("Variance of the Laplacian / squared mean grey: independent of the light.")
        )
        self.light.setToolTip(self.tr("Mean of all pixels, 0 to 1."))
        set_words(
            self.set_baseline,
            self.tr("Set baseline"),
            self.tr("The picture is good now: measure later ones against it"),
        )
        self.set_baseline.setToolTip(self.set_baseline.accessibleName())
        self._say()

    def _say(self) -> None:
        text = words.baseline_sentence(self._baseline)
        if self._drift is not Drift.NONE:
            text = "⚠ " + error_sentence(self._drift.value)
        self.sentence.setText(text)
