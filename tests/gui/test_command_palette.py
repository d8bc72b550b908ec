"""Palette and shortcut sheet in the real window: by keys, with refusals, in French, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.ui.actions import ACTIONS
from qc_station.ui.dialogs.command_palette import CommandPalette
from qc_station.ui.dialogs.shortcuts import ShortcutsDialog
from qc_station.ui.models.command_search import Command, fits, found
from qc_station.ui.page_keys import PAGE_KEYS, shortcut_sheet
from qc_station.ui.widgets.mask_panel import TOOL_KEYS
from tests.gui.whole_window import WholeWindow, whole_window


@pytest.fixture
def whole(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[WholeWindow]:
    with whole_window(tmp_path / "home", qapp) as made:
        yield made


def opened(whole: WholeWindow) -> CommandPalette:
    whole.window.actions_set["help.palette"].trigger()
    palette = whole.shown.commands.palette
    assert palette is not None
    return palette


def names(commands: list[Command]) -> list[str]:
    return [command.name for command in commands]


def test_letters_find_words_initials_and_accents() -> None:
    texts = ("Export as CSV …", "Retrain with the reviewed parts", "Réapprendre", "Dark theme")
    commands = [Command(text, "", "", "", lambda: None) for text in texts]
    assert names(found("csv", commands)) == ["Export as CSV …"]
    assert names(found("rwtrp", commands)) == ["Retrain with the reviewed parts"]
    assert names(found("REAPP", commands)) == ["Réapprendre"]
    assert names(found("theme dark", commands)) == ["Dark theme"]
    assert names(found("", commands)) == list(texts)
    assert found("zzz", commands) == []
    better, worse = fits("re", "Retrain"), fits("re", "Compare")
    assert better is not None and worse is not None and better > worse


def test_a_page_is_opened_by_keys_alone(qtbot: QtBot, whole: WholeWindow) -> None:
    palette = opened(whole)
    qtbot.keyClicks(palette.field, "histor")
    assert palette.current is not None
    assert palette.current.keys == "Ctrl+2"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert whole.window.page == "history"
    assert whole.shown.commands.palette is None


def test_arrows_walk_the_list_while_the_field_has_the_keyboard(
    qtbot: QtBot, whole: WholeWindow
) -> None:
    palette = opened(whole)
    first = palette.current
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.current is not first
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.current is first
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert whole.shown.commands.palette is None


def test_a_refused_command_says_why_and_does_not_run(qtbot: QtBot, whole: WholeWindow) -> None:
    ran: list[str] = []
    whole.window.bind("history.export", lambda: ran.append("export"))
    whole.window.actions_set.refuse("history.export", "To do this, log in (Ctrl+L).")
    palette = opened(whole)
    qtbot.keyClicks(palette.field, "csv")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.said.text() == "To do this, log in (Ctrl+L)."
    assert not ran
    assert whole.shown.commands.palette is palette, "it stays open"
    palette.reject()


def test_products_are_changed_over_from_the_palette(qtbot: QtBot, whole: WholeWindow) -> None:
    whole.station.recipes.create("bottle", "demo:")
    whole.station.recipes.create("cable", "demo:")
    palette = opened(whole)
    qtbot.keyClicks(palette.field, "over bottle")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert whole.station.recipes.current == "bottle"


def test_every_action_and_language_is_offered_in_french_too(whole: WholeWindow) -> None:
    whole.shown.language.switch("fr")
    offered = names(whole.shown.commands.commands())
    assert len(offered) >= len(ACTIONS) - 1 + 2
    assert {"Thème sombre", "English", "Français"} <= set(offered)


def test_the_foot_switch_reaches_the_line_through_the_palette(
    whole: WholeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[int] = []
    monkeypatch.setattr(
        whole.window, "foot_switch", lambda event: pressed.append(event.key()) or True
    )
    palette = opened(whole)
    palette.activateWindow()
    palette.field.setFocus()
    QApplication.processEvents()
    none = Qt.KeyboardModifier.NoModifier
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F13, none)
    QApplication.sendEvent(palette.windowHandle(), key)
    assert pressed == [Qt.Key.Key_F13]
    palette.reject()


def test_the_sheet_has_every_key_of_the_menus_and_of_the_pages(whole: WholeWindow) -> None:
    sheet = shortcut_sheet(whole.window.actions_set, ("F13", "F14"))
    rows = {what: keys for group in sheet for what, keys in group.rows}
    for spec in ACTIONS:
        if spec.shortcut:
            assert rows[spec.text].startswith(whole.window.actions_set.keys(spec.key))
    painting = next(group for group in PAGE_KEYS if group.title == "Painting")
    keys = {key for row, _what in painting.rows for key in row.split()}
    assert set(TOOL_KEYS.values()) <= keys
    inspect = next(group for group in sheet if group.title == "Inspect")
    shown = " ".join(keys for _what, keys in inspect.rows)
    for action in whole.shown.inspect.actions_by_key.values():
        for sequence in action.shortcuts():
            assert sequence.toString().replace("Escape", "Esc") in shown


def test_the_sheet_is_written_as_pdf_in_the_language_of_the_window(
    qtbot: QtBot, whole: WholeWindow, tmp_path: Path
) -> None:
    whole.shown.language.switch("fr")
    dialog = ShortcutsDialog(shortcut_sheet(whole.window.actions_set, ("F13", "F14")), whole.window)
    qtbot.addWidget(dialog)
    assert "Contrôle" in dialog.sheet.toPlainText()
    file = tmp_path / "keys.pdf"
    with qtbot.waitSignal(dialog.printed) as said:
        dialog.save_pdf(file)
    assert said.args == [str(file)]
    assert file.read_bytes().startswith(b"%PDF")
