"""About the program: what it is, versions, licences. Shows facts it is given."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from qc_station.ui import theme
from qc_station.ui.icons import pixmap
from qc_station.version import program_version


class AboutDialog(QDialog):
    """Modal; closes with Escape or the button."""

    def __init__(self, parent: QWidget | None = None, home: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(self.tr("About QC Station"))
        sign = QLabel(self)
        sign.setPixmap(pixmap("inspect", 64, theme.TEXT))
        title = QLabel(self.tr("QC Station {}").format(program_version()), self)
        title.setProperty("role", "title")
        what = QLabel(
            self.tr(
                "Quality-control station for visual inspection: "
                "OK, NG or REVIEW, with the defect shown and named."
            ),
            self,
        )
        what.setWordWrap(True)
        facts = QLabel(
            self.tr("Python {python}, Qt {qt}, PySide6 {pyside}").format(
                python=platform.python_version(), qt=qVersion(), pyside=pyside_version
            ),
            self,
        )
        facts.setProperty("role", "muted")
        licence = QLabel(
            self.tr("Licence: MIT. Qt is used under the LGPL. Models and data have their own."),
            self,
        )
        licence.setProperty("role", "muted")
        licence.setWordWrap(True)
        texts = QVBoxLayout()
        for label in (title, what, facts, licence):
            texts.addWidget(label)
        if home:
            place = QLabel(self.tr("Data: {}").format(home), self)
            place.setProperty("role", "muted")
            place.setWordWrap(True)
            texts.addWidget(place)
        texts.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(sign)
        body.addLayout(texts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(16)
        layout.addLayout(body)
        layout.addWidget(buttons)
        self.setMinimumWidth(460)
