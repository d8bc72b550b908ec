"""The optimiser and its rates over the epochs. Must not know tasks, data or the loop."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn, optim

from engine.training.config import OptimiserSettings, ScheduleSettings


class Plateau:
    """Factor on all rates that falls when the loss stands still, as torch's ReduceLROnPlateau
    (mode min, relative threshold) has it; ``state`` is all there is to resume."""

    def __init__(self, settings: ScheduleSettings) -> None:
        self._settings = settings
        self.scale = 1.0
        self._best = math.inf
        self._waited = 0

    def see(self, loss: float) -> None:
        """Take in an epoch's validation loss."""
        if loss < self._best * (1.0 - self._settings.threshold):
            self._best, self._waited = loss, 0
            return
        self._waited += 1
        if self._waited > self._settings.patience:
            self.scale *= self._settings.factor
            self._waited = 0

    def begin_anew(self) -> None:
        """Forget the losses seen, not the factor: another part of the network is trained now."""
        self._best, self._waited = math.inf, 0

    def rate(self, base: float) -> float:
        """The rate of a group whose own is ``base``: no lower than the minimum, or than its own."""
        return max(base * self.scale, min(base, self._settings.minimum))

    def state(self) -> dict[str, Any]:
        """What ``load_state`` takes, as JSON."""
        return {"scale": self.scale, "best": self._best, "waited": self._waited}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.scale, self._best = float(state["scale"]), float(state["best"])
        self._waited = int(state["waited"])


class Optimiser:
    """Adam over parameter groups that change from epoch to epoch.

    A group is a dict of "params", "lr" (its own rate) and "name". A parameter keeps its moments
    when it changes groups, also over epochs in which it is frozen.
    """

    def __init__(self, network: nn.Module, settings: OptimiserSettings) -> None:
        self._settings = settings
        self._names = {id(p): name for name, p in network.named_parameters()}
        self._known = dict(network.named_parameters())
        self._moments: dict[str, dict[str, Tensor]] = {}
        self._torch: optim.Optimizer | None = None
        self._shape: list[tuple[str, ...]] = []

    def begin_epoch(self, groups: Sequence[Mapping[str, Any]], plateau: Plateau) -> bool:
        """Set groups and rates; returns whether other parameters are trained than before."""
        filled = [
            {**group, "params": list(group["params"])} for group in groups if list(group["params"])
        ]
        shape = [tuple(self._names[id(p)] for p in group["params"]) for group in filled]
        before = {name for names in self._shape for name in names}
        changed = bool(self._shape) and before != {name for names in shape for name in names}
        if shape != self._shape:
            self._keep_moments()
            self._torch, self._shape = self._made(filled), shape
        assert self._torch is not None
        for group, given in zip(self._torch.param_groups, filled, strict=True):
            group["name"] = str(given.get("name", "all"))
            group["lr"] = plateau.rate(float(given["lr"]))
        return changed

    @property
    def parameters(self) -> list[nn.Parameter]:
        """All that are trained in this epoch."""
        return [p for group in self.torch.param_groups for p in group["params"]]

    @property
    def rates(self) -> dict[str, float]:
        """Present rate of each group by name."""
        return {group["name"]: group["lr"] for group in self.torch.param_groups}

    @property
    def torch(self) -> optim.Optimizer:
        """The optimiser of this epoch."""
        if self._torch is None:
            raise RuntimeError("an epoch has to begin first")
        return self._torch

    def state_tensors(self) -> dict[str, Tensor]:
        """Moments by "<parameter>:<moment>"."""
        self._keep_moments()
        return {
            f"{name}:{key}": value
            for name, moments in self._moments.items()
            for key, value in moments.items()
        }

    def load_state_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from a checkpoint; to be followed by ``begin_epoch``."""
        self._moments, self._torch, self._shape = {}, None, []
        for full, value in tensors.items():
            name, _, key = full.rpartition(":")
            device = self._known[name].device if key != "step" else "cpu"
            self._moments.setdefault(name, {})[key] = value.to(device)

    def _keep_moments(self) -> None:
        if self._torch is not None:
            for parameter, moments in self._torch.state.items():
                self._moments[self._names[id(parameter)]] = dict(moments)

    def _made(self, groups: list[dict[str, Any]]) -> optim.Optimizer:
        kinds = {"adam": optim.Adam, "adamw": optim.AdamW}
        made: optim.Optimizer = kinds[self._settings.kind](
            groups, weight_decay=self._settings.weight_decay
        )
        for group in made.param_groups:
            for parameter in group["params"]:
                moments = self._moments.get(self._names[id(parameter)])
                if moments:
                    made.state[parameter] = dict(moments)
        return made
