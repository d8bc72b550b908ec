"""The cable renderer: what a picture promises."""

import numpy as np
import pytest

from engine.data.cable import DEFECTS, MVTEC_DEFECTS, render_cable
from engine.errors import EngineError

SIZE = 192


@pytest.mark.parametrize("defect", [None, *DEFECTS])
def test_same_seed_gives_the_same_bytes(defect: str | None) -> None:
    first, second = (render_cable(7, SIZE, defect) for _ in range(2))
    assert first.pixels.tobytes() == second.pixels.tobytes()
    assert first.mask.tobytes() == second.mask.tobytes()
    assert first.label == second.label == (defect or "good")


def test_seeds_give_different_pictures() -> None:
    one, other = (render_cable(seed, SIZE).pixels.astype(int) for seed in (1, 2))
    assert np.abs(one - other).mean() > 5


def test_a_good_picture_has_an_empty_mask() -> None:
    picture = render_cable(3, SIZE)
    assert picture.pixels.shape == (SIZE, SIZE, 3) and picture.pixels.dtype == np.uint8
    assert picture.mask.shape == (SIZE, SIZE) and not picture.mask.any()


@pytest.mark.parametrize("defect", DEFECTS)
def test_mask_is_exact(defect: str) -> None:
    """Outside its mask a defective cable is the good one of the same seed; inside it is not."""
    for seed in range(60, 65):
        size = 256
        good, bad = render_cable(seed, size), render_cable(seed, size, defect)
        assert set(np.unique(bad.mask)) == {0, 255}
        inside = bad.mask > 0
        change = np.abs(good.pixels.astype(int) - bad.pixels.astype(int)).max(axis=2)
        assert change[~inside].max() <= 5, seed
        assert (change[inside] > 5).mean() > 0.4, seed
        assert 0.0005 < inside.mean() < 0.25, seed


@pytest.mark.parametrize("defect", DEFECTS)
def test_mask_keeps_its_place_at_every_size(defect: str) -> None:
    """The scene does not depend on the size: masks of two sizes cover the same part."""
    small, large = render_cable(5, 128, defect).mask > 0, render_cable(5, 256, defect).mask > 0
    pooled = large.reshape(128, 2, 128, 2).any(axis=(1, 3))
    union = (small | pooled).sum()
    assert (small & pooled).sum() / union > 0.6


@pytest.mark.parametrize("size", [64, 333, 512, 1024])
@pytest.mark.parametrize("defect", [None, *DEFECTS])
def test_every_class_renders_at_every_size(size: int, defect: str | None) -> None:
    picture = render_cable(11, size, defect)
    assert picture.pixels.shape == (size, size, 3)
    assert picture.mask.any() == (defect is not None)
    assert 60 < picture.pixels.mean() < 150


def test_a_cable_looks_like_one() -> None:
    """Colours where they belong: blue table, pale jacket, yellow above, blue left, grey right."""
    mean = np.mean([render_cable(seed, 256).pixels for seed in range(8)], axis=0)
    table, jacket = mean[5:25, 5:25].mean(axis=(0, 1)), mean[218:228, 125:140].mean(axis=(0, 1))
    top, left, right = mean[48, 128], mean[150, 56], mean[150, 202]
    assert table[2] > table[0] * 1.3 and jacket.mean() > 1.8 * table.mean()
    assert top[1] > top[2] and left[2] > 1.6 * left[0]
    assert np.ptp(right) < 0.25 * right.mean()


def test_the_real_categorys_counts_cover_every_defect() -> None:
    assert set(MVTEC_DEFECTS) == set(DEFECTS) and sum(MVTEC_DEFECTS.values()) == 92


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((0, 512, "scratched"), "unknown_defect", "bent_wire"),
        ((0, 8, None), "bad_picture_size", "32 to 4096"),
        ((-1, 512, None), "bad_seed", "negative"),
    ],
)
def test_refuses_in_a_sentence(
    arguments: tuple[int, int, str | None], code: str, words: str
) -> None:
    with pytest.raises(EngineError, match=words) as refusal:
        render_cable(*arguments)
    assert refusal.value.code == code
