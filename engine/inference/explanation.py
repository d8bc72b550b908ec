"""Which pixels speak for a model's answer: on request, never on the way to a verdict.

Must not import torch before Grad-CAM is asked for: occlusion works on whatever runtime predicts.

Occlusion (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014)
covers one place after the other and looks how far the answer falls. A grey square would itself be
a defect to an anomaly detector, so that a place is covered by what surrounds it: the picture is
inpainted there (Telea 2004), which removes a defect and hardly changes a good place.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle, Manifest, load_bundle
from engine.errors import EngineError
from engine.inference.predictor import Prediction, Predictor, load_predictor

if TYPE_CHECKING:
    from torch import nn

GRADCAM, GRADCAM_PLUS, OCCLUSION = "gradcam", "gradcam++", "occlusion"
METHODS = (GRADCAM, GRADCAM_PLUS, OCCLUSION)
WITHOUT_LOGIT = ("patch_memory", "autoencoder")  # nothing of theirs has a class or a gradient
WINDOWS = 6  # covered squares along the longer side, not counting the overlap
OVERLAP = 2  # neighbouring squares are 1 / OVERLAP of their size apart
RING = 3  # pixels around a square that inpainting looks at
BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Where the answer comes from. ``evidence`` float32 [map_size, map_size], stretched like the
    picture: 0 where nothing speaks for the answer, in units of the method (drop of the score for
    occlusion, shares of the highest for Grad-CAM). ``score`` is what was explained: the raw score,
    the logit, or the class probability of ``target``."""

    method: str
    target: str
    evidence: NDArray[np.float32]
    score: float
    seconds: float

    def plane(self) -> NDArray[np.uint8]:
        """The evidence as uint8 [h, w], 255 where it is highest; all 0 where there is none."""
        peak = float(self.evidence.max())
        if not peak > 0.0:
            return np.zeros(self.evidence.shape, np.uint8)
        plane: NDArray[np.uint8] = np.rint(self.evidence * (255.0 / peak)).astype(np.uint8)
        return plane


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
    runtime that the device names. Raises EngineError with the bundle's codes, explanation_unknown
    or explanation_unsupported.
    """
    bundle = load_bundle(bundle_path)
    check_method(bundle.manifest, method)
    if method == OCCLUSION:
        return OcclusionExplainer(load_predictor(bundle_path, device))
    return CamExplainer(bundle, method, "cuda" if device == "cuda" else "cpu")


def check_method(manifest: Manifest, method: str) -> None:
    """Refuse a method that there is not, or not for this model."""
    if method not in METHODS:
        raise EngineError(
            "explanation_unknown",
            f"There is no explanation '{method}'; choose one of {', '.join(METHODS)}.",
            method=method,
        )
    if method != OCCLUSION and manifest.model in WITHOUT_LOGIT:
        raise EngineError(
            "explanation_unsupported",
            f"A '{manifest.model}' has no class whose gradient could be drawn, and its heatmap is "
            "its own explanation; choose occlusion to see what the score depends on.",
            method=method,
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
        pixel. A square whose cover raises it counts as no evidence."""
        began = time.perf_counter()
        manifest = self.manifest
        index = class_index(manifest, target) if target else None
        picture = _shrunk(rgb, manifest.input_size)
        before = _asked(self._predictor.predict(picture), index)
        drop = np.zeros(picture.shape[:2], np.float32)
        covers = np.zeros(picture.shape[:2], np.float32)
        squares = list(_squares(*picture.shape[:2]))
        for start in range(0, len(squares), BATCH):
            batch = squares[start : start + BATCH]
            answers = self._predictor.predict_batch([_covered(picture, place) for place in batch])
            for place, answer in zip(batch, answers, strict=True):
                drop[place] += before - _asked(answer, index)
                covers[place] += 1.0
        size = (manifest.map_size, manifest.map_size)
        evidence = cv2.resize(np.maximum(drop / covers, 0.0), size, interpolation=cv2.INTER_LINEAR)
        seconds = time.perf_counter() - began
        return Explanation(OCCLUSION, target, evidence.astype(np.float32), before, seconds)

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
        model: nn.Module = restore_model(bundle)
        self._cam = CamModel(model, bundle.tensors.get("bank"), device)

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        return self._bundle.manifest

    def explain(self, rgb: NDArray[np.uint8], target: str = "") -> Explanation:
        """Evidence for the binary logit, or for the class logit of ``target``."""
        from engine.inference.outputs import check_picture, fitted

        began = time.perf_counter()
        manifest = self.manifest
        check_picture(rgb)
        index = class_index(manifest, target) if target else None
        pixels, where = fitted(rgb, manifest)
        plane, logit = self._cam.explain(pixels, self._method == GRADCAM_PLUS, index)
        size = manifest.map_size
        evidence = where.cut(plane, size, size) if not where.whole else plane
        if evidence.shape != (size, size):
            evidence = cv2.resize(evidence, (size, size), interpolation=cv2.INTER_LINEAR)
        seconds = time.perf_counter() - began
        return Explanation(self._method, target, evidence.astype(np.float32), logit, seconds)

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


def _shrunk(rgb: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The picture in its proportions, no larger than the model looks at."""
    height, width = rgb.shape[:2]
    scale = size / max(height, width)
    if scale >= 1.0:
        return rgb
    shape = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(rgb, shape, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _squares(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Overlapping squares that together cover the picture."""
    side = max(1, min(max(height, width) // WINDOWS, height, width))
    step = max(1, side // OVERLAP)
    for top in _starts(height, side, step):
        for left in _starts(width, side, step):
            yield slice(top, top + side), slice(left, left + side)


def _starts(length: int, side: int, step: int) -> list[int]:
    return sorted({*range(0, length - side, step), length - side})


def _covered(picture: NDArray[np.uint8], place: tuple[slice, slice]) -> NDArray[np.uint8]:
    """A copy whose square is filled from around it."""
    rows, columns = place
    reach = 2 * RING
    around = (
        slice(max(0, rows.start - reach), rows.stop + reach),
        slice(max(0, columns.start - reach), columns.stop + reach),
    )
    copy = picture.copy()
    hole = np.zeros(picture.shape[:2], np.uint8)
    hole[place] = 255
    copy[around] = cv2.inpaint(copy[around], hole[around], RING, cv2.INPAINT_TELEA)
    return copy
