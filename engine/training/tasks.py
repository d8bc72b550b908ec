"""What is trained: losses, validation, calibration of a network. Must not know the loop or files.

The loop knows a ``Task`` only. To train something of another kind, derive from it and give it to
``engine.training.train.TASKS``; its hooks are called in this order:

1. ``prepare(data)`` once, when the pictures are in memory and the network is on its device: the
   place for what the network needs besides them (a patch bank, perceptual features).
2. every epoch ``begin_epoch`` (freeze and unfreeze) and ``parameter_groups``, then for each batch
   ``losses``, whose "loss" is minimised, then ``validate``, whose "loss" drives rates and early
   stopping and whose ``config.stopping.best_by`` figure ("f1") chooses the weights that are kept.
3. ``calibrate(batches)`` with the best weights, on validation pictures only: temperatures or a
   fusion go into the network's buffers, and facts of them into ``Manifest.calibration``.
4. ``inputs`` and ``tensors`` and ``settings``: what the graph takes between pixels and limits, and
   what else the bundle keeps.

Random choices are functions of (config.seed, Position); losses are means over the batch of all
processes by ``World.mean_of``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from engine.calibration.temperature import temperature_facts
from engine.calibration.thresholds import f1_threshold, otsu_threshold
from engine.models.backbones import EFFICIENTNET_LITE0, create_backbone
from engine.training.batches import Batch, Batches
from engine.training.config import TrainConfig
from engine.training.distributed import World
from engine.training.figures import auroc, f1_of, macro_f1
from engine.training.losses import Mixed, Position, binary_sums, class_sums, class_weights, mix_up
from engine.training.pictures import Pictures

PERCEPTUAL_STAGES = (1, 2)  # strides 4 and 8: texture and small shapes
MOST_MAPS = 400  # validation pictures whose maps thresholds of pixels are chosen on
_OTSU = 0x4F74  # keeps the choice of pictures apart from all other draws of a seed


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Cached pictures of training and validation, and the batches made of them."""

    train: Pictures
    validation: Pictures
    batches: Batches
    validation_batches: Batches


class Task(ABC):
    """One network and how it is trained; see the module's docstring for the order of calls."""

    network: nn.Module

    def __init__(self, network: nn.Module, config: TrainConfig, world: World) -> None:
        self.network, self.config, self.world = network, config, world

    def prepare(self, data: TrainingData) -> None:  # noqa: B027  # a hook that few tasks need
        """Once before the first epoch."""

    def begin_epoch(self, epoch: int) -> None:
        """Put the network into the training mode of this epoch."""
        self.network.train()
        self._any_network.set_epoch(epoch)

    def parameter_groups(self, epoch: int) -> list[dict[str, Any]]:
        """Groups of this epoch: "params", "lr" and "name"."""
        groups: list[dict[str, Any]] = self._any_network.parameter_groups(self.config, epoch)
        return groups

    @abstractmethod
    def losses(self, batch: Batch, at: Position) -> dict[str, torch.Tensor]:
        """The parts of the loss of this process's share of a batch, and their sum "loss"."""

    @abstractmethod
    def validate(self, batches: Batches) -> dict[str, float]:
        """Figures on all validation pictures, the same on every process; "loss" is needed."""

    def calibrate(self, batches: Batches) -> dict[str, Any]:
        """Fit what the network holds for honest probabilities; facts for the manifest."""
        return {}

    def inputs(self) -> dict[str, torch.Tensor]:
        """What the network's ``forward`` takes between pixels and limits, by the graph's names."""
        return {}

    def tensors(self) -> dict[str, NDArray[Any]]:
        """What else goes into the bundle's weights file."""
        return {}

    def settings(self) -> dict[str, Any]:
        """What else goes into ``Manifest.settings``."""
        return {}

    def own_share(self, batches: Batches) -> Iterator[Batch]:
        """The validation batches that this process computes."""
        for number, batch in enumerate(batches.plain()):
            if number % self.world.size == self.world.rank:
                yield batch

    def everywhere(self, found: list[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
        """Values of all pictures by name from those of this process's batches, in the order of
        the pictures; each mapping holds the pictures' "index"."""
        parts = [part for share in self.world.gather(found) for part in share]
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        order = np.argsort(joined["index"], kind="stable")
        return {name: values[order] for name, values in joined.items()}

    @property
    def _any_network(self) -> Any:
        return self.network


class ClassifierTask(Task):
    """Binary and class head together: 0.6 · BCE + 0.4 · weighted cross-entropy, with MixUp."""

    def __init__(self, network: nn.Module, config: TrainConfig, world: World) -> None:
        super().__init__(network, config, world)
        self._outputs: tuple[str, ...] = ()
        self._weights = torch.ones(0)

    def prepare(self, data: TrainingData) -> None:
        """Count the classes."""
        self._outputs = data.train.class_outputs
        kind = self.config.losses.class_weights
        counts = data.batches.composition if kind == "epoch" else data.train.counts
        weights = class_weights(counts, self._outputs)
        if kind == "none":
            weights = torch.full_like(weights, 1.0 / len(weights))
        self._weights = weights.to(self.world.device)

    def losses(self, batch: Batch, at: Position) -> dict[str, torch.Tensor]:
        """Parts "binary" and "class"."""
        mixed = mix_up(batch.pixels, self.config.mixup.alpha, self.config.seed, at)
        said = self._any_network.analyse(mixed.pixels)
        return self._parts(said.binary, said.classes, batch.binary, batch.label, mixed)

    def validate(self, batches: Batches) -> dict[str, float]:
        """ "loss" as in training but without MixUp; "f1_binary" at a probability of one half,
        "f1_macro" over the classes present, "f1" their mean (the first alone where there is one
        defect class at most), "auroc" where there are good and defective pictures."""
        said = self._answers(batches)
        binary, classes = torch.from_numpy(said["logit"]), torch.from_numpy(said["classes"])
        truth, label = said["binary"], said["label"]
        alone = World()
        parts = self._parts(
            binary, classes, torch.from_numpy(truth), torch.from_numpy(label), None, alone
        )
        figures = {name: float(value) for name, value in parts.items()}
        figures["f1_binary"] = f1_of(said["logit"] > 0.0, truth > 0.5)
        known = label >= 0
        figures["f1_macro"] = macro_f1(said["classes"][known].argmax(1), label[known])
        several = len(self._outputs) > 2 and bool(known.any())
        figures["f1"] = (
            (figures["f1_binary"] + figures["f1_macro"]) / 2 if several else figures["f1_binary"]
        )
        figures["auroc"] = auroc(said["logit"], truth > 0.5)
        return figures

    def calibrate(self, batches: Batches) -> dict[str, Any]:
        """Temperatures of both heads, fitted on validation pictures."""
        network = self._any_network
        said = self._answers(batches)
        facts = temperature_facts(
            (said["logit"], (said["binary"] > 0.5).astype(np.int64)),
            (said["classes"], said["label"]),
        )
        network.temperature.fill_(facts["binary"])
        network.class_temperature.fill_(facts["classes"])
        return {"temperature": facts}

    def _parts(
        self,
        binary: torch.Tensor,
        classes: torch.Tensor,
        truth: torch.Tensor,
        label: torch.Tensor,
        mixed: Mixed | None,
        world: World | None = None,
    ) -> dict[str, torch.Tensor]:
        how, mean = self.config.losses, (world or self.world).mean_of
        weights = self._weights.to(classes.device)
        parts = {
            "binary": mean(*binary_sums(binary, truth, mixed, how.binary_smoothing)),
            "class": mean(*class_sums(classes, label, weights, mixed, how.label_smoothing)),
        }
        parts["loss"] = how.binary * parts["binary"] + how.classes * parts["class"]
        return parts

    @torch.no_grad()
    def _answers(self, batches: Batches) -> dict[str, NDArray[Any]]:
        """ "logit" float32 [n], "classes" [n, K], "binary", "label" and "index" of all pictures."""
        self.network.eval()
        found: list[Mapping[str, NDArray[Any]]] = []
        for batch in self.own_share(batches):
            said = self._any_network.analyse(batch.pixels)
            found.append(
                {
                    "logit": _host(said.binary.float()),
                    "classes": _host(said.classes.float()),
                    "binary": _host(batch.binary),
                    "label": _host(batch.label),
                    "index": _host(batch.index),
                }
            )
        return self.everywhere(found)


class AutoencoderTask(Task):
    """Reconstruction of good parts: mean squared error, and the distance of ImageNet features
    (perceptual loss, Johnson et al., ECCV 2016) so that what matters to the eye counts.

    Features as they come differ by hundreds of times what pixels do. They are therefore scaled to
    unit length over the channels at every place before they are compared (LPIPS: Zhang et al.,
    CVPR 2018, equation 1, all channels weighing the same, the mean of the levels): their distance
    is 2 - 2 · cosine, in [0, 4], and 1.5 to 2 between a picture and the flat grey that an untrained
    network makes of it. Nothing is measured beforehand, so that a training that is gone on with has
    the same loss."""

    def __init__(self, network: nn.Module, config: TrainConfig, world: World) -> None:
        super().__init__(network, config, world)
        self._features: nn.Module | None = None

    def prepare(self, data: TrainingData) -> None:
        """Load the network whose features are compared."""
        if self.config.losses.perceptual > 0.0:
            features = create_backbone(EFFICIENTNET_LITE0, PERCEPTUAL_STAGES, "auto")
            self._features = features.eval().requires_grad_(False).to(self.world.device)

    def losses(self, batch: Batch, at: Position) -> dict[str, torch.Tensor]:
        """Parts "reconstruction" and, where it counts, "perceptual"."""
        count = torch.tensor(float(len(batch)), device=batch.pixels.device)
        parts = {
            name: self.world.mean_of(values.sum(), count)
            for name, values in self._errors(batch.pixels).items()
        }
        parts["loss"] = self._together(parts)
        return parts

    @torch.no_grad()
    def validate(self, batches: Batches) -> dict[str, float]:
        """ "loss" of the good pictures; where there are defects also "f1", the highest over all
        thresholds, and "auroc"."""
        self.network.eval()
        found: list[Mapping[str, NDArray[Any]]] = []
        for batch in self.own_share(batches):
            errors = {name: _host(value) for name, value in self._errors(batch.pixels).items()}
            score = self._any_network.analyse(batch.pixels).binary
            found.append(
                errors
                | {
                    "score": _host(score.float()),
                    "binary": _host(batch.binary),
                    "index": _host(batch.index),
                }
            )
        said = self.everywhere(found)
        defect = said["binary"] > 0.5
        names = [name for name in ("reconstruction", "perceptual") if name in said]
        figures: dict[str, float] = {name: float(said[name][~defect].mean()) for name in names}
        figures["loss"] = float(self._together(figures))
        if defect.any() and np.isfinite(said["score"]).all():
            threshold = f1_threshold(said["score"], defect)
            figures["f1"] = f1_of(said["score"] > threshold, defect)
            figures["auroc"] = auroc(said["score"], defect)
        return figures

    @torch.no_grad()
    def calibrate(self, batches: Batches) -> dict[str, Any]:
        """Otsu's thresholds of the validation pictures, "otsu": "pixel" on the maps of at most 400
        of them, "picture" on the scores, and how many pictures they are.

        They adapt to the errors found without looking at labels or masks, and stand beside the
        thresholds that the labels chose. With good pictures alone, as after a one-class training,
        there are no two classes to part and so no such thresholds.
        """
        defect = batches.pictures.binary > 0.5
        if not defect.any():
            return {}
        network = self._any_network.eval()
        count = len(defect)
        rng = np.random.default_rng((self.config.seed, _OTSU))
        kept = set(rng.permutation(count)[:MOST_MAPS].tolist())
        scores, maps = [], []
        for batch in batches.plain():
            said = network.analyse(batch.pixels)
            rows = [at for at, index in enumerate(batch.index.tolist()) if index in kept]
            scores.append(_host(said.binary.float()))
            maps.append(_host(network.anomaly_map(batch.pixels, said)[rows].float()))
        score, values = np.concatenate(scores), np.concatenate(maps)
        if not (np.isfinite(score).all() and np.isfinite(values).all()):
            return {}  # the training is refused a moment later, with a sentence
        return {
            "otsu": {
                "pixel": otsu_threshold(values),
                "picture": otsu_threshold(score),
                "pictures": count,
                "maps": len(values),
            }
        }

    def _errors(self, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
        """Error of each picture, [N], of pixels in [-1, 1] and of features of unit length."""
        made = self._any_network.analyse(pixels).reconstruction.float()
        errors = {"reconstruction": (2.0 * (made - pixels)).square().mean((1, 2, 3))}
        if self._features is not None:
            mean, std = (
                torch.tensor(values, device=pixels.device).view(1, 3, 1, 1)
                for values in (EFFICIENTNET_LITE0.mean, EFFICIENTNET_LITE0.std)
            )
            with torch.no_grad():
                wanted = self._features((pixels - mean) / std)
            found = self._features((made - mean) / std)
            apart = [_unit_distance(a, b) for a, b in zip(found, wanted, strict=True)]
            errors["perceptual"] = torch.stack(apart).mean(0)
        return errors

    def _together(self, parts: Mapping[str, Any]) -> Any:
        how = self.config.losses
        return how.reconstruction * parts["reconstruction"] + (
            how.perceptual * parts["perceptual"] if "perceptual" in parts else 0.0
        )


def _unit_distance(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Mean squared distance [N] of feature vectors [N, C, h, w] of unit length."""
    a, b = (F.normalize(features.float(), dim=1) for features in (one, other))
    return (a - b).square().sum(1).mean((1, 2))


def _host(values: torch.Tensor) -> NDArray[Any]:
    return values.detach().cpu().numpy()
