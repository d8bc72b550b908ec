"""Paints everything around the wires: table, pit, jacket with its moulded inside, dirt.

Must not know of defects.
"""

import cv2
import numpy as np

from engine.data.cable import textures
from engine.data.cable.canvas import F32, Canvas, Window, smoothstep
from engine.data.cable.scene import F64, Outline, Scene, Stream, stream

WHITE = np.array((168.0, 237.0, 261.0), np.float32)
GREY = np.array((101.0, 120.0, 129.0), np.float32)
SIDE = np.array((93.0, 122.0, 141.0), np.float32)
PIT = np.array((48.0, 53.0, 61.0), np.float32)
DARK = np.array((21.0, 19.0, 24.0), np.float32)


def hull(*outlines: Outline) -> F64:
    """The convex hull of several outlines: what a slanted cylinder covers."""
    points = np.concatenate([o.points for o in outlines]).astype(np.float32)
    return np.asarray(cv2.convexHull(points)[:, 0, :], np.float64)


def paint_table(canvas: Canvas, scene: Scene) -> None:
    """The granite table and the round pit in which the cable stands."""
    rng = stream(scene.seed, Stream.BACKGROUND)
    whole = canvas.whole()
    texture = textures.cut_out(textures.granite(canvas.size), whole.shape, rng)
    x, y = canvas.coarse_grid(whole)
    slope = [float(v) for v in rng.normal(0, 0.10, 2)]
    light = 1 + slope[0] * (x - 512) / 1024 + slope[1] * (y - 512) / 1024
    light *= rng.uniform(0.92, 1.1)
    radius = scene.hole.radius
    distance = _distance(x, y, scene.hole.centre)
    light *= 0.70 + 0.30 * smoothstep(radius - 4, radius + 34, distance)
    pit = 0.97 * (1 - smoothstep(radius - 8, radius + 10, distance))
    down = ((x - 512) * float(scene.shadow[0]) + (y - 512) * float(scene.shadow[1])) / 6000
    shade = (
        0.84
        + 0.36 * smoothstep(-1, 1, down.astype(np.float32))
        + 0.10 * smoothstep(-18, 8, distance - radius)
    )
    over = canvas.expand(light * (1 - pit), whole)
    pit = canvas.expand(shade * pit, whole)
    for channel in range(3):
        plane = canvas.planes[channel]
        np.multiply(texture[channel], over, out=plane)
        plane += pit * PIT[channel]


def _distance(x: F32, y: F32, centre: F64) -> F32:
    dx, dy = x - np.float32(centre[0]), y - np.float32(centre[1])
    return np.asarray(np.sqrt(dx * dx + dy * dy), np.float32)


def paint_backdrop(canvas: Canvas, scene: Scene) -> None:
    """All that lies deeper than the cut end and is out of focus: table, pit, the jacket's side."""
    backdrop = canvas.backdrop()
    paint_table(backdrop, scene)
    rng = stream(scene.seed, Stream.JACKET, 1)
    away = scene.shadow / np.hypot(*scene.shadow)
    cast = scene.jacket_base.moved(-away * rng.uniform(9, 27), 1.004)
    backdrop.fill(cast.points, DARK, rng.uniform(0.45, 0.95), 6)
    _paint_side(backdrop, scene, rng)
    canvas.begin_with(backdrop)


def paint_jacket(canvas: Canvas, scene: Scene) -> None:
    """The cut end of the jacket and its moulded inside."""
    rng = stream(scene.seed, Stream.JACKET)
    window = canvas.window(scene.jacket.points)
    light = _face_light(canvas, scene, window, rng)
    inside = canvas.coverage(scene.inner.points, window, rng.uniform(1.8, 3.4))
    tone, glow = _inside_light(canvas, scene, window, inside, light, rng)
    covered = canvas.coverage(scene.jacket.points, window, 0.8)
    # a mixture of two colours: white outside, inside grey that is lit by white near its edge
    grey = (tone - glow) * inside
    grey *= covered
    white = light
    white -= (light - glow) * inside
    white *= covered
    mixed = [cv2.addWeighted(white, float(WHITE[c]), grey, float(GREY[c]), 0.0) for c in range(3)]
    canvas.blend_premultiplied(window, covered, mixed)


def _paint_side(canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
    outline = hull(scene.jacket, scene.jacket_base)
    window = canvas.window(outline)
    x, y = canvas.coarse_grid(window)
    # dark at the foot, pale under the cut edge
    above = _distance(x, y, scene.jacket.centre) - scene.jacket.radius
    light = (1.06 - 0.62 * smoothstep(-2, 34, above)) * rng.uniform(0.85, 1.1)
    speck = 1 + 0.10 * textures.cut_out(textures.rough(canvas.size), window.shape, rng)
    speck *= canvas.expand(light, window)
    canvas.blend(window, canvas.coverage(outline, window, 1.6), SIDE[:, None, None] * speck)


def _face_light(canvas: Canvas, scene: Scene, window: Window, rng: np.random.Generator) -> F32:
    x, y = canvas.coarse_grid(window)
    centre, radius = scene.jacket.centre, scene.jacket.radius
    r = _distance(x, y, centre) / radius
    light = 1.015 - rng.uniform(0.16, 0.30) * smoothstep(0.87, 0.995, r)
    dull = rng.uniform(0.14, 0.26)  # the top is in the shade of the rim
    top = -np.pi / 2 + rng.normal(0, 0.35)
    dx, dy = (x - float(centre[0])) / radius, (y - float(centre[1])) / radius
    light -= dull * smoothstep(0.45, 1.0, dx * float(np.cos(top)) + dy * float(np.sin(top)))
    light *= 1 + 0.05 * _slow(rng, light.shape)
    strength = rng.uniform(1.0, 1.8)
    pores = strength * textures.cut_out(textures.pores(canvas.size), window.shape, rng)
    pores += 1 - strength
    pores *= canvas.expand(light, window)
    np.minimum(pores, np.float32(1.03), out=pores)
    return pores


def _slow(rng: np.random.Generator, shape: tuple[int, ...], cells: int = 5) -> F32:
    """Noise that changes over a fifth of the window."""
    coarse = rng.standard_normal((cells, cells)).astype(np.float32)
    out = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(out, np.float32)


def _inside_light(
    canvas: Canvas,
    scene: Scene,
    window: Window,
    inside: F32,
    light: F32,
    rng: np.random.Generator,
) -> tuple[F32, F32]:
    """Tone of the grey inside and how much white shines through near its edge, both [h, w]."""
    x, y = canvas.coarse_grid(window)
    rows, columns = y.shape[0], x.shape[1]
    glow = cv2.resize(inside, (columns, rows), interpolation=cv2.INTER_AREA)
    glow = cv2.GaussianBlur(glow, (0, 0), max(columns / 890 * 30, 0.5))
    glow = canvas.expand((1 - glow) * np.float32(rng.uniform(0.26, 0.36)), window)
    down = (y - float(scene.jacket.centre[1])) / scene.jacket.radius
    slow = 0.64 + 0.055 * down + 0.04 * _slow(rng, (rows, columns))
    marks = 0.045 * textures.knife_marks(canvas.size, window.shape, rng, rng.uniform(0, 3.14))
    marks += canvas.expand(slow, window)
    marks += light * 0.35
    return marks, glow


def paint_sockets(canvas: Canvas, scene: Scene) -> None:
    """The shade around the feet of the wires and the dark gap between them."""
    feet = np.array([scene.wire(i).base.centre for i in range(3)])
    window = canvas.window(np.concatenate([w.base.points for w in scene.wires]), 60)
    height, width = window.shape
    small = np.zeros((max(height // 4, 4), max(width // 4, 4)), np.uint8)
    ratio = np.array((small.shape[1] / width, small.shape[0] / height)) * canvas.scale
    corner = np.array((window.x0, window.y0)) / canvas.scale
    for wire in scene.wires:
        points = (hull(wire.base.moved(scene.shadow * 1.2, 1.03)) - corner) * ratio
        cv2.fillPoly(small, [np.rint(points).astype(np.int32)], 255)
    soft = cv2.GaussianBlur(small, (0, 0), max(20 * float(ratio[0]), 0.4))
    shade = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    canvas.blend(window, shade.astype(np.float32) * np.float32(0.62 / 255), DARK + 22)
    for wire in scene.wires:
        canvas.fill(wire.base.moved(scene.shadow * 0.75, 1.012).points, DARK, 0.88, 3.2)
    middle = feet.mean(axis=0)
    canvas.fill(middle + (feet - middle) * 0.9, DARK, 0.97, 6)


def paint_dirt(canvas: Canvas, scene: Scene) -> None:
    """Specks, stains and now and then a hair on the jacket: part of good cables too."""
    rng = stream(scene.seed, Stream.DIRT)
    for shade in (0.8, 1.2):
        colour, opacity = np.array((82.0, 84.0, 78.0)) * shade, rng.uniform(0.35, 0.7)
        for _ in range(int(rng.integers(3, 9))):
            angle, r = rng.uniform(0, 2 * np.pi), rng.uniform(0.74, 0.975) * scene.jacket.radius
            at = scene.jacket.centre + r * np.array((np.cos(angle), np.sin(angle)))
            long = rng.uniform(2.2, 5.5)
            speck = _blob(rng, at, long, long * rng.uniform(0.45, 0.95))
            canvas.fill(speck, colour, opacity)
    if rng.random() < 0.35:
        angle, r = rng.uniform(0, 2 * np.pi), rng.uniform(0.78, 0.95) * scene.jacket.radius
        at = scene.jacket.centre + r * np.array((np.cos(angle), np.sin(angle)))
        _hair(canvas, rng, at)


def _blob(rng: np.random.Generator, at: F64, long: float, wide: float) -> F64:
    t = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    radii = 1 + rng.normal(0, 0.14, 12)
    turn = rng.uniform(0, np.pi)
    x, y = long * radii * np.cos(t), wide * radii * np.sin(t)
    return np.asarray(
        at + np.stack((x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)), 1)
    )


def _hair(canvas: Canvas, rng: np.random.Generator, at: F64) -> None:
    length = rng.uniform(10, 34)
    bend = rng.uniform(-2.8, 2.8)
    heading = rng.uniform(0, 2 * np.pi) + np.linspace(-0.5, 0.5, 14) * bend
    steps = np.stack((np.cos(heading), np.sin(heading)), 1) * length / 14
    line = at + np.cumsum(steps, axis=0)
    normal = np.stack((-np.sin(heading), np.cos(heading)), 1) * rng.uniform(0.6, 1.4)
    canvas.fill(np.concatenate((line + normal, (line - normal)[::-1])), (62, 58, 52), 0.75, 0.5)
