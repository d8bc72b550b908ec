"""A cascade on any runtime: a fast model, and an expert only where it is needed. Knows no runtime.

What joins the two models' answers is `engine.models.cascade`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle, Limits, Manifest
from engine.inference.outputs import Interpreter, check_picture
from engine.inference.predictor import Prediction, Predictor
from engine.models.cascade import FAST, FUSED, CascadeRule


class CascadePredictor:
    """Two ordinary predictors and the rule between them; it takes them over."""

    def __init__(self, bundle: Bundle, fast: Predictor, expert: Predictor) -> None:
        self._interpreter = Interpreter(bundle)
        self._rule = CascadeRule.from_manifest(bundle.manifest.settings)
        self.fast, self.expert = fast, expert

    @property
    def bundle_id(self) -> str:
        """Identity of the loaded model."""
        return self.manifest.bundle_id

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        return self._interpreter.manifest

    @property
    def limits(self) -> Limits:
        """The limits that decide."""
        return self._interpreter.limits

    def set_limits(self, limits: Limits) -> None:
        """Decide by these limits from now on."""
        self._interpreter.limits = limits

    @property
    def device_name(self) -> str:
        """The device in words."""
        return self.fast.device_name

    def predict(self, rgb: NDArray[np.uint8]) -> Prediction:
        """Judge one picture, uint8 RGB [H, W, 3] of any size."""
        start = time.perf_counter()
        first = self.fast.predict(rgb)
        if self._skips(first):
            return self._answer(first, None, start)
        return self._answer(first, self.expert.predict(rgb), start)

    def predict_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Judge several pictures: all by the fast model, then those that need it by the expert.
        ``latency_ms`` is each one's share of the batches that it was in."""
        for rgb in pictures:
            check_picture(rgb)
        firsts = self.fast.predict_batch(pictures)
        rows = [row for row, first in enumerate(firsts) if not self._skips(first)]
        answers = self.expert.predict_batch([pictures[row] for row in rows])
        seconds = dict(zip(rows, answers, strict=True))
        return [self._answer(first, seconds.get(row)) for row, first in enumerate(firsts)]

    def close(self) -> None:
        """Free both models."""
        self.fast.close()
        self.expert.close()

    def _skips(self, first: Prediction) -> bool:
        return self._rule.skips(first.score, first.novelty_p)

    def _answer(
        self, first: Prediction, second: Prediction | None, start: float | None = None
    ) -> Prediction:
        """``second`` is None for a skipped part; ``start`` that of a part judged alone."""
        manifest, rule = self.manifest, self._rule
        if second is None:
            score = rule.fast_score(first.score, manifest.limits.ok)
            class_prob = rule.class_prob(score, first.class_prob)
            size = manifest.map_size
            anomaly_map = np.full((size, size), rule.quiet, np.float32)
        else:
            score = rule.fused_score(first.score, second.score)
            class_prob = rule.class_prob(score, first.class_prob, second.class_prob)
            anomaly_map = second.anomaly_map
        return self._interpreter.judged(
            score,
            class_prob,
            anomaly_map,
            first.embedding,
            novelty_p=second.novelty_p if second is not None else None,
            latency_ms=_latency_ms(first, second, start),
            branch=FAST if second is None else FUSED,
        )


def _latency_ms(first: Prediction, second: Prediction | None, start: float | None) -> float:
    """Of a part judged alone all that it took; in a batch the sum of its shares."""
    if start is not None:
        return 1e3 * (time.perf_counter() - start)
    return first.latency_ms + (second.latency_ms if second is not None else 0.0)
