"""What repositories take and return: frozen dataclasses, times aware UTC. Knows no SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class RegionRecord:
    """One anomalous area; fractions of the picture."""

    x: float
    y: float
    width: float
    height: float
    score: float


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """One row of the review chain; ``withdraws`` is set for a withdrawal, ``label`` otherwise."""

    seq: int
    inspection_id: str
    label: str | None
    class_name: str | None
    reviewer: str
    reviewed_at: datetime
    withdraws: int | None
    hash: str


@dataclass(frozen=True, slots=True)
class MaskRecord:
    """One version of a painted region; class, path and sha256 are None where it was removed.

    ``path`` is relative to the station's home, ``sha256`` is of the file. ``superseded`` says
    whether a later row stands in this one's place.
    """

    seq: int
    inspection_id: str
    region: int
    class_name: str | None
    path: str | None
    sha256: str | None
    author: str
    created_at: datetime
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class OverrideRecord:
    """One row of the chain of overrides; ``verdict`` None takes the one before back."""

    seq: int
    inspection_id: str
    verdict: str | None
    reason: str
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InspectionRecord:
    """One part as the machine judged it, with the expert answer and the override that stand.

    ``queue_rank`` is 0 for parts that nobody is asked about, 1 for those ordered by the expected
    cost of the machine's answer, 2 for OK parts drawn at random; ``queue_weight`` orders them
    within a rank, the largest first. ``disputed_by`` is the answer that contradicted another
    expert's, until somebody has decided. ``removal`` is why there is no picture any more: "rule"
    (left out) or "age" (deleted). ``golden_check`` names the check that a golden sample was laid in
    for; such a part is no production.
    """

    inspection_id: str
    station: str
    part_number: int
    captured_at: datetime
    decided_at: datetime
    recorded_at: datetime
    camera: str
    source: str | None
    truth: str | None
    recipe: str
    model_id: str | None
    verdict: str
    reason: str
    detail: str
    score: float | None
    p_value: float | None
    ok_limit: float | None
    ng_limit: float | None
    class_name: str | None
    class_confidence: float | None
    latency_ms: float | None
    image_path: str | None
    heatmap_path: str | None
    queue_rank: int = 0
    queue_weight: float = 0.0
    disputed_by: int | None = None
    serial: str | None = None
    lot: str | None = None
    golden_check: str | None = None
    regions: tuple[RegionRecord, ...] = ()
    review: ReviewRecord | None = None
    removal: str | None = None
    override: OverrideRecord | None = None


@dataclass(frozen=True, slots=True)
class QueuedRecord:
    """What orders a part in the review queue, without the rest of it."""

    inspection_id: str
    recipe: str
    class_name: str | None
    captured_at: datetime
    score: float | None
    ng_limit: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class RepeatRecord:
    """A second answer, or its withdrawal, beside the first one, which is ``repeats``."""

    seq: int
    inspection_id: str
    repeats: int
    label: str | None
    class_name: str | None
    reviewer: str
    reviewed_at: datetime
    withdraws: int | None


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """A reviewer's first and second answer to the same part: label and class."""

    reviewer: str
    first: tuple[str, str | None]
    second: tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class AssignmentRecord:
    """A part that somebody is asked about, and by whom."""

    seq: int
    inspection_id: str
    assignee: str
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class InspectionQuery:
    """Which parts; every field narrows. ``captured_to`` is excluded.

    ``overridden`` leaves parts with a standing override; ``label`` is the standing answer;
    ``defect`` the standing name of a defect ("" for none). ``score_above`` is
    excluded, ``score_up_to`` included; ``novel`` parts have that reason.
    ``golden`` is True for parts of golden-sample checks, False for production, None for both.
    """

    captured_from: datetime | None = None
    captured_to: datetime | None = None
    verdicts: tuple[str, ...] = ()
    recipe: str | None = None
    model_id: str | None = None
    lot: str | None = None
    class_name: str | None = None
    reviewed: bool | None = None
    overridden: bool = False
    label: str | None = None
    defect: str | None = None
    score_above: float | None = None
    score_up_to: float | None = None
    novel: bool | None = None
    text: str = ""
    golden: bool | None = None


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """Parts of one time bucket with one verdict; names of the first and last recipe by alphabet."""

    bucket: int
    verdict: str
    count: int
    ok_limit: float | None
    ng_limit: float | None
    first_recipe: str
    last_recipe: str


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a histogram: the mean of the values in it and how many they are."""

    bucket: int
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """Parts of one time bucket with one verdict and one standing answer."""

    bucket: int
    verdict: str
    label: str
    count: int
    drawn: int = 0
    """How many of them were drawn at random and are not disputed."""


class LoggedScore(NamedTuple):
    """The raw score of one part; a tuple, because a week has hundreds of thousands of them."""

    score: float
    verdict: str
    novel: bool


@dataclass(frozen=True, slots=True)
class AnsweredScore:
    """The raw score of one part that an expert called good or defective."""

    score: float
    verdict: str
    novel: bool
    defective: bool


@dataclass(frozen=True, slots=True)
class IntentRecord:
    """A part whose picture is being written."""

    inspection_id: str
    station: str
    created_at: datetime
    part_number: int
    captured_at: datetime
    camera: str
    source: str | None
    truth: str | None
    recipe: str
    image_path: str | None
    heatmap_path: str | None
    serial: str | None = None
    lot: str | None = None
    golden_check: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One event of the audit chain; ``details`` is canonical JSON."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: str
    hash: str


@dataclass(frozen=True, slots=True)
class RecipeRecord:
    """One revision of a product's set-up."""

    name: str
    revision: int
    camera: str
    settings: Mapping[str, Any]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class ModelVersionRecord:
    """One bundle; ``facts`` holds what no query looks into (limits, counts, metrics)."""

    model_id: str
    recipe: str
    product: str
    model: str
    path: str
    parent: str | None
    created_at: datetime
    registered_at: datetime
    facts: Mapping[str, Any]
    active: bool = False
    activated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One teaching or retraining run; ``state`` is running, done, failed or cancelled."""

    job_id: str
    recipe: str
    kind: str
    state: str
    started_at: datetime
    options: Mapping[str, Any] = field(default_factory=dict)
    finished_at: datetime | None = None
    model_id: str | None = None
    error_code: str | None = None
    message: str | None = None
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Somebody who may act."""

    name: str
    role: str
    created_at: datetime
    password_hash: str | None = None
    active: bool = True
    badge_hash: str | None = None


@dataclass(frozen=True, slots=True)
class LogInAttemptRecord:
    """Failed log-ins in a row; ``subject`` is a keyed hash of what was tried."""

    subject: str
    failures: int
    last_at: datetime
    blocked_until: datetime


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """One message to the plant; ``message_id`` lets the receiver drop a repeated one."""

    message_id: str
    topic: str
    payload: Mapping[str, Any]
    created_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
