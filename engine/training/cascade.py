"""From labelled pictures to the bundle of a cascade. Must not know the command line.

Both models are trained by the common protocol on one division of the data, each as it would be
alone; what joins them is then calibrated on the validation pictures, which both look at in full.
The fast model, once trained, lies in a hidden bundle beside the cascade's until that is written,
so that a training that was interrupted in the expert does not begin anew.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from engine.bundle import (
    SPLIT_FILE,
    Bundle,
    Manifest,
    load_bundle,
    new_bundle_id,
    part_files,
    write_bundle,
)
from engine.calibration.cascade import (
    ORDINARY_RATE,
    CalibratedCascade,
    CascadeAnswers,
    CascadeRates,
    fit_cascade,
    fit_guard,
)
from engine.calibration.figures import VALIDATION, out_of_fold_figures
from engine.calibration.thresholds import youden_threshold
from engine.data.images import STRETCH
from engine.data.layout import Dataset, Sample, read_pictures
from engine.errors import EngineError
from engine.inference.cascade_graph import joining_graph
from engine.inference.outputs import GOOD_SCORES, fitted
from engine.inference.predictor import load_predictor
from engine.models import efficientnet, hybrid
from engine.models.cascade import EXPERT, FAST, NAME
from engine.models.guarded import TAPS, Guarded
from engine.models.registry import check_weights
from engine.training.config import OWN_WAY, UNUSED, TrainConfig, default_config
from engine.training.division import Division
from engine.training.facts import (
    Cancelled,
    Progress,
    calibration_facts,
    checked,
    find_device,
    versions,
    weights_content,
)
from engine.training.guard import PATCHES, GuardedScores, add_guard, guarded_answers, write_guarded
from engine.training.hybrid_train import FEWEST_DEFECTS
from engine.training.request import Request, waiting_path
from engine.training.settings import from_table
from engine.training.teach import DEFECT_SCORES

TrainPart = Callable[[Request, Progress | None, Cancelled | None], Manifest | None]
EXPERTS = (hybrid.NAME, *TAPS)
FAST_SIZE = 224
BATCH = 16


@dataclass(frozen=True, slots=True)
class CascadeOptions:
    """[options] of a cascade; the configuration's other values are both models', its [data] the
    expert's. ``fast_epochs`` and ``fast_input_size`` are the configuration's (at most 224 pixels)
    where they are not given; ``expert_options`` is the expert's own [options]. ``ordinary_rate``
    is the share of good parts that the guard sends on because they look unusual; it keeps
    ``guard_patches`` good patches."""

    fast: str = efficientnet.LITE0
    expert: str = hybrid.NAME
    fast_epochs: int | None = None
    fast_input_size: int | None = None
    fast_fit: str = STRETCH
    expert_options: dict[str, Any] = field(default_factory=dict)
    ordinary_rate: float = ORDINARY_RATE
    guard_patches: int = PATCHES

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        for name, value, known in (("fast", self.fast, TAPS), ("expert", self.expert, EXPERTS)):
            if value not in known:
                raise _wrong(name, value, ", ".join(known))
        if not 0.0 < self.ordinary_rate < 1.0:
            raise _wrong("ordinary_rate", self.ordinary_rate, "a number above 0 and below 1")
        if self.guard_patches < 1:
            raise _wrong("guard_patches", self.guard_patches, "1 or more")


@dataclass(frozen=True, slots=True, eq=False)
class _Checked:
    """What both models say of the validation pictures, the usual value of the expert's maps of
    good ones, and facts of how classifier and guard were joined."""

    said: CascadeAnswers
    quiet: float
    guard: dict[str, Any]

    def fast_scores(self) -> GuardedScores:
        """What the fast model's own bundle is calibrated on."""
        scores, defect = self.said.fast.astype(np.float32), self.said.defect
        return GuardedScores(scores[~defect], scores[defect], self.said.novelty[~defect])


def train_cascade(
    train_part: TrainPart,
    request: Request,
    division: Division,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Manifest:
    """Train both models with ``train_part``, calibrate what joins them, write one bundle.

    Stages reported: those of the models as fast_* and expert_*, then guard, calibrate, export.
    Raises EngineError: those of the models, config_value_wrong, no_defect_pictures, cancelled.
    """
    start = time.perf_counter()
    tick = checked(progress, cancelled)
    options = from_table(CascadeOptions(), request.config.options, "options.")
    for model in (options.fast, options.expert):
        check_weights(model, request.config.weights)
    _check_defects(division.dataset)
    waiting = waiting_path(request.out)
    waiting.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{request.out.name}.", dir=waiting.parent) as folder:
        work = Path(folder)

        def part(name: str, config: TrainConfig, out: Path) -> Bundle:
            alone = _alone(request, division, config, out)
            train_part(alone, _prefixed(tick, name), cancelled)
            known = request.dataset.problems
            known += [problem for problem in alone.dataset.problems if problem not in known]
            return load_bundle(out)

        config = fast_config(request.config, options)
        trained = _trained(waiting, config, division, request.product)
        trained = trained or part(FAST, config, waiting)
        expert = part(EXPERT, expert_config(request.config, options), work / EXPERT)
        guard = _guarded(trained, request, division.dataset, options, tick)
        seen = _validate(guard, trained.manifest, expert, division.dataset, tick)
        rates = _rates(request.config, options)
        found = fit_cascade(seen.said, rates, expert.manifest.limits.novelty_rate, seen.quiet)
        tick("export", 0, 1)
        asked = dataclasses.asdict(request.config.calibration)
        fast = write_guarded(guard, trained, seen.fast_scores(), asked, work / FAST)
        found.facts["guard"] = seen.guard
        seconds = round(time.perf_counter() - start, 2)
        manifest = _manifest(request, division, options, fast, expert, seen.said, found, seconds)
        written = _write(request.out, manifest, fast, expert, seen.said, found, division.split)
    shutil.rmtree(waiting)
    if progress is not None:  # no question of cancelling any more: the bundle is there
        progress("export", 1, 1)
    return written


def fast_config(config: TrainConfig, options: CascadeOptions) -> TrainConfig:
    """The fast model's configuration."""
    size = options.fast_input_size or min(FAST_SIZE, config.data.input_size)
    data = dataclasses.replace(config.data, input_size=size, fit=options.fast_fit)
    epochs = options.fast_epochs or config.epochs
    return dataclasses.replace(config, model=options.fast, epochs=epochs, data=data, options={})


def expert_config(config: TrainConfig, options: CascadeOptions) -> TrainConfig:
    """The expert's configuration; what it takes no notice of is as usual."""
    usual = default_config(options.expert)
    unused = {name: getattr(usual, name) for name in UNUSED}
    if options.expert not in OWN_WAY:
        unused = {}
    return dataclasses.replace(
        config, model=options.expert, options=options.expert_options, **unused
    )


def _wrong(name: str, value: object, wanted: str) -> EngineError:
    return EngineError(
        "config_value_wrong",
        f"The training configuration's options.{name} cannot be {value!r}; choose {wanted}.",
        key=f"options.{name}",
        value=str(value),
        wanted=wanted,
    )


def _check_defects(dataset: Dataset) -> None:
    labelled = sum(sample.is_defect for sample in dataset.of_subset("train"))
    if labelled < FEWEST_DEFECTS:
        raise EngineError(
            "no_defect_pictures",
            f"{dataset.root} holds fewer than {FEWEST_DEFECTS} defective pictures to train on; "
            "label some, or teach a patch_memory, which needs none.",
            path=str(dataset.root),
        )


def _alone(request: Request, division: Division, config: TrainConfig, out: Path) -> Request:
    """The request for one of the models: the same division, and problems of its own."""
    problems = list(division.dataset.problems)
    dataset = dataclasses.replace(division.dataset, problems=problems)
    return dataclasses.replace(request, dataset=dataset, out=out, config=config)


def _trained(
    path: Path, config: TrainConfig, division: Division, product: str | None
) -> Bundle | None:
    """What an interrupted training has left, if it is exactly the fast model that is wanted."""
    try:
        bundle = load_bundle(path)
    except EngineError:
        return None
    facts = bundle.manifest.training
    alike = (
        facts.get("config") == config.to_dict()
        and weights_content(config.weights) in (config.weights, _weights_sha256(facts))
        and facts.get("split_hash") == division.split_hash
        and bundle.manifest.product == (product or division.dataset.name)
    )
    return bundle if alike else None


def _weights_sha256(facts: Mapping[str, Any]) -> str | None:
    weights = facts.get("weights")
    return weights.get("sha256") if isinstance(weights, dict) else None


def _prefixed(tick: Progress, part: str) -> Progress:
    def report(stage: str, done: int, total: int) -> None:
        tick(f"{part}_{stage}", done, total)

    return report


def _rates(config: TrainConfig, options: CascadeOptions) -> CascadeRates:
    rates = config.calibration
    return CascadeRates(rates.ok_rate, rates.ng_rate, rates.escape_rate, options.ordinary_rate)


def _guarded(
    trained: Bundle, request: Request, dataset: Dataset, options: CascadeOptions, tick: Progress
) -> Guarded:
    """The fast model with a guard made of the good training pictures."""
    tick("guard", 0, 1)
    good = [sample for sample in dataset.of_subset("train") if sample.is_good]
    pixels = _fitted(good, trained.manifest)
    device = find_device(request.device)
    guard = add_guard(trained, pixels, device, request.config.seed, options.guard_patches)
    tick("guard", 1, 1)
    return guard


def _fitted(samples: list[Sample], manifest: Manifest) -> NDArray[np.uint8]:
    """Readable pictures as the model's input, uint8 [n, S, S, 3]; the others are already named."""
    return np.stack([fitted(rgb, manifest)[0] for _, rgb in read_pictures(samples, [])])


def _validate(
    guard: Guarded, manifest: Manifest, expert: Bundle, dataset: Dataset, tick: Progress
) -> _Checked:
    """Both models on every labelled validation picture, ``BATCH`` at a time; joins the classifier
    with its guard."""
    judge = load_predictor(expert.path, "cuda" if guard.bank.is_cuda else "torch")
    samples = [s for s in dataset.of_subset("calibration") if s.is_good or s.is_defect]
    outputs = manifest.class_outputs
    parts: list[dict[str, Any]] = []
    medians: list[float] = []
    for begin in range(0, len(samples), BATCH):
        tick("calibrate", begin, len(samples))
        read = list(read_pictures(samples[begin : begin + BATCH], []))
        if not read:
            continue
        seen = guarded_answers(guard, np.stack([fitted(rgb, manifest)[0] for _, rgb in read]))
        answers = judge.predict_batch([rgb for _, rgb in read])
        found = [sample for sample, _ in read]
        pairs = zip(found, answers, strict=True)
        medians += [float(np.median(one.anomaly_map)) for sample, one in pairs if sample.is_good]
        parts.append(
            {
                "fast": seen.score,
                "expert": np.array([one.score for one in answers], np.float64),
                "novelty": seen.novelty,
                "defect": np.array([sample.is_defect for sample in found], bool),
                "labels": np.array([_index(sample, outputs) for sample in found], np.int64),
                "fast_prob": seen.class_prob,
                "expert_prob": np.stack([one.class_prob for one in answers]),
            }
        )
    judge.close()
    tick("calibrate", len(samples), len(samples))
    joined = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    below = float(np.nextafter(np.float32(expert.manifest.region_threshold), np.float32(-np.inf)))
    quiet = min(float(np.median(medians)), below, 0.0)
    fusion = fit_guard(joined["fast"], joined["novelty"], joined["defect"])
    joined["fast"] = fusion(joined["fast"], joined["novelty"])
    guard.fusion.copy_(torch.tensor(fusion.weights))
    return _Checked(CascadeAnswers(**joined), quiet, fusion.facts)


def _index(sample: Sample, outputs: tuple[str, ...]) -> int:
    return outputs.index(sample.label) if sample.label in outputs else -1


def _manifest(
    request: Request,
    division: Division,
    options: CascadeOptions,
    fast: Bundle,
    expert: Bundle,
    said: CascadeAnswers,
    found: CalibratedCascade,
    seconds: float,
) -> Manifest:
    """The expert's manifest with the cascade's calibration; what a picture must be like, and its
    map, are the expert's."""
    good, defect = found.scores[~said.defect], found.scores[said.defect]
    defects = defect if len(defect) else None
    config, base = request.config, expert.manifest
    asked = dataclasses.asdict(config.calibration)
    return dataclasses.replace(
        base,
        bundle_id=new_bundle_id(NAME),
        model=NAME,
        limits=found.limits,
        calibration=calibration_facts(found.limits, asked, good, defects),
        threshold=youden_threshold(found.scores, said.defect) if defects is not None else None,
        metrics=out_of_fold_figures(good, defects, found.limits, VALIDATION),
        versions=versions(),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        settings={
            "fit": base.settings.get("fit", STRETCH),
            "seed": config.seed,
            FAST: fast.manifest.model,
            EXPERT: base.model,
            **found.rule.to_manifest(),
        },
        files={},
        training={
            "protocol": division.protocol,
            "config": config.to_dict(),
            "options": dataclasses.asdict(options),
            "split_hash": division.split_hash,
            "seconds": seconds,
            "device": fast.manifest.training.get("device"),
            "parts": {
                name: {"model": part.manifest.model, "seconds": part.manifest.training["seconds"]}
                for name, part in ((FAST, fast), (EXPERT, expert))
            },
            "cascade": found.facts,
            "validation": _figures(said, found),
        },
    )


def _figures(said: CascadeAnswers, found: CalibratedCascade) -> dict[str, float]:
    figures = {
        "fast_branch": float(found.skipped.mean()),
        "fast_branch_of_goods": float(found.skipped[~said.defect].mean()),
    }
    if said.defect.any():
        scores = {"": found.scores, "_fast": said.fast, "_expert": said.expert}
        for name, score in scores.items():
            figures[f"auroc{name}"] = float(roc_auc_score(said.defect, score))
        figures["fast_branch_of_defects"] = float(found.skipped[said.defect].mean())
    return figures


def _write(
    out: Path,
    manifest: Manifest,
    fast: Bundle,
    expert: Bundle,
    said: CascadeAnswers,
    found: CalibratedCascade,
    split: bytes | None,
) -> Manifest:
    tensors = {
        GOOD_SCORES: np.sort(found.scores[~said.defect]),
        DEFECT_SCORES: np.sort(found.scores[said.defect]),
    }
    extras = {**part_files(FAST, fast), **part_files(EXPERT, expert)}
    if split is not None:
        extras[SPLIT_FILE] = split
    return write_bundle(out, manifest, tensors, joining_graph(found.rule), extras)
