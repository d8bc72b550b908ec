"""Backup and restore from a script, and the restore that a window asked for. No widgets."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from pathlib import Path

from db.engine import open_database
from db.errors import StoreError
from qc_station.assembly import DATABASE_VARIABLE
from qc_station.domain.backup import ALWAYS, DAILY, BackupPart
from qc_station.services import restore as restoring
from qc_station.services.backup_archive import Origin, read_facts, write_backup
from qc_station.services.backup_state import note_good
from qc_station.services.restore import Restored
from qc_station.settings.paths import StationPaths
from qc_station.settings.store import SettingsStore
from qc_station.version import program_version

SAY_EVERY_S = 2.0
_log = logging.getLogger(__name__)


class _Console:
    """Progress on stderr, a line every two seconds and for each stage."""

    def __init__(self) -> None:
        self._stage, self._said = "", 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage == self._stage and now - self._said < SAY_EVERY_S:
            return
        self._stage, self._said = stage, now
        share = f" {100 * done // total} %" if total else ""
        print(f"{stage}{share}", file=sys.stderr, flush=True)  # noqa: T201 - this is the console


def back_up(paths: StationPaths, folder: Path, *, with_pictures: bool) -> int:
    """``--backup``: one JSON line on stdout says what was written. StoreError."""
    if not paths.database.exists() and not os.environ.get(DATABASE_VARIABLE):
        raise StoreError("store_unavailable", f"There is no station in {paths.home}.")
    settings = SettingsStore(paths.settings_file).load().settings
    parts = frozenset(BackupPart) if with_pictures else ALWAYS | DAILY
    database = open_database(os.environ.get(DATABASE_VARIABLE) or paths.database)
    try:
        origin = Origin(paths.home, settings.station, program_version())
        facts = write_backup(database, origin, folder, parts, _Console())
    finally:
        database.close()
    note_good(paths.home)
    _answer(
        {
            "backup": str(facts.path),
            "files": facts.files,
            "bytes": facts.size_bytes,
            "inspections": facts.inspections,
            "parts": sorted(facts.parts),
        }
    )
    return 0


def restore(paths: StationPaths, backup: Path) -> int:
    """``--restore``: the home holds the backup's files afterwards. StoreError."""
    if os.environ.get(DATABASE_VARIABLE):
        raise StoreError(
            "backup_not_here", f"{DATABASE_VARIABLE} names a server: restore its database there."
        )
    facts = read_facts(backup)  # refuses what is no backup at all
    restoring.request_restore(paths.home, backup)
    done = restoring.restore_requested(paths.home, _Console())
    assert done is not None
    _answer(
        {
            "restored": str(done.backup),
            "inspections": facts.inspections,
            "replaced": str(done.replaced) if done.replaced is not None else None,
        }
    )
    return 0


def finish_restore(paths: StationPaths) -> Restored | StoreError | None:
    """At a start: the restore that was asked for in the window, or that a power cut interrupted.

    A backup that turns out to be damaged changes nothing: the error is returned and the start
    goes on with the old data. Raises StoreError when old and new files are half exchanged and
    the disk refuses the rest.
    """
    try:
        return restoring.restore_requested(paths.home)
    except StoreError as error:
        if restoring.requested(paths.home) is not None:
            raise
        _log.error("The restore was refused (%s): %s", error.code, error)
        return error


def _answer(facts: dict[str, object]) -> None:
    print(json.dumps(facts), flush=True)  # noqa: T201 - the answer to the script
