"""Gradient noise after Perlin (SIGGRAPH 1985, with the fade curve of 2002). Knows no pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def perlin(size: int, cells: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise float32 [size, size], about -0.7 to 0.7, with ``cells`` lattice cells an edge."""
    angles = rng.uniform(0.0, 2.0 * np.pi, (cells + 1, cells + 1)).astype(np.float32)
    slope_x, slope_y = np.cos(angles), np.sin(angles)
    place = (np.arange(size, dtype=np.float32) + 0.5) * (cells / size)
    cell = np.minimum(place.astype(np.intp), cells - 1)
    offset = place - cell
    weight = offset**3 * (offset * (6.0 * offset - 15.0) + 10.0)

    def corner(down: int, right: int) -> NDArray[np.float32]:
        """The slope of one lattice corner at every pixel of its cell."""
        at = np.ix_(cell + down, cell + right)
        along_x = slope_x[at] * (offset - right)[None, :]
        along_y = slope_y[at] * (offset - down)[:, None]
        return np.asarray(along_x + along_y, np.float32)

    across = weight[None, :]
    top = corner(0, 0) + across * (corner(0, 1) - corner(0, 0))
    bottom = corner(1, 0) + across * (corner(1, 1) - corner(1, 0))
    return np.asarray(top + weight[:, None] * (bottom - top), np.float32)
