"""Reads the station's log in pieces, newest first and then on from there. No Qt.

A file of any size costs one piece at a time. Rotation is noticed: reading goes on in the new file
after what was left of the old one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

PIECE_BYTES = 256 * 1024
_START = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?P<level>[A-Z]+) (?P<rest>.*)", re.DOTALL
)
_WHERE = re.compile(r"(?P<where>[\w.\- ]+?): (?P<text>.*)", re.DOTALL)


class LogLevel(IntEnum):
    """How serious an entry is; the values are those of Python's logging."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry with the lines below it: local time as written, thread and module, text."""

    at: str
    level: LogLevel
    where: str
    text: str

    @property
    def line(self) -> str:
        """The entry as it stands in the file."""
        return f"{self.at} {self.level.name} {self.where}: {self.text}"


@dataclass(frozen=True, slots=True)
class LogPiece:
    """Entries in the file's order; ``older`` tells whether there is more before them."""

    entries: tuple[LogEntry, ...]
    older: bool = False


class LogReader:
    """One reader of ``station.log`` and the files it was rotated to. One thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = 0  # read up to here in the newest file
        self._identity: int | None = None
        self._file = 0  # where reading backwards has come to: 0 station.log, 1 station.log.1 …
        self._begin = 0

    def newest(self) -> LogPiece:
        """The last piece of the log; begins again. OSError but for a missing file."""
        self._file, self._identity = 0, _identity(self._path)
        self._end = self._begin = _size(self._path)
        return self.before()

    def before(self) -> LogPiece:
        """The piece before what has been read, also from older files."""
        while True:
            path = self._name(self._file)
            if self._begin > 0:
                start = max(0, self._begin - PIECE_BYTES)
                data = _read(path, start, self._begin)
                if start > 0:  # begin with a whole entry; one longer than a piece comes in parts
                    cut = _first_entry(data)
                    start, data = start + cut, data[cut:]
                self._begin = start
                entries = parse(data)
                if entries:
                    return LogPiece(entries, self._more())
            if not self._name(self._file + 1).exists():
                return LogPiece(())
            self._file += 1
            self._begin = _size(self._name(self._file))

    def after(self) -> LogPiece:
        """What was written since the last reading; whole lines only."""
        identity, size = _identity(self._path), _size(self._path)
        entries: tuple[LogEntry, ...] = ()
        if self._identity is not None and (identity != self._identity or size < self._end):
            rotated = self._name(1)
            if _identity(rotated) == self._identity:
                entries = parse(_read(rotated, self._end, _size(rotated)))
            self._end = 0
            self._file += 1  # the files that are read backwards have moved on by one
        self._identity = identity
        data = _read(self._path, self._end, min(size, self._end + 16 * PIECE_BYTES))
        whole = data.rfind(b"\n") + 1
        self._end += whole
        return LogPiece(entries + parse(data[:whole]))

    def _more(self) -> bool:
        return self._begin > 0 or self._name(self._file + 1).exists()

    def _name(self, number: int) -> Path:
        return self._path if number == 0 else self._path.with_name(f"{self._path.name}.{number}")


def parse(data: bytes) -> tuple[LogEntry, ...]:
    """Entries of some whole lines; lines that begin no entry belong to the one before."""
    entries: list[LogEntry] = []
    for line in data.decode("utf-8", "replace").splitlines():
        found = _START.fullmatch(line)
        if found is None:
            if entries:
                last = entries[-1]
                text = f"{last.text}\n{line}"
                entries[-1] = LogEntry(last.at, last.level, last.where, text)
            elif line.strip():
                entries.append(LogEntry("", LogLevel.INFO, "", line))
            continue
        level = LogLevel.__members__.get(found["level"], LogLevel.INFO)
        where = _WHERE.fullmatch(found["rest"])
        if where is None:
            entries.append(LogEntry(found["at"], level, "", found["rest"]))
        else:
            entries.append(LogEntry(found["at"], level, where["where"], where["text"]))
    return tuple(entries)


def _first_entry(data: bytes) -> int:
    """Where the first whole entry begins; without one the first whole line, else 0."""
    found = re.search(rb"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ ", data)
    if found is not None:
        return found.start()
    line = data.find(b"\n") + 1
    return line if line < len(data) else 0


def _read(path: Path, start: int, end: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(max(0, end - start))
    except FileNotFoundError:
        return b""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _identity(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None
