"""The eight defects: which parts of a scene they change and how they look.

Must not touch the random streams of the good parts; what is painted here is marked by the caller.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.data.cable import gashes, loose_copper
from engine.data.cable.canvas import Canvas
from engine.data.cable.scene import Scene, Stream, Wire, WireKind, stream

DEFECTS = (
    "bent_wire",
    "cable_swap",
    "combined",
    "cut_inner_insulation",
    "cut_outer_insulation",
    "missing_cable",
    "missing_wire",
    "poke_insulation",
)

Painter = Callable[[Canvas, Scene], None]


@dataclass(frozen=True)
class Plan:
    """What differs from the good scene. Wires are named by their index."""

    kinds: Mapping[int, Wire] = field(default_factory=dict)  # wires of the wrong kind
    missing: frozenset[int] = frozenset()
    on_jacket: tuple[Painter, ...] = ()  # under the wires
    on_wire: Mapping[int, tuple[Painter, ...]] = field(default_factory=dict)
    on_top: tuple[Painter, ...] = ()

    def joined(self, other: "Plan") -> "Plan":
        on_wire = dict(self.on_wire)
        for index, painters in other.on_wire.items():
            on_wire[index] = on_wire.get(index, ()) + painters
        return Plan(
            kinds={**self.kinds, **other.kinds},
            missing=self.missing | other.missing,
            on_jacket=self.on_jacket + other.on_jacket,
            on_wire=on_wire,
            on_top=self.on_top + other.on_top,
        )


def plan_defect(scene: Scene, defect: str) -> Plan:
    """The plan of one of DEFECTS for this scene; the same scene always gets the same plan."""
    rng = stream(scene.seed, Stream.DEFECT)
    if defect == "combined":
        return _combined(scene, rng)
    return _PLANNERS[defect](scene, rng, int(rng.integers(3)))


def _combined(scene: Scene, rng: np.random.Generator) -> Plan:
    """Two or three defects at once, each on its own part of the cable."""
    on_wires = ["bent_wire", "cut_inner_insulation", "missing_wire", "poke_insulation"]
    if rng.random() < 0.3:
        on_wires.append("cable_swap")
    first, second = rng.choice(on_wires, 2, replace=False)
    one, two = (int(i) for i in rng.choice(3, 2, replace=False))
    plan = _PLANNERS[first](scene, rng, one)
    if rng.random() < 0.6:
        plan = plan.joined(_PLANNERS["cut_outer_insulation"](scene, rng, one))
    else:
        plan = plan.joined(_PLANNERS[second](scene, rng, two))
    if rng.random() < 0.25:
        third = next(i for i in range(3) if i not in (one, two))
        plan = plan.joined(_PLANNERS["poke_insulation"](scene, rng, third))
    return plan


def _bent_wire(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    bend = loose_copper.Bend.draw(scene.wire(index), rng)
    return Plan(on_top=(bend.paint,))


def _cable_swap(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    wire = scene.wire(index)
    if rng.random() < 0.7 and wire.kind is not WireKind.BLUE:
        kind = WireKind.BLUE
    else:
        others = [k for k in WireKind if k is not wire.kind]
        kind = others[int(rng.integers(len(others)))]
    return Plan(kinds={index: replace(wire, kind=kind)})


def _missing_cable(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    return Plan(missing=frozenset((index,)))


def _missing_wire(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    pull = loose_copper.Pull.draw(scene.wire(index), rng)
    return Plan(on_wire={index: (pull.paint,)})


def _cut_inner(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    cut = loose_copper.Split.draw(scene.wire(index), rng)
    return Plan(on_wire={index: (cut.paint,)})


def _cut_outer(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    return Plan(on_jacket=(gashes.outer_cut(scene, rng),))


def _poke(scene: Scene, rng: np.random.Generator, index: int) -> Plan:
    return Plan(on_wire={index: (gashes.poke(scene.wire(index), rng),)})


_PLANNERS: Mapping[str, Callable[[Scene, np.random.Generator, int], Plan]] = {
    "bent_wire": _bent_wire,
    "cable_swap": _cable_swap,
    "missing_cable": _missing_cable,
    "missing_wire": _missing_wire,
    "cut_inner_insulation": _cut_inner,
    "cut_outer_insulation": _cut_outer,
    "poke_insulation": _poke,
}
