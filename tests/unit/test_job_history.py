"""Teaching runs leave a trace, also those that failed or were cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from db.records import JobRecord
from db.repositories.jobs import JobRepository
from db.store import Store
from qc_station.domain.learning import LearningKind
from qc_station.services.job_history import JobHistory


class Learning(QObject):
    """The learning service's signals."""

    started = Signal(object, str, str)
    done = Signal(object)
    failed = Signal(str, str)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "station.sqlite3")
    yield opened
    opened.close()


def settled(store: Store, history: JobHistory) -> list[JobRecord]:
    store.write(lambda session: None)  # everything queued before it is written
    return history.newest()


def test_a_finished_run_names_its_model_and_who_asked(qapp: object, store: Store) -> None:
    learning = Learning()
    history = JobHistory(store, learning)  # type: ignore[arg-type]
    learning.started.emit(LearningKind.RETRAIN, "gear", "maria")
    version = SimpleNamespace(model_id="m-2")
    learning.done.emit(SimpleNamespace(version=version, activated=False))
    (job,) = settled(store, history)
    assert (job.recipe, job.kind, job.state, job.model_id) == ("gear", "retrain", "done", "m-2")
    assert job.options["actor"] == "maria"


def test_a_cancelled_run_and_a_refusal_are_told_apart(qapp: object, store: Store) -> None:
    learning = Learning()
    history = JobHistory(store, learning)  # type: ignore[arg-type]
    learning.started.emit(LearningKind.TEACH_FOLDER, "gear", "maria")
    learning.failed.emit("cancelled", "Cancelled.")
    learning.failed.emit("busy", "Another model is being taught.")
    (job,) = settled(store, history)
    assert (job.state, job.error_code) == ("cancelled", "cancelled")


def test_a_run_that_a_crash_cut_off_ends_as_failed(qapp: object, store: Store) -> None:
    left = JobRecord("j-1", "gear", "teach_folder", "running", datetime.now(UTC))
    store.write(lambda session: JobRepository(session).start(left))
    history = JobHistory(store, Learning())  # type: ignore[arg-type]
    (job,) = settled(store, history)
    assert (job.state, job.error_code) == ("failed", "interrupted")
