"""The model in torch, on the CPU or a GPU, from a bundle's tensors. Must not know OpenVINO."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import Bundle, Limits, Manifest
from engine.errors import EngineError
from engine.inference.outputs import Interpreter, RawOutputs, check_picture, fitted, graph_inputs
from engine.inference.predictor import Prediction
from engine.models.registry import restore_model

BATCH = 16
NOVELTY = 5  # the graph's output after score, class_prob, map, embedding and verdict


class TorchPredictor:
    """Float32 arithmetic, TF32 off, so that a GPU and a CPU station give the same verdicts."""

    def __init__(self, bundle: Bundle, device: str) -> None:
        if device == "cuda" and not torch.cuda.is_available():
            raise EngineError(
                "device_unavailable",
                "There is no CUDA device that torch can use; choose --device auto or openvino.",
                device=device,
            )
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        self._interpreter = Interpreter(bundle)
        self._device = torch.device(device)
        self._model = restore_model(bundle).to(self._device)
        self._inputs = [
            torch.from_numpy(np.array(value)).to(self._device)
            for value in graph_inputs(bundle).values()
        ]

    @property
    def bundle_id(self) -> str:
        """Identity of the loaded model."""
        return self._interpreter.manifest.bundle_id

    @property
    def manifest(self) -> Manifest:
        """What is known about the loaded model."""
        return self._interpreter.manifest

    @property
    def limits(self) -> Limits:
        """The limits that decide."""
        return self._interpreter.limits

    def set_limits(self, limits: Limits) -> None:
        """Decide by these limits from now on."""
        self._interpreter.limits = limits

    @property
    def device_name(self) -> str:
        """The device in words."""
        if self._device.type == "cuda":
            return f"{torch.cuda.get_device_name(self._device)} (torch)"
        return "CPU (torch)"

    def predict(self, rgb: NDArray[np.uint8]) -> Prediction:
        """Judge one picture, uint8 RGB [H, W, 3] of any size."""
        return self._run([rgb])[0]

    def predict_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Judge several pictures, in batches; ``latency_ms`` is each one's share of its batch."""
        answers: list[Prediction] = []
        for start in range(0, len(pictures), BATCH):
            answers += self._run(pictures[start : start + BATCH])
        return answers

    def close(self) -> None:
        """Free the model's memory."""
        del self._model, self._inputs
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    @torch.inference_mode()
    def _run(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        for rgb in pictures:
            check_picture(rgb)
        start = time.perf_counter()
        inputs = [fitted(rgb, self.manifest) for rgb in pictures]
        pixels = np.stack([picture for picture, _ in inputs])
        outputs = self._model(torch.from_numpy(pixels).to(self._device), *self._inputs)
        score, class_prob, anomaly_map, embedding = (part.cpu().numpy() for part in outputs[:4])
        novelty = outputs[NOVELTY].cpu().numpy() if len(outputs) > NOVELTY else None
        latency_ms = 1e3 * (time.perf_counter() - start) / len(pictures)
        return [
            self._interpreter.prediction(
                RawOutputs(
                    float(score[i]),
                    class_prob[i],
                    anomaly_map[i],
                    embedding[i],
                    None if novelty is None else float(novelty[i]),
                ),
                inputs[i][1],
                latency_ms,
            )
            for i in range(len(pictures))
        ]
