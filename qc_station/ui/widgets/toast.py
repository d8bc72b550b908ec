"""A line that says what was just done and offers to undo it, or something else to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

SHOWN_MS = 8000


@dataclass(frozen=True, slots=True)
class ToastAction:
    """Another button than Undo; ``words`` are asked for again after a language switch."""

    words: Callable[[], str]
    run: Callable[[], object]


class Toast(QFrame):
    """Takes its place in a layout all the time, so that nothing jumps when it appears."""

    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setObjectName("toast_text")
        self._undo = QPushButton(self)
        self._undo.setObjectName("toast_undo")
        self._undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._undo.clicked.connect(self.undo_asked)
        self._action: ToastAction | None = None
        self._other = QPushButton(self)
        self._other.setObjectName("toast_action")
        self._other.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._other.clicked.connect(self._run)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._undo)
        layout.addWidget(self._other)
        self.setMinimumHeight(52)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._on_time)
        self.retranslate()
        self.hide_text()

    @property
    def text(self) -> str:
        """What is said now; empty when nothing is."""
        return self._text.text()

    def show_text(
        self,
        text: str,
        *,
        undo: bool = True,
        stay: bool = False,
        action: ToastAction | None = None,
    ) -> None:
        """Says something; it goes after a while unless it is to ``stay``."""
        self._action = action
        self._other.setVisible(action is not None)
        self._name_action()
        self._text.setText(text)
        self._undo.setVisible(undo)
        self.setProperty("role", "card")
        self._restyle()
        if stay:
            self._timer.stop()
        else:
            self._timer.start()

    def hide_text(self) -> None:
        """Says nothing."""
        self._timer.stop()
        self._text.clear()
        self._undo.setVisible(False)
        self._other.setVisible(False)
        self.setProperty("role", "")
        self._restyle()

    def retranslate(self) -> None:
        """The button's text in the current language."""
        self._undo.setText(self.tr("Undo (U)"))
        self._undo.setAccessibleName(self.tr("Undo the last step"))
        self._name_action()

    def _name_action(self) -> None:
        words = self._action.words() if self._action is not None else self.tr("Show")
        self._other.setText(words)
        self._other.setAccessibleName(words)

    def _run(self) -> None:
        if self._action is not None:
            self._action.run()

    def _on_time(self) -> None:
        """Nobody's button goes away under their fingers."""
        if self._undo.hasFocus() or self._other.hasFocus():
            self._timer.start()
        else:
            self.hide_text()

    def _restyle(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)
