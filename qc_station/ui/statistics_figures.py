"""The row of figures above the statistics' plots, in words. No widgets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from qc_station.domain.production_report import ProductionReport
from qc_station.domain.quality_figures import Share
from qc_station.domain.verdict import Verdict
from qc_station.ui.messages import count, number, percent, verdict_title
from qc_station.ui.production_charts import anomaly_rate_name, per_hour, review_rate_name
from qc_station.ui.quality_charts import escape_name, false_alarm_name

translate = QCoreApplication.translate
NAMES = (
    "parts", "yield", "anomaly", "review", "not_inspected", "false_alarms", "escapes", "latency",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """Name, value, note, and how it is counted."""

    name: str
    value: str
    note: str
    explanation: str


def figures(report: ProductionReport) -> dict[str, Figure]:
    """By the names of NAMES."""
    counts = report.counts
    of_all = translate(
        "Figure", "Share of all parts, inspected or not; below it the 95 % interval."
    )
    return {
        "parts": Figure(
            translate("Figure", "Parts"), count(counts.total),
            translate("Figure", "{} per hour").format(per_hour(report.parts_per_hour)),
            translate("Figure", "All triggered parts; per hour of the whole range, with pauses."),
        ),
        "yield": _share(
            translate("Figure", "First-pass yield"), Share(counts.ok, counts.total),
            translate("Figure", "Parts that were OK at once. ") + of_all,
        ),
        "anomaly": _share(anomaly_rate_name(), Share(counts.ng, counts.total), of_all),
        "review": _share(review_rate_name(), Share(counts.review, counts.total), of_all),
        "not_inspected": _share(
            verdict_title(Verdict.NOT_INSPECTED), Share(counts.not_inspected, counts.total), of_all
        ),
        **_answers(report),
        "latency": _latency(report),
    }  # fmt: skip


def _share(name: str, share: Share, explanation: str) -> Figure:
    interval = share.interval
    if interval is None:
        return Figure(name, "–", "", explanation)
    note = translate("Figure", "{low} to {high}").format(
        low=percent(interval[0], 1), high=percent(interval[1], 1)
    )
    return Figure(name, percent(share.value, 1), note, explanation)


def _answers(report: ProductionReport) -> dict[str, Figure]:
    answers = report.answers
    return {
        "false_alarms": _reviewed(
            false_alarm_name(), Share(answers.false_alarms, answers.reviewed_ng),
            translate("Figure", "{n} of {all} reviewed NG"),
            translate("Figure", "no NG part reviewed"),
            translate("Figure", "Share of the reviewed NG parts that an expert called good."),
        ),
        "escapes": _reviewed(
            escape_name(), Share(answers.drawn_escapes, answers.drawn_ok),
            translate("Figure", "{n} of {all} random OK"),
            translate("Figure", "no random OK reviewed"),
            translate(
                "Figure",
                "Share of the OK parts that were drawn at random for the review queue and that an "
                "expert called defective: it holds for all OK parts, because their score did not "
                "choose them. “Can't tell” and disagreements are not counted.",
            ),
        ),
    }  # fmt: skip


def _reviewed(name: str, share: Share, note: str, none: str, explanation: str) -> Figure:
    if share.interval is None:
        return Figure(name, "–", none, explanation)
    interval = translate("Figure", "95 % interval: {low} to {high}.").format(
        low=percent(share.interval[0], 1), high=percent(share.interval[1], 1)
    )
    said = note.format(n=count(share.count), all=count(share.of))
    return Figure(name, percent(share.value, 1), said, f"{explanation} {interval}")


def _latency(report: ProductionReport) -> Figure:
    name = translate("Figure", "Latency, median")
    explanation = translate(
        "Figure", "Time from picture to verdict; below it the 95 % and the 99 % quantile."
    )
    latency = report.latency
    if latency is None:
        return Figure(name, "–", "", explanation)
    note = translate("Figure", "p95 {p95} · p99 {p99}").format(
        p95=number(latency.p95_ms, 0), p99=number(latency.p99_ms, 0)
    )
    value = translate("Figure", "{} ms").format(number(latency.p50_ms, 0))
    return Figure(name, value, note, explanation)
