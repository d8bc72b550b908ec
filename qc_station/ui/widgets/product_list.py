"""Card with all products: which one is inspected, change over, copy. Emits; knows no service."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.ui import icons
from qc_station.ui.recipe_words import product_title
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

_NAME = Qt.ItemDataRole.UserRole


class _List(QListWidget):
    """Enter changes over to the chosen product."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class ProductList(QFrame):
    """Emits what was asked; the page does it."""

    chosen = Signal(str)
    change_over = Signal(str)
    copy = Signal(str, str)  # product, the new one's name
    export = Signal(str)
    import_ = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("product_list_card")
        self.setProperty("role", "card")
        self._current = ""
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.list = _List(self)
        self.list.setObjectName("product_list")
        self.list.setStyleSheet("QListView::item { padding: 9px 6px; }")
        self.change_button = GuardedButton(icons.icon("check"), "", self)
        self.change_button.setObjectName("recipe_change_over")
        self.change_button.setMinimumHeight(44)
        self._copy_label = QLabel(self)
        self.copy_name = QLineEdit(self)
        self.copy_name.setObjectName("recipe_copy_name")
        self._copy_label.setBuddy(self.copy_name)
        self.copy_button = GuardedButton(icons.icon("copy"), "", self)
        self.copy_button.setObjectName("recipe_copy")
        self.export_button = GuardedButton(icons.icon("export"), "", self)
        self.export_button.setObjectName("recipe_export")
        self.import_button = GuardedButton(icons.icon("folder"), "", self)
        self.import_button.setObjectName("recipe_import")
        self.export_button.clicked.connect(lambda: self.export.emit(self.product))
        self.import_button.clicked.connect(self.import_)
        self.list.currentRowChanged.connect(self._on_row)
        self.list.entered.connect(self._ask_change)
        self.list.itemDoubleClicked.connect(self._ask_change)
        self.change_button.clicked.connect(self._ask_change)
        self.copy_button.clicked.connect(self._ask_copy)
        self.copy_name.returnPressed.connect(self.copy_button.click)
        self.copy_name.textChanged.connect(self._show_buttons)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 14)
        self.column.setSpacing(8)
        for widget in (
            self._title, self.list, self.change_button, self._copy_label, self.copy_name,
            self.copy_button, self.export_button, self.import_button,
        ):  # fmt: skip
            self.column.addWidget(widget)
        self.column.setStretchFactor(self.list, 1)
        self.retranslate()

    @property
    def product(self) -> str:
        """The chosen product; empty when there is none."""
        item = self.list.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    def show_products(self, names: Sequence[str], current: str, unsaved: set[str]) -> None:
        """Lists products; the same one stays chosen, otherwise the one that is inspected is.

        ``unsaved`` are those with changes that are not saved yet.
        """
        wanted = self.product or current
        self._current = current
        self.list.blockSignals(True)
        self.list.clear()
        for name in names:
            item = QListWidgetItem(self._words(name) + (" *" if name in unsaved else ""))
            spoken = self._words(name)
            if name in unsaved:
                spoken = self.tr("{}, with changes that are not saved").format(spoken)
                item.setToolTip(spoken)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            item.setData(_NAME, name)
            font = item.font()
            font.setBold(name == current)
            item.setFont(font)
            self.list.addItem(item)
        if names:
            self.list.setCurrentRow(names.index(wanted) if wanted in names else 0)
        self.list.blockSignals(False)
        self._show_buttons()

    def choose(self, name: str) -> None:
        """Shows another product."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_NAME) == name:
                self.list.setCurrentRow(row)

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Products"))
        self.list.setAccessibleName(self.tr("Products"))
        set_words(
            self.change_button, self.tr("Change over (Enter)"),
            self.tr("Inspect the chosen product from now on"),
        )  # fmt: skip
        self._copy_label.setText(self.tr("Co&py to a new product"))
        self.copy_name.setAccessibleName(self.tr("Name of the new product"))
        self.copy_name.setPlaceholderText(self.tr("Name of the new product"))
        set_words(
            self.export_button, self.tr("Export …"),
            self.tr("Export the chosen product's recipe to a signed file"),
        )  # fmt: skip
        set_words(self.import_button, self.tr("Import …"), self.tr("Import a signed recipe file"))
        set_words(self.copy_button, self.tr("Copy"), self.tr("Copy the chosen product's recipe"))

    def _words(self, name: str) -> str:
        title = product_title(name)
        if name == self._current:
            title = self.tr("● {} – in use").format(title)
        return title

    def _on_row(self) -> None:
        self._show_buttons()
        self.chosen.emit(self.product)

    def _show_buttons(self) -> None:
        product = self.product
        self.change_button.setEnabled(bool(product) and product != self._current)
        self.export_button.setEnabled(bool(product))
        self.copy_button.setEnabled(bool(product) and bool(self.copy_name.text().strip()))

    def _ask_change(self) -> None:
        if self.change_button.isEnabled():
            self.change_over.emit(self.product)

    def _ask_copy(self) -> None:
        if self.copy_button.isEnabled():
            self.copy.emit(self.product, self.copy_name.text())
