"""Knows whether the last run ended in order, and what the start found of it. No widgets, no SQL."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a start after an unclean end found; ``begun`` is when that run began (UTC)."""

    begun: datetime | None = None
    interrupted_parts: int = 0
    cut_off_jobs: int = 0


class RunMarker:
    """A small file that exists while a station runs: found at a start, the last run did not end.

    A disk that refuses it costs the note, never the start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, now: datetime) -> tuple[bool, datetime | None]:
        """Whether the last run ended uncleanly, and when it had begun if that can be read."""
        found, before = False, None
        try:
            if self._path.exists():
                found = True
                before = _moment(self._path.read_bytes())
            self._path.write_text(now.astimezone(UTC).isoformat(), encoding="ascii")
        except OSError as error:
            _log.warning("The marker of this run could not be written: %s", error)
        return found, before

    def end(self) -> None:
        """The run ends in order."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("The marker of this run could not be removed: %s", error)


def _moment(data: bytes) -> datetime | None:
    """The time in a marker; None when the crash left something else there."""
    try:
        moment = datetime.fromisoformat(data.decode("ascii"))
    except ValueError:  # UnicodeDecodeError is one
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None
