"""Alembic's environment: runs in the connection and transaction that db.migrate gives it."""

from __future__ import annotations

from alembic import context

from db.errors import StoreError
from db.models import Base

connection = context.config.attributes["connection"]
sqlite = connection.dialect.name == "sqlite"

# A batch change drops and re-creates the parent table: with foreign keys on, SQLite deletes or
# refuses its children. The pragma does nothing inside a transaction, so db.migrate set it before.
if sqlite and connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
    raise StoreError("store_fault", "Foreign keys must be off while the database is upgraded.")

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=sqlite,
    compare_type=True,
)
context.run_migrations()

if sqlite:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreError(
            "migration_failed",
            f"The upgrade would have left {len(broken)} rows without their parent.",
            table=broken[0][0],
        )
