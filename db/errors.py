"""What can go wrong with the store, in words a user can act on. Knows no Qt."""

from __future__ import annotations


class StoreError(Exception):
    """``code`` is stable snake_case for translation; ``str(error)`` says what to do."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        """``params`` are the values the translated sentence needs."""
        super().__init__(message)
        self.code = code
        self.params: dict[str, object] = dict(params)
