"""What one teaching job is made of: its child process, its folders, its figures. No widgets."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from qc_station.domain.learning import ComparisonRow, LearningKind, Measure, SnapshotPlan, compare
from qc_station.domain.model_version import Estimate, ModelVersion
from qc_station.domain.verdict import Inspection, Review
from qc_station.services.collection import Collection
from qc_station.services.manifest import estimate, read_manifest
from qc_station.services.models import ModelLibrary
from qc_station.services.recipes import RecipeService
from qc_station.services.teaching_set import held_out_counts


class JobLike(Protocol):
    """The part of JobRunner that is used here: one engine child process."""

    @property
    def progress(self) -> SignalInstance: ...
    @property
    def finished(self) -> SignalInstance: ...
    @property
    def failed(self) -> SignalInstance: ...
    def start(self, argv: list[str]) -> None: ...
    def cancel(self) -> None: ...
    def stop(self) -> None: ...
    def blockSignals(self, b: bool, /) -> bool: ...
    def deleteLater(self) -> None: ...


class LabelledSource(Protocol):
    """The part of ReviewService that is used here."""

    def labelled(self, recipe: str) -> list[tuple[Inspection, Review]]: ...


@dataclass(slots=True)
class LearningJob:
    """What runs now and what it has come to."""

    kind: LearningKind
    product: str
    actor: str
    folder: Path  # scratch, removed at the end whatever happens
    data: Path
    taught_from: Path
    old: ModelVersion | None = None
    weights: Path | None = None  # of the backbone, where somebody chose a file
    plan: SnapshotPlan | None = None
    figures: list[dict[Measure, Estimate]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    snapshot: Path | None = None  # removed when the job does not end well
    collection: Collection | None = None  # comes back when the job does not end well
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def bundle(self) -> Path:
        """Where the engine writes the new bundle."""
        return self.folder / "bundle"

    def comparison(self) -> tuple[ComparisonRow, ...]:
        """Old against new on the held-out parts; empty where nothing was held out on purpose."""
        if self.plan is None:
            return ()
        n_good, n_defect = held_out_counts(self.plan)
        new, old = self.figures if len(self.figures) == 2 else ({}, {})
        return compare(old, new, n_good, n_defect)

    def clean(self, *, keep_snapshot: bool) -> None:
        """Removes the scratch folder, and the snapshot of a job that did not end well."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.snapshot is not None and not keep_snapshot:
            shutil.rmtree(self.snapshot, ignore_errors=True)


def adopt(
    job: LearningJob, library: ModelLibrary, recipes: RecipeService, models: Path, camera: str
) -> tuple[ModelVersion, bool]:
    """Moves the bundle to its place and registers it; activates a product's first model.

    Returns the version and whether it was activated. Raises LibraryError or OSError.
    """
    place = models / str(read_manifest(job.bundle)["bundle_id"])
    models.mkdir(parents=True, exist_ok=True)
    job.bundle.rename(place)
    first = library.active(job.product) is None
    try:
        if job.product not in recipes.names():
            recipes.create(job.product, camera)
        version = library.register(
            place, recipe=job.product, taught_from=str(job.taught_from), actor=job.actor
        )
    except Exception:
        shutil.rmtree(place, ignore_errors=True)
        raise
    if first:
        version = library.put_in_use(version.model_id, job.actor)
    return version, first


def figures_of(report: dict[str, Any]) -> dict[Measure, Estimate]:
    """The figures of the old-vs-new table from the engine's evaluate result."""
    image, verdicts = report.get("image") or {}, report.get("verdicts") or {}
    found = {
        Measure.AUROC: estimate(image.get("auroc")),
        Measure.ESCAPE: estimate(verdicts.get("escape")),
        Measure.OVERKILL: estimate(verdicts.get("overkill")),
        Measure.REVIEW_RATE: estimate(verdicts.get("review")),
    }
    return {measure: figure for measure, figure in found.items() if figure is not None}


def sweep(jobs: Path) -> None:
    """Removes what a killed station left of its jobs."""
    for folder in jobs.glob("learning-*"):
        shutil.rmtree(folder, ignore_errors=True)


def stamp() -> str:
    """A folder name that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
