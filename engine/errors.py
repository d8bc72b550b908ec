"""The engine's one exception family. Knows nothing of who reports the error."""

from __future__ import annotations

import errno

DISK_FULL = frozenset(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name)
)


class EngineError(Exception):
    """An error that a user can act on.

    ``code`` is snake_case and stable (the window translates by it), ``message`` an English
    sentence that says what is wrong and what to do, ``params`` the values named in the sentence.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


def file_error(error: OSError) -> EngineError:
    """What the system says of a file or folder, as disk_full or not_writable."""
    path = error.filename2 or error.filename
    reason = error.strerror or str(error)
    if error.errno in DISK_FULL:
        where = f" ({path})" if path else ""
        sentence = f"The disk is full{where}: {reason}. Make room, then start again."
        return EngineError("disk_full", sentence, path=str(path or ""))
    return EngineError(
        "not_writable",
        f"{path or 'A file'} cannot be used ({reason}); check that its folder can be written to, "
        "or choose another.",
        path=str(path or ""),
    )
