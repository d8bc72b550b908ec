"""Which runs a comparison has, what identifies each, and which are finished. Must not know reports.

Every run of a comparison has the same division of the pictures (``data.split_seed`` does not
follow the seed), so that all models are tested on the same ones.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.data.layout import Dataset
from engine.data.split import subset_counts
from engine.errors import EngineError
from engine.models.registry import MODELS, WITHOUT_PRETRAINED, check_weights
from engine.models.weights import WEIGHTS_WORDS
from engine.training.config import (
    ONE_CLASS,
    OWN_WAY,
    SUPERVISED,
    UNUSED,
    TrainConfig,
    default_config,
)
from engine.training.division import ONE_CLASS_MODELS, divide
from engine.training.memory_models import TRAINERS

FORMAT = "qc-comparison-2"  # of run.json and comparison.json; another one makes runs run again
NEUTRAL = ("log_every", "checkpoint_every")  # change nothing in the result
MOST_SEEDS = 100


@dataclass(frozen=True, slots=True)
class Options:
    """What to compare. ``config`` is a TOML file as for ``train``, whose tables [models.NAME] hold
    what differs for one model; ``epochs``, ``input_size`` and ``weights`` overrule it. A weights
    file belongs to one architecture: of several models it is given in [models.NAME] only; "hub" is
    for those that have a pre-trained part. The seeds are ``first_seed`` and those after it;
    without ``models`` all are compared."""

    out: Path
    models: tuple[str, ...] = ()
    seeds: int = 3
    first_seed: int = 0
    protocol: str = SUPERVISED
    config: Path | None = None
    epochs: int | None = None
    input_size: int | None = None
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """One model with one seed. ``identity`` is the sha256 of all that decides its result."""

    model: str
    seed: int
    config: TrainConfig
    identity: str
    folder: Path

    @property
    def name(self) -> str:
        """The run in words."""
        return f"{self.model}, seed {self.seed}"

    @property
    def bundle(self) -> Path:
        """The trained model."""
        return self.folder / "bundle"

    @property
    def report(self) -> Path:
        """What ``evaluate`` says of it."""
        return self.folder / "report.json"

    @property
    def arrays(self) -> Path:
        """What figures are drawn from."""
        return self.folder / "arrays.npz"

    @property
    def record(self) -> Path:
        """Written last: a run with it is finished."""
        return self.folder / "run.json"

    @property
    def state(self) -> Path:
        """What an unfinished run has reached."""
        return self.folder / "state.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """All runs, seed by seed, and the division that they share; ``subsets`` are the pictures by
    label within each subset."""

    dataset: Dataset
    protocol: str
    split_hash: str
    subsets: dict[str, dict[str, int]]
    runs: tuple[RunPlan, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """The models in the order asked for."""
        return tuple(dict.fromkeys(run.model for run in self.runs))

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, rising."""
        return tuple(dict.fromkeys(run.seed for run in self.runs))


def trainable(protocol: str = SUPERVISED) -> tuple[str, ...]:
    """Models that can be compared: all that this program trains, of the one-class protocol those
    that learn from good parts alone."""
    return tuple(name for name in MODELS if protocol != ONE_CLASS or name in ONE_CLASS_MODELS)


def make_plan(dataset: Dataset, options: Options) -> Plan:
    """The runs of a comparison. Raises EngineError model_unknown, option_out_of_range,
    weights_of_one_model, weights_unused, config_unreadable and those of the configuration and of
    ``divide``."""
    models = _checked_models(options)
    if not 1 <= options.seeds <= MOST_SEEDS:
        raise EngineError(
            "option_out_of_range",
            f"--seeds {options.seeds} is out of range; give 1 to {MOST_SEEDS}.",
            option="seeds",
        )
    table = _read_table(options.config)
    if len(models) > 1:
        _check_common_weights(options, table)
    configs = {model: _config(model, table, options) for model in models}
    for model, config in configs.items():
        check_weights(model, config.weights)
    first = configs[models[0]]
    divider = models[0] if options.protocol == SUPERVISED else ONE_CLASS_MODELS[0]
    division = divide(dataset, divider, options.protocol, first.data)
    common = [FORMAT, options.protocol, division.split_hash, _masks_hash(dataset)]
    runs = []
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        for model in models:
            config = configs[model].replaced(seed=seed)
            folder = options.out.absolute() / "runs" / f"{model}-seed{seed}"
            runs.append(RunPlan(model, seed, config, _identity(config, common), folder))
    counts = subset_counts(division.dataset)
    if options.protocol == ONE_CLASS and dataset.layout != "snapshot":
        test = dataclasses.replace(dataset, samples=tuple(dataset.of_subset("test")))
        counts["held_out"] = _labels(test)
    return Plan(dataset, options.protocol, division.split_hash, counts, tuple(runs))


def is_finished(run: RunPlan) -> bool:
    """Whether the run has been done with this very configuration and these pictures."""
    record = read_json(run.record)
    same = record is not None and record.get("identity") == run.identity
    return same and run.report.is_file() and run.arrays.is_file()


def read_json(file: Path) -> dict[str, Any] | None:
    """A JSON object; None where there is none, or a damaged one."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_text(file: Path, text: str) -> None:
    """Write a file whole or not at all. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(file: Path, value: dict[str, Any]) -> None:
    """Write a JSON object whole or not at all. Raises OSError."""
    write_text(file, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def check_model(name: str, known: Sequence[str]) -> None:
    """Refuse a model that is not among the known ones. Raises EngineError model_unknown."""
    if name not in known:
        raise EngineError(
            "model_unknown",
            f"There is no model '{name}' to train here; choose among {', '.join(known)}.",
            model=name,
        )


def _checked_models(options: Options) -> tuple[str, ...]:
    for name in options.models:
        check_model(name, trainable())
    return tuple(dict.fromkeys(options.models)) or trainable(options.protocol)


def _read_table(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(
            "config_unreadable",
            f"The configuration {file} cannot be read as TOML ({error}); correct it or leave "
            "--config out.",
            path=str(file),
        ) from error


def _check_common_weights(options: Options, table: Mapping[str, Any]) -> None:
    """Refuse one weights file for several models, of which it can be only one's."""
    for given in (options.weights, table.get("weights")):
        if isinstance(given, str) and given not in WEIGHTS_WORDS:
            raise EngineError(
                "weights_of_one_model",
                f"The weights {given} are those of one architecture and cannot begin several "
                "models; give them as 'weights' in the table [models.NAME] of the --config file, "
                "or compare that model alone.",
                weights=given,
            )


def _config(model: str, table: dict[str, Any], options: Options) -> TrainConfig:
    """The model's usual values, under those of the file, under the options given. The file's
    [options] are for the models that have some."""
    common = {name: value for name, value in table.items() if name not in ("models", "model")}
    if model not in TRAINERS:
        common.pop("options", None)
    weights = options.weights
    if model in WITHOUT_PRETRAINED:  # a download for all is for those that have one
        weights = None if weights == "hub" else weights
        common = {n: v for n, v in common.items() if (n, v) != ("weights", "hub")}
    if model in OWN_WAY:
        common = {name: value for name, value in common.items() if name not in UNUSED}
    config = TrainConfig.from_dict(common, default_config(model))
    own = table.get("models", {})
    if isinstance(own, dict) and isinstance(own.get(model), dict):
        config = TrainConfig.from_dict(own[model], config)
    given = {
        "epochs": options.epochs,
        "weights": weights,
        "data__input_size": options.input_size,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    return config.replaced(model=model, protocol=options.protocol, **changes)


def _identity(config: TrainConfig, common: Sequence[str]) -> str:
    table = {name: value for name, value in config.to_dict().items() if name not in NEUTRAL}
    table["data"] = {name: value for name, value in table["data"].items() if name != "workers"}
    weights = Path(config.weights)
    content = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else ""
    return _sha256([json.dumps([table, *common, content], sort_keys=True)])


def _masks_hash(dataset: Dataset) -> str:
    """sha256 over the masks: one that is painted anew changes the pixel figures."""
    return _sha256(
        hashlib.sha256(sample.mask_path.read_bytes()).hexdigest()
        for sample in dataset.samples
        if sample.mask_path is not None and sample.mask_path.is_file()
    )


def _sha256(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _labels(dataset: Dataset) -> dict[str, int]:
    names = sorted(str(sample.label) for sample in dataset.samples)
    return {name: names.count(name) for name in dict.fromkeys(names)}
