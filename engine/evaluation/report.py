"""The evaluation of a bundle on labelled pictures, as one JSON object. Knows no torch, no screen.

Two kinds of figures must not be mixed up. Areas (AUROC, AUPRO, AP) and F1-max rank raw scores and
need no threshold. Everything else is measured at thresholds that were frozen when the bundle was
made: ``image.f1`` and the like and ``classes.*.recall`` call a part defective when its score is
above the manifest's threshold, which was chosen on validation pictures, or above the OK limit
where it has none, and so do the answers of ``multiclass`` (its AUROC is of the probabilities);
``pixel.at_region_threshold`` uses the bundle's region threshold. Bundles with thresholds by Otsu,
found on the same validation pictures but without their labels, also have
``image.at_otsu_threshold`` and ``pixel.at_otsu_threshold``, to stand beside those. ``verdicts``
counts what the station would have said, including REVIEW for novelty. ``cascade`` is there for
cascades alone. ``image.youden`` and ``image.f1_max`` alone are chosen on the pictures measured, and
say so by their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.bundle import SPLIT_FILE, Manifest
from engine.calibration.intervals import CONFIDENCE, Estimate
from engine.data.layout import Dataset, Problem
from engine.errors import EngineError
from engine.evaluation.arrays import arrays_of, write_arrays
from engine.evaluation.calibration_report import calibration_metrics
from engine.evaluation.cascade import cascade_metrics, time_alone
from engine.evaluation.composite import composite_report, terms_of
from engine.evaluation.image_level import (
    class_metrics,
    image_metrics,
    roc_curve,
    verdict_metrics,
    youden_metrics,
)
from engine.evaluation.judging import Cancelled, Judged, Progress, judge
from engine.evaluation.multiclass import multiclass_metrics
from engine.evaluation.pixels import PixelEvaluation
from engine.evaluation.selection import Selection, read_split, select
from engine.inference.cascade_runtime import CascadePredictor
from engine.inference.predictor import Predictor, load_predictor


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What to measure on: ``protocol`` and ``subset`` as in ``engine.evaluation.selection``;
    ``arrays`` is a file for what figures are drawn from (see ``engine.evaluation.arrays``)."""

    protocol: str | None = None
    subset: str | None = None
    arrays: Path | None = None


def evaluate_bundle(
    bundle: Path,
    dataset: Dataset,
    options: EvaluateOptions | None = None,
    device: str = "auto",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """Load a bundle, judge the chosen pictures and measure; see ``evaluate_predictor``.

    Raises EngineError also with the codes of ``load_predictor``, and snapshot_damaged.
    """
    predictor = load_predictor(bundle, device)
    try:
        split = None
        if SPLIT_FILE in predictor.manifest.files:
            split = read_split(bundle / SPLIT_FILE)
        return evaluate_predictor(predictor, dataset, options, split, progress, cancelled)
    finally:
        predictor.close()


def evaluate_predictor(
    predictor: Predictor,
    dataset: Dataset,
    options: EvaluateOptions | None = None,
    split: dict[str, str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, Any]:
    """Judge the chosen pictures with a loaded model and measure.

    ``split`` gives the subset by content of the pictures the model was made from, where it is
    known. Stages reported to ``progress(stage, done, total)``: evaluate, metrics. Raises
    EngineError: those of ``select``, no_pictures, score_not_finite, cancelled.
    """
    options = options or EvaluateOptions()
    problems = list(dataset.problems)
    tick = _checked(progress, cancelled)
    selection = select(dataset, options.protocol, options.subset, split, problems)
    judged = judge(predictor, selection.samples, problems, tick)
    if not judged:
        raise EngineError(
            "no_pictures",
            f"None of the {len(selection.samples)} pictures of {dataset.root} can be read.",
            path=str(dataset.root),
        )
    if options.arrays is not None:
        write_arrays(options.arrays, arrays_of(judged, dataset, predictor.manifest))
    return _report(predictor, dataset, selection, judged, problems, tick)


def _checked(progress: Progress | None, cancelled: Cancelled | None) -> Progress:
    """One callback that reports, and raises where the user has cancelled."""

    def tick(stage: str, done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise EngineError("cancelled", "Evaluation was cancelled.")
        if progress is not None:
            progress(stage, done, total)

    return tick


def _report(
    predictor: Predictor,
    dataset: Dataset,
    selection: Selection,
    judged: list[Judged],
    problems: list[Problem],
    progress: Progress,
) -> dict[str, Any]:
    manifest = predictor.manifest
    progress("metrics", 0, 3)
    labelled = [one for one in judged if one.stratum]
    threshold = _threshold(manifest)
    pixels = PixelEvaluation(labelled)
    report: dict[str, Any] = {
        "bundle": manifest.bundle_id,
        "model": manifest.model,
        "product": manifest.product,
        "device": predictor.device_name,
        "data": str(dataset.root),
        "dataset": {"name": dataset.name, "layout": dataset.layout, "subset": selection.subset},
        "protocol": selection.protocol,
        "confidence": CONFIDENCE,
        "limits": {
            "ok": manifest.limits.ok,
            "ng": manifest.limits.ng,
            "region_threshold": manifest.region_threshold,
            "map_size": manifest.map_size,
        },
        "threshold": threshold,
        "counts": _counts(selection, judged, labelled, pixels),
    }
    report["image"] = _image(labelled, threshold["value"])
    report["roc"] = roc_curve(labelled)
    report["multiclass"] = _multiclass(labelled, manifest, threshold["value"])
    progress("metrics", 1, 3)
    report["pixel"] = {
        **_json(pixels.curves()),
        "at_region_threshold": _json(pixels.at_threshold(manifest.region_threshold)),
    }
    progress("metrics", 2, 3)
    report["classes"] = class_metrics(
        labelled, threshold["value"], manifest.region_threshold, pixels, set(manifest.classes)
    )
    _add_otsu(report, labelled, manifest, pixels)
    report["composite"] = composite_report(
        terms_of(report), class_head=report["multiclass"] is not None
    )
    report["calibration"] = calibration_metrics(labelled, manifest)
    report["verdicts"] = verdict_metrics(judged)
    report["latency_ms"] = _latency(judged)
    if isinstance(predictor, CascadePredictor):
        report["cascade"] = cascade_metrics(judged, time_alone(predictor, judged))
    report["problems"] = [
        {"code": p.code, "path": str(p.path), "message": p.sentence} for p in problems
    ]
    report["counts"]["problems"] = len(problems)
    progress("metrics", 3, 3)
    return report


def _threshold(manifest: Manifest) -> dict[str, Any]:
    if manifest.threshold is None:
        return {"value": manifest.limits.ok, "source": "ok_limit"}
    return {"value": manifest.threshold, "source": "validation"}


def _counts(
    selection: Selection, judged: list[Judged], labelled: list[Judged], pixels: PixelEvaluation
) -> dict[str, Any]:
    listed = len(selection.samples)
    return {
        "listed": listed,
        "evaluated": len(judged),
        "skipped": listed - len(judged),
        "good": sum(one.sample.is_good for one in judged),
        "defect": sum(one.sample.is_defect for one in judged),
        "unlabelled": len(judged) - len(labelled),
        "seen": selection.seen,
        "pixel_pictures": pixels.pictures,
        "regions": pixels.region_count,
    }


def _image(labelled: list[Judged], threshold: float) -> dict[str, Any]:
    return {**_json(image_metrics(labelled, threshold)), "youden": youden_metrics(labelled)}


def _add_otsu(
    report: dict[str, Any], labelled: list[Judged], manifest: Manifest, pixels: PixelEvaluation
) -> None:
    """Figures at the thresholds by Otsu, for bundles that have some; no other figure uses them."""
    found = manifest.calibration.get("otsu")
    if not found:
        return
    picture, pixel = float(found["picture"]), float(found["pixel"])
    figures = image_metrics(labelled, picture)
    named = {name: figures[name] for name in ("f1", "precision", "recall")}
    report["image"]["at_otsu_threshold"] = {"threshold": picture, **_json(named)}
    at_pixel = _json(pixels.at_threshold(pixel))
    report["pixel"]["at_otsu_threshold"] = {"threshold": pixel, **at_pixel}


def _multiclass(
    labelled: list[Judged], manifest: Manifest, threshold: float
) -> dict[str, Any] | None:
    """Figures of the class head; None for models without one."""
    outputs = manifest.class_outputs
    if not outputs:
        return None
    chances = np.array([one.class_prob for one in labelled]).reshape(-1, len(outputs))
    flagged = np.array([one.score for one in labelled]) > threshold
    return multiclass_metrics(outputs, [one.stratum for one in labelled], chances, flagged)


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
