"""People who may act, and failed log-ins. Knows no PINs and no badges, only their hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from db.errors import StoreError
from db.models import LogInAttemptRow, UserRow
from db.records import LogInAttemptRecord, UserRecord

_COLUMNS = UserRecord.__slots__
_ATTEMPT_COLUMNS = LogInAttemptRecord.__slots__
_CHANGEABLE = frozenset({"role", "password_hash", "badge_hash", "active"})


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

    def by_badge(self, badge_hash: str) -> UserRecord | None:
        """The user with this badge."""
        row = self._session.scalar(select(UserRow).where(UserRow.badge_hash == badge_hash))
        return _record(row) if row else None

    def all(self) -> list[UserRecord]:
        """Everybody, by name."""
        return [
            _record(row) for row in self._session.scalars(select(UserRow).order_by(UserRow.name))
        ]

    def count(self) -> int:
        """How many users there are, active or not."""
        return self._session.scalar(select(func.count()).select_from(UserRow)) or 0

    def change(self, name: str, **values: object) -> UserRecord:
        """Change role, password_hash, badge_hash or active. StoreError user_missing."""
        unknown = set(values) - _CHANGEABLE
        if unknown:
            raise ValueError(f"not to be changed: {sorted(unknown)}")
        row = self._session.scalar(select(UserRow).where(UserRow.name == name))
        if row is None:
            raise StoreError("user_missing", f"There is no user {name}.", name=name)
        for column, value in values.items():
            setattr(row, column, value)
        self._session.flush()
        return _record(row)

    def set_active(self, name: str, active: bool) -> None:
        """Let somebody in or keep them out; nobody is deleted. StoreError user_missing."""
        self.change(name, active=active)


class LogInAttemptRepository:
    """Failed log-ins in a row, by subject. Works in the caller's session and transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, subject: str) -> LogInAttemptRecord | None:
        """What is known of one subject."""
        row = self._session.get(LogInAttemptRow, subject)
        if row is None:
            return None
        return LogInAttemptRecord(**{name: getattr(row, name) for name in _ATTEMPT_COLUMNS})

    def put(self, record: LogInAttemptRecord) -> None:
        """Keep this of a subject, in the place of what was known."""
        values = {name: getattr(record, name) for name in _ATTEMPT_COLUMNS}
        self._session.merge(LogInAttemptRow(**values))
        self._session.flush()

    def clear(self, subject: str) -> None:
        """Forget a subject."""
        self._session.execute(delete(LogInAttemptRow).where(LogInAttemptRow.subject == subject))

    def forget_before(self, moment: datetime) -> None:
        """Forget what failed last before then."""
        self._session.execute(delete(LogInAttemptRow).where(LogInAttemptRow.last_at < moment))


def _record(row: UserRow) -> UserRecord:
    return UserRecord(**{name: getattr(row, name) for name in _COLUMNS})
