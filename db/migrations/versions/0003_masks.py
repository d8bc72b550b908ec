"""Painted masks: one row for each version of a region, appended and hash-chained.

Revision 0003 after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; the guards come with every migration."""
    op.create_table(
        "masks",
        sa.Column("seq", BigKey, autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("region", sa.Integer(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("supersedes", sa.BigInteger(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(path IS NULL) = (class_name IS NULL)", name=op.f("ck_masks_mask_or_removal")
        ),
        sa.CheckConstraint(
            "(path IS NULL) = (sha256 IS NULL)", name=op.f("ck_masks_mask_has_hash")
        ),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.inspection_id"],
            name=op.f("fk_masks_inspection_id_inspections"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["masks.seq"],
            name=op.f("fk_masks_supersedes_masks"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_masks")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_masks_supersedes")),
    )
    op.create_index(op.f("ix_masks_inspection_id"), "masks", ["inspection_id"], unique=False)
    op.create_index(op.f("ix_masks_class_name"), "masks", ["class_name"], unique=False)
