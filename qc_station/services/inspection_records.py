"""Maps the log's records to the domain and back."""

from __future__ import annotations

from datetime import datetime

from db.records import (
    InspectionQuery,
    InspectionRecord,
    IntentRecord,
    OutboxRecord,
    OverrideRecord,
    RegionRecord,
    ReviewRecord,
)
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.review_queue import NO_DRAWS, QueueRules, Rank, place
from qc_station.domain.verdict import (
    Inspection,
    Label,
    Override,
    Reason,
    Region,
    Removal,
    Review,
    Verdict,
)

_SAME_FIELDS = (
    "inspection_id",
    "part_number",
    "captured_at",
    "decided_at",
    "camera",
    "source",
    "truth",
    "recipe",
    "model_id",
    "detail",
    "score",
    "p_value",
    "ok_limit",
    "ng_limit",
    "class_name",
    "class_confidence",
    "latency_ms",
    "image_path",
    "heatmap_path",
    "serial",
    "lot",
    "golden_check",
)


def to_record(
    part: Inspection, station: str, recorded_at: datetime, rules: QueueRules = NO_DRAWS
) -> InspectionRecord:
    """The row of a part and its place in the review queue; its review is not written with it.
    Golden samples need no expert."""
    rank, weight = place(part, rules)
    if part.golden_check is not None:
        rank, weight = Rank.NOT_ASKED, 0.0
    return InspectionRecord(
        **{name: getattr(part, name) for name in _SAME_FIELDS},
        station=station,
        recorded_at=recorded_at,
        verdict=part.verdict.value,
        reason=part.reason.value,
        queue_rank=int(rank),
        queue_weight=weight,
        regions=tuple(
            RegionRecord(region.x, region.y, region.width, region.height, region.score)
            for region in part.regions
        ),
    )


def to_inspection(record: InspectionRecord) -> Inspection:
    """The part as the application knows it; what was removed has no paths any more."""
    same = {name: getattr(record, name) for name in _SAME_FIELDS}
    if record.removal is not None:
        same.update(image_path=None, heatmap_path=None)
    return Inspection(
        **same,
        verdict=Verdict(record.verdict),
        reason=Reason(record.reason),
        regions=tuple(
            Region(region.x, region.y, region.width, region.height, region.score)
            for region in record.regions
        ),
        review=to_review(record.review) if record.review else None,
        removal=Removal(record.removal) if record.removal else None,
        override=to_override(record.override) if record.override else None,
    )


def to_review(record: ReviewRecord) -> Review:
    """An answer (not a withdrawal)."""
    if record.label is None:
        raise ValueError("a withdrawal is not an answer")
    return Review(Label(record.label), record.class_name, record.reviewer, record.reviewed_at)


def to_override(record: OverrideRecord) -> Override:
    """An override (not the end of one)."""
    if record.verdict is None:
        raise ValueError("an override that was taken back says nothing")
    return Override(Verdict(record.verdict), record.reason, record.author, record.created_at)


def to_intent(
    part: Inspection,
    station: str,
    created_at: datetime,
    image_path: str | None,
    heatmap_path: str | None,
) -> IntentRecord:
    """The announcement of a part, with everything a sweep needs to resolve it."""
    return IntentRecord(
        part.inspection_id,
        station,
        created_at,
        part.part_number,
        part.captured_at,
        part.camera,
        part.source,
        part.truth,
        part.recipe,
        image_path,
        heatmap_path,
        part.serial,
        part.lot,
        part.golden_check,
    )


def interrupted(intent: IntentRecord, image_path: str | None, decided_at: datetime) -> Inspection:
    """What becomes of an announcement whose verdict was never committed."""
    return Inspection(
        inspection_id=intent.inspection_id,
        part_number=intent.part_number,
        captured_at=intent.captured_at,
        decided_at=decided_at,
        camera=intent.camera,
        source=intent.source,
        truth=intent.truth,
        recipe=intent.recipe,
        model_id=None,
        verdict=Verdict.NOT_INSPECTED,
        reason=Reason.INTERRUPTED,
        detail="The station stopped before this part's verdict was written down.",
        score=None,
        p_value=None,
        ok_limit=None,
        ng_limit=None,
        class_name=None,
        class_confidence=None,
        regions=(),
        latency_ms=None,
        image_path=image_path,
        heatmap_path=None,
        serial=intent.serial,
        lot=intent.lot,
        golden_check=intent.golden_check,
    )


def to_message(part: Inspection, created_at: datetime) -> OutboxRecord:
    """What the plant is told of a part."""
    return OutboxRecord(
        message_id=f"inspection-{part.inspection_id}",
        topic="inspection",
        payload={
            "inspection_id": part.inspection_id,
            "part_number": part.part_number,
            "serial": part.serial,
            "captured_at": part.captured_at.isoformat(),
            "recipe": part.recipe,
            "lot": part.lot,
            "model_id": part.model_id,
            "verdict": part.verdict.value,
            "reason": part.reason.value,
            "class_name": part.class_name,
            "score": part.score,
        },
        created_at=created_at,
    )


def to_query(wanted: HistoryFilter) -> InspectionQuery:
    """A person's filter in the database's words."""
    return InspectionQuery(
        captured_from=wanted.from_,
        captured_to=wanted.to,
        verdicts=tuple(sorted(verdict.value for verdict in wanted.verdicts)),
        recipe=wanted.recipe,
        model_id=wanted.model_id,
        lot=wanted.lot,
        class_name=wanted.class_name,
        reviewed=wanted.reviewed,
        overridden=wanted.overridden,
        label=wanted.answer.value if wanted.answer else None,
        defect=wanted.defect,
        score_above=wanted.score_above,
        score_up_to=wanted.score_up_to,
        novel=wanted.novel,
        text=wanted.text,
        golden=wanted.golden,
    )
