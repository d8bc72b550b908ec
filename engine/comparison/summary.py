"""Figures of several seeds brought together: mean, spread, interval. Must not know files or words.

Mean and standard deviation (n - 1) are over the seeds. The interval of a mean says both what other
pictures and what other seeds would change. These are independent, so that the distances from the
mean to its bounds add up as squares (the square-and-add rule of Zou and Donner, Statistics in
Medicine 27, 2008): the mean distance of the runs' own 95 % intervals, which are over pictures (the
runs share their pictures: it does not shrink with the number of seeds), and the half-width of
Student's interval over the seeds, t(0.975, S - 1) · sd / √S. With one seed it is the run's own.
Where a run has no interval the mean has none.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from scipy.stats import t as student

from engine.calibration.intervals import CONFIDENCE

IMAGE = ("auroc", "f1", "precision", "recall", "specificity", "accuracy", "ap", "f1_max")
MULTICLASS = ("auroc_ovr_macro", "f1_macro", "f1_weighted", "accuracy")
AT_THRESHOLD = ("pro", "iou", "dice", "precision", "recall")
CURVES = ("aupro", "ap", "f1_max", "auroc")
RATES = ("escape", "overkill", "good_not_ok", "review")
TYPE = ("recall", "precision", "f1", "pro", "aupro", "auroc", "named", "escape")
HEAD = ("precision", "recall", "f1", "auroc")
QUALITY = ("nll", "brier", "ece")
VERDICTS = ("OK", "REVIEW", "NG")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over seeds; None where no run has it. ``values`` are the runs', ``n`` the pictures
    behind each, ``sd`` None for a single run."""

    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    n: int
    values: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """The figure as JSON; ``seeds`` counts the runs that have it."""
        return dataclasses.asdict(self) | {"values": list(self.values), "seeds": len(self.values)}


def mean_figure(estimates: Iterable[Mapping[str, Any] | None]) -> Figure:
    """The mean of the runs' estimates (as ``Estimate.to_json`` writes them) with its interval."""
    known = [one for one in estimates if one is not None and one.get("value") is not None]
    values = [float(one["value"]) for one in known]
    mean, sd = mean_and_sd(values)
    n = min((int(one.get("n") or 0) for one in known), default=0)
    spans = [one for one in known if one.get("low") is not None and one.get("note") is None]
    if mean is None or len(spans) < len(known):
        return Figure(mean, sd, None, None, n, tuple(values))
    seeds = seed_half_width(values)
    below = fmean(float(one["value"]) - float(one["low"]) for one in spans)
    above = fmean(float(one["high"]) - float(one["value"]) for one in spans)
    low, high = mean - math.hypot(below, seeds), mean + math.hypot(above, seeds)
    return Figure(mean, sd, max(low, 0.0), min(high, 1.0), n, tuple(values))


def plain_figure(values: Iterable[float | None], n: int = 0) -> Figure:
    """Mean and spread of numbers that have no interval of their own."""
    known = [float(value) for value in values if value is not None and math.isfinite(value)]
    return Figure(*mean_and_sd(known), None, None, n, tuple(known))


def mean_and_sd(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Mean, and standard deviation with n - 1; None where there are too few values."""
    if not values:
        return None, None
    return fmean(values), stdev(values) if len(values) > 1 else None


def seed_half_width(values: Sequence[float]) -> float:
    """Half-width of Student's interval of the mean; 0 for one value, which says nothing of it."""
    if len(values) < 2:
        return 0.0
    quantile = float(student.ppf(0.5 + CONFIDENCE / 2, len(values) - 1))
    return quantile * stdev(values) / math.sqrt(len(values))


def summarise(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything of one model's reports of ``evaluate`` over seeds, as JSON."""
    first = reports[0]
    has_head = all(one["multiclass"] is not None for one in reports)
    return {
        "class_head": has_head,
        "counts": first["counts"],
        "image": _group([one["image"] for one in reports], IMAGE),
        "youden": _youden(reports),
        "multiclass": _multiclass(reports) if has_head else None,
        "pixel": {
            "at_threshold": _group(
                [one["pixel"]["at_region_threshold"] for one in reports], AT_THRESHOLD
            ),
            "curves": _group([one["pixel"] for one in reports], CURVES),
            "pictures": first["counts"]["pixel_pictures"],
            "regions": first["counts"]["regions"],
        },
        "types": _types(reports),
        "verdicts": _group([one["verdicts"] for one in reports], RATES)
        | {"counts": {name: sum(one["verdicts"][name] for one in reports) for name in VERDICTS}},
        "calibration": _calibration(reports),
        "problems": sorted({p["message"] for one in reports for p in one["problems"]}),
    }


def mean_terms(reports: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """The composite's terms, each averaged over the runs; None where a run lacks one: a mean over
    other runs than the next model's would not be comparable."""
    terms: dict[str, float | None] = {}
    for name in reports[0]["composite"]["terms"]:
        values = [one["composite"]["terms"][name] for one in reports]
        terms[name] = None if any(value is None for value in values) else fmean(values)
    return terms


def _group(estimates: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    """Named figures from each run's estimates by name."""
    return {name: mean_figure(one.get(name) for one in estimates).to_json() for name in names}


def _youden(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The threshold frozen on validation pictures, and the optimum of the tested ones beside it,
    for information."""
    best = [one["image"]["youden"] or {} for one in reports]
    return {
        "frozen": plain_figure(one["threshold"]["value"] for one in reports).to_json(),
        "source": str(reports[0]["threshold"]["source"]),
        "test_optimum": plain_figure(one.get("threshold") for one in best).to_json(),
        "test_j": plain_figure(one.get("j") for one in best).to_json(),
    }


def _multiclass(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    labels = list(reports[0]["multiclass"]["labels"])
    tables = [one["multiclass"]["confusion"] for one in reports]
    size = range(len(labels))
    return _group([one["multiclass"] for one in reports], MULTICLASS) | {
        "labels": labels,
        "n": reports[0]["multiclass"]["n"],
        "confusion": [[sum(table[row][at] for table in tables) for at in size] for row in size],
        "per_class": {
            label: _group([one["multiclass"]["per_class"][label] for one in reports], HEAD)
            | {"support": reports[0]["multiclass"]["per_class"][label]["support"]}
            for label in labels
        },
    }


def _types(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = [name for name, facts in reports[0]["classes"].items() if "recall" in facts]
    return {
        name: _group([one["classes"].get(name, {}) for one in reports], TYPE)
        | {"images": reports[0]["classes"][name]["images"]}
        for name in names
    }


def _calibration(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    limits = reports[0]["calibration"]["limits"]
    out: dict[str, Any] = {
        "goods": limits["goods"],
        "defects": limits["defects"],
        "stated": {side: limits[side]["stated"] for side in ("escape", "overkill")},
        "contradicted": {
            side: sum(one["calibration"]["limits"][side]["contradicted"] for one in reports)
            for side in ("escape", "overkill")
        },
    }
    for kind in ("binary", "classes"):
        found = [one["calibration"].get(kind) for one in reports]
        known = [one for one in found if one is not None]
        out[kind] = None if len(known) < len(reports) else _confidence(known)
    return out


def _confidence(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    sides = {}
    for side in ("before", "after"):
        rows = [one.get(side) or {} for one in found]
        n = int(rows[0].get("n") or 0)
        sides[side] = {
            name: plain_figure((row.get(name) for row in rows), n).to_json() for name in QUALITY
        }
    return {"temperature": plain_figure(one.get("temperature") for one in found).to_json(), **sides}
