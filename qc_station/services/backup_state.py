"""What is remembered of a station's backups between starts, also of those from a script. No Qt."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

STATE = "state.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupState:
    """When this station began, its newest good and its last failed daily backup and why."""

    since: datetime
    good: datetime | None = None
    failed: datetime | None = None
    code: str = ""


def read_state(home: Path, now: datetime) -> BackupState:
    """The state kept in ``home``; a new one, kept at once, where there is none to read."""
    path = _path(home)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return BackupState(
            datetime.fromisoformat(data["since"]),
            datetime.fromisoformat(data["good"]) if data["good"] else None,
            datetime.fromisoformat(data["failed"]) if data["failed"] else None,
            str(data["code"]),
        )
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read and begins again: %s", path, error)
    state = BackupState(now)
    write_state(home, state)
    return state


def write_state(home: Path, state: BackupState) -> None:
    """Keeps the state; a disk that refuses is logged, not fatal."""
    path = _path(home)
    data = {
        "since": state.since.isoformat(),
        "good": state.good.isoformat() if state.good else None,
        "failed": state.failed.isoformat() if state.failed else None,
        "code": state.code,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        temporary.write_text(json.dumps(data), encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        _log.error("%s could not be written: %s", path, error)


def note_good(home: Path) -> None:
    """A backup was made beside the running station, by a script."""
    now = datetime.now(UTC)
    write_state(home, replace(read_state(home, now), good=now, code=""))


def _path(home: Path) -> Path:
    return home / "backups" / STATE
