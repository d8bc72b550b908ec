"""The figures of the Thresholds page in words. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.quality_figures import Share
from qc_station.domain.thresholds import (
    JUDGED,
    TARGET_RATE,
    Figures,
    Replay,
    ReviewedScores,
    parts_for,
    rate_with_no_miss,
)
from qc_station.domain.verdict import Verdict
from qc_station.services.limits import LimitsInForce
from qc_station.ui.messages import count, figures, number, percent, verdict_title
from qc_station.ui.statistics_figures import Figure

translate = QCoreApplication.translate
TILES = ("escape", "overkill", "load", "basis")


def tiles(reviewed: ReviewedScores, now: Figures, replay: Replay | None) -> dict[str, Figure]:
    """By the names of TILES."""
    biased = translate(
        "Thresholds",
        "Counted on the reviewed parts of this model, which are no random sample.",
    )
    return {
        "escape": _share(
            translate("Thresholds", "Escape rate"), now.escape,
            translate("Thresholds", "no defective part reviewed"),
            translate("Thresholds", "Defective parts that would be called OK. ") + biased,
        ),
        "overkill": _share(
            translate("Thresholds", "Overkill rate"), now.overkill,
            translate("Thresholds", "no good part reviewed"),
            translate("Thresholds", "Good parts that would be called NG. ") + biased,
        ),
        "load": _load(replay, now),
        "basis": _basis(reviewed),
    }  # fmt: skip


def _share(name: str, share: Share, nothing: str, explanation: str) -> Figure:
    interval = share.interval
    if interval is None:
        return Figure(name, "–", nothing, explanation)
    note = translate("Thresholds", "{k} of {n} · 95 %: {low} – {high}").format(
        k=count(share.count), n=count(share.of), low=percent(interval[0], 1),
        high=percent(interval[1], 1),
    )  # fmt: skip
    return Figure(name, percent(share.value, 1), note, explanation)


def _load(replay: Replay | None, now: Figures) -> Figure:
    of_reviewed = translate("Thresholds", "Of the reviewed parts alone: {k} of {n}.").format(
        k=count(now.review.count), n=count(now.review.of)
    )
    explanation = translate(
        "Thresholds", "All parts of the time range on the right that would go to review. "
    )
    name = translate("Thresholds", "Review load")
    if replay is None:
        return Figure(name, "–", translate("Thresholds", "reading …"), explanation)
    nothing = translate("Thresholds", "no parts in this time range")
    return _share(name, replay.review, nothing, explanation + of_reviewed)


def _basis(reviewed: ReviewedScores) -> Figure:
    said = ", ".join(
        f"{verdict_title(verdict)} {count(reviewed.verdicts.get(verdict, 0))}" for verdict in JUDGED
    )
    return Figure(
        translate("Thresholds", "Reviewed parts"), count(reviewed.parts),
        translate("Thresholds", "{good} good · {bad} defective").format(
            good=count(len(reviewed.good)), bad=count(len(reviewed.defective))
        ),
        translate(
            "Thresholds", "Parts of this model with an expert's answer. The machine had said: {}."
        ).format(said),
    )  # fmt: skip


def claim(reviewed: ReviewedScores, now: Figures) -> str:
    """What the reviewed defects support, and what they do not tell."""
    escape = now.escape
    rate = rate_with_no_miss(escape.of)
    if rate is None:
        return translate(
            "Thresholds",
            "No defective part of this model has been reviewed: nothing is known about escapes.",
        )
    if escape.count:
        found = translate(
            "Thresholds", "{k} of {n} reviewed defective parts would be called OK."
        ).format(k=count(escape.count), n=count(escape.of))
    else:
        found = translate(
            "Thresholds",
            "None of {n} reviewed defective parts would be called OK: that supports an escape rate "
            "of at most {rate} (95 % sure).",
        ).format(n=count(escape.of), rate=percent(rate, 1))
        if rate > TARGET_RATE:
            found += " " + translate("Thresholds", "For {rate} it takes {n} defects.").format(
                rate=percent(TARGET_RATE), n=count(parts_for(TARGET_RATE))
            )
    return f"{found} {_bias(reviewed)}"


def _bias(reviewed: ReviewedScores) -> str:
    """The fewer OK parts are reviewed, the less is known about escapes."""
    called_ok = reviewed.verdicts.get(Verdict.OK, 0)
    if called_ok:
        return translate(
            "Thresholds",
            "Reviewed parts are no random sample ({k} of {n} had been OK): the true escape rate "
            "may be higher.",
        ).format(k=count(called_ok), n=count(reviewed.parts))
    return translate(
        "Thresholds",
        "No part that was OK has been reviewed: the true escape rate may be higher.",
    )


def force_sentence(force: LimitsInForce) -> str:
    """By what the product is judged now."""
    ok, ng = figures(force.pair.ok, force.pair.ng)
    given = translate(
        "Thresholds", "Judged by the limits of the recipe: OK up to {ok}, NG above {ng}"
    )
    own = translate("Thresholds", "Judged by the model's own limits: OK up to {ok}, NG above {ng}")
    return (given if force.given else own).format(ok=ok, ng=ng)


def void_sentence(force: LimitsInForce) -> str:
    """That limits were set for another model; empty where none were."""
    if force.void is None:
        return ""
    ok, ng = figures(force.void.ok, force.void.ng)
    return translate(
        "Thresholds",
        "The limits {ok} and {ng} were set for model {model} and do not count for {now}.",
    ).format(ok=ok, ng=ng, model=force.void.model_id.rsplit("-", 1)[-1], now=force.model.short_name)


def escape_warning(before: Figures, after: Figures) -> str:
    """That a change lets more defects pass, with the bounds before and after."""
    old, new = before.escape.interval, after.escape.interval
    if old is None or new is None:
        return translate(
            "Thresholds",
            "The OK limit rises, and no defective part has been reviewed: more may escape.",
        )
    return translate(
        "Thresholds",
        "More defective parts may escape: up to {new} instead of {old} (95 % interval).",
    ).format(new=percent(new[1], 1), old=percent(old[1], 1))


def flip_words(was: Verdict, would: Verdict, parts: int) -> str:
    """Parts that would have got another verdict."""
    return translate("Thresholds", "{was} → {would}: {n}").format(
        was=verdict_title(was), would=verdict_title(would), n=count(parts)
    )


def change_words(was: int, would: int) -> str:
    """How a count changes, with its sign."""
    if was == would:
        return "="
    sign = "+" if would > was else "−"
    return f"{sign}{number(abs(would - was), 0)}"
