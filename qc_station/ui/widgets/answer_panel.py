"""The answers an expert may give, each with its key. Knows labels and classes, no parts."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from qc_station.ui import theme
from qc_station.ui.messages import class_title
from qc_station.ui.widgets.guarded_button import GuardedButton


class KeyButton(GuardedButton):
    """A wide button with the key that does the same."""

    def __init__(self, key: str, parent: QWidget | None = None, *, compact: bool = False) -> None:
        """``compact`` where many stand beside each other."""
        super().__init__(parent)
        self._cap = QLabel(key, self)
        self._cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.set_key(key)
        self.set_colour(theme.RAISED)
        self._cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = QLabel(self)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6 if compact else 10, 3, 6 if compact else 10, 3)
        layout.setSpacing(8 if compact else 12)
        layout.addWidget(self._cap)
        layout.addWidget(self._words, 1)
        self.setMinimumHeight(38 if compact else 46)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def key(self) -> str:
        """The key on the cap."""
        return self._cap.text()

    def set_key(self, key: str) -> None:
        """What stands on the cap; it grows with the key's name."""
        self._cap.setText(key)
        width = self._cap.fontMetrics().horizontalAdvance(key) + 14
        self._cap.setFixedSize(max(30, width), 28)

    def set_colour(self, colour: str) -> None:
        """The cap's colour, light enough for dark letters."""
        self._cap.setStyleSheet(
            f"background: {colour}; border: 1px solid {theme.BORDER_STRONG};"
            "border-radius: 5px; font-weight: 600;"
        )

    def set_words(self, words: str) -> None:
        """What the button does; also its accessible name."""
        self._words.setText(words)
        self._words.setMinimumWidth(self._words.sizeHint().width())
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({self.key})" if self.key else words)

    def changeEvent(self, event: QEvent) -> None:
        """Greys the words out with the button."""
        if event.type() == QEvent.Type.EnabledChange:
            self._words.setEnabled(self.isEnabled())
        super().changeEvent(event)


class ClassEntry(QLineEdit):
    """A new class name; Enter takes it, Escape leaves it."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes to the page, the rest is text."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class AnswerPanel(QWidget):
    """Good, the classes with their digits, a new class, can't tell, ask, skip, undo."""

    good = Signal()
    defect = Signal(str)  # class name
    cannot_tell = Signal()
    ask = Signal()  # a colleague
    skip = Signal()
    undo = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answer_panel")
        self._classes: list[str] = []
        self._class_buttons: list[KeyButton] = []
        self._good = self._button("G", "review_good", self.good)
        self._new = self._button("N", "review_new_class", None)
        self._cannot = self._button("C", "review_cannot_tell", self.cannot_tell)
        self._ask = self._button("A", "review_ask", self.ask)
        self._skip = self._button("S", "review_skip", self.skip)
        self._undo = self._button("U", "review_undo", self.undo)
        self._new.clicked.connect(self.ask_new_class)
        self._entry = ClassEntry(self)
        self._entry.setObjectName("review_class_entry")
        self._entry.setMinimumHeight(40)
        self._entry.setMaxLength(60)
        self._entry.hide()
        self._entry.returnPressed.connect(self._take_entry)
        self._entry.given_up.connect(self.leave_entry)
        self._defect_title = QLabel(self)
        self._defect_title.setProperty("role", "muted")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(6)
        inner = QWidget(self)
        inner_layout = QVBoxLayout(inner)
        inner_layout.setContentsMargins(0, 0, 4, 0)
        inner_layout.setSpacing(6)
        inner_layout.addLayout(self._list)
        inner_layout.addWidget(self._new)
        inner_layout.addWidget(self._entry)
        inner_layout.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        inner.setAutoFillBackground(False)  # setWidget switches it on
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._good)
        layout.addWidget(self._defect_title)
        layout.addWidget(scroll, 1)
        for pair in ((self._cannot, self._ask), (self._skip, self._undo)):
            foot = QHBoxLayout()
            foot.setSpacing(6)
            for button in pair:
                foot.addWidget(button, 1)
            layout.addLayout(foot)
        self.retranslate()

    @property
    def classes(self) -> list[str]:
        """Classes in the order of their digits."""
        return list(self._classes)

    @property
    def ask_button(self) -> KeyButton:
        """Where the list of colleagues opens."""
        return self._ask

    @property
    def entering(self) -> bool:
        """Whether a new name is being typed."""
        return not self._entry.isHidden()

    def offer(self, classes: list[str]) -> None:
        """Adds classes that are not there yet at the end: a digit never changes its meaning."""
        for name in classes:
            if name not in self._classes:
                self._classes.append(name)
        while len(self._class_buttons) < len(self._classes):
            index = len(self._class_buttons)
            button = KeyButton(str(index + 1) if index < 9 else "", self)
            button.setObjectName(f"review_class_{index + 1}")
            button.clicked.connect(lambda _checked=False, at=index: self._choose(at))
            self._list.addWidget(button)
            self._class_buttons.append(button)
        self._name_classes()

    def set_answering(self, possible: bool, undo: bool) -> None:
        """Whether there is a part to answer, and an answer to take back."""
        for button in (self._good, self._new, self._cannot, self._ask, self._skip):
            button.setEnabled(possible)
        for button in self._class_buttons:
            button.setEnabled(possible)
        self._undo.setEnabled(undo)
        if not possible:
            self.leave_entry()

    def choose_digit(self, digit: int) -> None:
        """1–9: the class with this digit, if there is one."""
        self._choose(digit - 1)

    def ask_new_class(self) -> None:
        """Opens the entry for a new name."""
        self._entry.clear()
        self._entry.show()
        self._entry.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave_entry(self) -> None:
        """Closes the entry and gives the keyboard back to the page."""
        if self.entering:
            self._entry.hide()
            parent = self.parentWidget()
            if parent is not None:
                parent.setFocus()

    def retranslate(self) -> None:
        """Every text in the current language."""
        self._good.set_words(self.tr("Good"))
        self._new.set_words(self.tr("New defect class …"))
        self._cannot.set_words(self.tr("Can't tell"))
        self._ask.set_words(self.tr("Ask …"))
        self._ask.setToolTip(self.tr("Ask a colleague about this part (A)"))
        self._skip.set_words(self.tr("Skip"))
        self._undo.set_words(self.tr("Undo"))
        self._defect_title.setText(self.tr("Defect"))
        self._entry.setPlaceholderText(self.tr("Name of the defect, then Enter"))
        self._entry.setAccessibleName(self.tr("Name of a new defect class"))
        self._name_classes()

    def _name_classes(self) -> None:
        for button, name in zip(self._class_buttons, self._classes, strict=False):
            button.set_words(class_title(name))

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._classes):
            self.defect.emit(self._classes[index])

    def _take_entry(self) -> None:
        name = class_key(self._entry.text())
        self.leave_entry()
        if not name:
            return
        self.offer([name])
        self.defect.emit(name)

    def _button(self, key: str, name: str, signal: object) -> KeyButton:
        button = KeyButton(key, self)
        button.setObjectName(name)
        if signal is not None:
            button.clicked.connect(lambda _checked=False: signal.emit())  # type: ignore[attr-defined]
        return button


def class_key(text: str) -> str:
    """A typed name as it is kept: lower case, words joined by an underscore."""
    return "_".join(text.casefold().split())


def digit_of(event: QKeyEvent) -> int:
    """1–9, or 0 for other keys. The row of digits is known by its place: on a French keyboard it
    gives digits only with Shift, and nobody holds Shift while labelling."""
    digit = int(event.key()) - int(Qt.Key.Key_0)
    if 1 <= digit <= 9:
        return digit
    leftmost = {"win32": 2, "linux": 10}.get(sys.platform)  # scan code of the key marked 1
    if leftmost is None or not event.text():
        return 0
    place = event.nativeScanCode() - leftmost + 1
    return place if 1 <= place <= 9 else 0
