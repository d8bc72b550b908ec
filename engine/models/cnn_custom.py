"""The specification's own convolutional network. Must not know data or training.

| | cnn_custom |
|---|---|
| parameters | 35,579,402 |
| GFLOPs of one picture (a multiplication and an addition are two) | 15.18 |

Nine classes, 224 px, counted with `torch.utils.flop_counter` over the whole graph with its map.
"""

from __future__ import annotations

import torch
from torch import nn

from engine.models.network import (
    Classifier,
    Created,
    Dense,
    Head,
    NetworkSettings,
    dense_pull_back,
    seeded,
)
from engine.models.weights import no_weights

NAME = "cnn_custom"
# channels, convolutions and dropout of each block
BLOCKS = ((64, 1, 0.1), (128, 1, 0.2), (256, 2, 0.3), (512, 2, 0.4), (512, 2, 0.5))
WIDTHS = (1024, 512, 256)


class FlatHead(Head):
    """Three dense layers on the flattened feature map, a binary and a class answer."""

    def __init__(self, channels: int, edge: int, classes: int) -> None:
        super().__init__()
        inputs = (channels * edge * edge, *WIDTHS[:-1])
        self.layers = nn.ModuleList(
            Dense(a, b, "relu", 0.5) for a, b in zip(inputs, WIDTHS, strict=True)
        )
        self.binary = nn.Linear(WIDTHS[-1], 1)
        self.classes = nn.Linear(WIDTHS[-1], classes)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Hidden vector [N, 256]."""
        x = features.flatten(1)
        for layer in self.layers:
            x = layer(x)
        return x

    def pull_back(self, features: torch.Tensor) -> torch.Tensor:
        """Gradient of the binary logit, summed over the places, [N, C]."""
        gradient = dense_pull_back(self.layers, features.flatten(1), self.binary.weight)
        return gradient.reshape(features.shape[0], features.shape[1], -1).sum(2)


class CnnCustom(Classifier):
    """Five blocks of 3×3 convolutions, each halving the picture, then 25,088 values (at 224 px)
    into dense layers."""

    NAME = NAME

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__(settings)
        layers: list[nn.Module] = []
        inputs = 3
        for channels, convolutions, dropout in BLOCKS:
            for _ in range(convolutions):
                layers += [
                    nn.Conv2d(inputs, channels, 3, padding=1),
                    nn.BatchNorm2d(channels),
                    nn.ReLU(),
                ]
                inputs = channels
            layers += [nn.MaxPool2d(2), nn.Dropout(dropout)]
        self.features = nn.Sequential(*layers)
        edge = settings.input_size // 2 ** len(BLOCKS)
        self.head = FlatHead(inputs, edge, len(settings.class_outputs))

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """[N, 512, S / 32, S / 32]."""
        features: torch.Tensor = self.features(x)
        return features


def create(class_outputs: tuple[str, ...], input_size: int, weights: str, seed: int) -> Created:
    """A fresh network; ImageNet weights of it exist nowhere, so ``weights`` is auto or none."""
    seeded(seed)
    settings = NetworkSettings(class_outputs, input_size, backbone=NAME)
    return CnnCustom(settings), no_weights(weights)
