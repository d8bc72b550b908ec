"""Which defect it is: figures of a class head with intervals. Must not know files or models.

A picture's answer is found in two steps, as the station's is: "good" unless its score is above the
frozen threshold (the station's own cut is its OK limit), then the likeliest defect class. The
largest of all probabilities would call a part good whose defect is certain and only its name is
not. Pictures of a class that the model has no output for (one that was withheld, a defect of
unknown class) count in no figure; how they were answered is listed. Averages run over the classes
that are present.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calibration.intervals import Estimate, auroc_interval, missing, share
from engine.data.layout import GOOD
from engine.evaluation.bootstrap import (
    CHUNK,
    METHOD,
    ONE_PICTURE,
    bootstrap_f1,
    percentile_estimate,
    resample_counts,
)
from engine.evaluation.metrics import FloatArray, auroc

AVERAGES = ("f1_macro", "f1_weighted", "accuracy")


@dataclass(frozen=True, slots=True, eq=False)
class ClassAnswers:
    """``truth`` and ``answers`` int64 [n], ``chances`` float [n, K] over the ``labels`` [K] of n
    pictures."""

    labels: tuple[str, ...]
    truth: NDArray[np.int64]
    answers: NDArray[np.int64]
    chances: FloatArray

    @property
    def present(self) -> NDArray[np.intp]:
        """Classes that have a picture."""
        return np.flatnonzero(np.bincount(self.truth, minlength=len(self.labels)))


def class_answers(
    labels: tuple[str, ...], chances: NDArray[np.floating], flagged: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Indices int64 [n] into ``labels`` [K]: of "good" where not ``flagged`` [n], elsewhere of the
    likeliest of the other ``chances`` [n, K]. Labels without "good" or without a defect: of the
    likeliest of all."""
    if GOOD not in labels or len(labels) < 2:
        return np.asarray(chances.argmax(axis=1), np.int64)
    good = labels.index(GOOD)
    defects = np.array(chances, np.float64)
    defects[:, good] = -np.inf
    return np.where(flagged, defects.argmax(axis=1), good).astype(np.int64)


def multiclass_metrics(
    labels: tuple[str, ...],
    strata: list[str],
    chances: NDArray[np.floating],
    flagged: NDArray[np.bool_],
) -> dict[str, Any]:
    """Everything of the second level as JSON; ``strata`` [N] are the true names, ``chances``
    [N, K] the probabilities of ``labels``, ``flagged`` [N] says which scores are above the frozen
    threshold."""
    index = np.array([labels.index(name) if name in labels else -1 for name in strata], np.int64)
    known = index >= 0
    values = np.asarray(chances, np.float64).reshape(len(strata), len(labels))
    answers = class_answers(labels, values, np.asarray(flagged, np.bool_))
    said = ClassAnswers(labels, index[known], answers[known], values[known])
    strangers: dict[str, Counter[str]] = {}
    for row in np.flatnonzero(~known):
        if strata[row]:
            strangers.setdefault(strata[row], Counter())[labels[answers[row]]] += 1
    table = confusion(said)
    return {
        "labels": list(labels),
        "n": int(known.sum()),
        "left_out": {name: answers.total() for name, answers in sorted(strangers.items())},
        "unknown": {name: dict(answers) for name, answers in sorted(strangers.items())},
        "classes_absent": [name for k, name in enumerate(labels) if k not in said.present.tolist()],
        "auroc_ovr_macro": auroc_macro(said).to_json(),
        **{name: value.to_json() for name, value in averages(said).items()},
        "per_class": {labels[k]: _per_class(said, table, k) for k in range(len(labels))},
        "confusion": table.tolist(),
        "confusion_normalised": normalised(table).tolist(),
    }


def confusion(said: ClassAnswers) -> NDArray[np.int64]:
    """Counts int64 [K, K]: a row is the truth, a column the answer."""
    count = len(said.labels)
    pairs = np.bincount(said.truth * count + said.answers, minlength=count * count)
    return np.asarray(pairs.reshape(count, count), np.int64)


def normalised(table: NDArray[np.int64]) -> FloatArray:
    """Each row divided by its sum; a class without pictures stays a row of zeros."""
    return np.asarray(table / np.maximum(table.sum(axis=1, keepdims=True), 1), np.float64)


def averages(said: ClassAnswers) -> dict[str, Estimate]:
    """Macro F1, F1 weighted by support, and accuracy, with bootstrap intervals."""
    if not len(said.truth):
        return dict.fromkeys(AVERAGES, missing("No picture is of a class that the model names."))
    count, n = len(said.labels), len(said.truth)
    pairs = np.zeros((n, count * count))
    pairs[np.arange(n), said.truth * count + said.answers] = 1.0
    drawn = _averages((resample_counts(_strata(said)) @ pairs).reshape(-1, count, count))
    exact = _averages(pairs.sum(axis=0).reshape(1, count, count))
    out = {
        name: percentile_estimate(float(exact[name][0]), drawn[name], n, METHOD)
        for name in ("f1_macro", "f1_weighted")
    }
    out["accuracy"] = share(int((said.truth == said.answers).sum()), n, "pictures")
    return out


def _averages(tables: FloatArray) -> dict[str, FloatArray]:
    """Averages [R] of confusion tables [R, K, K]."""
    support, named = tables.sum(axis=2), tables.sum(axis=1)
    hits = np.diagonal(tables, axis1=1, axis2=2)
    f1 = 2 * hits / np.maximum(support + named, 1.0)
    present = support > 0
    return {
        "f1_macro": (f1 * present).sum(axis=1) / present.sum(axis=1),
        "f1_weighted": (f1 * support).sum(axis=1) / support.sum(axis=1),
    }


def auroc_macro(said: ClassAnswers) -> Estimate:
    """Mean over the present classes of the AUROC of one class against the rest."""
    present = said.present
    if len(present) < 2:
        return missing("It takes pictures of at least two classes that the model names.")
    exact = float(np.mean([auroc(said.truth == k, said.chances[:, k]) for k in present]))
    n = len(said.truth)
    if np.bincount(said.truth)[present].max() < 2:
        return Estimate(exact, n=n, note=ONE_PICTURE)
    times = resample_counts(_strata(said))
    drawn = np.mean(
        [resampled_auroc(said.truth == k, said.chances[:, k], times) for k in present], axis=0
    )
    return percentile_estimate(exact, drawn, n, METHOD)


def resampled_auroc(
    positive: NDArray[np.bool_], scores: FloatArray, times: FloatArray
) -> FloatArray:
    """AUROC float64 [R] of resamples in which pictures count ``times`` [R, n]; ties count half."""
    distinct, place = np.unique(scores, return_inverse=True)
    out = []
    for start in range(0, len(times), CHUNK):
        part = times[start : start + CHUNK]
        high = np.zeros((len(part), len(distinct)))
        low = np.zeros_like(high)
        for row in range(len(part)):
            high[row] = np.bincount(place, part[row] * positive, len(distinct))
            low[row] = np.bincount(place, part[row] * ~positive, len(distinct))
        below = np.cumsum(low, axis=1) - low / 2
        with np.errstate(invalid="ignore"):
            out.append((high * below).sum(axis=1) / (high.sum(axis=1) * low.sum(axis=1)))
    return np.concatenate(out)


def _per_class(said: ClassAnswers, table: NDArray[np.int64], k: int) -> dict[str, Any]:
    hits, support, named = int(table[k, k]), int(table[k].sum()), int(table[:, k].sum())
    name, n = said.labels[k], len(said.truth)
    figures = {
        "precision": share(hits, named, f"pictures that were called {name}"),
        "recall": share(hits, support, f"pictures of {name}"),
        "f1": _f1(said, k),
        "auroc": missing(f"It takes pictures of {name} and of others."),
    }
    if 0 < support < n:
        value = auroc(said.truth == k, said.chances[:, k])
        interval = auroc_interval(value, support, n - support)
        figures["auroc"] = Estimate(value, *interval, n, "Newcombe 2006, method 5")
    return {key: figure.to_json() for key, figure in figures.items()} | {"support": support}


def _f1(said: ClassAnswers, k: int) -> Estimate:
    is_it, called = said.truth == k, said.answers == k
    if not is_it.any():
        return missing(f"There are no pictures of {said.labels[k]}.")
    return bootstrap_f1(is_it, called, _strata(said))


def _strata(said: ClassAnswers) -> list[str]:
    return [said.labels[k] for k in said.truth]
