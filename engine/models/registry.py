"""Models by name, and a model rebuilt from a bundle. Must not know how models are taught."""

from __future__ import annotations

import numpy as np
import torch

from engine.bundle import Bundle
from engine.errors import EngineError
from engine.models import patch_memory
from engine.models.backbones import BACKBONES, empty_backbone

WEIGHTS_PREFIX = "model."
MODELS = (patch_memory.NAME,)


def restore_model(bundle: Bundle) -> patch_memory.PatchMemory:
    """The bundle's network with its weights, in evaluation mode, on the CPU.

    Raises EngineError model_unknown for a bundle of a model that this program does not have.
    """
    manifest = bundle.manifest
    if manifest.model not in MODELS or manifest.backbone not in BACKBONES:
        raise EngineError(
            "model_unknown",
            f"The bundle {bundle.path} holds a '{manifest.model}' on '{manifest.backbone}', which "
            "this program does not know; update the program.",
            model=manifest.model,
        )
    settings = patch_memory.PatchMemorySettings.from_manifest(manifest.settings)
    backbone = empty_backbone(BACKBONES[settings.backbone], settings.blocks)
    model = patch_memory.PatchMemory(settings, backbone)
    model.load_state_dict(
        {
            name.removeprefix(WEIGHTS_PREFIX): torch.from_numpy(np.array(value))
            for name, value in bundle.tensors.items()
            if name.startswith(WEIGHTS_PREFIX)
        }
    )
    return model.eval().requires_grad_(False)
