"""Batches for training and validation. Must not know networks, losses or files.

Every random choice derives from (seed, epoch, position in the epoch) alone: training can resume
at any epoch and be spread over any number of processes without state, and a worker thread more or
less changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.images import resize_for_model
from engine.data.masks import mask_at_map_size
from engine.errors import EngineError
from engine.training.augmentation import (
    TARGETED,
    AugmentationSettings,
    Draw,
    SyntheticSettings,
    draw,
    multipliers,
    probabilities,
)
from engine.training.pictures import Pictures, places_of
from engine.training.synthesis import Synthesis
from engine.training.transforms import augment_batch, augment_one

PREFETCH = 3  # batches under preparation while one is in use
_CHUNK = 4  # pictures per task of a worker


@dataclass(frozen=True, eq=False)
class Batch:
    """Some pictures on the training device.

    ``pixels`` float32 [N, 3, S, S] in [0, 1]; ``label`` int64 [N], -1 where the class is not
    known; ``binary`` float32 [N], 1 for defects; ``mask`` float32 [N, S, S] of 0 and 1, to be used
    where ``mask_known`` bool [N]; ``index`` int64 [N], the picture's place in ``Pictures``.
    """

    pixels: torch.Tensor
    label: torch.Tensor
    binary: torch.Tensor
    mask: torch.Tensor
    mask_known: torch.Tensor
    index: torch.Tensor

    def __len__(self) -> int:
        return len(self.label)


@dataclass(slots=True, eq=False)
class _Prepared:
    """One picture of a batch before its transforms."""

    index: int
    drawn: Draw
    pixels: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    label: int
    binary: float
    mask_known: bool
    replaced: bool  # its pixels are not those in the cache


class Batches:
    """Training and validation batches of cached pictures.

    ``batch_size`` is that of all processes together; each takes its share of every batch.
    ``workers`` threads prepare pictures ahead (0: none). With ``on_device`` the pictures are also
    kept on ``device`` and transformed there, whole batches at a time. Raises EngineError
    batch_not_divisible, no_pictures.
    """

    def __init__(
        self,
        pictures: Pictures,
        *,
        input_size: int,
        batch_size: int,
        augmentation: AugmentationSettings | None = None,
        synthetic: SyntheticSettings | None = None,
        seed: int = 0,
        device: torch.device | str = "cpu",
        rank: int = 0,
        world_size: int = 1,
        workers: int = 0,
        on_device: bool = False,
    ) -> None:
        if batch_size % world_size:
            raise EngineError(
                "batch_not_divisible",
                f"A batch of {batch_size} pictures cannot be shared evenly by {world_size} "
                f"processes; choose a multiple of {world_size}.",
                batch_size=batch_size,
                processes=world_size,
            )
        if len(pictures) == 0:
            raise EngineError("no_pictures", "There is no picture to train or validate on.")
        self.pictures = pictures
        self.input_size = input_size
        self.augmentation = augmentation or AugmentationSettings()
        self.seed, self.rank, self.world_size = seed, rank, world_size
        self.device = torch.device(device)
        self.workers, self.on_device = workers, on_device
        targeted = self.augmentation.kind == TARGETED
        ratio = self.augmentation.balance_ratio if targeted else 0.0
        self.multipliers = multipliers(pictures.counts, ratio)
        self.probabilities = probabilities(pictures.counts, self.augmentation)
        self._order = np.repeat(
            np.arange(len(pictures)),
            [self.multipliers[str(sample.label)] for sample in pictures.samples],
        )
        self.batch_size = min(batch_size, -(-len(self._order) // world_size) * world_size)
        self._synthesis = Synthesis(pictures, synthetic or SyntheticSettings())
        self._grey = pictures.grey
        self._cache: tuple[torch.Tensor, torch.Tensor] | None = None

    def __len__(self) -> int:
        """Batches of one epoch."""
        return -(-len(self._order) // self.batch_size)

    @property
    def composition(self) -> dict[str, int]:
        """Pictures of each label in one epoch, repetitions counted."""
        return {name: n * self.multipliers[name] for name, n in self.pictures.counts.items()}

    def epoch(self, number: int) -> Iterator[Batch]:
        """This process's share of the training batches of one epoch, shuffled and augmented.

        All batches have one size: the last is filled up with pictures from the epoch's beginning.
        """
        order = self._order[
            np.random.default_rng((self.seed, number)).permutation(len(self._order))
        ]
        share = self.batch_size // self.world_size
        starts = range(self.rank * share, len(self) * self.batch_size, self.batch_size)

        def prepare(position: int) -> _Prepared:
            return self._prepare(int(order[position % len(order)]), number, position)

        yield from self._batches([range(start, start + share) for start in starts], prepare)

    def plain(self) -> Iterator[Batch]:
        """Every picture once, in order, only resized; the same for all processes.

        Pictures cached at ``input_size`` pass untouched, so that validation sees exactly what
        inference sees; those of another size are brought to it by averaging.
        """
        size = self.input_size
        for start in range(0, len(self.pictures), self.batch_size):
            chosen = np.arange(start, min(start + self.batch_size, len(self.pictures)))
            pixels, masks = self.pictures.pixels[chosen], self.pictures.masks[chosen]
            if self.pictures.size != size:
                pixels = np.stack([resize_for_model(rgb, size) for rgb in pixels])
                masks = np.stack([mask_at_map_size(m > 0, size, size) for m in masks])
            image = torch.from_numpy(pixels).to(self.device).permute(0, 3, 1, 2).float().div_(255)
            yield Batch(
                image.contiguous(),
                self._send(self.pictures.label[chosen]),
                self._send(self.pictures.binary[chosen]),
                self._send(masks.astype(np.float32)),
                self._send(self.pictures.mask_known[chosen]),
                self._send(chosen),
            )

    def _prepare(self, index: int, epoch: int, position: int) -> _Prepared:
        """Draw everything for one picture of an epoch."""
        rng = np.random.default_rng((self.seed, epoch, position))
        source = self.pictures
        made = self._synthesis.replace(index, rng)
        places = source.defect_places[index] if made is None else places_of(made.mask)
        probability = self.probabilities[str(source.samples[index].label)]
        drawn = draw(self.augmentation, rng, probability, places, grey=self._grey)
        if made is not None:
            return _Prepared(index, drawn, made.rgb, made.mask, made.label, 1.0, True, True)
        return _Prepared(
            index,
            drawn,
            source.pixels[index],
            source.masks[index],
            int(source.label[index]),
            float(source.binary[index]),
            bool(source.mask_known[index]),
            False,
        )

    def _batches(
        self, plan: Sequence[range], prepare: Callable[[int], _Prepared]
    ) -> Iterator[Batch]:
        """Prepare ahead on worker threads, hand out in order."""
        work = self._prepare_chunk if self.on_device else self._transform_chunk
        if self.workers == 0:
            for positions in plan:
                target = self._target(len(positions))
                yield self._finish(work(positions, 0, prepare, target), target)
            return
        pending: deque[tuple[list[Future[list[_Prepared]]], _Target]] = deque()
        remaining = iter(plan)
        pool = ThreadPoolExecutor(self.workers, "augment", initializer=_one_core_each)
        try:
            for positions in remaining:
                pending.append(self._submit(pool, work, positions, prepare))
                if len(pending) > PREFETCH:
                    yield self._collect(*pending.popleft())
            while pending:
                yield self._collect(*pending.popleft())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(
        self,
        pool: ThreadPoolExecutor,
        work: Callable[..., list[_Prepared]],
        positions: range,
        prepare: Callable[[int], _Prepared],
    ) -> tuple[list[Future[list[_Prepared]]], _Target]:
        target = self._target(len(positions))
        return [
            pool.submit(work, positions[first : first + _CHUNK], first, prepare, target)
            for first in range(0, len(positions), _CHUNK)
        ], target

    def _collect(self, tasks: list[Future[list[_Prepared]]], target: _Target) -> Batch:
        return self._finish([one for task in tasks for one in task.result()], target)

    def _target(self, count: int) -> _Target:
        """Where workers write a batch's pictures; none where the device transforms them."""
        if self.on_device:
            return None
        size, pinned = self.input_size, self.device.type == "cuda"
        return (
            torch.empty((count, size, size, 3), pin_memory=pinned).permute(0, 3, 1, 2),
            torch.empty((count, size, size), pin_memory=pinned),
        )

    def _prepare_chunk(
        self,
        positions: range,
        first: int,
        prepare: Callable[[int], _Prepared],
        target: _Target,
    ) -> list[_Prepared]:
        return [prepare(position) for position in positions]

    def _transform_chunk(
        self,
        positions: range,
        first: int,
        prepare: Callable[[int], _Prepared],
        target: _Target,
    ) -> list[_Prepared]:
        assert target is not None
        chunk = [prepare(position) for position in positions]
        for place, one in enumerate(chunk, first):
            image, mask = augment_one(one.pixels, one.mask, one.drawn, self.input_size)
            target[0][place], target[1][place] = image, mask
        return chunk

    def _finish(self, chunk: list[_Prepared], target: _Target) -> Batch:
        if target is None:
            image, mask = self._transform_on_device(chunk)
        else:
            image, mask = (part.to(self.device, non_blocking=True) for part in target)
        return Batch(
            image,
            self._send(np.array([one.label for one in chunk], np.int64)),
            self._send(np.array([one.binary for one in chunk], np.float32)),
            mask,
            self._send(np.array([one.mask_known for one in chunk], bool)),
            self._send(np.array([one.index for one in chunk], np.int64)),
        )

    def _transform_on_device(self, chunk: list[_Prepared]) -> tuple[torch.Tensor, torch.Tensor]:
        if self._cache is None:
            self._cache = (self._send(self.pictures.pixels), self._send(self.pictures.masks))
        index = self._send(np.array([one.index for one in chunk], np.int64))
        pixels, masks = (part.index_select(0, index) for part in self._cache)
        changed = [place for place, one in enumerate(chunk) if one.replaced]
        if changed:
            where = self._send(np.array(changed, np.int64))
            pixels[where] = self._send(np.stack([chunk[place].pixels for place in changed]))
            masks[where] = self._send(np.stack([chunk[place].mask for place in changed]))
        return augment_batch(pixels, masks, [one.drawn for one in chunk], self.input_size)

    def _send(self, values: NDArray[np.generic]) -> torch.Tensor:
        return torch.from_numpy(values).to(self.device, non_blocking=True)


_Target = tuple[torch.Tensor, torch.Tensor] | None


def _one_core_each() -> None:
    """A worker works on one core; the training thread keeps its own number of threads."""
    torch.set_num_threads(1)
