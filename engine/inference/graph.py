"""Changes to an exported ONNX graph. Must not import torch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper


def output_names(graph: bytes) -> list[str]:
    """What a graph gives, in its order."""
    return [output.name for output in onnx.load_from_string(graph).graph.output]


def bake_inputs(graph: bytes, values: Mapping[str, NDArray[np.float32]]) -> bytes:
    """The same graph with some inputs turned into constants, for programs that know only ONNX."""
    model = onnx.load_from_string(graph)
    for index in reversed(range(len(model.graph.input))):
        name = model.graph.input[index].name
        if name in values:
            del model.graph.input[index]
            model.graph.initializer.append(numpy_helper.from_array(values[name], name))
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
