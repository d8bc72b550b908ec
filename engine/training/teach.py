"""Teach a patch memory from a data set and write its bundle. Must not know the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import SOURCES_FILE, SPLIT_FILE, Manifest, new_bundle_id, write_bundle
from engine.calibration.conformal import (
    ESCAPE_RATE,
    NG_RATE,
    OK_RATE,
    find_limits,
)
from engine.calibration.figures import out_of_fold_figures
from engine.data.bank_sources import bank_sources
from engine.data.images import Placement, fit_for_model
from engine.data.layout import (
    READ_AHEAD,
    Dataset,
    Problem,
    Sample,
    check_good_count,
    defect_classes,
    read_pictures,
    require_good,
)
from engine.errors import EngineError
from engine.inference.outputs import GOOD_SCORES
from engine.models.backbones import BACKBONES, create_backbone, weights_facts
from engine.models.patch_memory import NAME, PatchMemory, PatchMemorySettings
from engine.models.registry import WEIGHTS_PREFIX
from engine.training.export import export_onnx
from engine.training.facts import (
    Cancelled,
    Progress,
    calibration_facts,
    checked,
    data_hash,
    find_device,
    versions,
)
from engine.training.memory import Scored, choose_bank, extract, out_of_fold, score

DEFECT_SCORES = "calibration_defect"
REGION_QUANTILE = 0.95
MOST_PICTURES = 2000  # patch features of one picture take 1.5 MB of memory


@dataclass(frozen=True, slots=True)
class TeachOptions:
    """How to teach. ``coreset_share`` is the share of all good patches that the memory keeps;
    the rates are those of ``engine.calibration.conformal.find_limits``."""

    product: str | None = None
    parent: str | None = None
    seed: int = 0
    device: str = "auto"
    weights: str = "auto"
    coreset_share: float = 0.02
    ok_rate: float = OK_RATE
    ng_rate: float = NG_RATE
    escape_rate: float = ESCAPE_RATE
    graph: PatchMemorySettings = field(default_factory=PatchMemorySettings)


@dataclass(frozen=True, slots=True, eq=False)
class _Pictures:
    samples: list[Sample]
    pixels: list[NDArray[np.uint8]]
    places: list[Placement]


def teach(
    dataset: Dataset,
    out: Path,
    options: TeachOptions | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    split: bytes | None = None,
) -> Manifest:
    """Teach on the pictures of the subsets train and calibration, never on others.

    ``split`` is the snapshot that goes into the bundle, if its other pictures are for evaluation.
    Stages reported to ``progress(stage, done, total)``: read, features, folds, memory, export.
    Unreadable pictures are listed in ``dataset.problems``. Raises EngineError: those of the
    data, no_good_pictures, few_good_pictures, size_unsupported, weights_*, cancelled.
    """
    options = options or TeachOptions()
    tick = checked(progress, cancelled)
    spec = BACKBONES[options.graph.backbone]
    if options.graph.input_size % 32 or not 64 <= options.graph.input_size <= 1024:
        raise EngineError(
            "size_unsupported",
            f"The input size {options.graph.input_size} is not supported; choose a multiple of 32 "
            "from 64 to 1024.",
            size=options.graph.input_size,
        )
    require_good(dataset, "train", "calibration")
    good, defect, left_out = _read(dataset, options, tick)
    device = find_device(options.device)

    torch.manual_seed(options.seed)
    model = (
        PatchMemory(options.graph, create_backbone(spec, options.graph.blocks, options.weights))
        .eval()
        .to(device)
    )
    sample = np.stack(good.pixels[:: max(1, len(good.pixels) // 32)])
    model.measure_levels(torch.from_numpy(sample).to(device))
    both = extract(model, good.pixels + defect.pixels, device, lambda a, b: tick("features", a, b))
    patches, defect_patches = both[: len(good.pixels)], both[len(good.pixels) :]
    groups = [sample.part_id or sample.sha256 for sample in good.samples]
    held_out = out_of_fold(
        model,
        patches,
        groups,
        options.coreset_share,
        options.seed,
        lambda a, b: tick("folds", a, b),
    )
    bank, chosen = choose_bank(
        patches, options.coreset_share, options.seed, lambda a, b: tick("memory", a, b)
    )
    sources = bank_sources(
        chosen.cpu().numpy(), patches.shape[1], good.samples, dataset.root, good.pixels, good.places
    )
    judged = score(model, defect_patches, bank) if defect.samples else None
    limits = find_limits(
        held_out.score,
        judged.score if judged else None,
        options.ok_rate,
        options.ng_rate,
        options.escape_rate,
    )
    classes = defect_classes(defect.samples)
    tensors: dict[str, NDArray[Any]] = {
        "bank": bank.cpu().numpy(),
        "prototypes": _prototypes(classes, defect.samples, judged, model.dimension),
        GOOD_SCORES: np.sort(held_out.score),
        DEFECT_SCORES: np.sort(judged.score) if judged else np.zeros(0, np.float32),
    }
    model = model.cpu()
    for name, value in model.state_dict().items():
        tensors[WEIGHTS_PREFIX + name] = value.numpy()
    tick("export", 0, 1)
    graph = export_onnx(model)
    threshold = float(np.quantile(held_out.map_peak, REGION_QUANTILE))
    manifest = Manifest(
        bundle_id=new_bundle_id(NAME),
        model=NAME,
        product=options.product or dataset.name,
        classes=classes,
        input_size=options.graph.input_size,
        map_size=options.graph.input_size,
        mean=spec.mean,
        std=spec.std,
        backbone=spec.name,
        limits=limits,
        calibration=calibration_facts(
            limits,
            {
                "ok_rate": options.ok_rate,
                "ng_rate": options.ng_rate,
                "escape_rate": options.escape_rate,
            },
            held_out.score,
            judged.score if judged else None,
        ),
        heatmap_full_scale=2.0 * threshold,
        region_threshold=threshold,
        data_hash=data_hash(good.samples + defect.samples),
        data_counts={
            "good": len(good.samples),
            "defect": len(defect.samples),
            "left_out": left_out,
            "problems": len(dataset.problems),
            "bank": len(bank),
            **{f"class:{name}": _count(defect.samples, name) for name in classes},
        },
        metrics=out_of_fold_figures(held_out.score, judged.score if judged else None, limits),
        versions=versions(),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        parent=options.parent,
        settings={
            **dataclasses.asdict(options.graph),
            "seed": options.seed,
            "coreset_share": options.coreset_share,
            "weights": options.weights if options.weights in ("auto", "none", "hub") else "file",
        },
        training={"weights": weights_facts(model.backbone)},
    )
    extras = {SOURCES_FILE: sources.to_bytes()}
    if split is not None:
        extras[SPLIT_FILE] = split
    written = write_bundle(out, manifest, tensors, graph, extras)
    if progress is not None:  # no question of cancelling any more: the bundle is there
        progress("export", 1, 1)
    return written


def _read(
    dataset: Dataset, options: TeachOptions, tick: Progress
) -> tuple[_Pictures, _Pictures, int]:
    """Good and defective pictures at the model's size, and how many there was no room for; exact
    duplicates count once."""
    present = [s for s in dataset.of_subset("train", "calibration") if s.is_good or s.is_defect]
    wanted = at_most(present, options.seed, dataset)
    left_out = len(present) - len(wanted)
    good, defect = _Pictures([], [], []), _Pictures([], [], [])
    seen: set[str] = set()
    done = 0
    for sample, rgb in read_pictures(wanted, dataset.problems, READ_AHEAD):
        done += 1
        tick("read", done, len(wanted))
        if sample.sha256 in seen:
            continue
        seen.add(sample.sha256)
        kind = good if sample.is_good else defect
        kind.samples.append(sample)
        pixels, place = fit_for_model(rgb, options.graph.input_size, options.graph.fit)
        kind.pixels.append(pixels)
        kind.places.append(place)
    check_good_count(dataset, len(good.samples))
    return good, defect, left_out


def at_most(samples: list[Sample], seed: int, dataset: Dataset) -> list[Sample]:
    """A seeded choice where there are more pictures than the memory of a station holds, which is
    then listed in the data set's problems. Labelled defects are rare and kept before good parts,
    up to half of all."""
    if len(samples) <= MOST_PICTURES:
        return samples
    order = np.random.default_rng(seed).permutation(len(samples))
    good = [index for index in order if samples[int(index)].is_good]
    others = [index for index in order if not samples[int(index)].is_good]
    room = max(MOST_PICTURES - len(good), MOST_PICTURES // 2)
    others = others[:room]
    chosen = np.array(others + good[: MOST_PICTURES - len(others)])
    dataset.problems.append(
        Problem(
            "pictures_left_out",
            dataset.root,
            f"{dataset.root} holds {len(samples)} pictures to teach on; {MOST_PICTURES} of them, "
            f"chosen at random, are used and {len(samples) - MOST_PICTURES} are left out.",
        )
    )
    return [samples[int(index)] for index in np.sort(chosen)]


def _prototypes(
    classes: Sequence[str], samples: Sequence[Sample], judged: Scored | None, dimension: int
) -> NDArray[np.float32]:
    """Mean embedding of each class's labelled defects, unit length, float32 [K, D]; a single row
    of zeros ("anomaly") where no class is known."""
    if not classes or judged is None:
        return np.zeros((1, dimension), np.float32)
    labels = np.array([sample.label for sample in samples])
    means = np.stack([judged.embedding[labels == name].mean(0) for name in classes])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


def _count(samples: Sequence[Sample], name: str) -> int:
    return sum(sample.label == name for sample in samples)
