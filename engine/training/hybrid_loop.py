"""The loop that trains a hybrid's heads. Must not know pictures' files, fusion or bundles.

Before each step the random generators are set from (seed, step), and a checkpoint holds weights,
averages, moments and history: a training that was killed goes on with the same result.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from engine.errors import EngineError
from engine.models.hybrid import Hybrid
from engine.training.callbacks import check_identity, read_checkpoint, write_checkpoint
from engine.training.hybrid import Average, HybridTraining, Step, Tick
from engine.training.hybrid_data import HybridBatches, Parts, Remembered
from engine.training.hybrid_synthetic import synthetic_share
from engine.training.loop import NOT_FINITE

CHECK_EVERY = 20  # steps; reading a loss waits for the device
CHECKPOINT_S = 30.0  # seconds between two checkpoints at least
_STEP = 0x4879  # keeps the heads' own draws apart from those of a batch
_log = logging.getLogger(__name__)
Weights = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a training is kept while it runs, and what tells it from others."""

    path: Path
    identity: str
    every_s: float = CHECKPOINT_S


@dataclass(slots=True)
class Run:
    """How a training went: an entry for each validation, the step whose weights were kept (0: the
    last), and "loss_not_finite" if it ended early."""

    history: list[dict[str, float]] = field(default_factory=list)
    best_step: int = 0
    stopped: str | None = None


class HeadsLoop:
    """Trains the heads in place and leaves the best averaged weights in the model.

    ``validate`` measures the model as it stands, with averaged weights; the highest "value" of the
    second half of the validations wins, or of the first where training did not get further. Raises
    EngineError loss_not_finite if the loss is no number before the first validation,
    checkpoint_other, checkpoint_damaged, and what ``tick`` raises to cancel.
    """

    def __init__(
        self,
        model: Hybrid,
        train: Parts,
        said: Remembered,
        how: HybridTraining,
        tick: Tick,
        validate: Callable[[], dict[str, float]] | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._model, self._how, self._tick = model, how, tick
        self._validate, self._kept = validate, kept
        self._on_gpu = said.score.device.type == "cuda"
        if self._on_gpu:
            model.to(memory_format=torch.channels_last)
        torch.manual_seed(how.seed)
        self._batches = HybridBatches(
            train,
            model.distance(said.distance),
            model.scaled_score(said.score),
            how.augmentation,
            how.seed,
            how.batch,
            how.defect_share,
            synthetic_share(int((~train.good & ~train.synthetic).sum()), how.synthetic_worth),
        )
        self._rates, self._optimiser = _optimiser(model, how, said.score.device)
        self._average = Average(model.heads, how.average)
        self._best: Weights = {}
        self._best_value, self._best_late = -math.inf, False
        self.run = Run()
        self._step = 0
        self._before_s = 0.0
        self._start = self._written = time.perf_counter()

    def train(self) -> Run:
        """Train to the end, or on from the checkpoint."""
        self._resume()
        how = self._how
        take_step = Step(self._model, self._optimiser, how)
        every = max(1, how.steps // how.validations)
        while self._step < how.steps:
            self._tick("train", self._step, how.steps)
            losses = self._one(take_step)
            due = self._validate is not None and (
                self._step % every == 0 or self._step == how.steps
            )
            if due or (self._step - 1) % CHECK_EVERY == 0:
                values = {name: float(value.detach()) for name, value in losses.items()}
                if not self._finite(values["loss"]):
                    break
                if due:
                    self._measure(values)
                    self._keep()
        self._tick("train", how.steps, how.steps)
        self._model.heads.load_state_dict(self._best or self._average.values)
        self._model.eval()
        return self.run

    def _one(self, take_step: Step) -> dict[str, torch.Tensor]:
        step = self._step
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            value = rate * _schedule(step, self._how)
            if self._on_gpu:
                group["lr"].fill_(value)
            else:
                group["lr"] = value
        batch = self._batches.at(step)
        torch.manual_seed((self._how.seed * 1_000_003 + step) ^ (_STEP << 40))
        losses = take_step(batch)
        self._average.update(step)
        self._step += 1
        return losses

    def _finite(self, loss: float) -> bool:
        if math.isfinite(loss):
            return True
        if not self._best:
            raise EngineError(
                "loss_not_finite",
                f"The training loss was no finite number at step {self._step}; lower the learning "
                "rate.",
                step=self._step,
            )
        self.run.stopped = NOT_FINITE
        return False

    def _measure(self, losses: dict[str, float]) -> None:
        assert self._validate is not None
        current = self._average.swap_in(self._model.heads)
        measured = self._validate()
        self._model.train()
        self._model.heads.load_state_dict(current)
        seconds = round(self._before_s + time.perf_counter() - self._start, 2)
        self.run.history.append({"step": self._step, "seconds": seconds, **losses} | measured)
        late = self._step > self._how.steps // 2
        value = measured["value"]
        if (late, value) >= (self._best_late, self._best_value):
            self._best = {name: v.clone() for name, v in self._average.values.items()}
            self._best_value, self._best_late = value, late
            self.run.best_step = self._step

    # --- checkpoints -----------------------------------------------------------------------

    def _keep(self) -> None:
        kept, now = self._kept, time.perf_counter()
        if kept is None or now - self._written < kept.every_s:
            return
        state = {
            "step": self._step,
            "history": self.run.history,
            "best_step": self.run.best_step,
            "best_value": self._best_value,
            "best_late": self._best_late,
            "seconds": self._before_s + now - self._start,
        }
        tensors = {f"heads:{name}": v for name, v in self._model.heads.state_dict().items()}
        tensors |= {f"average:{name}": v for name, v in self._average.values.items()}
        tensors |= {f"best:{name}": v for name, v in self._best.items()}
        for number, moments in enumerate(self._moments()):
            tensors |= {f"moments:{number}:{name}": v for name, v in moments.items()}
        write_checkpoint(kept.path, {"identity": kept.identity, "loop": state}, tensors)
        self._written = now

    def _resume(self) -> None:
        kept = self._kept
        if kept is None or not kept.path.is_file():
            return
        stored, tensors = read_checkpoint(kept.path)
        check_identity(kept.path, stored, kept.identity)
        state = stored["loop"]
        device = next(self._model.heads.parameters()).device
        parts: dict[str, Weights] = {"heads": {}, "average": {}, "best": {}}
        moments: dict[int, Weights] = {}
        for full, value in tensors.items():
            kind, _, name = full.partition(":")
            if kind == "moments":
                number, _, name = name.partition(":")
                moments.setdefault(int(number), {})[name] = value
            else:
                parts[kind][name] = value.to(device)
        self._model.heads.load_state_dict(parts["heads"])
        self._average.load(parts["average"])
        self._best = parts["best"]
        for place, parameter in enumerate(self._parameters()):
            if place in moments:
                self._optimiser.state[parameter] = {
                    name: value.to(device if self._on_gpu or name != "step" else "cpu")
                    for name, value in moments[place].items()
                }
        self._step, self._before_s = int(state["step"]), float(state["seconds"])
        self._best_value, self._best_late = float(state["best_value"]), bool(state["best_late"])
        self.run.history, self.run.best_step = list(state["history"]), int(state["best_step"])
        _log.info("Training goes on from step %d of %s", self._step, kept.path)

    def _parameters(self) -> list[torch.Tensor]:
        return [p for group in self._optimiser.param_groups for p in group["params"]]

    def _moments(self) -> list[dict[str, Any]]:
        return [dict(self._optimiser.state.get(p, {})) for p in self._parameters()]


def _optimiser(
    model: Hybrid, how: HybridTraining, device: torch.device
) -> tuple[list[float], torch.optim.Optimizer]:
    """The highest rates of the groups, and the optimiser."""
    on_gpu = device.type == "cuda"
    tuned = list(model.heads.tuned.parameters())
    own = {id(p) for p in tuned}
    fresh = [p for p in model.heads.parameters() if id(p) not in own]
    pairs = [(rate, part) for rate, part in ((how.rate, fresh), (how.tuned_rate, tuned)) if part]
    groups = [
        {"params": part, "lr": torch.tensor(rate, device=device) if on_gpu else rate}
        for rate, part in pairs
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=how.weight_decay, capturable=on_gpu)
    return [rate for rate, _ in pairs], optimiser


def _schedule(step: int, how: HybridTraining) -> float:
    warm = min(1.0, (step + 1) / max(1, how.warm_up))
    return warm * 0.5 * (1.0 + math.cos(math.pi * step / how.steps))
