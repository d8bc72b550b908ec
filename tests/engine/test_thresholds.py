"""Thresholds frozen on validation: the best ones, in the middle of a gap, ties kept together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from sklearn import metrics as reference

from engine.calibration.thresholds import (
    f1_threshold,
    otsu_threshold,
    youden,
    youden_threshold,
)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_no_other_threshold_is_better(seed: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    defect = rng.random(60) < 0.3
    scores = rng.normal(defect * 1.5, 1.0) - 4  # log-odds may all be negative
    scores = np.round(scores * 3) / 3 if ties else scores
    fpr, tpr, _ = reference.roc_curve(defect, scores)
    best = youden(scores, defect)
    assert best.j == pytest.approx(np.max(tpr - fpr))
    flagged = scores > best.threshold
    assert flagged[defect].mean() == pytest.approx(best.sensitivity)
    assert 1 - flagged[~defect].mean() == pytest.approx(best.specificity)
    candidates = [reference.f1_score(defect, scores > t) for t in [-99, *np.unique(scores)]]
    found = reference.f1_score(defect, scores > f1_threshold(scores, defect))
    assert found == pytest.approx(max(candidates))


def test_a_clear_gap_is_cut_in_its_middle() -> None:
    scores, defect = np.array([0.0, 1.0, 3.0, 4.0], np.float32), [False, False, True, True]
    assert youden_threshold(scores, defect) == f1_threshold(scores, defect) == 2.0


def test_of_equal_optima_the_one_that_misses_fewer_defects() -> None:
    scores = np.array([1.0, 2.0, 3.0, 4.0])
    defect = np.array([False, True, False, True])
    assert youden(scores, defect).sensitivity == 1.0


def test_everything_flagged_is_a_threshold_below_everything() -> None:
    scores = np.array([1.0, 2.0, 5.0], np.float32)
    threshold = f1_threshold(scores, [True, True, True])
    assert threshold < 1.0 and (scores > threshold).all()


def test_neighbouring_floats_stay_apart() -> None:
    low = np.float64(1.0)
    high = np.nextafter(low, 2.0)
    threshold = youden_threshold([low, high], [False, True])
    assert not low > threshold and high > threshold


@pytest.mark.parametrize(
    ("scores", "defect", "what"),
    [([1.0, 2.0], [True, True], "good and defective"), ([np.nan], [True], "finite"), ([], [], "0")],
)
def test_what_has_no_threshold_says_so(scores: list[float], defect: list[bool], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        youden(scores, defect)
    with pytest.raises(ValueError, match="defect"):
        f1_threshold([1.0], [False])


def levels(*counts: int) -> np.ndarray:
    """So many values 0, 1, 2 … as the histogram says."""
    return np.repeat(np.arange(len(counts), dtype=np.float64), counts)


@pytest.mark.parametrize(
    ("counts", "answer"),
    [
        ((8, 7, 2, 6, 9, 4), 2.5),  # below it 17 values of mean 0.647, above it 19 of mean 3.895
        ((5, 3, 1, 0, 0, 0, 2, 5), 3.9375),  # edges 3 to 6 part alike: 4.5 of 8 bins from 0 to 7
        ((4, 0, 0, 0, 0, 0, 0, 1), 3.5),
        ((1, 1), 0.5),
        ((3, 0, 0, 3, 0, 0, 3), 12 / 7),  # two gaps are as good: the lower, edges 1 to 3 of 7
    ],
)
def test_otsu_parts_a_known_histogram(counts: tuple[int, ...], answer: float) -> None:
    values, bins = levels(*counts), len(counts)
    assert otsu_threshold(values, bins) == pytest.approx(answer, abs=1e-12)
    shuffled = np.random.default_rng(0).permutation(values)
    assert otsu_threshold(shuffled, bins) == otsu_threshold(values, bins)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_edge_parts_with_less_variance_within(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 30, 8)
    values = levels(*counts)

    def within(edge: int) -> float:
        below, above = values[values < edge], values[values >= edge]
        return float(len(below) * below.var() + len(above) * above.var())

    best = min(range(1, 8), key=within)
    assert otsu_threshold(values, 8) == pytest.approx(best / 8 * 7)


@pytest.mark.parametrize("share", [0.5, 0.2, 0.05])
def test_otsu_finds_the_valley_between_two_gaussians(share: float) -> None:
    rng = np.random.default_rng(0)
    defect = rng.random(20_000) < share
    values = rng.normal(np.where(defect, 10.0, 0.0), 1.0)
    threshold = otsu_threshold(values)
    assert 3.5 < threshold < 6.5
    assert ((values > threshold) == defect).mean() > 0.999


@pytest.mark.parametrize("seed", range(3))
def test_of_bytes_otsu_is_that_of_opencv(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixed = np.concatenate([rng.normal(60, 20, 3000), rng.normal(180, 25, 1000)])
    picture = np.append(mixed.clip(0, 255), [0, 255]).astype(np.uint8)
    theirs, _ = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    assert int(otsu_threshold(picture, 256)) == int(theirs)


@pytest.mark.parametrize(("scale", "shift"), [(4.0, -32.0), (0.125, 0.0), (2.0**-20, 0.5)])
def test_otsu_moves_and_grows_with_the_values(scale: float, shift: float) -> None:
    rng = np.random.default_rng(3)
    values = np.round(np.concatenate([rng.normal(1, 0.3, 500), rng.normal(4, 1, 60)]) * 64) / 64
    expected = scale * otsu_threshold(values) + shift
    assert otsu_threshold(scale * values + shift) == pytest.approx(expected, rel=1e-12)


def test_otsu_of_values_that_are_all_alike_has_nothing_above_it() -> None:
    for value in (0.0, -3.25, 2.0**-100):
        values = np.full(50, value, np.float32)
        assert otsu_threshold(values) == value
        assert not (values > otsu_threshold(values)).any()
    low = np.float64(1.0)
    threshold = otsu_threshold([low, np.nextafter(low, 2.0)])
    assert not low > threshold and np.nextafter(low, 2.0) > threshold


def test_what_has_no_histogram_says_so() -> None:
    for values in ([], [1.0, np.nan], [1.0, np.inf]):
        with pytest.raises(ValueError, match="finite"):
            otsu_threshold(values)
    with pytest.raises(ValueError, match="two bins"):
        otsu_threshold([1.0, 2.0], bins=1)
