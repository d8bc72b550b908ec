"""Writes, checks, lists and thins out backups: folders with a list of sha256. No Qt.

The secret of the badges (access.key) is never in one: who steals a backup cannot try badge codes
against it. After a restore elsewhere badges are scanned in again; PINs go on working.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from db.backup import copy_while_open
from db.backup_check import DatabaseFacts, check_database
from db.engine import Database
from db.errors import StoreError, as_store_error
from qc_station.domain.backup import ALWAYS, BackupFacts, BackupPart
from qc_station.services.backup_files import (
    DATABASE,
    ROOTS,
    SourceFile,
    copy_hashed,
    files_of,
    hash_file,
    safe_name,
    sync_folder,
)
from qc_station.services.progress import Cancelled, Report, report_nothing

FORMAT = 1
LIST = "backup.json"
_PART = ".part"
_SPARE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Which station is backed up by which version of the program."""

    home: Path
    station: str
    version: str


class Meter:
    """Adds up bytes and reports them as one stage."""

    def __init__(self, report: Report, stage: str, total: int) -> None:
        self._report, self._stage, self._total, self._done = report, stage, total, 0
        report(stage, 0, total)

    def __call__(self, count: int) -> None:
        self._done += count
        self._report(self._stage, min(self._done, self._total), self._total)


def write_backup(
    database: Database, origin: Origin, folder: Path, parts: Iterable[BackupPart],
    report: Report = report_nothing, *, now: datetime | None = None, daily: bool = False,
) -> BackupFacts:  # fmt: skip
    """A new backup below ``folder``, checked before it gets its name; what it holds.

    Raises StoreError (backup_not_here, backup_inside, backup_no_room, disk_full …) and Cancelled;
    nothing is left then.
    """
    wanted = ALWAYS | set(parts)
    moment = now or datetime.now(UTC)
    name = f"qc-backup-{origin.station or 'station'}-{moment:%Y%m%dT%H%M%SZ}"
    work = folder / (name + _PART)
    _refuse_inside(origin.home, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, origin.station)
        files = [file for part in sorted(wanted) for file in files_of(origin.home, part)]
        _refuse_without_room(folder, sum(file.size_bytes for file in files))
        work.mkdir()
        entries, left_out = _copy(database, files, work, report)
        checked = _check_database(work / DATABASE, report)
        _write_list(work, origin, wanted, entries, checked, moment, daily, left_out)
        check_backup(work, report)
        final = folder / name
        work.rename(final)
        sync_folder(folder)
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise as_store_error(error) from error
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return read_facts(final)


def check_backup(backup: Path, report: Report = report_nothing) -> BackupFacts:
    """Every file against its sha256, then the database: pages, foreign keys, hash chains.

    Raises StoreError: backup_missing, backup_newer, backup_damaged (``file`` says which),
    chain_broken; Cancelled.
    """
    facts, entries = read_facts(backup), _entries(backup)
    meter = Meter(report, "backup_check", facts.size_bytes)
    for name, (digest, size) in entries.items():
        path = backup / safe_name(name)
        try:
            whole = path.stat().st_size == size and hash_file(path, meter) == digest
        except OSError:
            whole = False
        if not whole:
            raise _damaged(name)
    try:
        checked = _check_database(backup / DATABASE, report)
    except StoreError as error:
        if error.code in ("chain_broken", "store_newer"):
            raise
        raise _damaged(DATABASE) from error
    said = (facts.revision, facts.inspections, facts.events, facts.reviews, facts.masks)
    if said != (checked.revision, checked.parts, checked.events, checked.reviews, checked.masks):
        raise _damaged(LIST)
    return facts


def read_facts(backup: Path) -> BackupFacts:
    """What a backup says of itself, unchecked; StoreError backup_missing / _newer / _damaged."""
    data = _read_list(backup)
    try:
        return BackupFacts(
            path=backup,
            created_at=datetime.fromisoformat(data["created_at"]),
            station=str(data["station"]),
            version=str(data["version"]),
            revision=str(data["revision"]),
            parts=tuple(BackupPart(part) for part in data["parts"]),
            files=len(data["files"]),
            size_bytes=sum(int(entry["size"]) for entry in data["files"].values()),
            inspections=int(data["inspections"]),
            events=int(data["events"]),
            reviews=int(data["reviews"]),
            masks=int(data["masks"]),
            daily=bool(data["daily"]),
            left_out=int(data["left_out"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(LIST) from error


def list_backups(folder: Path) -> list[BackupFacts]:
    """The backups below ``folder``, newest first; what cannot be read is left out."""
    found = []
    for place in folder.glob(f"qc-backup-*/{LIST}"):
        if place.parent.suffix == _PART:
            continue
        try:
            found.append(read_facts(place.parent))
        except StoreError:
            continue
    return sorted(found, key=lambda facts: facts.created_at, reverse=True)


def thin_out(folder: Path, station: str, keep: int) -> int:
    """Removes all but the newest ``keep`` daily backups of this station; how many went."""
    mine = [b for b in list_backups(folder) if b.daily and b.station == station]
    for facts in mine[keep:]:
        doomed = facts.path.with_name(facts.path.name + _PART)  # half removed is no backup
        facts.path.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    return len(mine[keep:])


def entries_of(backup: Path) -> dict[str, tuple[str, int]]:
    """Name → (sha256, bytes) of a backup's files, names checked; StoreError backup_damaged."""
    return {safe_name(name): entry for name, entry in _entries(backup).items()}


def _copy(
    database: Database, files: list[SourceFile], work: Path, report: Report
) -> tuple[dict[str, dict[str, object]], int]:
    """The database first: what it names exists already when the files are copied after it."""
    copy_while_open(
        database, work / DATABASE, lambda done, total: report("backup_database", done, total)
    )
    path = work / DATABASE
    entries: dict[str, dict[str, object]] = {
        DATABASE: {"sha256": hash_file(path, lambda _n: None), "size": path.stat().st_size}
    }
    others = [file for file in files if file.name != DATABASE]
    meter, left_out = Meter(report, "backup_copy", sum(file.size_bytes for file in others)), 0
    for file in others:
        try:
            digest, size = copy_hashed(file.path, work / file.name, meter)
        except FileNotFoundError:
            left_out += 1  # cleaned up meanwhile
            continue
        entries[file.name] = {"sha256": digest, "size": size}
    return entries, left_out


def _write_list(
    work: Path, origin: Origin, parts: Iterable[BackupPart],
    entries: dict[str, dict[str, object]], checked: DatabaseFacts, now: datetime, daily: bool,
    left_out: int,
) -> None:  # fmt: skip
    data = {
        "format": FORMAT,
        "created_at": now.astimezone(UTC).isoformat(),
        "station": origin.station,
        "version": origin.version,
        "daily": daily,
        "parts": sorted(parts),
        "revision": checked.revision,
        "inspections": checked.parts,
        "events": checked.events,
        "reviews": checked.reviews,
        "masks": checked.masks,
        "left_out": left_out,
        "files": entries,
    }
    with (work / LIST).open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _read_list(backup: Path) -> dict[str, Any]:
    try:
        data = json.loads((backup / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StoreError(
            "backup_missing",
            f"{backup} is no backup: choose the folder that holds {LIST}.",
            path=str(backup),
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(LIST) from error
    if not isinstance(data, dict) or not isinstance(data.get("format"), int):
        raise _damaged(LIST)
    if data["format"] > FORMAT:
        raise StoreError(
            "backup_newer", "The backup was made by a newer version of QC Station: install that."
        )
    return data


def _entries(backup: Path) -> dict[str, tuple[str, int]]:
    files = _read_list(backup).get("files")
    try:
        assert isinstance(files, dict)
        found = {str(k): (str(v["sha256"]), int(v["size"])) for k, v in files.items()}
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise _damaged(LIST) from error
    if DATABASE not in found:
        raise _damaged(LIST)
    return found


def _damaged(name: str) -> StoreError:
    return StoreError(
        "backup_damaged", f"The backup is damaged at {name}. Use another one.", file=name
    )


def _check_database(path: Path, report: Report) -> DatabaseFacts:
    def stopped() -> bool:
        try:
            report("backup_check", 0, 0)
        except Cancelled:
            return True
        return False

    try:
        return check_database(path, stopped)
    except StoreError:
        report("backup_check", 0, 0)  # a cancelled check looks like a fault of the database
        raise


def _refuse_inside(home: Path, folder: Path) -> None:
    """A backup inside what it copies would copy itself."""
    for name in ROOTS:
        if folder.absolute().is_relative_to(home / name):
            raise StoreError(
                "backup_inside",
                f"{folder} belongs to what is backed up. Choose a folder elsewhere.",
                path=str(folder),
            )


def _refuse_without_room(folder: Path, size_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size_bytes + _SPARE_BYTES:
        raise StoreError(
            "backup_no_room",
            f"The backup takes {size_bytes / 1e6:.0f} MB, but {folder} has {free / 1e6:.0f} MB "
            "free. Leave the pictures out or choose another disk.",
            path=str(folder),
        )


def _sweep(folder: Path, station: str) -> None:
    """Takes away what a killed station left half written."""
    for left in folder.glob(f"qc-backup-{station or 'station'}-*{_PART}"):
        shutil.rmtree(left, ignore_errors=True)
