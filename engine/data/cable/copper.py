"""Paints copper: bundles of cut strands with their own highlights, and strands bent out of them.

Drawn larger and reduced. Must not know which strands a defect takes away.
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.cable import textures
from engine.data.cable.canvas import U8, Canvas, Window
from engine.data.cable.scene import F64, STRAND_RADIUS, Bundle, Scene, Stream, stream

DEEP = (19, 11, 10)
_DULL = np.array(
    ((28, 19, 17), (60, 44, 38), (92, 73, 64), (150, 138, 128), (230, 224, 218)), float
)
_FRESH = np.array(
    ((40, 22, 15), (80, 50, 38), (112, 82, 68), (182, 162, 148), (242, 235, 226)), float
)
_WHITE = np.array((254.0, 254.0, 248.0))
_FINE = 2048.0  # pixels per picture side at which strands are drawn
_TONES, _TARNISHES, _VARIANTS = 14, 3, 20  # strand ends kept ready

Colour = tuple[int, int, int, int]


class Sprite:
    """RGBA drawing of a part of the picture at a multiple of its resolution."""

    def __init__(self, canvas: Canvas, points: NDArray[Any], pad: float) -> None:
        self.window: Window = canvas.window(points, pad)
        self.factor = max(1, round(_FINE / canvas.size))
        height, width = self.window.shape
        self.image: U8 = np.zeros((height * self.factor, width * self.factor, 4), np.uint8)
        self.scale = canvas.scale * self.factor
        self._corner = np.array((self.window.x0, self.window.y0)) * self.factor + 0.5

    def place(self, points: NDArray[Any]) -> NDArray[np.int32]:
        """Units to pixels of the drawing; any array of x, y pairs."""
        return np.rint(points * self.scale - self._corner).astype(np.int32)

    def polygon(self, points: NDArray[Any], colour: Colour) -> None:
        cv2.fillPoly(self.image, [self.place(points)], colour)

    def line(self, points: NDArray[Any], colour: Colour, width: float) -> None:
        thick = max(1, round(width * self.scale))
        cv2.polylines(self.image, [self.place(points)], False, colour, thick)

    def disc(self, at: F64, radius: float, colour: tuple[int, int, int]) -> None:
        x, y = self.place(at).tolist()
        cv2.circle(self.image, (x, y), max(1, round(radius * self.scale)), (*colour, 255), -1)

    def stamp(self, picture: U8, mask: U8, x: int, y: int) -> None:
        """Copy a small picture, centred at x, y, where its mask is set."""
        half = picture.shape[0] // 2
        top, left = y - half, x - half
        rows = slice(max(top, 0), min(top + picture.shape[0], self.image.shape[0]))
        columns = slice(max(left, 0), min(left + picture.shape[1], self.image.shape[1]))
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return
        of = (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
        cv2.copyTo(picture[of], mask[of], self.image[rows, columns])

    def lay(self, canvas: Canvas, scene: Scene, rng: np.random.Generator, shadow: float) -> None:
        """Reduce and blend, with a soft shadow of opacity `shadow` beneath."""
        if self.window.empty:
            return
        height, width = self.window.shape
        small: Any = self.image
        if self.factor > 1:
            small = cv2.resize(small, (width, height), interpolation=cv2.INTER_AREA)
        planes = cv2.split(small.astype(np.float32))
        alpha = planes[3] * np.float32(1 / 255)
        if shadow:
            shift = scene.shadow * 0.5 * canvas.scale
            matrix = np.array(((1.0, 0.0, shift[0]), (0.0, 1.0, shift[1])))
            under = cv2.warpAffine(alpha, matrix, (width, height))
            under = cv2.GaussianBlur(under, (0, 0), max(2.6 * canvas.scale, 0.35))
            canvas.blend(self.window, under * np.float32(shadow), DEEP)
        rough = 1 + 0.075 * textures.cut_out(textures.rough(canvas.size), (height, width), rng)
        limit = planes[3]
        colour = [np.minimum(p * rough, limit) for p in planes[:3]]
        canvas.blend_premultiplied(self.window, alpha, colour)


def tone(value: float, tarnish: float) -> Colour:
    """Colour of copper for a share of mirrored light, 0…1."""
    table = _tones(round(min(max(tarnish, 0.0), 1.0) * 7))
    return table[min(max(int(value * 63), 0), 63)]


@lru_cache(maxsize=8)
def _tones(tarnish: int) -> tuple[Colour, ...]:
    dull = tarnish / 7
    stops = np.vstack((_DULL * dull + _FRESH * (1 - dull), _WHITE))
    at = np.linspace(0, len(stops) - 1, 64)
    columns = [np.interp(at, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    return tuple((int(r), int(g), int(b), 255) for r, g, b in zip(*columns, strict=True))


def _mirror(tilts: NDArray[Any]) -> F64:
    """Share of light that facets of these tilts [.., 2] throw at the camera."""
    return np.asarray(0.12 + 1.0 * np.exp(-(tilts**2).sum(axis=-1) / (2 * 0.55**2)))


def paint_bundle(canvas: Canvas, scene: Scene, bundle: Bundle, index: int) -> None:
    rng = stream(scene.seed, Stream.COPPER, 10 + index)
    sprite = Sprite(canvas, np.concatenate((bundle.feet, bundle.faces)), 34)
    away = scene.shadow / np.hypot(*scene.shadow)
    hole = sprite.place(bundle.feet + away * 2.5)
    for at, radius in zip(hole.tolist(), bundle.radii.tolist(), strict=True):
        cv2.circle(sprite.image, at, round(radius * 1.22 * sprite.scale), (*DEEP, 255), -1)
    core = cv2.convexHull(bundle.feet.astype(np.float32))[:, 0]
    middle = core.mean(axis=0)
    sprite.polygon(middle + (core - middle) * 0.9, (*DEEP, 255))
    _draw_strands(sprite, bundle, rng)
    sprite.lay(canvas, scene, rng, 0.75)


def _draw_strands(sprite: Sprite, bundle: Bundle, rng: np.random.Generator) -> None:
    feet, faces = bundle.feet, bundle.faces
    lift = faces - feet
    length = np.maximum(np.hypot(lift[:, 0], lift[:, 1]), 1e-6)
    normal = np.stack((-lift[:, 1], lift[:, 0]), axis=1) / length[:, None]
    wide = normal * (bundle.radii * 0.97)[:, None]
    sides = []
    for share in (1.0, 0.72, 0.3):
        a, b = wide * share, wide * share * 0.8
        sides.append(sprite.place(np.stack((feet + a, faces + a, faces - b, feet - b), axis=1)))
    shine = 0.18 + 0.2 * rng.random(len(feet))
    colours = [tone(0.03, bundle.tarnish * 0.6), tone(0.13, bundle.tarnish * 0.6)]
    values = _mirror(bundle.tilts)
    kinds = rng.integers(0, _VARIANTS, len(feet)).tolist()
    tarnish = round(bundle.tarnish * (_TARNISHES - 1))
    at = sprite.place(faces).tolist()
    for i, value in enumerate(values.tolist()):
        if length[i] > 1.5:
            cv2.fillConvexPoly(sprite.image, sides[0][i], colours[0])
        if length[i] > 4:
            cv2.fillConvexPoly(sprite.image, sides[1][i], colours[1])
            cv2.fillConvexPoly(sprite.image, sides[2][i], tone(shine[i], bundle.tarnish * 0.6))
        end = strand_end(round(value * (_TONES - 1)), tarnish, kinds[i], sprite.scale)
        sprite.stamp(*end, *at[i])


@lru_cache(maxsize=2 * _TONES * _TARNISHES * _VARIANTS)
def strand_end(tone_step: int, tarnish_step: int, variant: int, scale: float) -> tuple[U8, U8]:
    """One cut end: a dark edge, a facet, often a second facet across a crease, scratches. RGBA
    picture and mask, `scale` pixels per unit."""
    rng = np.random.default_rng((20261123, tone_step, tarnish_step, variant))
    value, tarnish = tone_step / (_TONES - 1), tarnish_step / (_TARNISHES - 1)
    radius = STRAND_RADIUS * scale
    half = int(np.ceil(radius * 1.5))
    side = 2 * half + 1
    image: U8 = np.zeros((side, side, 4), np.uint8)
    shape = _cut_shape(rng) * radius
    middle = np.array((half, half))

    def polygon(points: F64, colour: Colour) -> None:
        if len(points) > 2:
            cv2.fillPoly(image, [np.rint(points + middle).astype(np.int32)], colour)

    polygon(shape, tone(value * 0.55, tarnish))
    inner = shape * 0.90
    polygon(inner, tone(value, tarnish))
    crease = rng.uniform(0, 2 * np.pi)
    across = np.array((np.cos(crease), np.sin(crease)))
    if rng.random() < (0.45 if value > 0.8 else 0.7):
        spread = rng.normal(0, 0.33)
        second = float(np.clip(value + spread, 0.02, 1))
        polygon(_beyond(inner, across, rng.uniform(-0.45, 0.4) * radius), tone(second, tarnish))
    if value < 0.5:  # a dull end is domed: its upper edge catches light
        rim = _beyond(inner * 0.96, np.array((0.0, -1.0)), rng.uniform(0.35, 0.7) * radius)
        polygon(rim, tone(value + rng.uniform(0.05, 0.35), tarnish))
        if rng.random() < 0.4:  # or a sliver of it mirrors the lamp
            sliver = _beyond(inner, across, rng.uniform(0.55, 0.8) * radius)
            polygon(sliver, tone(rng.uniform(0.7, 1.0), tarnish))
    along = np.array((-across[1], across[0]))
    for _ in range(int(rng.integers(1, 4))):
        start = across * rng.uniform(-0.6, 0.6) * radius + along * rng.uniform(-0.6, 0) * radius
        end = start + (along + rng.normal(0, 0.25, 2)) * rng.uniform(0.3, 0.9) * radius
        shift = rng.uniform(-0.34, 0.2) if value > 0.6 else rng.uniform(-0.1, 0.75)
        thick = max(1, round(float(rng.choice((0.5, 1.0, 1.6))) * scale))
        ends = np.rint(np.stack((start, end)) + middle).astype(int).tolist()
        cv2.line(image, ends[0], ends[1], tone(value + shift, tarnish), thick)
    return image, np.ascontiguousarray(image[:, :, 3])


def _cut_shape(rng: np.random.Generator) -> F64:
    """Outline of a pinched-off strand end, unit radius: nearly round, sometimes flat or burred."""
    angles = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    radii = 1 + rng.normal(0, 0.03, 20) + 0.05 * rng.normal() * np.cos(2 * angles)
    if rng.random() < 0.35:  # a flat where the cutter squeezed
        flat = rng.uniform(0.55, 0.85)
        radii = np.minimum(radii, flat / np.maximum(np.cos(angles - rng.uniform(0, 6.28)), 0.3))
    if rng.random() < 0.35:
        radii[int(rng.integers(20))] += rng.uniform(0.12, 0.36)
    turn = angles + rng.uniform(0, 2 * np.pi)
    return np.asarray(np.stack((radii * np.cos(turn), radii * np.sin(turn)), axis=1))


def _beyond(polygon: F64, direction: F64, limit: float) -> F64:
    """The part of a convex polygon about the origin on the far side of a line."""
    side = polygon @ direction - limit
    out = []
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        if side[i] >= 0:
            out.append(polygon[i])
        if (side[i] >= 0) != (side[j] >= 0):
            t = side[i] / (side[i] - side[j])
            out.append(polygon[i] + t * (polygon[j] - polygon[i]))
    return np.array(out).reshape(-1, 2)


def draw_bent(
    sprite: Sprite,
    path: F64,
    radius: float,
    gloss: float,
    rng: np.random.Generator,
) -> None:
    """A strand along `path` [n, 2], foot first: a lit tube with a cut end. gloss 0…1."""
    heading = path[-1] - path[-3]
    heading = heading / max(float(np.hypot(*heading)), 1e-6)
    normal = np.array((-heading[1], heading[0]))
    light = normal if normal[1] < 0 else -normal
    tarnish = 0.3
    for share, offset, value in (
        (2.0, 0.0, 0.02),
        (1.66, 0.06, 0.20 + 0.08 * gloss),
        (1.10, 0.16, 0.34 + 0.16 * gloss),
        (0.55, 0.28, 0.44 + 0.28 * gloss),
    ):
        sprite.line(path + light * offset * radius, tone(value, tarnish), share * radius)
    if gloss > 0.25:
        first = int(rng.integers(len(path) // 4, len(path) * 2 // 3))
        bright = path[first : first + int(rng.integers(3, 8))] + light * 0.3 * radius
        if len(bright) > 1:
            sprite.line(bright, tone(0.7 + 0.4 * gloss, tarnish), 0.4 * radius)
    value = float(_mirror(rng.normal(0, 0.75, 2)))
    end = strand_end(round(value * (_TONES - 1)), 1, int(rng.integers(_VARIANTS)), sprite.scale)
    x, y = sprite.place(path[-1]).tolist()
    sprite.stamp(*end, x, y)


def draw_fold(sprite: Sprite, path: F64, radius: float, rng: np.random.Generator) -> None:
    """A strand seen from its side in the shade of a cut: dull red copper, no end."""
    glow = rng.uniform(0, 0.16)
    for share, value in ((2.0, 0.02), (1.6, 0.12 + 0.3 * glow), (0.7, 0.2 + glow)):
        sprite.line(path, tone(value, 0.0), share * radius)
