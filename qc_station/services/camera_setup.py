"""Sets the camera up: finds, tries, chooses it; keeps driver controls and baseline. No widgets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from qc_station.camera.discovery import Tried, find_devices, try_camera
from qc_station.camera.errors import CameraError
from qc_station.camera.registry import open_camera, shown_address
from qc_station.camera.slots import LatestSlot
from qc_station.camera.status import CaptureStatus
from qc_station.domain.access import Action
from qc_station.domain.camera_setup import Baseline, CameraSetup, ControlSetting, Drift
from qc_station.domain.state import CameraState
from qc_station.services.audit import AuditLog
from qc_station.services.permits import AccessError, Require, allow_everything
from qc_station.services.recipes import RecipeService
from qc_station.services.tasks import TaskPool

_log = logging.getLogger(__name__)
REASON_BASELINE, REASON_CONTROLS = "camera baseline", "camera controls"


class Standing(StrEnum):
    """What is known of a camera in the list."""

    IN_USE = "in_use"
    UNTRIED = "untried"
    TRYING = "trying"
    WORKS = "works"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One camera that could be used. ``size`` is width and height in px, where it was tried."""

    address: str
    standing: Standing
    size: tuple[int, int] | None = None
    error: CameraError | None = None

    @property
    def shown(self) -> str:
        """The address without user and password."""
        return shown_address(self.address)


class CaptureLike(Protocol):
    """The part of CaptureThread that is used here."""

    @property
    def address(self) -> str: ...
    @property
    def status(self) -> CaptureStatus: ...
    @property
    def live(self) -> LatestSlot: ...
    def set_controls(self, address: str, controls: Sequence[ControlSetting]) -> None: ...


class CameraSetupService(QObject):
    """Slow work runs in the task pool; answers come as signals. GUI thread."""

    candidates_changed = Signal()
    setup_changed = Signal()  # controls or baseline of the camera in use
    tried = Signal(object)  # Tried
    chosen = Signal(str)  # this address is used from now on
    failed = Signal(str, str, object)  # code, sentence, address: nothing was changed

    def __init__(
        self,
        capture: CaptureLike,
        choose_camera: Callable[[str], None],
        recipes: RecipeService,
        audit: AuditLog,
        tasks: TaskPool,
        actor: Callable[[], str],
        demo: Path,
        parent: QObject | None = None,
        require: Require = allow_everything,
        find: Callable[[tuple[str, ...]], tuple[Tried, ...]] = find_devices,
        attempt: Callable[[str], Tried] = try_camera,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``choose_camera`` is StationService.choose_camera; ``demo`` holds the rendered parts;
        ``actor`` tells who is working; ``find`` and ``attempt`` touch devices, in a worker."""
        super().__init__(parent)
        self._capture, self._choose_camera = capture, choose_camera
        self._recipes, self._audit, self._tasks = recipes, audit, tasks
        self._actor, self._demo, self._require = actor, demo, require
        self._find, self._attempt, self._clock = find, attempt, clock
        self._known: dict[str, Tried | None] = {}  # None: not tried
        self._trying: set[str] = set()
        self._searching = False
        self._kept: CameraSetup | None = None  # of the present product, read once
        self._of_products: list[str] = []  # their cameras, read once
        recipes.changed.connect(self._read_products)
        recipes.changed.connect(self._hand_over)
        recipes.current_changed.connect(self._hand_over)
        self._read_products()
        self._hand_over()

    # -- which cameras there are ---------------------------------------------------------------

    @property
    def searching(self) -> bool:
        """Whether devices are being looked for."""
        return self._searching

    @property
    def status(self) -> CaptureStatus:
        """The camera in use, with figures."""
        return self._capture.status

    @property
    def live(self) -> LatestSlot:
        """The newest frame of the camera in use."""
        return self._capture.live

    @property
    def address(self) -> str:
        """The camera in use."""
        return self._capture.address

    def candidates(self) -> list[Candidate]:
        """The camera in use first, then devices, the products' cameras, the demo, typed ones."""
        addresses = [self._capture.address, *self._known, *self._of_products]
        if (self._demo / "test").is_dir():
            addresses.append(f"demo:{self._demo}")
        return [self._candidate(address) for address in dict.fromkeys(addresses) if address]

    def search(self) -> None:
        """Looks for devices. Raises AccessError; ``candidates_changed`` tells the end."""
        self._require(Action.CHANGE_SETTINGS)
        if self._searching:
            return
        self._searching = True
        self.candidates_changed.emit()
        in_use = (self._capture.address.partition("?")[0],)
        self._tasks.run(lambda: self._find(in_use), self._on_found, self._on_not_found, self)

    def test(self, address: str) -> None:
        """Takes one picture; ``tried`` follows, whatever comes of it. Raises AccessError."""
        self._require(Action.CHANGE_SETTINGS)
        self._begin_trying(address, self._on_tried)

    def choose(self, address: str) -> None:
        """Uses this camera if it gives a picture: ``chosen`` follows, or ``failed``.

        Raises AccessError. The camera in use is connected anew.
        """
        self._require(Action.CHANGE_SETTINGS)
        if address.strip() == self._capture.address:
            self._use(Tried(self._capture.address))
        else:
            self._begin_trying(address, self._use)

    # -- how the camera in use is set up -------------------------------------------------------

    @property
    def setup(self) -> CameraSetup | None:
        """What was kept for the present product and the camera in use."""
        kept = self._kept
        return kept if kept is not None and kept.camera == self._capture.address else None

    @property
    def drift(self) -> Drift:
        """How the pictures have moved away from the baseline; NONE without one."""
        status, setup = self._capture.status, self.setup
        if setup is None or setup.baseline is None or status.state is not CameraState.RUNNING:
            return Drift.NONE
        return setup.baseline.drift(status.steady_focus, status.steady_brightness)

    def set_controls(self, controls: Sequence[ControlSetting]) -> None:
        """Sets the driver and keeps that for the present product.

        Raises AccessError and CameraError camera_no_product.
        """
        self._require(Action.CHANGE_SETTINGS)
        setup = replace(self._begin_setup(), controls=tuple(controls))
        self._keep(setup, REASON_CONTROLS)
        details = {c.control.value: "auto" if c.auto else c.value for c in controls}
        self._write_down("camera.controls", setup.camera, details)

    def set_baseline(self) -> Baseline:
        """The picture is good now: later ones are measured against it.

        Raises AccessError and CameraError camera_no_product, camera_not_measured.
        """
        self._require(Action.CHANGE_SETTINGS)
        status, setup = self._capture.status, self._begin_setup()
        focus, light = status.steady_focus, status.steady_brightness
        if status.state is not CameraState.RUNNING or focus is None or light is None:
            raise CameraError(
                "camera_not_measured",
                "No picture of this camera has been measured yet. Wait until it shows the part.",
            )
        baseline = Baseline(focus, light, self._clock(), self._actor())
        self._keep(replace(setup, baseline=baseline), REASON_BASELINE)
        figures = {"focus": round(focus, 5), "brightness": round(light, 4)}
        self._write_down("camera.baseline", setup.camera, figures)
        return baseline

    # -- inside --------------------------------------------------------------------------------

    def _candidate(self, address: str) -> Candidate:
        if address == self._capture.address:
            status = self._capture.status
            return Candidate(address, Standing.IN_USE, status.size, status.error)
        if address in self._trying:
            return Candidate(address, Standing.TRYING)
        tried = self._known.get(address)
        if tried is None:
            return Candidate(address, Standing.UNTRIED)
        standing = Standing.WORKS if tried.error is None else Standing.FAILED
        return Candidate(address, standing, tried.size, tried.error)

    def _begin_trying(self, address: str, then: Callable[[Tried], None]) -> None:
        address = address.strip()
        try:
            open_camera(address)  # reads the address, touches no device
        except CameraError as error:
            then(Tried(address, error=error))
            return
        if self._occupied(address):
            then(Tried(address, self._capture.live.latest()))  # a device opens only once
            return
        self._trying.add(address)
        self._known.setdefault(address, None)
        self.candidates_changed.emit()

        def done(tried: Tried) -> None:
            self._trying.discard(address)
            self._known[address] = tried
            then(tried)
            self.candidates_changed.emit()

        def broken(failure: Exception) -> None:
            done(Tried(address, error=CameraError("camera_fault", f"It failed: {failure}")))

        self._tasks.run(lambda: self._attempt(address), done, broken, self)

    def _occupied(self, address: str) -> bool:
        """Whether the camera in use is this one, whatever its options."""
        mine = self._capture.address
        same = address == mine or (
            address.startswith("opencv:") and address.partition("?")[0] == mine.partition("?")[0]
        )
        return same and self._capture.status.state is CameraState.RUNNING

    def _on_tried(self, tried: Tried) -> None:
        self.tried.emit(tried)

    def _use(self, tried: Tried) -> None:
        if tried.error is not None:
            error = tried.error
            self.failed.emit(error.code, str(error), shown_address(tried.address))
            return
        before = self._capture.address
        try:
            self._choose_camera(tried.address)
        except AccessError as error:  # somebody logged out while it was being tried
            self.failed.emit(error.code, str(error), shown_address(tried.address))
            return
        if before != tried.address:
            self._write_down("camera.chosen", tried.address, {"before": shown_address(before)})
        self.chosen.emit(tried.address)
        self.candidates_changed.emit()

    def _on_found(self, found: tuple[Tried, ...]) -> None:
        self._searching = False
        for tried in found:
            self._known[tried.address] = tried
        self.candidates_changed.emit()

    def _on_not_found(self, failure: Exception) -> None:
        _log.error("Cameras could not be looked for", exc_info=failure)
        self._on_found(())

    def _begin_setup(self) -> CameraSetup:
        if not self._recipes.current or self._recipes.latest(self._recipes.current) is None:
            raise CameraError(
                "camera_no_product", "No product is inspected yet. Teach one, or choose one first."
            )
        return self.setup or CameraSetup(self._capture.address)

    def _keep(self, setup: CameraSetup, reason: str) -> None:
        self._recipes.revise(self._recipes.current, reason, camera_setup=setup)

    @Slot()
    def _read_products(self) -> None:
        latest = (self._recipes.latest(name) for name in self._recipes.names())
        self._of_products = [recipe.camera for recipe in latest if recipe is not None]

    @Slot()
    @Slot(str)
    def _hand_over(self, _product: str = "") -> None:
        """The capture thread sets the driver whenever it connects to the camera that is named."""
        recipe = self._recipes.latest(self._recipes.current) if self._recipes.current else None
        setup = recipe.camera_setup if recipe is not None else None
        self._kept = setup
        if setup is not None and setup.controls:
            self._capture.set_controls(setup.camera, setup.controls)
        self.setup_changed.emit()

    def _write_down(self, action: str, address: str, details: Mapping[str, object]) -> None:
        who, subject = self._actor(), shown_address(address)
        self._tasks.run(lambda: self._audit.append(who, action, subject, details))
