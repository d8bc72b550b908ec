"""qc-engine bench: latency of a model on this machine, runtimes interleaved, and teaching time."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.commands.reporting import Reporter, add_report_arguments, run_reported
from engine.errors import EngineError

NAME = "bench"
HELP = "Measure the latency of a model on this machine."
WARM_UP = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--data", type=Path, help="data set: its pictures, and time to teach it")
    parser.add_argument("--bundle", type=Path, help="measure this model instead of a new one")
    parser.add_argument("--rounds", type=int, default=60, help="pictures a runtime, default 60")
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and report."""
    return run_reported(arguments, lambda reporter: _bench(arguments, reporter), _show)


def _bench(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    if arguments.data is None and arguments.bundle is None:
        raise EngineError("option_missing", "Pass --data DIR, --bundle BUNDLE, or both.")
    result: dict[str, Any] = {"cores": os.cpu_count(), "load": _load()}
    with tempfile.TemporaryDirectory(prefix="qc-bench-") as folder:
        bundle = arguments.bundle
        if bundle is None:
            bundle = Path(folder) / "bundle"
            result["teach_s"] = _time_teaching(arguments.data, bundle)
        result |= _latencies(arguments, bundle, reporter)
    return result


def _time_teaching(data: Path, bundle: Path) -> float:
    """Wall time of the whole command in its own process, start-up and export included."""
    command = [sys.executable, "-m", "engine", "teach", "--data", data, "--out", bundle]
    start = time.perf_counter()
    done = subprocess.run([*map(str, command), "--json"], capture_output=True, text=True)
    if done.returncode:
        raise EngineError("teaching_failed", done.stderr.strip() or "Teaching failed.")
    return round(time.perf_counter() - start, 2)


def _latencies(arguments: argparse.Namespace, bundle: Path, reporter: Reporter) -> dict[str, Any]:
    """Every round gives each runtime the same picture in turn, so that a busy moment of the
    machine meets both."""
    from engine.inference.predictor import load_predictor

    predictors = {name: load_predictor(bundle, name) for name in ("openvino", "torch")}
    manifest = predictors["openvino"].manifest
    pictures = _pictures(arguments.data, manifest.input_size)
    for predictor in predictors.values():
        for picture in pictures[:WARM_UP]:
            predictor.predict(picture)
    times: dict[str, list[float]] = {name: [] for name in predictors}
    branches: Counter[str] = Counter()
    for index in range(arguments.rounds):
        reporter.progress("bench", index, arguments.rounds)
        if reporter.cancelled():
            raise EngineError("cancelled", "The measurement was cancelled.")
        picture = pictures[index % len(pictures)]
        for name, predictor in predictors.items():
            start = time.perf_counter()
            answer = predictor.predict(picture)
            times[name].append(1e3 * (time.perf_counter() - start))
        if answer.branch is not None:
            branches[answer.branch] += 1
    reporter.progress("bench", arguments.rounds, arguments.rounds)
    latency = {
        name: {
            "median_ms": round(float(np.median(values)), 3),
            "p95_ms": round(float(np.quantile(values, 0.95)), 3),
        }
        for name, values in times.items()
    }
    ratios = np.array(times["torch"]) / np.array(times["openvino"])
    return {
        "bundle": manifest.bundle_id,
        "bank": manifest.data_counts.get("bank"),
        "input_size": manifest.input_size,
        "rounds": arguments.rounds,
        "branches": dict(branches),
        "latency": latency,
        "torch_over_openvino": round(float(np.median(ratios)), 3),
    }


def _pictures(data: Path | None, size: int) -> list[NDArray[np.uint8]]:
    """Pictures at the model's size: the data set's, else noise (the time is the same)."""
    from engine.data.images import read_image, resize_for_model

    if data is None:
        random = np.random.default_rng(0)
        return [random.integers(0, 256, (size, size, 3), np.uint8) for _ in range(8)]
    from engine.data.layout import load_dataset

    samples = load_dataset(data).samples[:16]
    return [resize_for_model(read_image(sample.path), size) for sample in samples]


def _load() -> float | None:
    """Other programs' load on the machine, which a reader of the figures must know."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def _show(result: dict[str, Any]) -> None:
    if "teach_s" in result:
        print(f"teaching: {result['teach_s']:.1f} s, start-up and export included")
    size = result["input_size"]
    print(f"one {size} px picture, uint8 in, score and map out, bank of {result['bank']}:")
    for name, figures in result["latency"].items():
        print(f"  {name}: median {figures['median_ms']:.1f} ms, p95 {figures['p95_ms']:.1f} ms")
    print(f"  torch / openvino: {result['torch_over_openvino']:.2f} (median of {result['rounds']})")
    if result["branches"]:
        ways = ", ".join(f"{name} {count}" for name, count in sorted(result["branches"].items()))
        print(f"  branches of the cascade: {ways}")
    print(f"{result['cores']} cores, load {result['load']} at the start")
