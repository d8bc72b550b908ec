"""Card with the model versions of a product: table, limits in a sentence, activate, roll back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.model_version import ModelVersion
from qc_station.ui import icons
from qc_station.ui import learning_words as words
from qc_station.ui.messages import class_title
from qc_station.ui.models.version_model import VersionColumn, VersionModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton

ROWS_SHOWN = 4
ROW_PX = 36


class VersionTable(QTableView):
    """Enter activates the chosen row."""

    chosen = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter activates."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class VersionsCard(QFrame):
    """Emits what was asked; the page does it."""

    activate = Signal(object)  # ModelVersion
    roll_back = Signal()
    product_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("versions_card")
        self.setProperty("role", "card")
        self._can_roll_back = False
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self._product = QComboBox(self)
        self._product.setObjectName("versions_product")
        self._product.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._product.currentIndexChanged.connect(self._chose_product)
        self._activate = GuardedButton(icons.icon("check"), "", self)
        self._activate.setObjectName("versions_activate")
        self._roll_back = GuardedButton(icons.icon("rollback"), "", self)
        self._roll_back.setObjectName("versions_roll_back")
        for button in (self._activate, self._roll_back):
            button.setMinimumHeight(40)
        self._activate.clicked.connect(self._ask_activate)
        self._roll_back.clicked.connect(self.roll_back)
        self.model = VersionModel(self)
        self.table = self._build_table()
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setObjectName("versions_sentence")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._product)
        head.addStretch(1)
        head.addWidget(self._activate)
        head.addWidget(self._roll_back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self.table)
        layout.addWidget(self._sentence)
        self.retranslate()

    @property
    def selected(self) -> ModelVersion | None:
        """The version of the chosen row."""
        return self.model.version(self.table.currentIndex().row())

    @property
    def product(self) -> str:
        """The product whose versions are listed."""
        return str(self._product.currentData() or "")

    def show_products(self, names: list[str], chosen: str) -> None:
        """Products to choose from."""
        self._product.blockSignals(True)
        self._product.clear()
        for name in names:
            self._product.addItem(class_title(name), name)
        self._product.setCurrentIndex(max(0, names.index(chosen) if chosen in names else 0))
        self._product.blockSignals(False)
        self._product.setVisible(len(names) > 1)

    def show_versions(self, versions: list[ModelVersion], can_roll_back: bool) -> None:
        """Shows versions; the same one stays chosen, otherwise the active one is."""
        before = self.selected
        self._can_roll_back = can_roll_back
        self.model.show_versions(versions)
        active = next((version for version in versions if version.active), None)
        row = None
        for version in (before, active):
            if row is None and version is not None:
                row = self.model.row_of(version.model_id)
        if versions:
            self.table.selectRow(row or 0)
        shown = min(max(2, len(versions)), ROWS_SHOWN)
        head = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(shown * ROW_PX + head + 4)
        self._show_selected()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._title.setText(self.tr("Model versions"))
        self._product.setAccessibleName(self.tr("Product"))
        for index in range(self._product.count()):
            self._product.setItemText(index, class_title(self._product.itemData(index)))
        set_words(
            self._activate, self.tr("Activate (Enter)"), self.tr("Activate the chosen version")
        )
        set_words(
            self._roll_back,
            self.tr("Roll back (R)"),
            self.tr("Roll back to the version used before"),
        )
        self.table.setAccessibleName(self.tr("Model versions"))
        self.model.retranslate()
        self._show_selected()

    def _build_table(self) -> VersionTable:
        table = VersionTable(self)
        table.setObjectName("versions_table")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(VersionColumn.PICTURES, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(90)
        table.selectionModel().selectionChanged.connect(self._show_selected)
        table.chosen.connect(self._ask_activate)
        table.doubleClicked.connect(self._ask_activate)
        return table

    def _show_selected(self) -> None:
        version = self.selected
        self._activate.setEnabled(version is not None and not version.active)
        self._roll_back.setEnabled(self._can_roll_back)
        if version is None:
            self._sentence.setText(self.tr("Nothing has been taught yet."))
            return
        self._sentence.setText(
            words.ok_sentence(version.ok_claim) + "\n" + words.ng_sentence(version.ng_claim)
        )

    def _ask_activate(self) -> None:
        version = self.selected
        if version is not None and not version.active:
            self.activate.emit(version)

    def _chose_product(self) -> None:
        self.product_chosen.emit(self.product)
