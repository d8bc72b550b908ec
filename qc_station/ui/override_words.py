"""Overrides in words: the machine's verdict beside a person's, who, when and why. No widgets."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from qc_station.domain.verdict import Inspection, Verdict
from qc_station.ui.messages import verdict_title

translate = QCoreApplication.translate


def verdict_line(part: Inspection) -> str:
    """The machine's verdict, and behind an arrow what a person decided."""
    machine = verdict_title(part.verdict)
    if part.override is None:
        return machine
    return translate("Override", "{machine} → {decided}").format(
        machine=machine, decided=verdict_title(part.override.verdict)
    )


def override_sentence(part: Inspection) -> str:
    """What a person decided, who, when and why; empty where the machine's verdict stands."""
    override = part.override
    if override is None:
        return ""
    missed = part.verdict is Verdict.NOT_INSPECTED
    if missed and override.verdict is Verdict.OK:
        text = translate(
            "Override", "Declared OK by {who} ({when}), NOT inspected by the machine: {why}"
        )
    else:
        text = translate("Override", "Overridden to {verdict} by {who} ({when}): {why}")
    return text.format(
        verdict=verdict_title(override.verdict),
        who=override.author,
        when=_moment(override.at),
        why=override.reason,
    )


def usual_reasons(verdict: Verdict) -> tuple[str, ...]:
    """Reasons to choose from for a decision."""
    if verdict is Verdict.OK:
        return (
            translate("Override", "Dust or dirt, wiped off"),
            translate("Override", "Reflection or shadow"),
            translate("Override", "Within the customer's tolerance"),
            translate("Override", "Part inspected by hand"),
        )
    return (
        translate("Override", "Defect seen by eye"),
        translate("Override", "Wrong part"),
        translate("Override", "Damaged while handled"),
        translate("Override", "Part inspected by hand"),
    )


def _moment(at: datetime) -> str:
    local = at.astimezone()
    if local.date() == datetime.now().astimezone().date():
        return f"{local:%H:%M}"
    day = QDate(local.year, local.month, local.day)
    date = QLocale().toString(day, QLocale.FormatType.ShortFormat)
    return f"{date} {local:%H:%M}"
