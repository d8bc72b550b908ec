"""The review queue is an index: rank, uncertainty and the standing answer beside each part.

Revision 0002 after 0001. At a million parts the queue no longer reads the whole log.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("queue_rank > 0 AND standing_review IS NULL")
ANSWERED = sa.text("standing_review IS NOT NULL")

RANK = """
UPDATE inspections SET
  queue_rank = CASE verdict WHEN 'REVIEW' THEN 2 ELSE 1 END,
  uncertainty = CASE
    WHEN verdict = 'REVIEW' AND reason = 'between_limits' AND score IS NOT NULL
         AND ng_limit > ok_limit AND score BETWEEN ok_limit AND ng_limit
      THEN 1.0 - ABS(2.0 * score - ok_limit - ng_limit) / (ng_limit - ok_limit)
    WHEN verdict = 'NG' AND score > 0 AND ng_limit BETWEEN 0 AND score THEN ng_limit / score
    ELSE 1.0 END
WHERE verdict IN ('REVIEW', 'NG')
"""
STANDING = """
UPDATE inspections SET standing_review = (
  SELECT MAX(answer.seq) FROM reviews AS answer
  WHERE answer.inspection_id = inspections.inspection_id AND answer.label IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM reviews AS other WHERE other.withdraws = answer.seq))
WHERE inspection_id IN (SELECT inspection_id FROM reviews)
"""


def upgrade() -> None:
    """Add the three columns, fill them from the rows that are there, then index them."""
    with op.batch_alter_table("inspections") as batch:
        batch.add_column(
            sa.Column("queue_rank", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        batch.add_column(
            sa.Column("uncertainty", sa.Double(), server_default=sa.text("0"), nullable=False)
        )
        batch.add_column(sa.Column("standing_review", sa.BigInteger(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_inspections_queue_rank"), "queue_rank BETWEEN 0 AND 2"
        )
    op.execute(RANK)
    op.execute(STANDING)
    op.create_index(
        "ix_inspections_review_queue",
        "inspections",
        ["queue_rank", "uncertainty", "seq"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_inspections_standing_review",
        "inspections",
        ["standing_review"],
        unique=True,
        sqlite_where=ANSWERED,
        postgresql_where=ANSWERED,
    )
    op.create_index(
        "ix_inspections_reviewed",
        "inspections",
        ["captured_at", "seq"],
        sqlite_where=ANSWERED,
        postgresql_where=ANSWERED,
    )
