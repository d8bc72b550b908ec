"""The drawing surface of the cable renderer: planar, anti-aliased, aware of defect pixels.

Must not know what a cable is. Lengths are in units of the photographs that the renderer is modelled
on (1024 units = the picture's side), so that a scene is the same at every size.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

UNITS = 1024.0
F32 = NDArray[np.float32]
U8 = NDArray[np.uint8]

_SHIFT = 4  # sub-pixel bits of OpenCV's polygon filler
_SHARP = 0.5  # pixels of blur that an anti-aliased edge has anyway
_COARSE = 4  # pixels per point of the coarse grid
DEFECT_SHARE = 1 / 64  # a pixel with more than this share of defect content is in the mask


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels, clipped to the picture: rows y0…y1, columns x0…x1 (end excluded)."""

    y0: int
    y1: int
    x0: int
    x1: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    @property
    def shape(self) -> tuple[int, int]:
        return self.y1 - self.y0, self.x1 - self.x0

    def meet(self, other: "Window") -> "Window":
        """The pixels of both."""
        y0, x0 = max(self.y0, other.y0), max(self.x0, other.x0)
        return Window(y0, max(min(self.y1, other.y1), y0), x0, max(min(self.x1, other.x1), x0))

    def inside(self, outer: "Window") -> tuple[slice, slice]:
        """Where this window lies in an array over `outer`, which holds it."""
        rows = slice(self.y0 - outer.y0, self.y1 - outer.y0)
        return rows, slice(self.x0 - outer.x0, self.x1 - outer.x0)

    @property
    def empty(self) -> bool:
        return self.y1 <= self.y0 or self.x1 <= self.x0


class Canvas:
    """RGB planes float32 [3, S, S] in 0…255 and, on request, a fourth plane: each pixel's share of
    defect content, 0…1. Everything is painted by linear blending, so two renderings that differ
    only in paint laid down while `marking` differ by at most 255 × share at each pixel."""

    def __init__(self, size: int, track_defects: bool) -> None:
        self.size = size
        self.scale = size / UNITS  # pixels per unit
        self.planes: F32 = np.zeros((4 if track_defects else 3, size, size), np.float32)
        self._mark = 0.0
        self._marked = False

    @contextmanager
    def marking(self, on: bool = True) -> Iterator[None]:
        """Paint laid down inside belongs to the defect (or, with on=False, as it was)."""
        before = self._mark
        self._mark = 1.0 if on else before
        try:
            yield
        finally:
            self._mark = before

    def window(self, points: NDArray[Any], pad: float = 0.0) -> Window:
        """The pixels that a polygon (units, [n, 2] as x, y) covers, with `pad` units around it."""
        (x_low, y_low), (x_high, y_high) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        scale, size = self.scale, self.size
        return Window(
            y0=min(max(math.floor((y_low - pad) * scale) - 1, 0), size),
            y1=min(max(math.ceil((y_high + pad) * scale) + 2, 0), size),
            x0=min(max(math.floor((x_low - pad) * scale) - 1, 0), size),
            x1=min(max(math.ceil((x_high + pad) * scale) + 2, 0), size),
        )

    def whole(self) -> Window:
        return Window(0, self.size, 0, self.size)

    def coverage(
        self, points: NDArray[Any] | list[NDArray[Any]], window: Window, blur: float = 0.0
    ) -> F32:
        """How much of each pixel of the window a polygon, or several that do not overlap, cover,
        0…1, blurred by `blur` units."""
        if window.empty:
            return np.zeros(window.shape, np.float32)
        sigma = blur * self.scale
        height, width = window.shape
        coarse = sigma > 2.2 and min(height, width) >= 8 * _COARSE
        if coarse:  # the edge is wider than a coarse pixel: draw small, enlarge
            shape = (height // _COARSE, width // _COARSE)
            ratio = np.array((shape[1] / width, shape[0] / height))
            sigma /= _COARSE
        else:
            shape, ratio = window.shape, np.ones(2)
        mask: Any = np.zeros(shape, np.uint8)
        grow = ratio * (self.scale * (1 << _SHIFT))
        corner = np.array((window.x0, window.y0)) * ratio * (1 << _SHIFT) + (1 << _SHIFT) / 2
        polygons = [
            np.rint(p * grow - corner).astype(np.int32)
            for p in (points if isinstance(points, list) else [points])
        ]
        cv2.fillPoly(mask, polygons, 255, cv2.LINE_AA, _SHIFT)
        if sigma > _SHARP:
            mask = _blurred(mask, sigma)
        if coarse:
            mask = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(mask.astype(np.float32) * np.float32(1 / 255), np.float32)

    def blend(self, window: Window, alpha: F32, colour: Any) -> None:
        """Lay `colour` (three numbers, or planes [3, h, w]) over the window with `alpha` [h, w]."""
        if window.empty:
            return
        rows, columns = window.slices
        colour_planes = np.asarray(colour, np.float32)
        scratch = np.empty(alpha.shape, np.float32)
        for channel in range(3):
            below = self.planes[channel, rows, columns]
            np.subtract(colour_planes[channel], below, out=scratch)
            scratch *= alpha
            below += scratch
        self._cover(window, alpha)

    def blend_premultiplied(self, window: Window, alpha: F32, colour: Any) -> None:
        """As `blend`, with colour planes [3, h, w] already multiplied by alpha."""
        if window.empty:
            return
        rows, columns = window.slices
        keep = 1.0 - alpha
        for channel in range(3):
            below = self.planes[channel, rows, columns]
            below *= keep
            below += colour[channel]
        self._cover(window, alpha)

    def _cover(self, window: Window, alpha: F32) -> None:
        if len(self.planes) == 4 and (self._mark or self._marked):
            self._marked = True  # until the first defect there is nothing to cover
            rows, columns = window.slices
            share = self.planes[3, rows, columns]
            share += (np.float32(self._mark) - share) * alpha

    def fill(
        self, points: NDArray[Any], colour: Any, opacity: float = 1.0, blur: float = 0.0
    ) -> None:
        """A polygon of one colour, its edge blurred by `blur` units."""
        window = self.window(points, 3 * blur)
        alpha = self.coverage(points, window, blur)
        if opacity != 1.0:
            alpha *= np.float32(opacity)
        self.blend(window, alpha, colour)

    def sprinkle(self, polygons: list[NDArray[Any]], colour: Any, opacity: float) -> None:
        """Many small polygons of one colour."""
        if polygons:
            window = self.window(np.concatenate(polygons))
            alpha = self.coverage(polygons, window)
            alpha *= np.float32(opacity)
            self.blend(window, alpha, colour)

    def backdrop(self) -> "Canvas":
        """An empty canvas of half the resolution, for what is out of focus."""
        return Canvas((self.size + 1) // 2, track_defects=False)

    def begin_with(self, backdrop: "Canvas") -> None:
        """Fill the whole picture with a backdrop, enlarged."""
        size = (self.size, self.size)
        for channel in range(3):
            cv2.resize(
                backdrop.planes[channel],
                size,
                dst=self.planes[channel],
                interpolation=cv2.INTER_LINEAR,
            )

    def grid(self, window: Window) -> tuple[F32, F32]:
        """Pixel centres of the window in units: x [1, w] and y [h, 1]."""
        x = (np.arange(window.x0, window.x1, dtype=np.float32) + 0.5) / np.float32(self.scale)
        y = (np.arange(window.y0, window.y1, dtype=np.float32) + 0.5) / np.float32(self.scale)
        return x[None, :], y[:, None]

    def coarse_grid(self, window: Window) -> tuple[F32, F32]:
        """As `grid`, at about a quarter of the resolution: for fields that change slowly."""
        height, width = window.shape
        rows, columns = max(height // _COARSE, 1), max(width // _COARSE, 1)
        scale = np.float32(1 / self.scale)
        x = window.x0 + (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(width / columns)
        y = window.y0 + (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(height / rows)
        return (x * scale)[None, :], (y * scale)[:, None]

    def expand(self, field: F32, window: Window) -> F32:
        """A field on the coarse grid, at the window's full resolution."""
        height, width = window.shape
        coarse = field.astype(np.float32, copy=False)
        return np.asarray(
            cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
        )

    def finish(self, gain: Any, blur: float, grain: NDArray[np.int16]) -> tuple[U8, U8]:
        """Exposure (gain of each channel), lens blur (units), sensor grain: pixels and mask."""
        sigma = blur * self.scale
        exposed = [
            cv2.convertScaleAbs(plane, alpha=float(factor))
            for plane, factor in zip(self.planes[:3], gain, strict=True)
        ]
        picture = cv2.merge(exposed)
        if sigma > 0.25:
            picture = _blurred(picture, sigma)
        pixels = cv2.add(picture, grain, dtype=cv2.CV_8U)
        mask = np.zeros((self.size, self.size), np.uint8)
        if len(self.planes) == 4:
            share = _blurred(self.planes[3], sigma) if sigma > 0.25 else self.planes[3]
            mask[share > DEFECT_SHARE] = 255
        return np.asarray(pixels, np.uint8), mask


def _blurred(image: Any, sigma: float) -> Any:
    reach = 2 * int(np.ceil(2.5 * sigma)) + 1
    return cv2.GaussianBlur(image, (reach, reach), sigma, borderType=cv2.BORDER_REPLICATE)


def smoothstep(low: float, high: float, x: F32) -> F32:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - np.float32(low)) * np.float32(1 / (high - low)), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)
