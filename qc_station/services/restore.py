"""Puts a backup into a home that no station runs on. No Qt.

A restore is asked for in ``restore.json`` and done at the next start. All files are first copied
beside the old ones and checked; then they change places by renaming, and what was there before is
kept in ``replaced-…``. Whatever a power cut interrupts is gone on with at the start after it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db.errors import StoreError, as_store_error
from qc_station.services.backup_archive import Meter, check_backup, entries_of
from qc_station.services.backup_files import DATABASE, copy_hashed, sync_folder
from qc_station.services.progress import Report, report_nothing

REQUEST = "restore.json"
_STAGING, _REPLACED = ".restore", "replaced-"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore that was done: what is there now, and where the files before it are."""

    backup: Path
    replaced: Path | None


@dataclass(frozen=True, slots=True)
class _Request:
    backup: Path
    replaced: str  # folder name for what was there before
    staged: bool = False


def request_restore(home: Path, backup: Path, now: datetime | None = None) -> None:
    """The next start on ``home`` begins with this backup. StoreError when it cannot be noted."""
    stamp = f"{now or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    _write(home, _Request(backup.absolute(), f"{_REPLACED}{stamp}"))


def withdraw_request(home: Path) -> None:
    """The next start goes on as before; too late when the files already change places."""
    request = _read(home)
    if request is not None and not request.staged:
        (home / REQUEST).unlink(missing_ok=True)


def requested(home: Path) -> Path | None:
    """The backup that the next start restores."""
    request = _read(home)
    return request.backup if request is not None else None


def restore_requested(home: Path, report: Report = report_nothing) -> Restored | None:
    """At a start, before anything opens the home: does what was asked for; None without.

    Raises StoreError and leaves the home as it was when the backup is damaged or gone, or there
    is no room; the request is dropped then. No station may run on ``home``.
    """
    request = _read(home)
    if request is None:
        return None
    staging = home / _STAGING
    if not request.staged:
        try:
            _stage(request.backup, staging, report)
        except OSError as error:
            _drop(home)
            raise as_store_error(error) from error
        except BaseException:
            _drop(home)
            raise
        request = _Request(request.backup, request.replaced, staged=True)
        _write(home, request)
    try:
        return _change_places(home, staging, request)
    except OSError as error:  # the request stays: the next start goes on
        raise as_store_error(error) from error


def restore_into(backup: Path, folder: Path, report: Report = report_nothing) -> Restored:
    """Makes ``folder``, which must be empty or missing, the home of another station.

    Raises StoreError restore_not_empty and as ``check_backup``; Cancelled.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(
            "restore_not_empty",
            f"{folder} is not empty. Choose an empty folder, so that nothing is overwritten.",
            path=str(folder),
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise as_store_error(error) from error
    request_restore(folder, backup)
    done = restore_requested(folder, report)
    assert done is not None
    return done


def _stage(backup: Path, staging: Path, report: Report) -> None:
    """A checked copy of the whole backup below ``staging``."""
    shutil.rmtree(staging, ignore_errors=True)
    facts = check_backup(backup, report)
    staging.mkdir(parents=True)
    free = shutil.disk_usage(staging).free
    if free < facts.size_bytes:
        raise StoreError(
            "backup_no_room",
            f"Restoring takes {facts.size_bytes / 1e6:.0f} MB, but {staging.parent} has "
            f"{free / 1e6:.0f} MB free.",
            path=str(staging.parent),
        )
    meter = Meter(report, "restore", facts.size_bytes)
    for name, (digest, _size) in entries_of(backup).items():
        if copy_hashed(backup / name, staging / name, meter)[0] != digest:
            raise StoreError(
                "backup_damaged", f"The backup is damaged at {name}. Use another one.", file=name
            )


def _change_places(home: Path, staging: Path, request: _Request) -> Restored:
    """Renames only; each step may be the last one before a power cut."""
    aside = home / request.replaced
    files = sorted(path for path in staging.rglob("*") if path.is_file())
    for source in files:
        name = source.relative_to(staging)
        if name.as_posix() == DATABASE:
            for journal in ("-wal", "-shm", "-journal"):  # belong to the old database only
                _set_aside(home, aside, Path(DATABASE + journal))
        _set_aside(home, aside, name)
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    sync_folder(home)
    (home / REQUEST).unlink()
    shutil.rmtree(staging, ignore_errors=True)
    kept = aside if aside.exists() else None
    _log.warning("restored %s; what was there before: %s", request.backup, kept or "nothing")
    return Restored(request.backup, kept)


def _set_aside(home: Path, aside: Path, name: Path) -> None:
    old = home / name
    if old.exists():
        kept = aside / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        old.replace(kept)


def _drop(home: Path) -> None:
    (home / REQUEST).unlink(missing_ok=True)
    shutil.rmtree(home / _STAGING, ignore_errors=True)


def _read(home: Path) -> _Request | None:
    try:
        data = json.loads((home / REQUEST).read_text(encoding="utf-8"))
        return _Request(Path(data["backup"]), str(data["replaced"]), bool(data["staged"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        _log.exception("%s cannot be read and is ignored", home / REQUEST)
        return None


def _write(home: Path, request: _Request) -> None:
    data = {
        "backup": str(request.backup), "replaced": request.replaced, "staged": request.staged,
    }  # fmt: skip
    temporary = home / (REQUEST + ".part")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(data, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(home / REQUEST)
        sync_folder(home)
    except OSError as error:
        raise as_store_error(error) from error
