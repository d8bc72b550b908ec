"""Tables as typed SQLAlchemy models. Rows never leave db: repositories return db.records."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import Json, UtcDateTime

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLite numbers rows by itself only in a column that is exactly INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")

# Filters of the queue read the index of open parts alone, not each part.
QUEUE_FILTERS = ("recipe", "verdict", "class_name", "captured_at", "inspection_id")


class Base(DeclarativeBase):
    """Every constraint has a name, so that a migration can find it on both dialects."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UtcDateTime(), str: Text(), dict[str, Any]: Json}  # noqa: RUF012


class InspectionRow(Base):
    """One part. The machine's columns are written once; ``standing_review`` and ``disputed_by``
    follow the reviews, the queue's columns the costs.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        UniqueConstraint("inspection_id"),
        CheckConstraint("verdict IN ('OK', 'NG', 'REVIEW', 'NOT_INSPECTED')", name="verdict"),
        CheckConstraint("queue_rank BETWEEN 0 AND 2", name="queue_rank"),
        Index(None, "captured_at", "seq"),
        Index(None, "verdict", "captured_at", "seq"),
        Index(None, "recipe", "captured_at", "seq"),
        Index(None, "model_id", "captured_at", "seq"),
        Index(None, "class_name", "captured_at", "seq"),
        Index(None, "lot", "captured_at", "seq"),
        Index(None, "part_number"),
        Index(
            "ix_inspections_review_queue",
            "queue_rank",
            "queue_weight",
            "seq",
            *QUEUE_FILTERS,
            sqlite_where=text("queue_rank > 0 AND standing_review IS NULL"),
            postgresql_where=text("queue_rank > 0 AND standing_review IS NULL"),
        ),
        Index(
            "ix_inspections_disputed",
            "disputed_by",
            sqlite_where=text("disputed_by IS NOT NULL"),
            postgresql_where=text("disputed_by IS NOT NULL"),
        ),
        Index(
            "ix_inspections_standing_review",
            "standing_review",
            unique=True,
            sqlite_where=text("standing_review IS NOT NULL"),
            postgresql_where=text("standing_review IS NOT NULL"),
        ),
        Index(
            "ix_inspections_reviewed",
            "captured_at",
            "seq",
            sqlite_where=text("standing_review IS NOT NULL"),
            postgresql_where=text("standing_review IS NOT NULL"),
        ),
        Index(
            "ix_inspections_golden_check",
            "seq",
            sqlite_where=text("golden_check IS NOT NULL"),
            postgresql_where=text("golden_check IS NOT NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True)
    inspection_id: Mapped[str]
    station: Mapped[str]
    part_number: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[datetime]
    decided_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    camera: Mapped[str]
    source: Mapped[str | None]
    truth: Mapped[str | None]
    recipe: Mapped[str]
    model_id: Mapped[str | None]
    verdict: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str]
    score: Mapped[float | None]
    p_value: Mapped[float | None]
    ok_limit: Mapped[float | None]
    ng_limit: Mapped[float | None]
    class_name: Mapped[str | None]
    class_confidence: Mapped[float | None]
    latency_ms: Mapped[float | None]
    image_path: Mapped[str | None]
    heatmap_path: Mapped[str | None]
    # Since revision 0002: the review queue's order and the answer that stands.
    queue_rank: Mapped[int] = mapped_column(server_default=text("0"))
    standing_review: Mapped[int | None] = mapped_column(BigInteger)
    # Since revision 0010: what orders a rank, and the answer that contradicted another expert's.
    queue_weight: Mapped[float] = mapped_column(server_default=text("0"))
    disputed_by: Mapped[int | None] = mapped_column(BigInteger)
    # Since revision 0005: what trigger, scanner or picture told of the part.
    serial: Mapped[str | None]
    # Since revision 0006.
    lot: Mapped[str | None]
    # Since revision 0009: the golden-sample check that the part was laid in for; no production.
    golden_check: Mapped[str | None]


class RegionRow(Base):
    """One anomalous area of a part; fractions of the picture."""

    __tablename__ = "regions"

    inspection_seq: Mapped[int] = mapped_column(
        BigKey, ForeignKey("inspections.seq", ondelete="RESTRICT"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    height: Mapped[float]
    score: Mapped[float]


class ReviewRow(Base):
    """One expert answer, or the withdrawal of one. Appended and hash-chained, never changed."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("(label IS NULL) = (withdraws IS NOT NULL)", name="answer_or_withdrawal"),
        UniqueConstraint("withdraws"),
        Index(None, "inspection_id"),
        Index(None, "reviewer", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    inspection_id: Mapped[str] = mapped_column(
        ForeignKey("inspections.inspection_id", ondelete="RESTRICT")
    )
    label: Mapped[str | None]
    class_name: Mapped[str | None]
    reviewer: Mapped[str]
    reviewed_at: Mapped[datetime]
    withdraws: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("reviews.seq", ondelete="RESTRICT")
    )
    previous_hash: Mapped[str]
    hash: Mapped[str]


class ReviewRepeatRow(Base):
    """A reviewer's second answer to a part, asked for without telling, or its withdrawal.

    ``repeats`` is the first answer. Appended and hash-chained, never changed; never stands.
    """

    __tablename__ = "review_repeats"
    __table_args__ = (
        CheckConstraint("(label IS NULL) = (withdraws IS NOT NULL)", name="answer_or_withdrawal"),
        UniqueConstraint("withdraws"),
        Index(None, "repeats"),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    inspection_id: Mapped[str] = mapped_column(
        ForeignKey("inspections.inspection_id", ondelete="RESTRICT")
    )
    repeats: Mapped[int] = mapped_column(BigInteger, ForeignKey("reviews.seq", ondelete="RESTRICT"))
    label: Mapped[str | None]
    class_name: Mapped[str | None]
    reviewer: Mapped[str]
    reviewed_at: Mapped[datetime]
    withdraws: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("review_repeats.seq", ondelete="RESTRICT")
    )
    previous_hash: Mapped[str]
    hash: Mapped[str]


class ReviewAssignmentRow(Base):
    """A part that somebody was asked about; at most one open row for each part."""

    __tablename__ = "review_assignments"
    __table_args__ = (
        Index(
            "uq_review_assignments_open",
            "inspection_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "answered_by"),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True)
    inspection_id: Mapped[str] = mapped_column(
        ForeignKey("inspections.inspection_id", ondelete="RESTRICT")
    )
    assignee: Mapped[str]
    assigned_by: Mapped[str]
    assigned_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("reviews.seq", ondelete="RESTRICT")
    )


class MaskRow(Base):
    """One version of a painted region, or its removal. Appended and hash-chained, never changed.

    A row is superseded when another one names it in ``supersedes``.
    """

    __tablename__ = "masks"
    __table_args__ = (
        CheckConstraint("(path IS NULL) = (class_name IS NULL)", name="mask_or_removal"),
        CheckConstraint("(path IS NULL) = (sha256 IS NULL)", name="mask_has_hash"),
        UniqueConstraint("supersedes"),
        Index(None, "inspection_id"),
        Index(None, "class_name"),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    inspection_id: Mapped[str] = mapped_column(
        ForeignKey("inspections.inspection_id", ondelete="RESTRICT")
    )
    region: Mapped[int]
    class_name: Mapped[str | None]
    path: Mapped[str | None]
    sha256: Mapped[str | None]
    author: Mapped[str]
    created_at: Mapped[datetime]
    supersedes: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("masks.seq", ondelete="RESTRICT")
    )
    previous_hash: Mapped[str]
    hash: Mapped[str]


class OverrideRow(Base):
    """A person's decision beside the machine's verdict; NULL takes the one before back.

    Appended and hash-chained, never changed; the last row of a part stands.
    """

    __tablename__ = "overrides"
    __table_args__ = (
        CheckConstraint("verdict IN ('OK', 'NG')", name="verdict"),
        CheckConstraint("length(reason) > 0", name="reason"),
        Index(None, "inspection_id"),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    inspection_id: Mapped[str] = mapped_column(
        ForeignKey("inspections.inspection_id", ondelete="RESTRICT")
    )
    verdict: Mapped[str | None]
    reason: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditEventRow(Base):
    """Who did what. ``details`` is canonical JSON text, so that its hash can be taken again."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "at"), Index(None, "action", "seq"))

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class PictureRemovalRow(Base):
    """A part whose picture was left out ("rule") or deleted ("age"); since revision 0008."""

    __tablename__ = "picture_removals"
    __table_args__ = (
        CheckConstraint("why IN ('rule', 'age')", name="why"),
        Index(
            "ix_picture_removals_unfinished",
            "at",
            sqlite_where=text("NOT files_gone"),
            postgresql_where=text("NOT files_gone"),
        ),
    )

    inspection_id: Mapped[str] = mapped_column(
        ForeignKey("inspections.inspection_id", ondelete="RESTRICT"), primary_key=True
    )
    why: Mapped[str]
    at: Mapped[datetime]
    files_gone: Mapped[bool]


class RecipeRow(Base):
    """One revision of a product's set-up; old revisions are kept."""

    __tablename__ = "recipes"
    __table_args__ = (UniqueConstraint("name", "revision"),)

    recipe_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int]
    camera: Mapped[str]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class ModelVersionRow(Base):
    """One taught bundle in the library; at most one per recipe is active."""

    __tablename__ = "model_versions"
    __table_args__ = (
        Index(None, "recipe", "created_at"),
        Index(
            "uq_model_versions_active_recipe",
            "recipe",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    model_id: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str]
    product: Mapped[str]
    model: Mapped[str]
    path: Mapped[str]
    parent: Mapped[str | None]
    created_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    active: Mapped[bool]
    activated_at: Mapped[datetime | None]


class TrainingJobRow(Base):
    """One teaching or retraining run."""

    __tablename__ = "training_jobs"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed', 'cancelled')", name="state"),
        Index(None, "recipe", "started_at"),
    )

    job_id: Mapped[str] = mapped_column(primary_key=True)
    recipe: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    options: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    model_id: Mapped[str | None]
    error_code: Mapped[str | None]
    message: Mapped[str | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)


class UserRow(Base):
    """Somebody who may act; ``password_hash`` is the PIN as argon2id text, or None for none."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("badge_hash"))

    user_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    active: Mapped[bool]
    created_at: Mapped[datetime]
    # Since revision 0004: a keyed hash, never the badge's code.
    badge_hash: Mapped[str | None]


class LogInAttemptRow(Base):
    """Failed log-ins in a row for one name or reader; gone after a success."""

    __tablename__ = "log_in_attempts"

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime]


class OutboxRow(Base):
    """One message to the plant, written in the same transaction as what it tells."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index(
            "ix_outbox_unsent",
            "seq",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    seq: Mapped[int] = mapped_column(BigKey, primary_key=True)
    message_id: Mapped[str]
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int]


class IntentRow(Base):
    """A part whose picture is being written; what is left of it after a crash is swept."""

    __tablename__ = "intents"
    __table_args__ = (Index(None, "station"),)

    inspection_id: Mapped[str] = mapped_column(primary_key=True)
    station: Mapped[str]
    created_at: Mapped[datetime]
    part_number: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[datetime]
    camera: Mapped[str]
    source: Mapped[str | None]
    truth: Mapped[str | None]
    recipe: Mapped[str]
    image_path: Mapped[str | None]
    heatmap_path: Mapped[str | None]
    serial: Mapped[str | None]  # since revision 0005
    # Since revision 0006.
    lot: Mapped[str | None]
    golden_check: Mapped[str | None]  # since revision 0009
