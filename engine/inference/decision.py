"""From a score to a verdict and its reason. Must not know models or how limits were found."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Limits
from engine.errors import EngineError

OK, REVIEW, NG = "OK", "REVIEW", "NG"
NOVEL = "novel"  # the reason of a part that looks unlike anything seen


def p_value(score: float, good_scores: NDArray[np.float32]) -> float:
    """Conformal p-value of a part among the calibration goods: the share of them, itself
    included, that score at least as high. (1 + #{s_i >= s}) / (n + 1), Vovk et al. 2005.

    ``good_scores`` is sorted ascending, float32 [n]. A score that is no number has the smallest.
    """
    at_least = len(good_scores) - int(np.searchsorted(good_scores, np.float32(score), side="left"))
    return (1 + at_least) / (len(good_scores) + 1)


def given_limits(own: Limits, ok: float, ng: float) -> Limits:
    """A person's limits in the place of a bundle's own; what is novel stays the bundle's to say.

    They rest on no calibration set, so none can be too small for them. Raises EngineError
    limits_invalid unless both are finite and ``ok <= ng``.
    """
    if not (math.isfinite(ok) and math.isfinite(ng) and ok <= ng):
        raise EngineError(
            "limits_invalid",
            f"The limits {ok:g} and {ng:g} cannot be used: both must be numbers, and the OK limit "
            "must lie at or below the NG limit. Set them again.",
        )
    return dataclasses.replace(own, ok=ok, ng=ng, ok_supported=True, ng_supported=True)


def decide(
    score: float, p: float, limits: Limits, novelty_p: float | None = None
) -> tuple[str, str]:
    """Verdict and reason (a value of the station's vocabulary) for one raw score.

    ``p`` is the p-value of the score among good parts; ``novelty_p`` that of the patch distance,
    where a bundle has a memory beside its score. A part that looks unlike anything seen is never
    OK, whatever the classifier says: it goes to REVIEW as novel, and so does one whose score is
    no finite number. Novelty never softens an NG: known defects are unlike good parts
    too, and a part that both call wrong is no better for being strange. With defects of its own
    a bundle also calls novel what scores above nearly all goods and is no NG; below its own OK
    limit there is no such part, below one that a person has raised there may be.
    """
    if not np.isfinite(score):
        return REVIEW, NOVEL
    if score > limits.ng:
        return NG, "above_ng_limit"
    if novelty_p is not None and novelty_p <= limits.novelty_rate:
        return REVIEW, NOVEL
    if limits.method == "mondrian" and p <= limits.ng_rate:
        # Above nearly all goods and yet below nearly all known defects: like nothing seen before.
        return REVIEW, NOVEL
    if score <= limits.ok:
        return OK, "below_ok_limit"
    if not limits.ok_supported or (not limits.ng_supported and score > limits.highest_good):
        return REVIEW, "not_supported"
    return REVIEW, "between_limits"
