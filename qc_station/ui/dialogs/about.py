"""About the program: what it is, versions, licences of all that comes with it. Shows facts."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qc_station.services.licences import WEIGHTS, Package, canonical, installed_packages
from qc_station.services.tasks import run_task
from qc_station.ui import theme
from qc_station.ui.icons import pixmap
from qc_station.ui.messages import count
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.rows_table import RowsTable
from qc_station.version import program_version


class AboutDialog(QDialog):
    """Modal; closes with Escape or the button."""

    def __init__(self, parent: QWidget | None = None, home: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(self.tr("About QC Station"))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.licences = LicenceList(self)
        self.tabs.addTab(self._build_about(home), self.tr("About"))
        self.tabs.addTab(self.licences, self.tr("Licences"))
        self.tabs.tabBar().setAccessibleName(self.windowTitle())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(12)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)
        self.resize(min(theme.px(860), 1240), min(theme.px(620), 760))
        run_task(installed_packages, self.licences.show_packages, parent=self)

    def _build_about(self, home: str) -> QWidget:
        page = QWidget(self)
        sign = QLabel(page)
        sign.setPixmap(pixmap("inspect", 64, theme.TEXT))
        sign.setAlignment(Qt.AlignmentFlag.AlignTop)
        title = QLabel(self.tr("QC Station {}").format(program_version()), page)
        title.setProperty("role", "title")
        facts = self.tr("Python {python}, Qt {qt}, PySide6 {pyside}").format(
            python=platform.python_version(), qt=qVersion(), pyside=pyside_version
        )
        sentences = [
            self.tr(
                "Quality-control station for visual inspection: "
                "OK, NG or REVIEW, with the defect shown and named."
            ),
            f"{facts}, {platform.system()} {platform.release()} ({platform.machine()})",
            self.tr("Licence of the program: MIT."),
            self.tr(
                "Qt and PySide6 are © The Qt Company Ltd. and used under the GNU Lesser General "
                "Public License, version 3. They are separate files in the program's folder, "
                "which you may replace by your own build; the licence is in the list, and the "
                "Qt Project gives out the source code."
            ),
            self.tr(
                "The basic weights of the network (EfficientNet-lite0) come with a package whose "
                "metadata name no licence; Google published the originals under Apache 2.0. "
                "Clear that with whoever clears licences in your company."
            ),
            self.tr("A model that you teach is yours, within the licence of its pictures."),
        ]
        if home:
            sentences.append(self.tr("Data: {}").format(home))
        texts = QVBoxLayout()
        texts.setSpacing(10)
        texts.addWidget(title)
        for sentence in sentences:
            label = QLabel(sentence, page)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texts.addWidget(label)
        texts.addStretch(1)
        body = QHBoxLayout(page)
        body.setContentsMargins(12, 16, 12, 12)
        body.setSpacing(18)
        body.addWidget(sign)
        body.addLayout(texts, 1)
        return page


class LicenceList(QWidget):
    """All packages with their licences, searchable; the chosen one's text below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._packages: list[Package] = []
        self.model = RowsModel[Package](
            (
                Column(lambda: self.tr("Package"), lambda p: p.name),
                Column(lambda: self.tr("Version"), lambda p: p.version),
                Column(lambda: self.tr("Licence"), self._licence, hint=self._licence),
            ),
            self,
        )
        self.table = RowsTable(self.model, 2, self)
        self.table.setObjectName("licence_table")
        self.table.set_widths({0: 260, 1: 120})
        self.table.setAccessibleName(self.tr("Packages and their licences"))
        self.search = QLineEdit(self)
        self.search.setObjectName("licence_search")
        self.search.setPlaceholderText(self.tr("Search (Ctrl+F)"))
        self.search.setAccessibleName(self.tr("Search for a package or a licence"))
        self.search.setClearButtonEnabled(True)
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Licence of the chosen package"))
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.text)
        splitter.setSizes([280, 200])
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 0)
        layout.addLayout(head)
        layout.addWidget(splitter, 1)
        self.search.textChanged.connect(self._filter)
        self.table.chosen.connect(self._show_chosen)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)

    def show_packages(self, packages: list[Package]) -> None:
        """Lists these packages."""
        self._packages = packages
        self._filter()

    def _licence(self, package: Package) -> str:
        if package.licence:
            return package.licence
        if canonical(package.name) == WEIGHTS:
            return self.tr("not named by the package; originals: Apache 2.0")
        return self.tr("not named; see the text")

    def _filter(self) -> None:
        wanted = self.search.text().strip().casefold()
        self.model.show_rows(
            [p for p in self._packages if wanted in f"{p.name} {self._licence(p)}".casefold()]
        )
        self._count.setText(self.tr("{} packages").format(count(len(self.model.rows))))
        if self.model.rows:
            self.table.selectRow(0)

    def _show_chosen(self) -> None:
        package = self.model.row(self.table.current)
        text = package.text() if package is not None else ""
        if package is not None and not text:
            text = self.tr("The package brings no licence text along.")
        self.text.setPlainText(text)
