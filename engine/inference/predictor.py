"""The one predictor interface: a picture in, a prediction out. Must not know torch or OpenVINO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.bundle import Bundle, Limits, Manifest, load_bundle
from engine.errors import EngineError
from engine.models import cascade

DEVICES = ("auto", "cpu", "cuda", "openvino", "torch")


@dataclass(frozen=True, slots=True)
class Region:
    """One connected anomalous area. x, y, width, height are fractions of the picture in [0, 1];
    ``score`` is the highest map value in it."""

    x: float
    y: float
    width: float
    height: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the model says of one picture.

    ``score`` is the raw score, never clamped: a distance (>= 0) or log-odds; ``p_value`` the
    conformal p-value among good parts in (0, 1] that decided, ``verdict`` "OK", "NG" or "REVIEW",
    ``reason`` a value of the station's vocabulary; ``class_prob`` float32 [K], ``anomaly_map``
    float32 [h, w], ``embedding`` float32 [D]; ``novelty_p`` the p-value of the patch distance
    where a model has a patch memory beside its score; ``branch`` which way through a cascade the
    part has taken, "fast" or "fused".
    """

    score: float
    p_value: float
    verdict: str
    reason: str
    class_name: str | None
    class_confidence: float | None
    class_prob: NDArray[np.float32]
    anomaly_map: NDArray[np.float32]
    embedding: NDArray[np.float32]
    regions: tuple[Region, ...]
    latency_ms: float
    novelty_p: float | None = None
    branch: str | None = None


class Predictor(Protocol):
    """A loaded model on one device."""

    @property
    def bundle_id(self) -> str:
        """Identity of the loaded model."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        ...

    @property
    def limits(self) -> Limits:
        """The limits that decide: the bundle's own, or those of ``set_limits``."""
        ...

    def set_limits(self, limits: Limits) -> None:
        """Decide by these limits from now on; map, regions and novelty stay as they are."""
        ...

    @property
    def device_name(self) -> str:
        """The device in words, such as "CPU (OpenVINO)"."""
        ...

    def predict(self, rgb: NDArray[np.uint8]) -> Prediction:
        """Judge one picture, uint8 RGB [H, W, 3] of any size."""
        ...

    def predict_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Judge several pictures; the answers are those of ``predict``."""
        ...

    def close(self) -> None:
        """Free the device. The predictor is unusable afterwards."""
        ...


def load_predictor(bundle_path: Path, device: str = "auto") -> Predictor:
    """Open and verify a bundle and load it on a device.

    "auto" is CUDA where torch with a working GPU is present, else OpenVINO on the CPU; "cpu" is
    OpenVINO; "torch" is torch on the CPU; "openvino" and "cuda" say themselves. Raises EngineError
    with the bundle's codes, or device_unknown, device_unavailable.
    """
    if device not in DEVICES:
        raise EngineError(
            "device_unknown",
            f"There is no device '{device}'; choose one of {', '.join(DEVICES)}.",
            device=device,
        )
    bundle = load_bundle(bundle_path)
    if device == "auto":
        device = "cuda" if _cuda_present() else "openvino"
    if bundle.manifest.model == cascade.NAME:
        from engine.inference.cascade_runtime import CascadePredictor

        fast, expert = (_on_device(bundle.part(name), device) for name in cascade.PARTS)
        size = expert.manifest.input_size
        expert.predict(np.full((size, size, 3), 128, np.uint8))  # the first call is slow
        return CascadePredictor(bundle, fast, expert)
    return _on_device(bundle, device)


def _on_device(bundle: Bundle, device: str) -> Predictor:
    """One graph on the runtime of a device that is not "auto"."""
    if device in ("cuda", "torch"):
        from engine.inference.torch_runtime import TorchPredictor

        return TorchPredictor(bundle, "cuda" if device == "cuda" else "cpu")
    from engine.inference.openvino_runtime import OpenVinoPredictor

    return OpenVinoPredictor(bundle)


def heatmap_u8(prediction: Prediction, manifest: Manifest) -> NDArray[np.uint8]:
    """Anomaly map as uint8 [h, w]: 0 normal, 255 at or above the heatmap's full scale."""
    scaled = prediction.anomaly_map * np.float32(255.0 / manifest.heatmap_full_scale)
    plane: NDArray[np.uint8] = np.clip(scaled, 0, 255).astype(np.uint8)
    return plane


def _cuda_present() -> bool:
    """Whether a GPU is worth importing torch for. Looks at the driver's files only, because the
    import alone costs a CPU station several seconds."""
    if not (Path("/dev/nvidiactl").exists() or Path("C:/Windows/System32/nvcuda.dll").exists()):
        return False
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())
