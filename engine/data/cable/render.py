"""Renders one photo-like end face of a three-wire cable, good or with a defect and its exact mask.

Must not know of files.
"""

from dataclasses import dataclass

from engine.data.cable import copper, jacket, textures, wires
from engine.data.cable.canvas import U8, Canvas
from engine.data.cable.defects import DEFECTS, Plan, plan_defect
from engine.data.cable.scene import Scene, Stream, make_scene, stream
from engine.errors import EngineError

GOOD = "good"
SMALLEST, LARGEST = 32, 4096


@dataclass(frozen=True)
class Picture:
    """pixels uint8 RGB [S, S, 3]; mask uint8 [S, S], 255 where the content belongs to the defect;
    label "good" or one of DEFECTS."""

    pixels: U8
    mask: U8
    label: str


def render_cable(rng_seed: int, size: int = 512, defect: str | None = None) -> Picture:
    """A picture of `size` pixels square. The same arguments give the same bytes; with the same
    seed, a picture with a defect equals the good one outside its mask (to 4 grey levels).

    Raises EngineError: unknown_defect, bad_picture_size, bad_seed.
    """
    check_request(rng_seed, size, defect)
    scene = make_scene(rng_seed)
    plan = plan_defect(scene, defect) if defect else Plan()
    canvas = Canvas(size, track_defects=defect is not None)
    _paint(canvas, scene, plan)
    rng = stream(rng_seed, Stream.LIGHT)
    noise = textures.grain(size)
    y, x = (int(v) for v in rng.integers(0, 64, 2))
    pixels, mask = canvas.finish(
        scene.gain * scene.tint, rng.uniform(0.9, 1.25), noise[y : y + size, x : x + size]
    )
    return Picture(pixels, mask, defect or GOOD)


def check_request(rng_seed: int, size: int, defect: str | None) -> None:
    """Raise EngineError where `render_cable` would refuse these arguments."""
    if defect is not None and defect not in DEFECTS:
        raise EngineError(
            "unknown_defect",
            f"There is no cable defect named {defect!r}; choose one of {', '.join(DEFECTS)}.",
            defect=defect,
        )
    if not SMALLEST <= size <= LARGEST:
        raise EngineError(
            "bad_picture_size",
            f"A picture of {size} pixels cannot be rendered; "
            f"choose a size from {SMALLEST} to {LARGEST}.",
            size=size,
        )
    if rng_seed < 0:
        raise EngineError(
            "bad_seed", f"The seed {rng_seed} is negative; choose 0 or more.", seed=rng_seed
        )


def _paint(canvas: Canvas, scene: Scene, plan: Plan) -> None:
    jacket.paint_backdrop(canvas, scene)
    jacket.paint_jacket(canvas, scene)
    jacket.paint_dirt(canvas, scene)
    for paint in plan.on_jacket:
        with canvas.marking():
            paint(canvas, scene)
    jacket.paint_sockets(canvas, scene)
    for wire in scene.wires:
        shown = plan.kinds.get(wire.index, wire)
        if wire.index in plan.missing:
            with canvas.marking():
                wires.paint_empty_socket(canvas, scene, wire)
            continue
        with canvas.marking(wire.index in plan.kinds):
            wires.paint_wire(canvas, scene, shown)
            copper.paint_bundle(canvas, scene, wire.bundle, wire.index)
        with canvas.marking():
            for paint in plan.on_wire.get(wire.index, ()):
                paint(canvas, scene)
    with canvas.marking():
        for paint in plan.on_top:
            paint(canvas, scene)
