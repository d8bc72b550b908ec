"""Models by name, and a model rebuilt from a bundle. Must not know how models are taught."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import nn

from engine.bundle import Bundle
from engine.errors import EngineError
from engine.models import (
    autoencoder,
    cascade,
    cnn_custom,
    efficientnet,
    guarded,
    hybrid,
    patch_memory,
    patch_probe,
    resnet50,
    vit_small,
)
from engine.models.backbones import BACKBONES, empty_backbone
from engine.models.network import Network, NetworkSettings
from engine.models.weights import FROM_SCRATCH, WeightsFacts

WEIGHTS_PREFIX = "model."


def _empty_patch_memory(bundle: Bundle) -> nn.Module:
    settings = patch_memory.PatchMemorySettings.from_manifest(bundle.manifest.settings)
    backbone = empty_backbone(BACKBONES[settings.backbone], settings.blocks)
    return patch_memory.PatchMemory(settings, backbone)


def _empty_hybrid(bundle: Bundle) -> nn.Module:
    return hybrid.empty_hybrid(hybrid.HybridSettings.from_manifest(bundle.manifest.settings))


def _empty_patch_probe(bundle: Bundle) -> nn.Module:
    settings = patch_probe.PatchProbeSettings.from_manifest(bundle.manifest.settings)
    return patch_probe.empty_patch_probe(settings)


Creator = Callable[[tuple[str, ...], int, str, int], tuple[Network, WeightsFacts]]

# networks that the training protocol trains: (class outputs, input size, weights, seed) to a
# network and where its weights come from
NETWORKS: dict[str, Creator] = {
    cnn_custom.NAME: cnn_custom.create,
    resnet50.NAME: resnet50.create,
    efficientnet.B0: partial(efficientnet.create, efficientnet.B0),
    efficientnet.LITE0: partial(efficientnet.create, efficientnet.LITE0),
    autoencoder.NAME: autoencoder.create,
    vit_small.NAME: vit_small.create,
}
WITHOUT_PRETRAINED = (cnn_custom.NAME, autoencoder.NAME)  # weights of these exist nowhere


def check_weights(name: str, weights: str) -> None:
    """Refuse weights that a model would take no notice of. Raises EngineError weights_unused."""
    if name in WITHOUT_PRETRAINED and weights not in FROM_SCRATCH:
        raise EngineError(
            "weights_unused",
            f"{name} has no pre-trained part and is always trained from scratch; leave "
            f"the weights {weights} out, or choose another model.",
            model=name,
            weights=weights,
        )


def create_network(
    name: str, class_outputs: tuple[str, ...], input_size: int, weights: str = "auto", seed: int = 0
) -> tuple[Network, WeightsFacts]:
    """A network to train. Raises EngineError model_unknown, weights_*."""
    check_weights(name, weights)
    if name not in NETWORKS:
        raise EngineError(
            "model_unknown",
            f"There is no network '{name}'; choose one of {', '.join(NETWORKS)}.",
            model=name,
        )
    return NETWORKS[name](class_outputs, input_size, weights, seed)


def _empty_network(bundle: Bundle) -> nn.Module:
    settings = NetworkSettings.from_manifest(bundle.manifest.settings)
    model, size = bundle.manifest.model, settings.input_size
    network, _ = create_network(model, settings.class_outputs, size, "none")
    network.settings = settings
    guard = bundle.manifest.settings.get(guarded.SETTINGS_KEY)
    if guard is not None:
        return guarded.guarded(network, model, guarded.GuardSettings.from_manifest(guard))
    return network


# model name: the structure that the bundle's weights fill
RESTORE: dict[str, Callable[[Bundle], nn.Module]] = {
    patch_memory.NAME: _empty_patch_memory,
    patch_probe.NAME: _empty_patch_probe,
    hybrid.NAME: _empty_hybrid,
    **dict.fromkeys(NETWORKS, _empty_network),
}
MODELS = (*RESTORE, cascade.NAME)


def restore_model(bundle: Bundle) -> nn.Module:
    """The bundle's network with its weights, in evaluation mode, on the CPU; of a cascade, whose
    two networks are its parts', the expert's.

    Raises EngineError model_unknown for a bundle of a model that this program does not have.
    """
    if bundle.manifest.model == cascade.NAME:
        return restore_model(bundle.part(cascade.EXPERT))
    manifest = bundle.manifest
    known = manifest.backbone in BACKBONES or manifest.model in NETWORKS
    if manifest.model not in RESTORE or not known:
        raise EngineError(
            "model_unknown",
            f"The bundle {bundle.path} holds a '{manifest.model}' on '{manifest.backbone}', which "
            "this program does not know; update the program.",
            model=manifest.model,
        )
    model = RESTORE[manifest.model](bundle)
    state = {
        name.removeprefix(WEIGHTS_PREFIX): torch.from_numpy(np.array(value))
        for name, value in bundle.tensors.items()
        if name.startswith(WEIGHTS_PREFIX)
    }
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise EngineError(
            "model_unknown",
            f"The bundle {bundle.path} was made by another version of this program, whose "
            f"{manifest.model} has other layers; train it again.",
            model=manifest.model,
        ) from error
    return model.eval().requires_grad_(False)
