"""News of the whole window, above the status bar: a sentence, what can be done, and Close.

Nothing here is modal and nothing takes the keyboard away; Tab reaches every button. Notes stay
until somebody closes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

MOST = 3
"""Notes that are shown at once; more come up as these are closed."""
Words = Callable[[], str]


@dataclass(frozen=True, slots=True)
class NoteAction:
    """A button of a note; ``words`` are asked for again after a language switch."""

    words: Words
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Note:
    """One piece of news; a later one with the same key takes its place."""

    key: str
    words: Words
    actions: tuple[NoteAction, ...] = ()


class _NoteRow(QFrame):
    def __init__(self, note: Note, close: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.note = note
        self.setObjectName(f"note_{note.key}")
        self.setProperty("role", "card")
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self._buttons = [QPushButton(self) for _action in note.actions]
        self.close_button = QPushButton(self)
        self.close_button.clicked.connect(lambda: close(note.key))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.addWidget(self.text, 1)
        for button, action in zip(self._buttons, note.actions, strict=True):
            button.clicked.connect(action.run)
            layout.addWidget(button)
        layout.addWidget(self.close_button)

    def retranslate(self, close: str) -> None:
        self.text.setText(self.note.words())
        self.setAccessibleName(self.note.words())
        for button, action in zip(self._buttons, self.note.actions, strict=True):
            button.setText(action.words())
            button.setAccessibleName(action.words())
        self.close_button.setText(close)
        self.close_button.setAccessibleName(f"{close}: {self.note.words()}")


class NewsBar(QWidget):
    """Takes no room while there is no news."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("news_bar")
        self._rows: list[_NoteRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.setSpacing(4)
        self.hide()

    @property
    def texts(self) -> list[str]:
        """What is shown, the oldest first."""
        return [row.text.text() for row in self._rows if not row.isHidden()]

    def tell(self, note: Note) -> None:
        """Shows a note."""
        self.drop(note.key)
        row = _NoteRow(note, self.drop, self)
        row.retranslate(self.tr("Close"))
        self._rows.append(row)
        self._layout.addWidget(row)
        self._show()

    def drop(self, key: str) -> None:
        """Takes a note away; no note of that key is no error."""
        for row in [row for row in self._rows if row.note.key == key]:
            self._rows.remove(row)
            row.hide()
            row.deleteLater()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a language switch."""
        if event.type() == QEvent.Type.LanguageChange:
            for row in self._rows:
                row.retranslate(self.tr("Close"))
        super().changeEvent(event)

    def _show(self) -> None:
        for index, row in enumerate(self._rows):
            row.setVisible(index < MOST)
        self.setVisible(bool(self._rows))
