"""What a model costs: parameters, arithmetic, latency, throughput. Must not know training.

All models are measured alike on one device, in torch, float32 with TF32 off, as the station runs
them: from uint8 pixels of the model's size on the host to score, class shares, map and embedding
on the host. A cascade's time depends on what a picture shows, so that it is measured on real ones,
with its rule; its parameters and operations are those of both its models.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from engine.bundle import Bundle, load_bundle
from engine.inference.outputs import fitted, graph_inputs
from engine.inference.predictor import load_predictor
from engine.models import cascade
from engine.models.registry import restore_model

WARM_UP = 5
REPEATS = 40
LONGEST_S = 4.0  # of one measurement; slow models are repeated less often
FEWEST = 5
GPU_BATCHES = (1, 16, 64)
CPU_BATCHES = (1, 16)

Pixels = NDArray[np.uint8]
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Latency:
    """Median and 95 % quantile in ms over ``repeats`` calls."""

    median_ms: float
    p95_ms: float
    repeats: int


@dataclass(frozen=True, slots=True)
class Cost:
    """``parameters`` are the numbers of the network, ``memory_values`` those of a patch memory's
    bank; ``gflops`` 10⁹ floating-point operations for one picture, a multiply-add counting two;
    ``throughput`` pictures/s at the best ``throughput_batch``; ``openvino`` None where OpenVINO is
    not installed."""

    parameters: int
    memory_values: int
    gflops: float
    input_size: int
    device: str
    latency: Latency
    throughput: float
    throughput_batch: int
    openvino: Latency | None


def measure_cost(
    bundle_path: Path, pictures: Sequence[Pixels], device: torch.device, tick: Tick
) -> Cost:
    """Measure a bundle with pictures uint8 RGB [H, W, 3] of any size. Raises EngineError as
    ``load_bundle`` and ``restore_model`` do."""
    bundle = load_bundle(bundle_path)
    manifest = bundle.manifest
    pixels = np.stack([fitted(rgb, manifest)[0] for rgb in pictures])
    tick(0, 4)
    networks = [(restore_model(part), _given(part)) for part in parts_of(bundle)]
    sizes = [part.manifest.input_size for part in parts_of(bundle)]
    gflops = sum(
        count_gflops(network, (torch.zeros(1, size, size, 3, dtype=torch.uint8), *given))
        for (network, given), size in zip(networks, sizes, strict=True)
    )
    parameters = sum(p.numel() for network, _ in networks for p in network.parameters())
    stored = sum(value.numel() for _, given in networks for value in given if value.ndim == 2)
    tick(1, 4)
    call, close = _caller(bundle, networks[0], device)
    try:
        latency = time_calls(call, pixels, 1)
        tick(2, 4)
        throughput, batch = _throughput(call, pixels, device, latency)
    finally:
        close()
    tick(3, 4)
    openvino = _openvino_latency(bundle_path, pixels)
    tick(4, 4)
    return Cost(
        parameters=parameters,
        memory_values=stored,
        gflops=gflops,
        input_size=manifest.input_size,
        device=torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU",
        latency=latency,
        throughput=throughput,
        throughput_batch=batch,
        openvino=openvino,
    )


@torch.no_grad()
def count_gflops(network: nn.Module, inputs: tuple[torch.Tensor, ...]) -> float:
    """10⁹ floating-point operations of matrix products and convolutions for ``inputs``, as
    ``torch.utils.flop_counter`` counts them: a multiply-add is two. Attention is counted in its
    plain form, because the counter does not know the CPU's fused one."""
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        network(*inputs)
    return float(counter.get_total_flops()) / 1e9


def time_calls(call: Callable[[Pixels], object], pixels: Pixels, batch: int) -> Latency:
    """Time ``call`` on batches of the pictures uint8 [n, S, S, 3], in turn."""
    batches = cycle(_batches(pixels, batch))
    for _ in range(WARM_UP):
        call(next(batches))
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < REPEATS:
        given = next(batches)
        start = time.perf_counter()
        call(given)
        end = time.perf_counter()
        times.append(1e3 * (end - start))
        if end - began > LONGEST_S and len(times) >= FEWEST:
            break
    median, p95 = float(np.median(times)), float(np.quantile(times, 0.95))
    return Latency(round(median, 4), round(p95, 4), len(times))


def parts_of(bundle: Bundle) -> list[Bundle]:
    """The bundles of the networks that a model is made of."""
    if bundle.manifest.model == cascade.NAME:
        return [bundle.part(name) for name in cascade.PARTS]
    return [bundle]


def _given(bundle: Bundle) -> list[torch.Tensor]:
    return [torch.from_numpy(np.array(value)) for value in graph_inputs(bundle).values()]


def _batches(pixels: Pixels, size: int) -> list[Pixels]:
    """Every picture in some batch; the last is filled up from the start."""
    starts = range(0, len(pixels), size)
    return [np.take(pixels, range(start, start + size), axis=0, mode="wrap") for start in starts]


def _caller(
    bundle: Bundle, network: tuple[nn.Module, list[torch.Tensor]], device: torch.device
) -> tuple[Callable[[Pixels], object], Callable[[], object]]:
    """How the model is asked about pictures uint8 [n, S, S, 3], and what frees it afterwards."""
    if bundle.manifest.model == cascade.NAME:
        predictor = load_predictor(bundle.path, "cuda" if device.type == "cuda" else "torch")
        return lambda pixels: predictor.predict_batch(list(pixels)), predictor.close
    module, given = network[0].to(device), [value.to(device) for value in network[1]]

    @torch.inference_mode()
    def call(pixels: Pixels) -> None:
        for value in module(torch.from_numpy(pixels).to(device), *given):
            value.cpu()  # which waits for the device

    return call, lambda: module.cpu()


def _throughput(
    call: Callable[[Pixels], object], pixels: Pixels, device: torch.device, single: Latency
) -> tuple[float, int]:
    """Pictures/s at the best batch size; one that does not fit the memory is left out."""
    best = (1e3 / single.median_ms, 1)
    for batch in GPU_BATCHES[1:] if device.type == "cuda" else CPU_BATCHES[1:]:
        try:
            took = time_calls(call, pixels, batch)
        except torch.cuda.OutOfMemoryError:
            torch.cuda.empty_cache()
            continue
        best = max(best, (1e3 * batch / took.median_ms, batch))
    return round(best[0], 2), best[1]


def _openvino_latency(bundle_path: Path, pixels: Pixels) -> Latency | None:
    """The station's CPU runtime, verdict and regions included; None where it is not installed."""
    try:
        predictor: Any = load_predictor(bundle_path, "openvino")
    except ImportError:
        return None
    try:
        return time_calls(lambda one: predictor.predict(one[0]), pixels, 1)
    finally:
        predictor.close()
