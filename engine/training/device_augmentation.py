"""Augmentation of a whole batch at once where its tensors lie. Must not know files or labels.

All geometric changes of a picture are one projective map, so that it is resampled once; masks and
the memory's distances move along. Margins are filled by reflection. Every draw comes from one
generator: the same seed gives the same pictures on one device.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F


@dataclass(frozen=True, slots=True)
class DeviceAugmentation:
    """Ranges of the changes. ``rotation`` in degrees, ``shift`` as a share of the edge, ``scale``
    about 1, ``perspective`` the strongest change of depth over half the picture, ``light`` about 1
    for brightness, contrast and saturation, ``noise`` the standard deviations in grey levels of
    255, ``chance`` of each photometric change, ``flips`` in both directions."""

    rotation: float = 30.0
    shift: float = 0.075
    scale: float = 0.15
    perspective: float = 0.1
    light: float = 0.3
    noise: tuple[float, float] = (5.0, 15.0)
    chance: float = 0.5
    flips: bool = True


def warp(planes: torch.Tensor, how: DeviceAugmentation, generator: torch.Generator) -> torch.Tensor:
    """Planes float32 [N, C, S, S], each picture moved by its own projective map."""
    count, _, size, _ = planes.shape

    def draw(low: float, high: float) -> torch.Tensor:
        unit = torch.rand(count, device=planes.device, generator=generator)
        return low + (high - low) * unit

    turned = (draw(0, 1) < 0.7).to(planes.dtype)
    angle = draw(-how.rotation, how.rotation) * (math.pi / 180.0) * turned
    zoom = 1.0 / draw(1.0 - how.scale, 1.0 + how.scale)
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    chance = 0.5 if how.flips else 0.0
    mirror_x = torch.where(draw(0, 1) < chance, -1.0, 1.0)
    mirror_y = torch.where(draw(0, 1) < chance, -1.0, 1.0)
    rows = [
        torch.stack([cosine * mirror_x, -sine * mirror_y, 2.0 * draw(-how.shift, how.shift)], 1),
        torch.stack([sine * mirror_x, cosine * mirror_y, 2.0 * draw(-how.shift, how.shift)], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), [count, 1, size, size], align_corners=False)
    tilt_x = draw(-how.perspective, how.perspective) * turned
    tilt_y = draw(-how.perspective, how.perspective) * turned
    depth = 1.0 + tilt_x.view(-1, 1, 1) * grid[..., 0] + tilt_y.view(-1, 1, 1) * grid[..., 1]
    return F.grid_sample(
        planes,
        grid / depth.unsqueeze(3),
        mode="bilinear",
        padding_mode="reflection",
        align_corners=False,
    )


def relight(x: torch.Tensor, how: DeviceAugmentation, generator: torch.Generator) -> torch.Tensor:
    """Pictures float32 [N, 3, S, S] in [0, 1] with other brightness, contrast, saturation and
    sharpness, and noise."""
    count = x.shape[0]

    def draw(low: float, high: float) -> torch.Tensor:
        unit = torch.rand(count, 1, 1, 1, device=x.device, generator=generator)
        return low + (high - low) * unit

    def sometimes() -> torch.Tensor:
        return (draw(0, 1) < how.chance).to(x.dtype)

    x = x * (1.0 + sometimes() * draw(-how.light, how.light))
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * (1.0 + sometimes() * draw(-how.light, how.light))
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1.0 + sometimes() * draw(-how.light, how.light))
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
    x = x + sometimes() * draw(-0.8, 0.8) * (blurred - x)
    grain = torch.randn(x.shape, device=x.device, generator=generator) / 255.0
    x = x + sometimes() * draw(*how.noise) * grain
    return x.clamp(0.0, 1.0)
