"""Train any model on any data set and write its bundle. Must not know the command line.

The protocol decides which pictures train and which validate; the models of ``memory_models`` and
the cascade, whose parts are trained from here, then go their own ways, every other network goes
through ``Loop`` with the task of its kind.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import torch

from engine.bundle import Manifest
from engine.data.layout import Problem, Sample, defect_classes
from engine.data.split import subset_counts
from engine.errors import EngineError
from engine.models import cascade, registry
from engine.training.batches import Batches
from engine.training.callbacks import (
    BestWeights,
    Checkpoint,
    EarlyStop,
    Log,
    ReportProgress,
)
from engine.training.cascade import train_cascade
from engine.training.config import TrainConfig
from engine.training.distributed import World, joined, synchronised, world_size
from engine.training.division import ONE_CLASS_MODELS, Division, check_division, divide
from engine.training.facts import (
    Cancelled,
    Progress,
    checked,
    gpu_memory_said,
    sha256_of,
    weights_content,
)
from engine.training.finish import Origin, finish
from engine.training.launch import check_devices
from engine.training.loop import NOT_FINITE, Loop, mixed_dtype
from engine.training.memory_models import TRAINERS
from engine.training.pictures import Pictures
from engine.training.request import Request, checkpoint_path
from engine.training.tasks import AutoencoderTask, ClassifierTask, Task, TrainingData

# kind of network: how it is trained
TASKS: dict[str, type[Task]] = {"classifier": ClassifierTask, "autoencoder": AutoencoderTask}
Trainer = Callable[[Request, Division, Progress | None, Cancelled | None], Manifest]
# values that change nothing in what is trained, so that a checkpoint is gone on from with others
NEUTRAL = ("log_every", "checkpoint_every")


@gpu_memory_said()
def train(
    request: Request, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Manifest | None:
    """Train and write the bundle; returns its manifest, None in all processes but the first.

    Stages reported: read, train, calibrate, export. A checkpoint beside ``out`` is gone on from,
    and deleted when the bundle is written. Raises EngineError: those of the data, of ``divide``,
    of the weights, of the configuration, checkpoint_*, loss_not_finite, gpu_memory, cancelled.
    """
    config = request.config
    trainers: dict[str, Trainer] = {**TRAINERS, cascade.NAME: partial(train_cascade, train)}
    if config.model not in registry.MODELS:
        raise EngineError(
            "model_unknown",
            f"There is no model '{config.model}'; choose one of {', '.join(registry.MODELS)}.",
            model=config.model,
        )
    check_devices(config.model, world_size())
    registry.check_weights(config.model, config.weights)
    division = divide(request.dataset, config.model, config.protocol, config.data)
    if config.model in trainers:
        return trainers[config.model](request, division, progress, cancelled)
    if config.options:
        raise EngineError(
            "config_key_unknown",
            f"{config.model} takes no [options]; leave them out of the training configuration.",
            key="options",
        )
    with joined(request.device) as world:
        tick = checked(progress if world.is_main else None, cancelled)
        training = NetworkTraining(request, division, world, tick)
        training.run()
    if not world.is_main:
        return None
    manifest = training.finish()
    checkpoint_path(request.out).unlink(missing_ok=True)
    if progress is not None:  # no question of cancelling any more: the bundle is there
        progress("export", 1, 1)
    return manifest


class NetworkTraining:
    """One network's way from pictures to a bundle: ``run`` in every process, then ``finish`` in
    the first."""

    def __init__(self, request: Request, division: Division, world: World, tick: Progress) -> None:
        self._start = time.perf_counter()
        self._request, self._division = request, division
        self._world, self._tick = world, tick
        self._config = request.config
        self._problems = division.dataset.problems
        if division.dataset is not request.dataset:
            self._problems = request.dataset.problems
            self._problems += [p for p in division.dataset.problems if p not in self._problems]
        if world.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(world.device)
        self.data = self._read()
        torch.manual_seed(self._config.seed)
        network, self._weights = registry.create_network(
            self._config.model,
            self.data.train.class_outputs,
            self._config.data.input_size,
            self._config.weights,
            self._config.seed,
        )
        self.task = TASKS[network.kind](network.to(world.device), self._config, world)
        self.task.prepare(self.data)
        self._best = BestWeights(self._config.stopping.best_by)
        identity = _identity(self._config, division, self.data.train.class_outputs)
        checkpoint = Checkpoint(
            checkpoint_path(request.out), self._config.checkpoint_every, identity
        )
        self.loop = Loop(
            self.task,
            self.data.batches,
            self.data.validation_batches,
            self._config,
            world,
            [  # the checkpoint writes what those before it have noted of an epoch
                self._best,
                EarlyStop(self._config.stopping),
                Log(self._config.log_every),
                checkpoint,
                ReportProgress(tick),
            ],
        )

    def run(self) -> None:
        """Train to the end; the network then has its best weights."""
        with synchronised(self.task.network, self._world):
            self.loop.run()
        if self.loop.stopped == NOT_FINITE:
            path = self._request.dataset.root
            sentence = (
                f"The training loss was no finite number after epoch {self.loop.epoch}; training "
                f"stopped there and the best weights, of epoch {self._best.epoch}, were kept. "
                "Lower the learning rate to train on."
            )
            self._problems.append(Problem(NOT_FINITE, path, sentence))

    def finish(self) -> Manifest:
        """Calibrate, export and write."""
        request = self._request
        self.task.world = World(device=self._world.device)  # the others have gone home
        origin = Origin(
            product=request.product or request.dataset.name,
            parent=request.parent,
            split=self._division.split,
            problems=len(self._problems),
            facts=self._facts(),
        )
        return finish(self.task, self.data, request.out, origin, self._tick)

    def _read(self) -> TrainingData:
        """Decode the pictures of both subsets once."""
        config, dataset = self._config, self._division.dataset
        train = dataset.of_subset("train")
        validation = dataset.of_subset("calibration")
        outputs = ("good", *defect_classes(train))
        if config.model in ONE_CLASS_MODELS:
            train, outputs = [sample for sample in train if sample.is_good], ("good",)
        total = len(train) + len(validation)
        before = {"done": 0}

        def tick(done: int, _: int) -> None:
            self._tick("read", before["done"] + done, total)

        def read(samples: list[Sample], size: int) -> Pictures:
            found = Pictures.read(
                samples,
                outputs,
                size,
                fit=config.data.fit,
                workers=max(1, config.data.workers),
                problems=self._problems,
                tick=tick,
            )
            before["done"] += len(samples)
            return found

        size = config.data.input_size
        pictures = read(train, config.augmentation.cached_size(size))
        checked_by = read(validation, size)
        check_division(
            self._division,
            good=int((pictures.binary == 0).sum()),
            defects=int((pictures.binary > 0).sum()),
            needs_defects=config.model not in ONE_CLASS_MODELS,
            validation_good=int((checked_by.binary == 0).sum()),
        )
        return TrainingData(
            pictures, checked_by, self._batches(pictures), self._batches(checked_by)
        )

    def _batches(self, pictures: Pictures) -> Batches:
        config, device = self._config, self._world.device
        on_device = config.data.on_device
        return Batches(
            pictures,
            input_size=config.data.input_size,
            batch_size=config.batch_size,
            augmentation=config.augmentation,
            synthetic=config.synthetic,
            seed=config.seed,
            device=device,
            rank=self._world.rank,
            world_size=self._world.size,
            workers=config.data.workers,
            on_device=device.type == "cuda" if on_device == "auto" else on_device == "yes",
        )

    def _facts(self) -> dict[str, Any]:
        """What the bundle says of the training."""
        loop, device = self.loop, self._world.device
        seconds = [float(record["seconds"]) for record in loop.history]
        best = next((one for one in loop.history if one["epoch"] == self._best.epoch), {})
        precision = mixed_dtype(self._config, device)
        facts = {
            "protocol": self._division.protocol,
            "config": self._config.to_dict(),
            "weights": self._weights.to_json(),
            "epochs": loop.epoch,
            "best_epoch": self._best.epoch,
            "stopped": loop.stopped,
            "validation": best.get("validation", {}),
            "history": loop.history,
            "steps": loop.step_losses,
            "seconds": round(time.perf_counter() - self._start, 2),
            "training_seconds": round(sum(seconds), 2),
            "seconds_per_epoch": round(sum(seconds) / max(1, len(seconds)), 3),
            "peak_memory_mb": peak_memory_mb(device),
            "device": device_name(device),
            "processes": self._world.size,
            "precision": str(precision or torch.float32).removeprefix("torch."),
            "split_hash": self._division.split_hash,
            "subsets": subset_counts(self._division.dataset),
            "epoch_pictures": self.data.batches.composition,
            "multipliers": self.data.batches.multipliers,
        }
        known: dict[str, Any] = _without_nan(facts)
        return known


def reset_peak_memory(device: torch.device) -> None:
    """Begin to count anew what ``peak_memory_mb`` says. A process that trains several models would
    else give each the highest of all before it; only Linux lets a process's own mark be reset."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    if sys.platform == "linux":
        with suppress(OSError):  # a kernel or a container that forbids it keeps the old mark
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_mb(device: torch.device) -> float:
    """Most memory that training has used, of the GPU, or of this process since it began or since
    ``reset_peak_memory`` (0 where the system does not say)."""
    if device.type == "cuda":
        return round(torch.cuda.max_memory_allocated(device) / 2**20, 1)
    if sys.platform == "win32":
        return 0.0
    if sys.platform == "linux":
        with suppress(OSError, StopIteration, ValueError):
            lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
            mark = next(line for line in lines if line.startswith("VmHWM:"))
            return round(int(mark.split()[1]) / 2**10, 1)
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (2**20 if sys.platform == "darwin" else 2**10), 1)


def device_name(device: torch.device) -> str:
    """The device in words."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"


def _without_nan(value: Any) -> Any:
    """The same with None for numbers that are not finite, which JSON does not have."""
    if isinstance(value, dict):
        return {name: _without_nan(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _identity(config: TrainConfig, division: Division, class_outputs: tuple[str, ...]) -> str:
    """sha256 of all that decides how the weights come out."""
    table = {name: value for name, value in config.to_dict().items() if name not in NEUTRAL}
    table["data"] = {name: value for name, value in table["data"].items() if name != "workers"}
    table["weights"] = weights_content(config.weights)
    whole = [table, division.split_hash, list(class_outputs)]
    return sha256_of(whole)
