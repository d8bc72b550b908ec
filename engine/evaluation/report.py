"""The evaluation of a bundle on labelled pictures, as one JSON object. Knows no torch, no screen.

Two kinds of figures must not be mixed up. Areas (AUROC, AUPRO, AP) and F1-max rank raw scores and
need no threshold. Everything else is measured at limits that were frozen when the bundle was
taught: ``image.f1`` and the like and ``classes.*.recall`` call a part defective when its score is
above the OK limit; ``pixel.at_region_threshold`` uses the bundle's region threshold. ``verdicts``
counts what the station would have said, including REVIEW for novelty.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from engine.calibration.intervals import (
    CONFIDENCE,
    Estimate,
    auroc_interval,
    missing,
    promised_rate,
    share,
)
from engine.data.layout import Dataset, Problem, Sample, Subset
from engine.errors import EngineError
from engine.evaluation.bootstrap import (
    METHOD,
    PictureHistograms,
    bin_edges,
    bootstrap_curves,
    histogram,
    percentile_estimate,
    resample_counts,
)
from engine.evaluation.judging import Cancelled, Judged, Progress, judge
from engine.evaluation.metrics import auroc, average_precision, f1_max
from engine.evaluation.pixels import GOOD, PixelEvaluation
from engine.inference.predictor import Predictor, load_predictor

VERDICTS = ("OK", "NG", "REVIEW")


def evaluate_bundle(
    bundle: Path,
    dataset: Dataset,
    subset: str | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """Load a bundle, judge the pictures of a subset and measure; see ``evaluate_predictor``.

    Raises EngineError also with the codes of ``load_predictor``.
    """
    predictor = load_predictor(bundle, device)
    try:
        return evaluate_predictor(predictor, dataset, subset, progress, cancelled)
    finally:
        predictor.close()


def evaluate_predictor(
    predictor: Predictor,
    dataset: Dataset,
    subset: str | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """Judge the pictures of a subset with a loaded model and measure.

    ``subset`` "test" or "held_out"; None is held_out for a snapshot and test otherwise. Class
    folders have no split: all their pictures are taken, and ``problems`` says so. Stages reported
    to ``progress(stage, done, total)``: evaluate, metrics. Raises EngineError subset_empty,
    no_pictures, score_not_finite, cancelled.
    """
    problems = list(dataset.problems)
    samples, subset = _choose(dataset, subset, problems)
    tick = _checked(progress, cancelled)
    judged = judge(predictor, samples, problems, tick)
    if not judged:
        raise EngineError(
            "no_pictures",
            f"None of the {len(samples)} pictures of {dataset.root} can be read.",
            path=str(dataset.root),
        )
    return _report(predictor, dataset, subset, len(samples), judged, problems, tick)


def _checked(progress: Progress | None, cancelled: Cancelled | None) -> Progress:
    """One callback that reports, and raises where the user has cancelled."""

    def tick(stage: str, done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise EngineError("cancelled", "Evaluation was cancelled.")
        if progress is not None:
            progress(stage, done, total)

    return tick


def _choose(
    dataset: Dataset, subset: str | None, problems: list[Problem]
) -> tuple[list[Sample], str]:
    """Samples to measure on and the name of their subset."""
    if dataset.layout == "classes":
        problems.append(
            Problem(
                "no_split",
                dataset.root,
                f"{dataset.root} has no test folder: all its pictures were evaluated. The figures "
                f"are honest only if the model was taught on none of them.",
            )
        )
        return list(dataset.samples), "all"
    usual: Subset = "held_out" if dataset.layout == "snapshot" else "test"
    wanted = subset or usual
    samples = [sample for sample in dataset.samples if sample.subset == wanted]
    if not samples:
        others = sorted({sample.subset for sample in dataset.samples})
        raise EngineError(
            "subset_empty",
            f"{dataset.root} holds no {wanted} pictures (it has {', '.join(others)}); choose "
            f"another folder or --subset {usual}.",
            path=str(dataset.root),
            subset=wanted,
        )
    return samples, wanted


def _report(
    predictor: Predictor,
    dataset: Dataset,
    subset: str,
    listed: int,
    judged: list[Judged],
    problems: list[Problem],
    progress: Progress,
) -> dict[str, Any]:
    manifest = predictor.manifest
    progress("metrics", 0, 2)
    labelled = [one for one in judged if one.stratum]
    ok_limit = manifest.limits.ok
    image = image_metrics(labelled, ok_limit)
    progress("metrics", 1, 2)
    pixels = PixelEvaluation(labelled)
    curves = pixels.curves()
    at_threshold = pixels.at_threshold(manifest.region_threshold)
    classes = class_metrics(labelled, ok_limit, pixels, set(manifest.classes))
    progress("metrics", 2, 2)
    return {
        "bundle": manifest.bundle_id,
        "model": manifest.model,
        "product": manifest.product,
        "device": predictor.device_name,
        "data": str(dataset.root),
        "dataset": {"name": dataset.name, "layout": dataset.layout, "subset": subset},
        "confidence": CONFIDENCE,
        "limits": {
            "ok": ok_limit,
            "ng": manifest.limits.ng,
            "region_threshold": manifest.region_threshold,
            "map_size": manifest.map_size,
        },
        "counts": {
            "listed": listed,
            "evaluated": len(judged),
            "skipped": listed - len(judged),
            "good": sum(one.sample.is_good for one in judged),
            "defect": sum(one.sample.is_defect for one in judged),
            "unlabelled": len(judged) - len(labelled),
            "pixel_pictures": pixels.pictures,
            "regions": pixels.region_count,
            "problems": len(problems),
        },
        "image": _json(image),
        "pixel": {**_json(curves), "at_region_threshold": _json(at_threshold)},
        "classes": classes,
        "verdicts": verdict_metrics(judged),
        "latency_ms": _latency(judged),
        "problems": [
            {"code": p.code, "path": str(p.path), "message": p.sentence} for p in problems
        ],
    }


def image_metrics(judged: list[Judged], ok_limit: float) -> dict[str, Estimate]:
    """AUROC, AP and F1-max of the raw scores; F1, precision, recall, accuracy at the OK limit."""
    defect = np.array([one.sample.is_defect for one in judged], dtype=bool)
    scores = np.array([one.score for one in judged], dtype=np.float64)
    flagged = scores > ok_limit
    hits, defects = int((flagged & defect).sum()), int(defect.sum())
    alarms, goods = int((flagged & ~defect).sum()), int((~defect).sum())
    out = _image_areas(judged, defect, scores)
    out["f1"] = _f1(judged, flagged, defect)
    out["precision"] = share(hits, hits + alarms, "parts above the OK limit")
    out["recall"] = share(hits, defects, "defect pictures")
    out["specificity"] = share(goods - alarms, goods, "good pictures")
    out["accuracy"] = share(hits + goods - alarms, defects + goods, "labelled pictures")
    return out


def class_metrics(
    judged: list[Judged], ok_limit: float, pixels: PixelEvaluation, known: set[str]
) -> dict[str, Any]:
    """Figures of each class in the data. ``known`` classes are those that the bundle can name."""
    out: dict[str, Any] = {}
    good = [one for one in judged if one.stratum == GOOD]
    for name in sorted({one.stratum for one in judged}):
        members = [one for one in judged if one.stratum == name]
        n = len(members)
        said = Counter(one.verdict for one in members)
        entry: dict[str, Any] = {"images": n, "verdicts": {v: said[v] for v in VERDICTS}}
        if name == GOOD:
            entry["overkill"] = promised_rate(said["NG"], n, "good pictures").to_json()
            entry["review"] = promised_rate(said["REVIEW"], n, "good pictures").to_json()
            out[name] = entry
            continue
        caught = sum(one.score > ok_limit for one in members)
        entry["recall"] = share(caught, n, "pictures").to_json()
        entry["escape"] = promised_rate(said["OK"], n, "pictures").to_json()
        entry["auroc"] = _auroc([*good, *members]).to_json()
        entry["aupro"] = pixels.class_aupro(name).to_json()
        if name in known:
            named = sum(one.class_name == name for one in members)
            entry["named"] = share(named, n, "pictures").to_json()
        out[name] = entry
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
        {v: said[v] for v in VERDICTS} | {"reasons": dict(sorted(reasons.items()))} | _json(rates)
    )


def _image_areas(
    judged: list[Judged], defect: np.ndarray, scores: np.ndarray
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
    defect = np.array([one.sample.is_defect for one in judged], dtype=bool)
    if not defect.any() or defect.all():
        return missing("It takes both good and defect pictures.")
    value = auroc(defect, np.array([one.score for one in judged], dtype=np.float64))
    positives = int(defect.sum())
    interval = auroc_interval(value, positives, len(judged) - positives)
    return Estimate(value, *interval, len(judged), "Newcombe 2006, method 5")


def _f1(judged: list[Judged], flagged: np.ndarray, defect: np.ndarray) -> Estimate:
    if not defect.any():
        return missing("There are no defect pictures.")
    facts = np.stack([flagged & defect, flagged, defect], axis=1).astype(np.float64)
    drawn = resample_counts([one.stratum for one in judged]) @ facts
    hits, all_flagged, defects = facts.sum(axis=0)
    value = float(2 * hits / (all_flagged + defects))
    resampled = 2 * drawn[:, 0] / (drawn[:, 1] + drawn[:, 2])
    return percentile_estimate(value, resampled, len(judged), METHOD)


def _latency(judged: list[Judged]) -> dict[str, Any]:
    times = np.array([one.latency_ms for one in judged])
    return {
        "median": float(np.median(times)),
        "p95": float(np.quantile(times, 0.95)),
        "n": len(judged),
        "covers": "one picture from uint8 RGB pixels to score, map and verdict; no file access",
    }


def _json(estimates: dict[str, Estimate]) -> dict[str, Any]:
    return {name: estimate.to_json() for name, estimate in estimates.items()}
