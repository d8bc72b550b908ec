"""The figures in a manifest are counted by the verdict rule, and say what they rest on."""

from __future__ import annotations

import numpy as np
import pytest

from engine.calibration.conformal import find_limits
from engine.calibration.figures import VALIDATION, out_of_fold_figures
from engine.evaluation.metrics import auroc


def test_shares_at_the_limits_are_what_the_verdicts_say() -> None:
    good = np.linspace(0.5, 1.0, 209).astype(np.float32)
    limits = find_limits(good)
    figures = out_of_fold_figures(good, None, limits)
    assert set(figures) == {"good_not_ok", "overkill"}
    not_ok = figures["good_not_ok"]
    assert not_ok["value"] == pytest.approx(float((good > limits.ok).mean()))
    assert not_ok["low"] < not_ok["value"] < not_ok["high"] and not_ok["n"] == 209
    assert figures["overkill"]["value"] <= 0.005
    assert "out of fold" in not_ok["method"]


def test_the_auroc_is_that_of_evaluate_ties_included() -> None:
    random = np.random.default_rng(0)
    good = random.normal(0.0, 1.0, 40).round(1).astype(np.float32)
    defect = random.normal(1.0, 1.0, 15).round(1).astype(np.float32)
    figures = out_of_fold_figures(good, defect, find_limits(good, defect))
    expected = auroc(np.repeat([False, True], [40, 15]), np.concatenate([good, defect]))
    assert figures["auroc"]["value"] == pytest.approx(expected)
    assert figures["auroc"]["n"] == 55 and figures["escape"]["n"] == 15
    assert figures["auroc"]["low"] < expected < figures["auroc"]["high"]


def test_a_networks_figures_say_that_they_are_of_validation() -> None:
    good = np.linspace(-6, -2, 60, dtype=np.float32)
    defect = np.linspace(-3, 5, 30, dtype=np.float32)
    figures = out_of_fold_figures(good, defect, find_limits(good, defect), VALIDATION)
    assert all(figure["method"].startswith("validation, ") for figure in figures.values())
    assert 0.5 < figures["auroc"]["value"] < 1.0
