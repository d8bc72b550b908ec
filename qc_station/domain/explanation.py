"""Which pixels a model's answer comes from. Pure values, no engine and no widgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """What the model ``model_id`` said when it was asked why. ``plane`` is uint8 [h, w], stretched
    like the picture: 0 where nothing speaks for the answer, 255 where most does; one that stays
    below 255 has little to say. ``target`` "" means the decision, else a class."""

    number: int
    method: str
    target: str
    model_id: str
    score: float
    plane: NDArray[np.uint8]
    seconds: float

    @property
    def says_something(self) -> bool:
        """Whether any place is worth pointing at."""
        return int(self.plane.max()) == 255
