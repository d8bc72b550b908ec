"""The review queue is ordered by expected cost; repeats, assignments and disagreements of experts.

Revision 0010 after 0009. No table is copied: at a million parts it takes seconds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DISPUTED = sa.text("disputed_by IS NOT NULL")
WAITING = sa.text("queue_rank > 0 AND standing_review IS NULL")
OPEN = sa.text("closed_at IS NULL")

# The rule of qc_station.domain.review_queue with its default costs: 10 for an escape, 1 for a
# false alarm, 0.5 for a wrong class. A defect has probability 0.05 at the OK limit, 0.95 at the
# NG limit.
DEFECT = "(0.05 + 0.9 * (score - ok_limit) / (ng_limit - ok_limit))"
GOOD = (
    "(CASE WHEN score > 0 AND ng_limit BETWEEN 0 AND score "
    "THEN 0.05 * ng_limit / score ELSE 0.5 END)"
)
COST = f"""
UPDATE inspections SET queue_rank = 1, queue_weight = CASE
  WHEN verdict = 'NG' THEN {GOOD} + CASE
    WHEN class_name IS NULL OR class_confidence IS NULL THEN 0.0
    ELSE 0.5 * (1.0 - {GOOD}) * (1.0 - class_confidence) END
  WHEN reason = 'between_limits' AND ng_limit > ok_limit AND score BETWEEN ok_limit AND ng_limit
    THEN CASE WHEN 11.0 * {DEFECT} < 1.0 THEN 10.0 * {DEFECT} ELSE 1.0 - {DEFECT} END
  ELSE 10.0 / 11.0 END
WHERE verdict IN ('REVIEW', 'NG') AND golden_check IS NULL
"""


def upgrade() -> None:
    """Weigh what is in the queue anew, then add what experts say to each other."""
    op.execute("ALTER TABLE inspections RENAME COLUMN uncertainty TO queue_weight")
    op.add_column("inspections", sa.Column("disputed_by", sa.BigInteger(), nullable=True))
    op.execute(COST)
    op.drop_index("ix_inspections_review_queue", "inspections")
    op.create_index(
        "ix_inspections_review_queue",
        "inspections",
        [
            "queue_rank", "queue_weight", "seq", "recipe", "verdict", "class_name", "captured_at",
            "inspection_id",
        ],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )  # fmt: skip
    op.create_index(
        "ix_inspections_disputed",
        "inspections",
        ["disputed_by"],
        sqlite_where=DISPUTED,
        postgresql_where=DISPUTED,
    )
    op.create_index(op.f("ix_reviews_reviewer_seq"), "reviews", ["reviewer", "seq"])
    _create_repeats()
    _create_assignments()


def _create_repeats() -> None:
    op.create_table(
        "review_repeats",
        sa.Column("seq", BigKey, autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("repeats", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("class_name", sa.Text(), nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=False),
        sa.Column("withdraws", sa.BigInteger(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(label IS NULL) = (withdraws IS NOT NULL)",
            name=op.f("ck_review_repeats_answer_or_withdrawal"),
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.inspection_id"],
            name=op.f("fk_review_repeats_inspection_id_inspections"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["repeats"],
            ["reviews.seq"],
            name=op.f("fk_review_repeats_repeats_reviews"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["withdraws"],
            ["review_repeats.seq"],
            name=op.f("fk_review_repeats_withdraws_review_repeats"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review_repeats")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_review_repeats_withdraws")),
    )
    op.create_index(op.f("ix_review_repeats_repeats"), "review_repeats", ["repeats"])


def _create_assignments() -> None:
    op.create_table(
        "review_assignments",
        sa.Column("seq", BigKey, nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.inspection_id"],
            name=op.f("fk_review_assignments_inspection_id_inspections"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["reviews.seq"],
            name=op.f("fk_review_assignments_answered_by_reviews"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review_assignments")),
    )
    op.create_index(
        "uq_review_assignments_open",
        "review_assignments",
        ["inspection_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_review_assignments_answered_by", "review_assignments", ["answered_by"])
