"""Figures of the review queue in words. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.consistency import Consistency
from qc_station.domain.quality_figures import Share
from qc_station.ui.messages import count, number, percent

translate = QCoreApplication.translate


def time_for(seconds: float) -> str:
    """A rough duration: minutes up to two hours, then hours."""
    minutes = max(1, round(seconds / 60.0))
    if minutes <= 120:
        return translate("Review", "about {} min").format(count(minutes))
    return translate("Review", "about {} h").format(count(round(minutes / 60)))


def escape_words(share: Share) -> str:
    """The escape rate of the OK parts drawn at random, with its interval and its number."""
    interval = share.interval
    if interval is None:
        return translate("Review", "OK parts checked at random, 30 days: none yet")
    return translate(
        "Review",
        "OK parts checked at random, 30 days: {n} of {all} defective, {rate} ({low} to {high})",
    ).format(
        n=count(share.count), all=count(share.of), rate=percent(share.value, 1),
        low=percent(interval[0], 1), high=percent(interval[1], 1),
    )  # fmt: skip


def consistency_words(found: Consistency | None) -> str:
    """How often the reviewer gave the same answer twice."""
    if found is None or not found.agreed.of:
        return ""
    return translate("Review", "Your answers, given twice: {}").format(agreement(found))


def agreement(found: Consistency) -> str:
    """Agreement and kappa, short."""
    said = translate("Review", "{n} of {all} the same").format(
        n=count(found.agreed.count), all=count(found.agreed.of)
    )
    if found.kappa is None:
        return said
    return f"{said}, κ {number(found.kappa)}"
