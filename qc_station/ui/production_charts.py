"""The statistics' plots of throughput, rates and the p′ chart, made from a report. No widgets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.production_report import Bucket, ProductionReport
from qc_station.domain.quality_figures import SETTLED_SUBGROUPS, LaneyChart
from qc_station.domain.verdict import Verdict
from qc_station.ui import theme
from qc_station.ui.messages import count, number, percent, verdict_title
from qc_station.ui.models.chart_data import ChartData, Look, Point, Series
from qc_station.ui.time_axis import time_ticks
from qc_station.ui.time_words import span

translate = QCoreApplication.translate


def no_parts() -> str:
    """What an empty plot says."""
    return translate("Chart", "No parts in this range.")


def parts_of(report: ProductionReport, bucket: Bucket, **more: Any) -> HistoryFilter:
    """The parts of one bucket, narrowed further."""
    return HistoryFilter(from_=bucket.start, to=bucket.end, recipe=report.recipe, **more)


def over_time(report: ProductionReport, title: str, spoken: str, **more: Any) -> ChartData:
    """A plot whose horizontal axis is the report's time range."""
    return ChartData(
        title=title,
        spoken=spoken,
        x_title=translate("Chart", "Local time"),
        starts=tuple(bucket.start.timestamp() for bucket in report.buckets),
        ends=tuple(bucket.end.timestamp() for bucket in report.buckets),
        ticks=time_ticks(report.start, report.end),
        **more,
    )


def nothing(title: str, why: str) -> ChartData:
    """A plot that has nothing to show, and why."""
    spoken = translate("Chart", "{title}: {why}").format(title=title, why=why)
    return ChartData(title=title, spoken=spoken, empty=why)


def when(bucket: Bucket) -> str:
    """The bucket's time range."""
    return span(bucket.start, bucket.end)


def per_hour(parts: float) -> str:
    """A throughput; slow lines get a decimal."""
    return number(parts, 0 if parts >= 10 else 1)


def throughput(report: ProductionReport) -> ChartData:
    """Parts per hour of each bucket."""
    title = translate("Chart", "Throughput")
    if not report.counts.total:
        return nothing(title, no_parts())
    said = translate("Chart", "{when} · {rate} parts/h ({n} parts)")
    points = tuple(
        Point(
            bucket.parts_per_hour,
            said.format(
                when=when(bucket), rate=per_hour(bucket.parts_per_hour),
                n=count(bucket.counts.total),
            ),
            parts_of(report, bucket) if bucket.counts.total else None,
        )
        for bucket in report.buckets
    )  # fmt: skip
    spoken = translate(
        "Chart", "Throughput: {n} parts in this range, {mean} per hour on average, {most} at most."
    ).format(
        n=count(report.counts.total), mean=per_hour(report.parts_per_hour),
        most=per_hour(max(bucket.parts_per_hour for bucket in report.buckets)),
    )  # fmt: skip
    name = translate("Chart", "Parts per hour")
    series = Series(name, theme.NEUTRAL_BAR, points, Look.BAR)
    return over_time(report, title, spoken, y_title=name, series=(series,))


def yield_over_time(report: ProductionReport) -> ChartData:
    """First-pass yield of each bucket."""
    title = translate("Chart", "First-pass yield")
    if not report.counts.total:
        return nothing(title, no_parts())
    line = _share_line(report, title, theme.OK_SIGN, lambda b: b.counts.ok, frozenset(), "o")
    known = [point.value for point in line.points if point.value is not None]
    spoken = translate(
        "Chart", "First-pass yield: {all} of {n} parts; between {low} and {high} over time."
    ).format(
        all=percent(report.counts.first_pass_yield, 1), n=count(report.counts.total),
        low=percent(min(known) / 100, 1), high=percent(max(known) / 100, 1),
    )  # fmt: skip
    lowest = max(0.0, min(known) - 5.0)
    return over_time(
        report, title, spoken, y_title=translate("Chart", "OK parts (%)"),
        series=(line,), low=lowest, high=100.0,
    )  # fmt: skip


def rates(report: ProductionReport) -> ChartData:
    """Anomaly and review rate of each bucket."""
    title = translate("Chart", "Anomaly and review rate")
    counts = report.counts
    if not counts.total:
        return nothing(title, no_parts())
    anomaly, review = anomaly_rate_name(), review_rate_name()
    lines = (
        _share_line(
            report, anomaly, theme.NG_SIGN, lambda b: b.counts.ng, frozenset({Verdict.NG}), "s"
        ),
        _share_line(
            report, review, theme.REVIEW_LINE, lambda b: b.counts.review,
            frozenset({Verdict.REVIEW}), "d",
        ),
    )  # fmt: skip
    spoken = translate(
        "Chart", "Of {n} parts, {anomaly} were NG and {review} went to review."
    ).format(
        n=count(counts.total), anomaly=percent(counts.ng / counts.total, 1),
        review=percent(counts.review / counts.total, 1),
    )  # fmt: skip
    return over_time(
        report, title, spoken, y_title=translate("Chart", "Share of parts (%)"), series=lines
    )


def anomaly_rate_name() -> str:
    """Share of NG parts."""
    return translate("Chart", "Anomaly rate")


def review_rate_name() -> str:
    """Share of parts that went to review."""
    return translate("Chart", "Review rate")


def _share_line(
    report: ProductionReport,
    name: str,
    colour: str,
    of: Callable[[Bucket], int],
    verdicts: frozenset[Verdict],
    mark: str,
) -> Series:
    said = translate("Chart", "{when} · {name}: {share} ({n} of {all})")

    def point(bucket: Bucket) -> Point:
        share = bucket.share(of(bucket))
        if share.value is None:
            return Point(None)
        words = said.format(
            when=when(bucket), name=name, share=percent(share.value, 1), n=count(share.count),
            all=count(share.of),
        )  # fmt: skip
        reach = parts_of(report, bucket, verdicts=verdicts)
        return Point(share.value * 100.0, words, reach if share.count or not verdicts else None)

    return Series(name, colour, tuple(point(bucket) for bucket in report.buckets), mark=mark)


def laney(report: ProductionReport) -> ChartData:
    """Laney p′ chart of the NG parts, one subgroup per bucket."""
    title = translate("Chart", "Laney p′ chart of NG parts")
    if not report.counts.total:
        return nothing(title, no_parts())
    chart = report.laney
    if chart is None:
        return nothing(
            title, translate("Chart", "A control chart needs parts in at least two periods.")
        )
    limits = tuple(
        Series(name, theme.NG_SIGN, tuple(Point(v) for v in values), Look.DASHED_STEP)
        for name, values in (
            (translate("Chart", "Limits"), _limit(chart, "high")),
            ("", _limit(chart, "low")),
        )
    )
    centre = Series(
        translate("Chart", "Mean"), theme.OK_SIGN,
        tuple(Point(chart.centre * 100.0) for _ in chart.points), Look.STEP,
    )  # fmt: skip
    return over_time(
        report, title, laney_words(chart), y_title=translate("Chart", "NG parts (%)"),
        series=(_subgroups(report, chart), *limits, centre), note=laney_note(chart),
    )  # fmt: skip


def laney_words(chart: LaneyChart) -> str:
    """The chart in one sentence."""
    return translate(
        "Chart",
        "Laney p′ chart of NG parts: {n} periods, mean {mean}, σz {sigma}, {outside} outside the "
        "limits.",
    ).format(
        n=count(chart.subgroups), mean=percent(chart.centre, 2), sigma=number(chart.sigma_z),
        outside=count(len(chart.outside)),
    )  # fmt: skip


def laney_note(chart: LaneyChart) -> str:
    """What the limits rest on."""
    note = translate("Chart", "σz {sigma} · outside the limits: {outside}").format(
        sigma=number(chart.sigma_z), outside=count(len(chart.outside))
    )
    if chart.settled:
        return note
    preliminary = translate("Chart", "limits preliminary: {n} of {wanted} periods").format(
        n=count(chart.subgroups), wanted=count(SETTLED_SUBGROUPS)
    )
    return f"{note} · {preliminary}"


def _limit(chart: LaneyChart, side: str) -> list[float | None]:
    return [getattr(point, side) * 100.0 if point else None for point in chart.points]


def _subgroups(report: ProductionReport, chart: LaneyChart) -> Series:
    said = translate("Chart", "{when} · NG {share} ({n} of {all}), limits {low} to {high}")
    beyond = translate("Chart", "{words}: outside the limits")
    points: list[Point] = []
    for bucket, point in zip(report.buckets, chart.points, strict=True):
        if point is None:
            points.append(Point(None))
            continue
        words = said.format(
            when=when(bucket), share=percent(point.share, 1), n=count(bucket.counts.ng),
            all=count(bucket.counts.total), low=percent(point.low, 1), high=percent(point.high, 1),
        )  # fmt: skip
        if point.outside:
            words = beyond.format(words=words)
        verdicts = frozenset({Verdict.NG})
        parts = parts_of(report, bucket, verdicts=verdicts) if bucket.counts.ng else None
        points.append(Point(point.share * 100.0, words, parts))
    return Series(
        verdict_title(Verdict.NG), theme.FOCUS, tuple(points), alarms=frozenset(chart.outside)
    )
