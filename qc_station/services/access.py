"""Who is at work: log-in by PIN or badge, delays and lock-out, the idle lock. No widgets.

Inspection does not depend on anybody being logged in: the lock takes rights away, nothing else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from db.records import UserRecord
from db.repositories.audit import AuditRepository
from db.repositories.users import LogInAttemptRepository, UserRepository
from db.store import Session as Transaction
from db.store import Store
from qc_station.domain.access import Action, Role, Session, may
from qc_station.services import attempts
from qc_station.services.credentials import Credentials
from qc_station.services.permits import AccessError, Permits
from qc_station.services.tasks import TaskPool

_log = logging.getLogger(__name__)
_UNKNOWN = "unknown"
_BADGE_READER = "badge reader"


class AccessService(Permits):
    """One session at a time. Methods belong to the GUI thread; ``require`` to any.

    A station without users is open: everything is allowed, and the windows offer to create the
    first administrator.
    """

    logged_in = Signal(object)  # Session
    logged_out = Signal(str, bool)  # name, whether the idle lock did it
    log_in_failed = Signal(str, str, int)  # code, sentence, seconds until the next try
    idle_minutes_changed = Signal(int)

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        tasks: TaskPool,
        *,
        idle_minutes: int = 10,
        list_names: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        """``idle_minutes`` 0: no idle lock. ``clock`` gives aware UTC. StoreError."""
        super().__init__(parent)
        self._store = store
        self._credentials = credentials
        self._tasks = tasks
        self._idle_minutes = idle_minutes
        self._list_names = list_names
        self._clock = clock
        self._monotonic = monotonic
        self._session: Session | None = None
        self._checking = False
        self._last_input_s = monotonic()
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.check_idle)
        self._open = self._no_users()

    # -- what the windows and the services ask -----------------------------------------------------

    @property
    def open(self) -> bool:
        """Whether there is no user yet, so that everything is allowed."""
        return self._open

    @property
    def session(self) -> Session | None:
        """Who is logged in."""
        return self._session

    @property
    def checking(self) -> bool:
        """Whether a PIN or badge is being checked."""
        return self._checking

    @property
    def idle_minutes(self) -> int:
        """Minutes without input until the idle lock; 0: never."""
        return self._idle_minutes

    def who(self, otherwise: str) -> str:
        """The name to write down with what is done now."""
        session = self._session
        return session.name if session is not None else otherwise

    def names(self) -> list[str]:
        """Names to choose from at the log-in; none where the settings keep them private."""
        if not self._list_names:
            return []
        users = self._store.read(lambda session: UserRepository(session).all())
        return sorted((user.name for user in users if user.active), key=str.casefold)

    def allows(self, action: Action) -> bool:
        """Whether the action is allowed now."""
        session = self._session
        return self._open or may(session.role if session is not None else None, action)

    def require(self, action: Action) -> None:
        """Raises AccessError log_in_needed or not_permitted unless the action is allowed now."""
        if self.allows(action):
            return
        if self._session is None:
            raise AccessError("log_in_needed", "Log in first.", action=action.value)
        raise AccessError("not_permitted", "Your role does not include this.", action=action.value)

    # -- logging in and out ------------------------------------------------------------------------

    def log_in(self, name: str, pin: str) -> None:
        """Checks name and PIN in the background; ``logged_in`` or ``log_in_failed`` follows."""
        self._check(lambda: self._by_pin(name.strip(), pin))

    def log_in_badge(self, code: str) -> None:
        """Checks a scanned badge in the background; ``logged_in`` or ``log_in_failed`` follows."""
        self._check(lambda: self._by_badge(code))

    def is_badge(self, code: str) -> bool:
        """Whether a code that was scanned elsewhere is a user's badge. StoreError."""
        try:
            badge = self._credentials.badge_hash(code)
        except AccessError:
            return False
        return self._store.read(lambda work: UserRepository(work).by_badge(badge)) is not None

    def log_out(self) -> None:
        """Ends the session; inspection goes on."""
        self._end("log_out", idle=False)

    def enter(self, name: str, role: Role) -> None:
        """Begins the session of somebody who has just been checked or created."""
        if self._session is not None:
            self._end("log_out", idle=False)
        self._session = Session(name, role, self._clock())
        self._open = False
        self.touch()
        self._start_idle()
        self.changed.emit()
        self.logged_in.emit(self._session)

    def reload(self) -> None:
        """Reads again whether there are users, and what the one at work may do."""
        self._open = self._no_users()
        session = self._session
        if session is not None:
            user = self._store.read(lambda work: UserRepository(work).get(session.name))
            if user is None or not user.active:
                self._end("log_out", idle=False)
                return
            self._session = Session(session.name, Role(user.role), session.since)
        self.changed.emit()

    # -- the idle lock -----------------------------------------------------------------------------

    def touch(self) -> None:
        """Somebody pressed a key or the screen."""
        self._last_input_s = self._monotonic()

    @Slot()
    def check_idle(self) -> None:
        """Locks when nobody has touched anything for long enough; looks again later otherwise."""
        if self._session is None or not self._idle_minutes:
            return
        if self._monotonic() - self._last_input_s >= self._idle_minutes * 60:
            self._end("idle_lock", idle=True)
        else:
            self._start_idle()

    def set_idle_minutes(self, minutes: int) -> None:
        """Another time until the idle lock. Raises AccessError."""
        self.require(Action.CHANGE_SETTINGS)
        if minutes == self._idle_minutes:
            return
        self._idle_minutes = minutes
        self._note(self.who("station"), "settings.changed", "idle_lock", {"minutes": minutes})
        self._start_idle()
        self.idle_minutes_changed.emit(minutes)

    def close(self) -> None:
        """The station ends: nobody is left to be logged out."""
        self._idle.stop()

    # -- inside ------------------------------------------------------------------------------------

    def _no_users(self) -> bool:
        return self._store.read(lambda session: UserRepository(session).count()) == 0

    def _check(self, work: Callable[[], UserRecord]) -> None:
        if not self._checking:
            self._checking = True
            self._tasks.run(work, self._on_checked, self._on_refused, self)

    def _on_checked(self, user: UserRecord) -> None:
        self._checking = False
        self.enter(user.name, Role(user.role))

    def _on_refused(self, error: Exception) -> None:
        self._checking = False
        code = str(getattr(error, "code", "store_fault"))
        seconds = getattr(error, "params", {}).get("seconds", 0)
        if not isinstance(error, AccessError):
            _log.error("The log-in could not be checked: %s", error)
        self.log_in_failed.emit(code, str(error), int(seconds))

    def _by_pin(self, name: str, pin: str) -> UserRecord:
        """In a worker thread: the user, or AccessError. As slow for a name that nobody has."""
        subject = self.subject_of(name)
        failures = self._begin(subject)
        users = self._store.read(lambda session: UserRepository(session).all())
        user = next((user for user in users if same_name(user.name, name)), None)
        kept = user.password_hash if user is not None and user.active else None
        if not self._credentials.verify(kept, pin) or user is None:
            raise self._failed(failures, "pin", user.name if user is not None else _UNKNOWN)
        return self._succeeded(user, subject, "pin")

    def _by_badge(self, code: str) -> UserRecord:
        try:
            badge = self._credentials.badge_hash(code)
        except AccessError:  # a bad scan, not a guess: it must not lock the reader for all
            raise AccessError("badge_wrong", "This badge is not accepted.", seconds=0) from None
        subject = self._credentials.keyed("reader", _BADGE_READER)
        failures = self._begin(subject)
        user = self._store.read(lambda session: UserRepository(session).by_badge(badge))
        if user is None or not user.active:
            raise self._failed(failures, "badge", user.name if user is not None else _UNKNOWN)
        return self._succeeded(user, subject, "badge")

    def subject_of(self, name: str) -> str:
        """What the failures of a name are counted under; whoever typed a PIN there wrote none."""
        return self._credentials.keyed("name", name.strip().casefold())

    def _begin(self, subject: str) -> int:
        now = self._clock()
        wait, failures = self._store.write(lambda work: attempts.begin(work, subject, now))
        if wait:
            raise AccessError(
                "log_in_blocked",
                "Too many failed log-ins. Wait before the next try.",
                seconds=wait,
            )
        return failures

    def _failed(self, failures: int, by: str, name: str) -> AccessError:
        """Writes the failure down; the answer is the same whether the name exists or not."""
        at = self._clock()
        locked = attempts.locked_out(failures)
        facts = {"by": by, "failures": failures, "wait_s": attempts.delay_s(failures)}
        action = "log_in.locked_out" if locked else "log_in.failed"
        self._store.write(
            lambda work: AuditRepository(work).append(at, _UNKNOWN, action, name, facts)
        )
        wait_s = attempts.delay_s(failures)
        if by == "badge":
            return AccessError("badge_wrong", "This badge is not accepted.", seconds=wait_s)
        return AccessError("log_in_wrong", "Name and PIN are not accepted.", seconds=wait_s)

    def _succeeded(self, user: UserRecord, subject: str, by: str) -> UserRecord:
        at = self._clock()

        def work(transaction: Transaction) -> None:
            LogInAttemptRepository(transaction).clear(subject)
            AuditRepository(transaction).append(at, user.name, "log_in", user.name, {"by": by})

        self._store.write(work)
        return user

    def _end(self, action: str, *, idle: bool) -> None:
        session, self._session = self._session, None
        self._idle.stop()
        if session is None:
            return
        self._note(session.name, action, session.name, {})
        self.changed.emit()
        self.logged_out.emit(session.name, idle)

    def _start_idle(self) -> None:
        self._idle.stop()
        if self._session is not None and self._idle_minutes:
            passed_s = self._monotonic() - self._last_input_s
            self._idle.start(max(1, round((self._idle_minutes * 60 - passed_s) * 1000)))

    def _note(self, actor: str, action: str, subject: str, facts: dict[str, object]) -> None:
        """An audit event that nobody waits for: a slow disk must not hold a log-out up."""
        at = self._clock()

        def told(future: object) -> None:
            error = future.exception()  # type: ignore[attr-defined]
            if error is not None:
                _log.error("%s of %s could not be written down: %s", action, subject, error)

        self._store.submit(
            lambda work: AuditRepository(work).append(at, actor, action, subject, facts)
        ).add_done_callback(told)


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are the same user: case and outer spaces do not count."""
    return one.strip().casefold() == other.strip().casefold()
