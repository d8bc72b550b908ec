"""The numbers of a cascade from its validation answers. Must not know pictures, runtimes or torch.

The skip limit is chosen like an OK limit: class-conditional, from the fast scores of validation
defects, and never above the highest good part. It spends at most half of the escape rate, so that
the OK limit, which counts every skipped defect as an escape that has already happened, still has
something to go by. With too few validation defects for the escape rate nothing is skipped.

The escape rate thus holds for the cascade as a whole: the defects at or below the OK limit, those
skipped among them, are no more than the rate allows. Nothing here is softer than in a model alone.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Limits
from engine.calibration.conformal import (
    ESCAPE_RATE,
    NG_RATE,
    OK_RATE,
    find_limits,
    lower_limit,
    parts_needed,
)
from engine.calibration.fusion import Fusion, fit_fusion
from engine.calibration.intervals import share
from engine.models.cascade import EXPERT, FAST, SMALLEST_DISTANCE, CascadeRule, mixed_classes

SKIP_SHARE = 0.5  # of the escape rate, that the fast branch may spend
ORDINARY_RATE = 0.1  # share of good parts that are looked at twice because they look unusual
PRIOR = np.array([1.0, 1.0])  # both scores are log-odds already
GUARD_PRIOR = np.array([1.0, 1.0])  # of a logit, and of a distance in deviations of good parts
CLASSIFIER, GUARD = "classifier", "guard"
CLASS_SHARES = (0.5, 0.25, 0.75, 0.0, 1.0)  # of equal ones the first


@dataclass(frozen=True, slots=True, eq=False)
class CascadeAnswers:
    """What both models say of n validation pictures, each looking at all of them.

    ``fast`` and ``expert`` are scores in log-odds float64 [n], ``novelty`` the guard's distances
    float32 [n], ``defect`` bool [n], ``labels`` int64 [n] the index of the class (-1: not known),
    and ``fast_prob`` and ``expert_prob`` float32 [n, K].
    """

    fast: NDArray[np.float64]
    expert: NDArray[np.float64]
    novelty: NDArray[np.float32]
    defect: NDArray[np.bool_]
    labels: NDArray[np.int64]
    fast_prob: NDArray[np.float32]
    expert_prob: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CascadeRates:
    """Rates of ``find_limits``, and the share of good parts that the guard sends on."""

    ok_rate: float = OK_RATE
    ng_rate: float = NG_RATE
    escape_rate: float = ESCAPE_RATE
    ordinary_rate: float = ORDINARY_RATE


@dataclass(frozen=True, slots=True)
class GuardFusion:
    """Log-odds = weights[0] · logit + weights[1] · log(distance) + weights[2], and facts."""

    weights: tuple[float, float, float]
    facts: dict[str, Any]

    def __call__(
        self, logit: NDArray[np.float32], novelty: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """Scores float64 [n] as the guarded graph computes them."""
        distance = np.log(np.maximum(novelty.astype(np.float64), SMALLEST_DISTANCE))
        return self.weights[0] * logit + self.weights[1] * distance + self.weights[2]


def fit_guard(
    logit: NDArray[np.float32], novelty: NDArray[np.float32], defect: NDArray[np.bool_]
) -> GuardFusion:
    """Join a classifier's logits float32 [n] and its guard's distances on validation pictures."""
    distance = np.log(np.maximum(novelty.astype(np.float64), SMALLEST_DISTANCE))
    usual, spread = float(distance[~defect].mean()), float(distance[~defect].std()) or 1.0
    both = np.stack([logit.astype(np.float64), (distance - usual) / spread], 1)
    fusion = fit_fusion(both, defect, (CLASSIFIER, GUARD), GUARD_PRIOR)
    of_logit, of_distance = float(fusion.weights[0]), float(fusion.weights[1]) / spread
    weights = (of_logit, of_distance, fusion.offset - of_distance * usual)
    return GuardFusion(weights, _fusion_facts(fusion, weights))


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedCascade:
    """The rule, limits on its score, the score float32 [n] and the branch (``skipped`` bool [n])
    of every validation picture, and facts for the manifest."""

    rule: CascadeRule
    limits: Limits
    scores: NDArray[np.float32]
    skipped: NDArray[np.bool_]
    facts: dict[str, Any]


def fit_cascade(
    said: CascadeAnswers, rates: CascadeRates, novelty_rate: float, quiet: float
) -> CalibratedCascade:
    """Choose the skip limit, the fusion, the mixture of classes and the limits.

    ``novelty_rate`` is the expert's, ``quiet`` as in ``CascadeRule``. Raises ValueError without a
    good picture.
    """
    good = ~said.defect
    if not good.any():
        raise ValueError("a cascade is calibrated on good parts too")
    skip_limit, reason = _skip_limit(said, rates)
    ordinary_rate = max(rates.ordinary_rate, 1.0 / (int(good.sum()) + 1))
    both = np.stack([said.fast, said.expert], 1)
    fusion = fit_fusion(both, said.defect, (FAST, EXPERT), PRIOR)
    class_share, class_figures = _class_share(said)
    rule = CascadeRule(
        skip_limit=skip_limit,
        ordinary_rate=ordinary_rate,
        fused_weights=(float(fusion.weights[0]), float(fusion.weights[1]), fusion.offset),
        class_share=class_share,
        quiet=quiet,
    )
    chances = guard_p_values(said.novelty, good)
    skipped = np.array(
        [rule.skips(float(f), float(p)) for f, p in zip(said.fast, chances, strict=True)], bool
    )
    limits, scores = _limits(rule, said, skipped, rates)
    limits = dataclasses.replace(limits, novelty_rate=novelty_rate)
    facts = {
        "skip": _skip_facts(rule, reason, rates, int(said.defect.sum())),
        "validation": branch_shares(skipped, said.defect),
        "fusion": _fusion_facts(fusion, rule.fused_weights),
        "classes": {"fast_share": class_share, "validation_f1": class_figures},
    }
    return CalibratedCascade(rule, limits, scores, skipped, facts)


def guard_p_values(novelty: NDArray[np.float32], good: NDArray[np.bool_]) -> NDArray[np.float64]:
    """p-value float64 [n] of each picture's distance among the good ones. A good picture is left
    out of its own sample."""
    known = np.sort(novelty[good])
    at_least = len(known) - np.searchsorted(known, novelty, side="left")
    others = len(known) - good
    chances: NDArray[np.float64] = (1 + at_least - good) / (1 + others)
    return chances


def branch_shares(skipped: NDArray[np.bool_], defect: NDArray[np.bool_]) -> dict[str, Any]:
    """Share of the fast branch among all parts, goods and defects, each with its interval."""
    groups = {
        "parts": np.ones(len(skipped), bool),
        "good_parts": ~defect,
        "defects": defect,
    }
    return {
        name: share(int((skipped & of).sum()), int(of.sum()), name.replace("_", " ")).to_json()
        for name, of in groups.items()
    }


def _skip_limit(said: CascadeAnswers, rates: CascadeRates) -> tuple[float | None, str | None]:
    """The limit, or None and the sentence that says why nothing is skipped."""
    defects = said.fast[said.defect].astype(np.float32)
    needed = parts_needed(rates.escape_rate)
    if len(defects) < needed:
        return None, (
            f"An escape rate of {rates.escape_rate:.0%} needs {needed} validation defects; there "
            f"were {len(defects)}. No part is skipped: both models look at every one."
        )
    rate = max(SKIP_SHARE * rates.escape_rate, 1.0 / (len(defects) + 1))
    goods = said.fast[~said.defect].astype(np.float32)
    return find_limits(goods, defects, rates.ok_rate, rates.ng_rate, rate).ok, None


def _limits(
    rule: CascadeRule, said: CascadeAnswers, skipped: NDArray[np.bool_], rates: CascadeRates
) -> tuple[Limits, NDArray[np.float32]]:
    """Limits on the cascade's scores, and these scores. Skipped parts are capped twice: at what
    the defects allow, which is known first, and at the OK limit that comes of it; the second cap
    changes no limit, since it moves nothing across one."""
    fused = np.array(
        [rule.fused_score(float(f), float(e)) for f, e in zip(said.fast, said.expert, strict=True)],
        np.float32,
    )
    cap = np.inf
    if skipped.any():
        ordered = np.where(skipped, -np.inf, fused)[said.defect].astype(np.float32)
        cap, _ = lower_limit(ordered, rates.escape_rate)

    def capped(at: float) -> NDArray[np.float32]:
        return np.array(
            [
                rule.fast_score(float(f), at) if passed else z
                for f, z, passed in zip(said.fast, fused, skipped, strict=True)
            ],
            np.float32,
        )

    scores = capped(cap)
    limits = find_limits(
        scores[~said.defect],
        scores[said.defect] if said.defect.any() else None,
        rates.ok_rate,
        rates.ng_rate,
        rates.escape_rate,
    )
    return limits, capped(limits.ok)


def _class_share(said: CascadeAnswers) -> tuple[float, dict[str, float]]:
    """The fast model's weight in the class answer: of those in ``CLASS_SHARES`` the one with the
    best macro F1 on validation defects, and the F1 of each."""
    known = said.defect & (said.labels > 0)
    if not known.any():
        return CLASS_SHARES[0], {}
    truth = said.labels[known] - 1
    figures = {}
    for weight in CLASS_SHARES:
        among = mixed_classes(said.fast_prob[known], said.expert_prob[known], weight)
        figures[weight] = _macro_f1(among.argmax(1), truth)
    best = max(figures, key=lambda weight: figures[weight])
    return best, {f"{weight:g}": round(value, 4) for weight, value in figures.items()}


def _macro_f1(found: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Mean F1 over the classes that occur."""
    values = []
    for one in np.unique(truth):
        hits = int(((found == one) & (truth == one)).sum())
        values.append(2 * hits / (int((found == one).sum()) + int((truth == one).sum())))
    return float(np.mean(values))


def _fusion_facts(fusion: Fusion, weights: tuple[float, ...]) -> dict[str, Any]:
    return {
        "chosen": fusion.chosen,
        "weights": [round(value, 4) for value in weights],
        "validation_auroc": fusion.auroc,
    }


def _skip_facts(
    rule: CascadeRule, reason: str | None, rates: CascadeRates, defects: int
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "limit": rule.skip_limit,
        "escape_rate": rates.escape_rate,
        "validation_defects": defects,
        "ordinary_rate": rule.ordinary_rate,
    }
    return facts if reason is None else facts | {"reason": reason}
