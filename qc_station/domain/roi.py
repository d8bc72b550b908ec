"""The part of the picture that is inspected. Pure data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qc_station.domain.recipe_fields import RecipeError

SMALLEST = 0.05  # of the picture's width or height


@dataclass(frozen=True, slots=True)
class Roi:
    """A rectangle in fractions of the picture, from its upper left corner. Raises RecipeError."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        for at, long in ((self.x, self.width), (self.y, self.height)):
            fits = math.isfinite(at + long) and at >= 0.0 and at + long <= 1.000001
            if not (fits and long >= SMALLEST):
                raise RecipeError(
                    "roi_unusable",
                    "The area must lie in the picture and take at least 5 % of each side.",
                )

    @property
    def text(self) -> str:
        """As the engine's command line takes it: "x,y,width,height"."""
        return f"{self.x:.6g},{self.y:.6g},{self.width:.6g},{self.height:.6g}"

    def moved(self, dx: float, dy: float) -> Roi:
        """As far in this direction as the picture goes."""
        x = min(max(0.0, self.x + dx), 1.0 - self.width)
        y = min(max(0.0, self.y + dy), 1.0 - self.height)
        return Roi(max(0.0, x), max(0.0, y), self.width, self.height)

    def grown(self, dx: float, dy: float) -> Roi:
        """Wider and higher (or less so), the upper left corner stays."""
        width = min(max(SMALLEST, self.width + dx), 1.0 - self.x)
        height = min(max(SMALLEST, self.height + dy), 1.0 - self.y)
        return Roi(self.x, self.y, width, height)


def between(x: float, y: float, other_x: float, other_y: float) -> Roi | None:
    """The rectangle between two points, cut to the picture; None where it is too small."""
    left, right = sorted((min(max(x, 0.0), 1.0), min(max(other_x, 0.0), 1.0)))
    top, bottom = sorted((min(max(y, 0.0), 1.0), min(max(other_y, 0.0), 1.0)))
    if right - left < SMALLEST or bottom - top < SMALLEST:
        return None
    return Roi(left, top, right - left, bottom - top)


def read_roi(value: Any) -> Roi:
    """A rectangle as ``roi_value`` wrote it. Raises ValueError, TypeError."""
    if any(isinstance(item, bool) for item in value):
        raise TypeError("a side must be a number")
    x, y, width, height = (float(item) for item in value)
    return Roi(x, y, width, height)


def roi_value(roi: Roi | None) -> list[float] | None:
    """A rectangle as JSON values."""
    return None if roi is None else [roi.x, roi.y, roi.width, roi.height]
