"""What joins the two models of a cascade: who is skipped, one score, one class. Knows no torch.

The specification's production pipeline (§8) in one bundle of two ordinary models on one division
of the data. ``fast`` (a classifier) looks at every part. A part that it finds clearly good, and
that looks ordinary to it, is answered OK at once. Every other part also goes through ``expert``
(a hybrid), whose map is the localisation and whose answer is fused with the first.

Two scores on one scale. What a fused part gets is log-odds of both models' scores, a skipped part
the fast score, log-odds too, never above the OK limit: areas over both branches mean something,
one pair of limits serves both, and the fast branch can say nothing but OK. To be wrong there takes
a defect that is both below the skip limit and ordinary: the limit is found on validation defects
and spends at most half of the escape rate, and ordinary parts are told by a small patch memory
inside the fast model (`engine.models.guarded`), because a classifier that has never seen a kind of
defect may be sure that there is none.

A skipped part is not localised, so its map is flat, at ``quiet``: below the region threshold and
where the expert's maps of good parts usually lie. The classifier's own Grad-CAM has another scale,
and would show places that nobody has looked for. The embedding is always the fast model's, which
both branches have: two models' embeddings cannot be compared.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAME = "cascade"
FAST, EXPERT = "fast", "expert"  # the two models, and the first of the branches
FUSED = "fused"  # the branch of parts that both models look at
PARTS = (FAST, EXPERT)
SMALLEST_CHANCE = 1e-12
SMALLEST_DISTANCE = 1e-6  # of the guard, before its logarithm is taken


@dataclass(frozen=True, slots=True)
class CascadeRule:
    """Numbers that calibration fits on validation pictures.

    A part is skipped when its fast score is at or below ``skip_limit`` (None: no part is) and its
    guard's p-value is above ``ordinary_rate``. ``fused_weights`` (fast, expert, offset) make
    log-odds of both scores. ``class_share`` in [0, 1] is the fast model's weight in the mean of
    the log-probabilities of the defect classes. ``quiet`` is the map's value of parts that are not
    localised.
    """

    skip_limit: float | None
    ordinary_rate: float
    fused_weights: tuple[float, float, float]
    class_share: float
    quiet: float

    def to_manifest(self) -> dict[str, Any]:
        """The rule as JSON values, for ``Manifest.settings``."""
        return {name: _plain(value) for name, value in dataclasses.asdict(self).items()}

    @classmethod
    def from_manifest(cls, stored: Mapping[str, Any]) -> CascadeRule:
        """The rule of a bundle. Raises KeyError, TypeError where it is none."""
        values = {field.name: stored[field.name] for field in dataclasses.fields(cls)}
        values["fused_weights"] = tuple(values["fused_weights"])
        return cls(**values)

    def skips(self, fast: float, ordinary_p: float | None) -> bool:
        """Whether a part is answered by the fast model alone. A score that is no finite number,
        or a part whose likeness nobody has judged, never is."""
        if self.skip_limit is None or ordinary_p is None or not math.isfinite(fast):
            return False
        return fast <= self.skip_limit and ordinary_p > self.ordinary_rate

    def fast_score(self, fast: float, ok_limit: float) -> float:
        """Log-odds of a skipped part, at most the OK limit."""
        return min(fast, ok_limit)

    def fused_score(self, fast: float, expert: float) -> float:
        """Log-odds of a part that both models have looked at."""
        of_fast, of_expert, offset = self.fused_weights
        return of_fast * fast + of_expert * expert + offset

    def class_prob(
        self,
        score: float,
        fast: NDArray[np.float32],
        expert: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities float32 [K], "good" first, from those of one model or of both: of being
        good from the score, of the defect classes among each other from the classes."""
        among = mixed_classes(fast, expert, self.class_share if expert is not None else 1.0)
        defect = 0.5 * (1.0 + math.tanh(0.5 * score))  # the sigmoid, without overflow
        return np.concatenate([[1.0 - defect], defect * among]).astype(np.float32)


def mixed_classes(
    fast: NDArray[np.float32], expert: NDArray[np.float32] | None, share: float
) -> NDArray[np.float64]:
    """Shares of the defect classes among each other, float64 [..., K - 1], from probabilities
    [..., K] of both models: the weighted mean of the log-probabilities, normalised. Empty where
    no defect has a class."""
    if fast.shape[-1] < 2:
        return np.zeros((*fast.shape[:-1], 0))
    mixed = share * _log_among(fast)
    if expert is not None:
        mixed = mixed + (1.0 - share) * _log_among(expert)
    mixed = np.exp(mixed - mixed.max(-1, keepdims=True))
    among: NDArray[np.float64] = mixed / mixed.sum(-1, keepdims=True)
    return among


def _log_among(class_prob: NDArray[np.float32]) -> NDArray[np.float64]:
    chances = np.maximum(class_prob[..., 1:].astype(np.float64), SMALLEST_CHANCE)
    shares: NDArray[np.float64] = np.log(chances / chances.sum(-1, keepdims=True))
    return shares


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
