"""The specification's composite score and its sensitivity scenarios. Must not know pictures.

Score = Σ weight · term over AUROC, F1, recall, PRO and the multi-class AUROC (SPEC §7). A scenario
gives one term a weight of 0.40 and shares out the rest in the specification's proportions;
"precision first" takes the precision in as a sixth term. A model without a class head scores 0 on
the multi-class term. Nothing else may be missing: a score over fewer terms is another score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TERMS = ("auroc", "f1", "recall", "pro", "auroc_multi", "precision")
WEIGHTS = {"auroc": 0.30, "f1": 0.20, "recall": 0.15, "pro": 0.25, "auroc_multi": 0.10}
FIRST = 0.40
NO_CLASS_HEAD = "The model has no class head: its multi-class AUROC counts as 0."


def first(term: str, weight: float = FIRST) -> dict[str, float]:
    """The specification's weights with one term lifted to ``weight``, summing to 1."""
    others = {name: value for name, value in WEIGHTS.items() if name != term}
    scale = (1.0 - weight) / sum(others.values())
    return {term: weight} | {name: value * scale for name, value in others.items()}


SPECIFICATION = "specification"
SCENARIOS: dict[str, dict[str, float]] = {
    SPECIFICATION: WEIGHTS,
    "recall_first": first("recall"),
    "precision_first": first("precision"),
    "localisation_first": first("pro"),
}


@dataclass(frozen=True, slots=True)
class Composite:
    """A score in [0, 1], or None with the ``reason``; ``notes`` are what a table must say."""

    score: float | None
    reason: str | None = None
    notes: tuple[str, ...] = ()


def composite(
    terms: Mapping[str, float | None],
    weights: Mapping[str, float] = WEIGHTS,
    *,
    class_head: bool = True,
) -> Composite:
    """Weighted sum of the terms; see the module for what may be missing."""
    notes: list[str] = []
    total = 0.0
    for name, weight in weights.items():
        value = terms.get(name)
        if name == "auroc_multi" and not class_head:
            notes.append(NO_CLASS_HEAD)
            value = 0.0
        if value is None:
            return Composite(None, f"There is no {name} on these pictures.", tuple(notes))
        total += weight * value
    return Composite(total, None, tuple(notes))


def terms_of(report: Mapping[str, Any]) -> dict[str, float | None]:
    """The terms from a report of ``evaluate``; None for what it could not measure."""
    image, pixel = report["image"], report["pixel"]["at_region_threshold"]
    multi = report.get("multiclass")
    return {
        "auroc": image["auroc"]["value"],
        "f1": image["f1"]["value"],
        "recall": image["recall"]["value"],
        "pro": pixel["pro"]["value"],
        "auroc_multi": multi["auroc_ovr_macro"]["value"] if multi else None,
        "precision": image["precision"]["value"],
    }


def composite_report(terms: Mapping[str, float | None], *, class_head: bool) -> dict[str, Any]:
    """Score, terms and scenarios as JSON."""
    main = composite(terms, class_head=class_head)
    scenarios = {}
    for name, weights in SCENARIOS.items():
        found = composite(terms, weights, class_head=class_head)
        scenarios[name] = {"score": found.score, "weights": dict(weights)}
    return {
        "score": main.score,
        "reason": main.reason,
        "notes": list(main.notes),
        "terms": dict(terms),
        "scenarios": scenarios,
    }


def rank_models(
    terms: Mapping[str, Mapping[str, float | None]], without_classes: frozenset[str] = frozenset()
) -> dict[str, list[tuple[str, float | None]]]:
    """For each scenario the models with their scores, the best first, those without a score last.

    ``terms`` are each model's (or their means over seeds); ``without_classes`` names the models
    that have no class head.
    """
    ranking: dict[str, list[tuple[str, float | None]]] = {}
    for scenario, weights in SCENARIOS.items():
        scores = [
            (model, composite(values, weights, class_head=model not in without_classes).score)
            for model, values in terms.items()
        ]
        scores.sort(key=lambda pair: (pair[1] is None, -(pair[1] or 0.0), pair[0]))
        ranking[scenario] = scores
    return ranking
