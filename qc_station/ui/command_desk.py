"""Collects what the command palette offers: actions, languages, products, recent folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from qc_station.domain.access import Action
from qc_station.services.permits import AccessError, Permits
from qc_station.ui.access_desk import AccessDesk
from qc_station.ui.access_words import refusal
from qc_station.ui.actions import MENU_TITLES, translated
from qc_station.ui.dialogs.command_palette import CommandPalette
from qc_station.ui.main_window import MainWindow
from qc_station.ui.messages import class_title, error_sentence
from qc_station.ui.models.command_search import Command


class ProductsLike(Protocol):
    """The part of RecipeService that is used here."""

    @property
    def current(self) -> str: ...
    def names(self) -> list[str]: ...
    def choose(self, name: str) -> None: ...


class CommandDesk(QObject):
    """Opens the palette with what can be asked for at this moment."""

    def __init__(
        self,
        window: MainWindow,
        products: ProductsLike,
        permits: Permits,
        desk: AccessDesk,
        folders: Callable[[], Sequence[Path]],
        inspect_folder: Callable[[Path], object],
    ) -> None:
        """``folders`` are those used last, newest first."""
        super().__init__(window)
        self._window = window
        self._products = products
        self._permits = permits
        self._desk = desk
        self._folders = folders
        self._inspect_folder = inspect_folder
        self._palette: CommandPalette | None = None
        window.bind("help.palette", self.open)

    @property
    def palette(self) -> CommandPalette | None:
        """The palette that is open."""
        return self._palette

    @Slot()
    def open(self) -> None:
        """Shows the palette; a second press of its keys closes it."""
        if self._palette is not None:
            self._palette.reject()
            return
        self._palette = CommandPalette(self.commands(), self._window)
        self._palette.finished.connect(self._on_closed)
        self._desk.open(self._palette)  # the foot switch works behind it

    def commands(self) -> list[Command]:
        """Everything that can be asked for now, in the order of the menus."""
        return [
            *self._of_actions(), *self._of_languages(), *self._of_products(), *self._of_folders()
        ]  # fmt: skip

    def _of_actions(self) -> list[Command]:
        actions = self._window.actions_set
        found = []
        for key, spec in actions.specs.items():
            if key == "help.palette":
                continue
            action = actions[key]
            why = actions.refusal(key)
            if not why and not action.isEnabled():
                why = self.tr("This cannot be done at the moment.")
            place = translated(MENU_TITLES[spec.menu]).replace("&", "")
            found.append(
                Command(
                    translated(spec.text), place, actions.keys(key), why, action.trigger,
                    action.isChecked(),
                )
            )  # fmt: skip
        return found

    def _of_languages(self) -> list[Command]:
        place = self._window.language_menu.title()
        return [
            Command(action.text(), place, "", "", action.trigger, action.isChecked())
            for action in self._window.language_menu.actions()
        ]

    def _of_products(self) -> list[Command]:
        why = refusal(self._permits, Action.CHANGE_RECIPE)
        place, current = self.tr("Product"), self._products.current
        return [
            Command(
                self.tr("Change over to {}").format(class_title(name)), place, "", why,
                partial(self._change_over, name), name == current,
            )
            for name in self._products.names()
        ]  # fmt: skip

    def _of_folders(self) -> list[Command]:
        return [
            Command(
                self.tr("Inspect the pictures in {}").format(folder),
                self.tr("Recent folder"), "", "", partial(self._inspect_folder, folder),
            )
            for folder in self._folders()
        ]  # fmt: skip

    def _change_over(self, name: str) -> None:
        try:
            self._products.choose(name)
        except AccessError as error:
            self._window.say(error_sentence(error.code, str(error)))

    @Slot()
    def _on_closed(self) -> None:
        if self._palette is not None:
            self._palette.deleteLater()
            self._palette = None
