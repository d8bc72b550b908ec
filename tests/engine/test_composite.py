"""The composite score of the specification, its scenarios, and what a missing term does."""

from __future__ import annotations

import pytest

from engine.evaluation.composite import (
    NO_CLASS_HEAD,
    SCENARIOS,
    TERMS,
    WEIGHTS,
    composite,
    composite_report,
    rank_models,
    terms_of,
)


def _terms(*values: float | None) -> dict[str, float | None]:
    return dict(zip(TERMS, values, strict=True))


# means of three runs as the customer's report prints them (SPEC, section 7)
EFFICIENTNET = _terms(0.997, 0.91, 0.83, 0.315, 0.93, 1.00)
RESNET = _terms(0.910, 0.56, 0.89, 0.202, 0.88, 0.41)
AUTOENCODER = _terms(0.560, 0.59, 0.48, 0.894, None, 0.76)


def test_the_score_is_the_weighted_sum_of_the_specification() -> None:
    by_hand = 0.30 * 0.997 + 0.20 * 0.91 + 0.15 * 0.83 + 0.25 * 0.315 + 0.10 * 0.93
    assert composite(EFFICIENTNET).score == pytest.approx(by_hand)
    assert by_hand == pytest.approx(0.777, abs=1e-3)  # the report prints 0.785
    assert composite(dict.fromkeys(WEIGHTS, 1.0)).score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("scenario", "term"),
    [("recall_first", "recall"), ("precision_first", "precision"), ("localisation_first", "pro")],
)
def test_a_scenario_lifts_one_term_and_rescales_the_others(scenario: str, term: str) -> None:
    weights = SCENARIOS[scenario]
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights[term] == 0.40
    others = [name for name in WEIGHTS if name != term]
    shares = [weights[name] / WEIGHTS[name] for name in others]
    assert shares == pytest.approx([shares[0]] * len(shares))
    assert set(weights) <= set(TERMS)


def test_a_model_without_a_class_head_scores_nothing_there_and_it_is_said() -> None:
    found = composite(AUTOENCODER, class_head=False)
    by_hand = 0.30 * 0.560 + 0.20 * 0.59 + 0.15 * 0.48 + 0.25 * 0.894
    assert found.score == pytest.approx(by_hand)
    assert found.notes == (NO_CLASS_HEAD,)


def test_any_other_missing_term_gives_no_score_and_a_reason() -> None:
    found = composite(EFFICIENTNET | {"pro": None})
    assert found.score is None and found.reason is not None and "pro" in found.reason
    report = composite_report(EFFICIENTNET | {"pro": None}, class_head=True)
    assert report["score"] is None and report["scenarios"]["recall_first"]["score"] is None
    assert composite(EFFICIENTNET | {"precision": None}).score is not None  # not one of its terms


def test_models_are_ranked_in_every_scenario() -> None:
    ranking = rank_models(
        {
            "autoencoder": AUTOENCODER,
            "resnet50": RESNET,
            "efficientnet_b0": EFFICIENTNET,
            "unmeasured": dict.fromkeys(TERMS),
        },
        frozenset({"autoencoder"}),
    )
    assert list(ranking) == list(SCENARIOS)
    for order in ranking.values():
        assert order[0][0] == "efficientnet_b0" and order[-1] == ("unmeasured", None)
    assert [name for name, _ in ranking["recall_first"]][1] == "resnet50"
    assert [name for name, _ in ranking["localisation_first"]][1] == "autoencoder"


def test_the_terms_come_from_a_report() -> None:
    report = {
        "image": {k: {"value": v} for k, v in (("auroc", 0.9), ("f1", 0.8), ("recall", 0.7))}
        | {"precision": {"value": 0.6}},
        "pixel": {"at_region_threshold": {"pro": {"value": 0.5}}},
        "multiclass": None,
    }
    terms = terms_of(report)
    assert tuple(terms) == TERMS
    assert list(terms.values()) == [0.9, 0.8, 0.7, 0.5, None, 0.6]
    report["multiclass"] = {"auroc_ovr_macro": {"value": 0.4}}
    assert terms_of(report)["auroc_multi"] == 0.4
