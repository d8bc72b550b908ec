"""Verdict vocabulary: what the station says of a part and why. Knows no Qt, no files, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """The station's answer for one part. The line treats everything but OK as not good."""

    OK = "OK"
    NG = "NG"
    REVIEW = "REVIEW"
    NOT_INSPECTED = "NOT_INSPECTED"


class Reason(StrEnum):
    """Why a verdict was given; the window turns it into one sentence."""

    BELOW_OK_LIMIT = "below_ok_limit"  # OK
    ABOVE_NG_LIMIT = "above_ng_limit"  # NG
    BETWEEN_LIMITS = "between_limits"  # REVIEW: score between the limits
    NOVEL = "novel"  # REVIEW: looks unlike anything seen
    NOT_SUPPORTED = "not_supported"  # REVIEW: too few calibration pictures for the stated rate
    NO_MODEL = "no_model"  # the rest: NOT_INSPECTED
    ENGINE_DOWN = "engine_down"
    ENGINE_FAULT = "engine_fault"
    DEADLINE = "deadline"
    QUEUE_FULL = "queue_full"
    CAMERA_FAULT = "camera_fault"
    PICTURE_UNUSABLE = "picture_unusable"
    STORE_FAULT = "store_fault"
    DISK_FULL = "disk_full"
    PRODUCT_CHANGED = "product_changed"  # under way when another product was chosen
    NOT_RELEASED = "not_released"  # a golden-sample check failed or is overdue
    INTERRUPTED = "interrupted"  # found by the start-up sweep


class Removal(StrEnum):
    """Why a part has no picture although one was taken; its recipe's storage rule says so."""

    RULE = "rule"  # never kept
    AGE = "age"  # deleted after its days


class Label(StrEnum):
    """What an expert may answer in the review queue; DEFECT goes with a class name."""

    GOOD = "good"
    DEFECT = "defect"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Region:
    """One connected anomalous area. x, y, width, height are fractions of the picture in [0, 1]."""

    x: float
    y: float
    width: float
    height: float
    score: float


@dataclass(frozen=True, slots=True)
class Review:
    """One expert answer. Answers are appended, never changed; undo appends a withdrawal."""

    label: Label
    class_name: str | None
    reviewer: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """A person's decision beside the machine's verdict: OK or NG, and why (never empty)."""

    verdict: Verdict
    reason: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inspection:
    """One part as written in the log. The machine's verdict is never overwritten.

    Scores are raw patch distances (>= 0, unbounded); ``p_value`` and ``class_confidence`` lie in
    [0, 1]; times are aware UTC; paths are relative to the station's home. ``serial`` is what a
    trigger, a scanner or the picture itself told of the part. ``golden_check`` is the id of the
    check that a golden sample was laid in for; None for production.
    """

    inspection_id: str
    part_number: int
    captured_at: datetime
    decided_at: datetime
    camera: str
    source: str | None
    truth: str | None
    recipe: str
    model_id: str | None
    verdict: Verdict
    reason: Reason
    detail: str
    score: float | None
    p_value: float | None
    ok_limit: float | None
    ng_limit: float | None
    class_name: str | None
    class_confidence: float | None
    regions: tuple[Region, ...]
    latency_ms: float | None
    image_path: str | None
    heatmap_path: str | None
    review: Review | None = None
    removal: Removal | None = None
    serial: str | None = None
    lot: str | None = None
    override: Override | None = None
    golden_check: str | None = None
