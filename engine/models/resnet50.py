"""ResNet50 with two dense layers and two heads, unfrozen in three phases. Must not know data.

| | resnet50 |
|---|---|
| parameters | 24,692,554 |
| GFLOPs of one picture (a multiplication and an addition are two) | 8.18 |

Nine classes, 224 px, counted with `torch.utils.flop_counter` over the whole graph with its map.

Phases, with shares of the configured rate (1e-3): epochs 1 to 10 train the new layers alone; from
11 the last stage joins at the full rate and from 21 the third at a tenth; from 31 all layers are
trained at a tenth of that, halved with every stage towards the stem. The specification freezes
the stem and the first two stages and yet trains "all" in the third phase: here they are frozen
until then. Without pre-trained weights all layers are trained from the start.
"""

from __future__ import annotations

import torch
from torch import nn

from engine.models.network import (
    Classifier,
    Created,
    NetworkSettings,
    Phase,
    PooledHead,
    seeded,
)
from engine.models.weights import create_pretrained

NAME = "resnet50"
CHANNELS = 2048
PHASES = (
    Phase("new layers", 0, {"head.": 1.0}),
    Phase("last stage", 10, {"head.": 1.0, "backbone.layer4.": 1.0}),
    Phase("third stage", 20, {"head.": 1.0, "backbone.layer4.": 1.0, "backbone.layer3.": 0.1}),
    Phase(
        "all",
        30,
        {
            "head.": 0.1,
            "backbone.layer4.": 0.1,
            "backbone.layer3.": 0.01,
            "backbone.layer2.": 0.005,
            "backbone.layer1.": 0.0025,
            "backbone.": 0.00125,
        },
    ),
)


class ResNet50(Classifier):
    """Backbone, global average pooling to 2048, dense 512 and 256, two heads."""

    NAME = NAME

    def __init__(self, settings: NetworkSettings, backbone: nn.Module) -> None:
        super().__init__(settings)
        self.backbone = backbone
        self.head = PooledHead(CHANNELS, len(settings.class_outputs))

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 2048, S / 32, S / 32]."""
        features: torch.Tensor = self.backbone.forward_features(x)  # type: ignore[operator]
        return features

    def phases(self) -> tuple[Phase, ...]:
        """The three phases of the specification, the second in two steps."""
        return PHASES if self.settings.pretrained else super().phases()


def create(class_outputs: tuple[str, ...], input_size: int, weights: str, seed: int) -> Created:
    """A network with the backbone's weights. Raises EngineError weights_*."""
    seeded(seed)
    backbone, facts = create_pretrained("resnet50", None, weights, num_classes=0)
    settings = NetworkSettings(
        class_outputs, input_size, backbone=NAME, pretrained=facts.pretrained
    )
    return ResNet50(settings, backbone), facts
