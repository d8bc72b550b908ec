"""The engine's one exception family. Knows nothing of who reports the error."""

from __future__ import annotations


class EngineError(Exception):
    """An error that a user can act on.

    ``code`` is snake_case and stable (the window translates by it), ``message`` an English
    sentence that says what is wrong and what to do, ``params`` the values named in the sentence.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params
