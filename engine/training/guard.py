"""A trained classifier's guard, and its bundle with it. Must not know how either is trained."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import Bundle, Manifest, load_bundle, write_bundle
from engine.calibration.conformal import find_limits, with_novelty
from engine.calibration.figures import VALIDATION, out_of_fold_figures
from engine.calibration.thresholds import youden_threshold
from engine.inference.outputs import GOOD_SCORES, NOVELTY_SCORES
from engine.models.coreset import greedy_k_centre, random_projection
from engine.models.guarded import GUARDED_OUTPUTS, SETTINGS_KEY, Guarded, guarded
from engine.models.network import INPUT_NAMES
from engine.models.registry import WEIGHTS_PREFIX, restore_model
from engine.training.export import export_graph
from engine.training.facts import calibration_facts
from engine.training.teach import DEFECT_SCORES

BATCH = 16
PATCHES = 1000  # of good parts that are kept
MOST_PICTURES = 500  # good ones that patches are taken from
PROJECTED = 64  # values of a patch that choosing among them looks at


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GuardedAnswers:
    """Score float32 [n], class_prob float32 [n, K] and novelty float32 [n] (the guard's distance)
    of n pictures."""

    score: NDArray[np.float32]
    class_prob: NDArray[np.float32]
    novelty: NDArray[np.float32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GuardedScores:
    """Fused scores float32 [n] and [m] of validation goods and defects, and the distances float32
    [n] of the goods."""

    good: NDArray[np.float32]
    defect: NDArray[np.float32]
    good_novelty: NDArray[np.float32]


def add_guard(
    bundle: Bundle, good: NDArray[np.uint8], device: torch.device, seed: int, patches: int = PATCHES
) -> Guarded:
    """The bundle's classifier on the device, guarded by patches of good training pictures uint8
    [n, S, S, 3]. The same seed keeps the same."""
    model = guarded(restore_model(bundle), bundle.manifest.model).eval().to(device)
    if len(good) > MOST_PICTURES:
        order = np.random.default_rng(seed).permutation(len(good))[:MOST_PICTURES]
        good = good[np.sort(order)]
    found = []
    for start in range(0, len(good), BATCH):
        pixels = torch.from_numpy(good[start : start + BATCH]).to(device)
        found.append(model.patches_of(pixels).flatten(0, 1))
    points = torch.cat(found)
    chosen = greedy_k_centre(random_projection(points, PROJECTED, seed), patches, seed)
    model.bank = points[chosen].contiguous()
    count, dimension = model.bank.shape
    model.settings = dataclasses.replace(model.settings, patches=count, dimension=dimension)
    return model


@torch.inference_mode()
def guarded_answers(model: Guarded, pixels: NDArray[np.uint8]) -> GuardedAnswers:
    """What a guarded classifier says of pictures uint8 [n, S, S, 3]."""
    limits = torch.zeros(2, device=model.bank.device)
    parts: list[tuple[NDArray[Any], ...]] = []
    for start in range(0, len(pixels), BATCH):
        answers = model(torch.from_numpy(pixels[start : start + BATCH]).to(limits.device), limits)
        kept = (answers[0], answers[1], answers[-1])
        parts.append(tuple(one.float().cpu().numpy() for one in kept))
    score, class_prob, novelty = (np.concatenate(one) for one in zip(*parts, strict=True))
    return GuardedAnswers(score, class_prob, novelty)


def write_guarded(
    model: Guarded, bundle: Bundle, found: GuardedScores, asked: Mapping[str, float], out: Path
) -> Bundle:
    """Write the classifier's bundle with its guard and fusion, and limits on the fused score.

    ``asked`` are the rates of ``find_limits``.
    """
    model = model.cpu()
    size = bundle.manifest.input_size
    example = (torch.zeros(2, size, size, 3, dtype=torch.uint8), torch.tensor([0.5, 1.0]))
    axes = {"pixels": {0: "N"}, **{name: {0: "N"} for name in GUARDED_OUTPUTS}}
    graph = export_graph(model, example, INPUT_NAMES, GUARDED_OUTPUTS, axes)
    tensors: dict[str, NDArray[Any]] = {
        GOOD_SCORES: np.sort(found.good),
        DEFECT_SCORES: np.sort(found.defect),
        NOVELTY_SCORES: np.sort(found.good_novelty),
    }
    for name, value in model.state_dict().items():
        tensors[WEIGHTS_PREFIX + name] = value.numpy()
    write_bundle(out, _manifest(model, bundle.manifest, found, asked), tensors, graph)
    return load_bundle(out)


def _manifest(
    model: Guarded, manifest: Manifest, found: GuardedScores, asked: Mapping[str, float]
) -> Manifest:
    """The classifier's, with the calibration of the fused score."""
    defect = found.defect if len(found.defect) else None
    limits = find_limits(found.good, defect, **asked)
    limits = with_novelty(limits, len(found.good))
    scores = np.concatenate([found.good, found.defect])
    truth = np.arange(len(scores)) >= len(found.good)
    return dataclasses.replace(
        manifest,
        limits=limits,
        threshold=youden_threshold(scores, truth) if defect is not None else None,
        calibration=calibration_facts(limits, dict(asked), found.good, defect),
        metrics=out_of_fold_figures(found.good, defect, limits, VALIDATION),
        settings={**manifest.settings, SETTINGS_KEY: dataclasses.asdict(model.settings)},
    )
