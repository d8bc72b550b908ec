"""The training configuration: defaults, TOML, refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError
from engine.training.config import TrainConfig, default_config


def test_defaults_are_the_protocol_of_the_specification() -> None:
    config = TrainConfig()
    assert (config.epochs, config.batch_size, config.optimiser.accumulation) == (50, 32, 1)
    assert (config.optimiser.kind, config.optimiser.rate) == ("adam", 1e-3)
    assert (config.optimiser.weight_decay, config.optimiser.gradient_clip) == (1e-4, 1.0)
    schedule = config.schedule
    assert (schedule.factor, schedule.patience) == (0.5, 5)
    assert (schedule.threshold, schedule.minimum) == (1e-4, 1e-6)
    stopping = config.stopping
    assert (stopping.patience, stopping.min_delta, stopping.best_by) == (10, 1e-3, "f1")
    assert (config.losses.binary, config.losses.classes) == (0.6, 0.4)
    assert (config.losses.label_smoothing, config.mixup.alpha) == (0.1, 0.2)
    assert (config.data.workers, config.data.input_size) == (4, 224)
    assert config.data.fractions == (0.6, 0.2, 0.2)
    assert (config.log_every, config.validate_every, config.checkpoint_every) == (10, 1, 5)


def test_a_configuration_survives_json() -> None:
    config = TrainConfig().replaced(
        epochs=7, data__input_size=64, augmentation__scale=(0.9, 1.1), options={"steps": 3}
    )
    assert TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_toml_sets_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "train.toml"
    file.write_text(
        'epochs = 12\n[optimiser]\nrate = 1\n[augmentation]\nkind = "plain"\nscale = [1, 1]\n'
        '[synthetic]\nshare = 0.3\nkinds = ["perlin"]\n[options.training]\nsteps = 5\n'
    )
    config = TrainConfig.from_toml(file, default_config("hybrid"))
    assert (config.model, config.epochs, config.batch_size) == ("hybrid", 12, 32)
    assert config.optimiser.rate == 1.0
    assert isinstance(config.optimiser.rate, float)
    assert (config.augmentation.kind, config.augmentation.scale) == ("plain", (1.0, 1.0))
    assert config.synthetic.kinds == ("perlin",)
    assert (config.data.input_size, config.data.fit) == (256, "letterbox")
    assert config.options == {"training": {"steps": 5}}


@pytest.mark.parametrize(
    ("table", "code", "named"),
    [
        ({"epoch": 3}, "config_key_unknown", "'epoch'"),
        ({"optimiser": {"lr": 0.1}}, "config_key_unknown", "'optimiser.lr'"),
        ({"epochs": 1.5}, "config_value_wrong", "epochs"),
        ({"epochs": True}, "config_value_wrong", "epochs"),
        ({"epochs": 0}, "config_value_wrong", "epochs"),
        ({"optimiser": 3}, "config_value_wrong", "optimiser"),
        ({"optimiser": {"rate": float("nan")}}, "config_value_wrong", "optimiser.rate"),
        ({"optimiser": {"kind": "sgd"}}, "config_value_wrong", "adam, adamw"),
        ({"data": {"fractions": [0.5, 0.5]}}, "config_value_wrong", "a list of 3"),
        ({"augmentation": {"kind": "wild"}}, "augmentation_unknown", "wild"),
        ({"data": {"input_size": 100}}, "size_unsupported", "100"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(table: dict[str, Any], code: str, named: str) -> None:
    with pytest.raises(EngineError) as refused:
        TrainConfig.from_dict(table)
    assert refused.value.code == code
    assert named in str(refused.value)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    for file in (tmp_path / "missing.toml", tmp_path / "broken.toml"):
        if file.name == "broken.toml":
            file.write_text("epochs = = 3")
        with pytest.raises(EngineError) as refused:
            TrainConfig.from_toml(file)
        assert refused.value.code == "config_unreadable"


def test_the_bundle_learns_the_name_of_a_weights_file_but_no_folder() -> None:
    assert TrainConfig(weights="/somewhere/of/mine/b0.safetensors").to_dict()["weights"] == (
        "b0.safetensors"
    )
