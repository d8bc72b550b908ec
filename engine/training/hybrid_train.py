"""From labelled pictures to the bundle of a hybrid. Must not know the command line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from engine.bundle import SOURCES_FILE, SPLIT_FILE, Manifest, write_bundle
from engine.calibration.conformal import ESCAPE_RATE, NG_RATE, OK_RATE, find_limits, with_novelty
from engine.calibration.figures import VALIDATION
from engine.calibration.thresholds import youden_threshold
from engine.data.images import LETTERBOX, STRETCH
from engine.data.layout import Dataset, Problem, Subset, check_good_count, defect_classes
from engine.errors import EngineError
from engine.inference.outputs import GOOD_SCORES, NOVELTY_SCORES
from engine.models.backbones import weights_facts
from engine.models.hybrid import NAME, Hybrid, HybridSettings, create_hybrid, hybrid_memory
from engine.models.registry import WEIGHTS_PREFIX
from engine.training.export import export_probed
from engine.training.facts import (
    Cancelled,
    Progress,
    checked,
    find_device,
)
from engine.training.hybrid import Answers, HybridTraining, answer, set_scales
from engine.training.hybrid_data import (
    Bank,
    Parts,
    Remembered,
    patches_of,
    read_parts,
    recall,
    remember,
    sources_of,
)
from engine.training.hybrid_finish import (
    PRIOR,
    fit_class_temperature,
    fuse_maps,
    fuse_scores,
    fused,
)
from engine.training.hybrid_loop import HeadsLoop, Kept
from engine.training.hybrid_synthetic import with_synthetic
from engine.training.loop import NOT_FINITE
from engine.training.memory_manifest import Judged, fusion_facts, label_counts, manifest_of
from engine.training.probe import set_probe
from engine.training.settings import check_size, in_range, one_of, to_table
from engine.training.teach import DEFECT_SCORES, at_most

FEWEST_DEFECTS = 2


@dataclass(frozen=True, slots=True)
class HybridOptions:
    """How to train a hybrid; rates as for ``find_limits``, the rest as in ``TeachOptions``."""

    product: str | None = None
    parent: str | None = None
    device: str = "auto"
    weights: str = "auto"
    input_size: int = 256
    fit: str = "letterbox"
    tuned_from: int = 3
    coreset_share: float = 0.02
    ok_rate: float = OK_RATE
    ng_rate: float = NG_RATE
    escape_rate: float = ESCAPE_RATE
    training: HybridTraining = field(default_factory=HybridTraining)

    def __post_init__(self) -> None:
        """Raises EngineError size_unsupported, config_value_wrong."""
        check_size(self.input_size)
        one_of("options.fit", self.fit, (STRETCH, LETTERBOX))
        in_range("options.tuned_from", self.tuned_from, 0, 7)
        in_range("options.coreset_share", self.coreset_share, 0.0, 1.0, above=True)
        for name in ("ok_rate", "ng_rate", "escape_rate"):
            in_range(f"options.{name}", getattr(self, name), 0.0, 0.999, above=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """The pictures of both subsets, the memory, and its word on them. ``learn`` are those of
    ``train`` and the synthetic defects made of them, on which ``learn_said`` is the memory's word;
    ``check_marked`` are the probe's logits."""

    train: Parts
    check: Parts
    learn: Parts
    bank: Bank
    learn_said: Remembered
    check_said: Remembered
    check_marked: torch.Tensor


def train_hybrid(
    dataset: Dataset,
    out: Path,
    options: HybridOptions | None = None,
    split: bytes | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    kept: Kept | None = None,
) -> Manifest:
    """Train on the subset train, calibrate on the subset calibration, never look at others.

    ``split`` is the snapshot that goes into the bundle, ``kept`` where an interrupted training
    goes on from. Stages reported to ``progress``: read,
    memory, folds, train, export. Raises EngineError: those of the data, no_defect_pictures,
    size_unsupported, weights_*, loss_not_finite, cancelled.
    """
    options = options or HybridOptions()
    tick = checked(progress, cancelled)
    start = time.perf_counter()
    classes = defect_classes(dataset.of_subset("train"))
    settings = HybridSettings(
        class_outputs=("good", *classes),
        memory=hybrid_memory(options.input_size, options.fit),
        tuned_from=options.tuned_from,
    )
    device = find_device(options.device)
    torch.manual_seed(options.training.seed)
    model = create_hybrid(settings, options.weights).eval().to(device)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    ready = _prepare(model, dataset, options, device, tick)

    def asked() -> Answers:
        return answer(model, ready.check, ready.check_said, ready.check_marked)

    began = time.perf_counter()
    loop = HeadsLoop(
        model, ready.learn, ready.learn_said, options.training, tick,
        lambda: _measure(asked(), ready.check), kept,
    )  # fmt: skip
    run = loop.train()
    trained_s = time.perf_counter() - began
    if run.stopped is not None:
        dataset.problems.append(_stopped(dataset, run.best_step))
    said = asked()
    temperatures = fit_class_temperature(model, said, ready.check)
    fusion = fuse_scores(model, said, ready.check)
    maps = fuse_maps(model, said, ready.check)
    scores = fused(model, said)
    good, defect = scores[ready.check.good], scores[~ready.check.good]
    limits = find_limits(
        good, defect if len(defect) else None, options.ok_rate, options.ng_rate,
        options.escape_rate,
    )  # fmt: skip
    limits = with_novelty(limits, int(ready.train.good.sum()))
    tick("export", 0, 1)
    peak = torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0
    model = model.cpu().float().to(memory_format=torch.contiguous_format)
    graph = export_probed(model)
    threshold = youden_threshold(scores, ~ready.check.good) if len(defect) else None
    facts = {
        "options": to_table(options) | {"weights": Path(options.weights).name},
        "weights": weights_facts(model.memory.backbone),
        "history": run.history,
        "best_step": run.best_step,
        "stopped": run.stopped,
        "seconds": round(time.perf_counter() - start, 2),
        "training_seconds": round(trained_s, 2),
        "steps_per_second": round(options.training.steps / max(trained_s, 1e-9), 2),
        "peak_memory_mb": round(peak / 2**20, 1),
        "device": str(device),
        "fusion": fusion_facts(fusion, maps),
        "validation": _measure(said, ready.check),
        "synthetic": int(ready.learn.synthetic.sum()),
    }
    judged = Judged(good, defect, limits, maps, threshold, VALIDATION)
    manifest = manifest_of(
        NAME, dataset, options, settings.memory, settings.class_outputs, judged,
        samples=ready.train.samples + ready.check.samples,
        temperatures=temperatures,
        counts=label_counts(ready.train, settings.class_outputs, judged, ready.bank.rows),
        settings=settings.to_manifest()
        | {"seed": options.training.seed, "coreset_share": options.coreset_share},
        facts=facts,
    )  # fmt: skip
    tensors = _tensors(model, ready, good, defect)
    places = model.memory.grid**2
    extras = {SOURCES_FILE: sources_of(ready.bank, ready.learn, places, dataset.root)}
    if split is not None:
        extras[SPLIT_FILE] = split
    written = write_bundle(out, manifest, tensors, graph, extras)
    if progress is not None:
        progress("export", 1, 1)
    return written


def _prepare(
    model: Hybrid, dataset: Dataset, options: HybridOptions, device: torch.device, tick: Progress
) -> _Prepared:
    outputs, size, fit = model.settings.class_outputs, options.input_size, options.fit

    def read(done: int, total: int) -> None:
        tick("read", done, total)

    def subset(name: Subset) -> Parts:
        samples = dataset.of_subset(name)
        good = [sample for sample in samples if sample.is_good]
        kept = at_most(good, options.training.seed, dataset)
        kept += [sample for sample in samples if not sample.is_good]
        return read_parts(kept, outputs, size, fit, dataset.problems, read)

    train, check = subset("train"), subset("calibration")
    check_good_count(dataset, int(train.good.sum()))
    if int((~train.good).sum()) < FEWEST_DEFECTS:
        raise EngineError(
            "no_defect_pictures",
            f"{dataset.root} holds fewer than {FEWEST_DEFECTS} defective pictures to train on; a "
            "hybrid without them is a patch memory: use qc-engine teach.",
            path=str(dataset.root),
        )
    if not len(check) or not check.good.any():
        raise EngineError(
            "no_validation_pictures",
            f"{dataset.root} holds no good picture to validate on; split it with qc-engine split.",
            path=str(dataset.root),
        )
    how = options.training
    learn = with_synthetic(train, outputs, how.synthetic, how.synthetic_pictures, how.seed)
    patches = patches_of(model, learn.pixels, device)
    bank, said = remember(model.memory, learn, patches, options.coreset_share, how.seed, tick)
    set_scales(model, learn, said)
    set_probe(model, learn, said, patches, how.seed)
    patches = patches_of(model, check.pixels, device)
    check_said = recall(model.memory, patches, bank.rows)
    marked = model.marked(patches, check_said.distance, check_said.coarse)
    return _Prepared(train, check, learn, bank, said, check_said, marked)


def _stopped(dataset: Dataset, best_step: int) -> Problem:
    return Problem(
        NOT_FINITE,
        dataset.root,
        "The training loss became no finite number; training stopped there and the best weights, "
        f"of step {best_step}, were kept. Lower the learning rate to train on.",
    )


def _measure(said: Answers, check: Parts) -> dict[str, float]:
    """AUROC of each detector, macro F1 of the class head, and their mean, "value"."""
    defect = ~check.good
    known = check.labels >= 0
    figures: dict[str, float] = {}
    if defect.any() and not defect.all():
        for name, score in (
            ("auroc_memory", said.memory),
            ("auroc_binary", said.binary),
            ("auroc_mask", said.peak),
            ("auroc_probe", said.probe),
            ("auroc", np.stack([said.memory, said.binary, said.peak, said.probe], 1) @ PRIOR),
        ):
            figures[name] = float(roc_auc_score(defect, score))
    named = said.classes[known].argmax(1)
    figures["f1"] = float(f1_score(check.labels[known], named, average="macro", zero_division=0.0))
    figures["value"] = (figures.get("auroc", 0.0) + figures["f1"]) / 2
    return figures


def _tensors(
    model: Hybrid, ready: _Prepared, good: NDArray[np.float32], defect: NDArray[np.float32]
) -> dict[str, NDArray[Any]]:
    """Everything that the bundle keeps beside the graph."""
    novelty = ready.learn_said.score.cpu().numpy()[ready.learn.good]
    tensors: dict[str, NDArray[Any]] = {
        "bank": ready.bank.rows.cpu().numpy(),
        GOOD_SCORES: np.sort(good),
        DEFECT_SCORES: np.sort(defect),
        NOVELTY_SCORES: np.sort(novelty),
    }
    for name, value in model.state_dict().items():
        tensors[WEIGHTS_PREFIX + name] = value.numpy()
    return tensors
