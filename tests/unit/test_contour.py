"""The outline of a heatmap: around what counts as anomalous, closed, where it belongs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from qc_station.domain.contour import REGION_LEVEL, outline


def loose_ends(segments: NDArray[np.float64]) -> list[tuple[float, ...]]:
    """Points where an odd number of segments meet: none, when every line is closed."""
    points = np.round(segments.reshape(-1, 2), 9)
    counts = Counter(map(tuple, points.tolist()))
    return [point for point, count in counts.items() if count % 2]


def test_nothing_anomalous_has_no_outline() -> None:
    assert outline(np.full((8, 8), REGION_LEVEL, np.uint8)).shape == (0, 4)


def test_a_bright_square_is_enclosed_where_it_is() -> None:
    plane = np.zeros((10, 20), np.uint8)
    plane[2:5, 10:16] = 255
    segments = outline(plane)
    assert not loose_ends(segments)
    x, y = segments[:, 0::2], segments[:, 1::2]
    assert x.min() == pytest.approx(10 / 20, abs=0.5 / 20)
    assert x.max() == pytest.approx(16 / 20, abs=0.5 / 20)
    assert y.min() == pytest.approx(2 / 10, abs=0.5 / 10)
    assert y.max() == pytest.approx(5 / 10, abs=0.5 / 10)


def test_the_line_lies_where_the_level_is_crossed() -> None:
    plane = np.tile(np.array([0, 100, 200, 100, 0], np.uint8), (5, 1))
    segments = outline(plane)
    inner = segments[np.abs(segments[:, 1] - 0.5) < 0.2]
    crossing = (1 + (REGION_LEVEL + 0.5 - 100) / 100 + 0.5) / 5
    assert np.isclose(inner[:, [0, 2]], crossing).any()


def test_an_area_at_the_edge_is_closed_along_the_edge() -> None:
    plane = np.zeros((6, 6), np.uint8)
    plane[:3, :3] = 255
    segments = outline(plane)
    assert segments.min() == 0.0 and segments.max() <= 1.0
    assert ((segments[:, 0] == 0) & (segments[:, 2] == 0)).any()


@pytest.mark.parametrize("seed", range(5))
def test_every_outline_is_closed_whatever_the_heatmap(seed: int) -> None:
    plane = np.random.default_rng(seed).integers(0, 256, (12, 9), np.uint8)
    plane[[0, -1]] = plane[:, [0, -1]] = 0  # nothing to clip at the picture's edge
    assert not loose_ends(outline(plane))


def test_each_area_lies_inside_its_outline() -> None:
    """Crossing number of a ray to the left: odd inside, even outside."""
    plane = np.random.default_rng(7).integers(0, 256, (15, 15), np.uint8)
    segments = outline(plane) * 15
    for row in range(15):
        for column in range(15):
            x, y = column + 0.5, row + 0.5 + 1e-4
            x1, y1, x2, y2 = segments.T
            spans = (y1 > y) != (y2 > y)
            at = x1[spans] + (y - y1[spans]) * (x2 - x1)[spans] / (y2 - y1)[spans]
            assert bool((at < x).sum() % 2) == bool(plane[row, column] > REGION_LEVEL)
