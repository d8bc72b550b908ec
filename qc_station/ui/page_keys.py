"""The keys that belong to pages, as data for the shortcut sheet. Keys of the menus: ``actions``."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from qc_station.ui.actions import (
    QT_TRANSLATE_NOOP,
    ActionSet,
    ActionSpec,
    Menu,
    key_text,
    translated,
)


@dataclass(frozen=True, slots=True)
class PageKeys:
    """One group of the sheet: its title, the menu whose keys belong to it, and (keys, what).

    Keys are portable text; several stand with a space between.
    """

    title: str
    menu: Menu | None
    rows: tuple[tuple[str, str], ...]


PAGE_KEYS: tuple[PageKeys, ...] = (
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Everywhere"), Menu.STATION, (
        ("Tab Shift+Tab", QT_TRANSLATE_NOOP("PageKeys", "Next field, field before")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "View"), Menu.VIEW, ()),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Inspect"), None, (
        ("H", QT_TRANSLATE_NOOP("PageKeys", "Bare picture while held")),
        ("O", QT_TRANSLATE_NOOP("PageKeys", "Compare with the reference")),
        ("Left Right", QT_TRANSLATE_NOOP("PageKeys", "Look back at earlier parts")),
        ("Esc", QT_TRANSLATE_NOOP("PageKeys", "Back to live")),
        ("+ - 0", QT_TRANSLATE_NOOP("PageKeys", "Zoom the picture, whole picture")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "History"), Menu.HISTORY, (
        ("Up Down", QT_TRANSLATE_NOOP("PageKeys", "Choose a part")),
        ("Ctrl+F", QT_TRANSLATE_NOOP("PageKeys", "Search")),
        ("H", QT_TRANSLATE_NOOP("PageKeys", "Bare picture while held")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Review"), Menu.REVIEW, (
        ("G", QT_TRANSLATE_NOOP("PageKeys", "The part is good")),
        ("1 … 9", QT_TRANSLATE_NOOP("PageKeys", "The part has this defect")),
        ("N", QT_TRANSLATE_NOOP("PageKeys", "A new defect class")),
        ("C", QT_TRANSLATE_NOOP("PageKeys", "Can't tell")),
        ("S", QT_TRANSLATE_NOOP("PageKeys", "Skip the part")),
        ("U", QT_TRANSLATE_NOOP("PageKeys", "Undo the last answer")),
        ("E", QT_TRANSLATE_NOOP("PageKeys", "Explain what decided")),
        ("B", QT_TRANSLATE_NOOP("PageKeys", "Paint the defect")),
        ("H", QT_TRANSLATE_NOOP("PageKeys", "Bare picture while held")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Painting"), None, (
        ("B", QT_TRANSLATE_NOOP("PageKeys", "Brush")),
        ("X", QT_TRANSLATE_NOOP("PageKeys", "Eraser")),
        ("P", QT_TRANSLATE_NOOP("PageKeys", "Polygon")),
        ("F", QT_TRANSLATE_NOOP("PageKeys", "Fill")),
        ("R", QT_TRANSLATE_NOOP("PageKeys", "Region of the model")),
        ("Left Right Up Down", QT_TRANSLATE_NOOP("PageKeys", "Move the tool")),
        ("Space", QT_TRANSLATE_NOOP("PageKeys", "Paint, set a corner")),
        ("Enter", QT_TRANSLATE_NOOP("PageKeys", "Accept the shape")),
        ("Backspace", QT_TRANSLATE_NOOP("PageKeys", "Drop the last corner")),
        ("[ ]", QT_TRANSLATE_NOOP("PageKeys", "Smaller, larger tool")),
        ("+ - 0", QT_TRANSLATE_NOOP("PageKeys", "Zoom the picture, whole picture")),
        ("T", QT_TRANSLATE_NOOP("PageKeys", "Next region")),
        ("A", QT_TRANSLATE_NOOP("PageKeys", "Another region")),
        ("Del", QT_TRANSLATE_NOOP("PageKeys", "Delete the region")),
        ("Ctrl+Z Ctrl+Shift+Z", QT_TRANSLATE_NOOP("PageKeys", "Undo, redo")),
        ("Esc", QT_TRANSLATE_NOOP("PageKeys", "Leave painting")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Learning"), Menu.LEARNING, (
        ("Space", QT_TRANSLATE_NOOP("PageKeys", "Take a picture while collecting")),
        ("Backspace", QT_TRANSLATE_NOOP("PageKeys", "Drop the last picture")),
        ("Enter", QT_TRANSLATE_NOOP("PageKeys", "Activate the chosen version")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Statistics"), None, (
        ("Left Right", QT_TRANSLATE_NOOP("PageKeys", "Point of a plot")),
        ("Up Down", QT_TRANSLATE_NOOP("PageKeys", "Series of a plot")),
        ("Enter", QT_TRANSLATE_NOOP("PageKeys", "The parts behind a point, in History")),
    )),
    PageKeys(QT_TRANSLATE_NOOP("PageKeys", "Help"), Menu.HELP, ()),
)  # fmt: skip

FOOT_WORDS = (
    QT_TRANSLATE_NOOP("PageKeys", "Foot switch: inspect one part"),
    QT_TRANSLATE_NOOP("PageKeys", "Foot switch: start or pause"),
)
_SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "-": "−", "…": "…"}


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """A group in the language of the window, ready to be read: (what, keys)."""

    title: str
    rows: tuple[tuple[str, str], ...]


def shortcut_sheet(actions: ActionSet, foot_keys: tuple[str, str]) -> list[SheetGroup]:
    """Every key of the window, page by page; ``foot_keys`` as they are set under Triggers."""
    groups = []
    for group in PAGE_KEYS:
        rows = [] if group.menu is None else _of_menu(actions, group.menu)
        if group.title == "Inspect":  # these two live in the Station menu, but act on the page
            rows += [(translated(s.text), actions.keys(k)) for k, s in _page_actions(actions)]
            rows += zip(map(_said, FOOT_WORDS), map(_keys, foot_keys), strict=True)
        rows += [(_said(what), _keys(keys)) for keys, what in group.rows]
        groups.append(SheetGroup(_said(group.title), tuple(rows)))
    return groups


def _of_menu(actions: ActionSet, menu: Menu) -> list[tuple[str, str]]:
    return [
        (translated(spec.text), actions.keys(spec.key))
        for spec in actions.of_menu(menu)
        if spec.shortcut and not spec.page_key
    ]


def _page_actions(actions: ActionSet) -> list[tuple[str, ActionSpec]]:
    return [(key, spec) for key, spec in actions.specs.items() if spec.page_key]


def _said(text: str) -> str:
    return QCoreApplication.translate("PageKeys", text)


def _keys(keys: str) -> str:
    """Each key in the desktop's own words; arrows as signs."""
    return "  ".join(_SIGNS.get(key) or key_text(key) or key for key in keys.split())
