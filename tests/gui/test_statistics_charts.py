"""Plots as data, made from reports: values, words, alarms, and the parts behind a point."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from qc_station.domain.counters import Counters
from qc_station.domain.production_report import (
    Answers,
    Bucket,
    Latency,
    ProductionReport,
    ScoreSpread,
)
from qc_station.domain.quality_figures import pareto
from qc_station.domain.verdict import Verdict
from qc_station.services.system_use import GpuUse, SystemSample
from qc_station.ui import production_charts, quality_charts
from qc_station.ui.i18n import LanguageSwitch
from qc_station.ui.models.chart_data import Look
from qc_station.ui.statistics_figures import figures
from qc_station.ui.system_chart import now_words, system

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(*ng_of_hundred: int, **more: object) -> ProductionReport:
    """One bucket an hour with 100 parts each, so many of them NG; 0 parts for -1."""
    buckets = []
    for index, ng in enumerate(ng_of_hundred):
        counts = Counters(ok=100 - ng, ng=ng) if ng >= 0 else Counters()
        buckets.append(Bucket(NOON + index * HOUR, NOON + (index + 1) * HOUR, counts))
    made = ProductionReport(NOON, buckets[-1].end, "cable", tuple(buckets))
    return replace(made, **more)  # type: ignore[arg-type]


def test_a_bucket_out_of_control_gets_a_ring_and_words(language: LanguageSwitch) -> None:
    data = production_charts.laney(report(*[4, 5] * 15, 30))
    subgroups = data.series[0]
    assert subgroups.alarms == {30}
    assert subgroups.points[30].words.endswith(": outside the limits")
    assert "1 outside the limits" in data.spoken and "preliminary" not in data.note
    parts = subgroups.points[30].parts
    assert parts is not None and parts.recipe == "cable"
    assert parts.verdicts == {Verdict.NG} and parts.from_ == NOON + 30 * HOUR
    assert "preliminary: 3 of 20" in production_charts.laney(report(4, 5, 6)).note
    assert "at least two periods" in production_charts.laney(report(4, -1)).empty


def test_an_hour_without_parts_is_a_gap_and_leads_nowhere(language: LanguageSwitch) -> None:
    data = production_charts.yield_over_time(report(0, -1, 10))
    assert [point.value for point in data.series[0].points] == [100.0, None, 90.0]
    rates = production_charts.rates(report(0, -1, 10)).series[0]
    assert rates.points[0].value == 0.0 and rates.points[0].parts is None
    assert production_charts.throughput(report(-1)).empty == "No parts in this range."


def test_rare_defects_are_put_together(language: LanguageSwitch) -> None:
    kinds = pareto({f"kind_{number:02}": 20 - number for number in range(12)})
    data = quality_charts.pareto(report(50, defects=kinds))
    bars, line = data.series
    assert bars.look is Look.BAR and len(bars.points) == quality_charts.MOST_BARS
    total = sum(bar.count for bar in kinds)
    assert sum(point.value or 0 for point in bars.points) == total
    assert line.points[-1].value == total
    assert data.ticks[-1][1] == "Other kinds" and bars.points[-1].parts is None
    assert bars.points[0].parts is not None and bars.points[0].parts.defect == "kind_00"
    assert data.right_ticks[-1] == (float(total), "100")


def test_scores_of_two_products_are_not_mixed(language: LanguageSwitch) -> None:
    base = report(1, 2)
    spread = ScoreSpread(1.0, 1.5, 2.0, 2.5, 4.0)
    first = replace(base.buckets[0], scores=spread, ok_limit=3.0, ng_limit=None)
    known = replace(base, buckets=(first, base.buckets[1]))
    data = quality_charts.scores(known)
    assert [point.value for point in data.series[0].points] == [2.0, None]
    assert data.series[1].points[0].value == 3.0
    assert data.bands[0].low == (1.0, None) and data.bands[1].high == (2.5, None)
    assert "Choose one product" in quality_charts.scores(replace(known, several_recipes=True)).empty


def test_figures_have_intervals_and_say_what_is_unknown(language: LanguageSwitch) -> None:
    shown = figures(report(10, latency=Latency(20.0, 30.4, 41.0)))
    assert (shown["anomaly"].value, shown["anomaly"].note) == ("10.0 %", "5.5 % to 17.4 %")
    assert (shown["latency"].value, shown["latency"].note) == ("20 ms", "p95 30 · p99 41")
    assert (shown["escapes"].value, shown["escapes"].note) == ("–", "no random OK reviewed")
    answers = Answers(0, 0, 5, 9, 1, 8)  # five escapes found by hand, one of eight by chance
    known = report(10)
    known = replace(known, buckets=(replace(known.buckets[0], answers=answers),))
    escapes = figures(known)["escapes"]
    assert (escapes.value, escapes.note) == ("12.5 %", "1 of 8 random OK")
    assert "2.2 % to 47.1 %" in escapes.explanation
    empty = figures(report(-1))
    assert empty["yield"].value == "–" and empty["parts"].value == "0"
    language.switch("fr")
    assert figures(report(10))["anomaly"].value.replace("\u202f", " ") in ("10,0 %", "10,0\xa0%")


def test_the_machine_says_what_it_has_not(language: LanguageSwitch) -> None:
    bare = SystemSample(NOON, 12.0, 40.0, 3_200_000_000, None, None)
    assert now_words(bare) == (
        "CPU 12 % · memory 40 % (3.2 GB) · no GPU · temperature: not offered by this machine"
    )
    full = replace(bare, at=NOON + timedelta(seconds=5), celsius=51.0, gpu=GpuUse(87.0, 50.0, 70.0))
    assert now_words(full).endswith("GPU 87 % · GPU memory 50 % · 70 °C")
    assert len(system([bare]).series) == 2 and not system([bare]).right_ticks
    late = replace(full, at=NOON + timedelta(minutes=20))
    data = system([bare, full, late])
    assert [series.name for series in data.series] == ["CPU", "Memory", "GPU", "Temperature (°C)"]
    cpu = [point.value for point in data.series[0].points]
    assert cpu == [None, 12.0, 12.0, None, 12.0], "a gap where nobody looked"
    assert system([]).empty == "Nothing measured yet."
