"""The first tables: log, reviews, library, users, audit, outbox, intents.

Revision 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.types import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create everything; children after their parents."""
    _create_log()
    _create_library()
    _create_administration()


def _create_log() -> None:
    op.create_table(
        "inspections",
        sa.Column("seq", BigKey, nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("part_number", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("truth", sa.Text(), nullable=True),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("p_value", sa.Double(), nullable=True),
        sa.Column("ok_limit", sa.Double(), nullable=True),
        sa.Column("ng_limit", sa.Double(), nullable=True),
        sa.Column("class_name", sa.Text(), nullable=True),
        sa.Column("class_confidence", sa.Double(), nullable=True),
        sa.Column("latency_ms", sa.Double(), nullable=True),
        sa.Column("image_path", sa.Text(), nullable=True),
        sa.Column("heatmap_path", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('OK', 'NG', 'REVIEW', 'NOT_INSPECTED')",
            name=op.f("ck_inspections_verdict"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inspections")),
        sa.UniqueConstraint("inspection_id", name=op.f("uq_inspections_inspection_id")),
    )
    op.create_index(
        op.f("ix_inspections_captured_at_seq"), "inspections", ["captured_at", "seq"], unique=False
    )
    op.create_index(
        op.f("ix_inspections_class_name_captured_at_seq"),
        "inspections",
        ["class_name", "captured_at", "seq"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inspections_model_id_captured_at_seq"),
        "inspections",
        ["model_id", "captured_at", "seq"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inspections_part_number"), "inspections", ["part_number"], unique=False
    )
    op.create_index(
        op.f("ix_inspections_recipe_captured_at_seq"),
        "inspections",
        ["recipe", "captured_at", "seq"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inspections_verdict_captured_at_seq"),
        "inspections",
        ["verdict", "captured_at", "seq"],
        unique=False,
    )
    op.create_table(
        "regions",
        sa.Column("inspection_seq", BigKey, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("height", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_seq"],
            ["inspections.seq"],
            name=op.f("fk_regions_inspection_seq_inspections"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("inspection_seq", "position", name=op.f("pk_regions")),
    )
    op.create_table(
        "reviews",
        sa.Column("seq", BigKey, autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("class_name", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=False),
        sa.Column("withdraws", sa.BigInteger(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(label IS NULL) = (withdraws IS NOT NULL)",
            name=op.f("ck_reviews_answer_or_withdrawal"),
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.inspection_id"],
            name=op.f("fk_reviews_inspection_id_inspections"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdraws"],
            ["reviews.seq"],
            name=op.f("fk_reviews_withdraws_reviews"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reviews")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_reviews_withdraws")),
    )
    op.create_index(op.f("ix_reviews_inspection_id"), "reviews", ["inspection_id"], unique=False)


def _create_library() -> None:
    op.create_table(
        "recipes",
        sa.Column("recipe_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("recipe_id", name=op.f("pk_recipes")),
        sa.UniqueConstraint("name", "revision", name=op.f("uq_recipes_name_revision")),
    )
    op.create_table(
        "model_versions",
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("activated_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_model_versions")),
    )
    op.create_index(
        op.f("ix_model_versions_recipe_created_at"),
        "model_versions",
        ["recipe", "created_at"],
        unique=False,
    )
    op.create_index(
        "uq_model_versions_active_recipe",
        "model_versions",
        ["recipe"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "training_jobs",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("model_id", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("result", Json, nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_training_jobs_state"),
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_training_jobs")),
    )
    op.create_index(
        op.f("ix_training_jobs_recipe_started_at"),
        "training_jobs",
        ["recipe", "started_at"],
        unique=False,
    )


def _create_administration() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    op.create_table(
        "audit_events",
        sa.Column("seq", BigKey, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_at"), "audit_events", ["at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("seq", BigKey, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "intents",
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("part_number", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("truth", sa.Text(), nullable=True),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("image_path", sa.Text(), nullable=True),
        sa.Column("heatmap_path", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_intents")),
    )
    op.create_index(op.f("ix_intents_station"), "intents", ["station"], unique=False)
