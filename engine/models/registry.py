"""Models by name, and a model rebuilt from a bundle. Must not know how models are taught."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from engine.bundle import Bundle
from engine.errors import EngineError
from engine.models import hybrid, patch_memory
from engine.models.backbones import BACKBONES, empty_backbone

WEIGHTS_PREFIX = "model."


def _empty_patch_memory(bundle: Bundle) -> nn.Module:
    settings = patch_memory.PatchMemorySettings.from_manifest(bundle.manifest.settings)
    backbone = empty_backbone(BACKBONES[settings.backbone], settings.blocks)
    return patch_memory.PatchMemory(settings, backbone)


def _empty_hybrid(bundle: Bundle) -> nn.Module:
    return hybrid.empty_hybrid(hybrid.HybridSettings.from_manifest(bundle.manifest.settings))


# model name: the structure that the bundle's weights fill
RESTORE: dict[str, Callable[[Bundle], nn.Module]] = {
    patch_memory.NAME: _empty_patch_memory,
    hybrid.NAME: _empty_hybrid,
}
MODELS = tuple(RESTORE)


def restore_model(bundle: Bundle) -> nn.Module:
    """The bundle's network with its weights, in evaluation mode, on the CPU.

    Raises EngineError model_unknown for a bundle of a model that this program does not have.
    """
    manifest = bundle.manifest
    if manifest.model not in RESTORE or manifest.backbone not in BACKBONES:
        raise EngineError(
            "model_unknown",
            f"The bundle {bundle.path} holds a '{manifest.model}' on '{manifest.backbone}', which "
            "this program does not know; update the program.",
            model=manifest.model,
        )
    model = RESTORE[manifest.model](bundle)
    model.load_state_dict(
        {
            name.removeprefix(WEIGHTS_PREFIX): torch.from_numpy(np.array(value))
            for name, value in bundle.tensors.items()
            if name.startswith(WEIGHTS_PREFIX)
        }
    )
    return model.eval().requires_grad_(False)
