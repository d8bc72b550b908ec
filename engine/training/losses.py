"""Losses, class weights and MixUp. Must not know networks, data or the loop.

A loss is a weighted mean over the batch of all processes: every function here gives this process's
sums and ``World.mean_of`` makes the mean, so that pictures whose class is not known weigh nothing,
however they are spread over the processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

_MIXUP = 0x4D49  # keeps the draws of MixUp apart from all other draws of an epoch


@dataclass(frozen=True, slots=True)
class Position:
    """Where training is: the epoch and the number of the batch within it, both from 0. With the
    seed it determines every random choice."""

    epoch: int
    batch: int


@dataclass(frozen=True, slots=True, eq=False)
class Mixed:
    """Pictures float32 [N, 3, S, S] that are ``share`` of themselves and the rest of the picture
    at ``partner`` int64 [N]."""

    pixels: torch.Tensor
    partner: torch.Tensor
    share: float


def class_weights(counts: Mapping[str, int], class_outputs: Sequence[str]) -> torch.Tensor:
    """N / (K n_c), normalised to sum 1, float32 [K]; a class without pictures weighs nothing."""
    numbers = np.array([counts.get(name, 0) for name in class_outputs], np.float64)
    present = numbers > 0
    weights = np.zeros(len(numbers))
    weights[present] = numbers.sum() / (len(numbers) * numbers[present])
    if present.any():
        weights /= weights.sum()
    return torch.from_numpy(weights.astype(np.float32))


def mix_up(pixels: torch.Tensor, alpha: float, seed: int, at: Position) -> Mixed:
    """MixUp (Zhang et al., ICLR 2018) of each picture with its neighbour.

    Batches are shuffled, so that a neighbour is as good a partner as any; and neighbours are in
    the same process, however many there are.
    """
    count = len(pixels)
    partner = torch.arange(count) ^ 1
    if count % 2:
        partner[-1] = count - 1
    partner = partner.to(pixels.device)
    if alpha <= 0.0:
        return Mixed(pixels, partner, 1.0)
    share = float(np.random.default_rng((seed, at.epoch, at.batch, _MIXUP)).beta(alpha, alpha))
    return Mixed(torch.lerp(pixels[partner], pixels, share), partner, share)


def binary_sums(
    logits: torch.Tensor, binary: torch.Tensor, mixed: Mixed | None, smoothing: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Sum of binary cross-entropies of logits [N] and its weight, the number of pictures."""
    target = binary
    if mixed is not None:
        target = torch.lerp(binary[mixed.partner], binary, mixed.share)
    target = target * (1.0 - smoothing) + 0.5 * smoothing
    loss = F.binary_cross_entropy_with_logits(logits.float(), target, reduction="sum")
    return loss, torch.tensor(float(len(binary)), device=logits.device)


def class_sums(
    logits: torch.Tensor,
    label: torch.Tensor,
    weights: torch.Tensor,
    mixed: Mixed | None,
    smoothing: float = 0.0,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weighted sum of cross-entropies of logits [N, K] and the sum of the weights, as
    torch's cross_entropy with ``weight`` divides one by the other; unknown classes (-1) are out."""
    loss, weight = _cross_entropy(logits.float(), label, weights, smoothing)
    if mixed is not None:
        other = _cross_entropy(logits.float(), label[mixed.partner], weights, smoothing)
        loss = mixed.share * loss + (1.0 - mixed.share) * other[0]
        weight = mixed.share * weight + (1.0 - mixed.share) * other[1]
    return loss.sum(), weight.sum()


def _cross_entropy(
    logits: torch.Tensor, label: torch.Tensor, weights: torch.Tensor, smoothing: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss and weight of each picture."""
    loss = F.cross_entropy(
        logits, label, weights, ignore_index=-1, reduction="none", label_smoothing=smoothing
    )
    return loss, torch.where(label >= 0, weights[label.clamp(min=0)], 0.0)
