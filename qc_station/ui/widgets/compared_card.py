"""Card with two versions side by side, and what is not known of them. Knows no services' work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from qc_station.services.model_comparison import VersionComparison
from qc_station.ui import icons
from qc_station.ui.widgets.comparison_table import ComparisonTable


class ComparedCard(QFrame):
    """Hidden until there is something to show; its button hides it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.hide()
        self.found: VersionComparison | None = None
        self.table = ComparisonTable(self)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setObjectName("models_note")
        self.close_button = QPushButton(icons.icon("cancel"), "", self)
        self.close_button.setObjectName("models_close_result")
        self.close_button.clicked.connect(self.hide)
        inside = QVBoxLayout()
        inside.addWidget(self.table)
        inside.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 10, 10)
        row.addLayout(inside, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def show_comparison(self, found: VersionComparison) -> None:
        """Shows another comparison."""
        self.found = found
        self.retranslate()
        self.show()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.close_button.setAccessibleName(self.tr("Close the comparison"))
        found = self.found
        if found is None:
            return
        old, new = (self.tr("Model {}").format(v.short_name) for v in (found.old, found.new))
        self.table.show_rows(found.rows, old, new)
        text = self.tr(
            "It is not known what model {} has learnt from: it may have seen these parts."
        )
        self.note.setText("\n".join(text.format(v.short_name) for v in found.unknown))
        self.note.setVisible(bool(found.unknown))
