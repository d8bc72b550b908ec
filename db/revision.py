"""Which revision a database has and which this program wants. Light: knows no Alembic."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from db.engine import Database
from db.errors import as_store_error

HEAD = "0010"
"""The newest revision below db/migrations; a test compares it with what Alembic finds there."""


def is_current(database: Database) -> bool:
    """Whether the database has the newest revision, so that Alembic may stay out. StoreError."""
    try:
        with database.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            rows = connection.execute(text("SELECT version_num FROM alembic_version"))
            return rows.scalars().all() == [HEAD]
    except SQLAlchemyError as error:
        raise as_store_error(error) from error
