"""Watches disk, database, camera and engine once a second. Judges, but repairs nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import psutil
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from qc_station.camera.status import CaptureStatus
from qc_station.domain.state import CameraState, EngineState
from qc_station.services.tasks import TaskPool

POLL_MS = 1000
DATABASE_SLOW_S = 5.0
LIVE_FRAME_LATE_S = 2.0
MEGABYTE = 1_000_000


class HealthLevel(StrEnum):
    """How much attention something needs."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One watched thing. ``code`` says what is up, ``values`` the figures that go with it.

    camera: ok, late, connecting, exhausted, the Drift's code (camera_blurred, camera_dark,
    camera_bright) or the CameraError's; fps (None for cameras that
    are stepped), drops, frames, reconnects, age_s, focus, brightness, name, sentence.
    engine: the EngineState; memory_mb, model_id. disk: ok, low, full, unknown; free_mb, path.
    database: ok, checking, slow, fault, backup_failed, backup_old; sentence.
    """

    name: str  # "camera", "engine", "disk", "database"
    level: HealthLevel
    code: str
    values: dict[str, float | int | str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HealthReport:
    """All items of one moment, in the order of the status bar."""

    camera: HealthItem
    engine: HealthItem
    disk: HealthItem
    database: HealthItem

    @property
    def items(self) -> tuple[HealthItem, ...]:
        """The four items."""
        return (self.camera, self.engine, self.disk, self.database)

    @property
    def level(self) -> HealthLevel:
        """The worst level of all."""
        order = list(HealthLevel)
        return max((item.level for item in self.items), key=order.index)


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What is known of the engine process."""

    state: EngineState
    memory_bytes: int | None = None
    model_id: str | None = None


class CameraLike(Protocol):
    """The part of the capture thread that is watched."""

    @property
    def status(self) -> CaptureStatus: ...


class HealthService(QObject):
    """Polls each second; ``changed`` comes with every poll. GUI thread."""

    changed = Signal(object)  # HealthReport

    def __init__(
        self,
        home: Path,
        camera: CameraLike,
        engine: Callable[[], EngineFacts],
        database_ok: Callable[[], object],
        tasks: TaskPool,
        disk_warn_mb: int = 5000,
        disk_fail_mb: int = 500,
        parent: QObject | None = None,
        backup: Callable[[], str] = str,
        drift: Callable[[], str] = str,
    ) -> None:
        """``database_ok`` runs in a worker thread; False or an exception means a fault.

        ``backup`` tells why somebody should look after the backups, ``drift`` how the camera's
        pictures have moved away from its baseline: a code, or "".
        """
        super().__init__(parent)
        self._home = home
        self._camera = camera
        self._engine = engine
        self._database_ok = database_ok
        self._tasks = tasks
        self._backup = backup
        self._drift = drift
        self._disk_warn_mb = disk_warn_mb
        self._disk_fail_mb = disk_fail_mb
        self._report: HealthReport | None = None
        self._asked_s: float | None = None  # when the database check that runs now began
        self._database = HealthItem("database", HealthLevel.OK, "checking")
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    @property
    def report(self) -> HealthReport | None:
        """The last report; None before the first poll."""
        return self._report

    def start(self) -> None:
        """Polls now and every second from now on."""
        self._timer.start()
        self.poll()

    def stop(self) -> None:
        """Stops polling. A database check that is under way ends with the task pool."""
        self._timer.stop()

    @Slot()
    def poll(self) -> None:
        """One report now; the database's part is that of its last finished check."""
        self._ask_database()
        self._report = HealthReport(
            camera_health(self._camera.status, self._drift()),
            engine_health(self._engine()),
            disk_health(self._home, self._disk_warn_mb, self._disk_fail_mb),
            self._database_health(),
        )
        self.changed.emit(self._report)

    def _ask_database(self) -> None:
        if self._asked_s is None:
            self._asked_s = time.monotonic()
            self._tasks.run(self._database_ok, self._on_database, self._on_database_error, self)

    def _database_health(self) -> HealthItem:
        if self._asked_s is not None and time.monotonic() - self._asked_s > DATABASE_SLOW_S:
            return HealthItem("database", HealthLevel.FAIL, "slow")
        if self._database.code == "ok" and (code := self._backup()):
            return HealthItem("database", HealthLevel.WARN, str(code))
        return self._database

    def _on_database(self, answer: object) -> None:
        self._asked_s = None
        level = HealthLevel.FAIL if answer is False else HealthLevel.OK
        code = "fault" if answer is False else "ok"
        self._database = HealthItem("database", level, code)

    def _on_database_error(self, error: Exception) -> None:
        self._asked_s = None
        self._database = HealthItem("database", HealthLevel.FAIL, "fault", {"sentence": str(error)})


def camera_health(status: CaptureStatus, drift: str = "") -> HealthItem:
    """Judges the camera. ``drift`` asks for somebody, and stops nothing."""
    values: dict[str, float | int | str | None] = {
        "name": status.name,
        "fps": None if status.stepped else status.fps,
        "frames": status.frames,
        "drops": status.drops,
        "reconnects": status.reconnects,
        "age_s": status.last_frame_age_s,
        "focus": status.focus,
        "brightness": status.brightness,
    }
    if status.state is CameraState.FAULT or status.state is CameraState.STOPPED:
        code = status.error.code if status.error else "camera_stopped"
        values["sentence"] = str(status.error) if status.error else ""
        return HealthItem("camera", HealthLevel.FAIL, code, values)
    if status.state is CameraState.CONNECTING:
        return HealthItem("camera", HealthLevel.WARN, "connecting", values)
    if status.state is CameraState.EXHAUSTED:
        return HealthItem("camera", HealthLevel.OK, "exhausted", values)
    age = status.last_frame_age_s
    if not status.stepped and age is not None and age > LIVE_FRAME_LATE_S:
        return HealthItem("camera", HealthLevel.WARN, "late", values)
    if drift:
        return HealthItem("camera", HealthLevel.WARN, str(drift), values)
    return HealthItem("camera", HealthLevel.OK, "ok", values)


def engine_health(facts: EngineFacts) -> HealthItem:
    """Judges the engine."""
    memory = None if facts.memory_bytes is None else facts.memory_bytes / MEGABYTE
    level = {
        EngineState.READY: HealthLevel.OK if facts.model_id else HealthLevel.WARN,
        EngineState.STARTING: HealthLevel.WARN,
        EngineState.LOADING: HealthLevel.WARN,
    }.get(facts.state, HealthLevel.FAIL)
    values = {"memory_mb": memory, "model_id": facts.model_id}
    return HealthItem("engine", level, facts.state.value, values)


def disk_health(folder: Path, warn_mb: int, fail_mb: int) -> HealthItem:
    """Judges the free space where ``folder`` lies."""
    try:
        free_mb = psutil.disk_usage(str(folder)).free / MEGABYTE
    except OSError as error:
        values: dict[str, float | int | str | None] = {"path": str(folder), "sentence": str(error)}
        return HealthItem("disk", HealthLevel.FAIL, "unknown", values)
    level, code = HealthLevel.OK, "ok"
    if free_mb < fail_mb:
        level, code = HealthLevel.FAIL, "full"
    elif free_mb < warn_mb:
        level, code = HealthLevel.WARN, "low"
    return HealthItem("disk", level, code, {"free_mb": free_mb, "path": str(folder)})
