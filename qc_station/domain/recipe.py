"""What is inspected and how: one product's recipe. Pure data, knows no files and no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qc_station.domain.triggers import TriggerMode


@dataclass(frozen=True, slots=True)
class Recipe:
    """One product's set-up. A change makes a new ``revision``; old ones are kept.

    ``camera`` is a camera address ("folder:/pictures", "opencv:0"), ``deadline_ms`` counts from
    the trigger, ``stop_after_ng`` pauses after that many NG parts in a row (0: never).
    """

    name: str
    camera: str
    revision: int
    created_at: datetime
    trigger: TriggerMode = TriggerMode.FOLDER
    interval_ms: int = 1000
    deadline_ms: int = 2000
    stop_after_ng: int = 0
    model_id: str | None = None
