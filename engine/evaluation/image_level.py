"""Figures of whole pictures: scores, defect types and verdicts. Must not know files or models."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calibration.intervals import (
    Estimate,
    auroc_interval,
    missing,
    promised_rate,
    share,
)
from engine.calibration.thresholds import youden
from engine.evaluation.bootstrap import (
    PictureHistograms,
    bin_edges,
    bootstrap_curves,
    bootstrap_f1,
    histogram,
)
from engine.evaluation.judging import Judged
from engine.evaluation.metrics import auroc, average_precision, f1_max, roc, roc_corners
from engine.evaluation.pixels import GOOD, PixelEvaluation

VERDICTS = ("OK", "NG", "REVIEW")


def image_metrics(judged: list[Judged], threshold: float) -> dict[str, Estimate]:
    """AUROC, AP and F1-max of the raw scores; F1, precision, recall, specificity and accuracy
    where what is above the frozen threshold counts as defective."""
    defect, scores = _truth(judged)
    flagged = scores > threshold
    hits, defects = int((flagged & defect).sum()), int(defect.sum())
    alarms, goods = int((flagged & ~defect).sum()), int((~defect).sum())
    out = _image_areas(judged, defect, scores)
    out["f1"] = _f1(judged, threshold)
    out["precision"] = share(hits, hits + alarms, "parts above the threshold")
    out["recall"] = share(hits, defects, "defect pictures")
    out["specificity"] = share(goods - alarms, goods, "good pictures")
    out["accuracy"] = share(hits + goods - alarms, defects + goods, "labelled pictures")
    return out


def youden_metrics(judged: list[Judged]) -> dict[str, float] | None:
    """The Youden-optimal threshold of these pictures, for information: chosen where it is
    measured, it flatters, and no other figure uses it. None without goods or defects."""
    defect, scores = _truth(judged)
    if not defect.any() or defect.all():
        return None
    best = youden(scores, defect)
    return {
        "threshold": best.threshold,
        "j": best.j,
        "sensitivity": best.sensitivity,
        "specificity": best.specificity,
    }


def roc_curve(judged: list[Judged]) -> dict[str, list[float]] | None:
    """Corners of the ROC curve; None without goods or defects."""
    defect, scores = _truth(judged)
    if not defect.any() or defect.all():
        return None
    fpr, tpr, _ = roc(defect, scores)
    rows = roc_corners(fpr, tpr)
    return {"fpr": fpr[rows].tolist(), "tpr": tpr[rows].tolist()}


def class_metrics(
    judged: list[Judged],
    threshold: float,
    region_threshold: float,
    pixels: PixelEvaluation,
    known: set[str],
) -> dict[str, Any]:
    """Figures of each class in the data. ``known`` classes are those that the bundle can name.

    F1 and precision are of telling this class from the good pictures, other classes aside; pixel
    figures at the region threshold likewise.
    """
    out: dict[str, Any] = {}
    good = [one for one in judged if one.stratum == GOOD]
    for name in sorted({one.stratum for one in judged}):
        members = [one for one in judged if one.stratum == name]
        n = len(members)
        said = Counter(one.verdict for one in members)
        entry: dict[str, Any] = {"images": n, "verdicts": {v: said[v] for v in VERDICTS}}
        out[name] = entry
        if name == GOOD:
            entry["overkill"] = promised_rate(said["NG"], n, "good pictures").to_json()
            entry["review"] = promised_rate(said["REVIEW"], n, "good pictures").to_json()
            continue
        caught = sum(one.score > threshold for one in members)
        alarms = sum(one.score > threshold for one in good)
        entry["recall"] = share(caught, n, "pictures").to_json()
        entry["precision"] = share(caught, caught + alarms, "pictures above it").to_json()
        entry["f1"] = _f1([*good, *members], threshold).to_json()
        entry["escape"] = promised_rate(said["OK"], n, "pictures").to_json()
        entry["auroc"] = _auroc([*good, *members]).to_json()
        entry["aupro"] = pixels.class_aupro(name).to_json()
        drawn = pixels.class_at_threshold(name, region_threshold)
        entry |= {key: drawn[key].to_json() for key in ("pro", "iou", "dice")}
        if name in known:
            named = sum(one.class_name == name for one in members)
            entry["named"] = share(named, n, "pictures").to_json()
    return out


def verdict_metrics(judged: list[Judged]) -> dict[str, Any]:
    """What the station would have said: counts, reasons, and the rates that are promised.

    ``escape`` is the share of defects called OK, ``overkill`` of goods called NG, ``review`` of
    all parts sent to an expert, ``good_not_ok`` of goods called NG or REVIEW.
    """
    good = [one.verdict for one in judged if one.sample.is_good]
    bad = [one.verdict for one in judged if one.sample.is_defect]
    said = Counter(one.verdict for one in judged)
    rates = {
        "escape": promised_rate(bad.count("OK"), len(bad), "defect pictures"),
        "overkill": promised_rate(good.count("NG"), len(good), "good pictures"),
        "good_not_ok": promised_rate(len(good) - good.count("OK"), len(good), "good pictures"),
        "review": promised_rate(said["REVIEW"], len(judged), "pictures"),
    }
    reasons = Counter(one.reason for one in judged)
    return (
        {v: said[v] for v in VERDICTS}
        | {"reasons": dict(sorted(reasons.items()))}
        | {name: rate.to_json() for name, rate in rates.items()}
    )


def _truth(judged: list[Judged]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    defect = np.array([one.sample.is_defect for one in judged], dtype=bool)
    return defect, np.array([one.score for one in judged], dtype=np.float64)


def _image_areas(
    judged: list[Judged], defect: NDArray[np.bool_], scores: NDArray[np.float64]
) -> dict[str, Estimate]:
    if not defect.any() or defect.all():
        reason = "It takes both good and defect pictures; there are no " + (
            "good ones." if defect.any() else "defect ones."
        )
        return dict.fromkeys(("auroc", "ap", "f1_max"), missing(reason))
    edges = bin_edges(np.sort(scores[defect]), np.sort(scores[~defect]))
    rows = np.array([histogram(scores[i : i + 1], edges) for i in range(len(scores))])
    empty = np.zeros_like(rows)
    pictures = PictureHistograms(
        np.where(defect[:, None], rows, empty),
        np.where(defect[:, None], empty, rows),
        empty,
        np.zeros(len(scores)),
    )
    exact = {"ap": average_precision(defect, scores), "f1_max": f1_max(defect, scores)}
    drawn = bootstrap_curves(pictures, [one.stratum for one in judged], exact)
    return {"auroc": _auroc(judged), **drawn}


def _auroc(judged: list[Judged]) -> Estimate:
    defect, scores = _truth(judged)
    if not defect.any() or defect.all():
        return missing("It takes both good and defect pictures.")
    value = auroc(defect, scores)
    positives = int(defect.sum())
    interval = auroc_interval(value, positives, len(judged) - positives)
    return Estimate(value, *interval, len(judged), "Newcombe 2006, method 5")


def _f1(judged: list[Judged], threshold: float) -> Estimate:
    defect, scores = _truth(judged)
    if not defect.any():
        return missing("There are no defect pictures.")
    return bootstrap_f1(defect, scores > threshold, [one.stratum for one in judged])
