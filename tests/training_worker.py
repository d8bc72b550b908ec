"""One training of the tiny network as a process of its own: to be killed, or one of several.

Arguments: folder of pictures, file for the outcome, checkpoint (or "-"), dotted settings as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from training_support import OUTPUTS, TinyNetwork, pictures_of, small_config, training_data

from engine.training.callbacks import BestWeights, Callback, Checkpoint, EarlyStop
from engine.training.config import StoppingSettings
from engine.training.distributed import joined, synchronised
from engine.training.loop import Loop
from engine.training.tasks import ClassifierTask


class Tell(Callback):
    """Prints the number of each epoch, and of its steps."""

    def on_step(self, loop: Any) -> None:
        print(f"step {loop.steps}", flush=True)

    def on_epoch(self, loop: Any, record: Any) -> None:
        print(f"epoch {record['epoch']}", flush=True)


def main() -> None:
    """Train and write history and weights."""
    torch.set_num_threads(1)
    folder, out, checkpoint, changes = sys.argv[1:]
    settings = json.loads(changes)
    frozen_epochs = settings.pop("frozen_epochs", 1)
    config = small_config(**settings)
    callbacks: list[Callback] = [BestWeights("f1"), EarlyStop(StoppingSettings())]
    if checkpoint != "-":
        callbacks.append(Checkpoint(Path(checkpoint), config.checkpoint_every, "this one"))
    with joined("cpu") as world:
        data = pictures_of(Path(folder), config)
        data = training_data(data.train, data.validation, config, world)
        network = TinyNetwork(len(OUTPUTS), config.seed + 100 * world.rank, frozen_epochs)
        task = ClassifierTask(network, config, world)
        task.prepare(data)
        loop = Loop(
            task,
            data.batches,
            data.validation_batches,
            config,
            world,
            [*callbacks, Tell()] if world.is_main else callbacks,
        )
        with synchronised(network, world):
            loop.run()
        if not world.is_main:
            return
    for record in loop.history:
        del record["seconds"]
    weights = {name: value.tolist() for name, value in network.state_dict().items()}
    outcome = {
        "history": loop.history,
        "step_losses": loop.step_losses,
        "weights": weights,
        "modules": [type(module).__name__ for module in network.modules()],
    }
    Path(out).write_text(json.dumps(outcome))


if __name__ == "__main__":
    main()
