"""ViT-Small with average pooling and two heads. Must not know data or training.

| | vit_small |
|---|---|
| parameters | 21,998,218 |
| GFLOPs of one picture (a multiplication and an addition are two) | 9.20 |

Nine classes, 224 px, counted with `torch.utils.flop_counter` over the whole graph with its map
and attention in its plain form.

The map is Grad-CAM on the patches after the last normalisation. With pre-trained weights the
patch embedding and the first eight of twelve blocks are frozen, the rest trained at a tenth of the
rate: attention on a few hundred pictures forgets quickly.
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

NAME = "vit_small"
TIMM_NAME = "vit_small_patch16_224"
CHANNELS, PATCH = 384, 16
FIRST_TRAINED, BLOCKS = 8, 12
MEAN = STD = (0.5, 0.5, 0.5)


class VitSmall(Classifier):
    """Twelve blocks of attention on 16 px patches, pooled over the patches."""

    NAME = NAME

    def __init__(self, settings: NetworkSettings, backbone: nn.Module) -> None:
        super().__init__(settings)
        self.backbone = backbone
        self.edge = settings.input_size // PATCH
        self.head = PooledHead(
            CHANNELS, len(settings.class_outputs), activation="silu", dropout=0.3
        )

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 384, S / 16, S / 16]: the patches after the last normalisation."""
        tokens: torch.Tensor = self.backbone.forward_features(x)  # type: ignore[operator]
        patches = tokens[:, 1:].transpose(1, 2)
        return patches.reshape(-1, CHANNELS, self.edge, self.edge)

    def phases(self) -> tuple[Phase, ...]:
        """One phase: new layers, and the last blocks at a tenth."""
        if not self.settings.pretrained:
            return super().phases()
        late = [f"backbone.blocks.{index}." for index in range(FIRST_TRAINED, BLOCKS)]
        late.append("backbone.norm.")
        return (Phase("late blocks", 0, {"head.": 1.0, **dict.fromkeys(late, 0.1)}),)


def create(class_outputs: tuple[str, ...], input_size: int, weights: str, seed: int) -> Created:
    """A network with the backbone's weights. Raises EngineError weights_*."""
    seeded(seed)
    backbone, facts = create_pretrained(
        TIMM_NAME, None, weights, num_classes=0, img_size=input_size
    )
    settings = NetworkSettings(class_outputs, input_size, MEAN, STD, NAME, facts.pretrained)
    return VitSmall(settings, backbone), facts
