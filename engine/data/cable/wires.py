"""Paints the insulation of one wire: its side, its cut face, the green stripes. It must not know of
copper."""

import cv2
import numpy as np

from engine.data.cable import textures
from engine.data.cable.canvas import F32, Canvas, Window
from engine.data.cable.jacket import DARK, hull
from engine.data.cable.scene import F64, Outline, Scene, Stream, Wire, WireKind, stream

FACE = {
    WireKind.YELLOW: np.array((119.0, 124.0, 86.0), np.float32),
    WireKind.BLUE: np.array((67.0, 100.0, 152.0), np.float32),
    WireKind.BROWN: np.array((87.0, 85.0, 82.0), np.float32),
}
SIDE = {
    WireKind.YELLOW: np.array((84.0, 88.0, 56.0), np.float32),
    WireKind.BLUE: np.array((52.0, 72.0, 116.0), np.float32),
    WireKind.BROWN: np.array((64.0, 60.0, 58.0), np.float32),
}
GREEN = np.array((46.0, 88.0, 60.0), np.float32)
_TURNS = np.linspace(0, 2 * np.pi, 10, endpoint=False)
_CIRCLE = np.stack((np.cos(_TURNS), np.sin(_TURNS)), axis=1)
_CONTRAST = {WireKind.YELLOW: 0.045, WireKind.BLUE: 0.055, WireKind.BROWN: 0.075}


def paint_wire(canvas: Canvas, scene: Scene, wire: Wire) -> None:
    rng = stream(scene.seed, Stream.WIRE, 10 + wire.index)
    _paint_side(canvas, scene, wire, rng)
    window = canvas.window(wire.face.points)
    light = face_light(canvas, scene, wire, window, rng)
    colour = FACE[wire.kind][:, None, None] * light
    canvas.blend(window, canvas.coverage(wire.face.points, window, 0.9), colour)
    if wire.kind is WireKind.YELLOW:
        for at, span in zip(wire.stripes, wire.stripe_spans, strict=True):
            _stripe_on_face(canvas, wire, at, span, light, window)
    _scuffs(canvas, wire, rng)


def _paint_side(canvas: Canvas, scene: Scene, wire: Wire, rng: np.random.Generator) -> None:
    outline = hull(wire.base, wire.face)
    window = canvas.window(outline)
    x, y = canvas.coarse_grid(window)
    lean = wire.face.centre - wire.base.centre
    length = max(float(np.hypot(*lean)), 1e-6)
    cx, cy = (float(v) for v in wire.face.centre)
    # how far a pixel is below the cut edge
    below = np.sqrt((x - cx) ** 2 + (y - cy) ** 2) - wire.face.radius
    depth = np.clip(below / max(length, 8.0), 0, 1)
    dark = -float(lean @ scene.shadow) / length / float(np.hypot(*scene.shadow))
    slow = ((0.86 - 0.22 * dark) * wire.shade) * (1.0 - 0.6 * depth)
    along = float(np.arctan2(lean[1], lean[0]))
    light = canvas.expand(slow.astype(np.float32), window)
    light *= 1 + 0.05 * textures.knife_marks(canvas.size, window.shape, rng, along)
    coverage = canvas.coverage(outline, window, 1.2)
    canvas.blend(window, coverage, SIDE[wire.kind][:, None, None] * light)
    if wire.kind is WireKind.YELLOW:
        for at, span in zip(wire.stripes, wire.stripe_spans, strict=True):
            outer, inner = (_arc(o, at - span, at + span) for o in (wire.base, wire.face))
            patch = np.concatenate((outer, inner[::-1]))
            part = canvas.window(patch, 6).meet(window)
            at_part = part.inside(window)
            inside = canvas.coverage(patch, part, 2) * coverage[at_part]
            canvas.blend(part, inside, GREEN[:, None, None] * (light[at_part] * 0.95))


def face_light(
    canvas: Canvas, scene: Scene, wire: Wire, window: Window, rng: np.random.Generator
) -> F32:
    """Shading of the cut face over the window: knife marks, slope, worn edge."""
    x, y = canvas.grid(window)
    marks = textures.knife_marks(canvas.size, window.shape, rng, wire.cut_angle)
    fine = textures.cut_out(textures.rough(canvas.size), window.shape, rng)
    slope = rng.normal(0, 0.12, 2) - 0.07 * scene.shadow / np.hypot(*scene.shadow)
    sx, sy = (float(v) for v in slope)
    dx = (x - float(wire.face.centre[0])) / wire.face.radius
    dy = (y - float(wire.face.centre[1])) / wire.face.radius
    plane = sx * dx + sy * dy
    r = np.sqrt(dx * dx + dy * dy)
    edge = np.clip(1 - np.abs(r - 0.95) / 0.06, 0, 1)
    light = (1.0 + plane) + edge * (rng.uniform(-0.02, 0.07) - 0.3 * plane)
    contrast = _CONTRAST[wire.kind] * rng.uniform(0.7, 1.4)
    light *= 1 + contrast * marks + 0.016 * fine
    light *= wire.shade
    if wire.kind is WireKind.BLUE:  # glossy: a broad highlight
        hot_x, hot_y = (float(v) for v in rng.normal(0, 0.6, 2))
        light += 0.10 * np.maximum(1 - ((dx - hot_x) ** 2 + (dy - hot_y) ** 2) / 0.5, 0)
    return np.asarray(light, np.float32)


def _arc(outline: Outline, start: float, end: float, grow: float = 1.0, count: int = 20) -> F64:
    angles = np.linspace(start, end, count)
    radii = np.array([outline.reach(a) for a in angles]) * grow
    return np.asarray(
        outline.centre + np.stack((np.cos(angles), np.sin(angles)), axis=1) * radii[:, None]
    )


def _stripe_on_face(
    canvas: Canvas, wire: Wire, at: float, span: float, light: F32, window: Window
) -> None:
    angles = np.linspace(at - span, at + span, 24)
    t = np.linspace(-1, 1, 24)
    depth = 0.175 * (1 - np.abs(t) ** 2.4) ** 0.7
    unit = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    radii = np.array([wire.face.reach(a) for a in angles])
    outer = wire.face.centre + unit * (radii * 1.0)[:, None]
    inner = wire.face.centre + unit * (radii * (1 - depth))[:, None]
    patch = np.concatenate((outer, inner[::-1]))
    part = canvas.window(patch, 10).meet(window)
    inside = canvas.coverage(patch, part, 3.5)
    inside *= canvas.coverage(wire.face.points, part, 0.9) * np.float32(0.92)
    canvas.blend(part, inside, GREEN[:, None, None] * light[part.inside(window)])


def _scuffs(canvas: Canvas, wire: Wire, rng: np.random.Generator) -> None:
    """Pale arcs and lint where the knife dragged; dark specks, in yellow many bubbles."""
    for _ in range(int(rng.integers(0, 4))):
        start = rng.uniform(0, 2 * np.pi)
        span, r = rng.uniform(0.15, 0.7), rng.uniform(0.62, 0.9)
        outer = _arc(wire.face, start, start + span, r, 8)
        inner = _arc(wire.face, start, start + span * 0.9, r - rng.uniform(0.012, 0.045), 8)
        canvas.fill(
            np.concatenate((outer, inner[::-1])),
            np.minimum(FACE[wire.kind] * 1.32 + 10, 255),
            rng.uniform(0.08, 0.3),
            1.8,
        )
    specks = []
    for _ in range(
        int(rng.integers(6, 22) if wire.kind is WireKind.YELLOW else rng.integers(2, 7))
    ):
        angle, r = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 0.95) * wire.face.radius
        at = wire.face.centre + r * np.array((np.cos(angle), np.sin(angle)))
        specks.append(_disc(at, rng.uniform(1.3, 3.1)))
    canvas.sprinkle(specks, FACE[wire.kind] * 0.58, 0.5)


def _disc(at: F64, radius: float) -> F64:
    return np.asarray(at + radius * _CIRCLE)


def paint_empty_socket(canvas: Canvas, scene: Scene, wire: Wire) -> None:
    """Where a wire should be: the hole that it leaves, lit on one wall, black in its depth."""
    rng = stream(scene.seed, Stream.DEFECT, 20 + wire.index)
    # wide enough to hide the soft edge of the wire that would be here
    wider = 1 + (1.0 + 1.6 / canvas.scale) / wire.face.radius
    still = np.zeros(2)
    outline = hull(wire.base.moved(still, wider), wire.face.moved(still, wider))
    window = canvas.window(outline)
    coverage = canvas.coverage(outline, window)
    away = scene.shadow / np.hypot(*scene.shadow)
    rim = np.array((92.0, 108.0, 115.0), np.float32)
    marks = textures.knife_marks(canvas.size, window.shape, rng, rng.uniform(0, 3.1))
    x, y = canvas.grid(window)
    dx = (x - float(wire.base.centre[0])) / wire.base.radius
    dy = (y - float(wire.base.centre[1])) / wire.base.radius
    lit = np.clip(0.66 + 0.42 * (dx * float(away[0]) + dy * float(away[1])), 0.1, 1.2)
    wall = rim[:, None, None] * (lit * (0.85 + 0.05 * marks))
    canvas.blend(window, coverage, wall)
    depth = wire.base.moved(-away * rng.uniform(16, 40), rng.uniform(0.70, 0.82))
    shade = canvas.coverage(depth.points, window, 17) * coverage
    canvas.blend(window, shade * np.float32(rng.uniform(0.7, 0.95)), DARK + 8)
    floor = cv2.GaussianBlur(coverage, (0, 0), max(2.0 * canvas.scale, 0.3)) * coverage
    canvas.blend(window, floor * np.float32(0.12), DARK)
