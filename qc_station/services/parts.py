"""Parts between their trigger and their logged answer. Knows no camera, no engine and no log."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qc_station.domain.frame import Frame
from qc_station.domain.outcome import Outcome
from qc_station.domain.verdict import Inspection, Reason, Verdict


class Stage(StrEnum):
    """Who has the part."""

    CAMERA = "camera"  # waits for its frame
    QUEUE = "queue"  # has its frame, waits for the engine
    ENGINE = "engine"
    CODE = "code"  # judged; its picture is still being searched for a code
    LOG = "log"  # judged, is being written down


@dataclass(slots=True, eq=False)
class Part:
    """One triggered part. ``deadline_s`` is on ``time.monotonic``."""

    number: int
    triggered_at: datetime
    deadline_s: float
    recipe: str
    pulled: bool  # asked for by the station itself: with no picture left there is no part
    lot: str | None = None
    stage: Stage = Stage.CAMERA
    frame: Frame | None = None
    source: str | None = None
    serial: str | None = None
    reading: bool = False  # its picture is being searched for a code
    outcome: Outcome | None = None  # set at the latest when it is to be written down
    read_until_s: float = 0.0  # in CODE: then it is written down without a serial number
    golden_check: str | None = None  # the check that a golden sample was laid in for


def not_inspected(reason: Reason, detail: str = "", model_id: str | None = None) -> Outcome:
    """The answer for a part that nobody judged."""
    return Outcome(Verdict.NOT_INSPECTED, reason, detail, model_id)


def draft(part: Part, outcome: Outcome, camera: str, decided_at: datetime) -> Inspection:
    """What is to be written down of a part; the log adds the paths."""
    frame = part.frame
    return Inspection(
        inspection_id=str(uuid.uuid4()),
        part_number=part.number,
        captured_at=frame.captured_at if frame else part.triggered_at,
        decided_at=decided_at,
        camera=frame.camera if frame else camera,
        source=frame.source if frame else part.source,
        truth=frame.truth if frame else None,
        recipe=part.recipe,
        model_id=outcome.model_id,
        verdict=outcome.verdict,
        reason=outcome.reason,
        detail=outcome.detail,
        score=outcome.score,
        p_value=outcome.p_value,
        ok_limit=outcome.ok_limit,
        ng_limit=outcome.ng_limit,
        class_name=outcome.class_name,
        class_confidence=outcome.class_confidence,
        regions=outcome.regions,
        latency_ms=outcome.latency_ms,
        image_path=None,
        heatmap_path=None,
        serial=part.serial,
        lot=part.lot,
        golden_check=part.golden_check,
    )
