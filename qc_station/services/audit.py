"""Who did what: an append-only, hash-chained list of events. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from db.records import AuditRecord
from db.repositories.audit import AuditRepository
from db.repositories.masks import MaskRepository
from db.repositories.overrides import OverrideRepository
from db.repositories.repeats import RepeatRepository
from db.repositories.reviews import ReviewRepository
from db.store import Store


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How many rows of each chain were checked and found whole."""

    events: int
    reviews: int
    masks: int
    repeats: int
    overrides: int


class AuditLog:
    """Events are never changed; ``verify`` finds one that was. Safe to use from any thread."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """``store`` is the open database; ``clock`` gives aware UTC."""
        self._store = store
        self._clock = clock

    def append(
        self, actor: str, action: str, subject: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Append one event; returns after the commit. StoreError when it cannot be written.

        ``details`` holds what JSON can hold, and aware times.
        """
        at = self._clock()
        facts = dict(details or {})
        self._store.write(
            lambda session: AuditRepository(session).append(at, actor, action, subject, facts)
        )

    def newest(self, limit: int = 100, before: int | None = None) -> list[AuditRecord]:
        """The last events, or the last ones before event ``before``; newest first."""
        return self._store.read(lambda session: AuditRepository(session).newest(limit, before))

    def verify(self) -> ChainCheck:
        """Check every chain from its first row; StoreError chain_broken."""
        return self._store.read(
            lambda session: ChainCheck(
                AuditRepository(session).verify(),
                ReviewRepository(session).verify(),
                MaskRepository(session).verify(),
                RepeatRepository(session).verify(),
                OverrideRepository(session).verify(),
            )
        )
