"""The train command: what it says of weights, what it refuses, several processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import timm
import torch
from training_support import draw_parts

from engine.cli import main
from engine.data.layout import load_dataset
from engine.errors import EngineError
from engine.training.config import MEMORY_MODELS, default_config
from engine.training.division import divide
from engine.training.launch import ONE_PROCESS
from engine.training.memory_models import TRAINERS
from engine.training.train import _identity

SMALL = """
epochs = 1
batch_size = 8
[data]
input_size = 32
workers = 0
"""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_parts(tmp_path_factory.mktemp("parts"), goods=20, defects=6)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("config") / "small.toml"
    file.write_text(SMALL)
    return file


def line(model: str, parts: Path, out: Path, small: Path, *more: str) -> list[str]:
    return [
        *("train", "--model", model, "--data", str(parts), "--out", str(out)),
        *("--config", str(small), "--device", "cpu", "--progress", "none", *more),
    ]


def test_a_reader_is_told_that_nothing_was_learnt_before(
    parts: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line("vit_small", parts, tmp_path / "out", small)) == 0
    said = capsys.readouterr().out
    assert "weights: none, trained from scratch\n" in said
    assert "No packaged weights exist for vit_small_patch16_224" in said
    assert "--weights FILE" in said


def test_a_reader_is_told_which_file_was_used_and_what_did_not_fit(
    parts: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plant" / "vit.pth"
    file.parent.mkdir()
    torch.save(timm.create_model("vit_small_patch16_224").state_dict(), file)
    out = tmp_path / "out"
    assert main(line("vit_small", parts, out, small, "--weights", str(file))) == 0
    said = capsys.readouterr().out
    assert "weights: file, vit.pth, 150 of 150 tensors filled\n" in said
    assert "- tensors that did not fit: head.weight, head.bias\n" in said
    assert "for 14 × 14 patches, was resampled to 2 × 2" in said
    manifest = (out / "manifest.json").read_text()
    assert "vit.pth" in manifest and str(file.parent) not in manifest  # no folder of this machine


def test_weights_that_would_be_ignored_are_refused(
    parts: Path, small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for weights in ("hub", str(tmp_path / "w.pth")):
        command = line("cnn_custom", parts, tmp_path / "out", small, "--weights", weights)
        assert main([*command, "--json"]) == 2
        error = json.loads(capsys.readouterr().out)["error"]
        assert error["code"] == "weights_unused"
        assert "cnn_custom has no pre-trained part" in error["message"]


def test_another_file_of_the_same_name_is_another_training(parts: Path, tmp_path: Path) -> None:
    """Else a checkpoint of the one would be gone on from with the other."""
    found = []
    for folder, content in (("a", b"one"), ("b", b"two"), ("c", b"one")):
        file = tmp_path / folder / "w.pth"
        file.parent.mkdir()
        file.write_bytes(content)
        config = default_config("resnet50").replaced(weights=str(file))
        division = divide(load_dataset(parts), config.model, config.protocol, config.data)
        found.append(_identity(config, division, ("good", "dot", "line")))
    assert found[0] != found[1] and found[0] == found[2]  # wherever it lies


def test_models_that_one_process_trains_are_refused_before_any_is_started(
    parts: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set(ONE_PROCESS) == {*TRAINERS, "cascade"} == set(MEMORY_MODELS)

    def started(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", started)
    for model in ONE_PROCESS:
        command = ["train", "--model", model, "--data", str(parts), "--out", str(tmp_path / "o")]
        assert main([*command, "--devices", "2", "--progress", "none"]) == 2
        said = capsys.readouterr().err
        assert said == f"qc-engine: {model} is trained by one process; leave --devices out.\n"
    command = ["train", "--model", "cnn_custom", "--data", str(parts), "--weights", "w.pth"]
    assert main([*command, "--out", str(tmp_path / "o"), "--devices", "2"]) == 2
    assert "has no pre-trained part" in capsys.readouterr().err


def test_two_processes_write_one_bundle(parts: Path, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = line("cnn_custom", parts, out, small, "--devices", "2", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "engine", *command], capture_output=True, text=True, timeout=250
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["processes"] == 2 and result["epochs"] == 1
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["training"]["processes"] == 2
    assert (out / "model.onnx").is_file() and not list(tmp_path.glob("*.checkpoint"))


def test_the_sentence_of_an_unfit_file_names_the_option(parts: Path, tmp_path: Path) -> None:
    from engine.training.request import Request
    from engine.training.train import train

    torch.save(timm.create_model("resnet34").state_dict(), tmp_path / "w.pth")
    config = default_config("resnet50").replaced(
        weights=str(tmp_path / "w.pth"), data__input_size=32
    )
    with pytest.raises(EngineError, match="--weights") as caught:
        train(Request(load_dataset(parts), tmp_path / "out", config, device="cpu"))
    assert caught.value.code == "weights_mismatch"
