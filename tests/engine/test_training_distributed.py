"""Several processes train as one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from training_support import draw_parts

WORKER = Path(__file__).resolve().parents[1] / "training_worker.py"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_parts(tmp_path_factory.mktemp("parts"))


def _train(parts: Path, out: Path, processes: int, settings: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable]
    if processes > 1:
        command += ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    arguments = [str(WORKER), str(parts), str(out), "-", json.dumps(settings)]
    done = subprocess.run(
        [*command, *arguments],
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    outcome: dict[str, Any] = json.loads(out.read_text())
    return outcome


def test_two_processes_have_the_loss_curve_of_one(parts: Path, tmp_path: Path) -> None:
    """With MixUp, dropout, batch normalisation, class weights and a frozen phase: all of them act
    on the whole batch, however many processes share it."""
    settings = {"epochs": 4, "batch_size": 8, "optimiser__rate": 0.003}
    one = _train(parts, tmp_path / "one.json", 1, settings)
    two = _train(parts, tmp_path / "two.json", 2, settings)
    assert len(one["step_losses"]) == len(two["step_losses"]) > 10
    for (step, loss), (other_step, other) in zip(
        one["step_losses"], two["step_losses"], strict=True
    ):
        assert step == other_step
        assert other == pytest.approx(loss, abs=1e-4)
    for ours, theirs in zip(one["history"], two["history"], strict=True):
        assert theirs["train"] == pytest.approx(ours["train"], abs=1e-4)
        loss = ours["validation"]["loss"]
        assert theirs["validation"]["loss"] == pytest.approx(loss, abs=1e-4)
    assert two["modules"] == one["modules"]  # nothing stays synchronised
