"""Tells a scanner from fingers and a press from a bouncing contact, by time alone. Knows no Qt."""

from __future__ import annotations

BOUNCE_MS = 50
"""A contact that closes again so soon after it closed or opened was pressed once."""

GAP_MS = 60
"""Between two characters of a scanner that types; fingers need longer for a whole code."""

TORN_MS = 500
"""A code that goes on after a longer gap than GAP_MS, but this soon, was torn in two."""

CODE_MIN = 3
CODE_MAX = 200


class Debounce:
    """One contact. Times are milliseconds on any clock that does not go back."""

    def __init__(self) -> None:
        self._last_ms: float | None = None

    def pressed(self, at_ms: float) -> bool:
        """Whether the contact was pressed, and did not only bounce."""
        last, self._last_ms = self._last_ms, at_ms
        return last is None or not 0 <= at_ms - last < BOUNCE_MS

    def released(self, at_ms: float) -> None:
        """The contact opened: it may bounce once more."""
        self._last_ms = at_ms


class Wedge:
    """Characters that a barcode scanner types like a keyboard, ended by Enter."""

    def __init__(self) -> None:
        self._code = ""
        self._last_ms = 0.0
        self._torn = False

    def follows(self, at_ms: float) -> bool:
        """Whether a key at this moment belongs to the code that is being typed."""
        return bool(self._code) and 0 <= at_ms - self._last_ms <= GAP_MS

    def add(self, text: str, at_ms: float) -> bool:
        """One more character; True when it belongs to those before it."""
        follows = self.follows(at_ms)
        if not follows:
            soon = 0 <= at_ms - self._last_ms <= TORN_MS
            self._torn = len(self._code) >= CODE_MIN and soon
            self._code = ""
        self._code += text
        self._last_ms = at_ms
        return follows

    def end(self, at_ms: float) -> str | None:
        """Enter: the code; "" for one that did not arrive whole; None when fingers typed."""
        scanned = self.follows(at_ms) and len(self._code) >= CODE_MIN
        code, self._code = self._code, ""
        torn, self._torn = self._torn, False
        if not scanned:
            return None
        return "" if torn or len(code) > CODE_MAX else code
