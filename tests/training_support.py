"""A network of a few thousand weights and pictures to train it on, for tests of the training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn

from engine.data.layout import load_dataset
from engine.training.batches import Batches
from engine.training.callbacks import Callback
from engine.training.config import DataSettings, TrainConfig
from engine.training.distributed import World
from engine.training.loop import Loop
from engine.training.pictures import Pictures
from engine.training.tasks import ClassifierTask, Task, TrainingData

SIZE = 32
OUTPUTS = ("good", "dot", "line")


@dataclass(slots=True)
class Said:
    """What the contract's NetworkOutputs say of a classifier."""

    binary: torch.Tensor
    classes: torch.Tensor


class TinyNetwork(nn.Module):
    """Two convolutions with batch normalisation and dropout, two heads; the stem can be frozen for
    the first epochs."""

    kind = "classifier"

    def __init__(self, classes: int = len(OUTPUTS), seed: int = 0, frozen_epochs: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.frozen_epochs = frozen_epochs
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Dropout2d(0.1)
        )
        self.body = nn.Sequential(
            nn.Conv2d(8, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU(), nn.Dropout(0.2)
        )
        self.binary = nn.Linear(16, 1)
        self.classes = nn.Linear(16, classes)

    def analyse(self, x01: torch.Tensor) -> Said:
        """Logits of pictures float32 [N, 3, S, S]."""
        pooled = self.body(self.stem(x01 - 0.5)).mean((2, 3))
        return Said(self.binary(pooled)[:, 0], self.classes(pooled))

    def set_epoch(self, epoch: int) -> None:
        """Freeze the stem at first."""
        free = epoch >= self.frozen_epochs
        self.stem.requires_grad_(free)
        if not free:
            self.stem.eval()

    def parameter_groups(self, config: Any, epoch: int) -> list[dict[str, Any]]:
        """The stem learns at half the rate."""
        head = [*self.body.parameters(), *self.binary.parameters(), *self.classes.parameters()]
        groups = [{"params": head, "lr": config.optimiser.rate, "name": "head"}]
        if epoch >= self.frozen_epochs:
            stem = list(self.stem.parameters())
            groups.append({"params": stem, "lr": 0.5 * config.optimiser.rate, "name": "stem"})
        return groups


def draw_parts(root: Path, goods: int = 20, defects: int = 10, size: int = SIZE) -> Path:
    """Class folders of grey parts; "dot" has a bright dot, "line" a dark line, with masks."""
    rng = np.random.default_rng(0)
    for label, count in (("good", goods), ("dot", defects), ("line", defects)):
        for number in range(count):
            picture = rng.normal(120, 12, (size, size, 3)).clip(0, 255).astype(np.uint8)
            mask = np.zeros((size, size), np.uint8)
            x, y = (int(value) for value in rng.integers(size // 5, size - size // 5, 2))
            if label == "dot":
                cv2.circle(picture, (x, y), size // 8, (250, 240, 230), -1)
                cv2.circle(mask, (x, y), size // 8, 255, -1)
            elif label == "line":
                cv2.line(picture, (0, y), (size - 1, x), (10, 20, 10), max(2, size // 16))
                cv2.line(mask, (0, y), (size - 1, x), 255, max(2, size // 16))
            for kind, values in ((label, picture), (f"ground_truth/{label}", mask)):
                if kind == "ground_truth/good":
                    continue
                folder = root / kind
                folder.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(folder / f"{number:03d}.png"), values)
    return root


def small_config(**changes: Any) -> TrainConfig:
    """The protocol, small enough for a test of seconds."""
    config = TrainConfig(
        epochs=3,
        batch_size=8,
        log_every=1,
        data=DataSettings(input_size=SIZE, workers=0),
    )
    return config.replaced(**changes)


def pictures_of(root: Path, config: TrainConfig, outputs: Sequence[str] = OUTPUTS) -> TrainingData:
    """All pictures of a folder: the even ones train, the odd ones validate."""
    samples = load_dataset(root).samples
    size = config.data.input_size
    train = Pictures.read(samples[::2], outputs, config.augmentation.cached_size(size))
    check = Pictures.read(samples[1::2], outputs, size)
    return training_data(train, check, config, World())


def training_data(
    train: Pictures, check: Pictures, config: TrainConfig, world: World
) -> TrainingData:
    """Batches of both."""

    def batches(pictures: Pictures) -> Batches:
        return Batches(
            pictures,
            input_size=config.data.input_size,
            batch_size=config.batch_size,
            augmentation=config.augmentation,
            seed=config.seed,
            rank=world.rank,
            world_size=world.size,
        )

    return TrainingData(train, check, batches(train), batches(check))


def trained(
    data: TrainingData,
    config: TrainConfig,
    callbacks: Sequence[Callback] = (),
    task: Task | None = None,
    world: World | None = None,
    frozen_epochs: int = 0,
) -> Loop:
    """A loop that has run."""
    world = world or World()
    network = TinyNetwork(len(data.train.class_outputs), config.seed, frozen_epochs)
    task = task or ClassifierTask(network, config, world)
    task.prepare(data)
    loop = Loop(task, data.batches, data.validation_batches, config, world, callbacks)
    loop.run()
    return loop
