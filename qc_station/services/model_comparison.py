"""Compares any two versions on the parts that no model of this station learns from. No widgets.

The parts are those of a retraining's comparison: answered ones whose pixels put them into the
held-out share (domain.learning.subset_of), never the pictures that either model was taught from.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from qc_station.domain.access import Action
from qc_station.domain.activity import ActivityKind, ActivityState
from qc_station.domain.learning import ComparisonRow, Measure, SnapshotPlan, compare
from qc_station.domain.model_version import Estimate, ModelVersion
from qc_station.services import teaching_set
from qc_station.services.activities import Activities
from qc_station.services.learning_job import JobLike, LabelledSource, figures_of, stamp
from qc_station.services.manifest import LibraryError
from qc_station.services.permits import Require, allow_everything
from qc_station.services.tasks import TaskPool
from qc_station.settings.paths import StationPaths

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """Two versions on the same held-out parts. ``unknown``: versions of which it is not known
    what they have learnt from, so that they may have seen these parts."""

    old: ModelVersion
    new: ModelVersion
    rows: tuple[ComparisonRow, ...]
    unknown: tuple[ModelVersion, ...]


@dataclass(slots=True)
class _Job:
    number: int
    versions: tuple[ModelVersion, ModelVersion]
    folder: Path
    counts: tuple[int, int] = (0, 0)
    unknown: list[ModelVersion] = field(default_factory=list)
    figures: list[dict[Measure, Estimate]] = field(default_factory=list)
    cancel: threading.Event = field(default_factory=threading.Event)


class ComparisonService(QObject):
    """One comparison at a time; needs Action.TEACH, as it takes the engine as long. GUI thread."""

    compared = Signal(object)  # VersionComparison
    failed = Signal(str, str)  # code, sentence

    def __init__(
        self,
        labelled: LabelledSource,
        paths: StationPaths,
        make_job: Callable[[], JobLike],
        activities: Activities,
        tasks: TaskPool,
        busy: Callable[[], bool] = bool,
        parent: QObject | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``busy`` tells whether another engine job goes on."""
        super().__init__(parent)
        self._labelled, self._paths, self._make_job = labelled, paths, make_job
        self._activities, self._tasks, self._busy = activities, tasks, busy
        self._require = require
        self._job: _Job | None = None
        self._child: JobLike | None = None

    @property
    def running(self) -> bool:
        """Whether a comparison goes on."""
        return self._job is not None

    def compare(self, old: ModelVersion, new: ModelVersion, actor: str) -> None:
        """``compared`` or ``failed`` follows. AccessError."""
        self._require(Action.TEACH)
        if self._job is not None or self._busy():
            self.failed.emit("busy", "Another model is being taught. Wait for it, or cancel it.")
            return
        number = self._activities.begin(
            ActivityKind.COMPARISON, f"{old.short_name} – {new.short_name}", actor,
            needs=Action.TEACH, cancel=self.cancel,
        )  # fmt: skip
        folder = self._paths.jobs / f"learning-{stamp()}"  # swept like those at the next start
        job = self._job = _Job(number, (old, new), folder)
        labelled = self._labelled.labelled(old.recipe)
        reviewed = teaching_set.reviewed_pictures(labelled, self._paths.home)
        self._tasks.run(
            lambda: self._prepare(job, reviewed), self._on_prepared, self._on_broken, self
        )

    def cancel(self) -> None:
        """Stops; ``failed("cancelled")`` follows."""
        if self._job is not None:
            self._job.cancel.set()
            if self._child is not None:
                self._child.cancel()

    def close(self) -> None:
        """Ends the engine's process and removes what was left; for the end of the program."""
        if self._job is not None:
            self._job.cancel.set()
        if self._child is not None:
            self._child.blockSignals(True)
            self._child.stop()
            self._child = None
        if self._job is not None:
            shutil.rmtree(self._job.folder, ignore_errors=True)
            self._job = None

    def _prepare(self, job: _Job, reviewed: list[teaching_set.Candidate]) -> SnapshotPlan:
        """In a worker thread: the held-out parts, without what either model has learnt."""
        pictures = list(reviewed)
        for version in job.versions:
            try:
                if version.taught_from is None:
                    raise LibraryError("teaching_set_unknown", "Not known.")
                pictures += teaching_set.original_pictures(Path(version.taught_from))
            except (LibraryError, OSError, ValueError, KeyError):
                job.unknown.append(version)

        def tick(done: int, total: int) -> None:
            self._activities.tell(job.number, "preparing", done, total)

        plan = teaching_set.build_plan(pictures, tick, job.cancel.is_set)
        if not any(teaching_set.held_out_counts(plan)):
            raise LibraryError(
                "nothing_held_out",
                "No answered part is held out yet. Answer more parts on the Review page: three in "
                "ten are kept for comparing.",
            )
        job.folder.mkdir(parents=True, exist_ok=True)
        teaching_set.write_snapshot(plan, job.versions[0].recipe, job.folder)
        return plan

    def _on_prepared(self, plan: SnapshotPlan) -> None:
        job = self._job
        if job is not None:
            job.counts = teaching_set.held_out_counts(plan)
            self._evaluate(job)

    def _evaluate(self, job: _Job) -> None:
        if job.cancel.is_set():
            self._end_badly("cancelled", "Cancelled.")
            return
        bundle = job.versions[len(job.figures)].path
        child = self._child = self._make_job()
        child.progress.connect(self._on_progress)
        child.finished.connect(self._on_finished)
        child.failed.connect(self._on_child_failed)
        child.start(
            ["evaluate", "--bundle", str(bundle), "--data", str(job.folder), "--subset", "held_out"]
        )

    @Slot(str, int, int, float)
    def _on_progress(self, stage: str, done: int, total: int, left: float) -> None:
        if self._job is not None and not self._job.cancel.is_set():
            self._activities.progress(self._job.number, stage, done, total, left)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        self._drop_child()
        job = self._job
        if job is None:
            return
        job.figures.append(figures_of(result if isinstance(result, dict) else {}))
        if len(job.figures) < 2:
            self._evaluate(job)
            return
        self._clean(job)
        self._activities.end(job.number)
        old, new = job.figures
        rows = compare(old, new, *job.counts)
        self.compared.emit(VersionComparison(*job.versions, rows, tuple(job.unknown)))

    @Slot(str, str)
    def _on_child_failed(self, code: str, sentence: str) -> None:
        self._drop_child()
        cancelled = self._job is not None and self._job.cancel.is_set()
        self._end_badly("cancelled" if cancelled else code, sentence)

    def _on_broken(self, error: Exception) -> None:
        if isinstance(error, teaching_set.Cancelled):
            self._end_badly("cancelled", "Cancelled.")
            return
        code = str(getattr(error, "code", ""))
        if not code:
            _log.error("The held-out parts could not be gathered", exc_info=error)
            code = "snapshot_failed"
        self._end_badly(code, str(error))

    def _end_badly(self, code: str, sentence: str) -> None:
        job = self._job
        if job is None:
            return
        self._clean(job)
        cancelled = code == "cancelled"
        state = ActivityState.CANCELLED if cancelled else ActivityState.FAILED
        self._activities.end(job.number, state, "" if cancelled else code, sentence)
        self.failed.emit(code, sentence)

    def _clean(self, job: _Job) -> None:
        self._job = None
        shutil.rmtree(job.folder, ignore_errors=True)

    def _drop_child(self) -> None:
        if self._child is not None:
            self._child.deleteLater()
            self._child = None
