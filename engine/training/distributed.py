"""Data-parallel training in processes of torchrun. Must not know tasks, data or the command line.

Every process computes its share of each batch, and all of them together compute what one process
would: gradients are averaged, batch normalisation uses the statistics of the whole batch, and
dropout draws for the whole batch and takes its rows. The gradients are summed here rather than by
DistributedDataParallel because the set of trained parameters changes from phase to phase.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn

from engine.errors import EngineError
from engine.training.facts import find_device

_BUCKET = 16_000_000  # gradient values that travel together


@dataclass(frozen=True, slots=True)
class World:
    """This process among all that train: ``rank`` of ``size``, and its device."""

    rank: int = 0
    size: int = 1
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))

    @property
    def is_main(self) -> bool:
        """Whether this process reports and writes."""
        return self.rank == 0

    def total(self, value: torch.Tensor) -> torch.Tensor:
        """Sum over all processes, without a gradient."""
        value = value.detach()
        if self.size > 1:
            value = value.clone()
            dist.all_reduce(value)
        return value

    def mean_of(self, summed: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        """A weighted mean over the whole batch from this process's sums, such that the average of
        the processes' gradients is the gradient of that mean; 0 where nothing has weight."""
        everywhere = self.total(weight)
        return self.size * summed / everywhere.clamp(min=torch.finfo(torch.float32).tiny)

    def average(self, values: torch.Tensor) -> torch.Tensor:
        """Mean over all processes, without a gradient."""
        return self.total(values) / self.size

    def gather(self, item: Any) -> list[Any]:
        """The items of all processes, in order of rank, on every process."""
        if self.size == 1:
            return [item]
        items: list[Any] = [None] * self.size
        dist.all_gather_object(items, item)
        return items

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace every gradient by its mean over all processes."""
        if self.size == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        for bucket in _buckets(gradients):
            flat = torch.cat([gradient.reshape(-1) for gradient in bucket])
            dist.all_reduce(flat)
            flat /= self.size
            parts = flat.split([gradient.numel() for gradient in bucket])
            for gradient, part in zip(bucket, parts, strict=True):
                gradient.copy_(part.view_as(gradient))

    def same_start(self, network: nn.Module) -> None:
        """Give every process the first one's weights and buffers."""
        if self.size > 1:
            for value in network.state_dict().values():
                dist.broadcast(value, 0)


def world_size() -> int:
    """How many processes torchrun has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def world_rank() -> int:
    """This process's number among them."""
    return int(os.environ.get("RANK", "0"))


@contextmanager
def joined(device: str) -> Iterator[World]:
    """The world of this process: of torchrun's where it was started by it, else alone.

    ``device`` is that of the command line; with CUDA each process takes the GPU of its local rank.
    Raises EngineError device_unavailable.
    """
    found = find_device(device)
    size, rank = world_size(), world_rank()
    if found.type == "cuda":
        local = int(os.environ.get("LOCAL_RANK", "0"))
        if local >= torch.cuda.device_count():
            raise EngineError(
                "device_unavailable",
                f"There are {torch.cuda.device_count()} CUDA devices and {size} processes; choose "
                f"--devices {torch.cuda.device_count()} at most.",
                device=f"cuda:{local}",
            )
        found = torch.device("cuda", local)
        torch.cuda.set_device(found)
    if size == 1:
        yield World(0, 1, found)
        return
    dist.init_process_group("nccl" if found.type == "cuda" else "gloo")
    try:
        yield World(rank, size, found)
    finally:
        dist.destroy_process_group()


@contextmanager
def synchronised(network: nn.Module, world: World) -> Iterator[None]:
    """Within this, the network's batch normalisation and dropout act on the batch of all processes.

    Modules keep their identity, parameters and names: only their classes change, and change back.
    """
    changed: list[tuple[nn.Module, type[nn.Module]]] = []
    if world.size > 1:
        for module in network.modules():
            mixin = _mixin_for(module)
            if mixin is not None:
                changed.append((module, type(module)))
                own = type(module)
                module.__class__ = type(f"Synchronised{own.__name__}", (mixin, own), {})
                module.world = world  # type: ignore[assignment]  # a plain attribute
    try:
        yield
    finally:
        for module, own in changed:
            module.__class__ = own
            del module.world


def _mixin_for(module: nn.Module) -> type | None:
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
        return _WholeBatchNorm
    if isinstance(module, nn.Dropout | nn.Dropout1d | nn.Dropout2d):
        return _WholeBatchDropout
    return _WholeBatchDepth if type(module).__name__ in _WholeBatchDepth.NAMES else None


class _WholeBatchNorm:
    """Batch normalisation by the mean and variance over all processes."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        module: Any = self
        if not module.training:
            result: torch.Tensor = super().forward(x)  # type: ignore[misc]  # nn.BatchNorm's
            return result
        dims = [d for d in range(x.dim()) if d != 1]
        shape = [1, -1] + [1] * (x.dim() - 2)
        wide = x.float()
        count = x.numel() // x.shape[1] * module.world.size
        mean = _sum_everywhere(wide.sum(dims)) / count
        centred = wide - mean.view(shape)
        variance = _sum_everywhere(centred.square().sum(dims)) / count
        _remember(module, mean.detach(), variance.detach(), count)
        result = centred * torch.rsqrt(variance + module.eps).view(shape)
        if module.affine:
            result = result * module.weight.view(shape) + module.bias.view(shape)
        result = result.to(x.dtype)
        for name in ("drop", "act"):  # timm's batch normalisation includes its activation
            if hasattr(module, name):
                result = getattr(module, name)(result)
        return result


@torch.no_grad()
def _remember(module: Any, mean: torch.Tensor, variance: torch.Tensor, count: int) -> None:
    """Update the running statistics as nn.BatchNorm does."""
    if not module.track_running_stats:
        return
    module.num_batches_tracked += 1
    momentum = module.momentum
    if momentum is None:
        momentum = 1.0 / float(module.num_batches_tracked)
    module.running_mean.lerp_(mean, momentum)
    module.running_var.lerp_(variance * (count / max(1, count - 1)), momentum)


class _WholeBatchDropout:
    """Dropout that draws for the whole batch, as one process would."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        module: Any = self
        if not module.training or module.p == 0.0:
            return x
        ones = _whole(x, module.world, tuple(x.shape[1:]))
        if isinstance(module, nn.Dropout2d):
            kept = F.dropout2d(ones[..., :1, :1], module.p, True)
        elif isinstance(module, nn.Dropout1d):
            kept = F.dropout1d(ones[..., :1], module.p, True)
        else:
            kept = F.dropout(ones, module.p, True)
        return x * _own_rows(kept, x, module.world)


class _WholeBatchDepth:
    """Stochastic depth by picture (timm's DropPath, torchvision's StochasticDepth) likewise."""

    NAMES: ClassVar[frozenset[str]] = frozenset({"DropPath", "StochasticDepth"})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        module: Any = self
        drop = module.drop_prob if hasattr(module, "drop_prob") else module.p
        by_row = getattr(module, "mode", "row") == "row"
        if not module.training or not drop:
            return x
        keep = 1.0 - drop
        rest = (1,) * (x.dim() - 1)
        rows = x.shape[0] * module.world.size if by_row else 1
        kept = x.new_empty((rows, *rest)).bernoulli_(keep)
        if getattr(module, "scale_by_keep", True) and keep > 0.0:
            kept = kept.div_(keep)
        return x * (_own_rows(kept, x, module.world) if by_row else kept)


def _whole(x: torch.Tensor, world: World, rest: tuple[int, ...]) -> torch.Tensor:
    """Ones in the shape that ``x`` has in all processes together, in the same memory format."""
    ones = x.new_ones((x.shape[0] * world.size, *rest))
    if x.dim() == 4 and not x.is_contiguous():
        ones = ones.contiguous(memory_format=torch.channels_last)
    return ones


def _own_rows(kept: torch.Tensor, x: torch.Tensor, world: World) -> torch.Tensor:
    return kept[world.rank * x.shape[0] : (world.rank + 1) * x.shape[0]]


class _SumEverywhere(torch.autograd.Function):
    """A sum over all processes through which gradients flow back to all of them."""

    @staticmethod
    def forward(ctx: Any, value: torch.Tensor) -> torch.Tensor:
        value = value.clone()
        dist.all_reduce(value)
        return value

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        gradient = gradients[0].contiguous().clone()
        dist.all_reduce(gradient)
        return gradient


def _sum_everywhere(value: torch.Tensor) -> torch.Tensor:
    result: torch.Tensor = _SumEverywhere.apply(value)
    return result


def _buckets(gradients: Sequence[torch.Tensor]) -> Iterator[list[torch.Tensor]]:
    bucket: list[torch.Tensor] = []
    held = 0
    for gradient in gradients:
        bucket.append(gradient)
        held += gradient.numel()
        if held >= _BUCKET:
            yield bucket
            bucket, held = [], 0
    if bucket:
        yield bucket
