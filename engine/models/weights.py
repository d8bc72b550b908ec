"""Where pre-trained weights come from and whether they fit. Must not know what they are used for.

``auto`` takes the weights that come with a pip package; a backbone without such a package is
trained from scratch, and the facts say so. ``none`` is random, ``hub`` timm's own download, and
anything else a file: safetensors, or a torch state dict, read with ``weights_only``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import timm
import torch
from torch import nn

from engine.errors import EngineError

WEIGHTS_CHOICES = "auto|none|hub|FILE"
PREFIXES = ("module.", "model.", "backbone.", "encoder.", "network.")
WRAPPERS = ("state_dict", "model", "state_dict_ema", "model_state_dict")
SMALLEST_SHARE = 0.9  # of the network's tensors that a file must fill to be its weights


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """What was asked for and what was done. ``used`` is "packaged", "none", "hub" or "file";
    ``matched`` of ``wanted`` tensors were filled, ``unmatched`` names the others (of the network,
    then of the file); ``note`` is a sentence for the user where there is something to know."""

    asked: str
    used: str
    source: str = ""
    matched: int = 0
    wanted: int = 0
    unmatched: tuple[str, ...] = ()
    note: str = ""

    @property
    def pretrained(self) -> bool:
        """Whether the network begins with learnt weights."""
        return self.used != "none"

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON."""
        return {**dataclasses.asdict(self), "unmatched": list(self.unmatched)}


def no_weights(asked: str) -> WeightsFacts:
    """Facts of a network that has no pre-trained part."""
    return WeightsFacts(asked, "none")


def create_pretrained(
    timm_name: str, package: str | None, weights: str, **arguments: Any
) -> tuple[nn.Module, WeightsFacts]:
    """A timm network with its weights. Raises EngineError weights_missing, weights_unreadable,
    weights_mismatch.

    ``package`` is the pip package with the weights that "auto" takes, None where there is none;
    ``arguments`` go to ``timm.create_model``.
    """
    if weights == "hub":
        return _from_hub(timm_name, arguments)
    network = timm.create_model(timm_name, pretrained=False, **arguments)
    if weights == "none":
        return network, no_weights(weights)
    if weights == "auto":
        if package is None:
            note = (
                f"No packaged weights exist for {timm_name}: it is trained from scratch. Pass "
                "--weights FILE or --weights hub to begin with ImageNet weights."
            )
            return network, dataclasses.replace(no_weights(weights), note=note)
        file, used = packaged_file(package), "packaged"
    else:
        file, used = Path(weights), "file"
    facts = fill(network, read_state(file), file)
    return network, dataclasses.replace(facts, asked=weights, used=used)


def fill(network: nn.Module, state: dict[str, torch.Tensor], file: Path) -> WeightsFacts:
    """Put a state dict into a network: by name, prefixes of wrappers taken off, else by position
    where every shape fits (torchvision's names of the same network). Classifier layers that do
    not fit are left out and reported. Raises EngineError weights_mismatch.
    """
    wanted = network.state_dict()
    by_name = _by_name(wanted, state)
    found = by_name if len(by_name) >= SMALLEST_SHARE * len(wanted) else _by_position(wanted, state)
    if found is None or len(found) < SMALLEST_SHARE * len(wanted):
        raise EngineError(
            "weights_mismatch",
            f"The weights in {file} do not belong to this network: {len(by_name)} of its "
            f"{len(wanted)} tensors are there. Choose the file of the same architecture.",
            weights=str(file),
            matched=len(by_name),
            wanted=len(wanted),
        )
    network.load_state_dict({**wanted, **found})
    missing = [name for name in wanted if name not in found]
    left_over = [] if found is not by_name else [n for n in _stripped(state) if n not in wanted]
    return WeightsFacts("", "file", str(file), len(found), len(wanted), tuple(missing + left_over))


def packaged_file(package: str) -> Path:
    """The weights file of a pip package. Raises EngineError weights_missing."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    files = sorted(Path(folders[0]).glob("models/*.pth")) if folders else []
    if not files:
        raise EngineError(
            "weights_missing",
            f"The packaged weights ({package}) are not installed; install them or pass "
            "--weights FILE.",
            weights=package,
        )
    return files[0]


def read_state(file: Path) -> dict[str, torch.Tensor]:
    """The tensors of a weights file by name. Raises EngineError weights_missing,
    weights_unreadable."""
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
        raise _unreadable(file, type(error).__name__) from error
    for name in WRAPPERS:
        if isinstance(state, dict) and isinstance(state.get(name), dict):
            state = state[name]
    tensors = isinstance(state, dict) and all(isinstance(v, torch.Tensor) for v in state.values())
    if not tensors or not state:
        raise _unreadable(file, "no state dict")
    return dict(state)


def _from_hub(timm_name: str, arguments: dict[str, Any]) -> tuple[nn.Module, WeightsFacts]:
    try:
        network = timm.create_model(timm_name, pretrained=True, **arguments)
    except (OSError, RuntimeError) as error:
        raise EngineError(
            "weights_missing",
            f"The weights of {timm_name} could not be downloaded ({error}); check the network, or "
            "use --weights auto or --weights FILE.",
            weights="hub",
        ) from error
    count = len(network.state_dict())
    return network, WeightsFacts("hub", "hub", timm_name, count, count)


def _stripped(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The same without the prefixes that wrappers put before names."""
    while True:
        prefix = next((p for p in PREFIXES if all(n.startswith(p) for n in state)), None)
        if prefix is None:
            return state
        state = {name.removeprefix(prefix): value for name, value in state.items()}


def _by_name(
    wanted: dict[str, torch.Tensor], state: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    return {
        name: value
        for name, value in _stripped(state).items()
        if name in wanted and wanted[name].shape == value.shape
    }


def _by_position(
    wanted: dict[str, torch.Tensor], state: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor] | None:
    if len(wanted) != len(state):
        return None
    pairs = list(zip(wanted.items(), state.values(), strict=True))
    if any(mine.shape != theirs.shape for (_, mine), theirs in pairs):
        return None
    return {name: theirs for (name, _), theirs in pairs}


def _unreadable(file: Path, what: str) -> EngineError:
    return EngineError(
        "weights_unreadable",
        f"{file} is no weights file that can be read safely ({what}).",
        weights=str(file),
    )
