"""Shapes as pixels: strokes, polygons, closed outlines, heatmap regions. numpy only.

Points are (x, y) in picture pixels, as the canvas gives them: the centre of the first pixel is
(0.5, 0.5). A pixel belongs to a shape when its centre does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels: rows ``top`` … ``bottom`` - 1, columns ``left`` … ``right`` - 1."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index a plane with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left

    def union(self, other: Box | None) -> Box:
        """The smallest rectangle around both."""
        if other is None:
            return self
        return Box(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            min(self.left, other.left),
            max(self.right, other.right),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Some pixels of a picture: ``bits`` has the shape of ``box``."""

    box: Box
    bits: Bits


def box_around(points: Sequence[Point], margin: float, shape: tuple[int, int]) -> Box | None:
    """The pixels within ``margin`` of the points' bounding box; None outside the picture."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = Box(
        max(0, int(np.floor(min(ys) - margin))),
        min(shape[0], int(np.ceil(max(ys) + margin))),
        max(0, int(np.floor(min(xs) - margin))),
        min(shape[1], int(np.ceil(max(xs) + margin))),
    )
    return box if box.bottom > box.top and box.right > box.left else None


def stroke(start: Point, end: Point, diameter: float, shape: tuple[int, int]) -> Patch | None:
    """A round brush drawn from ``start`` to ``end``; it always marks the pixel it is in."""
    radius = max(diameter / 2.0, 0.5)
    box = box_around((start, end), radius, shape)
    if box is None:
        return None
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] + 0.5
    x = np.arange(box.left, box.right, dtype=np.float32)[None, :] + 0.5
    along = np.array([end[0] - start[0], end[1] - start[1]], np.float32)
    length = float(along @ along)
    share: NDArray[np.float32] | float = 0.0
    if length > 0:
        share = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length, 0.0, 1.0)
    away = (x - start[0] - share * along[0]) ** 2 + (y - start[1] - share * along[1]) ** 2
    bits = np.asarray(away <= radius**2)
    row, column = int(np.floor(end[1])) - box.top, int(np.floor(end[0])) - box.left
    if 0 <= row < bits.shape[0] and 0 <= column < bits.shape[1]:
        bits[row, column] = True
    return Patch(box, bits)


def polygon(corners: Sequence[Point], shape: tuple[int, int]) -> Patch | None:
    """The inside of a polygon by the even-odd rule; None when it holds no pixel's centre."""
    box = box_around(corners, 0.0, shape) if len(corners) >= 3 else None
    if box is None:
        return None
    rows, columns = box.shape
    crossings = np.zeros((rows, columns + 1), np.uint8)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y0 == y1:
            continue
        low, high = min(y0, y1), max(y0, y1)
        first = max(box.top, int(np.ceil(low - 0.5)))
        last = min(box.bottom, int(np.ceil(high - 0.5)))
        row = np.arange(first, last)
        x = x0 + (row + 0.5 - y0) * (x1 - x0) / (y1 - y0)
        column = np.clip(np.ceil(x - 0.5).astype(np.int64) - box.left, 0, columns)
        crossings[row - box.top, column] ^= 1
    bits = np.bitwise_xor.accumulate(crossings, axis=1)[:, :columns].astype(bool)
    return Patch(box, bits) if bits.any() else None


def connected(mask: Bits, row: int, column: int) -> Patch | None:
    """The 4-connected set pixels around one; None where that pixel is not set.

    Works on the runs of each row, so that a picture of 5 megapixels takes milliseconds.
    """
    if not mask[row, column]:
        return None
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    of_row, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    begins = np.searchsorted(of_row, np.arange(mask.shape[0] + 1))
    seed = int(begins[row] + np.searchsorted(ends[begins[row] : begins[row + 1]], column, "right"))
    found = _reach(seed, of_row, starts, ends, begins)
    box = Box(
        int(of_row[found].min()),
        int(of_row[found].max()) + 1,
        int(starts[found].min()),
        int(ends[found].max()),
    )
    bits = np.zeros(box.shape, bool)
    for run in found:
        bits[of_row[run] - box.top, starts[run] - box.left : ends[run] - box.left] = True
    return Patch(box, bits)


def _reach(
    seed: int,
    of_row: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    begins: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Indices of the runs that touch each other, from ``seed`` on."""
    seen = np.zeros(len(starts), bool)
    seen[seed] = True
    waiting = [seed]
    while waiting:
        run = waiting.pop()
        for row in (of_row[run] - 1, of_row[run] + 1):
            if not 0 <= row < len(begins) - 1:
                continue
            first, last = begins[row], begins[row + 1]
            low = first + np.searchsorted(ends[first:last], starts[run], "right")
            high = first + np.searchsorted(starts[first:last], ends[run], "left")
            fresh = np.arange(low, high)[~seen[low:high]]
            seen[fresh] = True
            waiting.extend(fresh.tolist())
    return np.nonzero(seen)[0]


def hole_around(mask: Bits, row: int, column: int) -> Patch | None:
    """The bare pixels around one that ``mask`` encloses; None where they reach the border."""
    found = connected(~mask, row, column)
    if found is None:
        return None
    box, (height, width) = found.box, mask.shape
    open_ = (
        (box.top == 0 and found.bits[0].any())
        or (box.bottom == height and found.bits[-1].any())
        or (box.left == 0 and found.bits[:, 0].any())
        or (box.right == width and found.bits[:, -1].any())
    )
    return None if open_ else found


def everything(mask: Bits) -> Patch | None:
    """All set pixels as one patch; None where there are none."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    box = Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    return Patch(box, mask[box.slices])


def stretched(plane: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """A heatmap uint8 [h, w] at the picture's size, linear between its pixels' centres."""
    rows = _weights(plane.shape[0], shape[0])
    columns = _weights(plane.shape[1], shape[1])
    smooth = rows @ plane.astype(np.float32) @ columns.T
    return np.asarray(np.clip(np.rint(smooth), 0, 255), dtype=np.uint8)


def _weights(given: int, wanted: int) -> NDArray[np.float32]:
    """float32 [wanted, given]: what each value of a line adds to the stretched line."""
    at = np.clip((np.arange(wanted) + 0.5) * given / wanted - 0.5, 0.0, given - 1.0)
    low = np.floor(at).astype(np.int64)
    high = np.minimum(low + 1, given - 1)
    weights = np.zeros((wanted, given), np.float32)
    line = np.arange(wanted)
    weights[line, low] += (1.0 - (at - low)).astype(np.float32)
    weights[line, high] += (at - low).astype(np.float32)
    return weights
