"""The training loop: epochs of steps, validation, callbacks. Must not know what a task trains.

Before each step the random generators are set from (seed, epoch, batch), so that a step does the
same whether the epochs before it ran in this process or in one that was killed, and in one process
as in several.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from engine.errors import EngineError
from engine.training.batches import Batch, Batches
from engine.training.callbacks import Callback
from engine.training.config import TrainConfig
from engine.training.distributed import World
from engine.training.losses import Position
from engine.training.schedule import Optimiser, Plateau
from engine.training.tasks import Task

NOT_FINITE = "loss_not_finite"
_STEP = 0x5374  # keeps the networks' own draws apart from all other draws of a batch


class Loop:
    """Trains a task. ``history`` has an entry for each epoch: "epoch" from 1, "train" (mean parts
    of the loss), "validation" (the task's figures), "rates" and "seconds". ``stopped`` is why it
    ended before its last epoch: "early_stop", "loss_not_finite" or None."""

    def __init__(
        self,
        task: Task,
        train: Batches,
        validation: Batches,
        config: TrainConfig,
        world: World,
        callbacks: Sequence[Callback] = (),
    ) -> None:
        self.task, self.config, self.world = task, config, world
        self._train, self._validation = train, validation
        self._callbacks = tuple(callbacks)
        self._plateau = Plateau(config.schedule)
        self._optimiser = Optimiser(task.network, config.optimiser)
        self._dtype = mixed_dtype(config, world.device)
        self._scaler = torch.amp.GradScaler("cuda", enabled=self._dtype is torch.float16)
        self.epoch = 0  # complete epochs
        self.steps = 0  # batches so far
        self.total_steps = config.epochs * len(train)
        self.history: list[dict[str, Any]] = []
        self.step_losses: list[tuple[int, float]] = []  # of every log_every-th step
        self.stopped: str | None = None
        self._loss = torch.zeros(())

    @property
    def last_loss(self) -> float:
        """Loss of the last batch over all processes (waits for the device)."""
        return float(self.world.average(self._loss))

    @property
    def over(self) -> bool:
        """Whether no epoch follows."""
        return self.stopped is not None or self.epoch >= self.config.epochs

    def stop(self, why: str) -> None:
        """End after this epoch."""
        self.stopped = why

    def run(self) -> None:
        """Train to the end; the task's network then has the best weights if a callback kept them.

        A loss that is no finite number ends the training: ``stopped`` says so if an epoch was
        validated before. Raises EngineError loss_not_finite otherwise, and what callbacks raise.
        """
        network = self.task.network
        if self._channels_last:
            network.to(memory_format=torch.channels_last)
        self.world.same_start(network)
        with deterministic(self.config.precision.deterministic):
            self._call("on_start")
            while not self.over:
                try:
                    record = self._run_epoch(self.epoch)
                except _NotFiniteError as error:
                    if not self._validated:
                        raise _refusal(error.at, self.config) from error
                    self.stop(NOT_FINITE)
                    break
                self.epoch += 1
                self.history.append(record)
                self._call("on_epoch", record)
        self._call("on_end")
        network.eval()

    def state(self) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
        """All that ``load`` needs to go on after the last complete epoch."""
        state = {
            "epoch": self.epoch,
            "steps": self.steps,
            "history": self.history,
            "step_losses": self.step_losses,
            "stopped": self.stopped,
            "plateau": self._plateau.state(),
            "scaler": self._scaler.state_dict(),
            "callbacks": {one.name: one.state() for one in self._callbacks if one.name},
        }
        tensors = _named("network", self.task.network.state_dict())
        tensors |= _named("optimiser", self._optimiser.state_tensors())
        for one in self._callbacks:
            tensors |= _named(one.name, one.tensors())
        return state, tensors

    def load(self, state: Mapping[str, Any], tensors: Mapping[str, torch.Tensor]) -> None:
        """Go on from a checkpoint."""
        self.epoch, self.steps = int(state["epoch"]), int(state["steps"])
        self.history = list(state["history"])
        self.step_losses = [(int(step), float(loss)) for step, loss in state["step_losses"]]
        self.stopped = state["stopped"]
        self._plateau.load_state(state["plateau"])
        if self._scaler.is_enabled():
            self._scaler.load_state_dict(state["scaler"])
        self.task.network.load_state_dict(_under("network", tensors))
        self._optimiser.load_state_tensors(_under("optimiser", tensors))
        device = self.world.device
        for one in self._callbacks:
            if one.name:
                own = {key: value.to(device) for key, value in _under(one.name, tensors).items()}
                one.load(state["callbacks"][one.name], own)
        if self.epoch and not self.over:  # whose groups the next epoch's are compared with
            self._optimiser.begin_epoch(self._groups(self.epoch - 1), self._plateau)

    def _run_epoch(self, epoch: int) -> dict[str, Any]:
        start = time.perf_counter()
        if self._optimiser.begin_epoch(self._groups(epoch), self._plateau):
            self._plateau.begin_anew()
            self._call("on_phase")
        sums: dict[str, torch.Tensor] = {}
        every = self.config.optimiser.accumulation
        batches = len(self._train)
        for number, batch in enumerate(self._train.epoch(epoch)):
            at = Position(epoch, number)
            together = min(every, batches - number // every * every)  # batches of this step
            losses = self._backward(batch, at, together)
            if (number + 1) % every == 0 or number + 1 == batches:
                self._update()
            for name, value in losses.items():
                sums[name] = sums.get(name, torch.zeros_like(value)) + value.detach()
            self._loss = losses["loss"].detach()
            self.steps += 1
            self._watch(at, last=number + 1 == batches)
            self._call("on_step")
        record: dict[str, Any] = {
            "epoch": epoch + 1,
            "train": {name: self._mean(value, batches) for name, value in sums.items()},
            "rates": self._optimiser.rates,
        }
        if not math.isfinite(record["train"]["loss"]):
            raise _NotFiniteError(Position(epoch, batches - 1))
        if (epoch + 1) % self.config.validate_every == 0 or epoch + 1 == self.config.epochs:
            figures = self.task.validate(self._validation)
            record["validation"] = figures
            self._plateau.see(figures["loss"])
        record["seconds"] = round(time.perf_counter() - start, 3)
        return record

    def _groups(self, epoch: int) -> list[dict[str, Any]]:
        self.task.begin_epoch(epoch)
        return self.task.parameter_groups(epoch)

    def _backward(self, batch: Batch, at: Position, together: int) -> dict[str, torch.Tensor]:
        if self._channels_last:
            pixels = batch.pixels.contiguous(memory_format=torch.channels_last)
            batch = replace(batch, pixels=pixels)
        _seed_step(self.config.seed, at)
        device = self.world.device.type
        mixed = torch.autocast(device, self._dtype) if self._dtype else nullcontext()
        with mixed:
            losses = self.task.losses(batch, at)
        self._scaler.scale(losses["loss"] / together).backward()
        return losses

    def _update(self) -> None:
        optimiser = self._optimiser.torch
        parameters = self._optimiser.parameters
        self.world.average_gradients(parameters)
        self._scaler.unscale_(optimiser)
        if self.config.optimiser.gradient_clip:
            nn.utils.clip_grad_norm_(parameters, self.config.optimiser.gradient_clip)
        self._scaler.step(optimiser)
        self._scaler.update()
        optimiser.zero_grad(set_to_none=True)

    def _watch(self, at: Position, *, last: bool) -> None:
        """Note the loss now and then, and stop on one that is no number. Looking at it makes the
        host wait for a GPU, so that there it is done at noted steps only."""
        noted = self.steps % self.config.log_every == 0
        if not noted and not last and self.world.device.type != "cpu":
            return
        loss = self.last_loss
        if not math.isfinite(loss):
            raise _NotFiniteError(at)
        if noted:
            self.step_losses.append((self.steps, loss))

    def _mean(self, total: torch.Tensor, count: int) -> float:
        return float(self.world.average(total)) / count

    @property
    def _validated(self) -> bool:
        """Whether there are weights worth keeping."""
        figures = [one["validation"] for one in self.history if "validation" in one]
        return any(math.isfinite(one["loss"]) for one in figures)

    @property
    def _channels_last(self) -> bool:
        return self.config.precision.channels_last and self.world.device.type == "cuda"

    def _call(self, moment: str, *arguments: Any) -> None:
        for one in self._callbacks:
            getattr(one, moment)(self, *arguments)


class _NotFiniteError(Exception):
    """A loss that is no finite number, at a batch."""

    def __init__(self, at: Position) -> None:
        super().__init__(f"epoch {at.epoch + 1}, batch {at.batch + 1}")
        self.at = at


def mixed_dtype(config: TrainConfig, device: torch.device) -> torch.dtype | None:
    """The type of mixed precision on a device, None for float32 throughout."""
    kind = config.precision.mixed
    if device.type != "cuda" or kind == "off":
        return None
    if kind == "auto":
        kind = "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    return torch.bfloat16 if kind == "bf16" else torch.float16


@contextmanager
def deterministic(wanted: bool) -> Iterator[None]:
    """Within this, torch chooses algorithms that give the same result each time, where it has
    them."""
    if not wanted:
        yield
        return
    cudnn = torch.backends.cudnn
    before = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        cudnn.benchmark,
    )
    torch.use_deterministic_algorithms(True, warn_only=True)
    cudnn.benchmark = False
    with warnings.catch_warnings():
        # upsampling backwards on a GPU has no deterministic form; the bundle's facts say "cuda"
        warnings.filterwarnings("ignore", message=".*deterministic.*")
        try:
            yield
        finally:
            torch.use_deterministic_algorithms(before[0], warn_only=before[1])
            cudnn.benchmark = before[2]


def _seed_step(seed: int, at: Position) -> None:
    """Set torch's generators for one batch, the same on all processes."""
    words = np.random.SeedSequence((seed, at.epoch, at.batch, _STEP)).generate_state(1, np.uint64)
    torch.manual_seed(int(words[0] >> np.uint64(1)))


def _refusal(at: Position, config: TrainConfig) -> EngineError:
    return EngineError(
        NOT_FINITE,
        f"The training loss was no finite number at epoch {at.epoch + 1}, batch {at.batch + 1}, "
        f"before any epoch was validated; lower the learning rate ({config.optimiser.rate:g}).",
        epoch=at.epoch + 1,
        batch=at.batch + 1,
        rate=config.optimiser.rate,
    )


def _named(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {f"{prefix}/{name}": value for name, value in tensors.items()}


def _under(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    start = f"{prefix}/"
    return {
        name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)
    }
