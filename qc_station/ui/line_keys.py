"""Keys that come from the line: foot switch and barcode scanner. Knows no service and no page.

A filter on a page and on whatever can have the keyboard in it sees each key first. Times are those
of the events: when the window is late, keys still are as far apart as they were pressed.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from qc_station.domain.keys import Debounce, Wedge

ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
END_TEXTS = ("\r", "\n", "\t")  # of a key that has no name here, such as a line feed


def is_contact(key: int) -> bool:
    """Whether a contact on the floor or under a glove may send this key."""
    return key == Qt.Key.Key_Space or Qt.Key.Key_F13 <= key <= Qt.Key.Key_F24


class LineKeys(QObject):
    """Swallows bounces of Space and F13 to F24, and the scanner's keys while it is listened to."""

    scanned = Signal(str)  # a code; "" for one that did not arrive whole

    def __init__(
        self, parent: QObject, clock_ms: Callable[[], float] = lambda: time.monotonic() * 1000
    ) -> None:
        super().__init__(parent)
        self.scanner = False  # whether a scanner is listened to
        self._clock_ms = clock_ms
        self._contacts: defaultdict[int, Debounce] = defaultdict(Debounce)
        self._wedge = Wedge()
        self._bounced = False
        self._seen: tuple[QEvent.Type, int, QObject] | None = None  # kind, key, who had it last

    def watch(self, page: QWidget) -> None:
        """Sees every key of the page first; text fields keep theirs."""
        for widget in (page, *page.findChildren(QWidget)):
            takes_keys = widget is page or widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            if takes_keys and not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
                widget.installEventFilter(self)

    def pressed(self, event: QKeyEvent) -> bool:
        """Whether a contact was pressed: neither held down nor bouncing. Ask once for an event."""
        return not event.isAutoRepeat() and self._contacts[event.key()].pressed(self._at(event))

    def released(self, event: QKeyEvent) -> None:
        """A contact opened."""
        if not event.isAutoRepeat() and is_contact(event.key()):
            self._contacts[event.key()].released(self._at(event))

    def types(self, event: QKeyEvent) -> bool:
        """Whether a scanner may have typed this key: it says nothing of who is at the station."""
        text = _printable(event)
        if event.key() == Qt.Key.Key_Space or _ends(event):
            return self.scanner and self._wedge.follows(self._at(event))
        return self.scanner and bool(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """An override that is accepted keeps the key from being a shortcut."""
        if isinstance(event, QKeyEvent):
            kind = event.type()
            if kind == QEvent.Type.KeyRelease:
                self._seen = None
                self.released(event)
            elif self._is_new(watched, event):
                override = kind == QEvent.Type.ShortcutOverride
                if self._override(event) if override else self._press(event):
                    event.accept()
                    return True
        return bool(super().eventFilter(watched, event))

    def _is_new(self, watched: QObject, event: QKeyEvent) -> bool:
        """A key that nobody wanted comes once more for each parent: it counts once."""
        last, self._seen = self._seen, (event.type(), event.key(), watched)
        if last is None or last[:2] != self._seen[:2] or last[2] is watched:
            return True
        above, below = watched, last[2]
        if not isinstance(above, QWidget) or not isinstance(below, QWidget):
            return True
        return not above.isAncestorOf(below)

    def _override(self, event: QKeyEvent) -> bool:
        """Before a key may be a shortcut: bounces and the scanner's keys may not."""
        self._bounced = False
        in_code = self.scanner and self._wedge.follows(self._at(event))
        if in_code and (_printable(event) or _ends(event)):
            return True
        if is_contact(event.key()) and not event.isAutoRepeat():
            self._bounced = not self.pressed(event)
        return self._bounced

    def _press(self, event: QKeyEvent) -> bool:
        bounced, self._bounced = self._bounced, False
        if bounced or not self.scanner:
            return bounced
        if _ends(event):
            code = self._wedge.end(self._at(event))
            if code is not None:
                self.scanned.emit(code)
            return code is not None
        text = _printable(event)
        return bool(text) and self._wedge.add(text, self._at(event))

    def _at(self, event: QKeyEvent) -> float:
        return float(event.timestamp()) or self._clock_ms()


def _ends(event: QKeyEvent) -> bool:
    return event.key() in ENDS or event.text() in END_TEXTS


def _printable(event: QKeyEvent) -> str:
    held = event.modifiers() & (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    text = event.text()
    return text if text.isprintable() and not held else ""
