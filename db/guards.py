"""Triggers that refuse to change what is written once. Installed after every migration."""

from __future__ import annotations

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

APPEND_ONLY = (
    "reviews", "audit_events", "regions", "masks", "overrides", "review_repeats",
)  # fmt: skip
_MACHINE_COLUMNS = (
    "seq, inspection_id, station, part_number, captured_at, decided_at, camera, source, truth, "
    "recipe, model_id, verdict, reason, detail, score, p_value, ok_limit, ng_limit, class_name, "
    "class_confidence, latency_ms, image_path, heatmap_path, serial, lot, golden_check"
)
_MESSAGE = "this row is written once"


def install_guards(connection: Connection) -> None:
    """Create what is missing; a batch migration drops a table's triggers with the old table."""
    tables = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION qc_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = '23001'; END $$"
            )
        )
    for table in APPEND_ONLY:
        if table in tables:
            _guard(connection, table, "UPDATE")
            _guard(connection, table, "DELETE")
    if "inspections" in tables:
        there = {column["name"] for column in inspect(connection).get_columns("inspections")}
        columns = ", ".join(name for name in _MACHINE_COLUMNS.split(", ") if name in there)
        _guard(connection, "inspections", "UPDATE", f"UPDATE OF {columns}")
        _guard(connection, "inspections", "DELETE")


def _guard(connection: Connection, table: str, event: str, on: str | None = None) -> None:
    name = f"tr_{table}_no_{event.lower()}"
    if connection.dialect.name == "sqlite":
        statement = (
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {on or event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        )
    else:
        statement = (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {on or event} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION qc_refuse_change()"
        )
    connection.exec_driver_sql(statement)
