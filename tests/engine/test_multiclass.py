"""Multi-class figures against scikit-learn, with intervals; strangers are listed, not counted."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from engine.evaluation.bootstrap import resample_counts
from engine.evaluation.metrics import auroc
from engine.evaluation.multiclass import class_answers, multiclass_metrics, resampled_auroc

LABELS = ("good", "bent", "crack", "hole", "stain")


def _answers(
    seed: int, n: int = 240, ties: bool = False, classes: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(classes), rng.choice(classes, n - classes)])
    logits = rng.normal(0, 1, (n, len(LABELS))) + 1.5 * np.eye(len(LABELS))[truth]
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    if ties:
        chances = np.round(chances, 1) + 1e-3
        chances /= chances.sum(axis=1, keepdims=True)
    return truth, chances


def _flagged(chances: np.ndarray) -> np.ndarray:
    return np.asarray(chances.argmax(axis=1) != 0)


def _measure(truth: np.ndarray, chances: np.ndarray) -> dict[str, Any]:
    """With scores that flag what is likelier anything else than good."""
    names = [LABELS[k] for k in truth]
    found = multiclass_metrics(LABELS, names, chances, _flagged(chances))
    return dict(json.loads(json.dumps(found, allow_nan=False)))


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_every_figure_agrees_with_scikit_learn(seed: int, ties: bool) -> None:
    truth, chances = _answers(seed, ties=ties)
    found, said = _measure(truth, chances), chances.argmax(axis=1)
    expected = reference.roc_auc_score(truth, chances, multi_class="ovr", average="macro")
    assert found["auroc_ovr_macro"]["value"] == pytest.approx(expected)
    for average in ("macro", "weighted"):
        expected = reference.f1_score(truth, said, average=average)
        assert found[f"f1_{average}"]["value"] == pytest.approx(expected)
    assert found["accuracy"]["value"] == pytest.approx(reference.accuracy_score(truth, said))
    np.testing.assert_array_equal(found["confusion"], reference.confusion_matrix(truth, said))
    np.testing.assert_allclose(
        found["confusion_normalised"], reference.confusion_matrix(truth, said, normalize="true")
    )
    precision, recall, f1, support = reference.precision_recall_fscore_support(truth, said)
    for k, name in enumerate(LABELS):
        one = found["per_class"][name]
        assert one["precision"]["value"] == pytest.approx(precision[k])
        assert one["recall"]["value"] == pytest.approx(recall[k])
        assert one["f1"]["value"] == pytest.approx(f1[k])
        assert one["support"] == support[k]
        expected = reference.roc_auc_score(truth == k, chances[:, k])
        assert one["auroc"]["value"] == pytest.approx(expected)
    for name in ("auroc_ovr_macro", "f1_macro", "f1_weighted", "accuracy"):
        assert found[name]["low"] < found[name]["value"] < found[name]["high"]
        assert found[name]["n"] == 240 and found[name]["method"]


def test_a_resampled_area_is_that_of_the_repeated_pictures() -> None:
    truth, chances = _answers(4, n=60, ties=True)
    times = resample_counts([LABELS[k] for k in truth], resamples=20)
    found = resampled_auroc(truth == 2, chances[:, 2], times)
    for row, counts in enumerate(times.astype(int)):
        again = np.repeat(np.arange(60), counts)
        assert found[row] == pytest.approx(auroc(truth[again] == 2, chances[again, 2]))


def test_a_class_without_pictures_is_named_and_not_averaged() -> None:
    truth, chances = _answers(1, classes=4)
    found, said = _measure(truth, chances), chances.argmax(axis=1)
    assert found["classes_absent"] == ["stain"]
    expected = reference.f1_score(truth, said, labels=range(4), average="macro")
    assert found["f1_macro"]["value"] == pytest.approx(expected)
    expected = np.mean([reference.roc_auc_score(truth == k, chances[:, k]) for k in range(4)])
    assert found["auroc_ovr_macro"]["value"] == pytest.approx(expected)
    absent = found["per_class"]["stain"]
    assert absent["support"] == 0 and absent["recall"]["value"] is None
    assert found["confusion_normalised"][4] == [0.0] * 5


def test_a_class_that_is_never_called_has_no_precision() -> None:
    truth = np.array([0, 0, 1, 1, 2])
    chances = np.eye(5)[[0, 0, 1, 1, 1]]
    found = _measure(truth, chances)["per_class"]["crack"]
    assert found["precision"]["value"] is None and "called crack" in found["precision"]["reason"]
    assert found["f1"]["value"] == found["recall"]["value"] == 0.0


def test_pictures_of_a_withheld_class_are_listed_but_count_nowhere() -> None:
    truth, chances = _answers(2)
    alone = _measure(truth, chances)
    names = [*(LABELS[k] for k in truth), "dent", "dent", "anomaly", ""]
    more = np.concatenate([chances, np.eye(5)[[3, 0, 3, 3]]])
    found = multiclass_metrics(LABELS, names, more, _flagged(more))
    assert found["left_out"] == {"anomaly": 1, "dent": 2}
    assert found["unknown"] == {"anomaly": {"hole": 1}, "dent": {"hole": 1, "good": 1}}
    for key in ("n", "auroc_ovr_macro", "f1_macro", "confusion"):
        assert found[key] == alone[key]


def test_too_little_to_measure_gives_reasons() -> None:
    chances = np.eye(5)[[0, 0]]
    only_good = multiclass_metrics(LABELS, ["good", "good"], chances, _flagged(chances))
    assert only_good["auroc_ovr_macro"]["value"] is None
    assert "two classes" in only_good["auroc_ovr_macro"]["reason"]
    assert only_good["accuracy"]["value"] == 1.0
    nothing = multiclass_metrics(LABELS, ["dent", ""], chances, _flagged(chances))
    assert nothing["f1_macro"]["value"] is None and nothing["n"] == 0
    json.dumps(nothing, allow_nan=False)


def test_the_frozen_threshold_says_good_or_defective_and_the_chances_say_which_defect() -> None:
    chances = np.array([[0.45, 0.3, 0.25, 0, 0], [0.2, 0.1, 0.7, 0, 0], [0.9, 0.02, 0.08, 0, 0]])
    flagged = np.array([True, False, True])
    assert class_answers(LABELS, chances, flagged).tolist() == [1, 0, 2]
    found = multiclass_metrics(LABELS, ["bent", "crack", "crack"], chances, flagged)
    assert found["confusion"][1][1] == 1 and found["confusion"][2][:3] == [1, 0, 1]
    assert class_answers(("bent", "crack"), chances[:, 1:3], ~flagged).tolist() == [0, 1, 1]
