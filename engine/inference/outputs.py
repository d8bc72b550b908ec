"""From the graph's raw outputs to a Prediction: the same for every runtime. Knows no runtime."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle, Manifest
from engine.data.images import STRETCH, Placement, fit_for_model
from engine.errors import EngineError
from engine.inference.decision import NOVEL, OK, decide, p_value
from engine.inference.predictor import Prediction, Region

# what a model's graph takes besides the pixels; a network takes the limits alone
GRAPH_INPUTS = {
    "patch_memory": ("bank", "prototypes", "limits"),
    "patch_probe": ("bank", "limits"),
    "hybrid": ("bank", "limits"),
}
GOOD_SCORES = "calibration_good"
NOVELTY_SCORES = "calibration_novelty"  # patch-memory scores of goods, of models that carry one
MOST_REGIONS = 20
SMALLEST_REGION = 1.5e-4  # share of the picture; ten pixels of a 256 px map
PEAK_SHARE = 0.7  # of the highest value, where nothing reaches the region threshold


@dataclass(frozen=True, slots=True, eq=False)
class RawOutputs:
    """The graph's outputs for one picture; ``novelty`` is the patch memory's raw score of models
    that carry one beside their own."""

    score: float
    class_prob: NDArray[np.float32]
    anomaly_map: NDArray[np.float32]
    embedding: NDArray[np.float32]
    novelty: float | None = None


class Interpreter:
    """Knows a bundle's limits, calibration scores and classes.

    ``limits`` decide; they are the bundle's own until somebody puts others in their place.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.manifest = bundle.manifest
        self.limits = bundle.manifest.limits
        self._good_scores = np.sort(bundle.tensors[GOOD_SCORES])
        known = bundle.tensors.get(NOVELTY_SCORES)
        self._good_distances = np.sort(known) if known is not None and len(known) else None

    def prediction(self, raw: RawOutputs, where: Placement, latency_ms: float) -> Prediction:
        """Verdict, reason, class and regions of one picture that lay at ``where`` in the input.

        The map is cut to the picture and stretched like it, so that whoever reads it need not
        know how the picture was fitted.
        """
        size = self.manifest.map_size
        anomaly_map = raw.anomaly_map
        if not where.whole:
            anomaly_map = where.cut(anomaly_map, size, size)
        novelty_p = None
        if raw.novelty is not None and self._good_distances is not None:
            novelty_p = p_value(raw.novelty, self._good_distances)
        return self.judged(
            raw.score, raw.class_prob, anomaly_map, raw.embedding, novelty_p, latency_ms
        )

    def judged(
        self,
        score: float,
        class_prob: NDArray[np.float32],
        anomaly_map: NDArray[np.float32],
        embedding: NDArray[np.float32],
        novelty_p: float | None,
        latency_ms: float,
        branch: str | None = None,
    ) -> Prediction:
        """Verdict, reason, class and regions; ``anomaly_map`` is stretched like the picture."""
        p = p_value(score, self._good_scores)
        verdict, reason = decide(score, p, self.limits, novelty_p)
        name, confidence = None, None
        if verdict != OK and self.manifest.classes:
            name, confidence = self._defect_class(class_prob)
        return Prediction(
            score=score,
            p_value=p if novelty_p is None or reason != NOVEL else min(p, novelty_p),
            verdict=verdict,
            reason=reason,
            class_name=name,
            class_confidence=confidence,
            class_prob=class_prob,
            anomaly_map=anomaly_map,
            embedding=embedding,
            regions=find_regions(
                anomaly_map, self.manifest.region_threshold, at_least_one=verdict != OK
            ),
            latency_ms=latency_ms,
            novelty_p=novelty_p,
            branch=branch,
        )

    def _defect_class(self, class_prob: NDArray[np.float32]) -> tuple[str, float]:
        """The likeliest defect class and its share among the defect classes: of a part that is
        not OK, the question is which defect it has."""
        outputs = self.manifest.class_outputs or self.manifest.classes
        rows = [outputs.index(name) for name in self.manifest.classes]
        among = class_prob[rows]
        best = int(np.argmax(among))
        return self.manifest.classes[best], float(among[best] / max(float(among.sum()), 1e-12))


def fitted(rgb: NDArray[np.uint8], manifest: Manifest) -> tuple[NDArray[np.uint8], Placement]:
    """A picture as the model's input, uint8 [S, S, 3], and where it lies in it."""
    fit = str(manifest.settings.get("fit", STRETCH))
    return fit_for_model(rgb, manifest.input_size, fit)


def graph_inputs(bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    """What the graph takes besides the pixels, in the graph's order."""
    limits = bundle.manifest.limits
    names = GRAPH_INPUTS.get(bundle.manifest.model, ("limits",))
    given = {"limits": np.array([limits.ok, limits.ng], np.float32)}
    return {name: given[name] if name in given else bundle.tensors[name] for name in names}


def check_picture(rgb: NDArray[np.uint8]) -> None:
    """Refuse what is no uint8 [H, W, 3] picture with EngineError picture_shape."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise EngineError(
            "picture_shape",
            f"A picture must be uint8 RGB [height, width, 3]; this one is {rgb.dtype} "
            f"{list(rgb.shape)}.",
            shape=str(rgb.shape),
        )


def find_regions(
    anomaly_map: NDArray[np.float32], threshold: float, *, at_least_one: bool
) -> tuple[Region, ...]:
    """Connected areas of the map above the threshold, the strongest first.

    With ``at_least_one`` a map that stays below the threshold still yields the area around its
    peak, so that a part that is not OK always shows the place that decided.
    """
    peak = float(anomaly_map.max())
    smallest = SMALLEST_REGION * anomaly_map.size
    if peak <= threshold:
        if not at_least_one:
            return ()
        threshold, smallest = PEAK_SHARE * peak, 0.0
    mask = (anomaly_map > threshold).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    height, width = anomaly_map.shape
    regions = []
    for index in range(1, count):
        x, y, w, h, area = (int(value) for value in boxes[index])
        inside = labels[y : y + h, x : x + w] == index
        score = float(anomaly_map[y : y + h, x : x + w][inside].max())
        if area >= smallest or score == peak:
            regions.append(Region(x / width, y / height, w / width, h / height, score))
    regions.sort(key=lambda region: region.score, reverse=True)
    return tuple(regions[:MOST_REGIONS])
