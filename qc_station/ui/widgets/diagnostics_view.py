"""Tab for support: gathers facts, shows each file before anything is written, then saves a zip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from qc_station.services.diagnostics import DiagnosticFile, DiagnosticsService
from qc_station.services.permits import AccessError
from qc_station.ui import icons
from qc_station.ui import maintenance_words as words
from qc_station.ui.messages import error_sentence
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton, refuse_within
from qc_station.ui.widgets.rows_table import RowsTable

SHOWN_CHARACTERS = 100_000
ChoosePath = Callable[[QWidget, str], Path | None]


def ask_zip_path(parent: QWidget, suggested: str) -> Path | None:
    """The system's file dialog; None when it was cancelled."""
    name, _chosen = QFileDialog.getSaveFileName(parent, "", suggested, "Zip (*.zip)")
    return Path(name) if name else None


class DiagnosticsView(QWidget):
    """Says what happened with ``said``; the page shows it."""

    said = Signal(str, bool)  # sentence, whether it stays

    def __init__(
        self,
        service: DiagnosticsService,
        actor: Callable[[], str],
        choose_path: ChoosePath = ask_zip_path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._actor, self._choose_path = service, actor, choose_path
        self._asked_names = False
        self.model = RowsModel[DiagnosticFile](
            (
                Column(lambda: self.tr("What"), lambda f: words.diagnostic_title(f.kind)),
                Column(lambda: self.tr("File"), lambda f: f.name, hint=lambda f: f.name),
                Column(lambda: self.tr("Size"), lambda f: words.size_text(f.size_bytes), True),
            ),
            self,
        )
        self.table = RowsTable(self.model, 1, self)
        self.table.setObjectName("diagnostics_table")
        self.table.set_widths({0: 190, 2: 80})
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self.names = QCheckBox(self)
        self.names.setObjectName("diagnostics_names")
        self.gather = self._button("diagnostics_gather", "refresh")
        self.save = self._button("diagnostics_save", "export")
        self.preview = QPlainTextEdit(self)
        self.preview.setObjectName("diagnostics_preview")
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.preview)
        splitter.setSizes([480, 600])
        head = QHBoxLayout()
        head.addWidget(self.gather)
        head.addWidget(self.names)
        head.addStretch(1)
        head.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self._text)
        layout.addLayout(head)
        layout.addWidget(splitter, 1)
        self._connect()
        self.retranslate()

    def refuse(self, sentence: str) -> None:
        """Why diagnostics are not for the present role; empty when they are."""
        refuse_within(self, sentence)

    @Slot()
    def begin(self) -> None:
        """Gathers; the list shows what came of it."""
        keep = self._asked_names = self.names.isChecked()
        self._ask(lambda: self._service.gather(keep_names=keep, actor=self._actor()))

    @Slot()
    def write(self) -> None:
        """Asks for a file and writes what is listed."""
        suggested = f"qc-diagnostics-{datetime.now():%Y%m%d-%H%M}.zip"  # the viewer's own clock
        path = self._choose_path(self, suggested)
        if path is None:
            return
        if path.suffix.lower() != ".zip":
            path = path.with_name(path.name + ".zip")
        files = list(self.model.rows)
        self._ask(lambda: self._service.write(files, path, self._actor()))

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._text.setText(
            self.tr(
                "Facts for support: versions, settings, counts, health, model manifests and the "
                "end of the log. Never pictures, PINs, badges or passwords. Look through the "
                "list before you save it."
            )
        )
        self.names.setText(self.tr("With people's names"))
        self.names.setAccessibleName(self.tr("Keep people's names in the diagnostics"))
        set_words(self.gather, self.tr("Gather"), self.tr("Gather the diagnostics"))
        set_words(self.save, self.tr("Save as zip …"), self.tr("Save what is listed as a zip"))
        self.table.setAccessibleName(self.tr("Files of the diagnostics"))
        self.preview.setAccessibleName(self.tr("Contents of the chosen file"))
        self.preview.setPlaceholderText(self.tr("Contents of the chosen file"))
        self.model.retranslate()

    def _button(self, name: str, sign: str) -> GuardedButton:
        button = GuardedButton(icons.icon(sign), "", self)
        button.setObjectName(name)
        button.setMinimumHeight(38)
        return button

    def _connect(self) -> None:
        self.save.setEnabled(False)
        self.gather.clicked.connect(self.begin)
        self.save.clicked.connect(self.write)
        self.names.toggled.connect(self._forget)  # what is listed has to be what is saved
        self.table.chosen.connect(self._show_chosen)
        self._service.gathered.connect(self._on_gathered)
        self._service.written.connect(self._on_written)
        self._service.failed.connect(self._on_failed)

    def _ask(self, work: Callable[[], object]) -> None:
        try:
            work()
        except AccessError as error:
            self._on_failed(error.code, str(error), "")

    @Slot()
    def _forget(self) -> None:
        self.model.show_rows([])
        self.save.setEnabled(False)

    @Slot(object)
    def _on_gathered(self, files: tuple[DiagnosticFile, ...]) -> None:
        if self.names.isChecked() is not self._asked_names:
            return  # the box was changed meanwhile
        self.model.show_rows(files)
        self.save.setEnabled(bool(files))
        self.table.selectRow(0)

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        self.said.emit(self.tr("Saved to {}").format(path), False)

    @Slot(str, str, str)
    def _on_failed(self, code: str, sentence: str, file: str) -> None:
        if code == "cancelled_work":
            self.said.emit(self.tr("Cancelled; nothing was left behind."), False)
        else:
            self.said.emit(error_sentence(code, sentence, {"file": file} if file else None), True)

    @Slot()
    def _show_chosen(self) -> None:
        file = self.model.row(self.table.current)
        self.preview.setPlainText(file.text[:SHOWN_CHARACTERS] if file is not None else "")
