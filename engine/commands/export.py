"""qc-engine export: a bundle's model as one ONNX file. Must not know torch."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from engine.commands.reporting import add_report_arguments, run_reported

NAME = "export"
HELP = "Write a model as one ONNX file."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--bundle", type=Path, required=True, help="model bundle folder")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    parser.add_argument(
        "--open-inputs",
        action="store_true",
        help="keep bank, prototypes and limits as inputs of the graph instead of constants",
    )
    add_report_arguments(parser, progress=False)


def run(arguments: argparse.Namespace) -> int:
    """Export and report."""
    return run_reported(arguments, lambda _reporter: _export(arguments), _show)


def _export(arguments: argparse.Namespace) -> dict[str, Any]:
    from engine.bundle import load_bundle
    from engine.inference.graph import bake_inputs
    from engine.inference.outputs import graph_inputs

    bundle = load_bundle(arguments.bundle)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    values = graph_inputs(bundle)
    if arguments.open_inputs:
        shutil.copyfile(bundle.onnx_path, arguments.out)
        inputs = ["pixels", *values]
    else:
        arguments.out.write_bytes(bake_inputs(bundle.onnx_path.read_bytes(), values))
        inputs = ["pixels"]
    return {
        "bundle": bundle.manifest.bundle_id,
        "path": str(arguments.out.absolute()),
        "bytes": arguments.out.stat().st_size,
        "inputs": inputs,
        "outputs": ["score", "class_prob", "anomaly_map", "embedding", "verdict"],
    }


def _show(result: dict[str, Any]) -> None:
    print(f"{result['path']}: {result['bytes'] / 1e6:.1f} MB, inputs {', '.join(result['inputs'])}")
