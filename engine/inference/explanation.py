"""Which pixels speak for a model's answer: on request, never on the way to a verdict.

Must not import torch before Grad-CAM is asked for: occlusion works on whatever runtime predicts.

Occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014)
covers one place after the other and looks how far the answer falls; where it falls most, again with
smaller squares. A grey square would itself be a defect to an anomaly detector, and so would a
smooth one: a place is covered by what lies in like surroundings elsewhere in the same picture
(`engine.data.infill`), which removes a defect and hardly changes a good place.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle, Manifest, load_bundle
from engine.data.infill import Infill, Place
from engine.errors import EngineError
from engine.inference.comparison import Comparison
from engine.inference.predictor import Prediction, Predictor, load_predictor
from engine.models import cascade

GRADCAM, GRADCAM_PLUS, OCCLUSION = "gradcam", "gradcam++", "occlusion"
NEAREST = "nearest"
METHODS = (GRADCAM, GRADCAM_PLUS, OCCLUSION, NEAREST)
# nothing of theirs has a class and a gradient
WITHOUT_LOGIT = ("patch_memory", "patch_probe", "autoencoder")
WITH_MEMORY = ("patch_memory", "patch_probe", "hybrid")
WINDOWS, FINE_WINDOWS = 4, 7  # squares along the longer side: a small one hides no long defect
OVERLAP = 2  # neighbouring squares are 1 / OVERLAP of their size apart
HOT = 0.5  # of the largest drop: where smaller squares are tried
CLEAR_SHARE = 0.05  # of what lies between the limits: a drop of the score to speak of
CLEAR_PROBABILITY = 0.05  # the same of a class probability
BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Where the answer comes from. ``evidence`` float32 [map_size, map_size], stretched like the
    picture: 0 where nothing speaks for the answer, in units of the method (drop of the score for
    occlusion, shares of the highest for Grad-CAM, 1 at the patch that was looked at for nearest);
    less than ``clear`` is little. ``score`` is what was explained: the raw score, the logit, the
    class probability of ``target``, or the distance to the nearest good patch. ``comparison`` are
    those patches."""

    method: str
    target: str
    evidence: NDArray[np.float32]
    score: float
    seconds: float
    clear: float = 0.0
    comparison: Comparison | None = None

    def plane(self) -> NDArray[np.uint8]:
        """The evidence as uint8 [h, w]: 255 where it is highest, if it is ``clear`` there, else
        less; all 0 where there is none."""
        full = max(float(self.evidence.max()), self.clear)
        if not full > 0.0:
            return np.zeros(self.evidence.shape, np.uint8)
        plane: NDArray[np.uint8] = np.rint(self.evidence * (255.0 / full)).astype(np.uint8)
        return plane

    def peak(self) -> tuple[float, float] | None:
        """Where the evidence is highest, x and y in fractions of the picture (of a plateau its
        middle); None where there is none to speak of."""
        highest = float(self.evidence.max())
        if not highest > 0.0 or highest < self.clear:
            return None
        rows, columns = np.nonzero(self.evidence >= 0.999 * highest)
        height, width = self.evidence.shape
        return float(columns.mean() + 0.5) / width, float(rows.mean() + 0.5) / height


class Explainer(Protocol):
    """Explains pictures by one method with one loaded model."""

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        ...

    def explain(self, rgb: NDArray[np.uint8], target: str = "") -> Explanation:
        """What speaks for the decision, or for the class ``target``, in uint8 RGB [H, W, 3]."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


def load_explainer(bundle_path: Path, method: str, device: str = "auto") -> Explainer:
    """Load a bundle for explanations by one of ``METHODS``.

    Grad-CAM runs in torch, on the GPU with device "cuda" and else on the CPU; occlusion on the
    runtime that the device names; nearest in torch on the CPU. Raises EngineError with the bundle's
    codes, explanation_unknown, explanation_unsupported or explanation_no_sources.
    """
    bundle = load_bundle(bundle_path)
    check_method(bundle.manifest, method)
    if method == OCCLUSION:
        return OcclusionExplainer(load_predictor(bundle_path, device))
    if method == NEAREST:
        from engine.inference.nearest import NearestExplainer

        return NearestExplainer(bundle)
    return CamExplainer(bundle, method, "cuda" if device == "cuda" else "cpu")


def check_method(manifest: Manifest, method: str) -> None:
    """Refuse a method that there is not, or not for this model."""
    if method not in METHODS:
        raise EngineError(
            "explanation_unknown",
            f"There is no explanation '{method}'; choose one of {', '.join(METHODS)}.",
            method=method,
        )
    if method == NEAREST:
        _check_memory(manifest)
    elif method != OCCLUSION and manifest.model in WITHOUT_LOGIT:
        raise EngineError(
            "explanation_unsupported",
            f"A '{manifest.model}' has no class whose gradient could be drawn, and its heatmap is "
            "its own explanation; choose occlusion to see what the score depends on.",
            method=method,
            model=manifest.model,
        )


def _check_memory(manifest: Manifest) -> None:
    """Refuse a model that has no memory of good patches to compare with."""
    of_cascade = manifest.model == cascade.NAME
    name = str(manifest.settings.get(cascade.EXPERT)) if of_cascade else manifest.model
    if name not in WITH_MEMORY:
        raise EngineError(
            "explanation_unsupported",
            f"A '{name}' has no memory of good patches to compare with; choose occlusion to see "
            "what the score depends on.",
            method=NEAREST,
            model=manifest.model,
        )


def class_index(manifest: Manifest, target: str) -> int:
    """Place of a class in ``class_prob``. Raises EngineError explanation_class."""
    names = manifest.class_outputs or manifest.classes
    if target not in names:
        known = ", ".join(names) or "none"
        raise EngineError(
            "explanation_class",
            f"The model knows no class '{target}'; it knows: {known}.",
            target=target,
        )
    return names.index(target)


class OcclusionExplainer:
    """Covers places of the picture and asks a predictor again and again; for every model."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        return self._predictor.manifest

    def explain(self, rgb: NDArray[np.uint8], target: str = "") -> Explanation:
        """Mean drop of the score, or of the target's probability, over the squares that cover a
        pixel. Where covering raises it on the whole, there is no evidence."""
        began = time.perf_counter()
        manifest = self.manifest
        index = class_index(manifest, target) if target else None
        picture = _shrunk(rgb, manifest.input_size)
        height, width = picture.shape[:2]
        before = _asked(self._predictor.predict(picture), index)
        squares = list(_squares(height, width, WINDOWS))
        coarse = self._mean_drop(picture, before, index, squares)
        hot = (coarse >= HOT * coarse.max()) & (coarse > 0.0)
        squares = [p for p in _squares(height, width, FINE_WINDOWS) if hot[_middle(p)]]
        evidence = 0.5 * (coarse + self._mean_drop(picture, before, index, squares))
        size = (manifest.map_size, manifest.map_size)
        evidence = cv2.resize(evidence, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)
        clear = _clear(manifest) if index is None else CLEAR_PROBABILITY
        seconds = time.perf_counter() - began
        return Explanation(OCCLUSION, target, evidence, before, seconds, clear)

    def _mean_drop(
        self, picture: NDArray[np.uint8], before: float, index: int | None, squares: list[Place]
    ) -> NDArray[np.float32]:
        """Mean over the squares that cover a pixel, 0 where it is negative or none does."""
        drop = np.zeros(picture.shape[:2], np.float32)
        covers = np.zeros(picture.shape[:2], np.float32)
        infill = Infill(picture)
        for start in range(0, len(squares), BATCH):
            batch = squares[start : start + BATCH]
            answers = self._predictor.predict_batch([infill.without(place) for place in batch])
            for place, answer in zip(batch, answers, strict=True):
                drop[place] += before - _asked(answer, index)
                covers[place] += 1.0
        mean = np.maximum(drop, 0.0) / np.maximum(covers, 1.0)
        return mean.astype(np.float32, copy=False)

    def close(self) -> None:
        """Free the model."""
        self._predictor.close()


class CamExplainer:
    """Grad-CAM (Selvaraju et al., ICCV 2017) and Grad-CAM++ (Chattopadhay et al., WACV 2018)."""

    def __init__(self, bundle: Bundle, method: str, device: str) -> None:
        from engine.models.explanations import CamModel
        from engine.models.registry import restore_model

        self._bundle = bundle
        self._method = method
        if bundle.manifest.model == cascade.NAME:  # the expert is what localises
            bundle = bundle.part(cascade.EXPERT)
        self._explained = bundle.manifest
        self._cam = CamModel(restore_model(bundle), bundle.tensors.get("bank"), device)

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        return self._bundle.manifest

    def explain(self, rgb: NDArray[np.uint8], target: str = "") -> Explanation:
        """Evidence for the binary logit, or for the class logit of ``target``."""
        from engine.inference.outputs import check_picture, fitted

        began = time.perf_counter()
        manifest = self._explained
        check_picture(rgb)
        index = class_index(manifest, target) if target else None
        pixels, where = fitted(rgb, manifest)
        plane, logit = self._cam.explain(pixels, self._method == GRADCAM_PLUS, index)
        size = self.manifest.map_size
        evidence = where.cut(plane, size, size)
        seconds = time.perf_counter() - began
        return Explanation(self._method, target, evidence, logit, seconds)

    def close(self) -> None:
        """Free the model."""
        del self._cam


def overlay(rgb: NDArray[np.uint8], plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture uint8 RGB [H, W, 3] with a plane uint8 [h, w] laid over it in inferno: greyed,
    and the more coloured the more evidence there is."""
    height, width = rgb.shape[:2]
    strength = cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)
    colours = cv2.cvtColor(cv2.applyColorMap(strength, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    share = 0.75 * (strength.astype(np.float32) / 255.0)[..., np.newaxis]
    mixed: NDArray[np.uint8] = np.rint(grey * (1.0 - share) + colours * share).astype(np.uint8)
    return mixed


def _asked(prediction: Prediction, index: int | None) -> float:
    return float(prediction.score if index is None else prediction.class_prob[index])


def _clear(manifest: Manifest) -> float:
    """A drop of the score to speak of; 0 where the limits say nothing of the score's scale."""
    between = manifest.limits.ng - manifest.limits.ok
    return CLEAR_SHARE * between if math.isfinite(between) else 0.0


def _shrunk(rgb: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The picture in its proportions, no larger than the model looks at."""
    height, width = rgb.shape[:2]
    scale = size / max(height, width)
    if scale >= 1.0:
        return rgb
    shape = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(rgb, shape, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _squares(height: int, width: int, windows: int) -> Iterator[Place]:
    """Overlapping squares that together cover the picture."""
    side = max(1, min(max(height, width) // windows, height, width))
    step = max(1, side // OVERLAP)
    for top in _starts(height, side, step):
        for left in _starts(width, side, step):
            yield slice(top, top + side), slice(left, left + side)


def _middle(place: Place) -> tuple[int, int]:
    rows, columns = place
    return (rows.start + rows.stop) // 2, (columns.start + columns.stop) // 2


def _starts(length: int, side: int, step: int) -> list[int]:
    return sorted({*range(0, length - side, step), length - side})
