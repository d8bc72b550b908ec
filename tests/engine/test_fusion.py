"""Fusion: never worse than a part on validation, near the stated weights, honest log-odds."""

from __future__ import annotations

import numpy as np
import pytest

from engine.calibration.fusion import fit_fusion

NAMES = ("memory", "binary", "mask_peak")
PRIOR = np.array([2.0, 1.0, 0.5])


def sample(seed: int, goods: int, defects: int, strength: tuple[float, ...]):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    truth = np.arange(goods + defects) >= goods
    scores = rng.normal(0.0, 1.0, (goods + defects, len(strength)))
    return scores + truth[:, None] * np.array(strength), truth


def auroc(score: np.ndarray, truth: np.ndarray) -> float:
    pairs = score[truth][:, None] - score[~truth][None]
    return float(((pairs > 0) + 0.5 * (pairs == 0)).mean())


@pytest.mark.parametrize("seed", range(30))
def test_fusion_is_never_worse_than_a_part_on_validation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, truth = sample(seed, 60, int(rng.integers(3, 30)), tuple(rng.uniform(-0.5, 3.0, 3)))
    fusion = fit_fusion(scores, truth, NAMES, PRIOR)
    fused = auroc(scores @ fusion.weights + fusion.offset, truth)
    assert fused >= max(auroc(scores[:, i], truth) for i in range(3)) - 1e-12
    assert (fusion.weights >= 0.0).all()


def test_fusion_falls_back_to_the_one_detector_that_knows() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(400) >= 200
    useless = rng.normal(0.0, 90.0, (400, 2)) - 300.0 * truth[:, None]  # says the opposite
    knows = np.where(truth, 1.0, 0.0) + rng.normal(0.0, 0.05, 400)
    scores = np.column_stack([useless[:, 0], knows, useless[:, 1]])
    fusion = fit_fusion(scores, truth, NAMES, PRIOR)
    assert fusion.chosen == "binary"
    assert fusion.weights[0] == fusion.weights[2] == 0.0 and fusion.weights[1] > 0.0


def test_the_stated_weights_stand_where_validation_does_not_object() -> None:
    scores, truth = sample(1, 40, 5, (9.0, 9.0, 9.0))
    fusion = fit_fusion(scores, truth, NAMES, PRIOR)
    assert fusion.chosen == "fused"
    np.testing.assert_allclose(fusion.weights / fusion.weights[1], PRIOR)


def test_log_odds_are_bounded_and_centred_however_clear_the_case() -> None:
    scores, truth = sample(2, 100, 20, (50.0, 50.0, 50.0))
    fusion = fit_fusion(scores, truth, NAMES, PRIOR)
    odds = scores @ fusion.weights + fusion.offset
    assert (odds[truth] > 0).all() and (odds[~truth] < 0).all()
    assert np.median(np.abs(odds)) < 8.0


def test_without_defects_the_stated_weights_are_centred_on_good_parts() -> None:
    scores, _ = sample(3, 30, 0, (0.0, 0.0, 0.0))
    fusion = fit_fusion(scores, np.zeros(30, bool), NAMES, PRIOR)
    np.testing.assert_array_equal(fusion.weights, PRIOR)
    assert np.median(scores @ fusion.weights + fusion.offset) == pytest.approx(0.0)
