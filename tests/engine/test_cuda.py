"""A GPU gives the verdicts and, within rounding, the scores of the CPU."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures_bundle import tiny_picture

from engine.inference.predictor import load_predictor

pytestmark = pytest.mark.gpu


def test_cuda_and_cpu_agree(tiny_bundle: Path) -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("torch finds no CUDA device here")
    pictures = [tiny_picture(seed, defect=seed % 2 == 1) for seed in range(100, 120)]
    gpu, cpu = load_predictor(tiny_bundle, "cuda"), load_predictor(tiny_bundle, "torch")
    assert gpu.device_name != cpu.device_name
    for ours, theirs in zip(gpu.predict_batch(pictures), cpu.predict_batch(pictures), strict=True):
        assert (ours.verdict, ours.reason) == (theirs.verdict, theirs.reason)
        assert ours.score == pytest.approx(theirs.score, rel=1e-3)
    gpu.close()
    cpu.close()
