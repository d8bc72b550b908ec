"""Defects of plastic: cuts into the jacket and holes poked into a wire's insulation.

Must not know of copper.
"""

from collections.abc import Callable

import numpy as np

from engine.data.cable import textures
from engine.data.cable.canvas import F32, Canvas, Window
from engine.data.cable.jacket import DARK, GREY, WHITE
from engine.data.cable.scene import F64, Scene, Wire
from engine.data.cable.wires import FACE

Painter = Callable[[Canvas, Scene], None]


def outer_cut(scene: Scene, rng: np.random.Generator) -> Painter:
    """A cut into the jacket: torn bites, a slit to the rim, or a chunk cut away."""
    angle = float(rng.choice((90.0, -34.0, 208.0))) + rng.normal(0, 16)
    heading = np.deg2rad(angle)
    style = rng.random()
    seed = int(rng.integers(2**31))
    if style < 0.4:
        return lambda canvas, scene: _bites(canvas, scene, heading, np.random.default_rng(seed))
    if style < 0.72:
        return lambda canvas, scene: _slit(canvas, scene, heading, np.random.default_rng(seed))
    return lambda canvas, scene: _chunk(canvas, scene, heading, np.random.default_rng(seed))


def _polar(scene: Scene, angle: float, share: float) -> F64:
    """A point of the jacket at a share of its radius."""
    unit = np.array((np.cos(angle), np.sin(angle)))
    return np.asarray(scene.jacket.centre + unit * share * scene.jacket.reach(angle))


def ragged(rng: np.random.Generator, at: F64, long: float, wide: float, turn: float) -> F64:
    """An irregular closed shape of half-axes `long` and `wide`, turned by `turn` radians."""
    t = np.linspace(0, 2 * np.pi, 15, endpoint=False)
    radii = 1 + rng.normal(0, 0.2, 15)
    x, y = long * radii * np.cos(t), wide * radii * np.sin(t)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.asarray(at + np.stack((x * cos - y * sin, x * sin + y * cos), axis=1))


def _bites(canvas: Canvas, scene: Scene, heading: float, rng: np.random.Generator) -> None:
    patch_at = _polar(scene, heading, 0.78)
    patch = ragged(rng, patch_at, rng.uniform(75, 120), rng.uniform(38, 55), heading + np.pi / 2)
    window = canvas.window(patch, 12)
    torn = 1 + 0.075 * textures.cut_out(textures.rough(canvas.size), window.shape, rng)
    torn += 0.07 * textures.knife_marks(canvas.size, window.shape, rng, heading)
    colour = (0.42 * WHITE + 0.58 * GREY)[:, None, None] * torn
    canvas.blend(window, canvas.coverage(patch, window, 6) * np.float32(0.72), colour)
    for _ in range(int(rng.integers(9, 18))):
        at = patch_at + 0.95 * (patch[int(rng.integers(15))] - patch_at) * rng.uniform(0, 1)
        turn = heading + rng.normal(0, 0.7)
        long, wide = rng.uniform(9, 25), rng.uniform(4, 10)
        lip = at - np.array((np.cos(turn), np.sin(turn))) * rng.uniform(3, 7)
        pale = WHITE * rng.uniform(0.72, 0.98)
        canvas.fill(ragged(rng, lip, long * 1.25, wide * 1.3, turn), pale, 0.55, 2.5)
        canvas.fill(
            ragged(rng, at, long, wide, turn), DARK + rng.uniform(15, 50), rng.uniform(0.5, 0.9), 2
        )
        canvas.fill(ragged(rng, at, long * 0.5, wide * 0.5, turn), DARK + 10, 0.8, 1.6)


def _slit(canvas: Canvas, scene: Scene, heading: float, rng: np.random.Generator) -> None:
    shares = np.linspace(rng.uniform(0.42, 0.6), 0.997, 14)
    angles = heading + rng.normal(0, 0.06) * (shares - 0.7) * 3 + rng.normal(0, 0.006, 14)
    line = np.array([_polar(scene, a, s) for a, s in zip(angles, shares, strict=True)])
    across = np.array((-np.sin(heading), np.cos(heading)))
    widths = rng.uniform(4.5, 9) * (0.55 + 0.6 * np.linspace(0, 1, 14)) * rng.uniform(0.75, 1.3, 14)
    for grow, shift, colour, opacity, blur in (
        (3.4, 4.0, GREY * 0.62, 0.6, 3.0),
        (2.6, -2.0, WHITE * 0.86, 0.55, 2.0),
        (1.5, 1.5, np.array((72.0, 68.0, 60.0)), 0.85, 1.4),
        (0.75, 1.0, DARK + 12, 0.95, 0.8),
    ):
        left = line + across * (shift + widths * grow)[:, None]
        right = line + across * (shift - widths * grow)[:, None]
        canvas.fill(np.concatenate((left, right[::-1])), colour, opacity, blur)


def _chunk(canvas: Canvas, scene: Scene, heading: float, rng: np.random.Generator) -> None:
    spread = rng.uniform(0.10, 0.22)
    depth = rng.uniform(0.72, 0.84)
    t = np.linspace(-1, 1, 11)
    outer = np.array([_polar(scene, heading + spread * 1.15 * a, 1.012) for a in t])
    bottom = depth + (1.0 - depth) * np.abs(t) ** 3 + rng.normal(0, 0.006, 11)
    inner = np.array(
        [_polar(scene, heading + spread * a, b) for a, b in zip(t, bottom, strict=True)]
    )
    shape = np.concatenate((outer, inner[::-1]))
    window = canvas.window(shape, 6)
    coverage = canvas.coverage(shape, window, 1.2)
    marks = textures.knife_marks(canvas.size, window.shape, rng, heading)
    wall = (0.60 + 0.06 * marks).astype(np.float32)
    canvas.blend(window, coverage, (0.5 * (GREY + WHITE))[:, None, None] * wall)
    unit = np.array((np.cos(heading), np.sin(heading)))
    deep = np.minimum(canvas.coverage(shape + unit * rng.uniform(26, 40), window, 7), coverage)
    canvas.blend(window, deep * np.float32(0.9), DARK + 24)
    lip = np.concatenate((inner, (inner + unit * 6)[::-1]))
    canvas.fill(lip, WHITE * 0.97, 0.7, 1.2)


def poke(wire: Wire, rng: np.random.Generator) -> Painter:
    """A hole poked into the cut face between copper and edge, with a raised lip."""
    angle = rng.uniform(0, 2 * np.pi)
    unit = np.array((np.cos(angle), np.sin(angle)))
    to_copper = max(float(((wire.bundle.faces - wire.face.centre) @ unit).max()), 40) + 12
    reach = wire.face.reach(angle)
    at = wire.face.centre + unit * (to_copper + (reach - to_copper) * rng.uniform(0.4, 0.7))
    seed = int(rng.integers(2**31))
    colour = (FACE[wire.kind] * wire.shade).astype(np.float32)
    return lambda canvas, scene: _hole(canvas, at, colour, np.random.default_rng(seed))


def _hole(canvas: Canvas, at: F64, colour: F32, rng: np.random.Generator) -> None:
    turn = rng.uniform(0, np.pi)
    long = rng.uniform(10, 21)
    wide = long * rng.uniform(0.5, 0.95)
    lit = rng.uniform(0, 2 * np.pi)
    side = np.array((np.cos(lit), np.sin(lit)))
    dent = ragged(rng, at, long * 1.6, wide * 1.6, turn)
    canvas.fill(dent, colour * 0.6, 0.7, 2.0)
    canvas.fill(dent + side * 3, np.minimum(colour * 1.36 + 10, 255), 0.6, 2.0)
    canvas.fill(ragged(rng, at, long, wide, turn), colour * 0.3, 0.92, 1.6)
    pit = ragged(rng, at - side * 1.5, long * 0.66, wide * 0.66, turn)
    window: Window = canvas.window(pit, 6)
    inside = canvas.coverage(pit, window, 1.4)
    canvas.blend(window, inside * np.float32(0.95), DARK - 6)
    if rng.random() < 0.5:  # a crumb pushed out
        crumb = ragged(rng, at + side * (long * 1.05), long * 0.35, wide * 0.28, turn)
        canvas.fill(crumb, np.minimum(colour * 1.45 + 10, 255), 0.9, 0.9)
