"""Weights of a comparison: a file begins one model, a download those that have one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from training_support import draw_parts

from engine.cli import main
from engine.comparison.plan import Options, make_plan
from engine.data.layout import Dataset, load_dataset
from engine.errors import EngineError


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return load_dataset(draw_parts(tmp_path_factory.mktemp("parts"), goods=20, defects=5))


def planned(parts: Dataset, out: Path, *models: str, config: str = "", **options: str) -> dict:
    """The weights of every model's first run."""
    file = out / "config.toml"
    file.write_text(config)
    weights = options.get("weights")
    asked = Options(out, models, seeds=1, config=file, weights=weights)
    return {run.model: run.config.weights for run in make_plan(parts, asked).runs}


def test_one_file_for_several_models_is_refused(
    parts: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["compare", "--models", "resnet50", "vit_small", "--data", str(parts.root), "--json"]
    assert main([*line, "--out", str(tmp_path / "out"), "--weights", "r50.pth"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "weights_of_one_model"
    assert "[models.NAME]" in error["message"]
    with pytest.raises(EngineError, match="cannot begin several models"):
        planned(parts, tmp_path, "resnet50", "vit_small", config='weights = "r50.pth"')


def test_a_model_s_own_table_gives_it_a_file(parts: Dataset, tmp_path: Path) -> None:
    config = '[models.resnet50]\nweights = "r50.pth"\n'
    weights = planned(parts, tmp_path, "resnet50", "vit_small", "cnn_custom", config=config)
    assert weights == {"resnet50": "r50.pth", "vit_small": "auto", "cnn_custom": "auto"}


def test_a_model_that_is_compared_alone_takes_the_option_s_file(
    parts: Dataset, tmp_path: Path
) -> None:
    assert planned(parts, tmp_path, "resnet50", weights="r50.pth") == {"resnet50": "r50.pth"}


@pytest.mark.parametrize("by_option", [True, False])
def test_a_download_is_for_the_models_that_have_one(
    parts: Dataset, tmp_path: Path, by_option: bool
) -> None:
    config, option = ("", {"weights": "hub"}) if by_option else ('weights = "hub"', {})
    weights = planned(parts, tmp_path, "resnet50", "autoencoder", config=config, **option)
    assert weights == {"resnet50": "hub", "autoencoder": "auto"}


def test_a_file_for_a_model_that_takes_none_is_refused(parts: Dataset, tmp_path: Path) -> None:
    config = '[models.cnn_custom]\nweights = "w.pth"\n'
    with pytest.raises(EngineError, match="no pre-trained part") as caught:
        planned(parts, tmp_path, "cnn_custom", "resnet50", config=config)
    assert caught.value.code == "weights_unused"
