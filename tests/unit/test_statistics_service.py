"""Statistics of a real log: buckets, rates, answers, quantiles, and questions nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from store_support import NOON, make_part

from db.store import Store
from qc_station.domain.filters import HistoryFilter
from qc_station.domain.production_report import Answers, ProductionReport
from qc_station.domain.verdict import Label, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.review import ReviewService
from qc_station.services.statistics import StatisticsService
from qc_station.services.verdict_log import VerdictLog

START, END = NOON, NOON + timedelta(hours=1)


class Rig:
    """Log, review and statistics over one temporary database."""

    def __init__(self, home: Path) -> None:
        self.store = Store.open(home / "station.sqlite3")
        self.log = VerdictLog(self.store, ImageStore(home / "images"))
        self.review = ReviewService(self.store)
        self.statistics = StatisticsService(self.store)

    def add(self, number: int, verdict: Verdict, minutes: float, **more: Any) -> None:
        moment = NOON + timedelta(minutes=minutes)
        part = make_part(number, verdict=verdict, captured_at=moment, decided_at=moment, **more)
        self.log.record(part, None, None)
        assert self.log.flush()

    def report(self, recipe: str | None = None) -> ProductionReport:
        found = self.statistics.report(START, END, recipe)
        assert found is not None
        return found


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.log.close()
    made.store.close()


def test_an_empty_log_gives_an_empty_report(rig: Rig) -> None:
    report = rig.report()
    assert report.counts.total == 0 and report.laney is None and report.latency is None
    assert report.defects == () and len(report.buckets) == 60
    assert report.buckets[0].start == START and report.buckets[-1].end == END


def test_parts_are_counted_where_they_were_captured(rig: Rig) -> None:
    for number, minute in enumerate((0, 0.5, 10.2, 59.9)):
        rig.add(number, Verdict.NG if number == 2 else Verdict.OK, minute, ok_limit=2.0 + number)
    rig.add(8, Verdict.NOT_INSPECTED, 10.3, ok_limit=None, ng_limit=None)
    rig.add(9, Verdict.OK, 60.0)
    report = rig.report()
    assert report.counts.total == 5 and report.counts.ok == 3
    assert report.counts.first_pass_yield == 0.6
    assert report.parts_per_hour == 5.0
    first, tenth = report.buckets[0], report.buckets[10]
    assert first.counts.ok == 2 and first.parts_per_hour == 120.0
    assert first.ok_limit == pytest.approx(2.5)
    assert (tenth.counts.ng, tenth.counts.not_inspected, tenth.ok_limit) == (1, 1, 4.0)
    chart = report.laney
    assert chart is not None and chart.subgroups == 3 and chart.centre == pytest.approx(0.2)


def test_false_alarms_and_escapes_come_from_standing_answers(rig: Rig) -> None:
    for number in range(4):
        rig.add(number, Verdict.NG, 1, class_name="crack")
    for number in range(4, 7):
        rig.add(number, Verdict.OK, 2)
    rig.add(7, Verdict.REVIEW, 3)
    answers = {
        0: Label.GOOD, 1: Label.DEFECT, 2: Label.CANNOT_TELL, 4: Label.DEFECT, 5: Label.GOOD,
        7: Label.DEFECT,
    }  # fmt: skip
    for number, label in answers.items():
        name = "dent" if number in (1, 7) else None
        rig.review.answer(f"part-{number}", label, name, "ann")
    report = rig.report()
    assert report.answers == Answers(1, 2, 1, 2)
    assert report.buckets[1].answers == Answers(1, 2, 0, 0)
    assert {bar.name: bar.count for bar in report.defects} == {"crack": 2, "dent": 2, "": 1}
    for bar in report.defects:
        assert rig.log.count(HistoryFilter(from_=START, to=END, defect=bar.name)) == bar.count
    alarms = HistoryFilter(verdicts=frozenset({Verdict.NG}), answer=Label.GOOD)
    assert [part.part_number for part in rig.log.query(alarms, 0, 9)] == [0]
    assert rig.review.undo() is not None
    assert sum(bar.count for bar in rig.report().defects) == 4


def test_quantiles_of_latency_and_score(rig: Rig) -> None:
    for number in range(1, 101):
        rig.add(number, Verdict.OK, 5, latency_ms=float(number), score=number / 10)
    report = rig.report()
    assert report.latency is not None
    assert report.latency.p50_ms == pytest.approx(50, rel=0.01)
    assert report.latency.p95_ms == pytest.approx(95, rel=0.01)
    assert report.latency.p99_ms == pytest.approx(99, rel=0.01)
    scores = report.buckets[5].scores
    assert scores is not None and scores.p50 == pytest.approx(5.0, rel=0.01)
    assert report.buckets[4].scores is None


def test_one_product_alone_and_several_together(rig: Rig) -> None:
    rig.add(1, Verdict.OK, 1)
    rig.add(2, Verdict.OK, 1, recipe="cable")
    assert rig.statistics.recipes() == ["bottle", "cable"]
    assert rig.report().several_recipes
    alone = rig.report("cable")
    assert alone.counts.total == 1 and not alone.several_recipes


def test_a_question_that_nobody_waits_for_stops(rig: Rig) -> None:
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(1)
        return len(asked) < 2

    assert rig.statistics.report(START, END, None, wanted) is None
    with pytest.raises(ValueError, match="ends after"):
        rig.statistics.report(END, START)
