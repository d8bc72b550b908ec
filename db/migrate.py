"""Brings a database to the newest revision, after a backup. Knows no repositories."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from db.backup import backup_before_migration
from db.engine import Database, foreign_keys_off, foreign_keys_on
from db.errors import StoreError, as_store_error
from db.guards import install_guards

_SCRIPTS = Path(__file__).parent / "migrations"
_log = logging.getLogger(__name__)


def head_revision() -> str:
    """The newest revision this program knows."""
    return _known_head(ScriptDirectory.from_config(_config()))


def current_revision(database: Database) -> str | None:
    """The revision of the open database; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, revision: str = "head") -> Path | None:
    """Upgrade in one transaction; the backup's path if one was made (SQLite with rows only).

    Raises StoreError: store_newer for a database of a newer program, migration_failed with the
    backup's path otherwise. On any error the database stays as it was.
    """
    try:
        scripts = ScriptDirectory.from_config(_config())
        before = current_revision(database)
        known = {script.revision for script in scripts.walk_revisions()}
        if before is not None and before not in known:
            raise StoreError(
                "store_newer",
                f"The database was written by a newer version of QC Station (revision {before}): "
                "install that version.",
                revision=before,
            )
        target = _known_head(scripts) if revision == "head" else revision
        if before == target:
            return None
        backup = backup_before_migration(database, before) if before is not None else None
        _upgrade(database, target, backup)
    except (SQLAlchemyError, OSError) as error:
        raise as_store_error(error) from error
    _log.info("database upgraded from %s to %s", before or "nothing", target)
    return backup


def _known_head(scripts: ScriptDirectory) -> str:
    head = scripts.get_current_head()
    if head is None:
        raise StoreError("store_fault", "This program was installed without its migrations.")
    return head


def _upgrade(database: Database, target: str, backup: Path | None) -> None:
    config = _config()
    with database.engine.execution_options(qc_writes=True).connect() as connection:
        foreign_keys_off(connection)
        try:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, target)
                install_guards(connection)
        except SQLAlchemyError as error:
            where = f" The backup is {backup}." if backup else ""
            raise StoreError(
                "migration_failed",
                f"The database could not be upgraded and stays as it was.{where}",
                backup=str(backup or ""),
                cause=str(error),
            ) from error
        finally:
            foreign_keys_on(connection)


def _config() -> Config:
    config = Config()
    # Alembic interpolates "%" in options, and a folder's name may hold one.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
