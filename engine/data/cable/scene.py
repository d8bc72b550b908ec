"""What is in one picture: where jacket, wires and strands lie and how the light falls.

Numbers only, drawn from a seed; must not know how anything is painted.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
STRAND_RADIUS = 12.2
_NEAREST = 308.0  # between the centres of two cut ends
_ANGLES = np.linspace(0.0, 2 * np.pi, 120, endpoint=False)
_UNIT = np.stack((np.cos(_ANGLES), np.sin(_ANGLES)), axis=1)


class WireKind(Enum):
    YELLOW = "green_yellow"
    BLUE = "blue"
    BROWN = "brown_grey"


# One independent random stream per part of the scene, so that a defect that needs a random number
# shifts nothing else in the picture.
class Stream(Enum):
    LAYOUT = 1
    BACKGROUND = 2
    JACKET = 3
    WIRE = 4
    COPPER = 5
    DIRT = 6
    LIGHT = 7
    DEFECT = 8


def stream(seed: int, part: Stream, index: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, part.value, index))))


@dataclass(frozen=True)
class Outline:
    """A closed curve about a centre: radius at 120 equally spaced angles, in units."""

    centre: F64
    radii: F64

    @cached_property
    def points(self) -> F64:
        return np.asarray(self.centre + _UNIT * self.radii[:, None])

    @cached_property
    def radius(self) -> float:
        return float(self.radii.mean())

    def moved(self, offset: F64, grow: float = 1.0) -> "Outline":
        return Outline(self.centre + offset, self.radii * grow)

    def reach(self, angle: float) -> float:
        """The radius towards `angle` (radians)."""
        turns = (angle % (2 * np.pi)) / (2 * np.pi) * len(self.radii)
        return float(self.radii[int(turns) % len(self.radii)])


@dataclass(frozen=True)
class Bundle:
    """Copper strands of one wire: feet [n, 2] and faces [n, 2] in units, drawn in this order."""

    centre: F64
    feet: F64
    faces: F64
    radii: F64
    tilts: F64  # [n, 2]: how far each face leans away from the mirror direction
    tarnish: float  # 0 fresh … 1 dull


@dataclass(frozen=True)
class Wire:
    index: int
    kind: WireKind
    base: Outline  # where it leaves the jacket
    face: Outline  # the cut end, nearer to the camera
    bundle: Bundle
    stripes: tuple[float, float]  # angles of the two green stripes, radians
    stripe_spans: tuple[float, float]
    cut_angle: float  # direction of the knife marks
    shade: float


@dataclass(frozen=True)
class Scene:
    seed: int
    hole: Outline
    jacket_base: Outline
    jacket: Outline
    inner: Outline
    wires: tuple[Wire, ...]  # in the order in which they are painted
    shadow: F64  # where shadows fall, units
    gain: float
    tint: F64

    def wire(self, index: int) -> Wire:
        return next(w for w in self.wires if w.index == index)


def make_scene(seed: int) -> Scene:
    rng = stream(seed, Stream.LAYOUT)
    turn = rng.normal(0, np.deg2rad(3.2))
    centre = np.array((512.0, 521.0)) + rng.normal(0, 6.5, 2)
    jacket = _ring(rng, centre, 429 + rng.normal(0, 4), 0.009)
    lean = rng.normal(0, 1, 2)
    lean *= min(rng.gamma(2.2, 9.0), 34.0) / max(float(np.hypot(*lean)), 1e-6)
    jacket_base = jacket.moved(lean, 0.992)
    hole = _ring(rng, centre + 0.55 * lean + rng.normal(0, 4, 2), 466 + rng.normal(0, 6), 0.004)
    shadow_angle = np.deg2rad(75) + rng.normal(0, 0.75)
    shadow = np.array((np.cos(shadow_angle), np.sin(shadow_angle))) * rng.uniform(5, 13)
    bases = [_base(seed, index, centre, turn) for index in range(3)]
    leans = _leans(rng, centre, bases)
    wires = [_wire(seed, index, bases[index], leans[index]) for index in range(3)]
    order = rng.permutation(3)
    return Scene(
        seed=seed,
        hole=hole,
        jacket_base=jacket_base,
        jacket=jacket,
        inner=_profile(rng, centre, jacket.radius, turn),
        wires=tuple(wires[i] for i in order),
        shadow=shadow,
        gain=float(np.clip(rng.normal(0.985, 0.035), 0.89, 1.05)),
        tint=np.clip(rng.normal(1.0, 0.007, 3), 0.98, 1.02),
    )


def _ring(
    rng: np.random.Generator, centre: F64, radius: float, wobble: float, harmonics: int = 4
) -> Outline:
    radii = np.ones_like(_ANGLES)
    for k in range(2, 2 + harmonics):
        radii += wobble * rng.normal() * 2.0 / k * np.cos(k * _ANGLES + rng.uniform(0, 2 * np.pi))
    return Outline(np.asarray(centre, float), radius * radii)


def _profile(rng: np.random.Generator, centre: F64, radius: float, turn: float) -> Outline:
    """The moulded inside of the jacket: three ridges between the wires, steep on one side."""
    radii = np.full_like(_ANGLES, 0.892 + rng.normal(0, 0.008))
    radii -= 0.03 * np.exp(-((_apart(_ANGLES, -np.pi / 2 + turn) / 0.6) ** 2))
    for ridge in np.deg2rad((-34.0, 90.0, 208.0)):
        at = ridge + turn + rng.normal(0, 0.045)
        depth = 0.165 + rng.normal(0, 0.014)
        apart = _apart(_ANGLES, at)
        before, after = 0.40 + rng.normal(0, 0.04), 0.23 + rng.normal(0, 0.025)
        width = np.where(apart < 0, before, after)
        radii -= depth * np.exp(-(np.abs(apart / width) ** 2.6))
    for k in (5, 7, 9):
        radii += 0.0035 * rng.normal() * np.cos(k * _ANGLES + rng.uniform(0, 6.28))
    return Outline(centre + rng.normal(0, 2.5, 2), radius * radii)


def _apart(angles: F64, at: float) -> F64:
    return np.asarray((angles - at + np.pi) % (2 * np.pi) - np.pi)


def _base(seed: int, index: int, centre: F64, turn: float) -> Outline:
    rng = stream(seed, Stream.WIRE, 20 + index)
    angle = np.deg2rad((-89.0, 152.0, 27.0)[index]) + turn + rng.normal(0, 0.025)
    distance = 189 + rng.normal(0, 3.0)
    towards = np.array((np.cos(angle), np.sin(angle)))
    return _ring(rng, centre + distance * towards + (3, 9), 163 + rng.normal(0, 2.5), 0.010)


def _leans(rng: np.random.Generator, centre: F64, bases: list[Outline]) -> list[F64]:
    """How far each cut end lies from the foot of its wire; ends that would meet push apart."""
    leans = []
    for base in bases:
        towards = (base.centre - centre) / np.hypot(*(base.centre - centre))
        lean = rng.normal(0, 1, 2)
        lean *= min(rng.gamma(2.6, 11.0), 50.0) / max(float(np.hypot(*lean)), 1e-6)
        inward = max(-float(lean @ towards) - 14.0, 0.0)
        leans.append(np.asarray(lean + inward * towards, np.float64))
    for _ in range(3):
        for i, j in ((0, 1), (1, 2), (2, 0)):
            apart = bases[j].centre + leans[j] - bases[i].centre - leans[i]
            distance = float(np.hypot(*apart))
            if distance < _NEAREST:
                push = apart / distance * (_NEAREST - distance) / 2
                leans[i], leans[j] = leans[i] - push, leans[j] + push
    return leans


def _wire(seed: int, index: int, base: Outline, lean: F64) -> Wire:
    rng = stream(seed, Stream.WIRE, index)
    squash = 1 - 0.055 * rng.random() * np.abs(np.cos(_ANGLES - rng.uniform(0, np.pi)))
    face = _ring(rng, base.centre + lean, 163 + rng.normal(0, 2), 0.016)
    face = Outline(face.centre, face.radii * squash)
    stripe = np.deg2rad(205) + rng.normal(0, 0.75)
    return Wire(
        index=index,
        kind=(WireKind.YELLOW, WireKind.BLUE, WireKind.BROWN)[index],
        base=base,
        face=face,
        bundle=_bundle(seed, index, face, lean),
        stripes=(stripe, stripe + np.pi + rng.normal(0, 0.35)),
        stripe_spans=(rng.uniform(0.42, 0.62), rng.uniform(0.42, 0.66)),
        cut_angle=rng.uniform(0, np.pi),
        shade=float(np.clip(rng.normal(1.0, 0.05), 0.88, 1.12)),
    )


def _bundle(seed: int, index: int, face: Outline, lean: F64) -> Bundle:
    rng = stream(seed, Stream.COPPER, index)
    centre = face.centre + rng.normal(0, 8, 2)
    count = int(rng.integers(34, 40))
    pitch = 27.0 + rng.normal(0, 0.7)
    grid = np.arange(-5, 6)
    a, b = np.meshgrid(grid, grid)
    hexagons = np.stack((a + 0.5 * b, b * np.sqrt(0.75)), axis=-1).reshape(-1, 2) * pitch
    hexagons = hexagons + rng.uniform(-0.5, 0.5, 2) * pitch
    spin = rng.uniform(0, np.pi / 3)
    rotation = np.array(((np.cos(spin), -np.sin(spin)), (np.sin(spin), np.cos(spin))))
    hexagons = hexagons @ rotation.T
    axis = rng.uniform(0, np.pi)
    along = hexagons @ (np.cos(axis), np.sin(axis))
    across = hexagons @ (-np.sin(axis), np.cos(axis))
    longer = 1 + abs(rng.normal(0, 0.09))
    distance = np.hypot(along / longer, across * longer) + rng.normal(0, 4, len(hexagons))
    chosen = hexagons[np.argsort(distance)[:count]]
    chosen = chosen - chosen.mean(axis=0) + rng.normal(0, 1.7, (count, 2))
    sheared = rng.normal(0, 5, 2) * 0.2 * (chosen @ rng.normal(0, 0.012, 2))[:, None]
    lift = lean * rng.uniform(0.05, 0.36) + rng.normal(0, 3.6, 2)
    heights = 1 + rng.normal(0, 0.42, count)
    feet = centre + chosen - lift * 0.5
    faces = feet + lift * heights[:, None] + sheared + rng.normal(0, 1.2, (count, 2))
    glare = rng.normal(0, 1, 2)
    glare *= rng.choice((0.12, 0.55, 1.1, 1.5), p=(0.42, 0.12, 0.16, 0.30)) / np.hypot(*glare)
    tilts = glare + rng.normal(0, 0.17, (count, 2))
    tilts += (chosen / 85.0) * rng.normal(0, 0.26) + np.outer(
        chosen @ rng.normal(0, 1, 2) / 85.0, rng.normal(0, 0.24, 2)
    )
    order = np.argsort(faces @ lift)  # strands that stand towards the lean hide those behind
    return Bundle(
        centre=centre,
        feet=feet[order],
        faces=faces[order],
        radii=np.clip(rng.normal(STRAND_RADIUS, 0.35, count), 11, 13.4),
        tilts=tilts,
        tarnish=float(rng.uniform(0, 1)),
    )
