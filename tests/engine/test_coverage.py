"""The limits keep their promises: by simulation on exchangeable parts, and against crepes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.bundle import Limits
from engine.calibration.conformal import (
    find_limits,
    lower_limit,
    tightest_claim,
    upper_limit,
)
from engine.inference.decision import decide, p_value

DRAWS = 1000


def _draw(
    rng: np.random.Generator, goods: int, defects: int, apart: float
) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of good and defective parts, skewed and overlapping; most are negative."""
    good = rng.gumbel(-4.0, 1.0, goods)
    defect = rng.logistic(-4.0 + apart, 1.0, defects)
    return good.astype(np.float32), defect.astype(np.float32)


def _within(shares: np.ndarray, expected: float) -> bool:
    """Whether the mean of the simulated shares is the expected one, to four standard errors:
    there are many such checks, and the mean of skewed shares goes together with their spread."""
    return bool(abs(shares.mean() - expected) <= 4 * shares.std(ddof=1) / np.sqrt(len(shares)))


@pytest.mark.parametrize(
    ("defects", "escape_rate"), [(19, 0.05), (40, 0.05), (130, 0.05), (99, 0.01)]
)
def test_escape_and_overkill_hold_over_a_thousand_calibration_sets(
    defects: int, escape_rate: float
) -> None:
    rng = np.random.default_rng(defects)
    goods, ng_rate, fresh = 230, 0.02, 100
    escaped, overkilled, reviewed = np.zeros(DRAWS), np.zeros(DRAWS), np.zeros(DRAWS)
    for row in range(DRAWS):
        good, defect = _draw(rng, goods, defects, apart=4.0)
        limits = find_limits(good, defect, ng_rate=ng_rate, escape_rate=escape_rate)
        assert limits.method == "mondrian" and limits.ok_supported and limits.ng_supported
        new_good, new_defect = _draw(rng, fresh, fresh, apart=4.0)
        escaped[row] = (new_defect <= limits.ok).mean()
        overkilled[row] = (new_good > limits.ng).mean()
        both = np.concatenate([new_good, new_defect])
        reviewed[row] = ((both > limits.ok) & (both <= limits.ng)).mean()
    error = 3 / np.sqrt(DRAWS)
    assert escaped.mean() <= escape_rate + error * escaped.std()
    assert overkilled.mean() <= ng_rate + error * overkilled.std()
    # not merely kept: exactly what the ranks give, floor(rate · (n + 1)) / (n + 1)
    assert _within(escaped, np.floor(escape_rate * (defects + 1) + 1e-9) / (defects + 1))
    assert _within(overkilled, np.floor(ng_rate * (goods + 1) + 1e-9) / (goods + 1))
    assert 0 < reviewed.mean() < 1


def test_separated_classes_keep_their_promises_too() -> None:
    rng = np.random.default_rng(3)
    escaped, overkilled = np.zeros(DRAWS), np.zeros(DRAWS)
    for row in range(DRAWS):
        good, defect = _draw(rng, 230, 60, apart=30.0)
        limits = find_limits(good, defect, ng_rate=0.02)
        assert limits.ok <= limits.highest_good < limits.ng
        new_good, new_defect = _draw(rng, 100, 100, apart=30.0)
        escaped[row] = (new_defect <= limits.ok).mean()
        overkilled[row] = (new_good > limits.ng).mean()
    assert escaped.mean() <= 0.05 and overkilled.mean() <= 0.02


def test_the_verdicts_that_the_station_gives_keep_the_promises() -> None:
    """The same through ``decide``, as parts come: one new good and one new defect a draw."""
    rng = np.random.default_rng(8)
    escaped = overkilled = 0
    for _ in range(DRAWS):
        good, defect = _draw(rng, 230, 60, apart=4.0)
        limits, known = find_limits(good, defect, ng_rate=0.02), np.sort(good)
        new_good, new_defect = _draw(rng, 1, 1, apart=4.0)
        escaped += _said(new_defect, known, limits) == "OK"
        overkilled += _said(new_good, known, limits) == "NG"
    for count, rate in ((escaped, 0.05), (overkilled, 0.02)):
        assert count / DRAWS <= rate + 3 * np.sqrt(rate * (1 - rate) / DRAWS)


def _said(score: np.ndarray, known: np.ndarray, limits: Limits) -> str:
    value = float(score[0])
    return decide(value, p_value(value, known), limits)[0]


@pytest.mark.parametrize("parts", [19, 59, 299])
def test_the_tightest_claims_hold(parts: int) -> None:
    """With uniform scores the true rate of a limit is the limit: at the lowest of n it is on
    average 1 / (n + 1), and above the claim at 95 % confidence in one draw of twenty."""
    rng = np.random.default_rng(parts)
    claim = tightest_claim(parts)
    draws = 10 * DRAWS
    rates = np.zeros(draws)
    for row in range(draws):
        limit, supported = lower_limit(rng.random(parts).astype(np.float32), claim.rate)
        assert supported
        rates[row] = limit
    assert _within(rates, claim.rate)
    above = (rates > claim.rate_at_confidence).mean()
    assert abs(above - 0.05) <= 3 * np.sqrt(0.05 * 0.95 / draws)


@pytest.mark.parametrize("goods", [8, 30, 120])
def test_an_extrapolated_limit_of_log_odds_is_kept_where_they_are_normal(goods: int) -> None:
    """Too few goods for the rate: no promise, yet on normal scores the bound is not exceeded."""
    rng = np.random.default_rng(goods)
    above = np.zeros(DRAWS)
    for row in range(DRAWS):
        scores = rng.normal(-6.0, 2.0, goods).astype(np.float32)
        limit, supported = upper_limit(scores, 0.005)
        assert not supported and limit > scores.max()
        above[row] = (rng.normal(-6.0, 2.0, 100) > limit).mean()
    assert above.mean() <= 0.005 + 3 * above.std() / np.sqrt(DRAWS)


def test_limits_of_negative_scores_stay_in_order() -> None:
    rng = np.random.default_rng(0)
    for goods, defects in ((12, 0), (12, 3), (40, 25), (300, 100)):
        good, defect = _draw(rng, goods, defects, apart=6.0)
        limits = find_limits(good, defect if defects else None)
        assert np.isfinite([limits.ok, limits.ng]).all()
        assert limits.ok <= limits.ng and limits.ok <= limits.highest_good == good.max()
        shifted = find_limits(good - 50, defect - 50 if defects else None)
        assert shifted.ok == pytest.approx(limits.ok - 50, abs=1e-4)
        assert shifted.ng == pytest.approx(limits.ng - 50, abs=1e-4) or good.min() >= 0


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(
    ("goods", "defects", "ng_rate", "escape_rate"),
    [(199, 19, 0.005, 0.05), (230, 77, 0.02, 0.05), (1000, 400, 0.01, 0.1)],
)
def test_verdicts_agree_with_the_prediction_sets_of_crepes(
    goods: int, defects: int, ng_rate: float, escape_rate: float, ties: bool
) -> None:
    """crepes' class-conditional conformal classifier as an oracle: OK only where its set at the
    escape rate leaves the defect out, NG exactly where its set at the overkill rate leaves the
    good part out."""
    crepes = pytest.importorskip("crepes.base")
    rng = np.random.default_rng(goods)
    good, defect = _draw(rng, goods, defects, apart=3.0)
    if ties:
        good, defect = np.round(good * 2) / 2, np.round(defect * 2) / 2
    new = np.concatenate([*_draw(rng, 300, 300, apart=3.0), good[:50], defect[:50]])
    new = np.round(new * 2) / 2 if ties else new

    alphas = np.concatenate([good, -defect])
    categories = np.repeat([0, 1], [goods, defects])
    oracle = crepes.ConformalClassifier().fit(alphas, bins=categories)

    def chance(strangeness: np.ndarray, category: int) -> np.ndarray:
        bins = np.full(len(strangeness), category)
        found = oracle.predict_p(strangeness[:, None], bins=bins, smoothing=False)
        return np.asarray(found[:, 0])

    ordered = np.sort(good)
    np.testing.assert_allclose([p_value(float(s), ordered) for s in new], chance(new, 0))
    not_good = chance(new, 0) <= ng_rate + 1e-12
    not_defect = chance(-new, 1) <= escape_rate + 1e-12
    np.testing.assert_array_equal(new > upper_limit(good, ng_rate)[0], not_good)
    np.testing.assert_array_equal(new <= lower_limit(defect, escape_rate)[0], not_defect)

    limits = find_limits(good, defect, ng_rate=ng_rate, escape_rate=escape_rate)
    said = [decide(float(s), p_value(float(s), ordered), limits)[0] for s in new]
    overlap = lower_limit(defect, escape_rate)[0] <= upper_limit(good, ng_rate)[0]
    for verdict, without_good, without_defect in zip(said, not_good, not_defect, strict=True):
        assert verdict != "OK" or without_defect
        assert verdict != "NG" or without_good
        if overlap:
            assert (verdict == "OK") == without_defect and (verdict == "NG") == without_good
