"""A filled place looks like its surroundings elsewhere, and nothing of it is left."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.infill import Infill


def striped(height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """Noisy vertical stripes, uint8 RGB."""
    stripes = 120 + 60 * np.sin(np.arange(width) * 2 * np.pi / 16)
    noise = np.random.default_rng(0).normal(0, 4, (height, width))
    grey = np.clip(stripes[np.newaxis] + noise, 0, 255).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


@pytest.mark.parametrize(("top", "left"), [(30, 50), (0, 0), (72, 104), (0, 60)])
def test_a_defect_is_replaced_by_the_pattern_around_it(top: int, left: int) -> None:
    good = striped()
    picture = good.copy()
    place = (slice(top, top + 24), slice(left, left + 24))
    picture[top + 6 : top + 18, left + 6 : left + 18] = (255, 0, 0)
    before = picture.copy()
    filled = Infill(picture).without(place)
    np.testing.assert_array_equal(picture, before)
    assert not ((filled[..., 0] == 255) & (filled[..., 1] == 0)).any()
    change = np.abs(cv2.blur(filled, (3, 3)).astype(int) - cv2.blur(good, (3, 3)))
    assert change.mean() < 3.0 and np.percentile(change[place], 90) < 45
    outside = np.ones(good.shape[:2], bool)
    outside[max(0, top - 8) : top + 32, max(0, left - 8) : left + 32] = False
    np.testing.assert_array_equal(filled[outside], good[outside])


def test_a_defect_in_the_middle_is_not_filled_with_its_mirror_image() -> None:
    picture = striped(128, 128)
    picture[56:72, 56:72] = (255, 0, 0)
    filled = Infill(picture).without((slice(52, 76), slice(52, 76)))
    assert not (filled[..., 1] == 0).any()


@pytest.mark.parametrize("shape", [(5, 7), (1, 1), (40, 3), (64, 64)])
def test_a_place_with_nothing_beside_it_takes_the_mean(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, np.uint8)
    filled = Infill(picture).without((slice(0, shape[0]), slice(0, shape[1])))
    assert (filled == 90).all()
