"""Defects made from good pictures, with their masks. Must not know data sets, models or torch.

Three kinds: "cut_paste" (a piece of the part where it does not belong; Li et al., CutPaste, CVPR
2021), "perlin" (a blot or another texture within the outline of Perlin noise; Zavrtanik et al.,
DRAEM, ICCV 2021) and "transplant" (a real defect moved onto a good part by Poisson blending; Pérez
et al., SIGGRAPH 2003). Whatever comes out too faint to be called a defect is not returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.perlin import perlin

CUT_PASTE, PERLIN, TRANSPLANT = "cut_paste", "perlin", "transplant"
KINDS = (CUT_PASTE, PERLIN, TRANSPLANT)
FAINTEST = 10.0  # mean change in grey levels over the mask from which on it counts as visible
FEWEST_PIXELS = 12
_REDUCED = 64  # the part is told from the background at this size
_LARGE = 0.2  # share of the picture from which on a defect is faded in: Poisson would recolour it
_DISAGREEMENT = 18.0  # grey levels; see _edges_disagree

Rgb = NDArray[np.uint8]
Mask = NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class Donor:
    """A real defect: ``rgb`` uint8 [S, S, 3] and its ``mask`` uint8 [S, S] of 0 and 1."""

    rgb: Rgb
    mask: Mask


@dataclass(frozen=True, eq=False, slots=True)
class Synthetic:
    """A made defect: ``rgb`` uint8 [S, S, 3], ``mask`` uint8 [S, S] of 0 and 1, and which donor it
    was taken from (None: it is of no known class)."""

    rgb: Rgb
    mask: Mask
    donor: int | None = None


def make_synthetic(
    good: Rgb,
    rng: np.random.Generator,
    kind: str,
    donors: Sequence[Donor] = (),
    *,
    other: Rgb | None = None,
    same_place: bool = False,
) -> Synthetic | None:
    """Turn a good picture uint8 [S, S, 3] into a defective one; None where nothing visible came.

    ``donors`` are pictures of the same size for "transplant"; with ``same_place`` their defects
    stay about where they were. ``other`` is another picture of the product whose texture "perlin"
    may use.
    """
    if kind == TRANSPLANT:
        if not donors:
            return None
        chosen = int(rng.integers(len(donors)))
        made = _transplant(good, rng, donors[chosen], same_place)
        return _if_visible(good, *made, chosen) if made is not None else None
    make: Callable[..., tuple[Rgb, Mask]] = {CUT_PASTE: _cut_paste, PERLIN: _perlin_blend}[kind]
    return _if_visible(good, *make(good, rng, good if other is None else other), None)


def part_region(rgb: Rgb) -> NDArray[np.bool_]:
    """Where the part is, bool [64, 64]: all but a background of one colour around it.

    The whole picture where there is no such background, as with close-ups of a surface.
    """
    small = cv2.resize(rgb, (_REDUCED, _REDUCED), interpolation=cv2.INTER_AREA).astype(np.float32)
    ring = np.concatenate((small[:2].reshape(-1, 3), small[-2:].reshape(-1, 3)))
    ring = np.concatenate((ring, small[:, :2].reshape(-1, 3), small[:, -2:].reshape(-1, 3)))
    colour = np.median(ring, axis=0)
    spread = float(np.median(np.abs(ring - colour).max(axis=1)))
    everything = np.ones((_REDUCED, _REDUCED), bool)
    if spread > 20.0:
        return everything
    other = (np.abs(small - colour).max(axis=2) > max(24.0, 4.0 * spread)).astype(np.uint8)
    other = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(other, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return everything
    outline = cv2.convexHull(max(contours, key=cv2.contourArea))
    part = cv2.fillPoly(np.zeros((_REDUCED, _REDUCED), np.uint8), [outline], 1)
    return part.astype(bool) if 0.05 < float(part.mean()) < 0.95 else everything


def _if_visible(good: Rgb, rgb: Rgb, mask: Mask, donor: int | None) -> Synthetic | None:
    """The result without the parts of its mask where nothing changed, if enough is left."""
    change = cv2.absdiff(good, rgb).max(axis=2)
    inside = mask > 0
    if int(inside.sum()) < FEWEST_PIXELS:
        return None
    if donor is None:
        seen = ((cv2.blur(change, (3, 3)) > FAINTEST / 2) & inside).astype(np.uint8)
        seen = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        mask = (seen.astype(bool) & inside).astype(np.uint8)
        inside = mask > 0
        if int(inside.sum()) < FEWEST_PIXELS:
            return None
    if float(change[inside].mean()) < FAINTEST:
        return None
    return Synthetic(rgb, mask, donor)


def _somewhere(good: Rgb, rng: np.random.Generator) -> tuple[float, float]:
    """A place (x, y) in pixels on the part."""
    rows, columns = np.nonzero(part_region(good))
    chosen = int(rng.integers(len(rows)))
    scale = good.shape[0] / _REDUCED
    x, y = (columns[chosen] + rng.random()) * scale, (rows[chosen] + rng.random()) * scale
    return float(x), float(y)


def _blend(good: Rgb, over: NDArray[np.float32], alpha: NDArray[np.float32]) -> Rgb:
    """``over`` float32 [S, S, 3] on the picture with opacity float32 [S, S] in [0, 1]."""
    base = good.astype(np.float32)
    mixed = base + (over - base) * alpha[..., None]
    return np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def _recoloured(rgb: Rgb, rng: np.random.Generator, reach: float) -> NDArray[np.float32]:
    """Other brightness, contrast and tint; grey pictures stay grey."""
    grey = bool((rgb[..., 0] == rgb[..., 1]).all() and (rgb[..., 1] == rgb[..., 2]).all())
    channels = 1 if grey else 3
    pixels = rgb.astype(np.float32)
    mean = pixels.mean((0, 1), keepdims=True)
    gain = 1.0 + reach * rng.uniform(-1.0, 1.0) + 0.3 * reach * rng.uniform(-1, 1, channels)
    lift = 80.0 * reach * (rng.uniform(-1.0, 1.0) + 0.5 * rng.uniform(-1.0, 1.0, channels))
    return np.asarray((pixels - mean) * gain + mean + lift, np.float32)


@dataclass(frozen=True, slots=True)
class _Window:
    """The square part of a picture in which a defect is made, clipped to the picture."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def around(cls, centre: tuple[float, float], reach: float, size: int) -> _Window:
        """All pixels within ``reach`` pixels of a place (x, y), at least one."""
        first = [min(size - 1, max(0, int(c - reach))) for c in centre]
        last = [
            max(f + 1, min(size, int(c + reach) + 2)) for c, f in zip(centre, first, strict=True)
        ]
        return cls(first[1], first[0], last[1], last[0])

    @property
    def at(self) -> tuple[slice, slice]:
        """Index of the window in a picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def inner(self, centre: tuple[float, float]) -> tuple[float, float]:
        """A place in the window's own pixels."""
        return centre[0] - self.left, centre[1] - self.top

    def turned(self, rgb: Rgb, rng: np.random.Generator) -> Rgb:
        """What the window shows of a picture that is turned and shifted at random."""
        size, height, width = rgb.shape[0], self.bottom - self.top, self.right - self.left
        source = rng.uniform(0.15, 0.85, 2) * size
        matrix = cv2.getRotationMatrix2D(
            (float(source[0]), float(source[1])), rng.uniform(0.0, 360.0), rng.uniform(0.8, 1.25)
        )
        matrix[:, 2] += np.array((width / 2, height / 2)) - source
        warped = cv2.warpAffine(
            rgb, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        return np.asarray(warped, np.uint8)

    def blend(
        self, good: Rgb, over: NDArray[np.float32], alpha: NDArray[np.float32]
    ) -> tuple[Rgb, Mask]:
        """The picture with ``over`` float32 [h, w, 3] in the window at opacity ``alpha`` float32
        [h, w], and the mask of where it is at least half of its strongest."""
        rgb, mask = good.copy(), np.zeros(good.shape[:2], np.uint8)
        rgb[self.at] = _blend(good[self.at], over, alpha)
        mask[self.at] = alpha > 0.5 * float(alpha.max(initial=0.0))
        return rgb, mask


def _cut_paste(good: Rgb, rng: np.random.Generator, other: Rgb) -> tuple[Rgb, Mask]:
    """A patch, or a long thin scar, of the part itself in another place and colour."""
    size = good.shape[0]
    centre = _somewhere(good, rng)
    if rng.random() < 0.5:  # a scar
        width, height = size * rng.uniform(0.012, 0.04), size * rng.uniform(0.08, 0.3)
    else:
        area, aspect = size * size * rng.uniform(0.003, 0.03), np.exp(rng.uniform(-1.1, 1.1))
        width, height = float(np.sqrt(area * aspect)), float(np.sqrt(area / aspect))
    window = _Window.around(centre, 0.6 * float(np.hypot(width, height)) + 2, size)
    outline = _outline(window.inner(centre), width, height, rng)
    shape = cv2.fillPoly(np.zeros(good[window.at].shape[:2], np.uint8), [outline], 1)
    alpha = cv2.GaussianBlur(shape.astype(np.float32), (3, 3), 0.7)
    over = _recoloured(window.turned(good, rng), rng, 0.45)
    return window.blend(good, over, np.asarray(alpha, np.float32))


def _outline(
    centre: tuple[float, float], width: float, height: float, rng: np.random.Generator
) -> NDArray[np.int32]:
    """A turned rectangle with uneven edges as a polygon int32 [n, 1, 2]."""
    steps = np.linspace(-1.0, 1.0, 5)[:-1]
    ones = np.ones_like(steps)
    corners = np.concatenate(
        [np.c_[steps, -ones], np.c_[ones, steps], np.c_[-steps, ones], np.c_[-ones, -steps]]
    )
    corners = corners * (1.0 + rng.uniform(-0.1, 0.1, (len(corners), 1))) * (width / 2, height / 2)
    angle = rng.uniform(0.0, np.pi)
    turn = np.array(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
    return np.round(corners @ turn + centre).astype(np.int32)[:, None]


def _perlin_blend(good: Rgb, rng: np.random.Generator, other: Rgb) -> tuple[Rgb, Mask]:
    """A blot or a foreign texture within an outline of Perlin noise around one place."""
    size = good.shape[0]
    centre = _somewhere(good, rng)
    radius = size * float(np.exp(rng.uniform(np.log(0.03), np.log(0.16))))
    window = _Window.around(centre, 1.2 * radius, size)
    height, width = good[window.at].shape[:2]
    x, y = window.inner(centre)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    distance = np.hypot(columns - x, rows - y) / radius
    longer = max(height, width)
    cells = max(2, round(longer / size * 2 ** int(rng.integers(3, 6))))
    noise = perlin(longer, cells, rng)[:height, :width]
    alpha = np.clip((noise - 1.2 * (distance - 0.55)) * 6.0, 0.0, 1.0).astype(np.float32)
    if rng.random() < 0.5:
        over = _blot(good[window.at], rng, alpha > 0.5)
    else:
        over = _recoloured(window.turned(other, rng), rng, 0.6)
    return window.blend(good, over, alpha * np.float32(rng.uniform(0.35, 0.95)))


def _blot(ground: Rgb, rng: np.random.Generator, where: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Dirt or gloss: one colour, darker or lighter than the part there, with fine noise."""
    base = ground[where].mean(0) if where.any() else ground.reshape(-1, 3).mean(0)
    dark = rng.random() < 0.35 + 0.4 * float(base.mean()) / 255.0
    target = rng.uniform(0.0, 60.0) if dark else rng.uniform(190.0, 255.0)
    tint = rng.uniform(-25.0, 25.0, 3) if int(np.ptp(ground, axis=2).max()) > 0 else 0.0
    colour = base + (target - base) * rng.uniform(0.5, 1.0) + tint
    height, width = ground.shape[:2]
    longer = max(height, width)
    grain = perlin(longer, max(2, longer // 8), rng)[:height, :width] * rng.uniform(5.0, 40.0)
    return np.asarray(colour[None, None] + grain[..., None], np.float32)


def _transplant(
    good: Rgb, rng: np.random.Generator, donor: Donor, same_place: bool
) -> tuple[Rgb, Mask] | None:
    """Move a donor's defect, blended so that its surroundings' colours meet the part's."""
    size = good.shape[0]
    rows, columns = np.nonzero(donor.mask)
    if len(rows) == 0:
        return None
    matrix = _movement(good, rng, rows, columns, same_place)
    shape = (size, size)
    moved = cv2.warpAffine(donor.mask, matrix, shape, flags=cv2.INTER_NEAREST)
    mask = np.asarray(moved, np.uint8)
    moved = cv2.warpAffine(
        donor.rgb, matrix, shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    source = np.asarray(moved, np.uint8)
    if int(mask.sum()) < max(FEWEST_PIXELS, len(rows) // 3):  # most of it has left the picture
        return None
    # A defect needs good ground around it: OpenCV leaves the outermost 3 pixels of a region alone,
    # and its gradients begin inside of those.
    reach = 3 + max(3, round(size * 0.012))
    ground = _dilated(mask, reach)
    ring = (ground > mask)[..., None]
    if same_place and _edges_disagree(good, source, ring):
        # The surroundings match, so a narrow seam is less of a lie than another colour inside.
        alpha = cv2.GaussianBlur(_dilated(mask, 1).astype(np.float32), (0, 0), 0.8)
        return _blend(good, source.astype(np.float32), np.asarray(alpha, np.float32)), mask
    if float(ground.mean()) > _LARGE:
        over = source.astype(np.float32)
        if ring.any():
            over += (good.astype(np.float32) - source).mean((0, 1), where=ring)
        alpha = cv2.GaussianBlur(ground.astype(np.float32), (0, 0), reach / 2)
        return _blend(good, over, np.asarray(alpha, np.float32)), mask
    return _poisson(good, source, ground, ring), mask


def _dilated(mask: Mask, reach: int) -> Mask:
    """The mask and all within ``reach`` pixels of it."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(mask, disc), np.uint8)


def _edges_disagree(good: Rgb, source: Rgb, ring: NDArray[np.bool_]) -> bool:
    """Whether the pictures differ by more than a shift of colour where ``ring`` bool [S, S, 1].

    Poisson blending spreads the difference on a defect's outline over its inside. A shift of
    brightness is what it is there for; a structure that ends there would run in as a gradient.
    """
    if not ring.any():
        return False
    difference = source.astype(np.float32) - good.astype(np.float32)
    return float(difference[ring[..., 0]].std(axis=0).max()) > _DISAGREEMENT


def _movement(
    good: Rgb,
    rng: np.random.Generator,
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    same_place: bool,
) -> NDArray[np.float64]:
    """Where a donor's defect goes, as an affine matrix float64 [2, 3]."""
    size = good.shape[0]
    centre = (float(columns.mean()), float(rows.mean()))
    extent = max(np.ptp(rows), np.ptp(columns)) / size
    if same_place or extent > 0.5:
        angle, factor = rng.uniform(-8.0, 8.0), rng.uniform(0.92, 1.08)
        shift = size * rng.uniform(-0.03, 0.03, 2)
    else:
        angle, factor = rng.uniform(0.0, 360.0), rng.uniform(0.7, 1.3)
        shift = np.array(_somewhere(good, rng)) - centre
    matrix = np.asarray(cv2.getRotationMatrix2D(centre, angle, factor), np.float64)
    matrix[:, 2] += shift
    return matrix


def _poisson(good: Rgb, source: Rgb, ground: Mask, ring: NDArray[np.bool_]) -> Rgb:
    """Clone ``source`` into ``good`` where ``ground`` is 1, keeping its gradients; ``ring`` bool
    [S, S, 1] is the part of it around the defect.

    Beyond the border the source goes on as good ground, and the region a little into it: a defect
    that ends at the border would otherwise fade towards it.
    """
    margin, clear = 8, 2  # pixels; OpenCV wants the region to keep clear of the border
    around = (margin,) * 4
    shift = 0.0
    if ring.any():
        shift = np.mean(source.astype(np.float32) - good, axis=(0, 1), where=ring)
    wide_good = cv2.copyMakeBorder(good, *around, cv2.BORDER_REFLECT)
    wide_source = np.clip(wide_good.astype(np.float32) + shift, 0, 255).astype(np.uint8)
    inner = (slice(margin, -margin), slice(margin, -margin))
    wide_source[inner] = source
    wide_ground = cv2.copyMakeBorder(ground * 255, *around, cv2.BORDER_REPLICATE)
    frame = np.zeros_like(wide_ground)
    frame[clear:-clear, clear:-clear] = 1
    wide_ground = wide_ground * frame
    x, y, width, height = cv2.boundingRect(wide_ground)
    centre = (x + width // 2, y + height // 2)
    cloned = cv2.seamlessClone(wide_source, wide_good, wide_ground, centre, cv2.NORMAL_CLONE)
    return np.ascontiguousarray(cloned[inner], np.uint8)
