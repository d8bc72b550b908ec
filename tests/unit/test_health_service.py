"""What the status bar is told of camera, engine, disk and database."""

from __future__ import annotations

import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qc_station.camera.errors import CameraError
from qc_station.camera.status import CaptureStatus
from qc_station.domain.state import CameraState, EngineState
from qc_station.interpreter import keep_constants_alive
from qc_station.services.health import (
    EngineFacts,
    HealthLevel,
    HealthReport,
    HealthService,
    camera_health,
    disk_health,
    engine_health,
)
from qc_station.services.tasks import TaskPool

keep_constants_alive()
Usage = namedtuple("Usage", "free")


class Camera:
    status = CaptureStatus(CameraState.RUNNING, "line", fps=25.0, last_frame_age_s=0.01)


@pytest.fixture
def make_health(qapp: object, tmp_path: Path) -> Iterator[Callable[..., HealthService]]:
    pool = TaskPool()

    def make(
        database_ok: Callable[[], object] = lambda: True, backup: Callable[[], str] = str
    ) -> HealthService:
        engine = EngineFacts(EngineState.READY, 300_000_000, "model-1")
        return HealthService(
            tmp_path, Camera(), lambda: engine, database_ok, pool, 0, 0, backup=backup
        )

    yield make
    pool.close()


def test_well_station_is_ok_in_all_four(
    make_health: Callable[..., HealthService], qtbot: QtBot
) -> None:
    health = make_health()
    health.start()
    qtbot.waitUntil(lambda: health.report is not None and health.report.database.code == "ok")
    report = health.report
    assert report is not None
    assert report.level is HealthLevel.OK
    assert [item.name for item in report.items] == ["camera", "engine", "disk", "database"]
    assert report.engine.values == {"memory_mb": 300.0, "model_id": "model-1"}
    assert isinstance(report.disk.values["free_mb"], float)
    health.stop()


@pytest.mark.parametrize("answer", [False, OSError("database is locked")])
def test_database_that_fails_its_check_is_a_fault(
    make_health: Callable[..., HealthService], qtbot: QtBot, answer: object
) -> None:
    def check() -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    health = make_health(check)
    health.poll()

    def fault() -> bool:
        health.poll()
        report = health.report
        return report is not None and report.database.level is HealthLevel.FAIL

    qtbot.waitUntil(fault)
    assert health.report is not None and health.report.level is HealthLevel.FAIL


def test_database_that_does_not_answer_never_blocks_and_becomes_a_fault(
    make_health: Callable[..., HealthService], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qc_station.services.health.DATABASE_SLOW_S", 0.0)
    release = threading.Event()
    health = make_health(lambda: release.wait(5))
    reports: list[HealthReport] = []
    health.changed.connect(reports.append)
    health.poll()
    health.poll()
    release.set()
    assert reports[-1].database.code == "slow"
    assert reports[-1].database.level is HealthLevel.FAIL


@pytest.mark.parametrize(
    ("free_mb", "level", "code"),
    [(9000, HealthLevel.OK, "ok"), (3000, HealthLevel.WARN, "low"), (90, HealthLevel.FAIL, "full")],
)
def test_disk_warns_before_it_is_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_mb: int, level: HealthLevel, code: str
) -> None:
    monkeypatch.setattr("psutil.disk_usage", lambda _: Usage(free_mb * 1_000_000))
    item = disk_health(tmp_path, warn_mb=5000, fail_mb=500)
    assert (item.level, item.code, item.values["free_mb"]) == (level, code, free_mb)


def test_disk_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    assert disk_health(tmp_path / "unmounted", 1, 1).code == "unknown"


def test_lost_camera_is_a_fault_with_its_sentence() -> None:
    error = CameraError("camera_timeout", "The camera has not answered for 5 s.")
    item = camera_health(CaptureStatus(CameraState.FAULT, "line", error))
    assert (item.level, item.code) == (HealthLevel.FAIL, "camera_timeout")
    assert item.values["sentence"] == str(error)


def test_live_camera_is_late_and_a_folder_never_is() -> None:
    late = CaptureStatus(CameraState.RUNNING, "line", last_frame_age_s=2.5)
    assert camera_health(late).code == "late"
    folder = CaptureStatus(CameraState.RUNNING, "folder:/x", stepped=True, last_frame_age_s=99.0)
    assert camera_health(folder).level is HealthLevel.OK
    assert camera_health(folder).values["fps"] is None


def test_engine_without_model_warns_and_a_dead_one_fails() -> None:
    assert engine_health(EngineFacts(EngineState.READY)).level is HealthLevel.WARN
    assert engine_health(EngineFacts(EngineState.RESTARTING)).level is HealthLevel.FAIL


def test_a_missing_backup_warns_and_a_fault_of_the_database_is_stronger(
    make_health: Callable[..., HealthService], qtbot: QtBot
) -> None:
    answers = [True, False]
    health = make_health(lambda: answers.pop(0) if len(answers) > 1 else answers[0], lambda: "old")
    health.poll()
    qtbot.waitUntil(lambda: health._database.code == "ok")
    health.poll()
    assert health.report is not None
    assert (health.report.database.level, health.report.database.code) == (HealthLevel.WARN, "old")
    qtbot.waitUntil(lambda: health._database.code == "fault")
    health.poll()
    assert health.report.database.level is HealthLevel.FAIL
    health.stop()
