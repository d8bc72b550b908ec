"""What is to be trained, and where the result goes. Must not know how training works."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.data.layout import Dataset
from engine.training.config import TrainConfig


@dataclass(frozen=True, slots=True)
class Request:
    """A data set, a configuration and the bundle to write. ``product`` is the data set's name
    unless given, ``parent`` the id of the bundle that this one follows, ``device`` auto, cpu or
    cuda."""

    dataset: Dataset
    out: Path
    config: TrainConfig
    product: str | None = None
    parent: str | None = None
    device: str = "auto"


def waiting_path(out: Path) -> Path:
    """Where the fast model of a cascade, once trained, waits for its expert."""
    return out.absolute().with_name(f".{out.name}.fast")


def begin_anew(out: Path) -> None:
    """Delete what an interrupted training has left to go on from."""
    waiting = waiting_path(out)
    for path in (checkpoint_path(out), checkpoint_path(waiting)):
        path.unlink(missing_ok=True)
    if waiting.is_dir():
        shutil.rmtree(waiting)


def checkpoint_path(out: Path) -> Path:
    """Where a training keeps what it needs to go on: beside the bundle."""
    return out.absolute().with_name(f"{out.name}.checkpoint")
