"""Defects of the copper: strands bent out, pulled out, and a wire split open.

Must not know how good strands are painted.
"""

from dataclasses import dataclass

import numpy as np

from engine.data.cable import copper, textures
from engine.data.cable.canvas import Canvas
from engine.data.cable.scene import F64, STRAND_RADIUS, Scene, Wire
from engine.data.cable.wires import FACE

_UP = np.array((0.0, 2.0))
_T = np.linspace(0, 1, 16)[:, None]


@dataclass(frozen=True)
class Bend:
    """Strands of one side of the bundle bent outwards, fanning."""

    feet: F64
    paths: tuple[F64, ...]  # each [16, 2], foot first
    gloss: F64
    seed: int

    @staticmethod
    def draw(wire: Wire, rng: np.random.Generator) -> "Bend":
        faces, centre = wire.bundle.faces, wire.bundle.centre
        towards = rng.uniform(0, 2 * np.pi)
        headings = [towards]
        if rng.random() < 0.35:
            headings.append(towards + rng.uniform(1.8, 3.2))
        feet: list[F64] = []
        paths: list[F64] = []
        taken: set[int] = set()
        for heading in headings:
            aim = np.array((np.cos(heading), np.sin(heading)))
            side = (faces - centre) @ aim + rng.normal(0, 14, len(faces))
            count = int(rng.integers(5, 13) if len(headings) == 1 else rng.integers(4, 9))
            chosen = [int(i) for i in np.argsort(-side) if int(i) not in taken][:count]
            taken.update(chosen)
            reach = rng.uniform(70, 130)
            spread = rng.uniform(0.1, 0.42)
            for i in chosen:
                turn = heading + rng.normal(0, spread)
                way = np.array((np.cos(turn), np.sin(turn)))
                foot = faces[i] - way * rng.uniform(0, 22)
                tip = faces[i] + way * reach * rng.uniform(0.45, 1.0)
                knee = foot + (tip - foot) * 0.5 + np.array((-way[1], way[0])) * rng.normal(0, 11)
                feet.append(faces[i])
                paths.append((1 - _T) ** 2 * foot + 2 * _T * (1 - _T) * knee + _T**2 * tip)
        order = np.argsort([float(np.hypot(*(p[-1] - centre))) for p in paths])
        return Bend(
            feet=np.array(feet),
            paths=tuple(paths[int(i)] for i in order),
            gloss=rng.beta(1.1, 1.1, len(paths)),
            seed=int(rng.integers(2**31)),
        )

    def paint(self, canvas: Canvas, scene: Scene) -> None:
        rng = np.random.default_rng(self.seed)
        sprite = copper.Sprite(canvas, np.concatenate((self.feet, *self.paths)), 30)
        for foot in self.feet:  # where they stood it is dark now
            sprite.disc(foot, STRAND_RADIUS * 1.3, copper.DEEP)
        for path, gloss in zip(self.paths, self.gloss.tolist(), strict=True):
            copper.draw_bent(sprite, path, STRAND_RADIUS, gloss, rng)
        sprite.lay(canvas, scene, rng, 0.8)


@dataclass(frozen=True)
class Pull:
    """Strands gone from a bundle: part of it, or all; their channel is dark."""

    feet: F64
    seed: int
    stubs: F64  # a few broken strands deep in the hole

    @staticmethod
    def draw(wire: Wire, rng: np.random.Generator) -> "Pull":
        bundle = wire.bundle
        ends = (bundle.faces + bundle.feet) / 2
        heading = rng.uniform(0, 2 * np.pi)
        aim = np.array((np.cos(heading), np.sin(heading)))
        side = (ends - bundle.centre) @ aim + rng.normal(0, 9, len(ends))
        share = 1.0 if rng.random() < 0.3 else rng.uniform(0.22, 0.7)
        chosen = np.argsort(-side)[: max(4, round(share * len(ends)))]
        gone = np.concatenate((bundle.feet[chosen], bundle.faces[chosen]))
        stubs = bundle.feet[chosen][:: int(rng.integers(3, 6))] + rng.normal(0, 3, 2)
        return Pull(gone, int(rng.integers(2**31)), stubs)

    def paint(self, canvas: Canvas, scene: Scene) -> None:
        rng = np.random.default_rng(self.seed)
        sprite = copper.Sprite(canvas, self.feet, 26)
        for at in self.feet:
            sprite.disc(at, STRAND_RADIUS * 1.34, (34, 22, 19))
        for at in self.feet + scene.shadow * 0.35:
            sprite.disc(at, STRAND_RADIUS * 1.12, (15, 9, 9))
        for at in self.stubs:
            sprite.disc(at, STRAND_RADIUS * 0.85, copper.tone(rng.uniform(0.05, 0.22), 0.5)[:3])
            sprite.disc(at - _UP, STRAND_RADIUS * 0.5, copper.tone(0.2, 0.4)[:3])
        sprite.lay(canvas, scene, rng, 0.4)


@dataclass(frozen=True)
class Split:
    """A blade went through the insulation into the copper: a trench with two walls, strands in it
    folded over and dull."""

    trench: F64
    lit: F64
    across: F64
    along: F64
    middle: F64
    copper_at: F64
    colour: F64
    angle: float
    seed: int

    @staticmethod
    def draw(wire: Wire, rng: np.random.Generator) -> "Split":
        angle = rng.uniform(0, 2 * np.pi)
        along = np.array((np.cos(angle), np.sin(angle)))
        across = np.array((-along[1], along[0]))
        middle = wire.bundle.centre + across * rng.normal(0, 14)
        start = -rng.uniform(10, 70) if rng.random() < 0.55 else -_edge(wire, middle, -along)
        end = _edge(wire, middle, along)
        half = rng.uniform(20, 42)
        t = np.linspace(0, 1, 9)
        widths = half * (0.55 + 0.75 * t) * (1 + rng.normal(0, 0.07, 9))
        if start > -80:
            widths *= np.minimum(1, 0.25 + 3 * t)
        else:
            widths = half * (1.15 - 0.5 * np.sin(np.pi * t)) * (1 + rng.normal(0, 0.06, 9))
        line = middle + along * (start + (end - start) * t)[:, None]
        left = line + across * widths[:, None]
        right = line - across * widths[:, None]
        fold = line + across * (widths * rng.uniform(-0.35, 0.35))[:, None]
        near = (wire.bundle.faces - middle) @ across
        chosen = wire.bundle.faces[np.abs(near) < half * 1.25]
        return Split(
            trench=np.concatenate((left, right[::-1])),
            lit=np.concatenate((left, fold[::-1])),
            across=across,
            along=along,
            middle=middle,
            copper_at=chosen if len(chosen) else wire.bundle.faces[:4],
            colour=FACE[wire.kind].astype(float) * wire.shade,
            angle=angle,
            seed=int(rng.integers(2**31)),
        )

    def paint(self, canvas: Canvas, scene: Scene) -> None:
        rng = np.random.default_rng(self.seed)
        window = canvas.window(self.trench, 4)
        if not window.empty:
            marks = textures.knife_marks(canvas.size, window.shape, rng, self.angle + np.pi / 2)
            coverage = canvas.coverage(self.trench, window, 1.0)
            for shape, share in ((self.trench, rng.uniform(0.42, 0.6)), (self.lit, 0.86)):
                alpha = np.minimum(canvas.coverage(shape, window, 1.0), coverage)
                light = (share + 0.06 * marks).astype(np.float32)
                colour = self.colour.astype(np.float32)[:, None, None] * light
                canvas.blend(window, alpha, colour)
        rim = self.trench[: len(self.trench) // 2]
        lip = np.concatenate((rim, (rim - self.across * 3.5)[::-1]))
        canvas.fill(lip, np.minimum(self.colour * 1.3 + 12, 255), 0.6, 0.8)
        self._paint_copper(canvas, scene, rng)

    def _paint_copper(self, canvas: Canvas, scene: Scene, rng: np.random.Generator) -> None:
        sprite = copper.Sprite(canvas, self.copper_at, 44)
        for at in self.copper_at:
            sprite.disc(at, STRAND_RADIUS * 1.35, copper.DEEP)
        for at in self.copper_at[rng.permutation(len(self.copper_at))]:
            turn = rng.normal(0, 0.45)
            way = self.across * np.cos(turn) + self.along * np.sin(turn)
            length = rng.uniform(16, 44) * (1 if rng.random() < 0.5 else -1)
            path = at + way * (_T - 0.6) * length
            if rng.random() < 0.75:
                copper.draw_fold(sprite, path, STRAND_RADIUS * rng.uniform(0.75, 1), rng)
            else:
                copper.draw_bent(sprite, path, STRAND_RADIUS, rng.uniform(0, 0.3), rng)
        sprite.lay(canvas, scene, rng, 0.6)


def _edge(wire: Wire, start: F64, way: F64) -> float:
    """How far it is from `start` to the outline of the cut face in the direction `way`."""
    for distance in np.arange(20.0, 260.0, 2.0):
        offset = start + way * distance - wire.face.centre
        if np.hypot(*offset) >= wire.face.reach(float(np.arctan2(offset[1], offset[0]))):
            return float(distance)
    return 160.0
