"""The inspected area: rectangles that stay in the picture."""

from __future__ import annotations

import pytest

from qc_station.domain.recipe import RecipeError
from qc_station.domain.roi import SMALLEST, Roi, between, read_roi, roi_value


@pytest.mark.parametrize(
    "sides",
    [(-0.1, 0, 0.5, 0.5), (0.6, 0, 0.5, 0.5), (0, 0, 0.01, 1), (0, 0, float("nan"), 1),
     (0, float("inf"), 1, 1)],
)  # fmt: skip
def test_an_area_outside_the_picture_or_too_thin_is_refused(
    sides: tuple[float, float, float, float],
) -> None:
    with pytest.raises(RecipeError):
        Roi(*sides)


def test_moving_and_growing_stop_at_the_edge() -> None:
    roi = Roi(0.1, 0.2, 0.5, 0.5)
    assert roi.moved(-1.0, 1.0) == Roi(0.0, 0.5, 0.5, 0.5)
    assert roi.grown(1.0, -1.0) == Roi(0.1, 0.2, 0.9, SMALLEST)


def test_a_rectangle_is_drawn_from_any_corner_and_cut_to_the_picture() -> None:
    assert between(0.75, 0.5, 0.25, 1.4) == Roi(0.25, 0.5, 0.5, 0.5)
    assert between(0.5, 0.5, 0.51, 0.9) is None


def test_it_is_stored_and_said_to_the_engine() -> None:
    roi = Roi(0.125, 0.25, 0.5, 1 / 3)
    assert read_roi(roi_value(roi)) == roi
    assert roi.text == "0.125,0.25,0.5,0.333333"
    assert roi_value(None) is None
