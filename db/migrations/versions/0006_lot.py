"""The lot that each part belongs to, also of parts that are still being written. May be none.

Revision 0006 after 0005. The guard of the machine's columns is made again, because it covers the
lot too; it comes back with every migration.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; an ALTER TABLE without a copy of the log."""
    op.add_column("inspections", sa.Column("lot", sa.Text(), nullable=True))
    op.add_column("intents", sa.Column("lot", sa.Text(), nullable=True))
    op.create_index(
        op.f("ix_inspections_lot_captured_at_seq"), "inspections", ["lot", "captured_at", "seq"]
    )
    guard = "DROP TRIGGER IF EXISTS tr_inspections_no_update"
    on_table = " ON inspections" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(guard + on_table)
