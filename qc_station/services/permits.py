"""Asks before every guarded action whether it is allowed. Knows no users and no log-in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from qc_station.domain.access import Action

Require = Callable[[Action], None]
"""Raises AccessError when the action is not allowed now. May be called from any thread."""


class AccessError(Exception):
    """Not allowed, or not possible for a user; ``str(error)`` says what to do."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        """``code`` is stable snake_case for translation."""
        super().__init__(message)
        self.code = code
        self.params: dict[str, object] = dict(params)


def allow_everything(_action: Action) -> None:
    """The guard of a station without users."""


class Permits(QObject):
    """What the windows ask. This one allows everything: a station without users."""

    changed = Signal()  # somebody logged in or out, or the rights changed

    def allows(self, action: Action) -> bool:
        """Whether the action is allowed now."""
        return True

    def require(self, action: Action) -> None:
        """Raises AccessError unless the action is allowed now."""
