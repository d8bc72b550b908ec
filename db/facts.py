"""How much a database holds, for people who look after it. No contents, only counts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from db.engine import Database
from db.models import Base, InspectionRow, UserRow


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """Rows per table, parts per verdict, users per role, and what runs the database."""

    dialect: str
    version: str
    journal_mode: str
    revision: str
    rows: dict[str, int]
    verdicts: dict[str, int]
    roles: dict[str, int]


def store_facts(database: Database) -> StoreFacts:
    """Counts of this moment. StoreError."""

    def work(session: Session) -> StoreFacts:
        rows = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in sorted(Base.metadata.tables.items())
        }
        verdicts = session.execute(
            select(InspectionRow.verdict, func.count()).group_by(InspectionRow.verdict)
        )
        roles = session.execute(
            select(UserRow.role, func.count()).where(UserRow.active).group_by(UserRow.role)
        )
        revision = session.scalar(text("SELECT version_num FROM alembic_version"))
        return StoreFacts(
            database.dialect,
            database.server_version,
            database.journal_mode,
            str(revision),
            rows,
            {str(name): int(n) for name, n in verdicts},
            {str(name): int(n) for name, n in roles},
        )

    return database.read(work)
