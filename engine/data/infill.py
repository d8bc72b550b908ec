"""Filling a place of a picture with what belongs there. Must not know models or why it is hidden.

What lies in a square is replaced by the part of the same picture, as it is or mirrored, whose
surroundings are most like the square's (the idea of Criminisi, Pérez and Toyama, "Region Filling
and Object Removal by Exemplar-Based Image Inpainting", IEEE TIP 2004, with one exemplar for the
whole square). Texture and noise stay those of the picture, which matters to a model that takes a
smooth place for a defect; manufactured parts are often symmetric, which is why mirrors help.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SEARCH_SIZE = 64  # longer side in pixels at which surroundings are compared
RING = 0.25  # width of the surroundings, as a share of the square's side
_NOWHERE = np.float32(np.finfo(np.float32).max)

Place = tuple[slice, slice]


class Infill:
    """Fills squares of one picture, uint8 RGB [H, W, 3]."""

    def __init__(self, picture: NDArray[np.uint8]) -> None:
        self._sources = [picture, picture[:, ::-1], picture[::-1], picture[::-1, ::-1]]
        height, width = picture.shape[:2]
        self._scale = min(1.0, SEARCH_SIZE / max(height, width))
        shape = (max(1, round(width * self._scale)), max(1, round(height * self._scale)))
        self._small = [
            np.asarray(cv2.resize(source, shape, interpolation=cv2.INTER_AREA), np.uint8)
            for source in self._sources
        ]

    def without(self, place: Place) -> NDArray[np.uint8]:
        """A copy of the picture whose square is filled; its rim is blended over."""
        rows, columns = place
        picture = self._sources[0]
        copy = picture.copy()
        found = self._find(place)
        if found is None:  # the square is nearly the whole picture
            copy[place] = picture.reshape(-1, 3).mean(0).astype(np.uint8)
            return copy
        source, top, left = found
        height, width = rows.stop - rows.start, columns.stop - columns.start
        ring = max(1, round(RING * min(height, width)))
        above, before = min(ring, rows.start, top), min(ring, columns.start, left)
        bottom, right = top + height, left + width
        below = min(ring, picture.shape[0] - max(rows.stop, bottom))
        after = min(ring, picture.shape[1] - max(columns.stop, right))
        target = (
            slice(rows.start - above, rows.stop + below),
            slice(columns.start - before, columns.stop + after),
        )
        origin = (slice(top - above, bottom + below), slice(left - before, right + after))
        share = np.zeros((height + above + below, width + before + after), np.float32)
        share[above : above + height, before : before + width] = 1.0
        share = cv2.blur(share, (ring, ring), borderType=cv2.BORDER_REPLICATE)[..., np.newaxis]
        share[above : above + height, before : before + width] = 1.0
        mixed = share * self._sources[source][origin] + (1.0 - share) * picture[target]
        copy[target] = np.rint(mixed).astype(np.uint8)
        return copy

    def _find(self, place: Place) -> tuple[int, int, int] | None:
        """Which source and where in it (top, left, in pixels of the picture) the best filling
        lies; None if there is no room beside the square."""
        picture, scale = self._small[0], self._scale
        full_height, full_width = self._sources[0].shape[:2]
        height, width = place[0].stop - place[0].start, place[1].stop - place[1].start
        hole = tuple(_scaled(edge, scale, n) for edge, n in zip(place, picture.shape, strict=False))
        ring = max(1, round(RING * min(s.stop - s.start for s in hole)))
        around = tuple(
            slice(max(0, s.start - ring), min(n, s.stop + ring))
            for s, n in zip(hole, picture.shape, strict=False)
        )
        template = np.ascontiguousarray(picture[around])
        mask = np.full(template.shape[:2], 255, np.uint8)
        inner = tuple(
            slice(s.start - a.start, s.stop - a.start) for s, a in zip(hole, around, strict=True)
        )
        mask[inner] = 0
        if not mask.any():
            return None
        best: tuple[float, int, int, int] | None = None
        for index, source in enumerate(self._small):
            cost = _compared(source, template, mask)
            _exclude(cost, hole, inner, picture.shape, mirrored=(index >= 2, index % 2 == 1))
            y, x = np.unravel_index(int(cost.argmin()), cost.shape)
            value = float(cost[y, x])
            if value < _NOWHERE and (best is None or value < best[0]):
                top = min(round((int(y) + inner[0].start) / scale), full_height - height)
                left = min(round((int(x) + inner[1].start) / scale), full_width - width)
                best = (value, index, top, left)
        return best[1:] if best is not None else None


def _scaled(edge: slice, scale: float, length: int) -> slice:
    start = min(int(edge.start * scale), length - 1)
    return slice(start, max(start + 1, min(length, round(edge.stop * scale))))


def _compared(
    source: NDArray[np.uint8], template: NDArray[np.uint8], mask: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Sum of squared differences where the mask is set, for every place of the template."""
    cost = cv2.matchTemplate(source, template, cv2.TM_SQDIFF, mask=mask)
    return np.where(np.isfinite(cost), cost, _NOWHERE).astype(np.float32)


def _exclude(
    cost: NDArray[np.float32],
    hole: tuple[slice, ...],
    inner: tuple[slice, ...],
    shape: tuple[int, ...],
    mirrored: tuple[bool, bool],
) -> None:
    """Rule out places from which the square itself, or a part of it, would be taken."""
    window = []
    for edge, inside, length, mirror in zip(hole, inner, shape, mirrored, strict=False):
        start, stop = edge.start, edge.stop
        if mirror:
            start, stop = length - stop, length - start
        size = stop - start
        window.append(slice(max(0, start - size + 1 - inside.start), max(0, stop - inside.start)))
    cost[tuple(window)] = _NOWHERE
