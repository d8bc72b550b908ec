"""Procedural textures of the cable renderer, made once per picture size and kept.

Must not know the scene: a picture takes a random cut-out of them.
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.cable.canvas import F32, UNITS

_SEED = 20261122
_GRANITE = np.array((70.0, 91.0, 113.0), np.float32)
_GRANITE_SPREAD = np.array((0.16, 0.185, 0.195), np.float32)  # per unit of the noise, as measured


def smooth_noise(rng: np.random.Generator, shape: tuple[int, int], cell: float) -> F32:
    """Band-limited noise of unit variance, `cell` pixels from one random value to the next."""
    cell = max(cell, 1.0)
    rows, columns = (int(np.ceil(n / cell)) + 3 for n in shape)
    coarse: Any = rng.standard_normal((rows, columns), dtype=np.float32)
    if cell > 1.0:
        size = (int(np.ceil(columns * cell)), int(np.ceil(rows * cell)))
        coarse = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    cut = coarse[int(cell) : int(cell) + shape[0], int(cell) : int(cell) + shape[1]]
    return np.asarray((cut - cut.mean()) / max(float(cut.std()), 1e-6), np.float32)


def _pixels(units: float, size: int) -> float:
    return units * size / UNITS


@lru_cache(maxsize=4)
def granite(size: int) -> F32:
    """The speckled table, out of focus: float32 [3, 1.5 S, 1.5 S]."""
    rng = np.random.default_rng((_SEED, 1))
    side = int(np.ceil(size * 1.5)) + 2
    shape = (side, side)
    grain = (
        0.06 * smooth_noise(rng, shape, _pixels(5, size))
        + 0.36 * smooth_noise(rng, shape, _pixels(9, size))
        + 0.62 * smooth_noise(rng, shape, _pixels(16, size))
        + 0.60 * smooth_noise(rng, shape, _pixels(30, size))
        + 0.52 * smooth_noise(rng, shape, _pixels(110, size))
    )
    # veins: where a smooth field crosses zero
    for cell in (22, 40):
        veins = np.exp(-((smooth_noise(rng, shape, _pixels(cell, size)) / 0.2) ** 2))
        veins *= np.clip(smooth_noise(rng, shape, _pixels(70, size)), -1.2, 1.5)
        grain += 0.55 * veins
    flecks = np.zeros(shape, np.float32)
    for _ in range(70):
        x, y = rng.uniform(0, side, 2)
        axes = (_pixels(rng.uniform(4, 13), size), _pixels(rng.uniform(3, 6), size))
        _soft_ellipse(flecks, (x, y), axes, rng.uniform(0, 180), rng.uniform(0.8, 2.6))
    grain += cv2.GaussianBlur(flecks, (0, 0), max(_pixels(3.0, size), 0.3))
    grain = (grain - grain.mean()) / grain.std()
    grain = np.where(grain > 0, grain * 1.06, grain * 0.92)
    return np.stack(
        [
            np.float32(m) * (1 + np.float32(s) * grain)
            for m, s in zip(_GRANITE, _GRANITE_SPREAD, strict=True)
        ]
    ).astype(np.float32)


@lru_cache(maxsize=4)
def pores(size: int) -> F32:
    """The cut face of the jacket: bubbles, scratches, mottling. Factor float32 [1.5 S, 1.5 S]."""
    rng = np.random.default_rng((_SEED, 2))
    side = int(np.ceil(size * 1.5)) + 2
    factor = np.ones((side, side), np.float32)
    for _ in range(2300):
        x, y = rng.uniform(0, side, 2)
        radius = _pixels(min(rng.lognormal(0.75, 0.55), 7.0), size)
        depth = rng.uniform(0.05, 0.26) * (1.5 if rng.random() < 0.12 else 1.0)
        _soft_ellipse(factor, (x, y), (radius, radius * rng.uniform(0.7, 1)), 0.0, -depth)
        if radius > _pixels(3.2, size):  # a bubble is a ring: pale inside
            _soft_ellipse(factor, (x, y), (radius * 0.62, radius * 0.55), 0.0, depth * 0.6)
    factor += 0.022 * smooth_noise(rng, factor.shape, _pixels(16, size))
    factor += 0.016 * smooth_noise(rng, factor.shape, _pixels(5, size))
    factor += 0.026 * smooth_noise(rng, factor.shape, _pixels(70, size))
    return factor


@lru_cache(maxsize=4)
def streaks(size: int) -> F32:
    """Marks of the knife in eight directions, 0…157.5°: float32 [8, S, S], zero mean, about ±1."""
    rng = np.random.default_rng((_SEED, 3))
    side = size + 2
    out = np.zeros((side, side), np.float32)
    for width, length, weight in ((5, 160, 0.28), (13, 260, 0.5), (32, 380, 0.7)):
        rows = max(int(UNITS / width), 4)
        columns = max(int(UNITS / length), 3) + 2
        coarse = rng.standard_normal((rows, columns)).astype(np.float32)
        out += weight * cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    patches = np.clip(0.6 + 0.55 * smooth_noise(rng, out.shape, _pixels(150, size)), 0.1, 2.0)
    out *= patches
    out += 0.25 * smooth_noise(rng, out.shape, _pixels(4, size))
    out += 0.35 * smooth_noise(rng, out.shape, _pixels(60, size))
    out -= out.mean()
    return np.stack([_turned(out, rng, k * np.pi / 8) for k in range(8)])


def knife_marks(size: int, shape: tuple[int, int], rng: np.random.Generator, angle: float) -> F32:
    """A piece [h, w] of `streaks` in about the direction `angle` (radians)."""
    return cut_out(streaks(size)[round(angle / np.pi * 8) % 8], shape, rng, mirror=False)


@lru_cache(maxsize=4)
def grain(size: int) -> NDArray[np.int16]:
    """Sensor noise in grey levels: int16 [S + 64, S + 64, 3]."""
    rng = np.random.default_rng((_SEED, 4))
    side = size + 64
    noise = 1.5 * rng.standard_normal((side, side, 3), dtype=np.float32)
    if size >= 768:  # the photographs are interpolated: neighbours are not independent
        noise = cv2.GaussianBlur(noise, (3, 3), 0.7) * np.float32(1.6)
    return np.asarray(np.rint(noise), np.int16)


@lru_cache(maxsize=4)
def rough(size: int) -> F32:
    """Fine unevenness of cut metal and worn plastic: float32 [S, S], zero mean, about ±1."""
    rng = np.random.default_rng((_SEED, 5))
    shape = (size + 2, size + 2)
    return np.asarray(
        0.7 * smooth_noise(rng, shape, _pixels(4, size))
        + 0.6 * smooth_noise(rng, shape, _pixels(9, size)),
        np.float32,
    )


def cut_out(
    texture: F32, shape: tuple[int, int], rng: np.random.Generator, mirror: bool = True
) -> F32:
    """A random piece [.., h, w] of a texture, possibly mirrored. A view, not to be written to."""
    height, width = texture.shape[-2:]
    y = int(rng.integers(0, height - shape[0] + 1))
    x = int(rng.integers(0, width - shape[1] + 1))
    piece = texture[..., y : y + shape[0], x : x + shape[1]]
    if mirror and rng.random() < 0.5:
        piece = piece[..., ::-1]
    if mirror and rng.random() < 0.5:
        piece = piece[..., ::-1, :]
    return piece


def _turned(texture: F32, rng: np.random.Generator, angle: float) -> F32:
    """A square texture turned by `angle` (radians) about a random point of it."""
    side = texture.shape[0]
    x, y = (float(v) for v in rng.uniform(0.4, 0.6, 2) * side)
    matrix = cv2.getRotationMatrix2D((x, y), -float(np.rad2deg(angle)), 1.0)
    out = cv2.warpAffine(texture, matrix, (side, side), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(out, np.float32)


def _soft_ellipse(
    image: NDArray[Any],
    centre: tuple[float, float],
    axes: tuple[float, float],
    angle: float,
    amount: float,
) -> None:
    """Add `amount` inside an ellipse (pixels) with an edge one pixel soft."""
    reach = int(np.ceil(max(axes))) + 2
    x0, y0 = int(centre[0]) - reach, int(centre[1]) - reach
    x1, y1 = x0 + 2 * reach + 1, y0 + 2 * reach + 1
    if x0 < 0 or y0 < 0 or x1 > image.shape[1] or y1 > image.shape[0]:
        return
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    turn = np.deg2rad(angle)
    dx, dy = x - centre[0], y - centre[1]
    u = (dx * np.cos(turn) + dy * np.sin(turn)) / max(axes[0], 0.3)
    v = (dy * np.cos(turn) - dx * np.sin(turn)) / max(axes[1], 0.3)
    inside = np.clip((1 - np.hypot(u, v)) * max(min(axes), 0.5) + 0.5, 0, 1)
    inside *= min(1.0, max(axes) * min(axes) * 3)  # smaller than a pixel: fainter
    image[y0:y1, x0:x1] += np.float32(amount) * inside
