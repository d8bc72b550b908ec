"""Export and import of recipe files: asks for a path, shows what a file says. Holds no page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from qc_station.domain.recipe import Recipe
from qc_station.services.recipe_exchange import RecipeExchange
from qc_station.services.recipe_file import SUFFIX
from qc_station.ui import recipe_words as words
from qc_station.ui.widgets.import_card import ImportCard

T = TypeVar("T")
ChoosePath = Callable[[QWidget, str], Path | None]
_FILTER = f"QC Station (*{SUFFIX})"


def ask_target(parent: QWidget, suggested: str) -> Path | None:
    """The system's dialog for a file to write; None when it was cancelled."""
    name, _chosen = QFileDialog.getSaveFileName(parent, "", suggested, _FILTER)
    return Path(name) if name else None


def ask_source(parent: QWidget, _suggested: str) -> Path | None:
    """The system's dialog for a file to read; None when it was cancelled."""
    name, _chosen = QFileDialog.getOpenFileName(parent, "", "", _FILTER)
    return Path(name) if name else None


class RecipeTransfer(QObject):
    """Works on one ImportCard. Refusals are raised by the exchange and passed to ``failed``."""

    exported = Signal(str)  # sentence
    imported = Signal(str, str)  # product, sentence
    opened = Signal()  # a file is shown on the card
    failed = Signal(object)  # the exception

    def __init__(
        self,
        exchange: RecipeExchange,
        card: ImportCard,
        actor: Callable[[], str],
        choose_target: ChoosePath,
        choose_source: ChoosePath,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._exchange, self._card, self._actor = exchange, card, actor
        self._choose_target, self._choose_source = choose_target, choose_source
        self._window = parent
        card.accepted.connect(self._accept)
        card.cancelled.connect(card.close_file)

    def export(self, recipe: Recipe) -> None:
        """Asks for a file and writes the product's newest revision to it, signed."""
        plain = "".join(letter if letter.isalnum() else "_" for letter in recipe.name)
        path = self._choose_target(self._window, f"{plain}-{recipe.revision}{SUFFIX}")
        if path is None:
            return
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        target = path
        if self._ask(lambda: self._exchange.export(recipe.name, target, self._actor())) is None:
            return
        self.exported.emit(
            self.tr("Exported to {path}, signed with the key {key} of this station.").format(
                path=target, key=self._exchange.own_fingerprint
            )
        )

    def open(self) -> None:
        """Asks for a file and shows what it would change; nothing is imported yet."""
        path = self._choose_source(self._window, "")
        if path is None:
            return
        file = self._ask(lambda: self._exchange.read(path))
        if file is None:
            self._card.close_file()
            return
        self._card.show_file(file, self._exchange.signer(file), self._exchange.present(file))
        self.opened.emit()

    @Slot(str)
    def _accept(self, key_name: str) -> None:
        file = self._card.file
        if file is None:
            return
        actor = self._actor()
        unknown = self._exchange.signer(file) is None
        if unknown and self._ask(lambda: self._exchange.trust(file, key_name, actor)) is None:
            return
        reason = self.tr("Imported, signed with the key {}").format(file.fingerprint)
        kept = self._ask(lambda: self._exchange.import_file(file, reason, actor))
        if kept is None:
            return
        self._card.close_file()
        self.imported.emit(
            kept.name,
            self.tr("{product} is imported as revision {n}.").format(
                product=words.product_title(kept.name), n=kept.revision
            ),
        )

    def _ask(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the page says it or raises it
            self.failed.emit(error)
            return None
