"""Train the models with a way of their own from the common request: memory, probe and hybrid.

Must not know the command line. What is theirs alone stands in the configuration's [options]:
the fields of ``TeachOptions`` and of ``HybridOptions``. Of the protocol they use the data, the
calibration, weights, seed and, for the hybrid, the number of epochs; what else is set is refused.
"""

from __future__ import annotations

from dataclasses import replace

from engine.bundle import Manifest
from engine.data.layout import defect_classes
from engine.data.split import split_to_json
from engine.errors import EngineError
from engine.models import hybrid, patch_memory
from engine.models import patch_probe as patch_probe_model
from engine.models.patch_memory import PatchMemorySettings
from engine.training.config import ONE_CLASS, UNUSED, TrainConfig, default_config
from engine.training.division import Division
from engine.training.facts import Cancelled, Progress, sha256_of, weights_content
from engine.training.hybrid import HybridTraining
from engine.training.hybrid_loop import Kept
from engine.training.hybrid_train import FEWEST_DEFECTS, HybridOptions, train_hybrid
from engine.training.patch_probe import FEWEST_DEFECTS as FEWEST_PROBED
from engine.training.patch_probe import teach_best
from engine.training.request import Request, checkpoint_path
from engine.training.settings import from_table, to_table
from engine.training.teach import TeachOptions, teach


def train_memory(
    request: Request, division: Division, progress: Progress | None, cancelled: Cancelled | None
) -> Manifest:
    """Teach a patch memory on the good pictures of training and validation: it validates on parts
    that each fold has not seen, and needs none held back."""
    _refuse_unused(request.config)
    options = _teach_options(request)
    whole, split = division.dataset, division.split
    if division.protocol == ONE_CLASS and request.dataset.layout != "snapshot":
        whole = request.dataset  # the limits may rest on labelled defects of class folders
        split = split_to_json(whole) if whole.layout == "classes" else None
    try:
        return teach(whole, request.out, options, progress, cancelled, split)
    finally:
        _hand_back_problems(request, division)


def train_probe(
    request: Request, division: Division, progress: Progress | None, cancelled: Cancelled | None
) -> Manifest:
    """Teach a patch probe on the labelled pictures of training and validation, which validate out
    of fold. With too few labelled defects it is a patch memory, and such a bundle is written."""
    known = division.dataset.of_subset("train", "calibration")
    if sum(sample.is_defect for sample in known) < FEWEST_PROBED:
        return train_memory(request, division, progress, cancelled)
    _refuse_unused(request.config)
    options = _teach_options(request)
    try:
        return teach_best(
            division.dataset, request.out, options, progress, cancelled, division.split
        )
    finally:
        _hand_back_problems(request, division)


def _teach_options(request: Request) -> TeachOptions:
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
    return from_table(options, config.options, "options.")


def train_whole_hybrid(
    request: Request, division: Division, progress: Progress | None, cancelled: Cancelled | None
) -> Manifest:
    """Train a hybrid; its steps are the same share of its usual number as the epochs are of the
    protocol's. Without labelled defects it is a patch memory, and such a bundle is written."""
    config, data = request.config, request.config.data
    train = division.dataset.of_subset("train")
    if sum(sample.is_defect for sample in train) < FEWEST_DEFECTS:
        plain = replace(request, config=config.replaced(options={}))
        return train_memory(plain, division, progress, cancelled)
    _refuse_unused(config)
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
    whole = [to_table(replace(options, weights=weights_content(options.weights)))]
    identity = sha256_of([*whole, division.split_hash, list(defect_classes(train))])
    kept = Kept(checkpoint_path(request.out), identity)
    try:
        manifest = train_hybrid(
            division.dataset, request.out, options, division.split, progress, cancelled, kept
        )
    finally:
        _hand_back_problems(request, division)
    kept.path.unlink(missing_ok=True)
    return manifest


def _refuse_unused(config: TrainConfig) -> None:
    """Say what would have no effect. Raises EngineError config_unused."""
    usual = default_config(config.model)
    for name in UNUSED:
        if getattr(config, name) != getattr(usual, name):
            raise EngineError(
                "config_unused",
                f"{config.model} trains in a way of its own and does not use {name!r} of the "
                "training configuration; leave it out (its own settings are in [options]).",
                key=name,
            )


def _hand_back_problems(request: Request, division: Division) -> None:
    """What was found in the divided pictures is reported with the data set asked for."""
    known = request.dataset.problems
    if division.dataset is not request.dataset:
        known += [problem for problem in division.dataset.problems if problem not in known]


TRAINERS = {
    patch_memory.NAME: train_memory,
    patch_probe_model.NAME: train_probe,
    hybrid.NAME: train_whole_hybrid,
}
