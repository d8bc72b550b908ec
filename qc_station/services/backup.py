"""Backs the station up while it inspects, daily and when asked, and prepares restores. No widgets.

The list of files, the copying and the checking are in backup_archive; restoring is in restore.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from db.errors import StoreError
from db.store import Store
from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind
from qc_station.domain.backup import (
    BackupFacts,
    BackupPart,
    BackupPlan,
    BackupWarning,
    PartSize,
    is_due,
    warning,
)
from qc_station.services import restore
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.backup_archive import (
    Origin,
    check_backup,
    list_backups,
    thin_out,
    write_backup,
)
from qc_station.services.backup_files import sizes
from qc_station.services.backup_state import BackupState, read_state, write_state
from qc_station.services.permits import Require, allow_everything
from qc_station.services.progress import Cancelled
from qc_station.services.restore import Restored

LOOK_EVERY_MS = 60_000
_log = logging.getLogger(__name__)


class BackupService(QObject):
    """One backup, check or restore at a time. GUI thread.

    Asked for by a person, everything needs Action.BACK_UP; the daily backup needs nobody.
    """

    changed = Signal()  # the plan, the warning, what is requested, or a backup is there
    backed_up = Signal(object)  # BackupFacts
    checked = Signal(object)  # BackupFacts: whole
    prepared = Signal(object)  # Path of the backup that the next start restores
    restored = Signal(object)  # Path of the new home
    failed = Signal(str, str, str)  # code, sentence, file

    def __init__(
        self,
        store: Store,
        origin: Origin,
        activities: Activities,
        audit: AuditLog,
        plan: BackupPlan,
        save_plan: Callable[[BackupPlan], object],
        parent: QObject | None = None,
        require: Require = allow_everything,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._store, self._origin, self._activities = store, origin, activities
        self._audit, self._plan, self._save_plan = audit, plan, save_plan
        self._require, self._clock = require, clock
        self._state = read_state(self._origin.home, clock())
        self.outcome: Restored | StoreError | None = None  # of a restore at this start
        self._skipped: datetime | None = None  # when somebody cancelled a daily backup
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    # -- what is there -----------------------------------------------------------------------------

    @property
    def possible(self) -> bool:
        """False on PostgreSQL, which its server backs up."""
        return self._store.database.path is not None

    @property
    def plan(self) -> BackupPlan:
        """When and where the daily backup goes."""
        return self._plan

    @property
    def folder(self) -> Path:
        """Where backups go unless somebody chooses another place."""
        return Path(self._plan.folder) if self._plan.folder else self._origin.home / "backups"

    @property
    def same_disk(self) -> bool:
        """Whether backups go to the disk that they are to outlive."""
        place = self.folder
        while not place.exists() and place != place.parent:
            place = place.parent
        try:
            return place.stat().st_dev == self._origin.home.stat().st_dev
        except OSError:
            return False

    @property
    def requested(self) -> Path | None:
        """The backup that the next start restores."""
        return restore.requested(self._origin.home)

    @property
    def last(self) -> datetime | None:
        """When the newest good backup was made."""
        return self._state.good

    @property
    def warning(self) -> BackupWarning:
        """Why somebody should look after the backups."""
        if not self.possible:
            return BackupWarning.NONE
        state = self._state
        return warning(self._plan, self._clock(), state.good or state.since, state.failed)

    @property
    def failure(self) -> str:
        """The code with which the last daily backup failed; empty when it did not."""
        return self._state.code

    @property
    def busy(self) -> bool:
        """Whether a backup, a check or a restore goes on."""
        return self._activities.running(
            ActivityKind.BACKUP, ActivityKind.BACKUP_CHECK, ActivityKind.RESTORE
        )

    def backups(self) -> list[BackupFacts]:
        """The backups in ``folder``, newest first. Any thread."""
        return list_backups(self.folder)

    def sizes(self) -> tuple[PartSize, ...]:
        """How large each part is. Any thread; slow with many pictures."""
        return sizes(self._origin.home)

    # -- what a person asks for --------------------------------------------------------------------

    def set_plan(self, plan: BackupPlan, actor: str) -> None:
        """Another plan, remembered. AccessError."""
        self._require(Action.BACK_UP)
        if plan == self._plan:
            return
        self._plan = plan
        self._save_plan(plan)
        self._audit.append(actor, "settings.changed", "backup", asdict(plan))
        self.changed.emit()

    def back_up(self, parts: frozenset[BackupPart], actor: str, folder: Path | None = None) -> None:
        """Writes and checks a backup now; ``backed_up`` or ``failed`` follows. AccessError."""
        self._require(Action.BACK_UP)
        if not self._refuse_if_busy():
            self._write(parts, actor, folder or self.folder, daily=False)

    def check(self, backup: Path, actor: str) -> None:
        """Reads a backup whole; ``checked`` or ``failed`` follows. AccessError."""
        self._require(Action.BACK_UP)
        if self._refuse_if_busy():
            return
        self._activities.run(
            ActivityKind.BACKUP_CHECK, lambda report: check_backup(backup, report),
            self.checked.emit, self._on_failed, subject=backup.name, actor=actor,
            needs=Action.BACK_UP,
        )  # fmt: skip

    def restore_at_start(self, backup: Path, actor: str) -> None:
        """Checks a backup, then asks the next start to restore it; ``prepared`` or ``failed``."""
        self._require(Action.BACK_UP)
        if self._refuse_if_busy():
            return

        def checked(facts: BackupFacts) -> None:
            restore.request_restore(self._origin.home, facts.path)
            self._audit.append(actor, "backup.restore_requested", facts.path.name)
            self.prepared.emit(facts.path)
            self.changed.emit()

        self._activities.run(
            ActivityKind.BACKUP_CHECK, lambda report: check_backup(backup, report), checked,
            self._on_failed, subject=backup.name, actor=actor, needs=Action.BACK_UP,
        )  # fmt: skip

    def withdraw_restore(self, actor: str) -> None:
        """The next start goes on with today's data. AccessError."""
        self._require(Action.BACK_UP)
        backup = self.requested
        if backup is not None:
            restore.withdraw_request(self._origin.home)
            self._audit.append(actor, "backup.restore_withdrawn", backup.name)
            self.changed.emit()

    def restore_into(self, backup: Path, folder: Path, actor: str) -> None:
        """Makes an empty folder another station's home; ``restored`` or ``failed`` follows."""
        self._require(Action.BACK_UP)
        if self._refuse_if_busy():
            return

        def done(_result: Restored) -> None:
            self._audit.append(actor, "backup.restored_elsewhere", backup.name)
            self.restored.emit(folder)

        self._activities.run(
            ActivityKind.RESTORE, lambda report: restore.restore_into(backup, folder, report),
            done, self._on_failed, subject=backup.name, actor=actor, needs=Action.BACK_UP,
        )  # fmt: skip

    def tell_restore(self, outcome: Restored | StoreError | None) -> None:
        """What the start made of a restore that was asked for: into the audit trail, and kept
        for the window."""
        self.outcome = outcome
        if isinstance(outcome, Restored):
            aside = outcome.replaced.name if outcome.replaced is not None else None
            self._audit.append(
                "station", "backup.restored", outcome.backup.name, {"replaced": aside}
            )
        elif outcome is not None:
            self._audit.append("station", "backup.restore_refused", "", {"code": outcome.code})

    # -- the daily backup --------------------------------------------------------------------------

    def start(self) -> None:
        """Looks every minute whether the daily backup is due."""
        self._timer.start()

    def stop(self) -> None:
        """Makes no daily backup any more; one under way is cancelled with the activities."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Begins the daily backup if it is due; a failed one is tried again the next day."""
        if not self.possible or self.busy:
            return
        state = self._state = read_state(self._origin.home, self._clock())  # a script may be, too
        moments = (state.since, state.good, state.failed, self._skipped)
        tried = max(moment for moment in moments if moment is not None)
        if is_due(self._plan, self._clock().astimezone(), tried.astimezone()):
            self._write(self._plan.parts, "station", self.folder, daily=True)

    def _write(
        self, parts: frozenset[BackupPart], actor: str, folder: Path, *, daily: bool
    ) -> None:
        database, origin, keep = self._store.database, self._origin, self._plan.keep

        def work(report: Any) -> BackupFacts:
            facts = write_backup(
                database, origin, folder, parts, report, now=self._clock(), daily=daily
            )
            if daily:
                thin_out(folder, origin.station, keep)
            return facts

        def failed(error: Exception) -> None:
            if daily and isinstance(error, Cancelled):
                self._skipped = self._clock()
            elif daily:
                code = str(getattr(error, "code", "")) or "store_fault"
                self._remember(replace(self._state, failed=self._clock(), code=code))
                _log.error("The daily backup failed: %s", error)
            self._on_failed(error)

        self._activities.run(
            ActivityKind.BACKUP, work, lambda facts: self._on_backed_up(facts, actor), failed,
            subject=str(folder), actor=actor, needs=Action.BACK_UP,
        )  # fmt: skip

    def _on_backed_up(self, facts: BackupFacts, actor: str) -> None:
        self._remember(replace(self._state, good=self._clock(), code=""))
        try:
            self._audit.append(
                actor, "backup.made", facts.path.name, {"parts": sorted(facts.parts)}
            )
        except StoreError as error:
            _log.error("The backup could not be written into the audit trail: %s", error)
        self.backed_up.emit(facts)
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        params = getattr(error, "params", {})
        code = "cancelled_work" if isinstance(error, Cancelled) else getattr(error, "code", "")
        file = str(params.get("file") or params.get("path") or "")
        self.failed.emit(str(code), str(error), file)
        self.changed.emit()

    def _refuse_if_busy(self) -> bool:
        if not self.possible:
            self.failed.emit(
                "backup_not_here", "PostgreSQL is backed up with pg_dump, not from here.", ""
            )
            return True
        if self.busy:
            self.failed.emit(
                "backup_busy", "Another backup or check is going on. Wait for it, or cancel it.", ""
            )
            return True
        return False

    def _remember(self, state: BackupState) -> None:
        self._state = state
        write_state(self._origin.home, state)
