"""What a backup holds and when the next one is due. No files, no Qt, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path


class BackupPart(StrEnum):
    """What of a station can be backed up; the database and the settings always are."""

    DATABASE = "database"
    SETTINGS = "settings"
    MODELS = "models"
    TEACHING = "teaching"  # pictures that models were taught from
    MASKS = "masks"  # what experts painted
    PICTURES = "pictures"  # of inspected parts, with their heatmaps


ALWAYS = frozenset({BackupPart.DATABASE, BackupPart.SETTINGS})
DAILY = ALWAYS | {BackupPart.MODELS, BackupPart.MASKS}
"""What a person made and nobody can make again, without the large pictures."""


class BackupWarning(StrEnum):
    """Why somebody should look after the backups."""

    NONE = ""
    FAILED = "backup_failed"
    OLD = "backup_old"


@dataclass(frozen=True, slots=True)
class PartSize:
    """How much one part of the station takes."""

    part: BackupPart
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """One backup as its list of files describes it; ``created_at`` is aware UTC."""

    path: Path
    created_at: datetime
    station: str
    version: str
    revision: str
    parts: tuple[BackupPart, ...]
    files: int
    size_bytes: int
    inspections: int
    events: int
    reviews: int
    masks: int
    daily: bool = False
    left_out: int = 0  # files that went away while it was written


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """The daily backup: the hour of the local day, how many are kept, where ("" : in the home).

    ``warn_days``: a warning when the newest backup is older; 0 never.
    """

    daily: bool = True
    hour: int = 3
    keep: int = 7
    folder: str = ""
    warn_days: int = 7
    pictures: bool = False

    @property
    def parts(self) -> frozenset[BackupPart]:
        """What a daily backup holds."""
        return DAILY | ({BackupPart.PICTURES, BackupPart.TEACHING} if self.pictures else set())


def is_due(plan: BackupPlan, now: datetime, last: datetime) -> bool:
    """Whether the planned hour has passed since ``last``; both in the station's local time."""
    if not plan.daily:
        return False
    moment = now.replace(hour=plan.hour, minute=0, second=0, microsecond=0)
    if moment > now:
        moment -= timedelta(days=1)
    return last < moment


def warning(
    plan: BackupPlan, now: datetime, last: datetime, failed: datetime | None
) -> BackupWarning:
    """What to warn of. ``last``: the newest good backup, or when the station began without one;
    ``failed``: the last daily backup that failed."""
    if plan.daily and failed is not None and failed > last:
        return BackupWarning.FAILED
    if plan.warn_days and now - last > timedelta(days=plan.warn_days):
        return BackupWarning.OLD
    return BackupWarning.NONE
