"""One figure with its name and a note, for a row of them. Shows what it is told."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget


class FigureTile(QFrame):
    """Name above, value large, note below; read out as one sentence."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"figure_{name}")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name, self._value, self._note = QLabel(self), QLabel(self), QLabel(self)
        self._name.setProperty("role", "muted")
        self._note.setProperty("role", "muted")
        self._value.setProperty("letters", "figure")
        for label in (self._name, self._note):
            label.setProperty("letters", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(0)
        for label in (self._name, self._value, self._note):
            layout.addWidget(label)

    def say(self, name: str, value: str, note: str, explanation: str) -> None:
        """``explanation`` says how the figure is counted."""
        self._name.setText(name)
        self._value.setText(value)
        self._note.setText(note)
        self.setToolTip(explanation)
        self.setAccessibleName(f"{name}: {value}. {note}")
        self.setAccessibleDescription(explanation)

    @property
    def text(self) -> str:
        """Value and note."""
        return f"{self._value.text()} {self._note.text()}"
