"""Synthetic defects change what their mask covers, visibly, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.perlin import perlin
from engine.data.synthetic import (
    CUT_PASTE,
    FAINTEST,
    KINDS,
    PERLIN,
    TRANSPLANT,
    Donor,
    Synthetic,
    make_synthetic,
    part_region,
)

SIZE = 96


def _surface(seed: int, colour: bool = True, light: float = 120.0) -> NDArray[np.uint8]:
    """A rough surface in uneven light."""
    rng = np.random.default_rng(seed)
    picture = rng.normal(light, 12, (SIZE, SIZE, 3 if colour else 1))
    picture += np.linspace(-25, 25, SIZE)[:, None, None]
    return np.clip(np.repeat(picture, 1 if colour else 3, axis=2), 0, 255).astype(np.uint8)


def _donor(rows: slice, columns: slice, light: float = 120.0) -> Donor:
    rgb, mask = _surface(99, light=light), np.zeros((SIZE, SIZE), np.uint8)
    rgb[rows, columns] = (15, 20, 25)
    mask[rows, columns] = 1
    return Donor(rgb, mask)


HOLE = _donor(slice(40, 52), slice(30, 50))


def _made(kind: str, seed: int, **more: Any) -> tuple[NDArray[np.uint8], Synthetic]:
    rng, good = np.random.default_rng(seed), _surface(seed)
    for _ in range(10):
        made = make_synthetic(good, rng, kind, [HOLE], **more)
        if made is not None:
            return good, made
    raise AssertionError("nothing visible in ten tries")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_the_mask_covers_what_has_changed(kind: str, seed: int) -> None:
    good, made = _made(kind, seed)
    change = np.abs(made.rgb.astype(int) - good).max(axis=2)
    assert made.rgb.dtype == np.uint8 and made.mask.shape == (SIZE, SIZE)
    assert set(np.unique(made.mask)) == {0, 1}
    assert change[made.mask > 0].mean() >= FAINTEST
    away = np.ones_like(made.mask, bool)
    rows, columns = np.nonzero(made.mask)
    margin = 14
    away[
        max(0, rows.min() - margin) : rows.max() + margin,
        max(0, columns.min() - margin) : columns.max() + margin,
    ] = False
    assert change[away].max(initial=0) == 0
    assert not np.shares_memory(made.rgb, good)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_random_numbers_give_the_same_defect(kind: str) -> None:
    first, again = _made(kind, 5)[1], _made(kind, 5)[1]
    assert np.array_equal(first.rgb, again.rgb) and np.array_equal(first.mask, again.mask)
    assert not np.array_equal(first.mask, _made(kind, 6)[1].mask)


def test_a_transplanted_defect_keeps_its_look_and_its_donor() -> None:
    for seed in range(8):
        good, made = _made(TRANSPLANT, seed)
        assert made.donor == 0
        inside = made.rgb[made.mask > 0].mean()
        assert inside < good[made.mask > 0].mean() - 40


def test_poisson_blending_takes_the_brightness_of_its_new_place() -> None:
    dark_donor = _donor(slice(40, 52), slice(30, 50), light=70.0)
    good = _surface(1, light=190.0)
    made = make_synthetic(good, np.random.default_rng(0), TRANSPLANT, [dark_donor])
    assert made is not None
    rows, columns = np.nonzero(made.mask)
    around = made.rgb[rows.min() - 2, columns.min() : columns.max()]
    assert abs(float(around.mean()) - good[rows.min() - 2].mean()) < 25


def test_a_transplant_stays_in_place_where_asked() -> None:
    for seed in range(8):
        rows, columns = np.nonzero(_made(TRANSPLANT, seed, same_place=True)[1].mask)
        assert abs(rows.mean() - 45.5) < 6 and abs(columns.mean() - 39.5) < 6
    places = [np.nonzero(_made(TRANSPLANT, seed)[1].mask)[0].mean() for seed in range(8)]
    assert np.ptp(places) > 20


def test_a_crack_of_one_pixel_survives_the_blending() -> None:
    crack = _donor(slice(20, 76), slice(48, 49))
    good = _surface(3)
    made = make_synthetic(good, np.random.default_rng(0), TRANSPLANT, [crack], same_place=True)
    assert made is not None
    assert made.rgb[made.mask > 0].mean() < good[made.mask > 0].mean() - 40


@pytest.mark.parametrize("rows", [slice(0, 10), slice(86, 96), slice(0, 96)])
def test_defects_at_the_border_are_transplanted(rows: slice) -> None:
    donor = _donor(rows, slice(0, 40))
    made = [
        make_synthetic(_surface(s), np.random.default_rng(s), TRANSPLANT, [donor])
        for s in range(12)
    ]
    assert sum(one is not None for one in made) >= 6


def test_nothing_visible_is_no_defect() -> None:
    flat = np.full((SIZE, SIZE, 3), 128, np.uint8)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[30:60, 30:60] = 1
    rng = np.random.default_rng(0)
    assert make_synthetic(flat, rng, TRANSPLANT, [Donor(flat, mask)]) is None
    assert make_synthetic(flat, rng, TRANSPLANT, [Donor(flat, 0 * mask)]) is None
    assert make_synthetic(flat, rng, TRANSPLANT, []) is None


@pytest.mark.parametrize("kind", [CUT_PASTE, PERLIN])
def test_grey_pictures_stay_grey(kind: str) -> None:
    good, rng = _surface(2, colour=False), np.random.default_rng(1)
    for _ in range(10):
        made = make_synthetic(good, rng, kind)
        if made is not None:
            assert int(np.ptp(made.rgb.astype(int), axis=2).max()) == 0


def test_the_part_is_told_from_a_plain_background(part_picture: Any) -> None:
    disc = part_region(part_picture(0, 128))
    assert disc[32, 32] and not disc[2, 2] and 0.3 < disc.mean() < 0.5
    assert part_region(_surface(0)).all()


def test_defects_lie_on_the_part(part_picture: Any) -> None:
    good, rng, seen = part_picture(0, SIZE), np.random.default_rng(0), []
    radius = np.hypot(*(np.mgrid[:SIZE, :SIZE] - SIZE / 2))
    for kind in (CUT_PASTE, PERLIN):
        for _ in range(10):
            made = make_synthetic(good, rng, kind)
            if made is not None:
                seen.append(bool(radius[made.mask > 0].min() < SIZE * 0.4))
    assert len(seen) > 10 and np.mean(seen) > 0.9


def test_perlin_noise_is_zero_at_its_lattice_and_smooth() -> None:
    noise = perlin(64, 4, np.random.default_rng(0))
    assert noise.shape == (64, 64) and noise.dtype == np.float32
    assert 0.2 < np.abs(noise).max() < 1.0 and abs(float(noise.mean())) < 0.2
    assert np.abs(np.diff(noise, axis=0)).max() < 0.2
    corners = noise[15:17, 15:17].mean()  # around the lattice point of cells 0 and 1
    assert abs(float(corners)) < 0.05
    assert perlin(50, 3, np.random.default_rng(0)).shape == (50, 50)
