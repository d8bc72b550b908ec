"""What the learning page says of models, limits and figures. Knows no widgets and no services.

Every function looks its text up at the moment of the call, so that a language switch shows.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from qc_station.domain.learning import Change, ComparisonRow, Measure, SnapshotPlan
from qc_station.domain.model_version import Estimate, LimitClaim, ModelVersion, parts_needed
from qc_station.ui import state_messages
from qc_station.ui.messages import count, number, percent

translate = QCoreApplication.translate


def measure_title(measure: Measure) -> str:
    """A figure's name in the table."""
    return {
        Measure.AUROC: translate("Learning", "Good and defective told apart (image AUROC)"),
        Measure.ESCAPE: translate("Learning", "Defects passed as OK (escape)"),
        Measure.OVERKILL: translate("Learning", "Good parts rejected as NG (overkill)"),
        Measure.REVIEW_RATE: translate("Learning", "Parts sent to review"),
    }[measure]


def change_word(change: Change) -> str:
    """Better or worse, in a word."""
    return {
        Change.BETTER: translate("Learning", "better"),
        Change.WORSE: translate("Learning", "worse"),
        Change.SAME: translate("Learning", "same"),
        Change.UNKNOWN: translate("Learning", "not known"),
    }[change]


def figure(measure: Measure, value: Estimate | None) -> str:
    """A figure with its 95 % interval."""
    if value is None:
        return "–"
    if measure is Measure.AUROC:
        main = number(value.value, 3)
        if value.low is None or value.high is None:
            return main
        return f"{main}  [{number(value.low, 3)} … {number(value.high, 3)}]"
    main = percent(value.value, 1)
    if value.low is None or value.high is None:
        return main
    return f"{main}  [{number(value.low * 100, 1)} … {percent(value.high, 1)}]"


def too_few(row: ComparisonRow) -> str:
    """Why a row has no numbers."""
    if row.n == 0:
        return translate("Learning", "no held-out parts of this kind yet")
    return translate(
        "Learning", "only {n} held-out parts so far; a number needs {needed} of each kind"
    ).format(n=row.n, needed=row.needed)


def _rate(share: float) -> str:
    return percent(
        share, 0 if share >= 0.0995 or abs(share * 100 - round(share * 100)) < 1e-6 else 1
    )


def ok_sentence(claim: LimitClaim) -> str:
    """What the OK limit promises and what the pictures support."""
    if claim.of_defects:
        promise = translate(
            "Learning", "At most {rate} of defects at or below the OK limit {limit}"
        )
        support = translate("Learning", "{n} defect pictures support {rate}")
    else:
        promise = translate("Learning", "At most {rate} of good parts above the OK limit {limit}")
        support = translate("Learning", "{n} good pictures support {rate}")
    return _claim(claim, promise, support)


def ng_sentence(claim: LimitClaim) -> str:
    """What the NG limit promises and what the pictures support."""
    return _claim(
        claim,
        translate("Learning", "At most {rate} of good parts above the NG limit {limit}"),
        translate("Learning", "{n} good pictures support {rate}"),
    )


def _claim(claim: LimitClaim, promise: str, support: str) -> str:
    if claim.rate is None:
        return translate("Learning", "Limit {}.").format(number(claim.limit))
    said = promise.format(rate=_rate(claim.rate), limit=number(claim.limit))
    if claim.supported is None:
        return translate("Learning", "{claim}.").format(claim=said)
    backed = support.format(n=count(claim.n), rate=_rate(claim.supported))
    if claim.is_supported:
        return translate("Learning", "{claim} ({support}).").format(claim=said, support=backed)
    return translate(
        "Learning", "{claim} was asked for, but {support}: it takes {needed} pictures."
    ).format(claim=said, support=backed, needed=count(parts_needed(claim.rate)))


def version_date(version: ModelVersion) -> str:
    """When a model was taught, in the viewer's time zone and language."""
    moment = version.created_at.astimezone()
    day = QDate(moment.year, moment.month, moment.day)
    return f"{QLocale().toString(day, QLocale.FormatType.ShortFormat)} {moment:%H:%M}"


def version_pictures(version: ModelVersion) -> str:
    """How many pictures a model was taught from."""
    if version.n_defect:
        return translate("Learning", "{good} good, {defect} defective").format(
            good=count(version.n_good), defect=count(version.n_defect)
        )
    return translate("Learning", "{} good").format(count(version.n_good))


def stage_title(stage: str) -> str:
    """What a job is doing, in the words of the start-up panel."""
    alike = {
        "preparing": "read", "folds": "calibrate", "memory": "coreset", "metrics": "evaluate",
    }  # fmt: skip
    return state_messages.stage_title(alike.get(stage, stage))


def left_out(plan: SnapshotPlan) -> str:
    """What was not learned from, and why; empty when everything was."""
    parts = []
    if plan.cannot_tell:
        parts.append(translate("Learning", "{} “can't tell”").format(count(plan.cannot_tell)))
    if plan.contradictory:
        parts.append(
            translate("Learning", "{} whose answers contradict each other").format(
                count(plan.contradictory)
            )
        )
    if plan.duplicates:
        parts.append(translate("Learning", "{} seen twice").format(count(plan.duplicates)))
    if plan.unreadable:
        parts.append(translate("Learning", "{} unreadable").format(count(plan.unreadable)))
    if plan.masks_unreadable:
        parts.append(
            translate("Learning", "{} painted regions unreadable").format(
                count(plan.masks_unreadable)
            )
        )
    if not parts:
        return ""
    return translate("Learning", "Left out: {}.").format(", ".join(parts))
