"""Overrides: what a person decided against the machine, appended and hash-chained.

Revision 0007 after 0006. The machine's verdict stays where it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table; the guards come with every migration."""
    op.create_table(
        "overrides",
        sa.Column("seq", BigKey, autoincrement=False, nullable=False),
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('OK', 'NG')", name=op.f("ck_overrides_verdict")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_overrides_reason")),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.inspection_id"],
            name=op.f("fk_overrides_inspection_id_inspections"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_overrides")),
    )
    op.create_index(
        op.f("ix_overrides_inspection_id"), "overrides", ["inspection_id"], unique=False
    )
