"""Everything a person can ask the window for, as data. Menus, rail and shortcut list read it.

A text is marked with QT_TRANSLATE_NOOP and looked up when shown. Commands are bound by the window
or by the composition root; an action without a command is greyed out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from qc_station.domain.access import Action
from qc_station.ui.icons import icon


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for lupdate, under the name it looks for; returns the text itself."""
    return text


class Menu(StrEnum):
    """The menus, in their order."""

    STATION = "station"
    VIEW = "view"
    HISTORY = "history"
    REVIEW = "review"
    LEARNING = "learning"
    RECIPES = "recipes"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. ``page`` is shown before its command runs; ``shortcut`` in portable text.

    ``page_key``: the key belongs to that page's own action, which only listens while the page has
    the keyboard; the menu shows it as a hint. ``needs``: the right it takes, None for none.
    """

    key: str
    text: str
    icon: str
    shortcut: str
    menu: Menu
    page: str | None = None
    checkable: bool = False
    separator_before: bool = False
    page_key: bool = False
    needs: Action | None = None


MENU_TITLES: dict[Menu, str] = {
    Menu.STATION: QT_TRANSLATE_NOOP("Actions", "&Station"),
    Menu.VIEW: QT_TRANSLATE_NOOP("Actions", "&View"),
    Menu.HISTORY: QT_TRANSLATE_NOOP("Actions", "&History"),
    Menu.REVIEW: QT_TRANSLATE_NOOP("Actions", "&Review"),
    Menu.LEARNING: QT_TRANSLATE_NOOP("Actions", "&Learning"),
    Menu.RECIPES: QT_TRANSLATE_NOOP("Actions", "Re&cipes"),
    Menu.HELP: QT_TRANSLATE_NOOP("Actions", "H&elp"),
}

PAGES = (
    "inspect", "history", "review", "learning", "models", "statistics", "recipes", "limits",
    "maintenance",
)  # fmt: skip

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "station.start_pause", QT_TRANSLATE_NOOP("Actions", "Start or pause"), "start", "F5",
        Menu.STATION, page="inspect", page_key=True, needs=Action.RUN_INSPECTION,
    ),
    ActionSpec(
        "station.trigger", QT_TRANSLATE_NOOP("Actions", "Inspect one part now"), "trigger",
        "Space", Menu.STATION, page="inspect", page_key=True, needs=Action.TRIGGER_PART,
    ),
    ActionSpec(
        "station.golden_check", QT_TRANSLATE_NOOP("Actions", "Check the golden samples …"), "check",
        "F6", Menu.STATION, page="inspect", separator_before=True, needs=Action.RUN_INSPECTION,
    ),
    ActionSpec(
        "station.golden_samples", QT_TRANSLATE_NOOP("Actions", "Golden samples …"), "review", "",
        Menu.STATION, needs=Action.CHANGE_RECIPE,
    ),
    ActionSpec(
        "station.release", QT_TRANSLATE_NOOP("Actions", "Release without a check …"), "start", "",
        Menu.STATION, needs=Action.RELEASE_STATION,
    ),
    ActionSpec(
        "station.shift_report", QT_TRANSLATE_NOOP("Actions", "Shift report …"), "statistics",
        "Ctrl+R", Menu.STATION, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "station.triggers", QT_TRANSLATE_NOOP("Actions", "Triggers …"), "trigger",
        "Ctrl+Shift+T", Menu.STATION, needs=Action.CHANGE_SETTINGS,
    ),
    ActionSpec(
        "station.new_lot", QT_TRANSLATE_NOOP("Actions", "New lot …"), "lot", "Ctrl+N",
        Menu.STATION, page="inspect", needs=Action.RUN_INSPECTION,
    ),
    ActionSpec(
        "station.override", QT_TRANSLATE_NOOP("Actions", "Override a verdict …"), "override",
        "Ctrl+Shift+V", Menu.STATION, needs=Action.OVERRIDE,
    ),
    ActionSpec(
        "station.sound", QT_TRANSLATE_NOOP("Actions", "Sounds for NG, REVIEW and stop"), "sound",
        "Ctrl+M", Menu.STATION, checkable=True, separator_before=True,
    ),
    ActionSpec(
        "station.log_in", QT_TRANSLATE_NOOP("Actions", "Log in or switch user …"), "log_in",
        "Ctrl+L", Menu.STATION, separator_before=True,
    ),
    ActionSpec(
        "station.log_out", QT_TRANSLATE_NOOP("Actions", "Log out"), "log_out", "Ctrl+Shift+L",
        Menu.STATION,
    ),
    ActionSpec(
        "station.users", QT_TRANSLATE_NOOP("Actions", "Users …"), "users", "Ctrl+Shift+U",
        Menu.STATION, needs=Action.MANAGE_USERS,
    ),
    ActionSpec(
        "station.backup", QT_TRANSLATE_NOOP("Actions", "Backup and restore"), "backup",
        "Ctrl+Shift+B", Menu.STATION, page="maintenance", needs=Action.BACK_UP,
    ),
    ActionSpec(
        "station.quit", QT_TRANSLATE_NOOP("Actions", "Quit"), "quit", "Ctrl+Q",
        Menu.STATION, separator_before=True,
    ),
    ActionSpec(
        "view.inspect", QT_TRANSLATE_NOOP("Actions", "Inspect"), "inspect", "Ctrl+1",
        Menu.VIEW, page="inspect", checkable=True,
    ),
    ActionSpec(
        "view.history", QT_TRANSLATE_NOOP("Actions", "History"), "history", "Ctrl+2",
        Menu.VIEW, page="history", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.review", QT_TRANSLATE_NOOP("Actions", "Review"), "review", "Ctrl+3",
        Menu.VIEW, page="review", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.learning", QT_TRANSLATE_NOOP("Actions", "Learning"), "learning", "Ctrl+4",
        Menu.VIEW, page="learning", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.models", QT_TRANSLATE_NOOP("Actions", "Models"), "models", "Ctrl+0",
        Menu.VIEW, page="models", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.statistics", QT_TRANSLATE_NOOP("Actions", "Statistics"), "statistics", "Ctrl+5",
        Menu.VIEW, page="statistics", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.recipes", QT_TRANSLATE_NOOP("Actions", "Recipes"), "recipes", "Ctrl+6",
        Menu.VIEW, page="recipes", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.limits", QT_TRANSLATE_NOOP("Actions", "Thresholds"), "limits", "Ctrl+7",
        Menu.VIEW, page="limits", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.maintenance", QT_TRANSLATE_NOOP("Actions", "Maintenance"), "maintenance", "Ctrl+9",
        Menu.VIEW, page="maintenance", checkable=True, needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "view.heatmap", QT_TRANSLATE_NOOP("Actions", "Show heatmaps"), "heatmap", "Ctrl+H",
        Menu.VIEW, checkable=True, separator_before=True,
    ),
    ActionSpec(
        "view.fullscreen", QT_TRANSLATE_NOOP("Actions", "Full screen"), "fullscreen", "F11",
        Menu.VIEW, checkable=True,
    ),
    ActionSpec(
        "history.export", QT_TRANSLATE_NOOP("Actions", "Export as CSV …"), "export",
        "Ctrl+Shift+E", Menu.HISTORY, page="history", needs=Action.EXPORT,
    ),
    ActionSpec(
        "history.since_check",
        QT_TRANSLATE_NOOP("Actions", "Parts since the last good golden-sample check"), "check",
        "", Menu.HISTORY, page="history", needs=Action.VIEW_RECORDS,
    ),
    ActionSpec(
        "review.undo", QT_TRANSLATE_NOOP("Actions", "Undo the last answer"), "undo",
        "", Menu.REVIEW, page="review", needs=Action.ANSWER_REVIEWS,
    ),
    ActionSpec(
        "review.settings", QT_TRANSLATE_NOOP("Actions", "Settings of the review queue …"),
        "filter", "", Menu.REVIEW, page="review", separator_before=True,
        needs=Action.CHANGE_SETTINGS,
    ),
    ActionSpec(
        "learning.teach_folder",
        QT_TRANSLATE_NOOP("Actions", "Teach a product from a folder …"), "folder",
        "Ctrl+Shift+O", Menu.LEARNING, page="learning", needs=Action.TEACH,
    ),
    ActionSpec(
        "learning.teach_camera",
        QT_TRANSLATE_NOOP("Actions", "Teach a product from the camera …"), "camera",
        "Ctrl+Shift+C", Menu.LEARNING, page="learning", needs=Action.TEACH,
    ),
    ActionSpec(
        "learning.retrain",
        QT_TRANSLATE_NOOP("Actions", "Retrain with the reviewed parts"), "retrain",
        "Ctrl+Shift+R", Menu.LEARNING, page="learning", separator_before=True, needs=Action.TEACH,
    ),
    ActionSpec(
        "learning.rollback",
        QT_TRANSLATE_NOOP("Actions", "Roll back to the model before"), "rollback",
        "", Menu.LEARNING, page="learning", needs=Action.ACTIVATE_MODEL,
    ),
    ActionSpec(
        "models.export", QT_TRANSLATE_NOOP("Actions", "Export the chosen model …"), "export",
        "", Menu.LEARNING, page="models", separator_before=True, needs=Action.EXPORT,
    ),
    ActionSpec(
        "models.import", QT_TRANSLATE_NOOP("Actions", "Import a model …"), "import",
        "", Menu.LEARNING, page="models", needs=Action.ACTIVATE_MODEL,
    ),
    ActionSpec(
        "recipes.export", QT_TRANSLATE_NOOP("Actions", "Export the recipe …"), "export", "",
        Menu.RECIPES, page="recipes", needs=Action.EXPORT,
    ),
    ActionSpec(
        "recipes.import", QT_TRANSLATE_NOOP("Actions", "Import a recipe …"), "folder", "",
        Menu.RECIPES, page="recipes", needs=Action.CHANGE_RECIPE,
    ),
    ActionSpec(
        "help.shortcuts", QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"), "keyboard", "F1",
        Menu.HELP,
    ),
    ActionSpec(
        "help.diagnostics", QT_TRANSLATE_NOOP("Actions", "Diagnostics for support …"),
        "export", "", Menu.HELP, page="maintenance", needs=Action.CHANGE_SETTINGS,
    ),
    ActionSpec(
        "help.about", QT_TRANSLATE_NOOP("Actions", "About QC Station"), "about", "",
        Menu.HELP,
    ),
)  # fmt: skip


def translated(text: str) -> str:
    """An action's or menu's text in the current language."""
    return QCoreApplication.translate("Actions", text)


class ActionSet(QObject):
    """The QActions made from the data; the same object serves menu, rail and shortcut."""

    def __init__(self, host: QWidget, specs: Iterable[ActionSpec] = ACTIONS) -> None:
        super().__init__(host)
        self.specs: dict[str, ActionSpec] = {spec.key: spec for spec in specs}
        self._actions: dict[str, QAction] = {}
        self._commands: dict[str, Callable[[], object]] = {}
        self._ready: set[str] = set()
        self._refusals: dict[str, str] = {}
        for spec in self.specs.values():
            action = QAction(icon(spec.icon), "", host)
            action.setObjectName(spec.key)
            action.setCheckable(spec.checkable)
            action.setEnabled(False)
            action.setMenuRole(QAction.MenuRole.NoRole)
            if spec.shortcut and not spec.page_key:
                action.setShortcut(QKeySequence(spec.shortcut))
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setAutoRepeat(False)
            host.addAction(action)
            self._actions[spec.key] = action
        self.retranslate()

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def bind(self, key: str, command: Callable[[], object]) -> None:
        """Gives an action what it does, and enables it. Binding again replaces the command."""
        first = key not in self._commands
        self._commands[key] = command
        action = self._actions[key]
        if first:
            action.triggered.connect(lambda checked=False, key=key: self._commands[key]())
        self.enable(key)

    def enable(self, key: str) -> None:
        """The action can do something from now on; a refusal is stronger."""
        self._ready.add(key)
        self._actions[key].setEnabled(not self._refusals.get(key))

    def refuse(self, key: str, sentence: str) -> None:
        """Greys an action out with this reason in its tooltip; an empty one takes that back."""
        self._refusals[key] = sentence
        self._actions[key].setEnabled(key in self._ready and not sentence)
        self._show_tooltip(key)

    def of_menu(self, menu: Menu) -> list[ActionSpec]:
        """The actions of one menu, in order."""
        return [spec for spec in self.specs.values() if spec.menu is menu]

    def shortcuts(self) -> list[tuple[str, str]]:
        """(text, keys as this desktop writes them) of all actions that have keys."""
        return [
            (translated(spec.text), key_text(spec.shortcut))
            for spec in self.specs.values()
            if spec.shortcut
        ]

    def retranslate(self) -> None:
        """Texts in the current language; keys of pages are shown as hints in the menu."""
        for key, action in self._actions.items():
            spec = self.specs[key]
            text = translated(spec.text)
            action.setText(f"{text}\t{key_text(spec.shortcut)}" if spec.page_key else text)
            action.setIconText(text)
            self._show_tooltip(key)

    def _show_tooltip(self, key: str) -> None:
        spec, refusal = self.specs[key], self._refusals.get(key, "")
        hint = f" ({key_text(spec.shortcut)})" if spec.shortcut else ""
        text = translated(spec.text) + hint
        self._actions[key].setToolTip(f"{text}\n{refusal}" if refusal else text)


def key_text(shortcut: str) -> str:
    """A key sequence in the desktop's own words."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
