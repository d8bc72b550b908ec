"""Alembic scripts; run by db.migrate, never by hand."""
