"""Repositories: each returns dataclasses of db.records, never rows."""
