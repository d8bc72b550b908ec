"""Painting regions: every operation marks the right pixels and can be taken back and done again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qc_station.domain import annotation
from qc_station.domain.annotation import Annotation, MaskRegion
from qc_station.domain.mask_shapes import (
    connected,
    hole_around,
    polygon,
    stretched,
    stroke,
)

SHAPE = (40, 60)
SQUARE = ((10.0, 5.0), (20.0, 5.0), (20.0, 15.0), (10.0, 15.0))


def state(painted: Annotation) -> dict[int, tuple[str, bytes]]:
    return {n: (painted.class_of(n), painted.plane(n).tobytes()) for n in painted.numbers}


def with_square(class_name: str = "crack") -> tuple[Annotation, int]:
    painted = Annotation(*SHAPE)
    number = painted.begin(None, class_name)
    painted.paint(number, polygon(SQUARE, SHAPE))
    assert painted.end() == [number]
    return painted, number


# ---- shapes -------------------------------------------------------------------------------


def test_a_dab_is_a_disc_around_its_point() -> None:
    patch = stroke((30.0, 20.0), (30.0, 20.0), 11, SHAPE)
    assert patch is not None
    plane = np.zeros(SHAPE, bool)
    plane[patch.box.slices] = patch.bits
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    away = np.hypot(rows + 0.5 - 20, columns + 0.5 - 30)
    assert np.array_equal(plane, away <= 5.5)


def test_a_stroke_joins_its_ends_and_the_finest_brush_marks_one_pixel() -> None:
    patch = stroke((5.5, 5.5), (45.5, 25.5), 3, SHAPE)
    assert patch is not None and patch.bits[-2, -2] and patch.bits[1, 1]
    whole = np.zeros(SHAPE, bool)
    whole[patch.box.slices] = patch.bits
    assert connected(whole, 5, 5).bits.sum() == whole.sum()  # type: ignore[union-attr]
    finest = stroke((7.1, 3.9), (7.1, 3.9), 1, SHAPE)
    assert finest is not None and finest.bits.sum() == 1
    at = np.argwhere(finest.bits)[0] + (finest.box.top, finest.box.left)
    assert tuple(at) == (3, 7)


@pytest.mark.parametrize("point", [(-30.0, 5.0), (5.0, 300.0)])
def test_a_stroke_outside_the_picture_marks_nothing(point: tuple[float, float]) -> None:
    assert stroke(point, point, 9, SHAPE) is None


def test_a_stroke_over_the_edge_marks_what_lies_inside() -> None:
    patch = stroke((-3.0, 20.0), (2.0, 20.0), 6, SHAPE)
    assert patch is not None and (patch.box.left, patch.bits.any()) == (0, True)
    edge = stroke((-0.4, 20.0), (-0.4, 20.0), 1, SHAPE)
    assert edge is None or not edge.bits.any()


def test_a_polygon_holds_the_pixels_whose_centres_it_holds() -> None:
    patch = polygon(SQUARE, SHAPE)
    assert patch is not None and patch.bits.all() and patch.bits.shape == (10, 10)
    triangle = polygon(((0.0, 0.0), (60.0, 0.0), (0.0, 40.0)), SHAPE)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    assert triangle is not None
    inside = (columns + 0.5) / 60 + (rows + 0.5) / 40 < 1
    assert np.array_equal(triangle.bits, inside)


def test_a_polygon_that_crosses_itself_leaves_its_middle_bare() -> None:
    twice = (*SQUARE, *((x, y) for x, y in SQUARE))
    assert polygon(twice, SHAPE) is None  # every point lies inside twice
    bow = polygon(((0.0, 0.0), (20.0, 20.0), (20.0, 0.0), (0.0, 20.0)), SHAPE)
    assert bow is not None and bow.bits[10, 1] and not bow.bits[1, 10]


def test_two_corners_are_no_polygon() -> None:
    assert polygon(SQUARE[:2], SHAPE) is None


def test_connected_pixels_are_found_around_bends_and_not_over_corners() -> None:
    text = ("#####...", "....#.#.", "###.#.#.", "#...#.#.", "#####.#.", ".....#..")
    mask = np.array([[c == "#" for c in line] for line in text])
    found = connected(mask, 2, 2)
    assert found is not None and found.bits.sum() == 5 + 1 + 4 + 2 + 5
    assert connected(mask, 1, 6).bits.sum() == 4  # type: ignore[union-attr]
    assert connected(mask, 5, 5).bits.sum() == 1  # type: ignore[union-attr]
    assert connected(mask, 0, 7) is None


def test_only_a_closed_outline_has_an_inside() -> None:
    ring = np.zeros(SHAPE, bool)
    ring[10:30, 10:30] = True
    ring[12:28, 12:28] = False
    hole = hole_around(ring, 20, 20)
    assert hole is not None and hole.bits.sum() == 16 * 16
    assert hole_around(ring, 0, 0) is None
    ring[20, 28:30] = False
    assert hole_around(ring, 20, 20) is None


def test_a_heatmap_is_stretched_smoothly_over_the_whole_picture() -> None:
    plane = np.array([[0, 0], [0, 200]], np.uint8)
    large = stretched(plane, SHAPE)
    assert large.shape == SHAPE and large[0, 0] == 0 and large[-1, -1] == 200
    assert (np.diff(large[-1].astype(int)) >= 0).all()
    assert abs(int(large[SHAPE[0] // 2, SHAPE[1] // 2]) - 50) < 8
    assert (stretched(np.full((7, 5), 90, np.uint8), SHAPE) == 90).all()


# ---- operations ---------------------------------------------------------------------------


def brush(painted: Annotation) -> None:
    number = painted.begin(None, "dent")
    painted.paint(number, stroke((30.0, 20.0), (50.0, 20.0), 7, SHAPE))
    painted.paint(number, stroke((50.0, 20.0), (50.0, 35.0), 7, SHAPE))
    painted.end()


def erase(painted: Annotation) -> None:
    painted.begin_erasing()
    painted.erase(stroke((10.0, 5.0), (20.0, 15.0), 5, SHAPE))
    painted.end()


def fill(painted: Annotation) -> None:
    outline = painted.begin(None, "dent")
    for start, end in zip(SQUARE, (*SQUARE[1:], SQUARE[0]), strict=True):
        painted.paint(outline, stroke(start, end, 2, SHAPE))
    painted.end()
    hole = hole_around(painted.plane(outline) != 0, 10, 15)
    assert hole is not None
    painted.paint(painted.begin(outline, "dent"), hole)
    painted.end()


def delete(painted: Annotation) -> None:
    painted.delete(painted.numbers[0])


def rename(painted: Annotation) -> None:
    painted.rename(painted.numbers[0], "scratch")


@pytest.mark.parametrize("operation", [brush, erase, fill, delete, rename])
def test_every_operation_is_taken_back_and_done_again(
    operation: Callable[[Annotation], None],
) -> None:
    painted, _ = with_square()
    before = state(painted)
    operation(painted)
    after = state(painted)
    assert after != before
    while state(painted) != before:
        assert painted.undo()
    while painted.can_redo:
        assert painted.redo()
    assert state(painted) == after
    while painted.can_undo:
        painted.undo()
    assert state(painted) == {}


def test_a_closed_outline_is_filled() -> None:
    painted, _ = with_square()
    fill(painted)
    outline = painted.numbers[-1]
    assert painted.plane(outline)[6:14, 11:19].all()


def test_the_eraser_takes_paint_from_every_region_and_empty_ones_go() -> None:
    painted, first = with_square()
    second = painted.begin(None, "dent")
    painted.paint(second, polygon(((15.0, 5.0), (30.0, 5.0), (30.0, 15.0), (15.0, 15.0)), SHAPE))
    painted.end()
    painted.begin_erasing()
    box = painted.erase(stroke((15.0, 10.0), (15.0, 10.0), 60, SHAPE))
    assert box is not None
    assert sorted(painted.end()) == [first, second] and painted.numbers == []
    assert sorted(painted.undo()) == [first, second]
    assert painted.numbers == [first, second]
    assert (painted.class_of(first), painted.area(first)) == ("crack", 100)


def test_regions_of_two_classes_may_overlap() -> None:
    painted, first = with_square()
    second = painted.begin(None, "dent")
    painted.paint(second, polygon(SQUARE, SHAPE))
    painted.end()
    assert painted.area(first) == painted.area(second) == 100
    assert [painted.class_of(n) for n in painted.numbers] == ["crack", "dent"]


def test_a_step_that_changes_nothing_is_no_step() -> None:
    painted, number = with_square()
    painted.begin(number, "crack")
    painted.paint(number, polygon(SQUARE, SHAPE))
    assert painted.end() == []
    painted.rename(number, "crack")
    painted.begin(None, "dent")
    assert painted.end() == [] and painted.numbers == [number]
    painted.undo()
    assert painted.numbers == []


def test_a_stroke_given_up_leaves_no_trace() -> None:
    painted, number = with_square()
    before = state(painted)
    painted.begin(number, "crack")
    painted.paint(number, stroke((40.0, 30.0), (40.0, 30.0), 9, SHAPE))
    painted.give_up()
    assert state(painted) == before and not painted.can_redo
    painted.begin(number, "crack")
    painted.give_up()
    assert state(painted) == before


def test_a_new_step_ends_what_could_be_done_again() -> None:
    painted, number = with_square()
    painted.rename(number, "dent")
    painted.undo()
    painted.rename(number, "scratch")
    assert not painted.can_redo and painted.redo() == []


def test_history_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "STEPS_KEPT", 3)
    painted, number = with_square()
    for name in ("a", "b", "c", "d"):
        painted.rename(number, name)
    assert sum(bool(painted.undo()) for _ in range(9)) == 3
    assert painted.class_of(number) == "a"


def test_history_keeps_bits_of_rectangles_and_not_planes() -> None:
    painted = Annotation(2048, 2448)
    number = painted.begin(None, "crack")
    painted.paint(number, stroke((100.0, 100.0), (110.0, 100.0), 10, painted.shape))
    painted.end()
    assert sum(delta.toggled.nbytes for step in painted._done for delta in step) < 64


def test_numbers_are_never_given_twice() -> None:
    painted = Annotation(*SHAPE, next_number=5)
    brush(painted)
    assert painted.numbers == [5]
    painted.delete(5)
    brush(painted)
    assert painted.numbers == [6]
    kept = Annotation(*SHAPE, [MaskRegion(8, "crack", np.ones(SHAPE, np.uint8))])
    brush(kept)
    assert kept.numbers == [8, 9]


def test_changes_are_copies() -> None:
    painted, number = with_square()
    (change,) = painted.changes([number])
    painted.delete(number)
    assert change.plane is not None and change.plane.sum() == 100
    (gone,) = painted.changes([number])
    assert (gone.class_name, gone.plane) == (None, None)


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="picture"):
        Annotation(*SHAPE, [MaskRegion(1, "crack", np.zeros((4, 4), np.uint8))])
