"""What happens beside the steps of a training: progress, log, best weights, early stop, checkpoint.

Must not know tasks, data or the command line. A callback that has to be resumed says so by
``state`` and ``tensors``; the checkpoint keeps them under the callback's name.
"""

from __future__ import annotations

import json
import logging
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from engine.errors import EngineError, file_error
from engine.training.config import StoppingSettings
from engine.training.facts import Progress

if TYPE_CHECKING:
    from engine.training.loop import Loop

_log = logging.getLogger(__name__)
FORMAT = "qc-engine-checkpoint-1"


class Callback:
    """Does nothing at any moment; derive and override."""

    name = ""

    def on_start(self, loop: Loop) -> None:
        """Before the first epoch, or the first after a checkpoint."""

    def on_step(self, loop: Loop) -> None:
        """After each batch."""

    def on_phase(self, loop: Loop) -> None:
        """When the network begins to train other parts than before."""

    def on_epoch(self, loop: Loop, record: Mapping[str, Any]) -> None:
        """After each epoch; ``record`` is its entry in the history, with "validation" if it was
        validated."""

    def on_end(self, loop: Loop) -> None:
        """After the last epoch, however it ended."""

    def state(self) -> dict[str, Any]:
        """What to resume from, as JSON."""
        return {}

    def tensors(self) -> dict[str, torch.Tensor]:
        """The same for tensors."""
        return {}

    def load(self, state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
        """Go on from ``state`` and ``tensors``."""


class ReportProgress(Callback):
    """Tells ``tick("train", done, total)`` in batches; a cancelled job ends here."""

    def __init__(self, tick: Progress) -> None:
        self._tick = tick

    def on_start(self, loop: Loop) -> None:
        """Where a resumed training stands."""
        self._tick("train", loop.steps, loop.total_steps)

    def on_step(self, loop: Loop) -> None:
        """One batch more."""
        self._tick("train", loop.steps, loop.total_steps)

    def on_end(self, loop: Loop) -> None:
        """All that there will be."""
        self._tick("train", loop.total_steps, loop.total_steps)


class Log(Callback):
    """Writes the loss of every ``every``-th batch and each epoch's figures to the log."""

    def __init__(self, every: int) -> None:
        self._every = every

    def on_step(self, loop: Loop) -> None:
        """Every so often."""
        if loop.steps % self._every == 0:
            _log.info("step %d of %d: loss %.5g", loop.steps, loop.total_steps, loop.last_loss)

    def on_epoch(self, loop: Loop, record: Mapping[str, Any]) -> None:
        """Each time."""
        _log.info("epoch %d of %d: %s", record["epoch"], loop.config.epochs, json.dumps(record))


class BestWeights(Callback):
    """Remembers the weights of the best validated epoch and puts them back at the end.

    The highest ``by`` figure wins, of equal ones the lower loss; the lowest loss alone with "loss"
    or where there is no such figure. An epoch whose loss is no finite number is never the best.
    """

    name = "best"

    def __init__(self, by: str) -> None:
        self._by = by
        self.epoch = 0  # from 1; 0 is none yet
        self._value = (-math.inf, -math.inf)
        self._weights: dict[str, torch.Tensor] = {}

    def on_epoch(self, loop: Loop, record: Mapping[str, Any]) -> None:
        """Take a copy of better weights."""
        figures = record.get("validation")
        if figures is None or not math.isfinite(figures["loss"]):
            return
        value = figures.get(self._by, math.nan) if self._by != "loss" else 0.0
        rank = (value if math.isfinite(value) else 0.0, -figures["loss"])
        if rank > self._value:
            self._value, self.epoch = rank, int(record["epoch"])
            self._weights = {
                name: value.detach().clone()
                for name, value in loop.task.network.state_dict().items()
            }

    def on_end(self, loop: Loop) -> None:
        """Put them back."""
        if self._weights:
            loop.task.network.load_state_dict(self._weights)

    def state(self) -> dict[str, Any]:
        """Epoch and value."""
        return {"epoch": self.epoch, "value": list(self._value)}

    def tensors(self) -> dict[str, torch.Tensor]:
        """The weights."""
        return self._weights

    def load(self, state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
        """Go on."""
        self.epoch, self._weights = int(state["epoch"]), dict(tensors)
        self._value = (float(state["value"][0]), float(state["value"][1]))


class EarlyStop(Callback):
    """Stops the loop when the validation loss has not fallen by ``min_delta`` for ``patience``
    epochs."""

    name = "early_stop"

    def __init__(self, settings: StoppingSettings) -> None:
        self._settings = settings
        self._best, self._best_epoch = math.inf, 0

    def on_phase(self, loop: Loop) -> None:
        """What has just been unfrozen gets its time."""
        self._best, self._best_epoch = math.inf, loop.epoch

    def on_epoch(self, loop: Loop, record: Mapping[str, Any]) -> None:
        """Count."""
        figures = record.get("validation")
        if figures is None or not self._settings.patience:
            return
        if figures["loss"] < self._best - self._settings.min_delta:
            self._best, self._best_epoch = figures["loss"], record["epoch"]
        elif record["epoch"] - self._best_epoch >= self._settings.patience:
            loop.stop("early_stop")

    def state(self) -> dict[str, Any]:
        """Best loss and its epoch."""
        return {"best": self._best, "epoch": self._best_epoch}

    def load(self, state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
        """Go on."""
        self._best, self._best_epoch = float(state["best"]), int(state["epoch"])


class Checkpoint(Callback):
    """Writes everything that is needed to go on, whole or not at all, every so many epochs and at
    the end; reads it at the start.

    One safetensors file: the loop's state as JSON in its metadata. ``identity`` tells which
    training it belongs to. Only the first process writes.
    """

    def __init__(self, path: Path, every: int, identity: str) -> None:
        self._path, self._every, self._identity = path, every, identity

    def on_start(self, loop: Loop) -> None:
        """Go on from the file if there is one. Raises EngineError checkpoint_damaged,
        checkpoint_other."""
        if self._path.is_file():
            state, tensors = read_checkpoint(self._path)
            check_identity(self._path, state, self._identity)
            loop.load(state["loop"], tensors)

    def on_epoch(self, loop: Loop, record: Mapping[str, Any]) -> None:
        """Every so many epochs."""
        if record["epoch"] % self._every == 0 and not loop.over:
            self._write(loop)

    def on_end(self, loop: Loop) -> None:
        """What was trained is not lost if calibration is interrupted."""
        self._write(loop)

    def _write(self, loop: Loop) -> None:
        if not loop.world.is_main:
            return
        state, tensors = loop.state()
        state = {"identity": self._identity, "loop": state}
        write_checkpoint(self._path, state, tensors)


def check_identity(path: Path, state: Mapping[str, Any], identity: str) -> None:
    """Refuse the checkpoint of another training with EngineError checkpoint_other."""
    if state["identity"] != identity:
        raise EngineError(
            "checkpoint_other",
            f"{path} is the checkpoint of another training (other options or other pictures); "
            "repeat that one's options to go on with it, or delete the file to begin anew.",
            path=str(path),
        )


def write_checkpoint(
    path: Path, state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]
) -> None:
    """Write a checkpoint by a temporary file that is flushed to the disk and renamed. Raises
    EngineError as ``file_error`` where the disk does not take it."""
    packed = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    metadata = {"format": FORMAT, "state": json.dumps(state)}
    temporary = path.with_name(f".{path.name}.tmp")  # what a killed process left is overwritten
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(save(packed, metadata))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise file_error(error) from error


def read_checkpoint(path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """State and tensors of ``write_checkpoint``. Raises EngineError checkpoint_damaged."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if metadata.get("format") != FORMAT:
            raise ValueError(f"it does not say {FORMAT}")
        state: dict[str, Any] = json.loads(metadata["state"])
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise EngineError(
            "checkpoint_damaged",
            f"The checkpoint {path} cannot be read ({error}); delete it to begin anew.",
            path=str(path),
        ) from error
    return state, tensors
