"""Diagnostics for support: what is in them, and that no planted secret and no picture is."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.records import UserRecord
from db.repositories.users import UserRepository
from db.store import Store
from qc_station.domain.activity import ActivityKind, ActivityState
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.credentials import Credentials, load_secret
from qc_station.services.diagnostics import DiagnosticFile, DiagnosticsService, Sources
from qc_station.services.scrubbing import Scrubber
from qc_station.services.tasks import TaskPool
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import Settings
from tests.backup_support import fill_home
from tests.store_support import NOON

keep_constants_alive()
PIN, BADGE = "846302", "04A2B9F1"
CAMERA = "rtsp://viewer:hunter2secret@10.0.0.7/stream?token=abcdef123"
DATABASE = "postgresql://qc:dbpassw0rd@server/qc"
DOCTOR = (sys.executable, "-c", "import json; print(json.dumps({'said': 'well', 'by': 'Ada L.'}))")


class Rig:
    """A home with planted secrets."""

    def __init__(self, home: Path, doctor: tuple[str, ...] = DOCTOR) -> None:
        self.paths = StationPaths(home).ensure()
        self.store: Store = fill_home(home)
        self.paths.access_secret.unlink()
        self.secret = load_secret(self.paths.access_secret)
        credentials = Credentials(self.secret)
        self.pin_hash, self.badge_hash = credentials.pin_hash(PIN), credentials.badge_hash(BADGE)
        user = UserRecord("Ada L.", "administrator", NOON, self.pin_hash, True, self.badge_hash)
        self.store.write(lambda session: UserRepository(session).add(user))
        (self.paths.logs / "station.log").write_text(
            f"2026-11-25 03:00:00,123 INFO MainThread x: Ada L. opened {CAMERA}\n"
            f"2026-11-25 03:00:01,123 ERROR MainThread x: {DATABASE} refused, password=topsecret9\n"
            f"2026-11-25 03:00:02,123 ERROR MainThread x: {self.secret.hex()} {self.badge_hash}\n"
            f"2026-11-25 03:00:03,123 ERROR MainThread x: {self.pin_hash} {home}/images/x.png\n"
        )
        self.tasks = TaskPool()
        self.activities = Activities(self.tasks)
        self.audit = AuditLog(self.store)
        self.service = DiagnosticsService(
            self.paths, self.store,
            Sources(lambda: Settings(camera=CAMERA, operator="Bob"), lambda: None, DATABASE),
            self.activities, self.audit, command=doctor,
        )  # fmt: skip

    def gather(self, qtbot: QtBot, *, keep_names: bool = False) -> dict[str, DiagnosticFile]:
        with qtbot.waitSignal(self.service.gathered, timeout=20_000) as told:
            self.service.gather(keep_names=keep_names, actor="Ada L.")
        return {file.name: file for file in told.args[0]}

    def close(self) -> None:
        self.activities.close()
        assert self.tasks.close()
        self.store.close()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "home")
    yield made
    made.close()


def test_no_planted_secret_leaves_the_station(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    files = rig.gather(qtbot)
    target = tmp_path / "d.zip"
    with qtbot.waitSignal(rig.service.written):
        rig.service.write(list(files.values()), target, "Ada L.")
    with zipfile.ZipFile(target) as packed:
        assert packed.testzip() is None
        whole = "".join(packed.read(n).decode() for n in packed.namelist())
        assert sorted(packed.namelist()) == sorted(files), "the zip is what was shown"
        assert not [n for n in packed.namelist() if n.endswith((".png", ".key", ".sqlite3"))]
    for planted in (
        "hunter2secret", "abcdef123", "dbpassw0rd", "topsecret9", rig.secret.hex(),
        rig.pin_hash, rig.badge_hash, "$argon2", PIN, BADGE, "Ada L.", "Bob",
        str(rig.paths.home),
    ):  # fmt: skip
        assert planted not in whole, planted
    assert "person 1" in whole
    assert rig.audit.newest(1)[0].action == "diagnostics.written"


def test_what_support_needs_is_there(rig: Rig, qtbot: QtBot) -> None:
    files = rig.gather(qtbot)
    database = json.loads(files["database.json"].text)
    assert database["rows"]["inspections"] == 3 and database["revision"]
    assert database["verdicts"] == {"OK": 3}
    assert "PySide6_Essentials" in files["versions.json"].text
    assert json.loads(files["doctor.json"].text)["said"] == "well"
    assert "patch_memory-1" in files["models/patch_memory-1.json"].text
    settings = json.loads(files["settings.json"].text)
    assert settings["camera"].startswith("rtsp://***@10.0.0.7") and settings["deadline_ms"] == 2000
    assert "refused" in files["logs/station.log"].text


def test_names_stay_only_where_somebody_ticked_them(rig: Rig, qtbot: QtBot) -> None:
    whole = "".join(file.text for file in rig.gather(qtbot, keep_names=True).values())
    assert "Ada L." in whole and "Bob" in whole
    assert "hunter2secret" not in whole and rig.pin_hash not in whole


@pytest.mark.parametrize("doctor", [("/no/such/engine",), (sys.executable, "-c", "1/0")])
def test_an_engine_that_does_not_start_is_a_finding(
    qtbot: QtBot, tmp_path: Path, doctor: tuple[str, ...]
) -> None:
    rig = Rig(tmp_path / "home", doctor)
    try:
        found = json.loads(rig.gather(qtbot)["doctor.json"].text)
        assert "failed" in found or "ZeroDivisionError" in found["said"]
    finally:
        rig.close()


def test_gathering_can_be_cancelled_while_the_engine_hangs(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(tmp_path / "home", (sys.executable, "-c", "import time; time.sleep(600)"))
    try:
        with qtbot.waitSignal(rig.service.failed, timeout=20_000) as told:
            rig.service.gather(keep_names=False, actor="x")
            rig.activities.cancel(rig.activities.all()[0].number)
        assert told.args[0] == "cancelled_work"
        assert rig.activities.all()[0].state is ActivityState.CANCELLED
        assert not rig.activities.running(ActivityKind.DIAGNOSTICS)
    finally:
        rig.close()


def test_a_disk_that_refuses_leaves_no_half_zip(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "d.zip"
    with qtbot.waitSignal(rig.service.failed):
        rig.service.write([DiagnosticFile("a", "log", "x")], target, "x")
    assert not target.parent.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a:b@c/d", "http://***@c/d"),
        ("rtsp://user@c/d", "rtsp://***@c/d"),
        ('"password": "x y"', '"password": "***"'),
        ("password='x y' z", "password='***' z"),
        ("pin=123456", "pin=***"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("spinning: 7", "spinning: 7"),
        ("https://x/y?key=1&z=2", "https://x/y?***"),
        ("Jo and Joanna, JO", "person 1 and Joanna, person 1"),
        ("mail user@host", "mail user@host"),
    ],
)
def test_scrubbing(text: str, expected: str) -> None:
    assert Scrubber((), ("Jo",))(text) == expected
