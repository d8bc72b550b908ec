"""The statistics' plots of defects, experts' answers, scores and latency. No widgets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from qc_station.domain.filters import HistoryFilter
from qc_station.domain.production_report import Bucket, ProductionReport
from qc_station.domain.quality_figures import ParetoBar
from qc_station.domain.verdict import Label, Verdict
from qc_station.ui import theme
from qc_station.ui.messages import class_title, count, number, percent
from qc_station.ui.models.chart_data import Band, ChartData, Look, Point, Series
from qc_station.ui.production_charts import no_parts, nothing, over_time, parts_of, when

translate = QCoreApplication.translate
MOST_BARS = 8
LINE_LENGTH = 11
LEAST_PARTS = 4  # high enough for an axis of whole numbers


def pareto(report: ProductionReport) -> ChartData:
    """Defects by kind with the cumulative share."""
    title = translate("Chart", "Defects by kind (Pareto)")
    if not report.counts.total:
        return nothing(title, no_parts())
    if not report.defects:
        return nothing(title, translate("Chart", "No defects in this range."))
    total = sum(bar.count for bar in report.defects)
    bars = _shortened(report.defects)
    said = translate("Chart", "{name}: {n} of {all} defects, {share} together with those before")
    counts, cumulative = [], []
    for name, bar, one_kind in bars:
        words = said.format(
            name=name, n=count(bar.count), all=count(total), share=percent(bar.cumulative, 1)
        )
        parts = _defects(report, bar.name) if one_kind else None
        counts.append(Point(float(bar.count), words, parts))
        cumulative.append(Point(bar.cumulative * total, words, parts))
    spoken = translate(
        "Chart", "Pareto chart of {n} defects of {kinds} kinds; most frequent: {first}."
    ).format(n=count(total), kinds=count(len(report.defects)), first=counts[0].words)
    return ChartData(
        title=title,
        spoken=spoken,
        y_title=translate("Chart", "Defects"),
        starts=tuple(float(i) for i in range(len(bars))),
        ends=tuple(float(i + 1) for i in range(len(bars))),
        ticks=tuple((i + 0.5, _wrapped(name)) for i, (name, _bar, _one) in enumerate(bars)),
        series=(
            Series(translate("Chart", "Defects"), theme.NEUTRAL_BAR, tuple(counts), Look.BAR),
            Series(
                translate("Chart", "Cumulative share"), theme.NG_SIGN, tuple(cumulative), mark="d"
            ),
        ),
        high=float(total),
        right_title=translate("Chart", "Cumulative share (%)"),
        right_ticks=tuple((total * k / 100.0, number(k, 0)) for k in (0, 25, 50, 75, 100)),
    )


def _defects(report: ProductionReport, name: str) -> HistoryFilter:
    return HistoryFilter(from_=report.start, to=report.end, recipe=report.recipe, defect=name)


def _shortened(bars: tuple[ParetoBar, ...]) -> list[tuple[str, ParetoBar, bool]]:
    """Title, bar, and whether it is one kind: the rare kinds are put together."""
    named = [(class_title(bar.name or "anomaly"), bar, True) for bar in bars]
    if len(named) <= MOST_BARS:
        return named
    rest = sum(bar.count for bar in bars[MOST_BARS - 1 :])
    other = translate("Chart", "Other kinds")
    return [*named[: MOST_BARS - 1], (other, ParetoBar("", rest, 1.0), False)]


def _wrapped(name: str) -> str:
    """On several short lines, so that labels stand side by side."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LINE_LENGTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def answers(report: ProductionReport) -> ChartData:
    """False alarms and escapes that experts found, by the time their parts were inspected."""
    title = translate("Chart", "Errors found in review")
    if not report.counts.total:
        return nothing(title, no_parts())
    total = report.answers
    if not total.reviewed_ng and not total.reviewed_ok:
        return nothing(title, translate("Chart", "No OK or NG part of this range was reviewed."))
    alarms, escapes = false_alarm_name(), escape_name()
    said = translate("Chart", "{when} · {name}: {n} of {all} reviewed")

    def bars(
        name: str, verdict: Verdict, answer: Label, of: Callable[[Bucket], tuple[int, int]]
    ) -> tuple[Point, ...]:
        found = []
        for bucket in report.buckets:
            wrong, reviewed = of(bucket)
            words = said.format(when=when(bucket), name=name, n=count(wrong), all=count(reviewed))
            parts = parts_of(report, bucket, verdicts=frozenset({verdict}), answer=answer)
            found.append(Point(float(wrong), words, parts if wrong else None))
        return tuple(found)

    spoken = translate(
        "Chart",
        "False alarms: {a} of {ng} reviewed NG parts were good. "
        "Escapes: {e} of {ok} reviewed OK parts were defective.",
    ).format(
        a=count(total.false_alarms), ng=count(total.reviewed_ng), e=count(total.escapes),
        ok=count(total.reviewed_ok),
    )  # fmt: skip
    alarm_bars = bars(
        alarms, Verdict.NG, Label.GOOD, lambda b: (b.answers.false_alarms, b.answers.reviewed_ng)
    )
    escape_bars = bars(
        escapes, Verdict.OK, Label.DEFECT, lambda b: (b.answers.escapes, b.answers.reviewed_ok)
    )
    return over_time(
        report, title, spoken, y_title=translate("Chart", "Parts"),
        series=(
            Series(alarms, theme.NEUTRAL_BAR, alarm_bars, Look.BAR),
            Series(escapes, theme.NG_SIGN, escape_bars, Look.BAR),
        ),
        high=max(LEAST_PARTS, *(p.value or 0.0 for p in (*alarm_bars, *escape_bars))),
    )  # fmt: skip


def false_alarm_name() -> str:
    """NG parts that were good."""
    return translate("Chart", "False alarms")


def escape_name() -> str:
    """OK parts that were defective."""
    return translate("Chart", "Escapes")


def scores(report: ProductionReport) -> ChartData:
    """Quantiles of the scores of each bucket beside the limits."""
    title = translate("Chart", "Score distribution")
    if report.several_recipes:
        return nothing(
            title, translate("Chart", "Choose one product: scores of two products do not compare.")
        )
    known = [bucket.scores for bucket in report.buckets if bucket.scores]
    if not known:
        return nothing(title, no_parts())
    said = translate("Chart", "{when} · median {p50}, 90 % from {p05} to {p95}")
    spreads = [bucket.scores for bucket in report.buckets]
    points = tuple(
        Point(
            spread.p50,
            said.format(
                when=when(bucket), p50=number(spread.p50), p05=number(spread.p05),
                p95=number(spread.p95),
            ),
            parts_of(report, bucket),
        )
        if spread
        else Point(None)
        for bucket, spread in zip(report.buckets, spreads, strict=True)
    )  # fmt: skip
    bands = (
        Band(
            translate("Chart", "90 %"), theme.SELECTION,
            tuple(s.p05 if s else None for s in spreads),
            tuple(s.p95 if s else None for s in spreads),
        ),
        Band(
            translate("Chart", "50 %"), theme.NEUTRAL_BAR,
            tuple(s.p25 if s else None for s in spreads),
            tuple(s.p75 if s else None for s in spreads),
        ),
    )  # fmt: skip
    limits = (
        Series(
            translate("Chart", "OK limit"), theme.OK_SIGN,
            tuple(Point(bucket.ok_limit) for bucket in report.buckets), Look.DASHED_STEP,
        ),
        Series(
            translate("Chart", "NG limit"), theme.NG_SIGN,
            tuple(Point(bucket.ng_limit) for bucket in report.buckets), Look.DASHED_STEP,
        ),
    )  # fmt: skip
    spoken = translate(
        "Chart", "Scores over time: the median lies between {low} and {high}; last {last}."
    ).format(
        low=number(min(s.p50 for s in known)), high=number(max(s.p50 for s in known)),
        last=number(known[-1].p50),
    )  # fmt: skip
    median = Series(translate("Chart", "Median"), theme.FOCUS, points)
    return over_time(
        report, title, spoken, y_title=translate("Chart", "Score (no unit)"),
        series=(median, *limits), bands=bands, low=None,
    )  # fmt: skip


def latency(report: ProductionReport) -> ChartData:
    """Median, 95 % and 99 % quantile of each bucket."""
    title = translate("Chart", "Latency")
    if report.latency is None:
        return nothing(title, no_parts())
    said = translate("Chart", "{when} · {name}: {ms} ms")
    series = []
    for name, field, colour, mark in (
        ("p50", "p50_ms", theme.OK_SIGN, "o"),
        ("p95", "p95_ms", theme.REVIEW_LINE, "d"),
        ("p99", "p99_ms", theme.NG_SIGN, "s"),
    ):
        points = []
        for bucket in report.buckets:
            if bucket.latency is None:
                points.append(Point(None))
                continue
            value = float(getattr(bucket.latency, field))
            words = said.format(when=when(bucket), name=name, ms=number(value, 1))
            points.append(Point(value, words, parts_of(report, bucket)))
        series.append(Series(name, colour, tuple(points), mark=mark))
    spoken = translate(
        "Chart", "Latency over the whole range: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms."
    ).format(
        p50=number(report.latency.p50_ms, 1), p95=number(report.latency.p95_ms, 1),
        p99=number(report.latency.p99_ms, 1),
    )  # fmt: skip
    return over_time(
        report, title, spoken, y_title=translate("Chart", "Latency (ms)"), series=tuple(series)
    )
