"""What the station is doing besides inspecting, as one list shows it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qc_station.domain.access import Action


class ActivityKind(StrEnum):
    """What takes so long that somebody wants to see how far it is."""

    TEACH_FOLDER = "teach_folder"
    TEACH_CAMERA = "teach_camera"
    RETRAIN = "retrain"
    EXPORT_CSV = "export_csv"
    BACKUP = "backup"
    BACKUP_CHECK = "backup_check"
    RESTORE = "restore"
    CHAIN_CHECK = "chain_check"
    DIAGNOSTICS = "diagnostics"
    MODEL_EXPORT = "model_export"
    MODEL_IMPORT = "model_import"
    COMPARISON = "comparison"


class ActivityState(StrEnum):
    """How an activity stands."""

    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self not in (ActivityState.RUNNING, ActivityState.CANCELLING)


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity; times are aware UTC. ``total`` 0 and ``seconds_left`` -1: not known."""

    number: int
    kind: ActivityKind
    subject: str
    actor: str
    started_at: datetime
    state: ActivityState = ActivityState.RUNNING
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float = -1.0
    ended_at: datetime | None = None
    code: str = ""
    sentence: str = ""
    file: str = ""  # the file that an error is about
    needs: Action | None = None  # the right that cancelling takes
    can_cancel: bool = True
