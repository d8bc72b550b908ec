"""Figures at two limits, held against counting part by part."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qc_station.domain.quality_figures import wilson
from qc_station.domain.thresholds import (
    JUDGED,
    LimitPair,
    LoggedScores,
    ReviewedScores,
    ScoreSet,
    parts_for,
    raises_escape_bound,
    rate_with_no_miss,
    score_range,
)
from qc_station.domain.verdict import Verdict

Part = tuple[float, bool]  # score, novel


def verdict_of(part: Part, pair: LimitPair) -> Verdict:
    """The rule, part by part."""
    score, novel = part
    if score > pair.ng:
        return Verdict.NG
    return Verdict.OK if score <= pair.ok and not novel else Verdict.REVIEW


def score_set(parts: list[Part]) -> ScoreSet:
    known = np.array([score for score, novel in parts if not novel], float)
    return ScoreSet.of(known, np.array([score for score, novel in parts if novel], float))


def some_parts(rng: np.random.Generator, most: int) -> list[Part]:
    """Scores with many ties, so that limits fall onto them."""
    n = int(rng.integers(0, most))
    return [
        (float(score), bool(novel))
        for score, novel in zip(rng.integers(-4, 9, n) / 2.0, rng.random(n) < 0.2, strict=True)
    ]


def some_pair(rng: np.random.Generator) -> LimitPair:
    low, high = sorted(float(one) for one in rng.integers(-5, 10, 2) / 2.0)
    return LimitPair(low, high)


@pytest.mark.parametrize("seed", range(40))
def test_figures_of_reviewed_parts_are_those_of_counting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    good, defective, pair = some_parts(rng, 30), some_parts(rng, 30), some_pair(rng)
    figures = ReviewedScores(score_set(good), score_set(defective), {}).figures(pair)
    said = {
        (kind, verdict): sum(verdict_of(part, pair) is verdict for part in parts)
        for kind, parts in (("good", good), ("defective", defective))
        for verdict in JUDGED
    }
    escape, overkill, review = figures.escape, figures.overkill, figures.review
    assert (escape.count, escape.of) == (said["defective", Verdict.OK], len(defective))
    assert (overkill.count, overkill.of) == (said["good", Verdict.NG], len(good))
    between = said["good", Verdict.REVIEW] + said["defective", Verdict.REVIEW]
    assert (review.count, review.of) == (between, len(good) + len(defective))
    if defective:
        assert escape.interval == wilson(escape.count, escape.of)


@pytest.mark.parametrize("seed", range(40))
def test_a_replay_moves_every_part_where_the_rule_would(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    log = {was: some_parts(rng, 25) for was in JUDGED}
    pair = some_pair(rng)
    logged = LoggedScores({was: score_set(parts) for was, parts in log.items()}, not_inspected=3)
    replay = logged.replay(pair)
    for was, would in itertools.product(JUDGED, JUDGED):
        expected = sum(verdict_of(part, pair) is would for part in log[was])
        assert replay.moves[was][would] == expected
        above, up_to = score_range(would, pair)
        listed = [
            part
            for part in log[was]
            if (above is None or part[0] > above) and (up_to is None or part[0] <= up_to)
        ]
        if not any(novel for _, novel in log[was]):
            assert len(listed) == expected  # what the history lists is what is counted
    parts = [part for parts in log.values() for part in parts]
    assert logged.parts == replay.parts == len(parts)
    assert sum(replay.would(verdict) for verdict in JUDGED) == len(parts)
    assert replay.review.count == sum(verdict_of(p, pair) is Verdict.REVIEW for p in parts)
    kept = sum(replay.moves[verdict][verdict] for verdict in JUDGED)
    assert replay.changed == len(parts) - kept


def test_raising_the_ok_limit_never_lowers_escapes_and_the_ng_limit_never_raises_overkill() -> None:
    rng = np.random.default_rng(3)
    reviewed = ReviewedScores(score_set(some_parts(rng, 60)), score_set(some_parts(rng, 60)), {})
    places = [value / 4 for value in range(-12, 24)]
    escapes = [reviewed.figures(LimitPair(ok, 10.0)).escape.count for ok in places]
    overkill = [reviewed.figures(LimitPair(-10.0, ng)).overkill.count for ng in places]
    assert escapes == sorted(escapes) and overkill == sorted(overkill, reverse=True)


def test_no_miss_supports_what_the_binomial_allows() -> None:
    assert rate_with_no_miss(0) is None
    for parts in (1, 5, 59, 299, 5000):
        rate = rate_with_no_miss(parts)
        assert rate is not None and math.isclose((1.0 - rate) ** parts, 0.05)
    for rate in (0.5, 0.05, 0.01, 0.001):
        needed = parts_for(rate)
        assert (1.0 - rate) ** needed <= 0.05 < (1.0 - rate) ** (needed - 1)
    assert (parts_for(0.05), parts_for(0.01)) == (59, 299)


def test_only_a_change_that_lets_more_defects_pass_is_warned_of() -> None:
    defects = ScoreSet.of(np.array([2.0, 3.0, 4.0]))
    reviewed = ReviewedScores(ScoreSet.of(np.array([1.0])), defects, {})
    now = LimitPair(1.5, 3.5)
    assert raises_escape_bound(reviewed, now, LimitPair(2.0, 3.5))
    assert not raises_escape_bound(reviewed, now, LimitPair(1.9, 3.5))
    assert not raises_escape_bound(reviewed, now, LimitPair(0.5, 9.0))
    unknown = ReviewedScores(reviewed.good, ScoreSet.of(np.empty(0)), {})
    assert raises_escape_bound(unknown, now, LimitPair(1.6, 3.5))
    assert not raises_escape_bound(unknown, now, LimitPair(1.5, 2.0))


@pytest.mark.parametrize("pair", [(2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_limits_that_cannot_be_are_refused(pair: tuple[float, float]) -> None:
    with pytest.raises(ValueError):
        LimitPair(*pair)
