"""Gets a station from its options to inspecting: demo pictures, first model, camera. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from qc_station.domain.model_version import ModelVersion

DEMO_PRODUCT = "cable"
DEMO_PICTURES = ("--train-good", "60", "--test-good", "60", "--defects", "6", "--size", "512")


@dataclass(frozen=True, slots=True)
class StartPlan:
    """What this start will do. ``teach_from`` is used only while the product has no model."""

    product: str
    camera: str
    teach_from: Path | None = None
    render_to: Path | None = None


class JobLike(Protocol):
    """The part of JobRunner that is used here."""

    @property
    def progress(self) -> SignalInstance: ...
    @property
    def finished(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    def start(self, argv: list[str]) -> None: ...
    def cancel(self) -> None: ...


class LibraryLike(Protocol):
    """The part of ModelLibrary that is used here."""

    def active(self, recipe: str) -> ModelVersion | None: ...


class LearningLike(Protocol):
    """The part of LearningService that is used here."""

    @property
    def progress(self) -> SignalInstance: ...
    @property
    def done(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    def teach_first(self, folder: Path, product: str) -> None: ...
    def abandon(self) -> None: ...


def is_demo(camera: str) -> bool:
    """Whether a camera address is the rendered demo without a folder of its own."""
    return camera in ("demo", "demo:")


def folder_camera(folder: Path | str) -> str | None:
    """Address of the camera that plays a data folder: its test pictures, else all of it."""
    root = Path(folder)
    if not root.is_dir():
        return None
    return f"folder:{root / 'test' if (root / 'test').is_dir() else root}"


def plan_start(
    *,
    data: Path | None,
    camera: str | None,
    demo_folder: Path,
    remembered: tuple[str, str] | None = None,
) -> StartPlan:
    """What to do, from the command line and the product and camera of the last time.

    A folder names its own product. Without any word the last product goes on; the very first
    start is the demo, rendered once into ``demo_folder``.
    """
    pictures = demo_folder / DEMO_PRODUCT
    if data is not None:
        folder = data.expanduser().resolve()
        plays = camera or folder_camera(folder) or f"folder:{folder}"
        if is_demo(plays):
            return StartPlan(folder.name, f"demo:{pictures}", folder, render_to=pictures)
        return StartPlan(folder.name, plays, teach_from=folder)
    if remembered is not None:
        product, last_camera = remembered
        chosen = camera or last_camera
    else:
        product, chosen = DEMO_PRODUCT, camera or "demo:"
    if chosen in ("demo", "demo:", f"demo:{pictures}"):
        return StartPlan(DEMO_PRODUCT, f"demo:{pictures}", teach_from=pictures, render_to=pictures)
    return StartPlan(product, chosen)


def _taught_from(version: ModelVersion, folder: Path) -> bool:
    """Whether a product's model learnt from this very folder: a name alone proves nothing."""
    known = version.taught_from
    return known is None or Path(known).resolve() == folder.resolve()


class StartupService(QObject):
    """Runs a plan once: render if needed, teach if needed, then ``ready`` (or ``failed``)."""

    progress = Signal(str, int, int, float)  # stage, done, total, seconds left (-1: unknown)
    working = Signal(bool)  # the station is being prepared and cannot inspect yet
    failed = Signal(str, str)  # code, sentence
    ready = Signal()

    def __init__(
        self,
        plan: StartPlan,
        library: LibraryLike,
        learning: LearningLike,
        render_job: JobLike,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.plan = plan
        self._library = library
        self._learning = learning
        self._render = render_job
        self._busy = ""  # "", "render" or "teach"
        render_job.progress.connect(self._on_progress)
        render_job.finished.connect(self._on_rendered)
        render_job.failed.connect(self._on_failed)
        learning.progress.connect(self._on_progress)
        learning.done.connect(self._on_taught)
        learning.failed.connect(self._on_failed)

    @property
    def busy(self) -> bool:
        """Whether rendering or the first teaching is going on."""
        return bool(self._busy)

    def begin(self) -> None:
        """Starts the plan; every end is ``ready`` or ``failed``."""
        render_to = self.plan.render_to
        if render_to is not None and not (render_to / "train" / "good").is_dir():
            self._become("render")
            self._render.start(["render-cables", "--out", str(render_to), *DEMO_PICTURES])
            return
        self._teach_if_needed()

    def cancel(self) -> None:
        """Stops rendering or teaching; ``failed`` follows with the code "cancelled"."""
        if self._busy == "render":
            self._render.cancel()
        elif self._busy == "teach":
            self._learning.abandon()

    def _teach_if_needed(self) -> None:
        known = self._library.active(self.plan.product)
        folder = self.plan.teach_from
        own = folder is None or folder == self.plan.render_to  # the demo moves with its home
        if known is not None and folder is not None and not own and not _taught_from(known, folder):
            self._become("")
            self.failed.emit(
                "product_taught_elsewhere",
                f"“{self.plan.product}” was taught from {known.taught_from}, not from {folder}. "
                "Rename the folder, or use another --home.",
            )
            return
        if known is not None or folder is None:
            self._become("")
            self.ready.emit()
            return
        self._become("teach")
        self._learning.teach_first(folder, self.plan.product)

    def _become(self, busy: str) -> None:
        was = self.busy
        self._busy = busy
        if was != self.busy:
            self.working.emit(self.busy)

    @Slot(str, int, int, float)
    def _on_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        if self._busy:
            self.progress.emit(stage, done, total, seconds_left)

    @Slot(object)
    def _on_rendered(self, _result: object) -> None:
        if self._busy == "render":
            self._teach_if_needed()

    @Slot(object)
    def _on_taught(self, _result: object) -> None:
        if self._busy == "teach":
            self._become("")
            self.ready.emit()

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        if self._busy:
            self._become("")
            self.failed.emit(code, sentence)
