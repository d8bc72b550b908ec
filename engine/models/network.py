"""What every trained network has in common: the contract, its phases, its freezing.

Must not know data, losses or files.

A network sees float32 [N, 3, S, S] in [0, 1] while it is trained (``analyse``) and uint8
[N, S, S, 3] in the exported graph (``forward``), which holds pre-processing, temperature and
verdict, so that a trained network and its export cannot disagree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from engine.models.weights import WeightsFacts

INPUT_NAMES = ("pixels", "limits")
OUTPUT_NAMES = ("score", "class_prob", "anomaly_map", "embedding", "verdict")
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What shapes a network's graph. ``class_outputs`` is "good" and the defect classes;
    ``mean`` and ``std`` apply to RGB in [0, 1]; ``pretrained`` says whether the freezing rules
    hold, which make no sense for random weights."""

    class_outputs: tuple[str, ...]
    input_size: int = 224
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD
    backbone: str = ""
    pretrained: bool = False

    @classmethod
    def from_manifest(cls, stored: Mapping[str, Any]) -> NetworkSettings:
        """The settings of a bundle."""
        names = ("class_outputs", "input_size", "mean", "std", "backbone", "pretrained")
        values = {name: stored[name] for name in names if name in stored}
        for name in ("class_outputs", "mean", "std"):
            values[name] = tuple(values[name])
        return cls(**values)


@dataclass(slots=True)
class NetworkOutputs:
    """What a network says of N pictures: ``binary`` logit [N] (an autoencoder's error),
    ``classes`` logits [N, K], ``embedding`` [N, D], ``feature_map`` [N, C, h, w] that the heads
    read, ``reconstruction`` [N, 3, S, S] in [0, 1]; None where the kind has none."""

    binary: torch.Tensor
    classes: torch.Tensor | None
    embedding: torch.Tensor
    feature_map: torch.Tensor | None = None
    reconstruction: torch.Tensor | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of training from ``first_epoch`` (counted from 0) on. ``rates`` maps prefixes of
    parameter names to shares of the configured rate; the longest prefix that fits counts, and
    what none fits is frozen."""

    name: str
    first_epoch: int
    rates: Mapping[str, float] = field(default_factory=dict)


class Network(nn.Module, ABC):
    """A network of the specification. ``NAME`` is the model's, ``kind`` how it is trained."""

    NAME: ClassVar[str]
    kind: ClassVar[str] = "classifier"
    mean: torch.Tensor
    std: torch.Tensor
    temperature: torch.Tensor
    class_temperature: torch.Tensor

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__()
        self.settings = settings
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))
        self.register_buffer("temperature", torch.tensor(1.0))
        self.register_buffer("class_temperature", torch.tensor(1.0))

    @abstractmethod
    def analyse(self, x01: torch.Tensor) -> NetworkOutputs:
        """What training and ``forward`` are made of, from float32 [N, 3, S, S] in [0, 1]."""

    @abstractmethod
    def anomaly_map(self, x01: torch.Tensor, said: NetworkOutputs) -> torch.Tensor:
        """Map [N, S, S], higher where the defect is."""

    def forward(
        self, pixels: torch.Tensor, limits: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """uint8 [N, S, S, 3] and float32 limits [2] (OK, NG) to score [N], class_prob [N, K],
        anomaly_map [N, S, S], embedding [N, D] and verdict int64 [N]: 0 OK, 1 REVIEW, 2 NG."""
        x01 = pixels.permute(0, 3, 1, 2).to(self.mean.dtype) / 255.0
        said = self.analyse(x01)
        score = said.binary / self.temperature
        if said.classes is None:
            class_prob = torch.ones_like(score).unsqueeze(1)
        else:
            class_prob = torch.softmax(said.classes / self.class_temperature, dim=1)
        verdict = (score > limits[0]).to(torch.int64) + (score > limits[1]).to(torch.int64)
        embedding = F.normalize(said.embedding, dim=1)
        return score, class_prob, self.anomaly_map(x01, said), embedding, verdict

    def normalise(self, x01: torch.Tensor) -> torch.Tensor:
        """Pictures as the backbone wants them."""
        return (x01 - self.mean) / self.std

    def phases(self) -> tuple[Phase, ...]:
        """What is trained when; everything, always, unless a network says otherwise."""
        return (Phase("all", 0, {"": 1.0}),)

    def phase(self, epoch: int) -> Phase:
        """The phase of an epoch, counted from 0."""
        return [phase for phase in self.phases() if phase.first_epoch <= epoch][-1]

    def set_epoch(self, epoch: int) -> None:
        """Freeze and unfreeze for an epoch. Batch normalisation whose weights are frozen keeps
        its running statistics too."""
        rates = self.phase(epoch).rates
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(_rate_of(name, rates) is not None)
        if not self.training:
            return
        for name, module in self.named_modules():
            if isinstance(module, _BatchNorm) and _rate_of(f"{name}.", rates) is None:
                module.eval()

    def parameter_groups(self, config: Any, epoch: int) -> list[dict[str, Any]]:
        """Groups of the epoch: "name" (the prefix), "params" and "lr", the share of
        ``config.optimiser.rate``."""
        rates = self.phase(epoch).rates
        groups: dict[str, list[nn.Parameter]] = {prefix: [] for prefix in rates}
        for name, parameter in self.named_parameters():
            prefix = _prefix_of(name, rates)
            if prefix is not None:
                groups[prefix].append(parameter)
        base = float(config.optimiser.rate)
        return [
            {"name": prefix or "all", "params": found, "lr": base * rates[prefix]}
            for prefix, found in groups.items()
            if found
        ]


class Classifier(Network):
    """A trunk that makes a feature map and a head that reads it.

    The anomaly map is Grad-CAM of the binary logit (Selvaraju et al., ICCV 2017) inside the graph:
    the head's gradient is worked out by hand (``Head.pull_back``), so that nothing but ordinary
    operations is exported. It is not rectified and not scaled picture by picture: values are
    shares of the logit, sum_k (sum_ij dy/dA_kij) A_k, and can be compared between pictures.
    """

    head: Head

    @abstractmethod
    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """Feature map [N, C, h, w] of normalised pictures [N, 3, S, S]."""

    def analyse(self, x01: torch.Tensor) -> NetworkOutputs:
        """Both heads' logits, the embedding and the feature map."""
        features = self.trunk(self.normalise(x01))
        hidden = self.head(features)
        return NetworkOutputs(
            binary=self.head.binary(hidden)[:, 0],
            classes=self.head.classes(hidden),
            embedding=hidden,
            feature_map=features,
        )

    def anomaly_map(self, x01: torch.Tensor, said: NetworkOutputs) -> torch.Tensor:
        """Grad-CAM of the binary logit, [N, S, S]."""
        features = said.feature_map
        assert features is not None
        weights = self.head.pull_back(features) / self.temperature
        plane = (features * weights.unsqueeze(2).unsqueeze(3)).sum(1, keepdim=True)
        size = self.settings.input_size
        return F.interpolate(plane, size=(size, size), mode="bilinear", align_corners=False)[:, 0]


class Dense(nn.Module):
    """Fully connected, batch normalisation, activation, dropout; float32 [N, inputs] to [N,
    outputs]. ``activation`` is "relu" or "silu"."""

    def __init__(self, inputs: int, outputs: int, activation: str, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)
        self.norm = nn.BatchNorm1d(outputs)
        self.activation = nn.ReLU() if activation == "relu" else nn.SiLU()
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The layer's output."""
        said: torch.Tensor = self.dropout(self.activation(self.norm(self.linear(x))))
        return said

    def pull_back(self, x: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
        """Gradient with respect to the input x from that with respect to the output, in
        evaluation mode."""
        before = self.norm(self.linear(x))
        norm = self.norm
        assert norm.running_var is not None
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        return (gradient * slope(self.activation, before) * scale) @ self.linear.weight


class Head(nn.Module, ABC):
    """Reads a feature map [N, C, h, w] into a hidden vector [N, D] and two linear answers."""

    binary: nn.Linear
    classes: nn.Linear

    @abstractmethod
    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Hidden vector [N, D]."""

    @abstractmethod
    def pull_back(self, features: torch.Tensor) -> torch.Tensor:
        """Gradient of the binary logit with respect to the feature map, summed over its places,
        [N, C], in evaluation mode."""


class PooledHead(Head):
    """Global average pooling, two dense layers, a binary and a class answer."""

    def __init__(
        self,
        channels: int,
        classes: int,
        widths: tuple[int, ...] = (512, 256),
        activation: str = "relu",
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        inputs = (channels, *widths[:-1])
        self.layers = nn.ModuleList(
            Dense(a, b, activation, dropout) for a, b in zip(inputs, widths, strict=True)
        )
        self.binary = nn.Linear(widths[-1], 1)
        self.classes = nn.Linear(widths[-1], classes)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Hidden vector [N, D]."""
        x = features.mean((2, 3))
        for layer in self.layers:
            x = layer(x)
        return x

    def pull_back(self, features: torch.Tensor) -> torch.Tensor:
        """Gradient with respect to the pooled features, which is the sum over the places."""
        return dense_pull_back(self.layers, features.mean((2, 3)), self.binary.weight)


def dense_pull_back(layers: nn.ModuleList, x: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    """Gradient of ``answer`` [1, D] after dense layers with respect to their input x [N, I]."""
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    gradient = answer.expand(x.shape[0], -1)
    for layer, seen in zip(reversed(list(layers)), reversed(inputs), strict=True):
        gradient = layer.pull_back(seen, gradient)  # type: ignore[operator]  # a Dense
    return gradient


def slope(activation: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Derivative of ReLU or SiLU at x."""
    if isinstance(activation, nn.ReLU):
        return (x > 0).to(x.dtype)
    share = torch.sigmoid(x)
    return share * (1.0 + x * (1.0 - share))


def seeded(seed: int) -> None:
    """Fix what fresh layers begin with."""
    torch.manual_seed(seed)


Created = tuple[Network, WeightsFacts]


def _prefix_of(name: str, rates: Mapping[str, float]) -> str | None:
    fitting = [prefix for prefix in rates if name.startswith(prefix)]
    return max(fitting, key=len) if fitting else None


def _rate_of(name: str, rates: Mapping[str, float]) -> float | None:
    prefix = _prefix_of(name, rates)
    return None if prefix is None else rates[prefix]
