"""All keys on one sheet, read from the actions. Shows what it is given."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget


class ShortcutsDialog(QDialog):
    """(what, keys) pairs of the actions, then the keys of the Inspect page."""

    def __init__(
        self, pairs: list[tuple[str, str]], foot_switch: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        own = [
            (self.tr("Bare picture while held"), "H"),
            (self.tr("Look back at earlier parts"), "← →"),
            (self.tr("Back to live"), self.tr("Esc")),
            (self.tr("Zoom the picture, whole picture"), "+  −  0"),
            (self.tr("Foot switch: inspect one part, start or pause"), foot_switch),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(7)
        rows = [*pairs, *own]
        half = (len(rows) + 1) // 2
        for index, (what, keys) in enumerate(rows):
            row, column = index % half, 2 * (index // half)
            grid.addWidget(QLabel(what, self), row, column)
            sheet = QLabel(keys, self)
            sheet.setStyleSheet("font-weight: 600;")
            grid.addWidget(sheet, row, column + 1, Qt.AlignmentFlag.AlignLeft)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(16)
        layout.addLayout(grid)
        layout.addWidget(buttons)
