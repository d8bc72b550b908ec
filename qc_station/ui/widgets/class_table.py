"""Table of defect classes with their names in both languages. Knows no recipe and no service."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.recipe import DefectClass
from qc_station.ui.messages import plain_class_title
from qc_station.ui.widgets.button_words import set_words

ROW_PX = 32
_OFFERED = Qt.ItemDataRole.UserRole  # the model knows the class, the recipe does not


class ClassTable(QWidget):
    """Rows come from the recipe, from the model, or are added by hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 3, self)
        self.table.setObjectName("recipe_classes")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.table.verticalHeader().setVisible(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(4 * ROW_PX)
        self.table.installEventFilter(self)
        self.add_button = QPushButton(self)
        self.add_button.setObjectName("recipe_add_class")
        self.remove_button = QPushButton(self)
        self.remove_button.setObjectName("recipe_remove_class")
        self.table.itemChanged.connect(self._on_item)
        self.add_button.clicked.connect(self.add_row)
        self.remove_button.clicked.connect(self.remove_row)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.retranslate()

    def show_classes(self, classes: Iterable[DefectClass], offered: Iterable[str]) -> None:
        """The recipe's classes, then those that only the model knows, without names."""
        own = list(classes)
        known = {item.class_id for item in own}
        extra = [DefectClass(name) for name in offered if name not in known]
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for item in (*own, *extra):
            self._append(item, item in extra)
        self.table.blockSignals(False)
        self._show_buttons()

    def classes(self) -> tuple[DefectClass, ...]:
        """What the table says; RecipeError for a row without an id or with too long a name.

        A class that only the model knows counts once it has a name.
        """
        found = []
        for row in range(self.table.rowCount()):
            class_id, en, fr = (self._text(row, column) for column in range(3))
            item = self.table.item(row, 0)
            offered = item is not None and item.data(_OFFERED)
            if en or fr or (class_id and not offered):
                found.append(DefectClass(class_id, en, fr))
        return tuple(found)

    def add_row(self) -> None:
        """One more class; its id is typed first."""
        self.table.blockSignals(True)
        row = self.table.rowCount()
        self.table.insertRow(row)
        first = QTableWidgetItem("")
        self.table.setItem(row, 0, first)
        self.table.setItem(row, 1, QTableWidgetItem(""))
        self.table.setItem(row, 2, QTableWidgetItem(""))
        self.table.blockSignals(False)
        self._show_buttons()
        self.table.setFocus()
        self.table.setCurrentCell(row, 0)
        self.table.editItem(first)

    def remove_row(self) -> None:
        """Takes the chosen class out of the recipe."""
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            self._show_buttons()
            self.changed.emit()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.table.setAccessibleName(self.tr("Defect classes and their names"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Class"), self.tr("English"), self.tr("French")]
        )
        self.table.setToolTip(self.tr("F2 changes a name, Delete removes the class."))
        set_words(self.add_button, self.tr("Add a class"))
        set_words(self.remove_button, self.tr("Remove"), self.tr("Remove the chosen class"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete removes the chosen class."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() == Qt.Key.Key_Delete:  # type: ignore[attr-defined]
            self.remove_row()
            return True
        return super().eventFilter(watched, event)

    def _append(self, item: DefectClass, offered: bool) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        first = QTableWidgetItem(item.class_id)
        first.setData(_OFFERED, offered)
        first.setFlags(first.flags() & ~Qt.ItemFlag.ItemIsEditable)
        first.setToolTip(plain_class_title(item.class_id))
        self.table.setItem(row, 0, first)
        self.table.setItem(row, 1, QTableWidgetItem(item.en))
        self.table.setItem(row, 2, QTableWidgetItem(item.fr))

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _on_item(self) -> None:
        self.changed.emit()

    def _show_buttons(self) -> None:
        self.remove_button.setEnabled(self.table.rowCount() > 0)
