"""The people of this station: adding, roles, PINs, badges. Nobody is deleted. No widgets.

The log names who answered and activated, so somebody who leaves is deactivated and stays listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from db.records import UserRecord
from db.repositories.audit import AuditRepository
from db.repositories.users import LogInAttemptRepository, UserRepository
from db.store import Session, Store
from qc_station.domain.access import Action, Role, User, may
from qc_station.services.access import AccessService, same_name
from qc_station.services.credentials import Credentials
from qc_station.services.permits import AccessError
from qc_station.services.tasks import TaskPool

LONGEST_NAME = 40
_OF_THE_STATION = ("station", "unknown")


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is to change; None stays. An empty ``badge`` takes the badge away."""

    role: Role | None = None
    pin: str | None = None
    badge: str | None = None
    active: bool | None = None


class UserService(QObject):
    """Every change runs in the background and ends as ``saved`` or ``failed``."""

    saved = Signal(str)  # name
    failed = Signal(str, str)  # code, sentence

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        access: AccessService,
        tasks: TaskPool,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._credentials = credentials
        self._access = access
        self._tasks = tasks
        self._clock = clock

    def users(self) -> list[User]:
        """Everybody, active ones first, by name. Raises AccessError."""
        self._access.require(Action.MANAGE_USERS)
        records = self._store.read(lambda session: UserRepository(session).all())
        found = [_user(record) for record in records]
        return sorted(found, key=lambda user: (not user.active, user.name.casefold()))

    def colleagues(self) -> list[str]:
        """Names of the active users who may answer reviews, by name; for whoever may, too."""
        if not self._access.allows(Action.ANSWER_REVIEWS):
            return []
        records = self._store.read(lambda session: UserRepository(session).all())
        names = [
            user.name
            for user in records
            if user.active and may(Role(user.role), Action.ANSWER_REVIEWS)
        ]
        return sorted(names, key=str.casefold)

    def create_first_administrator(self, name: str, pin: str) -> None:
        """Makes an open station one with log-in, and logs the new administrator in."""

        def work() -> str:
            return self._add(name, Role.ADMINISTRATOR, pin, "", actor=None)

        def done(created: str) -> None:
            self._access.enter(created, Role.ADMINISTRATOR)
            self.saved.emit(created)

        self._tasks.run(work, done, self._on_failed, self)

    def add(self, name: str, role: Role, pin: str = "", badge: str = "") -> None:
        """Adds somebody who logs in with a PIN, a badge or both. Raises AccessError."""
        self._access.require(Action.MANAGE_USERS)
        actor = self._access.who("station")
        self._run(lambda: self._add(name, role, pin, badge, actor))

    def change(self, name: str, change: UserChange) -> None:
        """Changes somebody. Raises AccessError; the last administrator stays one."""
        self._access.require(Action.MANAGE_USERS)
        actor = self._access.who("station")
        self._run(lambda: self._change(name, change, actor))

    # -- in a worker thread ------------------------------------------------------------------------

    def _add(self, name: str, role: Role, pin: str, badge: str, actor: str | None) -> str:
        """``actor`` None: the very first user, who must be the only one."""
        name = checked_name(name)
        if not pin and not badge:
            raise AccessError("pin_or_badge", "Give a PIN, a badge or both.")
        record = UserRecord(
            name,
            role.value,
            self._clock(),
            self._credentials.pin_hash(pin) if pin or actor is None else None,
            True,
            self._credentials.badge_hash(badge) if badge else None,
        )

        def work(session: Session) -> None:
            users = UserRepository(session)
            if actor is None and users.count():
                raise AccessError("users_exist", "This station has an administrator already.")
            if any(same_name(user.name, name) for user in users.all()):
                raise AccessError("user_exists", f"{name} is already a user.", name=name)
            _check_badge_free(users, record.badge_hash, name)
            users.add(record)
            self._audit(session, actor or name, "user.added", name, {"role": role.value})

        self._store.write(work)
        return name

    def _change(self, name: str, change: UserChange, actor: str) -> str:
        values: dict[str, object] = {}
        if change.role is not None:
            values["role"] = change.role.value
        if change.pin is not None:
            values["password_hash"] = self._credentials.pin_hash(change.pin)
        if change.badge is not None:
            values["badge_hash"] = (
                self._credentials.badge_hash(change.badge) if change.badge else None
            )
        if change.active is not None:
            values["active"] = change.active
        subject = self._access.subject_of(name)

        def work(session: Session) -> None:
            users = UserRepository(session)
            before = users.get(name)
            if before is None:
                raise AccessError("user_missing", f"There is no user {name}.", name=name)
            _check_badge_free(users, values.get("badge_hash"), name)
            after = users.change(name, **values)
            _check_administrator_left(users)
            if not (after.password_hash or after.badge_hash):
                raise AccessError("pin_or_badge", "Give a PIN, a badge or both.")
            if change.pin is not None:
                LogInAttemptRepository(session).clear(subject)
            for action, facts in _events(before, after, change):
                self._audit(session, actor, action, name, facts)

        self._store.write(work)
        return name

    def _audit(
        self, session: Session, actor: str, action: str, name: str, facts: Mapping[str, object]
    ) -> None:
        AuditRepository(session).append(self._clock(), actor, action, name, facts)

    # -- back in the GUI thread --------------------------------------------------------------------

    def _run(self, work: Callable[[], str]) -> None:
        self._tasks.run(work, self._on_done, self._on_failed, self)

    def _on_done(self, name: str) -> None:
        self._access.reload()
        self.saved.emit(name)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(str(getattr(error, "code", "store_fault")), str(error))


def checked_name(name: str) -> str:
    """The name without outer spaces; AccessError user_name where it cannot be one."""
    name = " ".join(name.split())
    usable = name.isprintable() and 0 < len(name) <= LONGEST_NAME
    if not usable or name.casefold() in _OF_THE_STATION:
        raise AccessError(
            "user_name",
            f"A user's name has 1 to {LONGEST_NAME} characters and is not “station”.",
        )
    return name


def _user(record: UserRecord) -> User:
    return User(
        record.name,
        Role(record.role),
        record.active,
        record.password_hash is not None,
        record.badge_hash is not None,
    )


def _check_badge_free(users: UserRepository, badge_hash: object, name: str) -> None:
    owner = users.by_badge(badge_hash) if isinstance(badge_hash, str) else None
    if owner is not None and owner.name != name:
        raise AccessError("badge_taken", "This badge already belongs to somebody.")


def _check_administrator_left(users: UserRepository) -> None:
    """A station that nobody can administer any more would be locked for good."""
    for user in users.all():
        if user.active and user.role == Role.ADMINISTRATOR and user.password_hash is not None:
            return
    raise AccessError(
        "last_administrator",
        "This is the last administrator with a PIN. Make somebody else one first.",
    )


def _events(
    before: UserRecord, after: UserRecord, change: UserChange
) -> list[tuple[str, dict[str, object]]]:
    """The audit events of a change; secrets and their hashes are in none of them."""
    events: list[tuple[str, dict[str, object]]] = []
    if before.role != after.role:
        events.append(("user.role_changed", {"before": before.role, "after": after.role}))
    if change.pin is not None:
        events.append(("user.pin_changed", {}))
    if change.badge is not None:
        events.append(("user.badge_changed" if change.badge else "user.badge_removed", {}))
    if before.active != after.active:
        events.append(("user.activated" if after.active else "user.deactivated", {}))
    return events
