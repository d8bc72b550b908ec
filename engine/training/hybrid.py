"""What training a hybrid's heads is made of: settings, step, loss, answers. Must not know files.

Multi-task: a binary and a class answer for every part, a mask where one was painted. A picture
with a class but no mask teaches the heads, one with a mask but no known class ("anomaly") teaches
the mask and the binary answer. The weights kept are the moving average of those of the last steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from engine.models.hybrid import Hybrid, HybridOutputs, mask_peak
from engine.models.probed import Probed
from engine.training.augmentation import SyntheticSettings
from engine.training.device_augmentation import DeviceAugmentation
from engine.training.hybrid_data import BATCH, HybridBatch, Parts, Remembered
from engine.training.settings import in_range

SCORE_FLOOR = 0.25  # of the mean score of good parts, where the memory's log scale turns straight
Tick = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class HybridTraining:
    """How the heads are trained. ``steps`` batches of ``batch`` pictures with AdamW and a cosine
    schedule after ``warm_up`` steps; ``rate`` for the heads, ``tuned_rate`` for the tuned stages;
    ``average`` is the moving average's memory; ``*_loss`` weigh the parts of the loss.
    ``synthetic_pictures`` defects are made before training, of the kinds of ``synthetic`` (share 0:
    none), and count as ``synthetic_worth`` labelled ones would."""

    steps: int = 1800
    batch: int = 32
    rate: float = 1e-3
    tuned_rate: float = 3e-4
    weight_decay: float = 1e-4
    warm_up: int = 100
    clip: float = 1.0
    average: float = 0.998
    defect_share: float = 0.5
    label_smoothing: float = 0.05
    binary_smoothing: float = 0.02
    binary_loss: float = 1.0
    class_loss: float = 0.7
    mask_loss: float = 3.0
    dice_loss: float = 0.7
    validations: int = 10
    seed: int = 0
    augmentation: DeviceAugmentation = field(default_factory=DeviceAugmentation)
    synthetic: SyntheticSettings = field(default_factory=lambda: SyntheticSettings(share=1.0))
    synthetic_pictures: int = 400
    synthetic_worth: float = 50.0

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        where = "options.training."
        for name in ("steps", "validations"):
            in_range(f"{where}{name}", getattr(self, name), 1, 10_000_000)
        in_range(f"{where}batch", self.batch, 2, 100_000)
        in_range(f"{where}synthetic_pictures", self.synthetic_pictures, 0, 1_000_000)
        for name in ("rate", "tuned_rate", "clip"):
            in_range(f"{where}{name}", getattr(self, name), 0.0, 1e6, above=True)
        for name in ("defect_share", "average"):
            in_range(f"{where}{name}", getattr(self, name), 0.0, 1.0, above=True)
        for name in ("label_smoothing", "binary_smoothing"):
            in_range(f"{where}{name}", getattr(self, name), 0.0, 0.9)
        for name in ("binary_loss", "class_loss", "mask_loss", "dice_loss", "synthetic_worth"):
            in_range(f"{where}{name}", getattr(self, name), 0.0, 1e6)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the heads say of n pictures: ``memory`` score in deviations, ``binary`` logit, ``peak``
    of the mask logits and ``probe`` in deviations, float64 [n]; ``classes`` logits float32 [n, K];
    ``mask`` logits float32 [n, 1, S/2, S/2], ``distance`` [n, 1, g, g] and the probe's logits
    ``marked`` [n, P] on the device; ``embedding`` float32 [n, E]."""

    memory: NDArray[np.float64]
    binary: NDArray[np.float64]
    peak: NDArray[np.float64]
    probe: NDArray[np.float64]
    classes: NDArray[np.float32]
    embedding: NDArray[np.float32]
    mask: torch.Tensor
    distance: torch.Tensor
    marked: torch.Tensor


def set_scales(model: Probed, parts: Parts, said: Remembered) -> None:
    """Fill the model's scales from the memory's word on good parts out of fold."""
    good = torch.from_numpy(parts.good).to(said.score.device)
    distance, score = said.distance[good], said.score[good]
    floor = SCORE_FLOOR * score.mean()
    logs = torch.log(score + floor)
    coarse = said.coarse[good]
    model.distance_scale.copy_(torch.stack([distance.mean(), distance.std()]))
    model.coarse_scale.copy_(torch.stack([coarse.mean(), coarse.std()]))
    model.score_scale.copy_(torch.stack([floor, logs.mean(), logs.std().clamp(min=1e-6)]))


class Step:
    """One step of the optimiser on a batch. On a GPU a few steps run as they are written, then one
    is recorded as a CUDA graph and replayed: the heads are some thousand small kernels, and
    launching each from Python takes longer than computing it."""

    RECORD_AT = 12

    def __init__(self, model: Hybrid, optimiser: torch.optim.Optimizer, how: HybridTraining):
        self._model, self._optimiser, self._how = model, optimiser, how
        self._graph: torch.cuda.CUDAGraph | None = None
        self._batch: HybridBatch | None = None
        self._losses: dict[str, torch.Tensor] = {}
        self._steps = 0
        model.train()

    def __call__(self, batch: HybridBatch) -> dict[str, torch.Tensor]:
        """The losses before the step."""
        self._steps += 1
        if batch.x.device.type != "cuda":
            self._optimiser.zero_grad(set_to_none=True)
            return self._work(batch)
        if self._graph is None and self._steps < self.RECORD_AT:
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                self._optimiser.zero_grad(set_to_none=True)
                losses = self._work(batch)
            torch.cuda.current_stream().wait_stream(side)
            return losses
        if self._batch is None:
            self._batch = batch
            self._optimiser.zero_grad(set_to_none=True)
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph):  # recorded, not yet run
                self._losses = self._work(batch)
        else:
            for name in HybridBatch.__slots__:
                getattr(self._batch, name).copy_(getattr(batch, name))
        assert self._graph is not None
        self._graph.replay()
        return self._losses

    def _work(self, batch: HybridBatch) -> dict[str, torch.Tensor]:
        losses = losses_of(self._model, batch, self._how)
        losses["loss"].backward()
        nn.utils.clip_grad_norm_(self._model.heads.parameters(), self._how.clip)
        self._optimiser.step()
        return losses


def losses_of(model: Hybrid, batch: HybridBatch, how: HybridTraining) -> dict[str, torch.Tensor]:
    """The parts of the loss and their weighted sum, "loss"."""
    device = batch.x.device
    half = device.type == "cuda"
    with torch.autocast(device.type, torch.bfloat16, enabled=half, cache_enabled=False):
        x = batch.x.contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            shared = model.stages(model.normalise(x), model.settings.tuned_from)
        said = model.heads(shared, batch.distance, batch.score)
    size = said.mask.shape[-1]
    truth = F.adaptive_avg_pool2d(batch.mask, size)
    weight = batch.mask_known.float().view(-1, 1, 1, 1)
    mask = F.binary_cross_entropy_with_logits(said.mask, truth, reduction="none")
    share = torch.sigmoid(said.mask) * weight
    overlap = 2.0 * (share * truth).sum() + 1.0
    dice = 1.0 - overlap / (share.sum() + (truth * weight).sum() + 1.0)
    smooth = how.binary_smoothing
    defect = (batch.label != 0).float() * (1.0 - smooth) + 0.5 * smooth
    parts = {
        "binary": F.binary_cross_entropy_with_logits(said.binary, defect),
        "class": F.cross_entropy(
            said.classes, batch.label, ignore_index=-1, label_smoothing=how.label_smoothing
        ),
        "mask": (mask * weight).mean(),
        "dice": dice,
    }
    parts["loss"] = (
        how.binary_loss * parts["binary"]
        + how.class_loss * parts["class"]
        + how.mask_loss * parts["mask"]
        + how.dice_loss * parts["dice"]
    )
    return parts


class Average:
    """Moving average of a module's parameters and buffers, float32."""

    def __init__(self, module: nn.Module, memory: float) -> None:
        self._memory = memory
        state = module.state_dict()
        self.values = {k: v.detach().clone() for k, v in state.items()}
        floating = [name for name, value in state.items() if value.is_floating_point()]
        self._mine = [self.values[name] for name in floating]
        self._theirs = [state[name].detach() for name in floating]  # share the module's memory

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the module's present values; early steps are forgotten faster."""
        keep = min(self._memory, (1.0 + step) / (10.0 + step))
        torch._foreach_lerp_(self._mine, self._theirs, 1.0 - keep)

    def load(self, values: dict[str, torch.Tensor]) -> None:
        """Go on from these averages."""
        for name, value in values.items():
            self.values[name].copy_(value)

    def swap_in(self, module: nn.Module) -> dict[str, torch.Tensor]:
        """Put the averages into the module; returns what was there."""
        current = {k: v.detach().clone() for k, v in module.state_dict().items()}
        module.load_state_dict(self.values)
        return current


@torch.inference_mode()
def answer(model: Hybrid, parts: Parts, said: Remembered, marked: torch.Tensor) -> Answers:
    """The heads' word on pictures whose memory's word and whose probe's logits are known."""
    device = said.score.device
    model.eval()
    found: list[HybridOutputs] = []
    planes = model.distance(said.distance)
    scores = model.scaled_score(said.score)
    for start in range(0, len(parts), BATCH):
        rows = slice(start, start + BATCH)
        x = model.normalised(torch.from_numpy(parts.pixels[rows]).to(device))
        shared = model.stages(x, model.settings.tuned_from)
        found.append(model.heads(shared, planes[rows], scores[rows]))
    mask = torch.cat([one.mask for one in found])

    def host(values: torch.Tensor) -> NDArray[Any]:
        return values.cpu().numpy()

    return Answers(
        memory=host(scores).astype(np.float64),
        binary=host(torch.cat([one.binary for one in found])).astype(np.float64),
        peak=host(mask_peak(mask)).astype(np.float64),
        probe=host(model.probe_score(marked)).astype(np.float64),
        classes=host(torch.cat([one.classes for one in found])),
        embedding=host(torch.cat([one.embedding for one in found])),
        mask=mask,
        distance=planes,
        marked=marked,
    )
