"""Temperature scaling, and how honest probabilities are. Must not know pictures, models or torch.

A network's logits divided by one number, fitted on validation pictures (Guo et al., "On
Calibration of Modern Neural Networks", ICML 2017): the order of parts stays, only the confidence
changes. All functions take either one logit per picture, float [N] with labels 0 (good) and 1
(defective), or class logits float [N, K] with class indices; a label of -1 (unknown) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from engine.calibration.intervals import wilson

FloatArray = NDArray[np.float64]
BINS = 15
LOWEST, HIGHEST = 0.05, 20.0  # temperatures outside tell of broken logits, not of confidence


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pictures whose confidence lies in (low, high]: mean ``confidence``, observed ``frequency``
    with its Wilson interval, and how many they are."""

    low: float
    high: float
    confidence: float
    frequency: float
    frequency_low: float
    frequency_high: float
    n: int

    def to_json(self) -> dict[str, Any]:
        """The bin as JSON."""
        return {
            "low": self.low,
            "high": self.high,
            "confidence": self.confidence,
            "frequency": self.frequency,
            "frequency_low": self.frequency_low,
            "frequency_high": self.frequency_high,
            "n": self.n,
        }


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> float:
    """The temperature in [0.05, 20] under which the validation labels are most likely.

    The targets are smoothed by the rule of succession: of n pictures a label counts as certain to
    (n + 1) / (n + 2) only, the rest is shared by the other classes. With hard targets a validation
    set that is separated without a mistake, which with few defects is usual, would ask for
    limitless confidence. (Platt 1999 counts the pictures of each class, which two pictures of each
    of eight classes turn into a temperature of 4: half of the test defects fitted and the other
    half measured, 450 times each, gave a NLL of 1.52 on cables and 0.56 on magnetic tile, this rule
    0.57 and 0.27.) 1.0 where fewer than two classes are present. Raises ValueError on logits that
    are not finite.
    """
    values, index = _two_dimensional(logits, labels)
    if len(set(index.tolist())) < 2:
        return 1.0
    sure = (len(index) + 1.0) / (len(index) + 2.0)
    targets = np.full(values.shape, (1.0 - sure) / (values.shape[1] - 1))
    targets[np.arange(len(index)), index] = sure

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(values / np.exp(log_temperature), axis=1)
        return float(-(targets * scaled).sum())

    bounds = (float(np.log(LOWEST)), float(np.log(HIGHEST)))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def probabilities(logits: ArrayLike, temperature: float = 1.0) -> FloatArray:
    """Chance of a defect, float64 [N], from one logit a picture; of each class, [N, K], from K."""
    values = np.asarray(logits, np.float64) / temperature
    if values.ndim == 1:
        return np.asarray(softmax(_pairs(values), axis=1)[:, 1], np.float64)
    return np.asarray(softmax(values, axis=1), np.float64)


def nll(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0) -> float:
    """Mean negative log-likelihood in nats; NaN without labels."""
    values, index = _two_dimensional(logits, labels)
    if not len(index):
        return float("nan")
    scaled = log_softmax(values / temperature, axis=1)
    return float(-scaled[np.arange(len(index)), index].mean())


def brier(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0) -> float:
    """Mean squared error of the probabilities, in [0, 1] for one logit a picture; over classes it
    is the sum of the squares (Brier 1950), in [0, 2]. NaN without labels."""
    values, index = _two_dimensional(logits, labels)
    if not len(index):
        return float("nan")
    off = softmax(values / temperature, axis=1)
    off[np.arange(len(index)), index] -= 1.0
    squares = (off**2).sum(axis=1)
    return float(squares.mean() / (2.0 if np.ndim(logits) == 1 else 1.0))


def ece(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0, bins: int = BINS) -> float:
    """Expected calibration error: mean distance of confidence and frequency over the bins of
    ``reliability``, weighted by pictures. NaN without labels."""
    table = reliability(logits, labels, temperature, bins)
    total = sum(one.n for one in table)
    if not total:
        return float("nan")
    return sum(one.n * abs(one.confidence - one.frequency) for one in table) / total


def reliability(
    logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0, bins: int = BINS
) -> list[ReliabilityBin]:
    """The reliability diagram: bins of equal width that hold a picture.

    From one logit a picture, confidence is the chance of a defect and frequency the share of
    defects; from class logits, the highest probability and the share of right answers.
    """
    values, index = _two_dimensional(logits, labels)
    chances = softmax(values / temperature, axis=1)
    if np.ndim(logits) == 1:
        confidence, right = chances[:, 1], index == 1
    else:
        confidence, right = chances.max(axis=1), chances.argmax(axis=1) == index
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    table = []
    for one in np.unique(place):
        inside = place == one
        n, hits = int(inside.sum()), int(right[inside].sum())
        low, high = wilson(hits, n)
        mean = float(confidence[inside].mean())
        edges = (float(one) / bins, float(one + 1) / bins)
        table.append(ReliabilityBin(*edges, mean, hits / n, low, high, n))
    return table


def quality(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0) -> dict[str, Any]:
    """NLL, Brier score, ECE, number of pictures and reliability bins as JSON; figures are None
    without a labelled picture."""
    _, index = _two_dimensional(logits, labels)
    figures: dict[str, Any] = dict.fromkeys(("nll", "brier", "ece"))
    if len(index):
        figures = {
            "nll": nll(logits, labels, temperature),
            "brier": brier(logits, labels, temperature),
            "ece": ece(logits, labels, temperature),
        }
    bins = [one.to_json() for one in reliability(logits, labels, temperature)]
    return figures | {"n": len(index), "bins": bins}


def temperature_facts(
    binary: tuple[ArrayLike, ArrayLike] | None,
    classes: tuple[ArrayLike, ArrayLike] | None = None,
) -> dict[str, Any]:
    """Fit on validation (logits, labels) and say what it brought, for
    ``Manifest.calibration["temperature"]``: ``binary`` and ``classes`` are the temperatures (None
    without logits), ``validation`` holds ``quality`` before and after of each."""
    facts: dict[str, Any] = {"validation": {}}
    for name, given in (("binary", binary), ("classes", classes)):
        facts[name] = None
        if given is not None:
            facts[name] = fit_temperature(*given)
            facts["validation"][name] = {
                "before": quality(*given),
                "after": quality(*given, facts[name]),
            }
    return facts


def _two_dimensional(logits: ArrayLike, labels: ArrayLike) -> tuple[FloatArray, NDArray[np.int64]]:
    """Class logits [n, K] and indices [n] of the labelled pictures. Raises ValueError."""
    values = np.asarray(logits, np.float64)
    index = np.asarray(labels, np.int64)
    if values.ndim == 1:
        values = _pairs(values)
    if values.ndim != 2 or index.shape != values.shape[:1]:
        raise ValueError(f"logits {values.shape} and labels {index.shape} do not belong together")
    if not np.isfinite(values).all():
        raise ValueError("logits are not finite numbers")
    known = index >= 0
    if (index[known] >= values.shape[1]).any():
        raise ValueError("a label is beyond the classes of the logits")
    return values[known], index[known]


def _pairs(values: FloatArray) -> FloatArray:
    """One logit z as the two class logits (0, z), whose softmax is the sigmoid."""
    return np.stack([np.zeros_like(values), values], axis=1)
