"""Pictures that a recipe's storage rule left out or deleted; the verdict's row always stays.

Revision 0008. A table of its own: what the machine wrote of a part is never changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "picture_removals",
        sa.Column("inspection_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("files_gone", sa.Boolean(), nullable=False),
        sa.CheckConstraint("why IN ('rule', 'age')", name=op.f("ck_picture_removals_why")),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.inspection_id"],
            name=op.f("fk_picture_removals_inspection_id_inspections"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_picture_removals")),
    )
    op.create_index(
        "ix_picture_removals_unfinished",
        "picture_removals",
        ["at"],
        unique=False,
        sqlite_where=sa.text("NOT files_gone"),
        postgresql_where=sa.text("NOT files_gone"),
    )
