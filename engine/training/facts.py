"""What every kind of training needs beside its work: device, cancelling, facts for the manifest.

Must not know models or bundles.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.bundle import Limits
from engine.calibration.conformal import tightest_claim
from engine.data.layout import Sample
from engine.errors import EngineError

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]
_log = logging.getLogger(__name__)


def checked(progress: Progress | None, cancelled: Cancelled | None) -> Progress:
    """One callback that reports, and raises where the user has cancelled."""

    def tick(stage: str, done: int, total: int) -> None:
        if cancelled is not None and cancelled():
            raise EngineError("cancelled", "Teaching was cancelled; nothing was written.")
        if progress is not None:
            progress(stage, done, total)

    return tick


def find_device(name: str) -> torch.device:
    """The torch device of a name on the command line. Raises EngineError device_unavailable."""
    present = torch.cuda.is_available()
    if name == "cuda" and not present:
        raise EngineError(
            "device_unavailable",
            "There is no CUDA device that torch can use; choose --device auto.",
            device=name,
        )
    return torch.device("cuda" if present and name in ("auto", "cuda") else "cpu")


@contextmanager
def gpu_memory_said() -> Iterator[None]:
    """Within this, a GPU that has too little memory is said in a sentence. Raises EngineError
    gpu_memory."""
    try:
        yield
    except torch.cuda.OutOfMemoryError as error:
        _log.warning("out of GPU memory: %s", error)
        raise EngineError(
            "gpu_memory",
            "The GPU's memory was too small; choose a smaller batch_size or --input-size, or "
            "--device cpu.",
        ) from error


def calibration_facts(
    limits: Limits,
    asked: dict[str, float],
    good: NDArray[np.float32],
    defect: NDArray[np.float32] | None,
) -> dict[str, Any]:
    """What was asked of the limits, what the sample supports, and what was measured on it.

    ``asked`` holds ok_rate, ng_rate and escape_rate; ``good`` and ``defect`` are raw scores.
    """
    facts: dict[str, Any] = {
        "method": limits.method,
        "n_good": len(good),
        "n_defect": 0 if defect is None else len(defect),
        "asked": asked,
        "supported": {
            "ok": limits.ok_supported,
            "ng": limits.ng_supported,
            "overkill": dataclasses.asdict(tightest_claim(len(good))),
        },
        "measured": {
            "good_above_ok_limit": float((good > limits.ok).mean()),
            "good_above_ng_limit": float((good > limits.ng).mean()),
            "good_median": float(np.median(good)),
            "good_highest": limits.highest_good,
        },
    }
    if defect is not None:
        facts["supported"]["escape"] = dataclasses.asdict(tightest_claim(len(defect)))
        facts["measured"]["defects_at_or_below_ok_limit"] = float((defect <= limits.ok).mean())
    return facts


def data_hash(samples: Sequence[Sample]) -> str:
    """sha256 over the sorted (hash, label) pairs: the same pictures give the same hash."""
    lines = sorted(f"{sample.sha256} {sample.label}" for sample in samples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Versions of what a model was made with."""
    packages = ("torch", "timm", "openvino", "onnx", "numpy", "opencv-python-headless")
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a training machine needs no OpenVINO
            found[name] = "not installed"
    return found


def weights_content(weights: str) -> str:
    """What identifies the weights that training begins with: the sha256 of a file, else the word
    that was given ("auto", "none", "hub")."""
    file = Path(weights)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else weights


def sha256_of(value: Any) -> str:
    """sha256 of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
