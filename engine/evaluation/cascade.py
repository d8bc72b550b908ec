"""What a cascade's short cut is worth, and what it costs. Must not know files or torch.

The time saved is the share of skipped parts, counted on all of them, times what the expert takes.
What each model takes is measured on some of the pictures turn and turn about, so that a busy moment
of the machine meets both, and by medians; comparing the parts as they were judged with a
measurement made later would mostly compare the machine's moods. A test set has far more defects
than a line, and the short cut is for good parts, so the saving is also given for these alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calibration.cascade import branch_shares
from engine.calibration.intervals import promised_rate, share
from engine.data.images import read_image
from engine.evaluation.judging import Judged
from engine.inference.cascade_runtime import CascadePredictor
from engine.inference.decision import OK
from engine.models.cascade import FAST, FUSED

TIMED = 24  # pictures that both models judge again, for the time
BRANCHES = (FAST, FUSED)


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """Milliseconds float64 [n] that each model took for the same n pictures."""

    fast_ms: NDArray[np.float64]
    expert_ms: NDArray[np.float64]

    @property
    def ratio(self) -> float:
        """What the fast model takes of the expert's time."""
        return float(np.median(self.fast_ms) / np.median(self.expert_ms))


def time_alone(predictor: CascadePredictor, judged: list[Judged], pictures: int = TIMED) -> Alone:
    """Both models on some of the judged pictures, evenly spread over them."""
    rows = np.unique(np.linspace(0, len(judged) - 1, min(pictures, len(judged))).round())
    models = (predictor.fast, predictor.expert)
    times: list[list[float]] = []
    warm = False
    for row in rows.astype(int):
        rgb = read_image(judged[row].sample.path)
        if not warm:
            for model in models:
                model.predict(rgb)
            warm = True
        found = []
        for model in models:
            start = time.perf_counter()
            model.predict(rgb)
            found.append(1e3 * (time.perf_counter() - start))
        times.append(found)
    fast_ms, expert_ms = np.array(times).T
    return Alone(fast_ms, expert_ms)


def cascade_metrics(judged: list[Judged], alone: Alone) -> dict[str, Any]:
    """The section "cascade" of a report, from pictures with a ``branch``.

    ``fast_share`` is the share of the fast branch among all parts, labelled goods and defects,
    ``classes`` how many of each label took each branch; ``escapes`` the defects that the fast
    branch answered OK, among all defects; ``latency_ms`` of each branch as judged, and of each
    model alone; ``saved`` the share of time that the cascade saves against both models for every
    part, and against the expert alone, which is negative where fewer parts than ``break_even``
    are skipped.
    """
    skipped = np.array([one.branch == FAST for one in judged], bool)
    good = np.array([one.sample.is_good for one in judged], bool)
    defect = np.array([one.sample.is_defect for one in judged], bool)
    times = np.array([one.latency_ms for one in judged])
    labelled = good | defect
    shares = branch_shares(skipped[labelled], defect[labelled])
    shares["parts"] = share(int(skipped.sum()), len(judged), "parts").to_json()
    let_go = sum(one.verdict == OK and one.branch == FAST for one in judged if one.sample.is_defect)
    escapes = promised_rate(let_go, int(defect.sum()), "defect pictures")
    return {
        "parts": {FAST: int(skipped.sum()), FUSED: int((~skipped).sum())},
        "fast_share": shares,
        "classes": _by_class(judged),
        "escapes": {"parts": let_go, **escapes.to_json()},
        "latency_ms": {
            FAST: _times(times[skipped]),
            FUSED: _times(times[~skipped]),
            "cascade": _times(times),
            "fast_alone": _times(alone.fast_ms),
            "expert_alone": _times(alone.expert_ms),
        },
        "saved": _saved(skipped, good, alone),
        "break_even": alone.ratio,
    }


def _by_class(judged: list[Judged]) -> dict[str, Any]:
    """How many parts of each label took the fast branch."""
    found: dict[str, dict[str, int]] = {}
    for one in judged:
        counts = found.setdefault(one.stratum, dict.fromkeys(BRANCHES, 0))
        counts[FAST if one.branch == FAST else FUSED] += 1
    return dict(sorted(found.items()))


def _times(values: NDArray[np.float64]) -> dict[str, Any]:
    """Mean and median in milliseconds; None without a part."""
    if not len(values):
        return {"mean": None, "median": None, "n": 0}
    return {"mean": float(values.mean()), "median": float(np.median(values)), "n": len(values)}


def _saved(skipped: NDArray[np.bool_], good: NDArray[np.bool_], alone: Alone) -> dict[str, Any]:
    """With s the share of the fast branch and r the fast model's time in units of the expert's,
    the cascade takes r + 1 - s, both models 1 + r and the expert 1."""
    groups = {"of_all_parts": skipped, "of_good_parts": skipped[good]}
    shares = {name: float(of.mean()) if len(of) else None for name, of in groups.items()}
    usual = {"against_both_models": 1.0 + alone.ratio, "against_expert_alone": 1.0}
    return {
        way: {
            name: None if s is None else 1.0 - (alone.ratio + 1.0 - s) / takes
            for name, s in shares.items()
        }
        for way, takes in usual.items()
    }
