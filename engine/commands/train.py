"""qc-engine train: a data set in, a trained bundle out. Must not know how training works."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

if TYPE_CHECKING:
    from engine.bundle import Manifest
    from engine.data.layout import Dataset
    from engine.training.config import TrainConfig

NAME = "train"
HELP = "Train any model, with labelled defects or from good parts alone."
# Usual shares of the time, for the estimate of the time left.
STAGES = {"read": 3.0, "train": 90.0, "calibrate": 3.0, "export": 4.0}
MEMORY_STAGES = {"read": 4.0, "features": 8.0, "folds": 14.0, "memory": 3.0, "export": 3.0}
HYBRID_STAGES = {"read": 3.0, "memory": 4.0, "folds": 5.0, "train": 84.0, "export": 4.0}
CASCADE_STAGES = {
    **{f"fast_{stage}": 0.35 * weight for stage, weight in STAGES.items()},
    **{f"expert_{stage}": 0.55 * weight for stage, weight in HYBRID_STAGES.items()},
    **{"guard": 3.0, "calibrate": 5.0, "export": 2.0},
}
NAMED = 4  # tensors that a sentence names
PROBE_STAGES = MEMORY_STAGES | {"probe": 12.0}
STAGES_OF = {
    "patch_memory": MEMORY_STAGES,
    "patch_probe": PROBE_STAGES,
    "hybrid": HYBRID_STAGES,
    "cascade": CASCADE_STAGES,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--model", required=True, metavar="NAME", help="for example resnet50")
    parser.add_argument(
        "--data", type=Path, required=True, help="data set folder, or a snapshot or split file"
    )
    parser.add_argument("--out", type=Path, required=True, help="bundle folder to write")
    parser.add_argument(
        "--protocol",
        choices=("one-class", "supervised"),
        help="learn from good parts alone, or from labelled defects (default: what the model is "
        "made for)",
    )
    parser.add_argument("--epochs", type=int, help="at most this many (default 50)")
    parser.add_argument("--seed", type=int, help="the same seed gives the same model (default 0)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--devices", type=int, default=1, metavar="N", help="train in N processes, one a GPU"
    )
    parser.add_argument(
        "--weights",
        metavar="auto|none|hub|FILE",
        help="where training starts: packaged ImageNet weights, from scratch where there are none "
        "(auto, default), always from scratch (none), a download (hub), or a file of the same "
        "architecture; cnn_custom and autoencoder have no pre-trained part and take no file",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file of all settings")
    parser.add_argument("--input-size", type=int, help="pixels (default 224)")
    parser.add_argument("--product", help="product name (default: the data folder's)")
    parser.add_argument("--parent", help="id of the bundle that this one follows")
    parser.add_argument(
        "--restart", action="store_true", help="begin anew where a checkpoint is left"
    )
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Train and report. Of several processes only the first reports, but each its errors."""
    stages = STAGES_OF.get(arguments.model, STAGES)
    if int(os.environ.get("RANK", "0")) > 0:
        arguments.progress, arguments.json = "none", False
        return run_reported(arguments, lambda reporter: _train(arguments, reporter), _show_nothing)
    return run_reported(arguments, lambda reporter: _train(arguments, reporter), _show, stages)


def _train(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    start = time.perf_counter()
    from engine.bundle import check_bundle_path
    from engine.data.layout import load_dataset
    from engine.errors import EngineError
    from engine.training.request import Request, begin_anew

    config = _config(arguments)
    dataset = load_dataset(arguments.data)  # before torch: bad input is refused at once
    check_bundle_path(arguments.out)
    if arguments.devices < 1:
        raise EngineError(
            "option_out_of_range",
            f"--devices {arguments.devices} is out of range; give 1 or more.",
            option="devices",
        )
    inside = "WORLD_SIZE" in os.environ
    if arguments.restart and not inside:
        begin_anew(arguments.out)
    if arguments.devices > 1 and not inside:
        from engine.training.launch import check_devices, launch

        check_devices(config.model, arguments.devices)  # else each process would refuse
        _check_weights(config)
        line = _worker_line(arguments)
        result = launch(line, arguments.devices, reporter.progress, reporter.cancelled)
        return result | {"seconds": round(time.perf_counter() - start, 2)}
    reporter.progress("read", 0, max(len(dataset.samples), 1))
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # see teach
    # cuBLAS reads it when CUDA starts; without it its sums differ from run to run.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    from engine.training.train import train

    request = Request(
        dataset, arguments.out, config, arguments.product, arguments.parent, arguments.device
    )
    manifest = train(request, reporter.progress, reporter.cancelled)
    if manifest is None:
        return {}
    return _result(manifest, arguments.out, dataset, time.perf_counter() - start)


def _config(arguments: argparse.Namespace) -> TrainConfig:
    from engine.training.config import config_for

    return config_for(
        arguments.model,
        arguments.config,
        protocol=arguments.protocol,
        epochs=arguments.epochs,
        seed=arguments.seed,
        weights=arguments.weights,
        data__input_size=arguments.input_size,
    )


def _check_weights(config: TrainConfig) -> None:
    if config.weights != "auto":  # which needs no torch here
        from engine.models.registry import check_weights

        check_weights(config.model, config.weights)


def _worker_line(arguments: argparse.Namespace) -> list[str]:
    """The same command line for each of several processes."""
    line = ["train", "--progress", "jsonl", "--device", arguments.device]
    for option in (
        *("model", "data", "out", "protocol", "epochs", "seed", "weights", "config"),
        *("input_size", "product", "parent"),
    ):
        value = getattr(arguments, option)
        if value is not None:
            line.append(f"--{option.replace('_', '-')}={value}")
    return line


def _result(manifest: Manifest, out: Path, dataset: Dataset, seconds: float) -> dict[str, Any]:
    import dataclasses

    facts = manifest.training
    return {
        "bundle": manifest.bundle_id,
        "path": str(out.absolute()),
        "product": manifest.product,
        "model": manifest.model,
        "protocol": facts.get("protocol"),
        "classes": list(manifest.classes),
        "epochs": facts.get("epochs"),
        "best_epoch": facts.get("best_epoch"),
        "stopped": facts.get("stopped"),
        "seconds": round(seconds, 2),
        "training_seconds": facts.get("training_seconds"),
        "seconds_per_epoch": facts.get("seconds_per_epoch"),
        "peak_memory_mb": facts.get("peak_memory_mb"),
        "device": facts.get("device"),
        "processes": facts.get("processes", 1),
        "weights": facts.get("weights"),
        "validation": facts.get("validation") or manifest.metrics,
        "limits": dataclasses.asdict(manifest.limits),
        "threshold": manifest.threshold,
        "data_counts": manifest.data_counts,
        "problems": [
            {"code": p.code, "path": str(p.path), "message": p.sentence} for p in dataset.problems
        ],
    }


def _show(result: dict[str, Any]) -> None:
    print(f"{result['bundle']} written to {result['path']} in {result['seconds']:.1f} s")
    counts = result["data_counts"]
    print(f"trained on {counts['good']} good and {counts['defect']} defective pictures")
    if result["epochs"]:
        print(
            f"{result['epochs']} epochs of {result['seconds_per_epoch']:.2f} s on "
            f"{result['device']}; the best was epoch {result['best_epoch']}"
        )
    for line in _weights_lines(result["weights"]):
        print(line)
    shown = {
        name: value for name, value in result["validation"].items() if isinstance(value, float)
    }
    if shown:
        print("validation: " + ", ".join(f"{name} {value:.4g}" for name, value in shown.items()))
    limits = result["limits"]
    print(f"OK up to {limits['ok']:.4g}, NG above {limits['ng']:.4g}, REVIEW in between")
    for problem in result["problems"]:
        print(f"- {problem['message']}")


def _weights_lines(facts: dict[str, Any] | None) -> list[str]:
    """Where the weights come from, what there is to know of them, and which did not fit."""
    if facts is None:  # a model that says nothing of them
        return []
    if facts["used"] == "none":
        lines = ["weights: none, trained from scratch"]
    else:
        filled = f"{facts['matched']} of {facts['wanted']} tensors filled"
        lines = [f"weights: {facts['used']}, {facts['source']}, {filled}"]
    if facts["unmatched"]:
        names = facts["unmatched"]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        lines.append(f"- tensors that did not fit: {', '.join(names[:NAMED])}{more}")
    if facts["note"]:
        lines.append(f"- {facts['note']}")
    return lines


def _show_nothing(_: dict[str, Any]) -> None:
    """The first process has shown it."""
