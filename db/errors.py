"""What can go wrong with the store, in words a user can act on. Knows no Qt."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

_DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY_ERRNOS = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_SENTENCES = {
    "disk_full": "The disk is full: free some space, the station goes on by itself.",
    "store_read_only": "The store cannot be written to: check the rights of its folder.",
    "store_busy": "The database is locked by another program: close the other station.",
    "store_damaged": "The database file is damaged: restore the newest backup next to it.",
    "store_unavailable": "The database cannot be reached: check its server or its folder.",
    "store_conflict": "The database refused the change because it contradicts earlier rows.",
    "store_fault": "The store could not be written to: see the log for the cause.",
}
_SQLITE_CODES = {
    5: "store_busy",
    6: "store_busy",
    8: "store_read_only",
    11: "store_damaged",
    13: "disk_full",
    14: "store_unavailable",
    19: "store_conflict",
    26: "store_damaged",
}


class StoreError(Exception):
    """``code`` is stable snake_case for translation; ``str(error)`` says what to do."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        """``params`` are the values the translated sentence needs."""
        super().__init__(message)
        self.code = code
        self.params: dict[str, object] = dict(params)


def code_of(error: BaseException) -> str:
    """The StoreError code of what a driver or the operating system raised."""
    if isinstance(error, StoreError):
        return error.code
    if isinstance(error, OSError):
        if error.errno in _DISK_FULL_ERRNOS:
            return "disk_full"
        return "store_read_only" if error.errno in _READ_ONLY_ERRNOS else "store_fault"
    bare = getattr(error, "sqlite_errorcode", None)  # SQLite's own error, not SQLAlchemy's
    if isinstance(bare, int):
        return _SQLITE_CODES.get(bare & 0xFF, "store_fault")
    if isinstance(error, DBAPIError):
        cause = error.orig
        number = getattr(cause, "sqlite_errorcode", None)
        if isinstance(number, int):  # the low byte is the primary code, the rest its extension
            return _SQLITE_CODES.get(number & 0xFF, "store_fault")
        return _postgres_code(getattr(cause, "sqlstate", None), error.connection_invalidated)
    return "store_fault"


def as_store_error(error: BaseException) -> StoreError:
    """``error`` as a StoreError with a sentence; the caller chains the cause."""
    if isinstance(error, StoreError):
        return error
    code = code_of(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreError(code, _SENTENCES[code], cause=f"{type(cause).__name__}: {cause}")


def is_store_fault(error: BaseException) -> bool:
    """True for what the machine did wrong, False for a programming error."""
    return isinstance(error, (StoreError, OSError, SQLAlchemyError))


def _postgres_code(state: str | None, invalidated: bool) -> str:
    if state == "53100":
        return "disk_full"
    if state == "25006":
        return "store_read_only"
    if state is not None and state.startswith("23"):
        return "store_conflict"
    if state in {"XX001", "XX002"}:
        return "store_damaged"
    if state is None or invalidated or state[:2] in {"08", "57"}:
        return "store_unavailable"
    return "store_fault"
