"""The exported graph on the CPU through OpenVINO. Must not import torch."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13

from engine.bundle import Bundle, Limits, Manifest
from engine.inference.outputs import Interpreter, RawOutputs, check_picture, fitted, graph_inputs
from engine.inference.predictor import Prediction


class OpenVinoPredictor:
    """Batch 1, float32 arithmetic as in torch. The bank becomes a constant of the compiled graph,
    so that it is laid out for the matrix product once, at load."""

    def __init__(self, bundle: Bundle) -> None:
        self._interpreter = Interpreter(bundle)
        core = ov.Core()
        graph = core.read_model(bundle.onnx_path)
        for name, value in graph_inputs(bundle).items():
            parameter = next(p for p in graph.get_parameters() if p.friendly_name == name)
            parameter.output(0).replace(opset13.constant(value).output(0))
            graph.remove_parameter(parameter)
        size = bundle.manifest.input_size
        graph.reshape([1, size, size, 3])
        # float32 on processors with AMX or bf16 too: the verdict must be torch's
        options = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
        self._has_novelty = any("novelty" in output.get_names() for output in graph.outputs)
        self._request = core.compile_model(graph, "CPU", options).create_infer_request()

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
        return "CPU (OpenVINO)"

    def predict(self, rgb: NDArray[np.uint8]) -> Prediction:
        """Judge one picture, uint8 RGB [H, W, 3] of any size."""
        check_picture(rgb)
        start = time.perf_counter()
        pixels, where = fitted(rgb, self.manifest)
        self._request.infer([pixels[np.newaxis]])
        raw = RawOutputs(
            score=float(self._request.get_tensor("score").data[0]),
            class_prob=self._request.get_tensor("class_prob").data[0].copy(),
            anomaly_map=self._request.get_tensor("anomaly_map").data[0].copy(),
            embedding=self._request.get_tensor("embedding").data[0].copy(),
            novelty=(
                float(self._request.get_tensor("novelty").data[0]) if self._has_novelty else None
            ),
        )
        return self._interpreter.prediction(raw, where, 1e3 * (time.perf_counter() - start))

    def predict_batch(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Prediction]:
        """Judge several pictures one after the other; on a CPU a batch is no faster."""
        return [self.predict(picture) for picture in pictures]

    def close(self) -> None:
        """Free the compiled graph."""
        del self._request
