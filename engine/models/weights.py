"""Where pre-trained weights come from and whether they fit. Must not know what they are used for.

``auto`` takes the weights that come with a pip package; a backbone without such a package is
trained from scratch, and the facts say so. ``none`` is random, ``hub`` timm's own download, and
anything else a file: safetensors, or a torch state dict, read with ``weights_only``.

A file belongs to a network when it fills all of it but the classifier and nothing of the file but
a classifier is left over. The counters of batch normalisation (``num_batches_tracked``), which
older files lack and nothing here uses, do not count.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import timm
import torch
from timm.layers.pos_embed import resample_abs_pos_embed
from torch import nn

from engine.errors import EngineError

WEIGHTS_WORDS = ("auto", "none", "hub")  # anything else is a file
FROM_SCRATCH = ("auto", "none")  # what a network without a pre-trained part can be asked for
PREFIXES = ("module.", "model.", "backbone.", "encoder.", "network.")
WRAPPERS = ("state_dict", "model", "state_dict_ema", "model_state_dict")
CLASSIFIERS = ("fc.", "_fc.", "classifier.", "head.")  # as files of other origins call them
COUNTER = "num_batches_tracked"
LEAVES = ("weight", "bias", "running_mean", "running_var")
NAMED = 3  # tensors that a sentence names
HUB_FILE = "model.safetensors"
HUB_TIMEOUT_S = 5.0  # of the one question whether the download can be reached

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """What was asked for and what was done. ``used`` is "packaged", "none", "hub" or "file";
    ``source`` names the file without its folder (of "hub" the repository), ``sha256`` is its
    content's; ``matched`` of ``wanted`` tensors were filled, ``unmatched`` names the others (of
    the network, then of the file); ``note`` is a sentence for the user where there is something
    to know."""

    asked: str
    used: str
    source: str = ""
    sha256: str = ""
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
    network = timm.create_model(timm_name, pretrained=False, **arguments)
    if weights == "none":
        return network, no_weights(weights)
    if weights == "auto" and package is None:
        note = (
            f"No packaged weights exist for {timm_name}: it is trained from scratch. Pass "
            "--weights FILE or --weights hub to begin with ImageNet weights."
        )
        return network, dataclasses.replace(no_weights(weights), note=note)
    if weights == "auto":
        assert package is not None
        file, used = packaged_file(package), "packaged"
    elif weights == "hub":
        file, used = _hub_file(timm_name, package), "hub"
    else:
        file, used = Path(weights), "file"
    facts = fill(network, read_state(file), file)
    with file.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    source = _hub_repository(timm_name) if used == "hub" else file.name
    asked = weights if weights in WEIGHTS_WORDS else file.name
    return network, dataclasses.replace(
        facts, asked=asked, used=used, source=source, sha256=content
    )


def fill(network: nn.Module, state: Tensors, file: Path) -> WeightsFacts:
    """Put a state dict into a network: by name, prefixes of wrappers taken off, else by position
    where every shape fits (another origin's names of the same network). A position embedding of
    another grid is resampled. Classifier layers that do not fit are left out and reported. Raises
    EngineError weights_mismatch.
    """
    wanted = network.state_dict()
    own = _classifier_prefixes(network)
    state, note = _resampled(network, _stripped(state))
    places = {
        name: name
        for name, value in state.items()
        if name in wanted and wanted[name].shape == value.shape
    }
    absent = [name for name in _without(wanted, own) if name not in places]
    left_over = [name for name in _without(state, (*own, *CLASSIFIERS)) if name not in places]
    if absent or left_over:
        by_position = _by_position(wanted, state, own)
        if by_position is None:
            raise _mismatch(network, file, wanted, state, absent, left_over)
        places = by_position
    network.load_state_dict({**wanted, **{mine: state[theirs] for mine, theirs in places.items()}})
    used = set(places.values())
    counted = _without(wanted)
    missing = [name for name in counted if name not in places]
    unused = [name for name in _without(state) if name not in used and name not in missing]
    matched = len(counted) - len(missing)
    return WeightsFacts(
        *("", "file", file.name),
        matched=matched,
        wanted=len(counted),
        unmatched=tuple(missing + unused),
        note=note,
    )


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


def read_state(file: Path) -> Tensors:
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


def _hub_file(timm_name: str, package: str | None) -> Path:
    """The network's file of the Hugging Face hub, downloaded where it is not in the cache.

    The hub is first asked once, with a short timeout and without the repetitions of a download,
    which take a minute on a plant's PC without a network. Raises EngineError weights_missing.
    """
    from huggingface_hub import (
        get_hf_file_metadata,
        hf_hub_download,
        hf_hub_url,
        try_to_load_from_cache,
    )

    repository = _hub_repository(timm_name)
    cached = try_to_load_from_cache(repository, HUB_FILE)
    if isinstance(cached, str):
        return Path(cached)
    try:
        get_hf_file_metadata(hf_hub_url(repository, HUB_FILE), timeout=HUB_TIMEOUT_S)
        return Path(hf_hub_download(repository, HUB_FILE))
    except Exception as error:  # those of sockets, of the HTTP client and of the hub
        packaged = " or take the packaged ones with --weights auto" if package else ""
        raise EngineError(
            "weights_missing",
            f"The weights of {timm_name} could not be downloaded ({_first_line(error)}). Check "
            f"the network, or pass a file of them with --weights FILE{packaged}; --weights none "
            "trains from scratch.",
            weights="hub",
        ) from error


def _hub_repository(timm_name: str) -> str:
    found = timm.get_pretrained_cfg(timm_name)
    return str(found.hf_hub_id) if found is not None else f"timm/{timm_name}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _stripped(state: Tensors) -> Tensors:
    """The same without the prefixes that wrappers put before names."""
    while True:
        prefix = next((p for p in PREFIXES if all(n.startswith(p) for n in state)), None)
        if prefix is None:
            return state
        state = {name.removeprefix(prefix): value for name, value in state.items()}


def _classifier_prefixes(network: nn.Module) -> tuple[str, ...]:
    """What the names of the network's classifier begin with."""
    facts = getattr(network, "default_cfg", None) or {}
    named = facts.get("classifier") or ()
    return tuple(f"{name}." for name in ((named,) if isinstance(named, str) else named))


def _without(tensors: Tensors, prefixes: Sequence[str] = ()) -> list[str]:
    """Names without counters and without those that begin with one of the prefixes."""
    return [
        name
        for name, value in tensors.items()
        if not name.startswith(tuple(prefixes))
        and not name.endswith(COUNTER)
        and (value.ndim > 0 or value.is_floating_point())  # a counter by another name
    ]


def _by_position(wanted: Tensors, state: Tensors, own: Sequence[str]) -> dict[str, str] | None:
    """Names of the network to names of the file, one after the other, with the classifier or
    without; None where a shape, or what the last part of a name says, does not fit."""
    bodies = (_without(wanted, own), _without(state, (*own, *CLASSIFIERS)))
    for mine, theirs in ((_without(wanted), _without(state)), bodies):
        if len(mine) == len(theirs) and all(
            wanted[a].shape == state[b].shape and _alike(a, b)
            for a, b in zip(mine, theirs, strict=True)
        ):
            return dict(zip(mine, theirs, strict=True))
    return None


def _alike(mine: str, theirs: str) -> bool:
    """Whether two names may mean the same: a sorted file has biases before weights."""
    one, other = mine.rpartition(".")[2], theirs.rpartition(".")[2]
    return one == other or other not in LEAVES


def _resampled(network: nn.Module, state: Tensors) -> tuple[Tensors, str]:
    """The state with a position embedding for the network's grid, and a sentence where it had
    another one. One that cannot be resampled stays as it is."""
    mine, theirs = getattr(network, "pos_embed", None), state.get("pos_embed")
    patches = getattr(network, "patch_embed", None)
    if mine is None or theirs is None or patches is None or mine.shape == theirs.shape:
        return state, ""
    classes_too = not getattr(network, "no_embed_class", False)
    prefix = int(getattr(network, "num_prefix_tokens", 1)) if classes_too else 0
    edge = math.isqrt(max(0, int(theirs.shape[1]) - prefix)) if theirs.ndim == 3 else 0
    fits = edge > 0 and edge * edge + prefix == theirs.shape[1]
    if not fits or theirs.shape[::2] != mine.shape[::2]:
        return state, ""
    grid = [int(size) for size in patches.grid_size]
    made = resample_abs_pos_embed(theirs.float(), grid, num_prefix_tokens=prefix)
    note = (
        f"The position embedding of the weights, for {edge} × {edge} patches, was resampled to "
        f"{grid[0]} × {grid[1]}."
    )
    return {**state, "pos_embed": made}, note


def _mismatch(
    network: nn.Module,
    file: Path,
    wanted: Tensors,
    state: Tensors,
    absent: Sequence[str],
    left_over: Sequence[str],
) -> EngineError:
    facts = getattr(network, "default_cfg", None) or {}
    name = facts.get("architecture") or type(network).__name__
    parts = (
        ("without a place in the network", [n for n in left_over if n not in wanted]),
        ("missing in the file", [n for n in absent if n not in state]),
        ("of another shape in the file", [n for n in absent if n in state]),
    )
    said = "; ".join(
        f"{what}: {shortened(names)} ({len(names)} in all)" for what, names in parts if names
    )
    return EngineError(
        "weights_mismatch",
        f"The weights in {file} do not belong to {name}, tensors {said}. Choose a file of {name} "
        "for --weights, or leave the option out.",
        weights=str(file),
        absent=len(absent),
        left_over=len(left_over),
    )


def shortened(names: Sequence[str]) -> str:
    """The first few names."""
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")


def _unreadable(file: Path, what: str) -> EngineError:
    return EngineError(
        "weights_unreadable",
        f"{file} is no weights file that can be read safely ({what}).",
        weights=str(file),
    )
