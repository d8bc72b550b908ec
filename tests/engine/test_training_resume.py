"""A training that was killed goes on as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from training_support import draw_parts, pictures_of, small_config, trained

from engine.errors import EngineError
from engine.training.callbacks import (
    BestWeights,
    Callback,
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)

WORKER = Path(__file__).resolve().parents[1] / "training_worker.py"
SETTINGS = {"epochs": 6, "checkpoint_every": 2, "schedule__patience": 0, "optimiser__rate": 0.01}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_parts(tmp_path_factory.mktemp("parts"))


def _start(parts: Path, out: Path, checkpoint: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(parts), str(out), str(checkpoint), json.dumps(SETTINGS)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def _outcome(out: Path) -> dict[str, Any]:
    outcome: dict[str, Any] = json.loads(out.read_text())
    return outcome


def test_after_kill_9_the_result_is_that_of_an_uninterrupted_run(
    parts: Path, tmp_path: Path
) -> None:
    whole, out = tmp_path / "whole.json", tmp_path / "resumed.json"
    checkpoint = tmp_path / "model.checkpoint"
    with _start(parts, whole, tmp_path / "other.checkpoint") as process:
        process.communicate(timeout=120)
    with _start(parts, out, checkpoint) as victim:
        assert victim.stdout is not None
        lines = []
        for line in victim.stdout:
            lines.append(line.strip())
            if "epoch 5" in lines and lines[-1].startswith("step"):  # in the middle of the sixth
                os.kill(victim.pid, signal.SIGKILL)
                break
    assert victim.returncode == -signal.SIGKILL
    assert not out.exists()
    assert read_checkpoint(checkpoint)[0]["loop"]["epoch"] == 4
    with _start(parts, out, checkpoint) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert [line for line in said.splitlines() if line.startswith("epoch")] == [
        "epoch 5",
        "epoch 6",
    ]
    resumed, uninterrupted = _outcome(out), _outcome(whole)
    assert resumed["weights"] == uninterrupted["weights"]
    assert resumed["history"] == uninterrupted["history"]
    assert resumed["step_losses"] == uninterrupted["step_losses"]
    assert uninterrupted["history"][-1]["rates"] != uninterrupted["history"][0]["rates"]


class _PulledPlug(Exception):
    pass


class _Stop(Callback):
    """Ends the program after an epoch."""

    def __init__(self, after: int) -> None:
        self._after = after

    def on_epoch(self, loop: Any, record: Any) -> None:
        if record["epoch"] == self._after:
            raise _PulledPlug


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_resuming_after_any_epoch_gives_the_same_weights(
    parts: Path, tmp_path: Path, after: int
) -> None:
    config = small_config(epochs=5, checkpoint_every=1, schedule__patience=0)

    def run(path: Path, *more: Callback) -> dict[str, torch.Tensor]:
        callbacks = [BestWeights("f1"), Checkpoint(path, 1, "id"), *more]
        loop = trained(pictures_of(parts, config), config, callbacks, frozen_epochs=2)
        return loop.task.network.state_dict()

    whole = run(tmp_path / "whole")
    with pytest.raises(_PulledPlug):
        run(tmp_path / "cut", _Stop(after))
    resumed = run(tmp_path / "cut")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_training_that_was_over_is_not_trained_again(parts: Path, tmp_path: Path) -> None:
    config = small_config()
    path = tmp_path / "checkpoint"

    def run() -> Any:
        callbacks = [BestWeights("f1"), Checkpoint(path, 1, "id"), _Count()]
        return trained(pictures_of(parts, config), config, callbacks), callbacks[-1]

    first, _ = run()
    second, count = run()
    assert count.steps == 0
    weights = first.task.network.state_dict()
    assert all(torch.equal(weights[k], v) for k, v in second.task.network.state_dict().items())


class _Count(Callback):
    steps = 0

    def on_step(self, loop: Any) -> None:
        self.steps += 1


def test_the_checkpoint_of_another_training_is_refused(parts: Path, tmp_path: Path) -> None:
    config = small_config()
    path = tmp_path / "checkpoint"
    trained(pictures_of(parts, config), config, [Checkpoint(path, 1, "one")])
    with pytest.raises(EngineError) as refused:
        trained(pictures_of(parts, config), config, [Checkpoint(path, 1, "another")])
    assert refused.value.code == "checkpoint_other"


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"\x08" + bytes(7) + b"{}      "])
def test_a_damaged_checkpoint_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checkpoint"
    path.write_bytes(content)
    with pytest.raises(EngineError) as refused:
        read_checkpoint(path)
    assert refused.value.code == "checkpoint_damaged"
    assert str(path) in str(refused.value)


def test_a_checkpoint_takes_its_place_whole(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    write_checkpoint(path, {"a": 1}, {"x": torch.arange(3)})
    path.with_name(".checkpoint.tmp").write_bytes(b"half of one, from a process that was killed")
    write_checkpoint(path, {"a": 2.5}, {"x": torch.arange(4)})
    state, tensors = read_checkpoint(path)
    assert state == {"a": 2.5}
    assert tensors["x"].tolist() == [0, 1, 2, 3]
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint"]
