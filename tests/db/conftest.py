"""A throw-away PostgreSQL beside SQLite: repository tests run on both where a server is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from db.engine import Database, open_database
from db.migrate import upgrade
from db.records import InspectionRecord, RegionRecord

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def _binaries() -> Path | None:
    """The folder of initdb and pg_ctl: Debian keeps one per major version."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _as_postgres() -> list[str]:
    """initdb refuses root: run it as the system's postgres user then."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    runner = shutil.which("runuser")
    known = subprocess.run(["id", "-u", "postgres"], capture_output=True, check=False)
    if runner is None or known.returncode != 0:
        pytest.skip("PostgreSQL does not run as root, and there is no postgres user to run it")
    return [runner, "-u", "postgres", "--"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Address of a server of its own on a Unix socket, stopped at the end of the tests."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = _binaries()
    if binaries is None or sys.platform == "win32":
        pytest.skip("PostgreSQL's initdb is not installed (Debian: apt install postgresql)")
    prefix = _as_postgres()
    # Short, because a socket's path may have 107 characters at most.
    folder = Path(tempfile.mkdtemp(prefix="qcpg"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
        shutil.chown(data, "postgres", "postgres")

    def run(*command: str) -> None:
        subprocess.run([*prefix, *command], check=True, capture_output=True, timeout=60, cwd=folder)

    try:
        run(
            str(binaries / "initdb"), "-D", str(data), "-U", "qc", "-A", "trust",
            "-E", "UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        options = f"-k {folder} -c listen_addresses='' -c shared_buffers=16MB -c fsync=off"
        run(
            str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"),
            "-o", options, "start",
        )  # fmt: skip
        yield f"postgresql+psycopg://qc@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database, once on each dialect."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'station.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgresql")
    name = f"qc_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.replace("/postgres?", f"/{name}?")
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """An open database at the newest revision."""
    opened = open_database(address)
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def make_record() -> Callable[..., InspectionRecord]:
    """``make_record(3, verdict="NG")``: part 3, captured three seconds after noon."""

    def make(number: int, **changes: Any) -> InspectionRecord:
        values: dict[str, Any] = {
            "inspection_id": f"part-{number}",
            "station": "1",
            "part_number": number,
            "captured_at": NOON + timedelta(seconds=number),
            "decided_at": NOON + timedelta(seconds=number, milliseconds=40),
            "recorded_at": NOON + timedelta(seconds=number, milliseconds=50),
            "camera": "folder:/pictures",
            "source": f"test/{number:03}.png",
            "truth": "good",
            "recipe": "bottle",
            "model_id": "patch_memory-1",
            "verdict": "OK",
            "reason": "below_ok_limit",
            "detail": "",
            "score": 1.25,
            "p_value": 0.5,
            "ok_limit": 2.0,
            "ng_limit": 3.0,
            "class_name": None,
            "class_confidence": None,
            "latency_ms": 12.5,
            "image_path": None,
            "heatmap_path": None,
            "regions": (RegionRecord(0.1, 0.2, 0.3, 0.4, 5.5),),
        }
        return InspectionRecord(**{**values, **changes})

    return make
