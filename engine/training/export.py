"""From a module to an ONNX graph with the bank as an input. Must not know bundles or data."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Mapping, Sequence

import torch

from engine.models import network as contract
from engine.models import probed
from engine.models.network import Network
from engine.models.patch_memory import INPUT_NAMES, OUTPUT_NAMES, PatchMemory
from engine.models.probed import Probed

OPSET = 17
DYNAMIC_AXES = {
    "pixels": {0: "N"},
    "bank": {0: "M"},
    "prototypes": {0: "K"},
    "score": {0: "N"},
    "class_prob": {0: "N", 1: "K"},
    "anomaly_map": {0: "N"},
    "embedding": {0: "N"},
    "verdict": {0: "N"},
}


def export_onnx(model: PatchMemory) -> bytes:
    """The graph from uint8 pixels to verdict, with batch, bank and class count left open.

    The tracing exporter is used on purpose: the graph is free of branches, and it takes
    2 s on two cores.
    """
    size = model.settings.input_size
    example = (
        torch.zeros(2, size, size, 3, dtype=torch.uint8),
        torch.rand(64, model.dimension),
        torch.rand(3, model.dimension),
        torch.tensor([0.5, 1.0]),
    )
    return export_graph(model, example, INPUT_NAMES, OUTPUT_NAMES, DYNAMIC_AXES)


def export_graph(
    model: torch.nn.Module,
    example: tuple[torch.Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    dynamic_axes: Mapping[str, Mapping[int, str]],
) -> bytes:
    """Any module's graph, traced on an example, with named inputs, outputs and open axes."""
    buffer = io.BytesIO()
    noisy = logging.getLogger("torch.onnx")
    level = noisy.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # notices that the tracing exporter is the older one
        noisy.setLevel(logging.ERROR)
        try:
            torch.onnx.export(
                model,
                example,
                buffer,  # type: ignore[arg-type]  # the tracing exporter takes a stream
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={name: dict(axes) for name, axes in dynamic_axes.items()},
                opset_version=OPSET,
                dynamo=False,
            )
        finally:
            noisy.setLevel(level)
    return buffer.getvalue()


def export_probed(model: Probed) -> bytes:
    """The graph of a hybrid or patch probe from uint8 pixels to verdict and novelty, batch and
    bank left open."""
    size = model.memory.settings.input_size
    example = (
        torch.zeros(2, size, size, 3, dtype=torch.uint8),
        torch.rand(64, model.memory.dimension),
        torch.tensor([0.5, 1.0]),
    )
    axes = {name: DYNAMIC_AXES[name] for name in probed.INPUT_NAMES if name in DYNAMIC_AXES}
    axes |= {name: {0: "N"} for name in probed.OUTPUT_NAMES}
    return export_graph(model.eval(), example, probed.INPUT_NAMES, probed.OUTPUT_NAMES, axes)


def export_network(network: Network, inputs: tuple[torch.Tensor, ...] = ()) -> bytes:
    """A trained network's graph from uint8 pixels to verdict, batch left open.

    ``inputs`` is what the graph takes between pixels and limits; the networks of the registry
    take nothing.
    """
    if inputs:
        raise ValueError(f"{type(network).__name__} has no export with further inputs")
    size = network.settings.input_size
    example = (torch.zeros(2, size, size, 3, dtype=torch.uint8), torch.tensor([0.5, 1.0]))
    axes = {"pixels": {0: "N"}, **{name: {0: "N"} for name in contract.OUTPUT_NAMES}}
    return export_graph(network.eval(), example, contract.INPUT_NAMES, contract.OUTPUT_NAMES, axes)
