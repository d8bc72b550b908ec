"""A patch memory and what an expert has marked, on one set of patches. Must not know files.

The probe is one linear answer for each of the memory's patches, from its features and its
distances, fitted to the patches that experts have marked (logistic regression,
`engine.training.probe`). It has a few hundred weights where a network has millions, and is the
better of the two while labels are few.
"""

from __future__ import annotations

import torch
from torch import nn

from engine.models.patch_memory import PatchMemory

INPUT_NAMES = ("pixels", "bank", "limits")
OUTPUT_NAMES = ("score", "class_prob", "anomaly_map", "embedding", "verdict", "novelty")
PROBE_PEAK = 10  # how many of the highest patches say whether there is a defect


class Probed(nn.Module):
    """What models with a memory and a probe have in common.

    Buffers that training fills: ``distance_scale`` (mean, deviation of the memory's distances by
    the map's levels on good parts), ``coarse_scale`` (the same by the score's levels),
    ``score_scale`` (floor, then mean and deviation of its log score), ``probe`` (weights of a
    patch's features, of its two distances, and the offset), ``probe_scale`` (mean and deviation of
    the probe's peak on good parts).
    """

    distance_scale: torch.Tensor
    coarse_scale: torch.Tensor
    score_scale: torch.Tensor
    probe: torch.Tensor
    probe_scale: torch.Tensor

    def __init__(self, memory: PatchMemory) -> None:
        super().__init__()
        self.memory = memory
        self.register_buffer("distance_scale", torch.tensor([0.0, 1.0]))
        self.register_buffer("coarse_scale", torch.tensor([0.0, 1.0]))
        self.register_buffer("score_scale", torch.tensor([1.0, 0.0, 1.0]))
        self.register_buffer("probe", torch.zeros(memory.dimension + 3))
        self.register_buffer("probe_scale", torch.tensor([0.0, 1.0]))

    def distance(self, fine: torch.Tensor) -> torch.Tensor:
        """The memory's distances [N, P] as a plane [N, 1, g, g] in deviations of good parts."""
        grid = self.memory.grid
        plane = fine.reshape(-1, 1, grid, grid)
        return (plane - self.distance_scale[0]) / self.distance_scale[1]

    def scaled_score(self, novelty: torch.Tensor) -> torch.Tensor:
        """The memory's score [N] in deviations of good parts, on a logarithmic scale that is
        straight near zero: a part that is in the memory has no distance at all."""
        floor, mean, deviation = self.score_scale.unbind()
        return (torch.log(novelty + floor) - mean) / deviation

    def marked(
        self, patches: torch.Tensor, fine: torch.Tensor, coarse: torch.Tensor
    ) -> torch.Tensor:
        """The probe's logit [N, P] that a patch [N, P, D] with raw distances [N, P] is one that an
        expert would mark."""
        weights = self.probe
        return (
            torch.matmul(patches, weights[:-3])
            + weights[-3] * (fine - self.distance_scale[0]) / self.distance_scale[1]
            + weights[-2] * (coarse - self.coarse_scale[0]) / self.coarse_scale[1]
            + weights[-1]
        )

    def probe_score(self, marked: torch.Tensor) -> torch.Tensor:
        """The mean [N] of the probe's highest logits [N, P], in deviations of good parts."""
        peak = marked.topk(PROBE_PEAK, dim=1).values.mean(1)
        return (peak - self.probe_scale[0]) / self.probe_scale[1]
