"""Novel parts reach the review queue whatever the classifier says, and no NG becomes an OK."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.bundle import Limits, Manifest
from engine.calibration.conformal import NOVELTY_RATE, find_limits, with_novelty
from engine.data.images import Placement
from engine.errors import EngineError
from engine.inference.decision import decide, given_limits, p_value
from engine.inference.outputs import Interpreter, RawOutputs
from engine.inference.predictor import Prediction

SEVERITY = {"OK": 0, "REVIEW": 1, "NG": 2}
LIMITS = Limits(-1.0, 2.0, "mondrian", 0.05, 0.005, True, True, -0.5)


def test_a_part_that_the_classifier_calls_ok_is_reviewed_when_it_is_novel() -> None:
    limits = with_novelty(LIMITS, goods=200)
    assert limits.novelty_rate == NOVELTY_RATE
    assert decide(-5.0, 0.9, limits, novelty_p=0.5) == ("OK", "below_ok_limit")
    assert decide(-5.0, 0.9, limits, novelty_p=1 / 201) == ("REVIEW", "novel")
    assert decide(0.0, 0.9, limits, novelty_p=1 / 201) == ("REVIEW", "novel")
    assert decide(0.0, 0.9, limits, novelty_p=0.5) == ("REVIEW", "between_limits")


def test_novelty_only_ever_makes_a_verdict_stricter() -> None:
    grid = itertools.product((-5.0, -1.0, 0.0, 2.0, 2.1, 50.0), (0.001, 0.5), (0.0, 0.02, 1.0))
    for score, p, rate in grid:
        limits = replace(LIMITS, novelty_rate=rate)
        plain, _ = decide(score, p, limits)
        for novelty_p in (None, 0.001, 0.02, 0.03, 1.0):
            verdict, _ = decide(score, p, limits, novelty_p)
            assert SEVERITY[verdict] >= SEVERITY[plain]
            assert (verdict == "NG") == (plain == "NG")


@pytest.mark.parametrize("pair", [(2.0, 1.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_limits_that_cannot_be_are_refused_in_words(pair: tuple[float, float]) -> None:
    with pytest.raises(EngineError, match="Set them again") as refused:
        given_limits(LIMITS, *pair)
    assert refused.value.code == "limits_invalid"


def test_given_limits_decide_and_novel_parts_are_reviewed_whatever_they_are() -> None:
    own = replace(with_novelty(LIMITS, goods=200), ok_supported=False, ng_supported=False)
    wide = given_limits(own, 5.0, 9.0)
    assert decide(4.9, 0.5, wide, novelty_p=0.5) == ("OK", "below_ok_limit")
    assert decide(5.1, 0.5, wide, novelty_p=0.5) == ("REVIEW", "between_limits")
    assert decide(9.1, 0.5, wide, novelty_p=1 / 201) == ("NG", "above_ng_limit")
    assert decide(4.9, 0.5, wide, novelty_p=1 / 201) == ("REVIEW", "novel")
    assert decide(4.9, 0.001, wide) == ("REVIEW", "novel")  # above nearly all good parts


def test_no_part_below_its_bundles_own_ok_limit_is_novel_by_its_score() -> None:
    rng = np.random.default_rng(5)
    for goods in (5, 40, 400, 4000):
        good = np.sort(rng.lognormal(0.0, 0.4, goods).astype(np.float32))
        limits = find_limits(good, rng.lognormal(1.0, 0.5, 25).astype(np.float32))
        assert limits.method == "mondrian"
        for score in (*good[good <= limits.ok], limits.ok):
            assert decide(float(score), p_value(float(score), good), limits)[0] == "OK"


def test_without_a_rate_or_a_memory_nothing_is_novel() -> None:
    assert decide(-5.0, 0.9, LIMITS, novelty_p=0.001) == ("OK", "below_ok_limit")
    assert decide(-5.0, 0.9, with_novelty(LIMITS, 200), None) == ("OK", "below_ok_limit")


@pytest.mark.parametrize("goods", [1, 10, 48, 49, 1000])
def test_a_part_beyond_every_good_part_is_novel_however_few_they_are(goods: int) -> None:
    limits = with_novelty(LIMITS, goods)
    known = np.sort(np.random.default_rng(goods).random(goods).astype(np.float32))
    for distance in (2.0, float("inf"), float("nan")):
        assert decide(-5.0, 1.0, limits, p_value(distance, known)) == ("REVIEW", "novel")
    with pytest.raises(ValueError, match="good parts"):
        with_novelty(LIMITS, 0)


def test_few_good_parts_are_called_novel() -> None:
    """The share of new goods that the test sends to REVIEW is at most its rate."""
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(1000):
        known = np.sort(rng.lognormal(0, 0.3, 120).astype(np.float32))
        limits = with_novelty(LIMITS, len(known))
        new = rng.lognormal(0, 0.3, 50).astype(np.float32)
        said = [decide(-5.0, 1.0, limits, p_value(float(one), known))[0] for one in new]
        shares.append(said.count("REVIEW") / len(said))
    assert np.mean(shares) <= NOVELTY_RATE + 3 * np.std(shares) / np.sqrt(1000)
    assert np.mean(shares) == pytest.approx(2 / 121, abs=0.002)  # floor(121 · 0.02) / 121


def test_a_withheld_defect_class_never_passes_as_ok() -> None:
    """A classifier that knows scratches only is blind to dents; the memory is not.

    Scores are log-odds of a logistic classifier on one feature, distances those to the nearest
    good part in two features: a dent lies along the feature that no label ever showed.
    """
    rng = np.random.default_rng(7)

    def parts(n: int, scratch: float = 0.0, dent: float = 0.0) -> np.ndarray:
        return rng.normal((scratch, dent), (1.0, 1.0), (n, 2))

    bank, good, scratches = parts(400), parts(300), parts(60, scratch=7.0)
    withheld, new_goods, new_scratches = parts(200, dent=7.0), parts(400), parts(200, scratch=7.0)

    def log_odds(x: np.ndarray) -> np.ndarray:
        return (6.0 * (x[:, 0] - 3.5)).astype(np.float32)

    def distance(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.linalg.norm(x[:, None] - bank[None], axis=2).min(axis=1), np.float32)

    known = np.sort(distance(good))
    plain = find_limits(log_odds(good), log_odds(scratches))
    limits = with_novelty(plain, len(known))
    ordered = np.sort(log_odds(good))

    def verdicts(x: np.ndarray, rule: Limits) -> list[str]:
        return [
            decide(float(s), p_value(float(s), ordered), rule, p_value(float(d), known))[0]
            for s, d in zip(log_odds(x), distance(x), strict=True)
        ]

    assert verdicts(withheld, plain).count("OK") > 0.9 * len(withheld)  # what it would cost
    assert verdicts(withheld, limits).count("OK") <= 0.05 * len(withheld)
    assert verdicts(new_goods, limits).count("OK") >= 0.9 * len(new_goods)
    assert verdicts(new_scratches, limits).count("NG") == verdicts(new_scratches, plain).count("NG")


def test_the_interpreter_hears_the_patch_memory() -> None:
    goods = np.linspace(1, 2, 99).astype(np.float32)
    tensors = {"calibration_good": goods - 5, "calibration_novelty": goods}
    manifest = _manifest(with_novelty(LIMITS, len(goods)))
    plane, nothing = np.zeros((64, 64), np.float32), np.zeros(0, np.float32)

    def judge(novelty: float | None, known: dict[str, np.ndarray] = tensors) -> Prediction:
        bundle: Any = SimpleNamespace(manifest=manifest, tensors=known)
        raw = RawOutputs(-4.0, nothing, plane, nothing, novelty)
        return Interpreter(bundle).prediction(raw, Placement(64, 0, 0, 64, 64), 1.0)

    assert (judge(1.5).verdict, judge(1.5).reason) == ("OK", "below_ok_limit")
    novel = judge(2.5)
    assert (novel.verdict, novel.reason) == ("REVIEW", "novel")
    assert novel.p_value == novel.novelty_p == pytest.approx(1 / 100)  # what decided is shown
    assert judge(None).novelty_p is None and judge(None).verdict == "OK"
    without_memory = judge(2.5, {"calibration_good": goods - 5})
    assert without_memory.novelty_p is None and without_memory.verdict == "OK"


def test_bundles_from_before_novelty_still_load() -> None:
    manifest = _manifest(with_novelty(LIMITS, 500))
    assert Manifest.from_json(manifest.to_json()) == manifest
    old = json.loads(manifest.to_json())
    del old["limits"]["novelty_rate"]
    assert Manifest.from_json(json.dumps(old)).limits == LIMITS
    del old["limits"]["ok"]
    with pytest.raises(TypeError):
        Manifest.from_json(json.dumps(old))


def _manifest(limits: Limits) -> Manifest:
    return Manifest(
        bundle_id="x",
        model="patch_memory",
        product="disc",
        classes=(),
        input_size=64,
        map_size=64,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        backbone="b",
        limits=limits,
        calibration={},
        heatmap_full_scale=1.0,
        region_threshold=0.5,
        data_hash="",
        data_counts={},
        metrics={},
        versions={},
        created_at="",
    )
