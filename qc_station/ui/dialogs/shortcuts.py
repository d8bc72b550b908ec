"""All keys on one sheet, page by page, to be read, printed or kept as PDF. Shows what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF, Qt, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from qc_station.ui import theme
from qc_station.ui.page_keys import SheetGroup


class ShortcutsDialog(QDialog):
    """``printed`` carries the file that a PDF went into, or an empty text for a printer."""

    printed = Signal(str)

    def __init__(self, groups: Sequence[SheetGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self._groups = tuple(groups)
        self.sheet = QTextBrowser(self)
        self.sheet.setObjectName("shortcuts_sheet")
        self.sheet.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.sheet.setHtml(sheet_html(self._groups, theme.px(14), theme.TEXT, theme.BORDER))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.print = buttons.addButton(self.tr("Print …"), QDialogButtonBox.ButtonRole.ActionRole)
        self.print.setObjectName("shortcuts_print")
        self.print.clicked.connect(self.print_sheet)
        self.pdf = buttons.addButton(
            self.tr("Save as PDF …"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.pdf.setObjectName("shortcuts_pdf")
        self.pdf.clicked.connect(self._ask_pdf)
        for button in buttons.buttons():
            button.setAccessibleName(button.text().replace("&", ""))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.addWidget(self.sheet)
        layout.addWidget(buttons)
        self.resize(min(theme.px(860), 1200), 700)
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_sheet(self) -> None:
        """Asks for a printer and prints."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self._document().print_(printer)
            self.printed.emit("")

    def save_pdf(self, file: Path) -> None:
        """Writes the sheet as a PDF on A4."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(file))
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setPageMargins(QMarginsF(14, 14, 14, 14), QPageLayout.Unit.Millimeter)
        self._document().print_(printer)
        self.printed.emit(str(file))

    def _ask_pdf(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, self.tr("Save as PDF"), self.tr("qc-station-keys.pdf"), "PDF (*.pdf)"
        )
        if name:
            self.save_pdf(Path(name))

    def _document(self) -> QTextDocument:
        """On paper: black on white, whatever the theme."""
        document = QTextDocument(self)
        title = f"<h1>{escape(self.tr('QC Station – keyboard shortcuts'))}</h1>"
        document.setHtml(title + sheet_html(self._groups, 11, "#000000", "#999999"))
        return document


def sheet_html(groups: Sequence[SheetGroup], pixels: int, ink: str, line: str) -> str:
    """The groups in two columns of about the same height."""
    half = sum(len(group.rows) + 2 for group in groups) / 2
    columns: tuple[list[str], list[str]] = ([], [])
    height = 0.0
    for group in groups:
        columns[height + len(group.rows) / 2 > half].append(_group_html(group, line))
        height += len(group.rows) + 2
    cells = "".join(f"<td width='50%' valign='top'>{''.join(cell)}</td>" for cell in columns)
    style = f"font-size:{pixels}px; color:{ink}"
    return f"<table width='100%' cellspacing='14' style='{style}'><tr>{cells}</tr></table>"


def _group_html(group: SheetGroup, line: str) -> str:
    rows = "".join(
        f"<tr><td>{escape(what)}</td>"
        f"<td align='right' style='white-space:nowrap'><b>{escape(keys)}</b></td></tr>"
        for what, keys in group.rows
    )
    rule = f"border-bottom:1px solid {line}"
    return (
        f"<h3 style='{rule}'>{escape(group.title)}</h3>"
        f"<table width='100%' cellpadding='3'>{rows}</table>"
    )
