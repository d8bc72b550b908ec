"""A patch memory that has learnt from labels: memory, probe and a linear class answer.

What a station trains from its reviewed parts in less than a minute on a CPU: there is nothing to
train but a few linear layers on the patches that the memory takes out of the picture anyway, so
that inspecting costs what a patch memory costs. Must not know files or training.

The score is the log-odds of memory and probe together; the map their mixture; the class that of the
features where the probe finds the defect, averaged with its probabilities as weights.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F

from engine.models.backbones import BACKBONES, create_backbone, empty_backbone
from engine.models.patch_memory import PatchMemory, PatchMemorySettings
from engine.models.probed import Probed

NAME = "patch_probe"


@dataclass(frozen=True, slots=True)
class PatchProbeSettings:
    """What shapes the graph. ``class_outputs`` is "good" and the defect classes."""

    class_outputs: tuple[str, ...]
    memory: PatchMemorySettings = field(default_factory=PatchMemorySettings)

    @property
    def input_size(self) -> int:
        """Edge of the square input in pixels."""
        return self.memory.input_size

    def to_manifest(self) -> dict[str, Any]:
        """The settings as JSON values, from which ``from_manifest`` rebuilds them."""
        return {**dataclasses.asdict(self), "fit": self.memory.fit}

    @classmethod
    def from_manifest(cls, stored: dict[str, Any]) -> PatchProbeSettings:
        """The settings of a bundle."""
        memory = PatchMemorySettings.from_manifest(stored["memory"])
        return cls(tuple(stored["class_outputs"]), memory)


class PatchProbe(Probed):
    """The model contract of the engine; bank and limits are inputs, not weights.

    Buffers that training fills, beside those of ``Probed``: ``fusion`` (weights of memory and
    probe, and the offset), ``map_fusion`` (the same for the map), ``class_weight`` [K - 1, D] and
    ``class_bias`` [K - 1] of the defect classes.
    """

    kind = "patch_probe"
    fusion: torch.Tensor
    map_fusion: torch.Tensor
    class_weight: torch.Tensor
    class_bias: torch.Tensor

    def __init__(self, settings: PatchProbeSettings, memory: PatchMemory) -> None:
        super().__init__(memory)
        self.settings = settings
        defects = len(settings.class_outputs) - 1
        self.register_buffer("fusion", torch.tensor([1.0, 0.0, 0.0]))
        self.register_buffer("map_fusion", torch.tensor([1.0, 0.0, 0.0]))
        self.register_buffer("class_weight", torch.zeros(defects, memory.dimension))
        self.register_buffer("class_bias", torch.zeros(defects))

    def forward(
        self, pixels: torch.Tensor, bank: torch.Tensor, limits: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """uint8 [N, S, S, 3], float32 bank [M, D] and limits [2] to score [N] (log-odds),
        class_prob [N, K], anomaly_map [N, S, S], embedding [N, D], verdict int64 [N] (0 OK,
        1 REVIEW, 2 NG) and novelty [N], the memory's raw score."""
        patches = self.memory.patches(pixels)
        squared, fine = self.memory.search(patches, bank)
        coarse, fine = squared.sqrt(), fine.sqrt()
        novelty = self.memory.image_score(patches, coarse, bank)
        marked = self.marked(patches, fine, coarse)
        score = self.fuse(self.scaled_score(novelty), self.probe_score(marked))
        seen = self.seen(patches, marked)
        verdict = (score > limits[0]).to(torch.int64) + (score > limits[1]).to(torch.int64)
        embedding = F.normalize(seen, dim=1)
        anomaly_map = self.fuse_map(fine, marked)
        return score, self.class_prob(score, seen), anomaly_map, embedding, verdict, novelty

    def fuse(self, memory_score: torch.Tensor, probe_score: torch.Tensor) -> torch.Tensor:
        """Log-odds [N] that a part is defective."""
        weights = self.fusion
        return weights[0] * memory_score + weights[1] * probe_score + weights[2]

    def seen(self, patches: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
        """Mean features [N, D] of the patches [N, P, D] that the probe's logits [N, P] find."""
        share = torch.sigmoid(marked).unsqueeze(2)
        return (share * patches).sum(1) / (share.sum(1) + 1e-3)

    def planes(self, fine: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
        """The memory's distances and the probe's logits [N, P] in deviations of good parts, as
        planes [2, N, S, S]."""
        distance = (fine - self.distance_scale[0]) / self.distance_scale[1]
        both = torch.stack([distance, marked / self.probe_scale[1]])
        return torch.stack([self.memory.smooth(one) for one in both])

    def fuse_map(self, fine: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
        """Anomaly map [N, S, S]."""
        distance = (fine - self.distance_scale[0]) / self.distance_scale[1]
        weights = self.map_fusion
        mixed = weights[0] * distance + weights[1] * marked / self.probe_scale[1]
        return self.memory.smooth(mixed) + weights[2]

    def class_prob(self, score: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Probabilities [N, K]: of being good from the score, of the defect classes among each
        other from the features where the defect is."""
        defect = torch.sigmoid(score).unsqueeze(1)
        logits = torch.matmul(seen, self.class_weight.t()) + self.class_bias
        return torch.cat([1.0 - defect, defect * torch.softmax(logits, dim=1)], 1)


def create_patch_probe(settings: PatchProbeSettings, weights: str = "auto") -> PatchProbe:
    """With a pre-trained backbone, nothing learnt yet. Raises EngineError weights_*."""
    spec = BACKBONES[settings.memory.backbone]
    backbone = create_backbone(spec, settings.memory.blocks, weights)
    return PatchProbe(settings, PatchMemory(settings.memory, backbone))


def empty_patch_probe(settings: PatchProbeSettings) -> PatchProbe:
    """The structure only, for weights that a bundle brings."""
    spec = BACKBONES[settings.memory.backbone]
    backbone = empty_backbone(spec, settings.memory.blocks)
    return PatchProbe(settings, PatchMemory(settings.memory, backbone))
