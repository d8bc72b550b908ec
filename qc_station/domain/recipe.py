"""What is inspected and how: one product's recipe. Pure data, knows no files and no SQL."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qc_station.domain.camera_setup import CameraSetup


@dataclass(frozen=True, slots=True)
class Limits:
    """Scores at most ``ok`` are OK, scores at least ``ng`` are NG, between them is REVIEW.

    They take the place of the limits that the model ``model_id`` was taught with; another model's
    scores mean something else, so they count for that one only. Raises ValueError unless both are
    finite and ``ok <= ng``.
    """

    model_id: str
    ok: float
    ng: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.ok) and math.isfinite(self.ng) and self.ok <= self.ng):
            raise ValueError("the OK limit must lie at or below the NG limit")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One product's set-up. A change makes a new ``revision``; old ones are kept.

    ``camera`` is a camera address ("folder:/pictures", "opencv:0"). ``reason`` and ``created_by``
    say why and by whom this revision was made. ``stop_after_ng`` pauses after so many NG parts in
    a row (0: never; None: as the station's settings say). ``camera_setup`` counts while the camera
    is the one that it names.
    """

    name: str
    camera: str
    revision: int
    created_at: datetime
    created_by: str = ""
    reason: str = ""
    limits: Limits | None = None
    stop_after_ng: int | None = None
    camera_setup: CameraSetup | None = None

    def to_settings(self) -> dict[str, Any]:
        """What has no column of its own, as JSON values; ``from_settings`` reads it again."""
        limits, setup = self.limits, self.camera_setup
        return {
            "reason": self.reason,
            "stop_after_ng": self.stop_after_ng,
            "limits": limits and {"model_id": limits.model_id, "ok": limits.ok, "ng": limits.ng},
            "camera_setup": setup and setup.to_json(),
        }

    @classmethod
    def from_settings(
        cls,
        name: str,
        camera: str,
        revision: int,
        created_at: datetime,
        created_by: str,
        settings: Mapping[str, Any],
    ) -> Recipe:
        """A stored revision; what an older program did not write keeps its default."""
        limits, setup = settings.get("limits"), settings.get("camera_setup")
        return cls(
            name, camera, revision, created_at, created_by,
            reason=settings.get("reason", ""),
            limits=Limits(limits["model_id"], limits["ok"], limits["ng"]) if limits else None,
            stop_after_ng=settings.get("stop_after_ng"),
            camera_setup=CameraSetup.from_json(setup) if setup else None,
        )  # fmt: skip
