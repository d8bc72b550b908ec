"""A comparison with the real engine: the parts that it measures are the held-out ones."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from qc_station.backend.jobs import JobRunner
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.learning import Change, Measure
from qc_station.domain.verdict import Label, Verdict
from qc_station.interpreter import keep_constants_alive
from qc_station.services.activities import Activities
from qc_station.services.manifest import read_version
from qc_station.services.model_comparison import ComparisonService
from qc_station.services.tasks import TaskPool
from tests.gui.logged_parts import LoggedParts

keep_constants_alive()


def test_the_engine_measures_both_on_the_held_out_parts(
    qtbot: QtBot, tmp_path: Path, tiny_bundle: Path
) -> None:
    parts = LoggedParts(tmp_path / "home")
    parts.add(Verdict.REVIEW, count=40)
    for part in parts.log.query(HistoryFilter(), 0, 40):
        good = part.part_number % 2 == 0
        label = Label.GOOD if good else Label.DEFECT
        parts.review.answer(part.inspection_id, label, None if good else "crack", "ann")
    version = read_version(
        tiny_bundle, recipe="bottle", taught_from=str(tiny_bundle.parent / "data")
    )
    tasks = TaskPool()
    service = ComparisonService(
        parts.review, parts.paths, JobRunner, Activities(tasks), tasks
    )  # fmt: skip
    try:
        with qtbot.waitSignal(service.compared, timeout=120_000) as told:
            service.compare(version, version, "ann")
    finally:
        service.close()
        assert tasks.close()
        parts.close()
    found = told.args[0]
    assert found.unknown == ()
    rates = {row.metric: row for row in found.rows}
    assert 0 < rates[Measure.REVIEW_RATE].n < 40, "some parts, never all"
    assert {row.change for row in found.rows} <= {Change.SAME, Change.UNKNOWN}
    assert rates[Measure.REVIEW_RATE].change is Change.SAME, "a number, not words"
