"""Labelled pictures, decoded once and kept in memory. Must not know augmentation or networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.images import STRETCH, fit_for_model, fit_mask, read_image
from engine.data.layout import ANOMALY, GOOD, Problem, Sample
from engine.data.masks import read_mask
from engine.errors import EngineError

UNKNOWN_CLASS = -1
_PLACES = 256  # pixels of a mask that stand for all of it when its place is asked for

Tick = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures of one size with what is known of them.

    ``pixels`` uint8 RGB [M, H, H, 3]; ``masks`` uint8 [M, H, H] of 0 and 1, meaningful where
    ``mask_known`` bool [M]; ``label`` int64 [M], the index into ``class_outputs`` ("good" is 0),
    -1 for defects of a class that is unknown or not among them; ``binary`` float32 [M], 1 for
    defects.
    """

    samples: tuple[Sample, ...]
    class_outputs: tuple[str, ...]
    pixels: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    label: NDArray[np.int64]
    binary: NDArray[np.float32]
    mask_known: NDArray[np.bool_]

    @classmethod
    def read(
        cls,
        samples: Sequence[Sample],
        class_outputs: Sequence[str],
        size: int,
        *,
        fit: str = STRETCH,
        workers: int = 2,
        problems: list[Problem] | None = None,
        tick: Tick | None = None,
    ) -> Pictures:
        """Decode samples at ``size`` as every model sees them; those whose label is not known at
        all are left out, unreadable ones are also listed in ``problems``."""
        wanted = [sample for sample in samples if sample.label is not None]
        pixels = np.empty((len(wanted), size, size, 3), np.uint8)
        masks = np.zeros((len(wanted), size, size), np.uint8)
        known = np.zeros(len(wanted), bool)
        found: list[Problem] = []

        def one(index: int) -> bool:
            sample = wanted[index]
            try:
                pixels[index] = fit_for_model(read_image(sample.path), size, fit)[0]
            except EngineError as error:
                found.append(Problem(error.code, sample.path, f"{error} It is skipped."))
                return False
            known[index] = _read_mask(sample, masks[index], fit, found)
            return True

        readable = []
        with ThreadPoolExecutor(max(1, workers)) as pool:
            for done, good in enumerate(pool.map(one, range(len(wanted))), 1):
                readable.append(good)
                if tick is not None:
                    tick(done, len(wanted))
        if problems is not None:
            problems += sorted(found, key=lambda problem: str(problem.path))
        outputs = tuple(class_outputs)
        everything = cls(
            tuple(wanted),
            outputs,
            pixels,
            masks,
            np.array([_class_index(sample, outputs) for sample in wanted], np.int64),
            np.array([not sample.is_good for sample in wanted], np.float32),
            known,
        )
        return everything if all(readable) else everything.select(np.flatnonzero(readable))

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def size(self) -> int:
        """Edge of the pictures in pixels."""
        return int(self.pixels.shape[1])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many pictures each label has, "anomaly" among them, sorted by name."""
        labels = [str(sample.label) for sample in self.samples]
        return {label: labels.count(label) for label in sorted(set(labels))}

    @cached_property
    def grey(self) -> bool:
        """Whether none of the pictures has any colour."""
        first = self.pixels[..., 0]
        return all(np.array_equal(first, self.pixels[..., channel]) for channel in (1, 2))

    @cached_property
    def defect_places(self) -> list[NDArray[np.float64] | None]:
        """Places (x, y) float64 [n, 2] in -1..1 that stand for each picture's defect, None where
        there is none or its mask is not known."""
        return [
            places_of(mask) if known and binary else None
            for mask, known, binary in zip(self.masks, self.mask_known, self.binary, strict=True)
        ]

    def select(self, indices: NDArray[Any] | Sequence[int]) -> Pictures:
        """Some of the pictures, in the order of the indices (copies)."""
        chosen = np.asarray(indices, np.int64)
        return Pictures(
            tuple(self.samples[int(index)] for index in chosen),
            self.class_outputs,
            self.pixels[chosen],
            self.masks[chosen],
            self.label[chosen],
            self.binary[chosen],
            self.mask_known[chosen],
        )


def places_of(mask: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """At most 256 places (x, y) float64 [n, 2] in -1..1 spread evenly over a mask uint8 [H, W]."""
    rows, columns = np.nonzero(mask)
    if len(rows) == 0:
        return None
    step = max(1, len(rows) // _PLACES)
    height, width = mask.shape
    x = (columns[::step] * 2 + 1) / width - 1
    y = (rows[::step] * 2 + 1) / height - 1
    return np.column_stack((x, y)).astype(np.float64)


def _read_mask(sample: Sample, out: NDArray[np.uint8], fit: str, found: list[Problem]) -> bool:
    """Write a sample's mask; returns whether it is known. A defect's empty mask says nothing."""
    if sample.is_good:
        return True
    if sample.mask_path is None:
        return False
    try:
        mask = fit_mask(read_mask(sample.mask_path), out.shape[0], fit)
    except EngineError as error:
        found.append(Problem(error.code, sample.mask_path, f"{error} It is taken as unknown."))
        return False
    out[:] = mask
    return bool(mask.any())


def _class_index(sample: Sample, class_outputs: tuple[str, ...]) -> int:
    if sample.label == GOOD:
        return 0
    if sample.label == ANOMALY or sample.label not in class_outputs:
        return UNKNOWN_CLASS
    return class_outputs.index(sample.label)
