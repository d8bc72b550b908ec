"""Recipes page: products, their set-up, its revisions, change-over. Inspects nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, SignalInstance, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from qc_station.domain.access import Action
from qc_station.domain.recipe import Recipe, RecipeError, changed_fields
from qc_station.services.models import ModelLibrary
from qc_station.services.permits import Permits
from qc_station.services.recipe_exchange import RecipeExchange
from qc_station.services.recipes import RecipeService
from qc_station.ui import messages
from qc_station.ui import recipe_words as words
from qc_station.ui.access_words import refusal
from qc_station.ui.recipe_transfer import ChoosePath, RecipeTransfer, ask_source, ask_target
from qc_station.ui.widgets.button_words import set_words
from qc_station.ui.widgets.guarded_button import GuardedButton, refuse_within
from qc_station.ui.widgets.import_card import ImportCard
from qc_station.ui.widgets.product_list import ProductList
from qc_station.ui.widgets.recipe_form import RecipeForm
from qc_station.ui.widgets.revision_panel import RevisionPanel
from qc_station.ui.widgets.roi_panel import AskPicture, RoiPanel
from qc_station.ui.widgets.toast import Toast

REFRESH_MS = 200
T = TypeVar("T")


class RecipesPage(QWidget):
    """Products on the left; the chosen one's set-up and revisions on the right.

    Changes that are not saved are kept for each product until they are saved or discarded.
    """

    def __init__(
        self,
        recipes: RecipeService,
        library: ModelLibrary,
        exchange: RecipeExchange,
        actor: Callable[[], str],
        ask_picture: AskPicture,
        changed_over: SignalInstance | None = None,
        parent: QWidget | None = None,
        permits: Permits | None = None,
        choose_target: ChoosePath = ask_target,
        choose_source: ChoosePath = ask_source,
    ) -> None:
        """``ask_picture`` brings a picture to draw on; ``actor`` tells who is working;
        ``changed_over`` product and seconds when its model answers."""
        super().__init__(parent)
        self.setObjectName("recipes_page")
        self._recipes, self._library = recipes, library
        self.area = RoiPanel(ask_picture, self)
        self._permits = permits if permits is not None else Permits(self)
        self._product = ""
        self._newest: Recipe | None = None
        self._drafts: dict[str, dict[str, Any]] = {}
        self._undo_to = ""
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._build()
        self._transfer = RecipeTransfer(
            exchange, self._import, actor, choose_target, choose_source, self
        )
        self._connect()
        if changed_over is not None:
            changed_over.connect(self._on_changed_over)
        self.retranslate()

    # ---- commands -------------------------------------------------------------------------

    @Slot(str)
    def change_over(self, product: str) -> None:
        """The station inspects this product from now on; the toast can take that back."""
        before = self._recipes.current
        if self._library.active(product) is None:
            text = self.tr("{} is in use. It has no model yet: teach it on the Learning page.")
        else:
            text = self.tr("Changing over to {} …")
        self._toast.show_text(text.format(words.product_title(product)), undo=bool(before))
        self._undo_to = before
        self._ask(lambda: self._recipes.choose(product))

    @Slot()
    def save(self) -> None:
        """The fields as the next revision, for the reason that was typed."""
        recipe = self._newest
        if recipe is None or not self.save_button.isEnabled():
            return
        draft, reason = self._drafts.get(self._product, {}), self.reason.text()
        kept = self._ask(lambda: self._recipes.revise(recipe.name, reason, **draft))
        if kept is None:
            if not reason.strip():
                self.reason.setFocus()
            return
        self._drafts.pop(self._product, None)
        self.reason.clear()
        self._say(self.tr("Revision {} is saved.").format(kept.revision))
        self.refresh()

    @Slot()
    def discard(self) -> None:
        """The fields as the newest revision has them."""
        self._drafts.pop(self._product, None)
        self.reason.clear()
        self.refresh()

    @Slot(int)
    def restore(self, revision: int) -> None:
        """Makes an older revision the newest one again."""
        reason = self.tr("Restored from revision {}").format(revision)
        kept = self._ask(lambda: self._recipes.restore(self._product, revision, reason))
        if kept is not None:
            self._say(
                self.tr("Revision {new} is as revision {old} was.").format(
                    new=kept.revision, old=revision
                )
            )

    @Slot(str, str)
    def copy(self, product: str, name: str) -> None:
        """Another product with the same set-up."""
        reason = self.tr("Copied from {}").format(words.product_title(product))
        copy = self._ask(lambda: self._recipes.copy(product, name, reason))
        if copy is None:
            return
        self.products.copy_name.clear()
        self.refresh()
        self.products.choose(copy.name)
        self._say(
            self.tr("{} is set up. Teach it on the Learning page before you change over.").format(
                words.product_title(copy.name)
            )
        )

    @Slot()
    def export_recipe(self) -> None:
        """Asks for a file and writes the chosen product's recipe to it, signed."""
        product = self.products.product
        newest = self._recipes.latest(product) if product else None
        if newest is not None:
            self._transfer.export(newest)

    @Slot()
    def import_recipe(self) -> None:
        """Asks for a file and shows what it would change; nothing is imported yet."""
        self._transfer.open()

    @Slot()
    def undo(self) -> None:
        """Takes the last change-over back."""
        before, self._undo_to = self._undo_to, ""
        if before:
            self.change_over(before)

    # ---- showing --------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Reads products and revisions again; what is not saved stays in the fields."""
        self._refresh.stop()
        self.products.show_products(self._recipes.names(), self._recipes.current, set(self._drafts))
        self._show_product(self.products.product)

    def close_workers(self) -> None:
        """Stops the timer; for the end of the program."""
        self._refresh.stop()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self.tabs.setTabText(0, self.tr("Set-up"))
        self.tabs.setTabText(1, self.tr("Area"))
        self.tabs.setTabText(2, self.tr("Revisions"))
        self._reason_label.setText(self.tr("&Why"))
        self.reason.setAccessibleName(self.tr("Reason of the change"))
        self.reason.setPlaceholderText(self.tr("Why it is changed; needed to save"))
        set_words(
            self.save_button, self.tr("Save as revision (Ctrl+S)"),
            self.tr("Save the changes as a new revision"),
        )  # fmt: skip
        set_words(self.discard_button, self.tr("Discard"), self.tr("Discard the changes"))
        for widget in (
            self.products,
            self.form,
            self.area,
            self.revisions,
            self._import,
            self._toast,
        ):
            widget.retranslate()
        if self._product:
            self.products.show_products(
                self._recipes.names(), self._recipes.current, set(self._drafts)
            )
        self._show_heading()
        self._show_changes()
        self._show_permits()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        """Reads everything each time the page is opened."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()
        self.products.list.setFocus()

    # ---- building -------------------------------------------------------------------------

    def _build(self) -> None:
        self.products = ProductList(self)
        self.products.setFixedWidth(284)
        self.form = RecipeForm(self)
        self.revisions = RevisionPanel(self)
        self._import = ImportCard(self)
        self._heading = QLabel(self)
        self._heading.setProperty("role", "title")
        self._heading.setObjectName("recipe_heading")
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        self._note.setObjectName("recipe_note")
        self._reason_label = QLabel(self)
        self.reason = QLineEdit(self)
        self.reason.setObjectName("recipe_reason")
        self.reason.setMaxLength(200)
        self._reason_label.setBuddy(self.reason)
        self._changes = QLabel(self)
        self._changes.setProperty("role", "muted")
        self._changes.setWordWrap(True)
        self._changes.setObjectName("recipe_changes")
        self.save_button = GuardedButton(self)
        self.save_button.setObjectName("recipe_save")
        self.save_button.setProperty("role", "primary")
        self.discard_button = GuardedButton(self)
        self.discard_button.setObjectName("recipe_discard")
        self._toast = Toast(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._build_setup(), "")
        self.tabs.addTab(self.area, "")
        self.tabs.addTab(self.revisions, "")
        right = QVBoxLayout()
        right.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._heading)
        head.addWidget(self._toast, 1)
        right.addLayout(head)
        right.addWidget(self._note)
        right.addWidget(self._import)
        right.addWidget(self.tabs, 1)
        self._foot = self._build_foot()
        right.addWidget(self._foot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 10)
        layout.setSpacing(14)
        layout.addWidget(self.products)
        layout.addLayout(right, 1)

    def _build_setup(self) -> QWidget:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.form)
        inside = QWidget(self)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.addWidget(scroll)
        return inside

    def _build_foot(self) -> QWidget:
        """What is changed, why, and the buttons; for all tabs but the revisions."""
        foot = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._reason_label)
        row.addWidget(self.reason, 1)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        layout = QVBoxLayout(foot)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._changes)
        layout.addLayout(row)
        return foot

    def _connect(self) -> None:
        self.products.chosen.connect(self._show_product)
        self.products.change_over.connect(self.change_over)
        self.products.copy.connect(self.copy)
        self.products.export.connect(self.export_recipe)
        self.products.import_.connect(self.import_recipe)
        self._transfer.opened.connect(self._toast.hide_text)
        self._transfer.exported.connect(self._on_exported)
        self._transfer.imported.connect(self._on_imported)
        self._transfer.failed.connect(self._show_refusal)
        self.form.changed.connect(self._on_form)
        self.area.changed.connect(self._on_form)
        self.tabs.currentChanged.connect(self._show_foot)
        self.revisions.restore.connect(self.restore)
        self.save_button.clicked.connect(self.save)
        self.discard_button.clicked.connect(self.discard)
        self.reason.returnPressed.connect(self.save)
        self._toast.undo_asked.connect(self.undo)
        self._permits.changed.connect(self._on_permits)
        self._recipes.changed.connect(self._refresh_soon)
        self._recipes.current_changed.connect(self._refresh_soon)
        self._library.changed.connect(self._refresh_soon)
        save = QShortcut(QKeySequence("Ctrl+S"), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.save)

    # ---- what happens ---------------------------------------------------------------------

    @Slot(str)
    def _show_product(self, product: str) -> None:
        if product != self._product:
            self.reason.clear()
        self._product = product
        revisions = self._recipes.revisions(product) if product else []
        self._newest = revisions[0] if revisions else None
        self.tabs.setVisible(self._newest is not None)
        self._show_foot()
        if self._newest is not None:
            shown = replace(self._newest, **self._drafts.get(product, {}))
            versions = self._library.versions(product)
            self.form.show_recipe(shown, versions)
            self.area.show_recipe(shown, next((v for v in versions if v.active), None))
        self.revisions.show_revisions(revisions)
        self._show_heading()
        self._show_changes()

    @Slot()
    def _on_form(self) -> None:
        """What differs from the newest revision is remembered as this product's draft."""
        recipe = self._newest
        if recipe is None:
            return
        try:
            wanted = {**self.form.changes(), "roi": self.area.roi}
            names = changed_fields(recipe, replace(recipe, **wanted))
        except RecipeError as error:
            self._changes.setText(messages.error_sentence(error.code, str(error)))
            self.save_button.setEnabled(False)
            return
        was = self._product in self._drafts
        if names:
            self._drafts[self._product] = {name: wanted[name] for name in names}
        else:
            self._drafts.pop(self._product, None)
        if was is not bool(names):
            self.products.show_products(
                self._recipes.names(), self._recipes.current, set(self._drafts)
            )
        self._show_changes()

    def _show_changes(self) -> None:
        names = self._drafts.get(self._product, {})
        titles = ", ".join(words.field_title(name) for name in names)
        self._changes.setText(
            self.tr("Changed: {}").format(titles) if names else self.tr("Nothing is changed.")
        )
        self.save_button.setEnabled(bool(names))
        self.discard_button.setEnabled(bool(names))

    @Slot()
    def _show_foot(self) -> None:
        revisions = self.tabs.currentWidget() is self.revisions
        self._foot.setVisible(self._newest is not None and not revisions)

    def _show_heading(self) -> None:
        recipe = self._newest
        if recipe is None:
            self._heading.setText(self.tr("No product yet"))
            self._note.setText(self.tr("Teach a product on the Learning page; it appears here."))
            self._note.show()
            return
        self._heading.setText(
            self.tr("{product} · revision {n}").format(
                product=words.product_title(recipe.name), n=recipe.revision
            )
        )
        damage = words.damage_sentence(recipe)
        self._note.setText(damage)
        self._note.setVisible(bool(damage))

    @Slot(str, float)
    def _on_changed_over(self, product: str, seconds: float) -> None:
        text = self.tr("{product} is in use, ready after {seconds} s.").format(
            product=words.product_title(product), seconds=messages.number(seconds, 1)
        )
        self._toast.show_text(text, undo=bool(self._undo_to))

    @Slot(str)
    def _on_exported(self, sentence: str) -> None:
        self._toast.show_text(sentence, undo=False, stay=True)

    @Slot(str, str)
    def _on_imported(self, product: str, sentence: str) -> None:
        self.refresh()
        self.products.choose(product)
        self._say(sentence)

    def _say(self, text: str) -> None:
        self._undo_to = ""
        self._toast.show_text(text, undo=False)

    def _ask(self, work: Callable[[], T]) -> T | None:
        """Runs a command; a refusal is said, and None returned."""
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - a store fault must be seen, not end the page
            self._show_refusal(error)
            return None

    @Slot(object)
    def _show_refusal(self, error: Exception) -> None:
        code = getattr(error, "code", None)
        if code is None:
            raise error
        self._undo_to = ""
        text = messages.error_sentence(str(code), str(error))
        self._toast.show_text(text, undo=False, stay=True)

    @Slot()
    def _on_permits(self) -> None:
        """Another person has nothing of the one before to take back."""
        self._undo_to = ""
        self._toast.hide_text()
        self._show_permits()

    def _show_permits(self) -> None:
        refused = refusal(self._permits, Action.CHANGE_RECIPE)
        for widget in (self.products, self.tabs, self._foot, self._import):
            refuse_within(widget, refused)
        self.products.export_button.refuse(refusal(self._permits, Action.EXPORT))
        self.form.setEnabled(not refused)
        self.area.setEnabled(not refused)
        self.reason.setEnabled(not refused)
        self.products.copy_name.setEnabled(not refused)

    @Slot()
    def _refresh_soon(self) -> None:
        if self.isVisible() and not self._refresh.isActive():
            self._refresh.start()
