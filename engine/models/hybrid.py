"""The hybrid: a patch memory and supervised heads on one backbone. Must not know files or training.

The first stages of the backbone run once. From there the patch memory goes on with the frozen
ImageNet stages, whose distances know what good parts look like, and the heads with a tuned copy of
the later stages, which learn what an expert has labelled: a U-Net-like decoder with attention
draws the defect mask, and pooled features together with the decoder's evidence give a binary and
a class answer. Features are averaged over the picture and, since a defect's kind is seen where it
lies, under the mask. (Logistic regression on frozen features of strides 8 to 32, five folds of all
defects, macro F1 averaged over the picture / under the true mask: magnetic tile 0.90 / 0.95,
rendered cables 0.48 / 0.82.) The memory's distances enter the decoder and both heads as inputs, so
that training starts from what the memory knows and can only add to it.

Between the two stands the probe: one linear answer for each of the memory's patches, from its
features and its distances, fitted to the patches that experts have marked (logistic regression,
`engine.training.probe`). It has a few hundred weights where the heads have millions, and is the
better of the two while labels are few.

`fuse` turns the memory's score, the binary logit, the mask's peak and the probe's into one
log-odds, with weights that were fitted on validation pictures (`engine.calibration.fusion`).
"""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from engine.data.images import LETTERBOX
from engine.models.backbones import BACKBONES, create_backbone, empty_backbone
from engine.models.patch_memory import PatchMemory, PatchMemorySettings

NAME = "hybrid"
INPUT_NAMES = ("pixels", "bank", "limits")
OUTPUT_NAMES = ("score", "class_prob", "anomaly_map", "embedding", "verdict", "novelty")
MASK_PEAK = 64  # how many of the highest mask values say whether there is a defect
PROBE_PEAK = 10  # the same for the probe's patches, of which there are 64 times fewer


@dataclass(frozen=True, slots=True)
class HybridSettings:
    """What shapes the graph. ``class_outputs`` is "good" and the defect classes; ``tuned_from`` is
    the first backbone stage of which the heads have a copy of their own (0: the whole backbone,
    7: none, everything is shared and frozen); ``widths`` are the decoder's channels from stride 32
    to stride 2; ``embedding`` is the length of the embedding."""

    class_outputs: tuple[str, ...]
    memory: PatchMemorySettings = field(default_factory=PatchMemorySettings)
    tuned_from: int = 3
    widths: tuple[int, ...] = (128, 96, 64, 48, 32)
    embedding: int = 256
    dropout: float = 0.3

    @property
    def input_size(self) -> int:
        """Edge of the square input in pixels."""
        return self.memory.input_size

    def to_manifest(self) -> dict[str, Any]:
        """The settings as JSON values, from which ``from_manifest`` rebuilds them."""
        return {
            **dataclasses.asdict(self),
            "fit": self.memory.fit,
            "backbone": self.memory.backbone,
        }

    @classmethod
    def from_manifest(cls, stored: dict[str, Any]) -> HybridSettings:
        """The settings of a bundle."""
        known = {f.name for f in dataclasses.fields(cls)} - {"memory"}
        values = {key: value for key, value in stored.items() if key in known}
        for name in ("class_outputs", "widths"):
            if name in values:
                values[name] = tuple(values[name])
        return cls(memory=PatchMemorySettings.from_manifest(stored["memory"]), **values)


@dataclass(slots=True)
class HybridOutputs:
    """What the heads say of N pictures, before fusion: ``mask`` logits float32 [N, 1, S/2, S/2],
    ``binary`` logit [N], ``classes`` logits [N, K], ``embedding`` [N, D]."""

    mask: torch.Tensor
    binary: torch.Tensor
    classes: torch.Tensor
    embedding: torch.Tensor


class _Block(nn.Sequential):
    """3×3 convolution, batch normalisation, SiLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.SiLU(),
        )


class _Attention(nn.Module):
    """Channel, then spatial attention (CBAM, Woo et al., ECCV 2018, with averages only for the
    channels)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channel = nn.Sequential(
            nn.Linear(channels, channels // 4),
            nn.SiLU(),
            nn.Linear(channels // 4, channels),
            nn.Sigmoid(),
        )
        self.place = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Same shape, float32 [N, C, h, w]."""
        x = x * self.channel(x.mean((2, 3))).unsqueeze(2).unsqueeze(3)
        seen = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
        return x * torch.sigmoid(self.place(seen))


class Heads(nn.Module):
    """The tuned stages, the decoder and the two classifying heads."""

    def __init__(self, settings: HybridSettings, tuned: nn.ModuleList) -> None:
        super().__init__()
        spec = BACKBONES[settings.memory.backbone]
        self.first = settings.tuned_from
        self.tuned = tuned
        self.taps = (6, 4, 2, 1, 0)  # the deepest stage of each stride, from 32 to 2
        self.looked_at = self.taps[:3]  # where the defect lies, these say what it is
        inputs = [spec.channels[tap] + 1 for tap in self.taps]
        widths = settings.widths
        self.top = _Block(inputs[0], widths[0])
        self.steps = nn.ModuleList(
            nn.Sequential(_Block(above + beside, width), _Block(width, width), _Attention(width))
            for above, beside, width in zip(widths, inputs[1:], widths[1:], strict=False)
        )
        self.mask = nn.Conv2d(widths[-1], 1, 1)
        pooled = spec.channels[self.taps[0]] + widths[0] + 2 * widths[-1] + 2
        pooled += sum(spec.channels[tap] for tap in self.looked_at)
        self.joint = nn.Sequential(
            nn.Linear(pooled, settings.embedding),
            nn.BatchNorm1d(settings.embedding),
            nn.SiLU(),
        )
        self.dropout = nn.Dropout(settings.dropout)
        self.binary = nn.Linear(settings.embedding, 1)
        self.classes = nn.Linear(settings.embedding, len(settings.class_outputs))
        # The memory's word counts from the first step; what the heads add begins at nothing.
        self.memory_mask = nn.Parameter(torch.tensor([1.0, -3.0]))
        self.memory_binary = nn.Parameter(torch.tensor([1.0, 0.0]))
        with torch.no_grad():
            for layer in (self.mask, self.binary):
                for parameter in layer.parameters():
                    parameter.zero_()

    def forward(
        self, stages: list[torch.Tensor], distance: torch.Tensor, score: torch.Tensor
    ) -> HybridOutputs:
        """``stages`` are the outputs of the shared stages, the deepest last; ``distance`` float32
        [N, 1, g, g] and ``score`` [N] are the memory's, in standard deviations of good parts."""
        found = dict(enumerate(stages))
        x = stages[-1]
        for index, stage in enumerate(self.tuned, start=len(stages)):
            x = stage(x)
            found[index] = x
        top = self.top(_beside(found[self.taps[0]], distance))
        x = top
        for tap, step in zip(self.taps[1:], self.steps, strict=True):
            skip = found[tap]
            x = F.interpolate(x, size=skip.shape[-2:], mode="bilinear", align_corners=False)
            x = step(torch.cat([x, _beside(skip, distance)], 1))
        mask = self.mask(x).float() + self.memory_mask[1]
        mask = mask + self.memory_mask[0] * _at(distance, mask.shape[-1])
        share = torch.sigmoid(mask)
        evidence = (x * share).sum((2, 3)) / (share.sum((2, 3)) + 1.0)
        pooled = [
            found[self.taps[0]].mean((2, 3)),
            top.mean((2, 3)),
            evidence,
            x.amax((2, 3)),
            mask_peak(mask).unsqueeze(1),
            score.unsqueeze(1),
            *(_under(share, found[tap]) for tap in self.looked_at),
        ]
        embedding = self.joint(torch.cat(pooled, 1))
        hidden = self.dropout(embedding)
        binary = self.binary(hidden)[:, 0].float()
        binary = binary + self.memory_binary[0] * score + self.memory_binary[1]
        return HybridOutputs(mask, binary, self.classes(hidden).float(), embedding.float())


def _under(share: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Mean [N, C] of features [N, C, h, w] where the mask's ``share`` [N, 1, H, W] is high; of a
    picture without a mask nearly the plain mean."""
    weight = F.avg_pool2d(share, share.shape[-1] // features.shape[-1])
    return (features * weight).sum((2, 3)) / (weight.sum((2, 3)) + 1e-3)


class Hybrid(nn.Module):
    """The model contract of the engine; bank and limits are inputs, not weights.

    Buffers that calibration fills: ``distance_scale`` (mean, deviation of the memory's distances
    by the map's levels on good parts), ``coarse_scale`` (the same by the score's levels),
    ``score_scale`` (floor, then mean and deviation of its log score), ``probe`` (weights of a
    patch's features, of its two distances, and the offset), ``probe_scale`` (mean and deviation of
    the probe's peak on good parts), ``fusion`` (weights of memory score, binary logit, mask peak
    and probe, and the offset), ``map_fusion`` (weights of the mask logit, of the memory's distance
    and of the probe, and the offset), ``class_temperature``.
    """

    kind = "hybrid"
    distance_scale: torch.Tensor
    coarse_scale: torch.Tensor
    score_scale: torch.Tensor
    probe: torch.Tensor
    probe_scale: torch.Tensor
    fusion: torch.Tensor
    map_fusion: torch.Tensor
    class_temperature: torch.Tensor

    def __init__(self, settings: HybridSettings, memory: PatchMemory) -> None:
        super().__init__()
        self.settings = settings
        self.memory = memory
        tuned = nn.ModuleList(
            copy.deepcopy(stage) for stage in list(memory.backbone.blocks)[settings.tuned_from :]
        )
        self.heads = Heads(settings, tuned.requires_grad_(True))
        # What neither the memory nor the heads read of the frozen backbone is not kept.
        self.depth = max(max(settings.memory.blocks) + 1, settings.tuned_from)
        memory.backbone.blocks = memory.backbone.blocks[: self.depth]
        memory.backbone.wanted = tuple(range(self.depth))
        self.register_buffer("distance_scale", torch.tensor([0.0, 1.0]))
        self.register_buffer("coarse_scale", torch.tensor([0.0, 1.0]))
        self.register_buffer("score_scale", torch.tensor([1.0, 0.0, 1.0]))
        self.register_buffer("probe", torch.zeros(memory.dimension + 3))
        self.register_buffer("probe_scale", torch.tensor([0.0, 1.0]))
        self.register_buffer("fusion", torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0]))
        self.register_buffer("map_fusion", torch.tensor([1.0, 0.0, 0.0, 0.0]))
        self.register_buffer("class_temperature", torch.tensor(1.0))

    def train(self, mode: bool = True) -> Hybrid:
        """The memory and the shared stages never leave evaluation mode."""
        super().train(mode)
        self.memory.eval()
        return self

    def forward(
        self, pixels: torch.Tensor, bank: torch.Tensor, limits: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """uint8 [N, S, S, 3], float32 bank [M, D] and limits [2] to score [N] (log-odds),
        class_prob [N, K], anomaly_map [N, S, S], embedding [N, E], verdict int64 [N] (0 OK,
        1 REVIEW, 2 NG) and novelty [N], the memory's raw score."""
        stages = self.stages(self.normalised(pixels))
        patches = self.memory.join(self.memory.averaged(stages))
        squared, fine = self.memory.search(patches, bank)
        coarse, fine = squared.sqrt(), fine.sqrt()
        novelty = self.memory.image_score(patches, coarse, bank)
        distance = self.distance(fine)
        shared = stages[: self.settings.tuned_from]
        said = self.heads(shared, distance, self.scaled_score(novelty))
        marked = self.marked(patches, fine, coarse)
        score = self.fuse(self.scaled_score(novelty), said, self.probe_score(marked))
        class_prob = self.class_prob(score, said.classes)
        anomaly_map = self.fuse_map(distance, said.mask, marked)
        verdict = (score > limits[0]).to(torch.int64) + (score > limits[1]).to(torch.int64)
        embedding = F.normalize(said.embedding, dim=1)
        return score, class_prob, anomaly_map, embedding, verdict, novelty

    def normalised(self, pixels: torch.Tensor) -> torch.Tensor:
        """float32 [N, 3, S, S] for the backbone from uint8 [N, S, S, 3]."""
        return self.normalise(pixels.permute(0, 3, 1, 2).to(self.memory.mean.dtype) / 255.0)

    def normalise(self, x01: torch.Tensor) -> torch.Tensor:
        """The same from float32 [N, 3, S, S] in [0, 1]."""
        return (x01 - self.memory.mean) / self.memory.std

    def stages(self, x: torch.Tensor, until: int | None = None) -> list[torch.Tensor]:
        """Outputs of the frozen stages, all that are needed or the first ``until``."""
        backbone = self.memory.backbone
        x = backbone.bn1(backbone.conv_stem(x))
        found = []
        for stage in list(backbone.blocks)[:until]:
            x = stage(x)
            found.append(x)
        return found

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

    def fuse(
        self, memory_score: torch.Tensor, said: HybridOutputs, probe_score: torch.Tensor
    ) -> torch.Tensor:
        """Log-odds [N] that a part is defective."""
        weights = self.fusion
        return (
            weights[0] * memory_score
            + weights[1] * said.binary
            + weights[2] * mask_peak(said.mask)
            + weights[3] * probe_score
            + weights[4]
        )

    def fuse_map(
        self, distance: torch.Tensor, mask: torch.Tensor, marked: torch.Tensor
    ) -> torch.Tensor:
        """Anomaly map [N, S, S] of the mask logits, the memory's plane and the probe's."""
        size = self.settings.input_size
        drawn = F.interpolate(mask, size=(size, size), mode="bilinear", align_corners=False)[:, 0]
        weights = self.map_fusion
        coarse = weights[1] * distance.flatten(1) + weights[2] * marked / self.probe_scale[1]
        return weights[0] * drawn + self.memory.smooth(coarse) + weights[3]

    def class_prob(self, score: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
        """Probabilities [N, K]: of being good from the fused score, of the defect classes among
        each other from the class head."""
        defect = torch.sigmoid(score).unsqueeze(1)
        among = torch.softmax(classes[:, 1:] / self.class_temperature, dim=1)
        return torch.cat([1.0 - defect, defect * among], 1)


def mask_peak(mask: torch.Tensor) -> torch.Tensor:
    """Mean [N] of the highest mask logits [N, 1, h, w]."""
    return mask.flatten(1).topk(MASK_PEAK, dim=1).values.mean(1)


def create_hybrid(settings: HybridSettings, weights: str = "auto") -> Hybrid:
    """A hybrid with a pre-trained backbone and fresh heads. Raises EngineError weights_*."""
    spec = BACKBONES[settings.memory.backbone]
    backbone = create_backbone(spec, tuple(range(len(spec.channels))), weights)
    return Hybrid(settings, PatchMemory(settings.memory, backbone))


def empty_hybrid(settings: HybridSettings) -> Hybrid:
    """The structure only, for weights that a bundle brings."""
    spec = BACKBONES[settings.memory.backbone]
    backbone = empty_backbone(spec, tuple(range(len(spec.channels))))
    return Hybrid(settings, PatchMemory(settings.memory, backbone))


def hybrid_memory(input_size: int = 256, fit: str = LETTERBOX) -> PatchMemorySettings:
    """The patch memory inside a hybrid, which has no class prototypes of its own."""
    return PatchMemorySettings(input_size=input_size, fit=fit)


def _at(plane: torch.Tensor, size: int) -> torch.Tensor:
    """A plane [N, 1, g, g] at another size: averaged over where it shrinks."""
    if plane.shape[-1] > size:
        return F.avg_pool2d(plane, plane.shape[-1] // size)
    if plane.shape[-1] < size:
        return F.interpolate(plane, size=(size, size), mode="bilinear", align_corners=False)
    return plane


def _beside(x: torch.Tensor, distance: torch.Tensor) -> torch.Tensor:
    """Feature maps [N, C, h, w] with the memory's plane as a further channel."""
    return torch.cat([x, _at(distance, x.shape[-1]).to(x.dtype)], 1)
