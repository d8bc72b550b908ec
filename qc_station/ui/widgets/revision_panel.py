"""All revisions of a product: who, when, why, what differs, restore. Emits; knows no service."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.recipe import Recipe, changed_fields
from qc_station.ui import icons
from qc_station.ui import recipe_words as words
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

ROW_PX = 34


class RevisionPanel(QWidget):
    """Newest first. The chosen revision is compared with the one before it, or any other."""

    restore = Signal(int)  # revision

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipes: Sequence[Recipe] = ()
        self.table = self._make_table("recipe_revisions", 4)
        self.against = QComboBox(self)
        self.against.setObjectName("recipe_against")
        self._against_label = QLabel(self)
        self._against_label.setBuddy(self.against)
        self.differences = self._make_table("recipe_differences", 3)
        self.differences.setWordWrap(True)
        self._nothing = QLabel(self)
        self._nothing.setProperty("role", "muted")
        self.restore_button = GuardedButton(icons.icon("rollback"), "", self)
        self.restore_button.setObjectName("recipe_restore")
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        header = self.differences.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.differences.verticalHeader().setSectionResizeMode(
            QHeaderView.ResizeMode.ResizeToContents
        )
        self.table.currentCellChanged.connect(self._on_row)
        self.against.currentIndexChanged.connect(self._show_differences)
        self.restore_button.clicked.connect(self._ask_restore)
        self._lay_out()
        self.retranslate()

    @property
    def revision(self) -> int | None:
        """The chosen revision."""
        recipe = self._chosen()
        return recipe.revision if recipe is not None else None

    def show_revisions(self, recipes: Sequence[Recipe]) -> None:
        """Lists revisions, newest first; the newest is chosen."""
        self._recipes = recipes
        self._fill()
        self.table.setCurrentCell(0, 0)
        self._on_row()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.table.setAccessibleName(self.tr("Revisions"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Revision"), self.tr("When"), self.tr("Who"), self.tr("Why")]
        )
        self._against_label.setText(self.tr("&Compared with"))
        self.against.setAccessibleName(self.tr("Revision to compare with"))
        self.differences.setAccessibleName(self.tr("Differences"))
        self.differences.setHorizontalHeaderLabels(
            [self.tr("What changed"), self.tr("Old"), self.tr("New")]
        )
        set_words(
            self.restore_button, self.tr("Restore this revision"),
            self.tr("Make the chosen revision the newest one again"),
        )  # fmt: skip
        row = self.table.currentRow()
        self._fill()
        self.table.setCurrentCell(row, 0)
        self._name_others()
        self._show_differences()

    def _make_table(self, name: str, columns: int) -> QTableWidget:
        table = QTableWidget(0, columns, self)
        table.setObjectName(name)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.setStyleSheet("QTableView::item { padding: 2px 8px; }")
        return table

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._against_label)
        row.addWidget(self.against)
        row.addWidget(self._nothing, 1)
        row.addWidget(self.restore_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.table, 3)
        layout.addLayout(row)
        layout.addWidget(self.differences, 2)

    def _fill(self) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._recipes))
        for row, recipe in enumerate(self._recipes):
            cells = (
                str(recipe.revision), words.when(recipe.created_at), recipe.created_by,
                recipe.reason or "–",
            )  # fmt: skip
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)

    def _chosen(self) -> Recipe | None:
        row = self.table.currentRow()
        return self._recipes[row] if 0 <= row < len(self._recipes) else None

    def _on_row(self) -> None:
        """The one before the chosen revision is offered first."""
        chosen = self._chosen()
        self.against.blockSignals(True)
        self.against.clear()
        if chosen is not None:
            for recipe in self._recipes:
                if recipe.revision != chosen.revision:
                    self.against.addItem("", recipe.revision)
            before = self.against.findData(chosen.revision - 1)
            self.against.setCurrentIndex(max(0, before) if self.against.count() else -1)
        self.against.blockSignals(False)
        self._name_others()
        self._show_differences()

    def _name_others(self) -> None:
        for index in range(self.against.count()):
            self.against.setItemText(
                index, self.tr("revision {}").format(self.against.itemData(index))
            )

    def _show_differences(self) -> None:
        chosen = self._chosen()
        number = self.against.currentData()
        other = next((r for r in self._recipes if r.revision == number), None)
        names: list[str] = []
        if chosen is not None and other is not None:
            old, new = sorted((chosen, other), key=lambda recipe: recipe.revision)
            names = changed_fields(old, new)
            self.differences.setRowCount(len(names))
            for row, name in enumerate(names):
                cells = (
                    words.field_title(name), words.value_words(old, name),
                    words.value_words(new, name),
                )  # fmt: skip
                for column, text in enumerate(cells):
                    item = QTableWidgetItem(text)
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                    )
                    item.setToolTip(text)
                    self.differences.setItem(row, column, item)
        else:
            self.differences.setRowCount(0)
        if other is None:
            self._nothing.setText(self.tr("There is only this revision."))
        else:
            self._nothing.setText("" if names else self.tr("Both inspect in the same way."))
        newest = self._recipes[0] if self._recipes else None
        differs = chosen is not None and newest is not None and bool(changed_fields(chosen, newest))
        self.restore_button.setEnabled(differs)

    def _ask_restore(self) -> None:
        if self.revision is not None:
            self.restore.emit(self.revision)
