"""Models page: versions, lineage, figures, compare, activate, roll back, files. Trains nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.model_version import ModelVersion
from qc_station.services.model_comparison import ComparisonService, VersionComparison
from qc_station.services.model_exchange import ModelExchange
from qc_station.services.model_file import SUFFIX
from qc_station.services.models import LibraryError, ModelLibrary
from qc_station.services.permits import AccessError, Permits
from qc_station.services.recipes import RecipeService
from qc_station.ui import icons
from qc_station.ui import learning_words as words
from qc_station.ui.access_words import refusal
from qc_station.ui.messages import class_title, error_sentence
from qc_station.ui.models.rows import Column, RowsModel
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.compared_card import ComparedCard
from qc_station.ui.widgets.guarded_button import GuardedButton
from qc_station.ui.widgets.lineage_view import LineageView
from qc_station.ui.widgets.rows_table import RowsTable
from qc_station.ui.widgets.toast import Toast
from qc_station.ui.widgets.version_facts import VersionFacts, standing_word

REFRESH_MS = 300
ChoosePath = Callable[[QWidget, str, bool], Path | None]
T = TypeVar("T")


def ask_model_path(parent: QWidget, suggested: str, save: bool) -> Path | None:
    """The system's file dialog, to save or to open; None when it was cancelled."""
    ask = QFileDialog.getSaveFileName if save else QFileDialog.getOpenFileName
    name, _chosen = ask(parent, "", suggested, f"QC Station (*{SUFFIX})")
    return Path(name) if name else None


class ModelsPage(QWidget):
    """Lineage on top, versions left, facts of the chosen one right, a comparison below."""

    def __init__(
        self,
        library: ModelLibrary,
        recipes: RecipeService,
        exchange: ModelExchange,
        comparison: ComparisonService,
        actor: Callable[[], str],
        choose_path: ChoosePath = ask_model_path,
        parent: QWidget | None = None,
        permits: Permits | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("models_page")
        self._library, self._recipes = library, recipes
        self._exchange, self._comparison = exchange, comparison
        self._actor, self._choose_path = actor, choose_path
        self._permits = permits if permits is not None else Permits(self)
        self._product = recipes.current
        self._undo_to: ModelVersion | None = None
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._build()
        self._connect()
        self.retranslate()

    # ---- commands, also of the menu -------------------------------------------------------

    @property
    def chosen(self) -> ModelVersion | None:
        """The version of the chosen row."""
        return self.model.row(self.table.current)

    @Slot()
    def activate(self) -> None:
        """Makes the chosen version the one that inspects; the toast can take that back."""
        version = self.chosen
        if version is None or version.active:
            return
        before = self._library.active(version.recipe)
        reason = self.reason.text()
        done = self._ask(lambda: self._library.activate(version.model_id, self._actor(), reason))
        if done is not None:
            self._undo_to = before
            self.reason.clear()
            text = self.tr("Model {} is in use now.").format(done.short_name)
            self.toast.show_text(text, undo=before is not None)

    @Slot()
    def roll_back(self) -> None:
        """Returns to the version used before; the toast can take that back."""
        before = self._library.active(self._product)
        reason = self.reason.text()
        done = self._ask(lambda: self._library.rollback(self._product, self._actor(), reason))
        if done is not None:
            self._undo_to = before
            self.reason.clear()
            self.toast.show_text(self.tr("Rolled back to model {}.").format(done.short_name))

    @Slot()
    def undo(self) -> None:
        """Takes the last activation or roll-back back."""
        target, self._undo_to = self._undo_to, None
        if target is None:
            return
        done = self._ask(lambda: self._library.activate(target.model_id, self._actor()))
        if done is not None:
            text = self.tr("Model {} is in use again.").format(done.short_name)
            self.toast.show_text(text, undo=False)

    @Slot()
    def compare(self) -> None:
        """Both versions on the same held-out parts."""
        new, old_id = self.chosen, self.against.currentData()
        old = self._library.get(old_id) if old_id else None
        if new is None or old is None:
            return
        self.toast.show_text(self.tr("Comparing … (Maintenance shows how far)"), undo=False)
        self._ask(lambda: self._comparison.compare(old, new, self._actor()))

    @Slot()
    def export(self) -> None:
        """Asks for a file and writes the chosen version to it."""
        version = self.chosen
        if version is None:
            return
        path = self._choose_path(self, f"{version.model_id}{SUFFIX}", True)
        if path is None:
            return
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        self._ask(lambda: self._exchange.export(version, path, self._actor()))

    @Slot()
    def take_in(self) -> None:
        """Asks for a model file and adds it to the library."""
        path = self._choose_path(self, "", False)
        if path is not None:
            self._ask(lambda: self._exchange.take_in(path, self._actor()))

    # ---- showing --------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Reads products and versions again."""
        current = self._recipes.current
        names = sorted({*self._recipes.names(), *([current] if current else [])}, key=str.casefold)
        if self._product not in names:
            self._product = current
        self.product.blockSignals(True)
        self.product.clear()
        for name in names:
            self.product.addItem(class_title(name), name)
        self.product.setCurrentIndex(max(0, self.product.findData(self._product)))
        self.product.blockSignals(False)
        versions = self._library.versions(self._product) if self._product else []
        before = self.chosen
        self.lineage.show_versions(versions)
        self.model.show_rows(versions)
        ids = [version.model_id for version in versions]
        active = next((i for i, version in enumerate(versions) if version.active), 0)
        if versions:
            kept = before is not None and before.model_id in ids
            self.table.selectRow(ids.index(before.model_id) if kept and before else active)
        self._show_chosen()

    def close_workers(self) -> None:
        """Reads nothing any more; for the end of the program."""
        self._refresh.stop()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.product.setAccessibleName(self.tr("Product"))
        self.reason.setPlaceholderText(self.tr("Reason, for the audit trail"))
        self.reason.setAccessibleName(self.tr("Reason of the activation or roll-back"))
        self.reason.setToolTip(self.reason.accessibleName())
        set_words(self.use, self.tr("Activate"), self.tr("Activate the chosen version"))
        set_words(
            self.back, self.tr("Roll back (R)"), self.tr("Roll back to the version used before")
        )
        set_words(self.save, self.tr("Export …"), self.tr("Export the chosen version to a file"))
        set_words(self.load, self.tr("Import …"), self.tr("Import a model from a file"))
        set_words(self.begin, self.tr("Compare"), self.tr("Compare the chosen version"))
        self._with.setText(self.tr("Compare with"))
        self.against.setAccessibleName(self.tr("Version to compare with"))
        self.table.setAccessibleName(self.tr("Model versions"))
        self.lineage.retranslate()
        self.facts.retranslate()
        self.result.retranslate()
        self.model.retranslate()
        self.toast.retranslate()
        self._show_permits()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Reads everything each time the page is opened."""
        super().showEvent(event)
        self.refresh()
        self.table.setFocus()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.product, self.against = QComboBox(self), QComboBox(self)
        self.product.setObjectName("models_product")
        self.against.setObjectName("models_against")
        for combo in (self.product, self.against):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setMinimumHeight(38)
        self.reason = QLineEdit(self)
        self.reason.setObjectName("models_reason")
        self.reason.setMaxLength(200)
        self.reason.setMinimumHeight(38)
        self.use = self._button("models_activate", "check")
        self.back = self._button("models_roll_back", "rollback")
        self.save = self._button("models_export", "export")
        self.load = self._button("models_import", "import")
        self.begin = self._button("models_compare", "statistics")
        self._with = QLabel(self)
        self._with.setBuddy(self.against)
        self.lineage = LineageView(self)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFixedHeight(190)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.lineage)
        self.model = RowsModel[ModelVersion](
            (
                Column(lambda: self.tr("State"), standing_word),
                Column(lambda: self.tr("Model"), lambda v: v.short_name, hint=lambda v: v.model_id),
                Column(lambda: self.tr("Taught"), words.version_date),
                Column(lambda: self.tr("Pictures"), words.version_pictures),
            ),
            self,
        )
        self.table = RowsTable(self.model, 3, self)
        self.table.setObjectName("models_table")
        self.table.set_widths({0: 118, 1: 84, 2: 156})
        self.facts = VersionFacts(self)
        self.result = ComparedCard(self)
        self.toast = Toast(self)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.table, 1)
        middle.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 10)
        layout.setSpacing(10)
        layout.addLayout(self._build_head())
        layout.addWidget(area)
        layout.addLayout(middle, 1)
        layout.addWidget(self.result)
        layout.addLayout(self._build_foot())

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.product, self.reason, self.use, self.back, self.save, self.load):
            head.addWidget(widget, 1 if widget is self.reason else 0)
        return head

    def _build_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._with)
        foot.addWidget(self.against)
        foot.addWidget(self.begin)
        foot.addWidget(self.toast, 1)
        return foot

    def _button(self, name: str, sign: str) -> GuardedButton:
        button = GuardedButton(icons.icon(sign), "", self)
        button.setObjectName(name)
        button.setMinimumHeight(40)
        return button

    def _connect(self) -> None:
        self.use.clicked.connect(self.activate)
        self.back.clicked.connect(self.roll_back)
        self.save.clicked.connect(self.export)
        self.load.clicked.connect(self.take_in)
        self.begin.clicked.connect(self.compare)
        self.toast.undo_asked.connect(self.undo)
        self.product.currentIndexChanged.connect(self._choose_product)
        self.table.chosen.connect(self._show_chosen)
        self.lineage.chosen.connect(self._choose_version)
        self._library.changed.connect(self._refresh_soon)
        self._recipes.changed.connect(self._refresh_soon)
        self._recipes.current_changed.connect(self._on_current)
        self._exchange.exported.connect(self._on_exported)
        self._exchange.imported.connect(self._on_imported)
        self._exchange.failed.connect(self._on_failed)
        self._comparison.compared.connect(self._on_compared)
        self._comparison.failed.connect(self._on_not_compared)
        self._permits.changed.connect(self._on_permits)
        for key, command in (("R", self.roll_back), ("U", self.undo), ("Ctrl+Z", self.undo)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(command)

    # ---- what happens ---------------------------------------------------------------------

    def _ask(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except (LibraryError, AccessError) as error:
            self._on_failed(error.code, str(error), "")
            return None

    @Slot()
    def _show_chosen(self) -> None:
        version = self.chosen
        self.facts.show_version(version)
        self.lineage.choose(version.model_id if version is not None else "")
        others = [v for v in self.model.rows if version is None or v.model_id != version.model_id]
        chosen = self.against.currentData()
        self.against.clear()
        for other in others:
            self.against.addItem(f"{other.short_name}  {standing_word(other)}", other.model_id)
        active = next((v.model_id for v in others if v.active), None)
        for wanted in (active, chosen):
            if wanted is not None and (index := self.against.findData(wanted)) >= 0:
                self.against.setCurrentIndex(index)
                break
        self.use.setEnabled(version is not None and not version.active)
        self.back.setEnabled(self._library.previous(self._product) is not None)
        self.save.setEnabled(version is not None)
        self.begin.setEnabled(version is not None and bool(others))

    @Slot(object)
    def _choose_version(self, version: ModelVersion) -> None:
        ids = [row.model_id for row in self.model.rows]
        if version.model_id in ids:
            self.table.selectRow(ids.index(version.model_id))

    @Slot()
    def _choose_product(self) -> None:
        self._product = str(self.product.currentData() or "")
        self.result.hide()
        self.refresh()

    @Slot(str)
    def _on_current(self, product: str) -> None:
        self._product = product
        self._refresh_soon()

    @Slot(object)
    def _on_exported(self, path: Path) -> None:
        self.toast.show_text(self.tr("Exported to {}").format(path), undo=False)

    @Slot(object)
    def _on_imported(self, version: ModelVersion) -> None:
        self._product = version.recipe
        self.refresh()
        self._choose_version(version)
        text = self.tr("Model {} is in the library; it inspects once it is activated.")
        self.toast.show_text(text.format(version.short_name), undo=False, stay=True)

    @Slot(str, str, str)
    def _on_failed(self, code: str, sentence: str, file: str) -> None:
        if code == "cancelled_work":
            self.toast.show_text(self.tr("Cancelled; nothing was left behind."), undo=False)
            return
        text = error_sentence(code, sentence, {"file": file} if file else None)
        self.toast.show_text(text, undo=False, stay=True)

    @Slot(object)
    def _on_compared(self, found: VersionComparison) -> None:
        self.toast.hide_text()
        self.result.show_comparison(found)

    @Slot(str, str)
    def _on_not_compared(self, code: str, sentence: str) -> None:
        if code == "cancelled":
            code = "cancelled_work"
        self._on_failed(code, sentence, "")

    @Slot()
    def _on_permits(self) -> None:
        """Another person has nothing of the one before to take back."""
        self._undo_to = None
        self.toast.hide_text()
        self._show_permits()

    def _show_permits(self) -> None:
        activate = refusal(self._permits, Action.ACTIVATE_MODEL)
        for button in (self.use, self.back, self.load):
            button.refuse(activate)
        self.reason.setEnabled(not activate)
        self.save.refuse(refusal(self._permits, Action.EXPORT))
        self.begin.refuse(refusal(self._permits, Action.TEACH))

    @Slot()
    def _refresh_soon(self) -> None:
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()
