"""Patch features, memory banks and out-of-fold scores. Must not know folders or bundles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.models.coreset import greedy_k_centre, random_projection
from engine.models.patch_memory import PatchMemory

PROJECTION = 32
SMALLEST_BANK = 2000
LARGEST_BANK = 6000
FEW_PICTURES = 20  # up to here every picture is a fold of its own
SOME_PICTURES = 60
BATCH = 8
SCORE_BATCH = 1  # products with the bank take 24 MB a picture; larger blocks go back to the system

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores [n], map maxima [n] and embeddings [n, D] of n pictures, all float32."""

    score: NDArray[np.float32]
    map_peak: NDArray[np.float32]
    embedding: NDArray[np.float32]


@torch.inference_mode()
def extract(
    model: PatchMemory, pictures: Sequence[NDArray[np.uint8]], device: torch.device, tick: Tick
) -> torch.Tensor:
    """Patch features float32 [n, P, D] of pictures at the model's size."""
    parts = []
    for start in range(0, len(pictures), BATCH):
        pixels = torch.from_numpy(np.stack(pictures[start : start + BATCH])).to(device)
        parts.append(model.patches(pixels))
        tick(min(start + BATCH, len(pictures)), len(pictures))
    return torch.cat(parts)


@torch.inference_mode()
def choose_bank(
    patches: torch.Tensor, share: float, seed: int, tick: Tick | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Memory bank [M, D], a coreset of a share of all patches [n, P, D] within the size limits,
    and which of the n * P patches its rows are, int64 [M]."""
    flat = patches.reshape(-1, patches.shape[-1])
    count = int(np.clip(round(share * len(flat)), SMALLEST_BANK, LARGEST_BANK))
    chosen = greedy_k_centre(random_projection(flat, PROJECTION, seed), count, seed, tick)
    return flat[chosen].contiguous(), chosen


def build_bank(
    patches: torch.Tensor, share: float, seed: int, tick: Tick | None = None
) -> torch.Tensor:
    """The memory bank alone."""
    return choose_bank(patches, share, seed, tick)[0]


@torch.inference_mode()
def score(model: PatchMemory, patches: torch.Tensor, bank: torch.Tensor) -> Scored:
    """Judge patch features [n, P, D] by a bank."""
    scores, peaks, embeddings = [], [], []
    for part in torch.split(patches, SCORE_BATCH):
        value, anomaly_map, embedding = model.compare(part, bank)
        scores.append(value.cpu().numpy())
        peaks.append(anomaly_map.flatten(1).amax(1).cpu().numpy())
        embeddings.append(embedding.cpu().numpy())
    return Scored(np.concatenate(scores), np.concatenate(peaks), np.concatenate(embeddings))


def assign_folds(groups: Sequence[str], seed: int) -> NDArray[np.int64]:
    """A fold number per picture; pictures of one group (one part) share a fold.

    Up to 20 groups leave one out, up to 60 ten folds, beyond five.
    """
    unique = sorted(set(groups))
    order = np.random.default_rng(seed).permutation(len(unique))
    if len(unique) <= FEW_PICTURES:
        folds = len(unique)
    else:
        folds = 10 if len(unique) <= SOME_PICTURES else 5
    fold_of = {unique[int(index)]: position % folds for position, index in enumerate(order)}
    return np.array([fold_of[group] for group in groups])


def out_of_fold(
    model: PatchMemory,
    patches: torch.Tensor,
    groups: Sequence[str],
    share: float,
    seed: int,
    tick: Tick,
) -> Scored:
    """Score every good picture by a bank of the other folds' pictures."""
    fold = assign_folds(groups, seed)
    count = int(fold.max()) + 1
    collected: dict[int, Scored] = {}
    if count < 2:
        raise ValueError("out-of-fold scores need two different parts at least")
    for index in range(count):
        tick(index, count)
        inside = torch.from_numpy(fold == index).to(patches.device)

        def still_alive(_done: int, _total: int, at: int = index) -> None:
            tick(at, count)

        bank = build_bank(patches[~inside], share, seed, still_alive)
        collected[index] = score(model, patches[inside], bank)
    tick(count, count)

    order = np.concatenate([np.flatnonzero(fold == index) for index in range(count)])
    back = np.argsort(order)

    def joined(name: str) -> NDArray[np.float32]:
        values = np.concatenate([getattr(collected[i], name) for i in range(count)])
        return np.asarray(values[back], np.float32)

    return Scored(joined("score"), joined("map_peak"), joined("embedding"))
