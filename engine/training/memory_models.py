"""Train the models that have a way of their own from the common request: patch memory and hybrid.

Must not know the command line. What is theirs alone stands in the configuration's [options]:
the fields of ``TeachOptions`` and of ``HybridOptions``.
"""

from __future__ import annotations

from dataclasses import replace

from engine.bundle import Manifest
from engine.models import hybrid, patch_memory
from engine.models.patch_memory import PatchMemorySettings
from engine.training.config import TrainConfig
from engine.training.division import Division
from engine.training.facts import Cancelled, Progress
from engine.training.hybrid import HybridTraining
from engine.training.hybrid_train import FEWEST_DEFECTS, HybridOptions, train_hybrid
from engine.training.request import Request
from engine.training.settings import from_table
from engine.training.teach import TeachOptions, teach


def train_memory(
    request: Request, division: Division, progress: Progress | None, cancelled: Cancelled | None
) -> Manifest:
    """Teach a patch memory on the good pictures of training and validation: it validates on parts
    that each fold has not seen, and needs none held back."""
    config, data = request.config, request.config.data
    options = TeachOptions(
        product=request.product,
        parent=request.parent,
        seed=config.seed,
        device=request.device,
        weights=config.weights,
        ok_rate=config.calibration.ok_rate,
        ng_rate=config.calibration.ng_rate,
        escape_rate=config.calibration.escape_rate,
        graph=PatchMemorySettings(input_size=data.input_size, fit=data.fit),
    )
    options = from_table(options, config.options, "options.")
    whole = request.dataset if division.split is None else division.dataset
    return teach(whole, request.out, options, progress, cancelled, division.split)


def train_whole_hybrid(
    request: Request, division: Division, progress: Progress | None, cancelled: Cancelled | None
) -> Manifest:
    """Train a hybrid; its steps are the same share of its usual number as the epochs are of the
    protocol's. Without labelled defects it is a patch memory, and such a bundle is written."""
    config, data = request.config, request.config.data
    labelled = sum(sample.is_defect for sample in division.dataset.of_subset("train"))
    if labelled < FEWEST_DEFECTS:
        plain = replace(request, config=config.replaced(options={}))
        return train_memory(plain, division, progress, cancelled)
    usual = HybridTraining()
    share = config.epochs / TrainConfig().epochs
    options = HybridOptions(
        product=request.product,
        parent=request.parent,
        device=request.device,
        weights=config.weights,
        input_size=data.input_size,
        fit=data.fit,
        ok_rate=config.calibration.ok_rate,
        ng_rate=config.calibration.ng_rate,
        escape_rate=config.calibration.escape_rate,
        training=replace(usual, seed=config.seed, steps=max(1, round(usual.steps * share))),
    )
    options = from_table(options, config.options, "options.")
    return train_hybrid(division.dataset, request.out, options, division.split, progress, cancelled)


TRAINERS = {patch_memory.NAME: train_memory, hybrid.NAME: train_whole_hybrid}
