"""Pixel metrics of judged pictures with intervals. Must not know files or models.

Masks and maps are compared at the map's size. Regions are the 8-connected components of the mask
at that size. Only pictures whose truth per pixel is known take part (see ``judging``).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.calibration.intervals import Estimate, missing
from engine.evaluation.bootstrap import (
    METHOD,
    ONE_PICTURE,
    PictureHistograms,
    bin_edges,
    bootstrap_curves,
    histogram,
    percentile_estimate,
    resample_counts,
)
from engine.evaluation.judging import Judged
from engine.evaluation.metrics import (
    AUPRO_LIMIT,
    FloatArray,
    Ranking,
    Regions,
    area,
    rank,
    ranked_average_precision,
    ranked_f1_max,
    regions_of,
)

GOOD = "good"
CURVES = ("auroc", "aupro", "ap", "f1_max")
AT_THRESHOLD = ("pro", "iou", "dice", "precision", "recall")
NO_MASKS = "No defect picture has a usable mask."


class PixelEvaluation:
    """All pixel metrics of one set of pictures; regions and histograms are computed once."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        self._pictures: list[Judged] = []
        self._regions: list[Regions] = []
        for one in judged:
            if one.mask is not None:
                self._pictures.append(one)
                self._regions.append(regions_of(one.mask))
        self._strata = [one.stratum for one in self._pictures]
        self._histograms: PictureHistograms | None = None

    @property
    def pictures(self) -> int:
        """Pictures whose truth per pixel is known."""
        return len(self._pictures)

    @property
    def region_count(self) -> int:
        """Defect regions in them."""
        return sum(regions.count for regions in self._regions)

    def curves(self) -> dict[str, Estimate]:
        """Pixel AUROC, AUPRO@0.3, AP and F1-max, exact, with bootstrap intervals."""
        if self.region_count == 0:
            return dict.fromkeys(CURVES, missing(NO_MASKS))
        rows = np.arange(self.pictures)
        weighted = self._rank(rows)
        plain = Ranking(
            weighted.positives,
            np.full(weighted.positives.size, 1.0 / weighted.positives.size),
            weighted.above,
            weighted.at_least,
            weighted.negatives,
        )
        self._histograms = self._reduce(weighted)
        exact = {
            "auroc": area(plain),
            "aupro": area(weighted, AUPRO_LIMIT),
            "ap": ranked_average_precision(plain),
            "f1_max": ranked_f1_max(plain),
        }
        return bootstrap_curves(self._histograms, self._strata, exact)

    def class_aupro(self, name: str) -> Estimate:
        """AUPRO@0.3 of one class: its regions against the pixels outside of masks of its own and
        the good pictures. Call ``curves`` first: its bins are used again."""
        rows = np.array([i for i, s in enumerate(self._strata) if s in (GOOD, name)], dtype=np.intp)
        if self._histograms is None or not any(self._strata[i] == name for i in rows):
            return missing(f"No picture of {name} has a usable mask.")
        exact = {"aupro": area(self._rank(rows), AUPRO_LIMIT)}
        strata = [self._strata[i] for i in rows]
        return bootstrap_curves(self._histograms.of(rows), strata, exact)["aupro"]

    def at_threshold(self, threshold: float) -> dict[str, Estimate]:
        """PRO, IoU, Dice, precision and recall of the pixels above a frozen map value, over all
        pixels of all pictures together."""
        if self.region_count == 0:
            return dict.fromkeys(AT_THRESHOLD, missing(NO_MASKS))
        facts = np.array(
            [
                _facts(one, regions, threshold)
                for one, regions in zip(self._pictures, self._regions, strict=True)
            ]
        )
        exact = _threshold_metrics(facts.sum(axis=0, keepdims=True))
        drawn = _threshold_metrics(resample_counts(self._strata) @ facts)
        several = sum(regions.count > 0 for regions in self._regions) > 1
        estimates = {}
        for name, values in exact.items():
            value = float(values[0])
            if not np.isfinite(value):
                estimates[name] = missing("No pixel lies above the threshold.")
            elif several:
                estimates[name] = percentile_estimate(value, drawn[name], self.pictures, METHOD)
            else:
                estimates[name] = Estimate(value, n=self.pictures, note=ONE_PICTURE)
        return estimates

    def _rank(self, rows: np.ndarray) -> Ranking:
        """Pixels of some pictures, defect pixels weighted by region."""
        positives, negatives, weights = [], [], []
        for row in rows:
            one, mask = self._pictures[row], self._mask(row)
            positives.append(one.anomaly_map[mask])
            negatives.append(one.anomaly_map[~mask])
            weights.append(self._regions[row].weights)
        return rank(np.concatenate(positives), np.concatenate(negatives), np.concatenate(weights))

    def _reduce(self, ranking: Ranking) -> PictureHistograms:
        edges = bin_edges(ranking.positives, ranking.negatives)
        positives, negatives, weighted = [], [], []
        for row, one in enumerate(self._pictures):
            mask = self._mask(row)
            inside = one.anomaly_map[mask]
            positives.append(histogram(inside, edges))
            negatives.append(histogram(one.anomaly_map[~mask], edges))
            weighted.append(histogram(inside, edges, self._regions[row].weights))
        counts = np.array([regions.count for regions in self._regions], dtype=np.float64)
        return PictureHistograms(
            np.array(positives), np.array(negatives), np.array(weighted), counts
        )

    def _mask(self, row: int) -> np.ndarray:
        mask = self._pictures[row].mask
        assert mask is not None  # only such pictures were taken in
        return mask


def _facts(one: Judged, regions: Regions, threshold: float) -> tuple[float, ...]:
    """Defect pixels found, good pixels flagged, defect pixels, region shares found, regions."""
    assert one.mask is not None
    flagged = one.anomaly_map > threshold
    found = flagged[one.mask]
    return (
        float(found.sum()),
        float((flagged & ~one.mask).sum()),
        float(one.mask.sum()),
        float(regions.weights[found].sum()),
        float(regions.count),
    )


def _threshold_metrics(sums: FloatArray) -> dict[str, FloatArray]:
    hits, alarms, defect, overlap, regions = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "pro": overlap / regions,
            "iou": hits / (defect + alarms),
            "dice": 2 * hits / (hits + alarms + defect),
            "precision": hits / (hits + alarms),
            "recall": hits / defect,
        }
