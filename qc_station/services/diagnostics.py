"""Gathers what support needs to know of a station: facts and logs, no pictures, no secrets.

Everything is gathered in memory and shown before a file is written. What is not named here does
not get in: nothing is copied by folder.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, qVersion

from db.errors import as_store_error
from db.facts import store_facts
from db.repositories.users import UserRepository
from db.store import Store
from qc_station.backend.command import engine_command
from qc_station.domain.access import Action
from qc_station.domain.activity import Activity, ActivityKind
from qc_station.services.activities import Activities
from qc_station.services.audit import AuditLog
from qc_station.services.backup_files import sizes
from qc_station.services.health import HealthReport
from qc_station.services.manifest import MANIFEST
from qc_station.services.permits import Require, allow_everything
from qc_station.services.progress import Cancelled, Report
from qc_station.services.scrubbing import Scrubber
from qc_station.settings.paths import StationPaths
from qc_station.settings.schema import Settings, plain_values
from qc_station.version import program_version

LOG_BYTES = 1_000_000
LARGEST_MANIFEST = 1_000_000
DOCTOR_S = 120
_NOT_SENT = frozenset({"window_geometry"})
_NOBODY = frozenset({"station", "unknown", "operator"})


@dataclass(frozen=True, slots=True)
class DiagnosticFile:
    """One file of the diagnostics; ``kind`` says what it is, for translation."""

    name: str
    kind: str
    text: str

    @property
    def size_bytes(self) -> int:
        """Its size in the zip before packing."""
        return len(self.text.encode())


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the facts come from; the callables are asked in the GUI thread."""

    settings: Callable[[], Settings]
    health: Callable[[], HealthReport | None]
    database_address: str = ""  # may hold a password


class DiagnosticsService(QObject):
    """``gathered`` brings the files to look at, ``write`` puts them into a zip. GUI thread.

    Both need Action.CHANGE_SETTINGS.
    """

    gathered = Signal(object)  # tuple[DiagnosticFile, ...]
    written = Signal(object)  # Path
    failed = Signal(str, str, str)  # code, sentence, file

    def __init__(
        self,
        paths: StationPaths,
        store: Store,
        sources: Sources,
        activities: Activities,
        audit: AuditLog,
        parent: QObject | None = None,
        require: Require = allow_everything,
        command: Sequence[str] | None = None,
    ) -> None:
        """``command`` starts the engine's command line."""
        super().__init__(parent)
        self._paths, self._store, self._sources = paths, store, sources
        self._activities, self._audit, self._require = activities, audit, require
        self._command = tuple(command) if command is not None else engine_command()

    def gather(self, *, keep_names: bool, actor: str) -> None:
        """Gathers in a thread; ``gathered`` or ``failed`` follows. AccessError."""
        self._require(Action.CHANGE_SETTINGS)
        settings, health = self._sources.settings(), self._sources.health()
        activities = self._activities.all()

        def work(report: Report) -> tuple[DiagnosticFile, ...]:
            return self._gather(settings, health, activities, keep_names, report)

        self._activities.run(
            ActivityKind.DIAGNOSTICS, work, self.gathered.emit, self._on_failed, actor=actor
        )

    def write(self, files: Sequence[DiagnosticFile], path: Path, actor: str) -> None:
        """Writes what was looked at; ``written`` or ``failed`` follows. AccessError."""
        self._require(Action.CHANGE_SETTINGS)

        def done(target: Path) -> None:
            self._audit.append(actor, "diagnostics.written", target.name)
            self.written.emit(target)

        self._activities.run(
            ActivityKind.DIAGNOSTICS, lambda report: write_zip(files, path), done,
            self._on_failed, subject=path.name, actor=actor,
        )  # fmt: skip

    def _gather(
        self, settings: Settings, health: HealthReport | None, activities: list[Activity],
        keep_names: bool, report: Report,
    ) -> tuple[DiagnosticFile, ...]:  # fmt: skip
        """In a worker thread."""
        report("diagnostics", 0, 0)
        facts: dict[str, tuple[str, Any]] = {
            "versions.json": ("versions", _versions()),
            "settings.json": ("settings", _settings(settings)),
            "database.json": ("database", self._database()),
            "disk.json": ("disk", self._disk()),
            "health.json": ("health", asdict(health) if health is not None else None),
            "activities.json": ("activities", [asdict(activity) for activity in activities]),
            "doctor.json": ("doctor", self._doctor(report)),
        }
        files = [(name, kind, _json(value)) for name, (kind, value) in facts.items()]
        files += [(f"models/{name}.json", "model", text) for name, text in self._manifests()]
        files += [(f"logs/{name}", "log", text) for name, text in self._logs()]
        scrub = self._scrubber(settings, keep_names)
        return tuple(DiagnosticFile(scrub(name), kind, scrub(text)) for name, kind, text in files)

    def _scrubber(self, settings: Settings, keep_names: bool) -> Scrubber:
        users = self._store.read(lambda session: UserRepository(session).all())
        secrets = [u.password_hash or "" for u in users] + [u.badge_hash or "" for u in users]
        try:
            key = self._paths.access_secret.read_bytes()
            secrets += [key.hex(), key.decode("utf-8", "replace").strip()]
        except OSError:
            pass
        secrets.append(_password(self._sources.database_address))
        secrets.append(_password(settings.camera))
        names = {user.name for user in users} | {settings.operator}
        names |= {event.actor for event in self._audit.newest(5000)}
        return Scrubber(secrets, names - _NOBODY, keep_names=keep_names, home=self._paths.home)

    def _database(self) -> dict[str, Any]:
        path = self._store.database.path
        size = path.stat().st_size if path is not None else None
        return {**asdict(store_facts(self._store.database)), "file_bytes": size}

    def _disk(self) -> dict[str, Any]:
        return {
            part.part.value: {"files": part.files, "bytes": part.size_bytes}
            for part in sizes(self._paths.home)
        }

    def _doctor(self, report: Report) -> Any:
        """What ``qc-engine doctor`` says, without its self-test: inspection needs the cores."""
        arguments = [*self._command, "doctor", "--quick", "--json"]
        try:
            with subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ) as process:
                try:
                    said = _answer(process, report)
                except BaseException:
                    process.kill()
                    raise
        except (OSError, subprocess.TimeoutExpired) as error:
            return {"failed": str(error)}
        try:
            return json.loads(said.strip().splitlines()[-1])
        except (ValueError, IndexError):
            return {"exit_status": process.returncode, "said": said[-4000:]}

    def _manifests(self) -> list[tuple[str, str]]:
        found = []
        for path in sorted(self._paths.models.glob(f"*/{MANIFEST}")):
            try:
                if path.stat().st_size <= LARGEST_MANIFEST:
                    found.append((path.parent.name, path.read_text("utf-8", "replace")))
            except OSError as error:
                found.append((path.parent.name, f"unreadable: {error}"))
        return found

    def _logs(self) -> list[tuple[str, str]]:
        """The end of the newest files, ``LOG_BYTES`` in all."""
        found, left = [], LOG_BYTES
        for path in [self._paths.logs / "station.log", self._paths.logs / "station.log.1"]:
            try:
                with path.open("rb") as file:
                    size = file.seek(0, os.SEEK_END)
                    file.seek(max(0, size - left))
                    data = file.read(left)
            except OSError:
                continue
            left -= len(data)
            if data:
                found.append((path.name, data.decode("utf-8", "replace")))
        return found

    def _on_failed(self, error: Exception) -> None:
        params: Mapping[str, object] = getattr(error, "params", {})
        code = "cancelled_work" if isinstance(error, Cancelled) else getattr(error, "code", "")
        path = str(params.get("path") or "")
        self.failed.emit(str(code), str(error), path)


def write_zip(files: Sequence[DiagnosticFile], path: Path) -> Path:
    """The files as a zip that appears whole or not at all; StoreError disk_full …"""
    part = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in files:
                packed.writestr(file.name, file.text)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise as_store_error(error) from error
    return path


def _versions() -> dict[str, Any]:
    packages = {d.metadata["Name"]: d.version for d in distributions() if d.metadata["Name"]}
    return {
        "qc-station": program_version(),
        "python": platform.python_version(),
        "qt": qVersion(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "gathered_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].casefold())),
    }


def _settings(settings: Settings) -> dict[str, Any]:
    return {k: v for k, v in plain_values(settings).items() if k not in _NOT_SENT}


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def _password(address: str) -> str:
    """The password in an address such as rtsp://user:password@camera; empty without one."""
    _scheme, found, rest = address.partition("://")
    credentials, at, _host = rest.rpartition("@")
    return credentials.partition(":")[2] if found and at else ""


def _answer(process: subprocess.Popen[str], report: Report) -> str:
    """What a process said at its end; Cancelled and TimeoutExpired leave it to be killed."""
    began = time.monotonic()
    while True:
        report("diagnostics", 0, 0)
        try:
            return process.communicate(timeout=0.5)[0]
        except subprocess.TimeoutExpired:
            if time.monotonic() - began > DOCTOR_S:
                raise
