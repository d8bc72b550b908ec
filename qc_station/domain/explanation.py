"""Which pixels a model's answer comes from, and what good parts look like there. Pure values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OCCLUSION = "occlusion"  # the one method that every model has
NEAREST = "nearest"  # for models with a memory of good patches


@dataclass(frozen=True, slots=True, eq=False)
class GoodPatch:
    """A patch of a good part that the model remembers: its raw ``distance`` from the part's, the
    ``name`` of its training picture ("" where it is not known), and the patch enlarged, uint8 RGB
    [h, w, 3], where a copy is kept."""

    distance: float
    name: str
    pixels: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What the model ``model_id`` said when it was asked why. ``plane`` is uint8 [h, w], stretched
    like the picture: 0 where nothing speaks for the answer, 255 where most does; one that stays
    below 255 has little to say. ``target`` "" means the decision, else a class. Of the method
    nearest, ``patch`` is the part's most anomalous patch, enlarged, uint8 RGB [h, w, 3], and
    ``nearest`` the good ones, the nearest first."""

    number: int
    method: str
    target: str
    model_id: str
    score: float
    plane: NDArray[np.uint8]
    seconds: float
    patch: NDArray[np.uint8] | None = None
    nearest: tuple[GoodPatch, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether any place is worth pointing at."""
        return int(self.plane.max()) == 255
