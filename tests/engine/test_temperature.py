"""Temperatures fit what made the labels, keep the order, and claim no limitless confidence."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn import metrics as reference

from engine.calibration.temperature import (
    brier,
    ece,
    fit_temperature,
    nll,
    probabilities,
    quality,
    reliability,
    temperature_facts,
)


def _binary(seed: int, true_temperature: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are ``true_temperature`` times too large, and labels drawn from the truth."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(-0.5, 2.0, n)
    return honest * true_temperature, (rng.random(n) < expit(honest)).astype(int)


def _classes(seed: int, true_temperature: float, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 1.5, (n, 5))
    chances = softmax(honest, axis=1).cumsum(axis=1)
    return honest * true_temperature, (rng.random((n, 1)) > chances).sum(axis=1).clip(0, 4)


@pytest.mark.parametrize("truth", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("make", [_binary, _classes])
def test_the_temperature_that_made_the_labels_is_found(make: Any, truth: float) -> None:
    logits, labels = make(3, truth)
    found = fit_temperature(logits, labels)
    assert found == pytest.approx(truth, rel=0.08)
    assert nll(logits, labels, found) <= nll(logits, labels) + 1e-4
    if truth == 3.0:
        other_logits, other_labels = make(4, truth)
        for measure in (nll, brier, ece):
            assert measure(other_logits, other_labels, found) < measure(other_logits, other_labels)
        assert ece(other_logits, other_labels, found) < 0.03


def test_scores_agree_with_scikit_learn() -> None:
    logits, labels = _binary(1, 2.0, 300)
    chance = probabilities(logits, 1.7)
    assert nll(logits, labels, 1.7) == pytest.approx(reference.log_loss(labels, chance))
    assert brier(logits, labels, 1.7) == pytest.approx(reference.brier_score_loss(labels, chance))
    many, index = _classes(1, 2.0, 300)
    chances = probabilities(many, 1.7)
    assert nll(many, index, 1.7) == pytest.approx(reference.log_loss(index, chances))
    expected = ((chances - np.eye(5)[index]) ** 2).sum(axis=1).mean()
    assert brier(many, index, 1.7) == pytest.approx(expected)


def test_one_logit_and_its_pair_of_class_logits_say_the_same() -> None:
    logits, labels = _binary(2, 1.5, 500)
    pair = np.stack([np.zeros_like(logits), logits], axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(fit_temperature(pair, labels))
    assert nll(logits, labels) == pytest.approx(nll(pair, labels))
    assert brier(logits, labels) == pytest.approx(brier(pair, labels) / 2)


def test_reliability_counts_every_picture_once() -> None:
    chances = np.array([0.02, 0.05, 0.09, 0.5, 0.55, 0.95, 1.0])
    logits = np.log(np.clip(chances, 1e-12, 1 - 1e-12) / np.clip(1 - chances, 1e-12, 1))
    table = reliability(logits, np.array([0, 0, 1, 0, 1, 1, 1]), bins=10)
    assert [(round(one.low, 1), one.n, one.frequency) for one in table] == [
        (0.0, 3, pytest.approx(1 / 3)),
        (0.4, 1, 0.0),
        (0.5, 1, 1.0),
        (0.9, 2, 1.0),
    ]
    assert all(one.frequency_low <= one.frequency <= one.frequency_high for one in table)
    by_hand = (3 * abs(0.16 / 3 - 1 / 3) + 0.5 + 0.45 + 2 * abs(0.975 - 1)) / 7
    assert ece(logits, np.array([0, 0, 1, 0, 1, 1, 1]), bins=10) == pytest.approx(by_hand)


def test_a_separated_validation_set_does_not_ask_for_limitless_confidence() -> None:
    logits = np.concatenate([np.full(60, -2.0), np.full(8, 2.0)])
    labels = np.repeat([0, 1], [60, 8])
    found = fit_temperature(logits, labels)
    most_sure = probabilities(logits, found).max()
    assert 0.9 <= most_sure < 0.99
    overconfident = fit_temperature(logits * 20, labels)
    assert overconfident == pytest.approx(20 * found, rel=1e-3) or overconfident == 20.0


def test_many_classes_with_few_pictures_do_not_ask_for_doubt() -> None:
    """Two pictures of each of eight classes, all but one right: about as sure as they are right."""
    labels = np.repeat(np.arange(8), 2)
    logits = 4.0 * np.eye(8)[labels]
    logits[0] = 4.0 * np.eye(8)[3]
    found = fit_temperature(logits, labels)
    sure = probabilities(logits, found).max(axis=1).mean()
    assert 0.85 < sure < 0.97
    assert nll(logits, labels, found) <= nll(logits, labels) + 0.02


def test_unknown_labels_are_left_out() -> None:
    logits, labels = _classes(5, 2.0, 200)
    both = np.concatenate([logits, np.full((50, 5), 9.0) * np.arange(5)])
    index = np.concatenate([labels, np.full(50, -1)])
    assert fit_temperature(both, index) == fit_temperature(logits, labels)
    assert quality(both, index)["n"] == 200


def test_too_little_to_fit_on_changes_nothing() -> None:
    assert fit_temperature([3.0, 4.0], [1, 1]) == 1.0
    assert fit_temperature([3.0, 4.0], [-1, -1]) == 1.0
    nothing = quality([3.0, 4.0], [-1, -1])
    assert nothing == {"nll": None, "brier": None, "ece": None, "n": 0, "bins": []}


@pytest.mark.parametrize(
    ("logits", "labels", "what"),
    [
        ([np.nan, 1.0], [0, 1], "finite"),
        ([1.0, 2.0], [0], "belong together"),
        ([[1.0, 2.0]], [2], "beyond"),
    ],
)
def test_what_cannot_be_is_refused(logits: list[Any], labels: list[int], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        fit_temperature(logits, labels)


def test_the_facts_for_the_manifest_are_json() -> None:
    facts = temperature_facts(_binary(1, 3.0, 400), _classes(1, 3.0, 400))
    assert facts["binary"] > 2 and facts["classes"] > 2
    for name in ("binary", "classes"):
        figures = facts["validation"][name]
        assert figures["after"]["nll"] < figures["before"]["nll"]
    json.dumps(facts, allow_nan=False)
    assert temperature_facts(None) == {"validation": {}, "binary": None, "classes": None}
