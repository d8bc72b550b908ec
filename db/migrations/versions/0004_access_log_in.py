"""Log-in: the keyed hash of a user's badge, and the failed attempts that a restart must not forget.

Revision 0004. Users and attempts only; no other table is touched.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the badge to the users and create the table of attempts."""
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("badge_hash", sa.Text(), nullable=True))
        batch.create_unique_constraint(op.f("uq_users_badge_hash"), ["badge_hash"])
    op.create_table(
        "log_in_attempts",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("blocked_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_log_in_attempts")),
    )
