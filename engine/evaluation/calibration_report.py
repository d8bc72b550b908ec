"""How far a model's confidence and its promises hold on test pictures. Must not know models."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from engine.bundle import Manifest
from engine.calibration.conformal import ESCAPE_RATE, parts_needed, tightest_claim
from engine.calibration.intervals import Estimate, promised_rate
from engine.calibration.temperature import quality
from engine.data.layout import GOOD
from engine.evaluation.judging import Judged

NO_LOG_ODDS = "The score of this model is a distance, not log-odds: it has no probability."
SMALLEST_CHANCE = 1e-12


def calibration_metrics(judged: list[Judged], manifest: Manifest) -> dict[str, Any]:
    """Probabilities before and after temperature scaling, the limits' promises against what was
    measured, and the novelty test; ``judged`` are the labelled pictures.

    The scores of models with ``class_outputs`` are log-odds, already divided by the temperature
    that the manifest names; "before" is what they would be without it. Without a temperature of
    the binary answer, P(good) is that of the score, and the classes' temperature acts among the
    defects alone.
    """
    stored = manifest.calibration.get("temperature") or {}
    out: dict[str, Any] = {"binary": None, "classes": None, "validation": stored.get("validation")}
    if manifest.class_outputs:
        out["binary"] = _binary(judged, stored.get("binary"))
        out["classes"] = _classes(
            judged, manifest.class_outputs, stored.get("classes"), stored.get("binary") is None
        )
    else:
        out["reason"] = NO_LOG_ODDS
    out["limits"] = _limits(judged, manifest)
    out["novelty"] = _novelty(judged, manifest)
    return out


def _binary(judged: list[Judged], temperature: float | None) -> dict[str, Any]:
    scores = np.array([one.score for one in judged])
    labels = np.array([int(one.sample.is_defect) for one in judged])
    return _before_and_after(scores, labels, temperature)


def _classes(
    judged: list[Judged],
    outputs: tuple[str, ...],
    temperature: float | None,
    among_defects: bool,
) -> dict[str, Any]:
    chances = np.array([one.class_prob for one in judged]).reshape(-1, len(outputs))
    names = [one.stratum for one in judged]
    labels = np.array([outputs.index(name) if name in outputs else -1 for name in names])
    good = outputs.index(GOOD) if among_defects and GOOD in outputs else None
    before = None
    if temperature is not None:
        before = quality(_logits(without_temperature(chances, temperature, good)), labels)
    after = quality(_logits(chances), labels)
    return {"temperature": temperature, "before": before, "after": after}


def without_temperature(
    chances: NDArray[np.floating], temperature: float, good: int | None
) -> NDArray[np.float64]:
    """Probabilities [N, K] as they were before the temperature; with ``good``, the column that the
    temperature left alone, only the others are sharpened among each other."""
    values = np.array(chances, np.float64)
    rows = [k for k in range(values.shape[1]) if k != good]
    share = 1.0 - values[:, good] if good is not None else np.ones(len(values))
    logits = _logits(values[:, rows]) * temperature
    values[:, rows] = share[:, None] * softmax(logits, axis=1)
    return values


def _logits(chances: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(np.log(np.maximum(chances.astype(np.float64), SMALLEST_CHANCE)), np.float64)


def _before_and_after(
    logits: np.ndarray, labels: np.ndarray, temperature: float | None
) -> dict[str, Any]:
    before = None if temperature is None else quality(logits * temperature, labels)
    return {"temperature": temperature, "before": before, "after": quality(logits, labels)}


def _limits(judged: list[Judged], manifest: Manifest) -> dict[str, Any]:
    """What the limits promise, on how many calibration parts, and what came of it."""
    limits = manifest.limits
    goods = int(manifest.calibration.get("n_good") or 0)
    defects = int(manifest.calibration.get("n_defect") or 0)
    good = [one.verdict for one in judged if one.sample.is_good]
    bad = [one.verdict for one in judged if one.sample.is_defect]
    escape = promised_rate(bad.count("OK"), len(bad), "defect pictures")
    overkill = promised_rate(good.count("NG"), len(good), "good pictures")
    not_ok = promised_rate(len(good) - good.count("OK"), len(good), "good pictures")
    mondrian = limits.method == "mondrian"
    out: dict[str, Any] = {
        "method": limits.method,
        "goods": goods,
        "defects": defects,
        "escape": _claim(limits.ok_rate if mondrian else None, mondrian, defects, escape),
        "overkill": _claim(limits.ng_rate, limits.ng_supported, goods, overkill),
        "good_not_ok": _claim(
            None if mondrian else limits.ok_rate, limits.ok_supported, goods, not_ok
        ),
    }
    if not mondrian:
        out["escape"]["reason"] = (
            f"An escape rate of {ESCAPE_RATE:.0%} needs {parts_needed(ESCAPE_RATE)} calibration "
            f"defects; there were {defects}."
        )
    return out


def _claim(stated: float | None, supported: bool, parts: int, measured: Estimate) -> dict[str, Any]:
    """``contradicted`` is True where the interval of what was measured lies above the claim."""
    tightest = tightest_claim(parts)
    low = measured.low
    return {
        "stated": stated,
        "supported": bool(stated is not None and supported),
        "parts": parts,
        "tightest": tightest.rate,
        "tightest_at_confidence": tightest.rate_at_confidence,
        "measured": measured.to_json(),
        "contradicted": bool(stated is not None and low is not None and low > stated),
    }


def _novelty(judged: list[Judged], manifest: Manifest) -> dict[str, Any] | None:
    """How often the novelty test fired, and the defects that it alone kept from being called OK;
    None where the model has no patch memory beside its score."""
    heard = [one for one in judged if one.novelty_p is not None]
    if not heard:
        return None
    limits = manifest.limits
    good = [one for one in heard if one.sample.is_good]
    bad = [one for one in heard if one.sample.is_defect]

    def novel(of: list[Judged]) -> list[Judged]:
        return [one for one in of if (one.novelty_p or 0.0) <= limits.novelty_rate]

    return {
        "rate": limits.novelty_rate,
        "goods_novel": promised_rate(len(novel(good)), len(good), "good pictures").to_json(),
        "defects_novel": promised_rate(len(novel(bad)), len(bad), "defect pictures").to_json(),
        "defects_kept_from_ok": sum(one.score <= limits.ok for one in novel(bad)),
        "goods_kept_from_ok": sum(one.score <= limits.ok for one in novel(good)),
    }
