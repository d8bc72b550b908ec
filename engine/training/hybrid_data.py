"""What a hybrid is trained on, ready on the device. Must not know losses or bundles.

The memory's word on every picture is computed once: good parts are judged by memories without
them (out of fold), because a memory that holds a picture finds nothing strange in it. When a
picture is moved by augmentation its distances move along like a mask; they are not computed anew,
since a turned part would look strange to a memory of parts that are never turned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from engine.data.images import Placement, fit_for_model, fit_mask
from engine.data.layout import ANOMALY, GOOD, READ_AHEAD, Problem, Sample, read_pictures
from engine.data.masks import read_mask
from engine.errors import EngineError
from engine.models.hybrid import Hybrid
from engine.models.patch_memory import PatchMemory
from engine.training.device_augmentation import DeviceAugmentation, relight, warp
from engine.training.memory import assign_folds, build_bank

UNKNOWN = -1
BATCH = 32
Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """n pictures at the model's size: ``pixels`` uint8 [n, S, S, 3], ``masks`` bool [n, S, S],
    ``mask_known`` bool [n], ``labels`` int64 [n] (index into class_outputs, -1 a defect of unknown
    class), ``places`` where each picture lies in its square, ``source`` int64 [n] the good picture
    that a synthetic one was made of (-1: it is real)."""

    samples: list[Sample]
    pixels: NDArray[np.uint8]
    masks: NDArray[np.bool_]
    mask_known: NDArray[np.bool_]
    labels: NDArray[np.int64]
    places: list[Placement]
    source: NDArray[np.int64]

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which of them are good, bool [n]."""
        is_good: NDArray[np.bool_] = self.labels == 0
        return is_good

    @property
    def synthetic(self) -> NDArray[np.bool_]:
        """Which of them were made, bool [n]."""
        made: NDArray[np.bool_] = self.source >= 0
        return made

    def __len__(self) -> int:
        return len(self.samples)


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """The memory's word on n pictures: raw distances by the map's levels (``distance``) and by the
    score's (``coarse``) float32 [n, P], and raw scores float32 [n]."""

    distance: torch.Tensor
    coarse: torch.Tensor
    score: torch.Tensor


@dataclass(slots=True, eq=False)
class HybridBatch:
    """``x`` float32 [N, 3, S, S] in [0, 1], ``distance`` [N, 1, g, g], ``score`` [N], ``mask``
    float32 [N, 1, S, S], ``mask_known`` bool [N], ``label`` int64 [N]."""

    x: torch.Tensor
    distance: torch.Tensor
    score: torch.Tensor
    mask: torch.Tensor
    mask_known: torch.Tensor
    label: torch.Tensor


def read_parts(
    samples: Sequence[Sample],
    class_outputs: tuple[str, ...],
    size: int,
    fit: str,
    problems: list[Problem],
    tick: Callable[[int, int], None],
) -> Parts:
    """Decode the labelled samples; exact duplicates count once, unreadable ones are listed."""
    wanted = [sample for sample in samples if sample.is_good or sample.is_defect]
    kept: list[Sample] = []
    pixels, masks, known, labels, places = [], [], [], [], []
    seen: set[str] = set()
    for done, (sample, rgb) in enumerate(read_pictures(wanted, problems, READ_AHEAD)):
        tick(done + 1, len(wanted))
        if sample.sha256 in seen:
            continue
        seen.add(sample.sha256)
        picture, place = fit_for_model(rgb, size, fit)
        mask = _mask(sample, rgb.shape[:2], size, fit, problems)
        kept.append(sample)
        pixels.append(picture)
        places.append(place)
        masks.append(np.zeros((size, size), bool) if mask is None else mask)
        known.append(sample.is_good or mask is not None)
        labels.append(_label(sample, class_outputs))
    if not kept:
        empty = np.zeros((0, size, size), bool)
        nothing = np.zeros(0, np.int64)
        pixels_of_none = np.zeros((0, size, size, 3), np.uint8)
        return Parts([], pixels_of_none, empty, np.zeros(0, bool), nothing, [], nothing)
    real = np.full(len(kept), UNKNOWN, np.int64)
    return Parts(
        kept, np.stack(pixels), np.stack(masks), np.array(known), np.array(labels), places, real
    )


def joined(first: Parts, second: Parts) -> Parts:
    """Both, one behind the other."""
    return Parts(
        first.samples + second.samples,
        np.concatenate([first.pixels, second.pixels]),
        np.concatenate([first.masks, second.masks]),
        np.concatenate([first.mask_known, second.mask_known]),
        np.concatenate([first.labels, second.labels]),
        first.places + second.places,
        np.concatenate([first.source, second.source]),
    )


def _label(sample: Sample, class_outputs: tuple[str, ...]) -> int:
    if sample.label in (None, ANOMALY) or sample.label not in class_outputs:
        return UNKNOWN
    return 0 if sample.label == GOOD else class_outputs.index(str(sample.label))


def _mask(
    sample: Sample, shape: tuple[int, ...], size: int, fit: str, problems: list[Problem]
) -> NDArray[np.bool_] | None:
    """The defect's mask at the model's size; None where it is not known or marks nothing."""
    if sample.mask_path is None or sample.is_good:
        return None
    try:
        mask = read_mask(sample.mask_path)
    except EngineError as error:
        problems.append(Problem("mask_unreadable", sample.mask_path, f"{error} It is not used."))
        return None
    if mask.shape != tuple(shape) or not mask.any():
        return None
    placed = fit_mask(mask, size, fit)
    return placed if placed.any() else None  # it may lie outside the area that is looked at


@torch.inference_mode()
def patches_of(model: Hybrid, pixels: NDArray[np.uint8], device: torch.device) -> torch.Tensor:
    """Patch features float32 [n, P, D] of pictures uint8 [n, S, S, 3]."""
    found = []
    for start in range(0, len(pixels), BATCH):
        batch = torch.from_numpy(pixels[start : start + BATCH]).to(device)
        stages = model.stages(model.normalised(batch), max(model.memory.settings.blocks) + 1)
        found.append(model.memory.join(model.memory.averaged(stages)))
    return torch.cat(found)


@torch.inference_mode()
def recall(memory: PatchMemory, patches: torch.Tensor, bank: torch.Tensor) -> Remembered:
    """What a memory bank says of patch features [n, P, D]."""
    distances, coarse, scores = [], [], []
    for part in torch.split(patches, 4 if patches.is_cuda else 1):
        squared, fine = memory.search(part, bank)
        distances.append(fine.sqrt())
        coarse.append(squared.sqrt())
        scores.append(memory.image_score(part, coarse[-1], bank))
    return Remembered(torch.cat(distances), torch.cat(coarse), torch.cat(scores))


@torch.inference_mode()
def remember(
    memory: PatchMemory, parts: Parts, patches: torch.Tensor, share: float, seed: int, tick: Tick
) -> tuple[torch.Tensor, Remembered]:
    """The memory bank [M, D] of the good parts, and its word on all: on good parts, and on what
    was made of them, out of fold."""
    device = patches.device
    good = torch.from_numpy(parts.good).to(device)
    groups = [s.part_id or s.sha256 for s, g in zip(parts.samples, parts.good, strict=True) if g]
    fold = torch.full((len(parts),), UNKNOWN, device=device)
    fold[good] = torch.from_numpy(assign_folds(groups, seed)).to(device)
    made = torch.from_numpy(parts.synthetic).to(device)
    fold[made] = fold[torch.from_numpy(parts.source).to(device)[made]]
    count = int(fold.max()) + 1
    bank = build_bank(patches[good], share, seed, lambda a, b: tick("memory", a, b))
    length = patches.shape[1]
    distance = torch.zeros(len(parts), length, device=device)
    coarse = torch.zeros_like(distance)
    score = torch.zeros(len(parts), device=device)

    def judge(rows: torch.Tensor, by: torch.Tensor) -> None:
        if bool(rows.any()):
            said = recall(memory, patches[rows], by)
            distance[rows], coarse[rows], score[rows] = said.distance, said.coarse, said.score

    judge(fold == UNKNOWN, bank)
    for index in range(count):
        tick("folds", index, count)
        others = good & (fold != index)
        judge(fold == index, build_bank(patches[others], share, seed))
    tick("folds", count, count)
    return bank, Remembered(distance, coarse, score)


class HybridBatches:
    """Endless augmented batches: about half goods, half defects, classes by the square root of
    their number; ``synthetic`` of the defects are made ones. Every batch follows from (seed, step)
    alone."""

    def __init__(
        self,
        parts: Parts,
        distance: torch.Tensor,
        score: torch.Tensor,
        how: DeviceAugmentation,
        seed: int,
        batch: int,
        defect_share: float,
        synthetic: float = 0.0,
    ) -> None:
        device = distance.device
        self._pixels = torch.from_numpy(parts.pixels).to(device)
        self._masks = torch.from_numpy(parts.masks).to(device)
        self._known = torch.from_numpy(parts.mask_known).to(device)
        self._labels = torch.from_numpy(parts.labels).to(device)
        self._distance, self._score = distance, score
        self._how, self._seed, self._batch = how, seed, batch
        self._good = np.flatnonzero(parts.good)
        real = ~parts.good & ~parts.synthetic
        names = sorted(set(parts.labels[real].tolist()))
        self._defects = [np.flatnonzero(real & (parts.labels == name)) for name in names]
        roots = np.sqrt([len(rows) for rows in self._defects])
        self._odds = roots / roots.sum()
        self._made = np.flatnonzero(parts.synthetic)
        self._defect_count = round(batch * defect_share)
        self._made_count = round(self._defect_count * synthetic) if len(self._made) else 0

    def at(self, step: int) -> HybridBatch:
        """The batch of one step."""
        random = np.random.default_rng((self._seed, step))
        kinds = random.choice(len(self._odds), self._defect_count - self._made_count, p=self._odds)
        defects = [int(random.choice(self._defects[kind])) for kind in kinds]
        if self._made_count:
            defects += random.choice(self._made, self._made_count).tolist()
        goods = random.choice(self._good, self._batch - self._defect_count)
        rows = torch.from_numpy(np.concatenate([goods, np.array(defects, np.int64)]))
        device = self._pixels.device
        rows = rows.to(device)
        generator = torch.Generator(device).manual_seed(int(random.integers(2**62)))
        x = self._pixels[rows].permute(0, 3, 1, 2).float() / 255.0
        size, grid = x.shape[-1], self._distance.shape[-1]
        distance = F.interpolate(
            self._distance[rows], size=(size, size), mode="bilinear", align_corners=False
        )
        planes = torch.cat([x, self._masks[rows].unsqueeze(1).float(), distance], 1)
        moved = warp(planes, self._how, generator)
        return HybridBatch(
            x=relight(moved[:, :3], self._how, generator),
            distance=F.avg_pool2d(moved[:, 4:], size // grid),
            score=self._score[rows],
            mask=(moved[:, 3:4] > 0.5).float(),
            mask_known=self._known[rows],
            label=self._labels[rows],
        )
