"""Where a heatmap crosses a level, as line segments. Pure arithmetic: knows no picture, no Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

REGION_LEVEL = 127
"""Above this value of a heatmap's plane an area counts as anomalous; the engine scales it so."""

_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
_SIDES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_LEFT, _BOTTOM),),
    2: ((_BOTTOM, _RIGHT),),
    3: ((_LEFT, _RIGHT),),
    4: ((_TOP, _RIGHT),),
    5: ((_TOP, _RIGHT), (_LEFT, _BOTTOM)),
    6: ((_TOP, _BOTTOM),),
    7: ((_LEFT, _TOP),),
    8: ((_LEFT, _TOP),),
    9: ((_TOP, _BOTTOM),),
    10: ((_LEFT, _TOP), (_BOTTOM, _RIGHT)),
    11: ((_TOP, _RIGHT),),
    12: ((_LEFT, _RIGHT),),
    13: ((_BOTTOM, _RIGHT),),
    14: ((_LEFT, _BOTTOM),),
}
"""Sides of a square that the line crosses, by which corners lie above the level: 8 top left,
4 top right, 2 bottom right, 1 bottom left (marching squares; Lorensen and Cline 1987)."""


def outline(plane: NDArray[np.uint8], level: int = REGION_LEVEL) -> NDArray[np.float64]:
    """Outlines of the areas of uint8 [h, w] above ``level``, as segments float64 [n, 4].

    A row is x1, y1, x2, y2 in fractions of the picture. Areas that reach the picture's edge are
    closed along it.
    """
    values = np.pad(plane, 1)  # outside the picture nothing is anomalous
    threshold = level + 0.5
    above = (values > level).view(np.uint8)
    case = 8 * above[:-1, :-1] + 4 * above[:-1, 1:] + 2 * above[1:, 1:] + above[1:, :-1]
    all_rows, all_columns = np.nonzero((case > 0) & (case < 15))  # few: the rest is never visited
    crossed = case[all_rows, all_columns]
    found: list[NDArray[np.float64]] = []
    for number, lines in _SIDES.items():
        chosen = crossed == number
        rows, columns = all_rows[chosen], all_columns[chosen]
        for first, second in lines:
            ends = [_crossing(values, threshold, rows, columns, side) for side in (first, second)]
            found.append(np.concatenate(ends, axis=1))
    segments = np.concatenate(found)
    height, width = plane.shape
    scaled = (segments - 0.5) / np.array([width, height, width, height])
    return np.asarray(np.clip(scaled, 0.0, 1.0))


def _crossing(
    values: NDArray[np.uint8],
    threshold: float,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    side: int,
) -> NDArray[np.float64]:
    """Where the line crosses one side of these squares; [n, 2] as x, y of the padded plane."""
    down = 1 if side == _BOTTOM else 0
    right = 1 if side == _RIGHT else 0
    along_x = side in (_TOP, _BOTTOM)
    start = values[rows + down, columns + right].astype(np.float64)
    end = values[rows + (down if along_x else 1), columns + (1 if along_x else right)]
    share = (threshold - start) / (end - start)
    x = columns + (share if along_x else right)
    y = rows + (down if along_x else share)
    return np.stack([x, y], axis=1).astype(np.float64)
