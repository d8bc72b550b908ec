"""Grad-CAM and Grad-CAM++ of the restored networks. Must not know pictures' files or verdicts.

Grad-CAM: Selvaraju et al., ICCV 2017; Grad-CAM++: Chattopadhay et al., WACV 2018; both by
`pytorch_grad_cam`. A classifier is read at the feature map that its head reads (a transformer's
patches are laid out as one by its trunk), a hybrid at two places whose maps are averaged: the
deepest stage, which knows what it sees, and the end of the decoder, which knows where. Of a hybrid
it is the heads' answer that is explained: what its patch memory adds to the decision is distances,
which its heatmap shows as they are.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.errors import EngineError
from engine.models.guarded import Guarded
from engine.models.hybrid import Hybrid
from engine.models.network import Classifier

DECISION = 0  # column of the answers; the classes follow


class CamModel:
    """A network prepared for gradients; it takes the module over."""

    def __init__(self, model: nn.Module, bank: NDArray[np.float32] | None, device: str) -> None:
        """``bank`` is the memory of a hybrid, ``device`` "cpu" or "cuda". Raises EngineError
        explanation_unsupported, device_unavailable."""
        if device == "cuda" and not torch.cuda.is_available():
            raise EngineError(
                "device_unavailable",
                "There is no CUDA device that torch can use; choose --device cpu.",
                device=device,
            )
        self._device = torch.device(device)
        self._answers = _answers(model, bank).eval().requires_grad_(False).to(self._device)

    def explain(
        self, pixels: NDArray[np.uint8], plus: bool, class_index: int | None
    ) -> tuple[NDArray[np.float32], float]:
        """Evidence float32 [S, S] in [0, 1], 1 at its highest and all 0 where nothing speaks for
        the answer, and the answer itself: the binary logit, or that of a class.

        ``pixels`` is uint8 [S, S, 3]; ``plus`` chooses Grad-CAM++.
        """
        from pytorch_grad_cam import GradCAM, GradCAMPlusPlus

        column = DECISION if class_index is None else DECISION + 1 + class_index
        x01 = torch.from_numpy(pixels).permute(2, 0, 1).unsqueeze(0).float() / 255.0
        layers = [tap.point for tap in self._answers.taps]
        cam = (GradCAMPlusPlus if plus else GradCAM)(self._answers, layers)
        try:
            with torch.enable_grad():
                plane = cam(x01, [lambda answers: answers[column]])[0]
            answer = float(cam.outputs[0, column].detach())
        finally:
            cam.activations_and_grads.release()
        peak = float(plane.max())
        evidence = plane / peak if peak > 0.0 else np.zeros_like(plane)
        return np.asarray(evidence, np.float32), answer


class _Tap(nn.Module):
    """Passes a feature map [N, C, h, w] on; ``point`` sees it divided by its number of places.

    Of pooled features each place has a share of the gradient so small that the package's guard
    against a division by nought would outweigh it in Grad-CAM++. Gradients at ``point`` are larger
    by what the features are smaller; the formulas of both methods give the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self.point = nn.Identity()

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """The same values."""
        places = features.shape[2] * features.shape[3]
        passed: torch.Tensor = self.point(features / places) * places
        return passed


class _Answers(nn.Module):
    """float32 [N, 3, S, S] in [0, 1] to answers [N, 1 + K]: the binary logit, then those of the
    classes. What lies before the taps is worked out without gradients."""

    taps: tuple[_Tap, ...]


class _ClassifierAnswers(_Answers):
    def __init__(self, network: Classifier) -> None:
        super().__init__()
        self.network = network
        self.tap = _Tap()
        self.taps = (self.tap,)

    def forward(self, x01: torch.Tensor) -> torch.Tensor:
        network = self.network
        with torch.no_grad():
            features = network.trunk(network.normalise(x01))
        hidden = network.head(self.tap(features.requires_grad_()))
        score = network.head.binary(hidden) / network.temperature
        return torch.cat([score, network.head.classes(hidden) / network.class_temperature], 1)


class _HybridAnswers(_Answers):
    bank: torch.Tensor

    def __init__(self, network: Hybrid, bank: NDArray[np.float32]) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("bank", torch.from_numpy(np.array(bank)))
        self.taps = (_Tap(), _Tap())
        heads = network.heads
        if len(heads.tuned):
            heads.tuned[-1] = nn.Sequential(heads.tuned[-1], self.taps[0])
        else:
            heads.top.append(self.taps[0])
        heads.steps[-1] = nn.Sequential(heads.steps[-1], self.taps[1])

    def forward(self, x01: torch.Tensor) -> torch.Tensor:
        network = self.network
        memory = network.memory
        with torch.no_grad():
            stages = network.stages(network.normalise(x01))
            patches = memory.join(memory.averaged(stages))
            squared, fine = memory.search(patches, self.bank)
            novelty = memory.image_score(patches, squared.sqrt(), self.bank)
            distance = network.distance(fine.sqrt())
            remembered = network.scaled_score(novelty)
        shared = [stage.requires_grad_() for stage in stages[: network.settings.tuned_from]]
        said = network.heads(shared, distance, remembered)
        classes = said.classes / network.class_temperature
        return torch.cat([said.binary.unsqueeze(1), classes], 1)


def _answers(model: nn.Module, bank: NDArray[np.float32] | None) -> _Answers:
    if isinstance(model, Guarded):
        model = model.network
    if isinstance(model, Classifier):
        return _ClassifierAnswers(model)
    if isinstance(model, Hybrid) and bank is not None:
        return _HybridAnswers(model, bank)
    raise EngineError(
        "explanation_unsupported",
        "This model has no classifying head whose gradient could be drawn; choose occlusion.",
    )
