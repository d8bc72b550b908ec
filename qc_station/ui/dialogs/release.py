"""Asks a maintainer why the station may inspect without a good check. No SQL."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.services.golden_release import GoldenRelease
from qc_station.services.permits import Permits
from qc_station.ui.messages import error_sentence
from qc_station.ui.state_messages import state_why
from qc_station.ui.widgets.button_words import set_words


class ReleaseDialog(QDialog):
    """Closes when the station is released, and when the maintainer is logged out."""

    def __init__(
        self, release: GoldenRelease, permits: Permits, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("release_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._release = release
        self._permits = permits
        self.why = QLabel(self)
        self.why.setProperty("role", "title")
        self.what = QLabel(self)
        self.what.setProperty("role", "sentence")
        self.what.setWordWrap(True)
        self.reason = QLineEdit(self)
        self.reason.setObjectName("release_reason")
        self.reason.setProperty("touch", "true")
        self.reason.setMaxLength(200)
        self._label = QLabel(self)
        self._label.setBuddy(self.reason)
        self.problem = QLabel(self)
        self.problem.setObjectName("release_problem")
        self.problem.setProperty("role", "sentence")
        self.problem.setWordWrap(True)
        self.ok = QPushButton(self)
        self.ok.setObjectName("release_ok")
        self.ok.setProperty("role", "primary")
        self.cancel = QPushButton(self)
        self.cancel.setObjectName("release_cancel")
        self.cancel.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.cancel, self.ok):
            button.setProperty("touch", "true")
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for widget in (self.why, self.what, self._label, self.reason, self.problem):
            layout.addWidget(widget)
        layout.addLayout(foot)
        self.setMinimumWidth(620)
        self.ok.clicked.connect(self.release)
        self.cancel.clicked.connect(self.reject)
        permits.changed.connect(self._on_permits)
        self.retranslate()
        self.reason.setFocus()

    @Slot()
    def release(self) -> None:
        """Releases, or says what is missing."""
        try:
            self._release.release(self.reason.text())
        except Exception as error:  # noqa: BLE001 — the dialog shows the sentence
            self.problem.setText(error_sentence(getattr(error, "code", ""), str(error)))
            self.reason.setFocus()
        else:
            self.accept()

    @Slot()
    def _on_permits(self) -> None:
        if not self._permits.allows(Action.RELEASE_STATION):
            self.reject()

    def retranslate(self) -> None:
        """Texts in the current language."""
        self.setWindowTitle(self.tr("Release without a check"))
        self.why.setText(state_why(self._release.standing.block))
        self.what.setText(
            self.tr(
                "The station inspects again until the next check is due. Your name and the reason "
                "are written into the audit log and the shift report."
            )
        )
        self._label.setText(self.tr("&Reason"))
        self.reason.setAccessibleName(self.tr("Reason"))
        set_words(self.ok, self.tr("Release"), self.tr("Release the station"))
        set_words(self.cancel, self.tr("Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
