"""What calibration scores say of a new model, with intervals. Must not know pictures or torch.

Good parts are scored by memories without them, and no memory holds a defect; a network is scored on
its validation pictures: nothing is measured on what it was taught. The limits do come from these
scores: rates at the limits show what the limits cost, an ``evaluate`` on other parts shows what
they will cost.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Limits
from engine.calibration.intervals import Estimate, auroc_interval, promised_rate
from engine.inference.decision import NG, OK, decide, p_value

OUT_OF_FOLD = "out of fold"
VALIDATION = "validation"
SAME_SCORES = "The limits come from the same scores."


def out_of_fold_figures(
    good: NDArray[np.float32],
    defect: NDArray[np.float32] | None,
    limits: Limits,
    source: str = OUT_OF_FOLD,
) -> dict[str, Any]:
    """Figures for the manifest, each {"value", "low", "high", "n", "method"}; ``source`` says what
    the scores are (``VALIDATION`` for a trained network's).

    ``good_not_ok`` is the share of good parts called NG or REVIEW, ``overkill`` of those called
    NG; with defects ``escape`` is the share of defects called OK, and ``auroc`` the image-level
    AUROC. ``good`` and ``defect`` are raw scores, float32 [n] and [m].
    """
    said = _verdicts(good, good, limits)
    goods = len(good)
    figures = {
        "good_not_ok": promised_rate(goods - said[OK], goods, "good parts"),
        "overkill": promised_rate(said[NG], goods, "good parts"),
    }
    if defect is not None and len(defect):
        of_defects = _verdicts(defect, good, limits)
        figures["escape"] = promised_rate(of_defects[OK], len(defect), "defects")
    out = {
        name: figure.to_json() | {"method": f"{source}, {figure.method}", "note": SAME_SCORES}
        for name, figure in figures.items()
    }
    if defect is not None and len(defect):
        out["auroc"] = _auroc(good, defect, source).to_json()
    return out


def _verdicts(
    scores: NDArray[np.float32], good: NDArray[np.float32], limits: Limits
) -> Counter[str]:
    ordered = np.sort(good)
    values = [float(score) for score in scores]
    return Counter(decide(value, p_value(value, ordered), limits)[0] for value in values)


def _auroc(good: NDArray[np.float32], defect: NDArray[np.float32], source: str) -> Estimate:
    """Chance that a defect scores above a good part, ties counted half (Mann-Whitney)."""
    ordered = np.sort(good)
    below = np.searchsorted(ordered, defect, side="left")
    up_to = np.searchsorted(ordered, defect, side="right")
    value = float((below + up_to).sum() / (2 * len(good) * len(defect)))
    interval = auroc_interval(value, len(defect), len(good))
    method = f"{source}, Newcombe 2006, method 5"
    return Estimate(value, *interval, len(good) + len(defect), method)
