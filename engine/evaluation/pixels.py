"""Pixel metrics of judged pictures with intervals. Must not know files or models.

Masks and maps are compared at the map's size. Regions are the 8-connected components of the mask
at that size. Only pictures whose truth per pixel is known take part (see ``judging``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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
    area,
    ranked_average_precision,
    ranked_f1_max,
    regions_of,
)
from engine.evaluation.pixel_ranks import PixelRanks, PixelTruth, rank_pixels

GOOD = "good"
CURVES = ("auroc", "aupro", "ap", "f1_max")
AT_THRESHOLD = ("pro", "iou", "dice", "precision", "recall")
REGIONS = 4  # the column of ``_facts`` with the number of regions
NO_MASKS = "No defect picture has a usable mask."


class PixelEvaluation:
    """All pixel metrics of one set of pictures; regions, ranks and histograms are computed once."""

    def __init__(self, judged: Iterable[Judged]) -> None:
        self._pictures = [
            PixelTruth(one.stratum, one.anomaly_map, one.mask, regions_of(one.mask))
            for one in judged
            if one.mask is not None
        ]
        self._strata = [one.stratum for one in self._pictures]
        self._facts: tuple[float, FloatArray] | None = None

    @property
    def pictures(self) -> int:
        """Pictures whose truth per pixel is known."""
        return len(self._pictures)

    @property
    def region_count(self) -> int:
        """Defect regions in them."""
        return sum(one.regions.count for one in self._pictures)

    def curves(self) -> dict[str, Estimate]:
        """Pixel AUROC, AUPRO@0.3, AP and F1-max, exact, with bootstrap intervals."""
        if self.region_count == 0:
            return dict.fromkeys(CURVES, missing(NO_MASKS))
        names = self._ranks.strata
        plain = self._ranks.ranking(names, names, regions=False)
        if plain.total == 0:
            return dict.fromkeys(CURVES, missing("The masks leave no good pixel."))
        exact = {
            "auroc": area(plain),
            "aupro": area(self._ranks.ranking(names, names, regions=True), AUPRO_LIMIT),
            "ap": ranked_average_precision(plain),
            "f1_max": ranked_f1_max(plain),
        }
        return bootstrap_curves(self._histograms, self._strata, exact)

    def class_aupro(self, name: str) -> Estimate:
        """AUPRO@0.3 of one class: its regions against the pixels outside of masks of its own and
        the good pictures."""
        rows = self._rows_with_good(name)
        if rows is None:
            return missing(f"No picture of {name} has a usable mask.")
        ranking = self._ranks.ranking([name], [GOOD, name], regions=True)
        if ranking.total == 0:
            return missing("The masks leave no good pixel.")
        exact = {"aupro": area(ranking, AUPRO_LIMIT)}
        strata = [self._strata[i] for i in rows]
        return bootstrap_curves(self._histograms.of(rows), strata, exact)["aupro"]

    def class_at_threshold(self, name: str, threshold: float) -> dict[str, Estimate]:
        """The figures of ``at_threshold`` of one class with the good pictures."""
        rows = self._rows_with_good(name)
        if rows is None:
            return dict.fromkeys(AT_THRESHOLD, missing(f"No picture of {name} has a usable mask."))
        return self._at_threshold(rows, threshold)

    @cached_property
    def _ranks(self) -> PixelRanks:
        return rank_pixels(self._pictures)

    @cached_property
    def _histograms(self) -> PictureHistograms:
        """Histograms of every picture over common bins."""
        ranks = self._ranks
        edges = bin_edges(ranks.pixels.values, ranks.spread, ranks.top)
        positives, negatives, weighted = [], [], []
        for one in self._pictures:
            inside = one.anomaly_map[one.mask]
            positives.append(histogram(inside, edges))
            negatives.append(histogram(one.anomaly_map[~one.mask], edges))
            weighted.append(histogram(inside, edges, one.regions.weights))
        counts = np.array([one.regions.count for one in self._pictures], dtype=np.float64)
        return PictureHistograms(
            np.array(positives), np.array(negatives), np.array(weighted), counts
        )

    def _rows_with_good(self, name: str) -> NDArray[np.intp] | None:
        """Pictures of a class and of good parts; None where the class has none with a mask."""
        if name not in self._strata:
            return None
        return np.array([i for i, s in enumerate(self._strata) if s in (GOOD, name)], dtype=np.intp)

    def at_threshold(self, threshold: float) -> dict[str, Estimate]:
        """PRO, IoU, Dice, precision and recall of the pixels above a frozen map value, over all
        pixels of all pictures together."""
        if self.region_count == 0:
            return dict.fromkeys(AT_THRESHOLD, missing(NO_MASKS))
        return self._at_threshold(np.arange(self.pictures), threshold)

    def _at_threshold(self, rows: NDArray[np.intp], threshold: float) -> dict[str, Estimate]:
        facts = self._all_facts(threshold)[rows]
        exact = _threshold_metrics(facts.sum(axis=0, keepdims=True))
        drawn = _threshold_metrics(resample_counts([self._strata[i] for i in rows]) @ facts)
        several = int((facts[:, REGIONS] > 0).sum()) > 1
        estimates = {}
        for name, values in exact.items():
            value = float(values[0])
            if not np.isfinite(value):
                estimates[name] = missing("No pixel lies above the threshold.")
            elif several:
                estimates[name] = percentile_estimate(value, drawn[name], len(rows), METHOD)
            else:
                estimates[name] = Estimate(value, n=len(rows), note=ONE_PICTURE)
        return estimates

    def _all_facts(self, threshold: float) -> FloatArray:
        if self._facts is None or self._facts[0] != threshold:
            self._facts = threshold, np.array([_facts(one, threshold) for one in self._pictures])
        return self._facts[1]


def _facts(one: PixelTruth, threshold: float) -> tuple[float, ...]:
    """Defect pixels found, good pixels flagged, defect pixels, region shares found, regions."""
    flagged = one.anomaly_map > threshold
    found = flagged[one.mask]
    return (
        float(found.sum()),
        float((flagged & ~one.mask).sum()),
        float(one.mask.sum()),
        float(one.regions.weights[found].sum()),
        float(one.regions.count),
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
