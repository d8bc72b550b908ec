"""The worth of expert labels: train with more and more of them, measure each time on one test.

Must not know drawing or the command line. Every point is a whole training with validation and
frozen thresholds, evaluated once on the held-out pictures; nothing is chosen there.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score

from engine.comparison.label_plan import (
    FORMAT,
    CurvePlan,
    Point,
    finished,
    identity,
    lays_queue,
)
from engine.comparison.labelling import (
    QUEUE,
    Judgement,
    known_by,
    pool_defects,
    queued,
    shuffled,
)
from engine.comparison.plan import write_json
from engine.comparison.progress import Forecast, Progress, Tracker, Watch
from engine.comparison.runs import UNKNOWN, arithmetic_kept, commit, runtime_for
from engine.comparison.summary import mean_figure, plain_figure
from engine.data.layout import READ_AHEAD, read_pictures
from engine.errors import EngineError
from engine.evaluation.multiclass import class_answers
from engine.evaluation.report import EvaluateOptions, evaluate_bundle
from engine.inference.predictor import load_predictor
from engine.training.facts import find_device
from engine.training.request import Request
from engine.training.train import device_name, train

FIGURES = ("auroc", "f1_macro", "dice", "aupro", "pixel_ap", "f1", "recall")
BATCH = 16


def draw_curve(plan: CurvePlan, device_asked: str, watch: Watch) -> dict[str, Any]:
    """Do every point that is not finished and return the curve as JSON.

    Raises EngineError device_unavailable, those of training, and cancelled: what is finished then
    stays, and the next call goes on.
    """
    device = find_device(device_asked)
    tracker = Tracker(watch, Forecast([point.order for point in plan.points], {}))
    records: list[dict[str, Any]] = []
    for chain in plan.chains:
        records += _chain(plan, chain, records, device, tracker, watch)
    return summary_of(plan, records)


def summary_of(plan: CurvePlan, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean, spread and interval of every figure by order and number of labels."""
    curves: dict[str, list[dict[str, Any]]] = {}
    for order in plan.orders:
        counts = sorted({r["labels"] for r in records if _counts_for(plan, r, order)})
        curves[order] = [
            _point_summary([r for r in records if _counts_for(plan, r, order)], count)
            for count in counts
        ]
    return {
        "format": FORMAT,
        "model": plan.config.model,
        "product": plan.dataset.name,
        "data": str(plan.dataset.root),
        "split_hash": plan.split_hash,
        "device": _each(records, "device"),
        "commit": _each(records, "commit"),
        "finished_at": max(record["finished_at"] for record in records),
        "pool": plan.pool,
        "start": plan.start,
        "added": plan.added,
        "left_out": list(plan.left_out),
        "test": _test_counts(plan),
        "config": plan.config.to_dict(),
        "curves": curves,
        "points": [
            {name: value for name, value in record.items() if name not in ("queue", "labelled")}
            for record in records
        ],
    }


def _counts_for(plan: CurvePlan, record: dict[str, Any], order: str) -> bool:
    return record["order"] == order or record["labels"] in plan.shared


def _each(records: Sequence[dict[str, Any]], name: str) -> str:
    """What the points say, each answer once."""
    return ", ".join(sorted({str(record[name]) for record in records}))


def _test_counts(plan: CurvePlan) -> dict[str, int]:
    labels = [str(sample.label) for sample in plan.dataset.of_subset("held_out")]
    return {name: labels.count(name) for name in sorted(set(labels))}


def _point_summary(records: Sequence[dict[str, Any]], count: int) -> dict[str, Any]:
    own = [record for record in records if record["labels"] == count]
    figures = {
        name: mean_figure([record["figures"][name] for record in own]).to_json()
        for name in FIGURES
        if name != "f1_macro"
    }
    macro = plain_figure([record["figures"]["f1_macro"]["value"] for record in own])
    reviewed = plain_figure([record["reviewed"] for record in own if "reviewed" in record])
    return {
        "labels": count,
        "model": own[0]["model"],
        "figures": figures | {"f1_macro": macro.to_json()},
        "reviewed": reviewed.mean,
        "seconds": plain_figure([record["seconds"] for record in own]).mean,
    }


def _chain(
    plan: CurvePlan,
    chain: tuple[Point, ...],
    before: Sequence[dict[str, Any]],
    device: torch.device,
    tracker: Tracker,
    watch: Watch,
) -> list[dict[str, Any]]:
    """The points of one order and seed, each with the labels of those before it and more."""
    pool = pool_defects(plan.dataset)
    random = shuffled(pool, chain[0].seed) if chain else []
    previous = next(
        (r for r in before if chain and r["labels"] == plan.start and r["seed"] == chain[0].seed),
        None,
    )
    labelled: list[str] = previous["labelled"] if previous is not None else []
    reviewed = 0
    records = []
    for point in chain:
        if watch.cancelled():
            raise _cancelled(point)
        extra: dict[str, Any] = {}
        if point.order == QUEUE and previous is not None and point.labels < plan.pool:
            labelled, looked_at, outside = _next_labels(previous, labelled, point.labels)
            reviewed += looked_at
            extra = {"reviewed": reviewed, "called_ok": outside}
        else:
            labelled = random[: point.labels]
        record = finished(plan, point, labelled)
        tracker.begin(point.name)
        if record is None:
            start = time.perf_counter()
            record = _measure(plan, point, labelled, extra, device, tracker.tick, watch)
            sentence = f"{point.name}: done in {time.perf_counter() - start:.0f} s"
            tracker.end(sentence, finished=True)
        else:
            tracker.end(f"{point.name}: finished before, skipped", finished=False)
        previous = record
        records.append(record)
    return records


def _next_labels(
    previous: dict[str, Any], labelled: list[str], wanted: int
) -> tuple[list[str], int, int]:
    """The labels so far and those that the queue of the previous model gives first; how many parts
    were looked at for them, and how many of the new ones the model had called OK."""
    known, chosen = set(labelled), list(labelled)
    looked_at = outside = 0
    for content, defect, called_ok in previous["queue"]:
        if len(chosen) >= wanted:
            break
        if content in known:
            continue
        looked_at += 1
        if defect:
            chosen.append(content)
            known.add(content)
            outside += int(called_ok)
    return chosen, looked_at, outside


def _measure(
    plan: CurvePlan,
    point: Point,
    labelled: list[str],
    extra: dict[str, Any],
    device: torch.device,
    tick: Progress,
    watch: Watch,
) -> dict[str, Any]:
    """Train, evaluate, judge the unlabelled parts, write the record."""
    dataset = known_by(plan.dataset, labelled)
    if point.folder.exists():
        shutil.rmtree(point.folder)
    point.folder.mkdir(parents=True)
    bundle, arrays = point.folder / "bundle", point.folder / "arrays.npz"
    config = plan.config.replaced(seed=point.seed)
    start = time.perf_counter()
    try:
        manifest = train(
            Request(dataset, bundle, config, device=device.type), tick, watch.cancelled
        )
    except EngineError as error:
        if error.code == "cancelled":
            raise _cancelled(point) from error
        raise
    assert manifest is not None  # one process
    seconds = time.perf_counter() - start
    with arithmetic_kept():
        report = evaluate_bundle(
            bundle,
            dataset,
            EvaluateOptions(arrays=arrays),
            runtime_for(device),
            tick,
            watch.cancelled,
        )
        queue = _queue(plan, bundle, labelled, device) if lays_queue(plan, point) else []
    record = {
        "format": FORMAT,
        "identity": identity(plan, point, labelled),
        "order": point.order,
        "labels": point.labels,
        "seed": point.seed,
        "model": manifest.model,
        "seconds": round(seconds, 2),
        "figures": _figures(report, arrays, plan),
        "labelled": labelled,
        "validated": manifest.data_counts.get("calibration_defect", 0),
        "queue": queue,
        "device": device_name(device),
        "commit": commit() or UNKNOWN,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **extra,
    }
    shutil.rmtree(bundle)
    write_json(point.record, record)
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return record


def _queue(
    plan: CurvePlan, bundle: Path, labelled: Sequence[str], device: torch.device
) -> list[tuple[str, bool, bool]]:
    """What the review queue would offer next: content, whether it is a defect, whether the model
    called it OK."""
    known = set(labelled)
    samples = [
        sample
        for sample in plan.dataset.of_subset("train", "calibration")
        if sample.label is not None and sample.sha256 not in known
    ]
    predictor = load_predictor(bundle, runtime_for(device))
    judged: list[Judgement] = []
    try:
        pictures = list(read_pictures(samples, [], READ_AHEAD))
        for start in range(0, len(pictures), BATCH):
            chunk = pictures[start : start + BATCH]
            said = predictor.predict_batch([rgb for _, rgb in chunk])
            for (sample, _), one in zip(chunk, said, strict=True):
                judged.append(
                    Judgement(sample.sha256, one.verdict, one.reason, one.score, sample.is_defect)
                )
        limits = predictor.manifest.limits
    finally:
        predictor.close()
    return [(one.content, one.defect, one.verdict == "OK") for one in queued(judged, limits)]


def _figures(report: dict[str, Any], arrays: Path, plan: CurvePlan) -> dict[str, Any]:
    image, pixel = report["image"], report["pixel"]
    return {
        "auroc": image["auroc"],
        "f1": image["f1"],
        "recall": image["recall"],
        "dice": pixel["at_region_threshold"]["dice"],
        "aupro": pixel["aupro"],
        "pixel_ap": pixel["ap"],
        "f1_macro": {"value": macro_f1(arrays), "n": report["counts"]["evaluated"]},
    }


def macro_f1(arrays: Path) -> float | None:
    """Macro F1 over all classes of the test pictures, also those of which no label was given yet:
    the model cannot name them and loses their share. None for a model without a class head."""
    with np.load(arrays, allow_pickle=False) as found:
        outputs = tuple(str(name) for name in found["class_outputs"])
        labels = [str(name) for name in found["labels"]]
        probability, flagged = found["class_prob"], found["scores"] > found["threshold"]
    if not outputs or probability.shape[1] != len(outputs):
        return None
    named = [outputs[index] for index in class_answers(outputs, probability, flagged)]
    return float(
        f1_score(labels, named, labels=sorted(set(labels)), average="macro", zero_division=0.0)
    )


def _cancelled(point: Point) -> EngineError:
    return EngineError(
        "cancelled",
        f"The label curve was cancelled at {point.name}; what is finished stays, repeat the "
        "command to go on.",
    )
