"""From a trained network to its bundle: calibration, limits, thresholds, export.

Everything is chosen on validation pictures. Must not know the loop or the command line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import SPLIT_FILE, Limits, Manifest, new_bundle_id, write_bundle
from engine.calibration.conformal import find_limits
from engine.calibration.figures import VALIDATION, out_of_fold_figures
from engine.calibration.thresholds import f1_threshold, youden_threshold
from engine.errors import EngineError
from engine.inference.outputs import GOOD_SCORES
from engine.models.patch_memory import OUTPUT_NAMES
from engine.models.registry import WEIGHTS_PREFIX
from engine.training.export import DYNAMIC_AXES, export_graph
from engine.training.facts import Progress, calibration_facts, data_hash, versions
from engine.training.pictures import Pictures
from engine.training.tasks import MOST_MAPS, Task, TrainingData
from engine.training.teach import DEFECT_SCORES

BATCH = 16
REGION_QUANTILE = 0.95  # of the map peaks of good pictures, where no defect has a mask


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a training came from: what the manifest says of product, parent, data and time."""

    product: str
    parent: str | None = None
    split: bytes | None = None
    problems: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Raw scores float32 [n] of validation pictures, and their maps float32 [m, S, S] with masks
    bool [m, S, S] for at most 400 whose defects' places are known."""

    score: NDArray[np.float32]
    defect: NDArray[np.bool_]
    maps: NDArray[np.float32]
    masks: NDArray[np.bool_]


def finish(task: Task, data: TrainingData, out: Path, origin: Origin, tick: Progress) -> Manifest:
    """Calibrate, export and write the bundle of a task whose network has its best weights.

    Stages reported: calibrate, export. Raises EngineError scores_not_finite and those of
    ``write_bundle``.
    """
    config = task.config
    tick("calibrate", 0, 2)
    with torch.no_grad():
        fitted = task.calibrate(data.validation_batches)
        tick("calibrate", 1, 2)
        found = score_pictures(task, data.validation)
    good, defect = found.score[~found.defect], found.score[found.defect]
    rates = config.calibration
    limits = find_limits(
        good,
        defect if len(defect) else None,
        rates.ok_rate,
        rates.ng_rate,
        rates.escape_rate,
    )
    threshold = youden_threshold(found.score, found.defect) if len(defect) else None
    region = region_threshold(found)
    tick("calibrate", 2, 2)
    tick("export", 0, 1)
    network: Any = task.network.cpu().float().to(memory_format=torch.contiguous_format)
    graph = _exported(network.eval(), task)
    manifest = _manifest(task, data, origin, limits, found, threshold, region, fitted)
    tensors: dict[str, NDArray[Any]] = {
        **task.tensors(),
        GOOD_SCORES: np.sort(good),
        DEFECT_SCORES: np.sort(defect),
    }
    for name, value in network.state_dict().items():
        tensors[WEIGHTS_PREFIX + name] = value.numpy()
    extras = {SPLIT_FILE: origin.split} if origin.split is not None else None
    return write_bundle(out, manifest, tensors, graph, extras)


@torch.no_grad()
def score_pictures(task: Task, pictures: Pictures) -> Scores:
    """Scores and maps as the exported graph will compute them, in float32.

    Raises EngineError scores_not_finite.
    """
    network = task.network.eval()
    device = task.world.device
    limits = torch.zeros(2, device=device)
    kept = _with_maps(pictures, task.config.seed)
    scores, maps = [], []
    for start in range(0, len(pictures), BATCH):
        rows = np.arange(start, min(start + BATCH, len(pictures)))
        pixels = torch.from_numpy(pictures.pixels[rows]).to(device)
        said = network(pixels, *task.inputs().values(), limits)
        scores.append(said[0].float().cpu().numpy())
        maps.append(said[2][torch.from_numpy(kept[rows]).to(device)].float().cpu().numpy())
    score = np.concatenate(scores)
    if not np.isfinite(score).all():
        raise EngineError(
            "scores_not_finite",
            "The trained network gives scores that are no finite numbers; train again with a lower "
            "learning rate.",
        )
    masks = pictures.masks[kept] > 0
    return Scores(score, pictures.binary > 0.5, np.concatenate(maps), masks)


def region_threshold(found: Scores) -> float:
    """Map value above which a pixel belongs to a defect: the best F1 of pixels, or without a
    single mask what 95 % of good pictures stay below. Otsu's threshold (``AutoencoderTask``) never
    stands in for it: it is chosen without looking at masks, and of good pictures alone it would
    part noise from noise."""
    if found.masks.any():
        return float(f1_threshold(found.maps, found.masks))
    peaks = found.maps.max((1, 2))
    return float(np.quantile(peaks, REGION_QUANTILE)) if len(peaks) else 0.0


def _exported(network: Any, task: Task) -> bytes:
    """The graph of a network on the CPU."""
    size = task.config.data.input_size
    given = {name: value.cpu() for name, value in task.inputs().items()}
    example = (
        torch.zeros(2, size, size, 3, dtype=torch.uint8),
        *given.values(),
        torch.tensor([0.5, 1.0]),
    )
    names = ("pixels", *given, "limits")
    axes = {name: DYNAMIC_AXES[name] for name in (*names, *OUTPUT_NAMES) if name in DYNAMIC_AXES}
    return export_graph(network, example, names, OUTPUT_NAMES, axes)


def _with_maps(pictures: Pictures, seed: int) -> NDArray[np.bool_]:
    """Which pictures' maps are kept: all whose truth is known, or a seeded choice of them."""
    known = np.flatnonzero(pictures.mask_known)
    if len(known) > MOST_MAPS:
        known = np.random.default_rng(seed).permutation(known)[:MOST_MAPS]
    kept = np.zeros(len(pictures), bool)
    kept[known] = True
    return kept


def _manifest(
    task: Task,
    data: TrainingData,
    origin: Origin,
    limits: Limits,
    found: Scores,
    threshold: float | None,
    region: float,
    fitted: Mapping[str, Any],
) -> Manifest:
    config, settings = task.config, task.network.settings
    good, defect = found.score[~found.defect], found.score[found.defect]
    defects = defect if len(defect) else None
    counts = data.train.counts
    classes = data.train.class_outputs[1:]
    values: Any = settings
    return Manifest(
        bundle_id=new_bundle_id(config.model),
        model=config.model,
        product=origin.product,
        classes=classes,
        class_outputs=data.train.class_outputs if classes else (),
        input_size=config.data.input_size,
        map_size=config.data.input_size,
        mean=tuple(values.mean),
        std=tuple(values.std),
        backbone=str(values.backbone),
        limits=limits,
        calibration={
            **calibration_facts(limits, dataclasses.asdict(config.calibration), good, defects),
            **fitted,
        },
        heatmap_full_scale=2.0 * region if region > 0.0 else 1.0,
        region_threshold=region,
        threshold=threshold,
        data_hash=data_hash([*data.train.samples, *data.validation.samples]),
        data_counts={
            "good": counts.get("good", 0),
            "defect": sum(n for name, n in counts.items() if name != "good"),
            "calibration_good": len(good),
            "calibration_defect": len(defect),
            "masks": int((data.train.mask_known & (data.train.binary > 0)).sum()),
            "problems": origin.problems,
            **{f"class:{name}": counts.get(name, 0) for name in classes},
        },
        metrics=out_of_fold_figures(good, defects, limits, VALIDATION),
        versions=versions(),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=origin.parent,
        settings={
            **dataclasses.asdict(values),
            "fit": config.data.fit,
            "seed": config.seed,
            **task.settings(),
        },
        training=dict(origin.facts),
    )
