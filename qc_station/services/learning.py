"""Teaches and retrains models in engine child processes. Never touches the active model itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from db.errors import StoreError
from qc_station.domain.access import Action
from qc_station.domain.frame import Frame
from qc_station.domain.learning import (
    FEWEST_GOOD,
    LearningKind,
    LearningResult,
    LearningState,
    ReviewedCounts,
    SnapshotPlan,
)
from qc_station.domain.verdict import Label
from qc_station.services import teaching_set
from qc_station.services.collection import Collection
from qc_station.services.learning_job import (
    JobLike,
    LabelledSource,
    LearningJob,
    adopt,
    figures_of,
    stamp,
    sweep,
)
from qc_station.services.manifest import LibraryError
from qc_station.services.models import ModelLibrary
from qc_station.services.painted_masks import MaskSource, with_masks
from qc_station.services.permits import Require, allow_everything
from qc_station.services.recipes import RecipeService
from qc_station.services.teaching_set import Cancelled, Candidate
from qc_station.settings.paths import StationPaths

log = logging.getLogger(__name__)


class LearningService(QObject):
    """One job at a time; the inspecting model stays active until somebody activates the new one.

    The very first model of a product is activated at once: there is nothing to compare it with.
    What a person asks for raises AccessError when it is not allowed; a job goes on to its end
    whoever is logged in by then.
    """

    progress = Signal(str, int, int, float)  # stage, done, total, seconds left (-1: unknown)
    started = Signal(object, str, str)  # LearningKind, product, who asked
    done = Signal(object)  # LearningResult
    failed = Signal(str, str)  # code, sentence
    state_changed = Signal(object)  # LearningState
    collected = Signal(int, int)  # pictures taken, wanted

    _prepared = Signal(object)  # from the worker thread
    _broken = Signal(str, str)

    def __init__(
        self,
        library: ModelLibrary,
        recipes: RecipeService,
        labelled: LabelledSource,
        paths: StationPaths,
        make_job: Callable[[], JobLike],
        camera: Callable[[], str] = str,
        parent: QObject | None = None,
        masks: MaskSource | None = None,
        require: Require = allow_everything,
    ) -> None:
        """``camera`` tells the address to keep with a newly taught product."""
        super().__init__(parent)
        self._require = require
        self._library = library
        self._recipes = recipes
        self._labelled = labelled
        self._paths = paths
        self._make_job = make_job
        self._camera = camera
        self._masks = masks
        self._state = LearningState.IDLE
        self._job: LearningJob | None = None
        self._child: JobLike | None = None
        self._collection: Collection | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="learning")
        self._prepared.connect(self._on_prepared)
        self._broken.connect(self._on_broken)
        sweep(paths.jobs)

    @property
    def state(self) -> LearningState:
        """What the service is doing."""
        return self._state

    @property
    def busy(self) -> bool:
        """Whether a job or a collection is going on."""
        return self._state is not LearningState.IDLE

    def reviewed_since_active(self, recipe: str) -> ReviewedCounts:
        """Expert answers for this recipe since the active model was taught."""
        active = self._library.active(recipe)
        since = active.created_at if active else None
        counts = {label: 0 for label in Label}
        for _inspection, review in self._labelled.labelled(recipe):
            if since is None or review.reviewed_at > since:
                counts[review.label] += 1
        return ReviewedCounts(counts[Label.GOOD], counts[Label.DEFECT], counts[Label.CANNOT_TELL])

    # ---- teaching -------------------------------------------------------------------------

    def teach_folder(self, folder: Path, product: str, actor: str = "station") -> None:
        """Teaches from a folder (MVTec AD or class folders); activates when it is the first."""
        self._require(Action.TEACH)
        self._teach_folder(folder, product, actor)

    def teach_first(self, folder: Path, product: str) -> None:
        """The station's own first teaching, at its start: nobody has to be logged in."""
        self._teach_folder(folder, product, "station")

    def _teach_folder(self, folder: Path, product: str, actor: str) -> None:
        if self._refuse_if_busy():
            return
        folder = folder.expanduser().absolute()
        if not folder.is_dir():
            self.failed.emit("folder_missing", f"There is no folder {folder}.")
            return
        if not product.strip():
            self.failed.emit("name_missing", "Give the product a name first.")
            return
        self._begin(LearningKind.TEACH_FOLDER, product.strip(), actor, folder, folder)
        self._start_teaching()

    def begin_collection(self, product: str, wanted: int) -> None:
        """Starts collecting good pictures from the camera; ``collect`` takes each one."""
        self._require(Action.TEACH)
        if self._refuse_if_busy():
            return
        if not product.strip():
            self.failed.emit("name_missing", "Give the product a name first.")
            return
        self._collection = Collection(self._snapshot_folder(), product.strip(), wanted)
        self._become(LearningState.COLLECTING)
        self.collected.emit(0, wanted)

    def collect(self, frame: Frame) -> int:
        """Keeps one good picture (lossless) and returns how many there are."""
        self._require(Action.TEACH)
        if self._collection is None:
            return 0
        try:
            taken = self._collection.add(frame)
        except OSError as error:
            self.failed.emit("disk_full", f"The picture could not be kept: {error}.")
            return self._collection.count
        if taken:
            self.collected.emit(self._collection.count, self._collection.wanted)
        return self._collection.count

    @property
    def collected_count(self) -> int:
        """Pictures taken so far."""
        return self._collection.count if self._collection is not None else 0

    def drop_last(self) -> int:
        """Takes the last collected picture away again."""
        self._require(Action.TEACH)
        if self._collection is None:
            return 0
        self._collection.drop_last()
        self.collected.emit(self._collection.count, self._collection.wanted)
        return self._collection.count

    def teach_camera(self, actor: str = "station") -> None:
        """Teaches from the pictures collected since ``begin_collection``."""
        self._require(Action.TEACH)
        if self._collection is None:
            self.failed.emit("nothing_collected", "Take pictures of good parts first.")
            return
        if self._collection.count < FEWEST_GOOD:
            self.failed.emit(
                "few_good_pictures",
                f"There are {self._collection.count} good pictures; at least {FEWEST_GOOD} are "
                "needed. Take some more.",
            )
            return
        collection, self._collection = self._collection, None
        folder = collection.finish()
        self._begin(LearningKind.TEACH_CAMERA, collection.product, actor, folder, folder)
        assert self._job is not None
        self._job.collection = collection
        self._start_teaching()

    def retrain(self, recipe: str, actor: str = "station", weights: Path | None = None) -> None:
        """Original goods + reviewed parts -> snapshot -> teach -> old and new compared.

        ``weights``: a file with the backbone's weights in the place of the packaged ones
        (safetensors or a torch state dict of the same network; the engine refuses others).
        """
        self._require(Action.TEACH)
        if self._refuse_if_busy():
            return
        active = self._library.active(recipe)
        if active is None:
            self.failed.emit("no_active_model", "This product has no model yet. Teach it first.")
            return
        if active.taught_from is None:
            self.failed.emit(
                "teaching_set_unknown",
                "It is not known which pictures this model was taught from. Teach the product "
                "again from its folder.",
            )
            return
        labelled = self._labelled.labelled(recipe)
        if not any(review.label is not Label.CANNOT_TELL for _, review in labelled):
            self.failed.emit(
                "nothing_reviewed",
                "No reviewed parts yet. Answer some parts on the Review page first.",
            )
            return
        if weights is not None and not weights.is_file():
            self.failed.emit("weights_missing", f"There is no file {weights}.")
            return
        snapshot = self._snapshot_folder()
        self._begin(LearningKind.RETRAIN, recipe, actor, snapshot, snapshot)
        job = self._job
        assert job is not None
        job.old, job.snapshot, job.weights = active, snapshot, weights
        self._become(LearningState.PREPARING)
        self.progress.emit("preparing", 0, 0, -1.0)
        reviewed = teaching_set.reviewed_pictures(labelled, self._paths.home)
        self._worker.submit(self._prepare, job, Path(active.taught_from), reviewed)

    def cancel(self) -> None:
        """Stops whatever runs; the active model stays, nothing half-made remains.

        Pictures taken from the camera come back to be taught again; a second ``cancel`` throws
        them away.
        """
        self._require(Action.TEACH)
        self.abandon()

    def abandon(self) -> None:
        """``cancel`` for the station itself, which needs nobody's rights."""
        if self._state is LearningState.COLLECTING and self._collection is not None:
            self._collection.discard()
            self._collection = None
            self._become(LearningState.IDLE)
        elif self._job is not None and self._state is not LearningState.CANCELLING:
            self._job.cancel.set()
            self._become(LearningState.CANCELLING)
            if self._child is not None:
                self._child.cancel()

    def close(self) -> None:
        """Cancels, waits for the worker and removes what was left; for the end of the program."""
        if self._job is not None:
            self._job.cancel.set()
        if self._child is not None:
            self._child.blockSignals(True)
            self._child.stop()
        self._worker.shutdown(wait=True)
        collection = self._job.collection if self._job is not None else self._collection
        if collection is not None:
            collection.discard()
        if self._job is not None:
            self._job.clean(keep_snapshot=False)
        self._job = self._collection = None

    # ---- the steps of a job ---------------------------------------------------------------

    def _prepare(self, job: LearningJob, taught_from: Path, reviewed: list[Candidate]) -> None:
        """In the worker thread: reads the pictures, splits them, writes the snapshot."""
        try:
            originals = teaching_set.original_pictures(taught_from)
            plan = teaching_set.build_plan(
                originals + reviewed,
                lambda done, total: self.progress.emit("preparing", done, total, -1.0),
                job.cancel.is_set,
            )
            if self._masks is not None:
                plan = with_masks(plan, self._masks, job.data)
            teaching_set.write_snapshot(plan, job.product, job.data)
        except Cancelled:
            self._broken.emit("cancelled", "Cancelled.")
        except LibraryError as error:
            self._broken.emit(error.code, str(error))
        except (OSError, ValueError, KeyError, StoreError) as error:
            log.exception("the snapshot could not be prepared")
            self._broken.emit("snapshot_failed", f"The pictures could not be gathered: {error}")
        else:
            self._prepared.emit(plan)

    @Slot(object)
    def _on_prepared(self, plan: SnapshotPlan) -> None:
        if self._job is None:
            return
        if self._job.cancel.is_set():
            self._end_badly("cancelled", "Cancelled.")
            return
        self._job.plan = plan
        self._start_teaching()

    @Slot(str, str)
    def _on_broken(self, code: str, sentence: str) -> None:
        if self._job is not None:
            self._end_badly(code, sentence)

    def _start_teaching(self) -> None:
        job = self._job
        assert job is not None
        self._become(LearningState.TEACHING)
        argv = ["teach", "--data", str(job.data), "--out", str(job.bundle)]
        argv += ["--product", job.product]
        recipe = self._recipes.latest(job.product)
        if recipe is not None and recipe.roi is not None:
            argv += ["--area", recipe.roi.text]
        if job.old is not None:
            argv += ["--parent", job.old.model_id]
        if job.weights is not None:
            argv += ["--weights", str(job.weights)]
        self._run(argv)

    def _start_comparing(self) -> None:
        """Evaluates the new bundle first, then the old one, on the same held-out parts."""
        job = self._job
        assert job is not None and job.old is not None
        bundle = job.bundle if not job.figures else job.old.path
        self._become(LearningState.COMPARING)
        self._run(
            ["evaluate", "--bundle", str(bundle), "--data", str(job.data), "--subset", "held_out"]
        )

    def _run(self, argv: list[str]) -> None:
        child = self._make_job()
        self._child = child
        child.progress.connect(self._on_progress)
        child.finished.connect(self._on_finished)
        child.failed.connect(self._on_failed)
        child.start(argv)

    @Slot(str, int, int, float)
    def _on_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        if self._state is not LearningState.CANCELLING:
            self.progress.emit(stage, done, total, seconds_left)

    @Slot(object)
    def _on_finished(self, result: object) -> None:
        job = self._job
        self._drop_child()
        if job is None:
            return
        if job.cancel.is_set():
            self._end_badly("cancelled", "Cancelled.")
        elif self._state is LearningState.COMPARING:
            job.figures.append(figures_of(result if isinstance(result, dict) else {}))
            if len(job.figures) < 2:
                self._start_comparing()
            else:
                self._finish()
        elif job.plan is not None and any(teaching_set.held_out_counts(job.plan)):
            self._start_comparing()
        else:
            self._finish()

    @Slot(str, str)
    def _on_failed(self, code: str, sentence: str) -> None:
        job = self._job
        self._drop_child()
        if job is None:
            return
        if job.cancel.is_set():
            self._end_badly("cancelled", "Cancelled.")
        elif self._state is LearningState.COMPARING:
            job.problems.append(sentence)  # the new model is whole; only its figures are missing
            self._finish()
        else:
            self._end_badly(code, sentence)

    def _finish(self) -> None:
        job = self._job
        assert job is not None
        try:
            version, activated = adopt(
                job, self._library, self._recipes, self._paths.models, self._camera()
            )
        except Exception as error:
            log.exception("the new model could not be kept")
            self._end_badly(str(getattr(error, "code", "bundle_not_kept")), str(error))
            return
        result = LearningResult(
            job.kind,
            version,
            job.old,
            job.comparison(),
            job.plan,
            activated,
            tuple(job.problems),
        )
        self._job = None
        job.clean(keep_snapshot=True)
        self._become(LearningState.IDLE)
        self.done.emit(result)

    def _end_badly(self, code: str, sentence: str) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.clean(keep_snapshot=False)
            self._collection = job.collection
        if self._collection is None:
            self._become(LearningState.IDLE)
        else:  # nobody has to show all those good parts to the camera again
            self._become(LearningState.COLLECTING)
        self.failed.emit(code, sentence)

    # ---- odds and ends --------------------------------------------------------------------

    def _begin(
        self, kind: LearningKind, product: str, actor: str, data: Path, taught_from: Path
    ) -> None:
        folder = self._paths.jobs / f"learning-{stamp()}"
        folder.mkdir(parents=True, exist_ok=True)
        self._job = LearningJob(kind, product, actor, folder, data, taught_from)
        self.started.emit(kind, product, actor)

    def _snapshot_folder(self) -> Path:
        return self._paths.snapshots / stamp()

    def _drop_child(self) -> None:
        if self._child is not None:
            self._child.deleteLater()
            self._child = None

    def _refuse_if_busy(self) -> bool:
        if self.busy:
            self.failed.emit("busy", "Another model is being taught. Wait for it, or cancel it.")
        return self.busy

    def _become(self, state: LearningState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
