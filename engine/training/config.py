"""Every value of the training protocol in one place. Must not know networks or data.

The defaults are the specification's. A configuration is read from TOML, where each nested class is
a table ([optimiser], [data] …), and is stored in the bundle with ``to_dict``. Networks are given
the whole configuration to form their parameter groups; what they may rely on is ``epochs``,
``optimiser.rate`` and ``optimiser.weight_decay``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.calibration.conformal import ESCAPE_RATE, NG_RATE, OK_RATE
from engine.data.images import LETTERBOX, STRETCH
from engine.data.split import GROUPINGS
from engine.errors import EngineError
from engine.training.augmentation import AugmentationSettings, SyntheticSettings
from engine.training.settings import check_size, from_table, in_range, one_of, replaced, to_table

ONE_CLASS, SUPERVISED, AUTO = "one-class", "supervised", "auto"
# these train in a way of their own; what the first three do not take from the protocol is UNUSED
OWN_WAY = ("patch_memory", "patch_probe", "hybrid")
MEMORY_MODELS = (*OWN_WAY, "cascade")
UNUSED = (
    *("batch_size", "optimiser", "schedule", "stopping", "losses", "mixup", "augmentation"),
    *("synthetic", "precision"),
)


@dataclass(frozen=True, slots=True)
class OptimiserSettings:
    """``kind`` is "adam" (weight decay in the gradient, as the specification's) or "adamw";
    ``rate`` is that of new layers, of which a network's other groups take a share;
    ``accumulation`` batches make one step."""

    kind: str = "adam"
    rate: float = 1e-3
    weight_decay: float = 1e-4
    gradient_clip: float = 1.0  # norm over all parameters; 0 is none
    accumulation: int = 1

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        one_of("optimiser.kind", self.kind, ("adam", "adamw"))
        in_range("optimiser.rate", self.rate, 0.0, 10.0, above=True)
        in_range("optimiser.weight_decay", self.weight_decay, 0.0, 10.0)
        in_range("optimiser.gradient_clip", self.gradient_clip, 0.0, 1e9)
        in_range("optimiser.accumulation", self.accumulation, 1, 10_000)


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """ReduceLROnPlateau on the validation loss: after more than ``patience`` epochs that are not
    better by the relative ``threshold``, all rates are multiplied by ``factor``, down to
    ``minimum``."""

    factor: float = 0.5
    patience: int = 5
    threshold: float = 1e-4
    minimum: float = 1e-6

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        in_range("schedule.factor", self.factor, 0.0, 1.0, above=True)
        in_range("schedule.patience", self.patience, 0, 10_000)
        in_range("schedule.threshold", self.threshold, 0.0, 1.0)
        in_range("schedule.minimum", self.minimum, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class StoppingSettings:
    """Training ends after ``patience`` epochs without a validation loss lower by ``min_delta``
    (0: never early); where a network changes what it trains, counting begins anew. The weights
    kept are those of the best ``best_by`` on validation: "f1", "loss", or another figure of the
    task's; of equal ones those of the lower loss."""

    patience: int = 10
    min_delta: float = 1e-3
    best_by: str = "f1"

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        in_range("stopping.patience", self.patience, 0, 10_000)
        in_range("stopping.min_delta", self.min_delta, 0.0, 1e9)


@dataclass(frozen=True, slots=True)
class LossSettings:
    """Weights of the parts of the loss. ``class_weights`` counts classes by the pictures of an
    "epoch" (repetitions by the augmentation included), by "pictures", or not at all ("none").
    ``reconstruction`` and ``perceptual`` are the autoencoder's: the first weighs the mean squared
    error of pixels in [-1, 1], the second the squared distance of unit-length ImageNet features
    (in [0, 4], see ``AutoencoderTask``). With these weights both begin at the same order of
    magnitude; 0 leaves a part out."""

    binary: float = 0.6
    classes: float = 0.4
    label_smoothing: float = 0.1
    binary_smoothing: float = 0.0
    class_weights: str = "epoch"
    reconstruction: float = 1.0
    perceptual: float = 0.1

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        one_of("losses.class_weights", self.class_weights, ("epoch", "pictures", "none"))
        for name in ("binary", "classes", "reconstruction", "perceptual"):
            in_range(f"losses.{name}", getattr(self, name), 0.0, 1e6)
        for name in ("label_smoothing", "binary_smoothing"):
            in_range(f"losses.{name}", getattr(self, name), 0.0, 0.9)


@dataclass(frozen=True, slots=True)
class MixUpSettings:
    """Two neighbours of a shuffled batch are mixed in proportions drawn from Beta(alpha, alpha);
    0 is off."""

    alpha: float = 0.2

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        in_range("mixup.alpha", self.alpha, 0.0, 100.0)


@dataclass(frozen=True, slots=True)
class DataSettings:
    """Pictures, and how they are divided where the data says nothing of it.

    ``fractions`` are the shares of training, validation and test (supervised protocol),
    ``split_seed`` and ``group_by`` those of ``split_dataset``; ``validation_share`` is what the
    one-class protocol holds back of the good training pictures. ``workers`` threads prepare
    pictures; ``on_device`` says whether they are transformed there ("auto": on a GPU).
    """

    input_size: int = 224
    fit: str = STRETCH
    fractions: tuple[float, float, float] = (0.6, 0.2, 0.2)
    split_seed: int = 0
    group_by: str = "part"
    validation_share: float = 0.2
    workers: int = 4
    on_device: str = "auto"

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong, size_unsupported."""
        check_size(self.input_size)
        one_of("data.fit", self.fit, (STRETCH, LETTERBOX))
        one_of("data.group_by", self.group_by, GROUPINGS)
        one_of("data.on_device", self.on_device, ("auto", "yes", "no"))
        in_range("data.validation_share", self.validation_share, 0.0, 0.9, above=True)
        in_range("data.workers", self.workers, 0, 256)


@dataclass(frozen=True, slots=True)
class PrecisionSettings:
    """Arithmetic on a GPU; the CPU always trains in float32. ``mixed`` is "auto" (bf16 where the
    GPU has it, else fp16), "bf16", "fp16" or "off"."""

    mixed: str = "auto"
    channels_last: bool = True
    deterministic: bool = True  # the same seed gives the same weights on the same device

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        one_of("precision.mixed", self.mixed, ("auto", "bf16", "fp16", "off"))


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """The rates of ``engine.calibration.conformal.find_limits``."""

    ok_rate: float = OK_RATE
    ng_rate: float = NG_RATE
    escape_rate: float = ESCAPE_RATE

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        for name in ("ok_rate", "ng_rate", "escape_rate"):
            in_range(f"calibration.{name}", getattr(self, name), 0.0, 0.999, above=True)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How one network is trained.

    ``protocol`` is "one-class", "supervised" or "auto" (one-class for the autoencoder on folders,
    supervised otherwise); ``weights`` is auto, none, hub or a file; ``batch_size`` is that of all
    processes together. ``log_every`` counts steps, the others epochs.
    """

    model: str = "efficientnet_lite0"
    protocol: str = AUTO
    weights: str = "auto"
    seed: int = 0
    epochs: int = 50
    batch_size: int = 32
    log_every: int = 10
    validate_every: int = 1
    checkpoint_every: int = 5
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    stopping: StoppingSettings = field(default_factory=StoppingSettings)
    losses: LossSettings = field(default_factory=LossSettings)
    mixup: MixUpSettings = field(default_factory=MixUpSettings)
    data: DataSettings = field(default_factory=DataSettings)
    augmentation: AugmentationSettings = field(default_factory=AugmentationSettings)
    synthetic: SyntheticSettings = field(default_factory=SyntheticSettings)
    precision: PrecisionSettings = field(default_factory=PrecisionSettings)
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    options: dict[str, Any] = field(default_factory=dict)  # of models that train in a way of theirs

    def __post_init__(self) -> None:
        """Raises EngineError config_value_wrong."""
        one_of("protocol", self.protocol, (AUTO, ONE_CLASS, SUPERVISED))
        in_range("seed", self.seed, 0, 2**31 - 1)
        in_range("epochs", self.epochs, 1, 100_000)
        in_range("batch_size", self.batch_size, 2, 100_000)
        for name in ("log_every", "validate_every", "checkpoint_every"):
            in_range(name, getattr(self, name), 1, 1_000_000)

    def to_dict(self) -> dict[str, Any]:
        """All values as JSON, nested like the tables of a TOML file; a weights file by its name
        only, so that no machine's folders end up in a bundle."""
        table = to_table(self)
        table["weights"] = Path(self.weights).name
        return table

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], base: TrainConfig | None = None) -> TrainConfig:
        """Read ``to_dict`` or parsed TOML; what is not there is as in ``base``, or has its
        default. Raises EngineError config_key_unknown, config_value_wrong and what the settings
        refuse."""
        return from_table(base or cls(), table)

    @classmethod
    def from_toml(cls, path: Path, base: TrainConfig | None = None) -> TrainConfig:
        """Read a TOML file; the rest as ``from_dict``. Raises EngineError config_unreadable and
        those of ``from_dict``."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EngineError(
                "config_unreadable",
                f"The training configuration {path} cannot be read as TOML ({error}); correct it "
                "or leave --config out.",
                path=str(path),
            ) from error
        return cls.from_dict(table, base)

    def replaced(self, **changes: Any) -> TrainConfig:
        """The same configuration with some values changed; ``data__input_size`` is that of
        [data]."""
        return replaced(self, {name.replace("__", "."): value for name, value in changes.items()})


def config_for(model: str, file: Path | None, **given: Any) -> TrainConfig:
    """A command line's configuration: the model's usual values, under those of a TOML file, under
    the options ``given`` (None: not given; names as for ``TrainConfig.replaced``). Raises
    EngineError as ``TrainConfig.from_toml``."""
    config = default_config(model)
    if file is not None:
        config = TrainConfig.from_toml(file, config)
    said = {name: value for name, value in given.items() if value is not None}
    return config.replaced(model=model, **said)


def default_config(model: str) -> TrainConfig:
    """What is trained where nothing is said: the protocol, at the size and fit that suit the
    model."""
    if model in MEMORY_MODELS:
        return TrainConfig(model=model, data=DataSettings(input_size=256, fit=LETTERBOX))
    return TrainConfig(model=model)
