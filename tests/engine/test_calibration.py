"""Limits hold at the stated rates, claim no more than the sample supports, and never call a part
above everything ever seen OK."""

from __future__ import annotations

import numpy as np
import pytest

from engine.calibration.conformal import (
    find_limits,
    lower_limit,
    parts_needed,
    tightest_claim,
    upper_limit,
)
from engine.inference.decision import decide, p_value


def goods(count: int, seed: int = 0) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(0.0, 0.2, count)).astype(np.float32)


def test_what_a_rate_needs_is_what_the_design_says() -> None:
    assert (parts_needed(0.05), parts_needed(0.01), parts_needed(0.005)) == (19, 99, 199)
    assert tightest_claim(59).rate_at_confidence <= 0.05 < tightest_claim(58).rate_at_confidence
    assert tightest_claim(299).rate_at_confidence <= 0.01 < tightest_claim(298).rate_at_confidence
    assert tightest_claim(209).rate == pytest.approx(1 / 210)
    assert tightest_claim(0).rate == 1.0


@pytest.mark.parametrize("count", [19, 40, 209])
def test_stated_rates_hold_for_new_parts(count: int) -> None:
    shares = []
    for seed in range(400):
        limit, supported = upper_limit(goods(count, seed), 0.05)
        assert supported
        shares.append((goods(200, 10_000 + seed) > limit).mean())
    assert np.mean(shares) <= 0.05 + 3 * np.std(shares) / 20


def test_too_few_parts_are_extrapolated_and_said_so() -> None:
    scores = goods(12)
    limit, supported = upper_limit(scores, 0.005)
    assert not supported
    assert float(scores.max()) < limit < 10 * float(scores.max())


@pytest.mark.parametrize("count", [1, 2, 5, 10, 18, 19, 198, 199, 1000])
def test_a_part_above_everything_seen_is_never_ok(count: int) -> None:
    scores = goods(count)
    limits = find_limits(scores)
    assert limits.ok <= limits.highest_good <= limits.ng or limits.ng_supported
    assert limits.ok <= limits.ng
    above = float(np.nextafter(scores.max(), np.float32(np.inf)))
    verdict, _ = decide(above, p_value(above, np.sort(scores)), limits)
    assert verdict != "OK"
    assert decide(1e6, 1 / (count + 1), limits)[0] == "NG"


def test_a_small_product_says_that_its_rate_is_not_supported() -> None:
    limits = find_limits(goods(12))
    assert not limits.ok_supported and not limits.ng_supported
    between = (limits.ok + limits.ng) / 2
    assert decide(between, 1 / 13, limits) == ("REVIEW", "not_supported")


def test_identical_scores_do_not_break_the_limits() -> None:
    limits = find_limits(np.full(12, 0.5, np.float32))
    assert limits.ok == limits.highest_good == 0.5
    assert decide(0.5, 1.0, limits) == ("OK", "below_ok_limit")


def test_overlapping_defects_give_a_review_zone() -> None:
    defects = goods(200, 1) * 1.3
    limits = find_limits(goods(300), defects)
    assert limits.method == "mondrian" and limits.ok < limits.ng
    assert (defects <= limits.ok).mean() <= 0.05
    assert (goods(300) > limits.ng).mean() <= 0.005
    assert decide((limits.ok + limits.ng) / 2, 0.2, limits) == ("REVIEW", "between_limits")


def test_the_gap_between_goods_and_defects_is_novel() -> None:
    good, defects = goods(300), goods(60, 1) * 10
    limits = find_limits(good, defects)
    assert limits.ok < limits.ng
    score = (limits.ok + limits.ng) / 2
    assert decide(score, p_value(score, np.sort(good)), limits) == ("REVIEW", "novel")
    assert limits.ok <= limits.highest_good


def test_a_few_defects_only_lower_the_ok_limit() -> None:
    good = goods(209)
    low = np.array([float(np.quantile(good, 0.8)), 5.0], np.float32)
    limits = find_limits(good, low)
    assert limits.method == "good"
    assert limits.ok < low.min()
    mislabelled = find_limits(good, np.array([0.01], np.float32))
    assert mislabelled.ok == pytest.approx(float(np.median(good)))


def test_defect_limit_lets_at_most_the_rate_escape() -> None:
    shares = []
    for seed in range(400):
        limit, supported = lower_limit(goods(25, seed), 0.05)
        assert supported
        shares.append((goods(200, 10_000 + seed) <= limit).mean())
    assert np.mean(shares) <= 0.05


def test_p_value_counts_the_part_itself() -> None:
    scores = np.array([1, 2, 3, 4], np.float32)
    assert p_value(9.0, scores) == 1 / 5
    assert p_value(4.0, scores) == 2 / 5
    assert p_value(0.0, scores) == 1.0


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_never_ok(score: float) -> None:
    assert decide(score, 1.0, find_limits(goods(50)))[0] == "REVIEW"


def test_few_goods_leave_a_band_of_review_above_the_highest_of_them() -> None:
    good = np.array([0.60, 0.62, 0.64, 0.66, 0.68, 0.77], np.float32)
    limits = find_limits(good)
    assert limits.ok <= 0.77 < limits.ng
    assert not limits.ng_supported
    assert decide(0.78, 1 / 7, limits)[0] == "REVIEW"
