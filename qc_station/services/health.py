"""Watches disk, database, camera and engine once a second. Judges, but repairs nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class HealthLevel(StrEnum):
    """How much attention something needs."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One watched thing. ``code`` says what is up, ``values`` the figures that go with it."""

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


class HealthService(QObject):
    """Polls each second and tells when asked; ``changed`` comes with every poll."""

    changed = Signal(object)  # HealthReport

    @property
    def report(self) -> HealthReport | None:
        """The last report; None before the first poll."""
        raise NotImplementedError

    def start(self) -> None:
        """Polls now and every second from now on."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stops polling and waits for the last check."""
        raise NotImplementedError
