"""The part's patch beside the nearest good ones, as values and pictures. Must not know models."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.ipc.messages import PATCH_PX

AROUND = 0.25  # share of the model's input that it shows, the patch in the middle
_LIGHT, _DARK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A patch in its picture. ``square`` uint8 RGB [s, s, 3] is the picture as the model saw it,
    ``x`` and ``y`` the patch's middle and ``edge`` its size in fractions of it; ``box`` (left, top,
    width, height, the same) is what the picture fills, the rest is reflected margin."""

    square: NDArray[np.uint8]
    x: float
    y: float
    edge: float
    box: tuple[float, float, float, float]

    def tile(self) -> NDArray[np.uint8]:
        """The patch and what is around it, enlarged, uint8 RGB [PATCH_PX, PATCH_PX, 3]."""
        size = self.square.shape[0]
        side = max(2, round(AROUND * size))
        left = min(max(round(self.x * size - side / 2), 0), size - side)
        top = min(max(round(self.y * size - side / 2), 0), size - side)
        part = self.square[top : top + side, left : left + side]
        scale = PATCH_PX / side
        large = cv2.resize(part, (PATCH_PX, PATCH_PX), interpolation=cv2.INTER_CUBIC)
        x, y = (self.x * size - left) * scale, (self.y * size - top) * scale
        return _marked(np.asarray(large, np.uint8), x, y, self.edge * size * scale)

    def whole(self, height: int) -> NDArray[np.uint8]:
        """The picture without its margins, ``height`` pixels high, the patch marked."""
        size = self.square.shape[0]
        left, top, wide, high = (round(value * size) for value in self.box)
        part = self.square[top : top + max(1, high), left : left + max(1, wide)]
        scale = height / part.shape[0]
        width = max(1, round(part.shape[1] * scale))
        drawn = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)
        x, y = (self.x * size - left) * scale, (self.y * size - top) * scale
        return _marked(np.asarray(drawn, np.uint8), x, y, self.edge * size * scale)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """A good patch near the part's: its raw ``distance``, the ``name`` of its training picture (""
    where nobody has noted it), its middle in fractions of that picture, and the picture itself
    where a copy is kept."""

    distance: float
    name: str = ""
    x: float | None = None
    y: float | None = None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The part's most anomalous patch, its middle in fractions of the picture, and the nearest good
    ones, the nearest first."""

    part: Seen
    x: float
    y: float
    neighbours: tuple[Neighbour, ...]

    def tiles(self) -> NDArray[np.uint8]:
        """The part's enlarged patch and those of the neighbours that have a picture, one below the
        other, uint8 RGB [n * PATCH_PX, PATCH_PX, 3]."""
        seen = [self.part, *(near.seen for near in self.neighbours if near.seen is not None)]
        return np.vstack([one.tile() for one in seen])


def drawing(comparison: Comparison) -> NDArray[np.uint8]:
    """Side by side, uint8 RGB: the part and the nearest good ones, each whole and enlarged, with
    the distance below. Where no copy is kept it says so."""
    columns = [_column(comparison.part, "part")]
    for near in comparison.neighbours:
        columns.append(_column(near.seen, f"{near.distance:.3f}"))
    gap = np.full((columns[0].shape[0], 8, 3), 255, np.uint8)
    pieces = [piece for column in columns for piece in (column, gap)]
    return np.hstack(pieces[:-1])


def _column(seen: Seen | None, words: str) -> NDArray[np.uint8]:
    if seen is None:
        whole = tile = np.full((PATCH_PX, PATCH_PX, 3), 235, np.uint8)
        tile = tile.copy()
        _write(tile, "no picture kept", PATCH_PX // 2)
    else:
        whole, tile = seen.whole(PATCH_PX), seen.tile()
    width = max(whole.shape[1], PATCH_PX)
    line = np.full((28, width, 3), 255, np.uint8)
    _write(line, words, 20)
    gap = np.full((8, width, 3), 255, np.uint8)
    return np.vstack([_centred(whole, width), gap, _centred(tile, width), line])


def _centred(picture: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    left = (width - picture.shape[1]) // 2
    right = width - picture.shape[1] - left
    return np.pad(picture, ((0, 0), (left, right), (0, 0)), constant_values=255)


def _write(picture: NDArray[np.uint8], words: str, at: int) -> None:
    """Centred text in place, its foot ``at`` pixels from the top."""
    (width, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
    place = ((picture.shape[1] - width) // 2, at)
    cv2.putText(picture, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, _DARK, 1, cv2.LINE_AA)


def _marked(picture: NDArray[np.uint8], x: float, y: float, edge: float) -> NDArray[np.uint8]:
    """The picture with a frame just around the place of the patch."""
    marked = picture.copy()
    reach = max(edge / 2, 3.0)
    for beyond, colour in ((3, _DARK), (2, _LIGHT)):
        first = (round(x - reach) - beyond, round(y - reach) - beyond)
        last = (round(x + reach) + beyond, round(y + reach) + beyond)
        cv2.rectangle(marked, first, last, colour, 1)
    return marked
