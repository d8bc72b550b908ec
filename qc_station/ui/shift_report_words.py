"""The shift report's texts. No widgets and no paint."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from qc_station.domain.golden import CheckRecord
from qc_station.domain.quality_figures import Share
from qc_station.domain.shift_report import Alarm, ModelUse, ShiftReport
from qc_station.domain.state import StateReason
from qc_station.ui.golden_words import result_title
from qc_station.ui.messages import count, percent
from qc_station.ui.state_messages import state_why
from qc_station.ui.time_words import clock, day, local, span

translate = QCoreApplication.translate


def long_day(moment: datetime) -> str:
    """The day with its year."""
    return QLocale().toString(local(moment).date(), QLocale.FormatType.LongFormat)


def shift_span(start: datetime, end: datetime) -> str:
    """From … to … on the day the shift began."""
    return translate("ShiftReport", "{day}, {start} – {end}").format(
        day=long_day(start), start=clock(start), end=clock(end)
    )


def made_at(report: ShiftReport) -> str:
    """When the report was made; said plainly while the shift goes on."""
    when = f"{day(report.made_at)} {clock(report.made_at)}"
    if report.complete:
        return translate("ShiftReport", "made on {}").format(when)
    return translate("ShiftReport", "the shift goes on: as of {}").format(when)


def people(report: ShiftReport) -> str:
    """Who was at work."""
    return ", ".join(report.people) or translate("ShiftReport", "nobody was logged in")


def products(report: ShiftReport) -> str:
    """What was made."""
    return ", ".join(report.products) or translate("ShiftReport", "no part")


def share_words(share: Share) -> str:
    """Count, whole and per cent."""
    if share.of == 0:
        return translate("ShiftReport", "nothing reviewed")
    return translate("ShiftReport", "{n} of {of} reviewed ({share})").format(
        n=count(share.count), of=count(share.of), share=percent(share.value)
    )


def duration(seconds: float) -> str:
    """A length of time, as long as it needs to be."""
    whole = round(seconds)
    if whole < 60:
        return translate("ShiftReport", "{} s").format(count(whole))
    if whole < 3600:
        return translate("ShiftReport", "{m} min {s:02d} s").format(m=whole // 60, s=whole % 60)
    return translate("ShiftReport", "{h} h {m:02d} min").format(
        h=whole // 3600, m=whole % 3600 // 60
    )


def alarm_row(alarm: Alarm, report: ShiftReport) -> tuple[str, str, str]:
    """When, why, how long."""
    try:
        why = state_why(StateReason(alarm.reason))
    except ValueError:  # of a newer program
        why = alarm.reason
    if alarm.end is None:
        return clock(alarm.start), why, translate("ShiftReport", "not cleared")
    when = span(alarm.start, alarm.end) if alarm.start < report.start else clock(alarm.start)
    return when, why, duration((alarm.end - alarm.start).total_seconds())


def check_row(check: CheckRecord) -> tuple[str, str, str]:
    """When, what came of it, by whom."""
    told = result_title(check.result)
    more = check.reason or ", ".join(check.failed)
    if more:
        told = translate("ShiftReport", "{result}: {more}").format(result=told, more=more)
    return clock(check.at), f"{check.recipe} · {told}", check.by


def model_row(use: ModelUse) -> tuple[str, str, str]:
    """Product, version, parts."""
    return use.recipe, use.model_id, count(use.parts)


def more_rows(number: int) -> str:
    """What the page has no room for."""
    return translate("ShiftReport", "and {} more, all in the CSV file").format(count(number))


def others() -> str:
    """The bar of all kinds that have none of their own."""
    return translate("ShiftReport", "Others")
