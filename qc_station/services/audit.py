"""Who did what: an append-only, hash-chained list of events. No widgets."""

from __future__ import annotations

from collections.abc import Mapping

from db.store import Store


class AuditLog:
    """Events are never changed; ``verify`` finds one that was."""

    def __init__(self, store: Store) -> None:
        """``store`` is the open database."""
        self._store = store

    def append(
        self, actor: str, action: str, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Append one event; returns after the commit."""
        raise NotImplementedError

    def verify(self) -> None:
        """Check the chains of events and reviews; StoreError chain_broken names the first."""
        raise NotImplementedError
