"""The specification's autoencoder, trained on good pictures alone. Must not know data.

| | autoencoder |
|---|---|
| parameters | 22,297,091 |
| GFLOPs of one picture (a multiplication and an addition are two) | 6.73 |

224 px, counted with `torch.utils.flop_counter` over the whole graph with its map.

The map is the squared error of every pixel, in units of [-1, 1], smoothed over a few pixels. The
picture's score is "the L2 error normalised by region": the root mean squared error of the worst
of the overlapping windows of an eighth of the edge, so that a small defect on a large part counts
as much as on a small one. It has no class head.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from engine.models.network import Created, Network, NetworkOutputs, NetworkSettings, seeded
from engine.models.weights import no_weights

NAME = "autoencoder"
CHANNELS = (64, 128, 256, 512, 1024)
REGIONS = 8  # windows along an edge


class Autoencoder(Network):
    """Five 4×4 convolutions of stride 2 to 1024×7×7 (at 224 px) and back; Tanh at the end."""

    NAME = NAME
    kind = "autoencoder"

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__(settings)
        down: list[nn.Module] = []
        inputs = 3
        for index, channels in enumerate(CHANNELS):
            down.append(nn.Conv2d(inputs, channels, 4, stride=2, padding=1))
            if index:
                down.append(nn.BatchNorm2d(channels))
            down.append(nn.LeakyReLU(0.2))
            inputs = channels
        up: list[nn.Module] = []
        for channels in (*reversed(CHANNELS[:-1]), 3):
            up.append(nn.ConvTranspose2d(inputs, channels, 4, stride=2, padding=1))
            up += [nn.Tanh()] if channels == 3 else [nn.BatchNorm2d(channels), nn.ReLU()]
            inputs = channels
        self.encoder, self.decoder = nn.Sequential(*down), nn.Sequential(*up)

    def analyse(self, x01: torch.Tensor) -> NetworkOutputs:
        """Reconstruction, score and code."""
        code = self.encoder(self.normalise(x01))
        made = (self.decoder(code) + 1.0) / 2.0
        return NetworkOutputs(
            binary=self._score(self._errors(x01, made)),
            classes=None,
            embedding=code.mean((2, 3)),
            reconstruction=made,
        )

    def anomaly_map(self, x01: torch.Tensor, said: NetworkOutputs) -> torch.Tensor:
        """Squared error of every pixel, smoothed, [N, S, S]."""
        assert said.reconstruction is not None
        errors = self._errors(x01, said.reconstruction)
        padded = F.pad(errors, (3, 3, 3, 3), mode="reflect")
        return F.avg_pool2d(padded, 7, 1)[:, 0]

    def _errors(self, x01: torch.Tensor, made: torch.Tensor) -> torch.Tensor:
        """[N, 1, S, S]."""
        return (2.0 * (made - x01).float()).square().mean(1, keepdim=True)

    def _score(self, errors: torch.Tensor) -> torch.Tensor:
        edge = errors.shape[-1] // REGIONS
        windows = F.avg_pool2d(errors, edge, max(1, edge // 2))
        return torch.sqrt(windows.flatten(1).amax(1) + 1e-12)


def create(class_outputs: tuple[str, ...], input_size: int, weights: str, seed: int) -> Created:
    """A fresh network; it has no pre-trained weights, so ``weights`` changes nothing."""
    seeded(seed)
    settings = NetworkSettings(
        class_outputs, input_size, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5), backbone=NAME
    )
    return Autoencoder(settings), no_weights(weights)
