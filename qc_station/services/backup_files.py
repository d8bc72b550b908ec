"""Which files of a station's home belong to a backup, and how they are copied. No Qt, no SQL."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from db.errors import StoreError
from qc_station.domain.backup import BackupPart, PartSize

DATABASE, SETTINGS = "station.sqlite3", "settings.toml"
_CHUNK = 1 << 20
_INCOMING = ".incoming"
_FOLDERS = {
    BackupPart.MODELS: "models",
    BackupPart.TEACHING: "snapshots",
    BackupPart.MASKS: "images",
    BackupPart.PICTURES: "images",
}
ROOTS = frozenset({*_FOLDERS.values(), DATABASE, SETTINGS})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the home: ``name`` is its path below it, with forward slashes."""

    name: str
    path: Path
    size_bytes: int


def files_of(home: Path, part: BackupPart) -> Iterator[SourceFile]:
    """The files of one part, in order; a file that goes away meanwhile is left out."""
    if part in (BackupPart.DATABASE, BackupPart.SETTINGS):
        names = [home / (DATABASE if part is BackupPart.DATABASE else SETTINGS)]
    else:
        names = sorted((home / _FOLDERS[part]).rglob("*"))
    for path in names:
        masks = ".mask-" in path.name
        if part in (BackupPart.MASKS, BackupPart.PICTURES) and masks != (part is BackupPart.MASKS):
            continue
        if _INCOMING in path.parts or path.is_symlink() or not path.is_file():
            continue
        try:
            size = path.stat().st_size
        except OSError:
            continue
        yield SourceFile(path.relative_to(home).as_posix(), path, size)


def sizes(home: Path) -> tuple[PartSize, ...]:
    """How large each part is now."""
    found = []
    for part in BackupPart:
        files = [file.size_bytes for file in files_of(home, part)]
        found.append(PartSize(part, len(files), sum(files)))
    return tuple(found)


def copy_hashed(source: Path, target: Path, moved: Callable[[int], None]) -> tuple[str, int]:
    """Copies and syncs a file; sha256 and size of what was read. ``moved(bytes)`` may raise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            writing.write(chunk)
            size += len(chunk)
            moved(len(chunk))
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest(), size


def hash_file(path: Path, moved: Callable[[int], None]) -> str:
    """sha256 of a file; ``moved(bytes)`` may raise."""
    digest = hashlib.sha256()
    with path.open("rb") as reading:
        while chunk := reading.read(_CHUNK):
            digest.update(chunk)
            moved(len(chunk))
    return digest.hexdigest()


def safe_name(name: str) -> str:
    """``name`` if it is a file that a backup may hold; StoreError backup_damaged otherwise."""
    pure = PurePosixPath(name)
    strange = pure.is_absolute() or ".." in pure.parts or "\\" in name or ":" in name
    if strange or not pure.parts or pure.parts[0] not in ROOTS:
        raise StoreError(
            "backup_damaged",
            f"The backup's list names {name!r}, which no backup holds.",
            file=name,
        )
    return name


def sync_folder(folder: Path) -> None:
    """Makes renames in ``folder`` outlast a power cut; Windows has no fsync of folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
