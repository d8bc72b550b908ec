"""Which good training pictures become synthetic defects, and from what. Knows no network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.synthetic import TRANSPLANT, Donor, make_synthetic
from engine.training.augmentation import SyntheticSettings
from engine.training.pictures import UNKNOWN_CLASS, Pictures

_TRIES = 3
_COMPARED = 64  # good pictures, and their edge in pixels, that tell whether parts lie alike
_ALIKE = 0.5  # share of the variance between pixels that may differ from part to part


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A synthetic defect: ``rgb`` uint8 [H, H, 3], ``mask`` uint8 [H, H] and the class index, -1
    where it is of no known class."""

    rgb: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    label: int


class Synthesis:
    """Makes defects of good pictures, as the settings say."""

    def __init__(self, pictures: Pictures, settings: SyntheticSettings) -> None:
        self._pictures, self._settings = pictures, settings
        has_mask = (pictures.binary > 0) & pictures.mask_known
        if not settings.active:
            has_mask[:] = False
        labels = np.array([str(sample.label) for sample in pictures.samples])
        self._donors = {
            str(label): np.flatnonzero(has_mask & (labels == label))
            for label in np.unique(labels[has_mask])
        }
        self._goods = np.flatnonzero(pictures.binary == 0)
        self.kinds = tuple(kind for kind in settings.kinds if kind != TRANSPLANT or self._donors)

    @cached_property
    def same_place(self) -> bool:
        """Whether transplanted defects stay where the donor had them."""
        if self._settings.placement != "auto":
            return self._settings.placement == "same"
        return parts_lie_alike(self._pictures.pixels[self._goods[:: self._step]])

    @property
    def _step(self) -> int:
        return max(1, len(self._goods) // _COMPARED)

    def replace(self, index: int, rng: np.random.Generator) -> Made | None:
        """A defect made of this picture, or None where it stays as it is."""
        settings, pictures = self._settings, self._pictures
        if not settings.active or not self.kinds or pictures.binary[index] != 0:
            return None
        if rng.random() >= settings.share:
            return None
        for _ in range(_TRIES):
            made = self.make(index, str(rng.choice(self.kinds)), rng)
            if made is not None:
                return made
        return None

    def make(self, index: int, kind: str, rng: np.random.Generator) -> Made | None:
        """A defect of one kind on a good picture; None where nothing visible came of it."""
        pictures, good = self._pictures, self._pictures.pixels[index]
        if kind != TRANSPLANT:
            other = pictures.pixels[int(rng.choice(self._goods))]
            made = make_synthetic(good, rng, kind, other=other)
            return Made(made.rgb, made.mask, UNKNOWN_CLASS) if made is not None else None
        if not self._donors:
            return None
        donors = self._donors[str(rng.choice(list(self._donors)))]  # each class as often
        donor = int(rng.choice(donors))
        made = make_synthetic(
            good,
            rng,
            kind,
            [Donor(pictures.pixels[donor], pictures.masks[donor])],
            same_place=self.same_place,
        )
        return Made(made.rgb, made.mask, int(pictures.label[donor])) if made is not None else None


def parts_lie_alike(pixels: NDArray[np.uint8]) -> bool:
    """Whether good pictures uint8 [N, H, H, 3] agree pixel by pixel, as with parts in a fixture:
    the variance from part to part is less than half of the variance within the pictures."""
    if len(pixels) < 2:
        return False
    size = (_COMPARED // 2, _COMPARED // 2)
    small = np.stack([cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) for rgb in pixels])
    small = small.astype(np.float32)
    small -= small.mean((1, 2), keepdims=True)
    total = float(small.var())
    return total > 0.0 and float(small.var(axis=0).mean()) < _ALIKE * total
