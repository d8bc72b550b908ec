"""People who may act. Knows no passwords, only their hashes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.errors import StoreError
from db.models import UserRow
from db.records import UserRecord

_COLUMNS = UserRecord.__slots__


class UserRepository:
    """Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, record: UserRecord) -> None:
        """Add somebody; StoreError user_exists when the name is taken."""
        if self.get(record.name) is not None:
            raise StoreError("user_exists", f"{record.name} is already a user.", name=record.name)
        self._session.add(UserRow(**{name: getattr(record, name) for name in _COLUMNS}))
        self._session.flush()

    def get(self, name: str) -> UserRecord | None:
        """One user by name."""
        row = self._session.scalar(select(UserRow).where(UserRow.name == name))
        return _record(row) if row else None

    def all(self) -> list[UserRecord]:
        """Everybody, by name."""
        return [
            _record(row) for row in self._session.scalars(select(UserRow).order_by(UserRow.name))
        ]

    def set_active(self, name: str, active: bool) -> None:
        """Let somebody in or keep them out; nobody is deleted. StoreError user_missing."""
        row = self._session.scalar(select(UserRow).where(UserRow.name == name))
        if row is None:
            raise StoreError("user_missing", f"There is no user {name}.", name=name)
        row.active = active
        self._session.flush()


def _record(row: UserRow) -> UserRecord:
    return UserRecord(**{name: getattr(row, name) for name in _COLUMNS})
