"""Points in time in the viewer's zone and the window's language. No widgets."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

translate = QCoreApplication.translate


def local(moment: datetime) -> QDateTime:
    """The same moment in the viewer's time zone."""
    return QDateTime.fromMSecsSinceEpoch(round(moment.timestamp() * 1000))


def clock(moment: datetime) -> str:
    """Hour and minute."""
    return QLocale().toString(local(moment), "HH:mm")


def day(moment: datetime) -> str:
    """Day and month."""
    return QLocale().toString(local(moment), "d MMM")


def span(start: datetime, end: datetime) -> str:
    """From … to …, the day once where it is the same; ``end`` is the first moment outside."""
    first, last = local(start), local(end)
    whole_days = first.time().msecsSinceStartOfDay() == last.time().msecsSinceStartOfDay() == 0
    if whole_days and first.daysTo(last) == 1:
        return day(start)
    words = translate("Time", "{start} – {end}")
    if first.date() == last.date():
        return f"{day(start)} " + words.format(start=clock(start), end=clock(end))
    return words.format(start=f"{day(start)} {clock(start)}", end=f"{day(end)} {clock(end)}")
