"""Thresholds frozen on validation: the best ones, in the middle of a gap, ties kept together."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from engine.calibration.thresholds import f1_threshold, youden, youden_threshold


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
