"""qc-engine export: a bundle's model as one ONNX file, a cascade as three. Must not know torch.

A cascade is two graphs of which the second is not always run, and what joins them: FILE.onnx joins
the outputs of FILE.fast.onnx, which says of each part whether it is skipped, and FILE.expert.onnx.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.reporting import add_report_arguments, run_reported

if TYPE_CHECKING:
    from engine.bundle import Bundle

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
    from engine.models import cascade

    bundle = load_bundle(arguments.bundle)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    if bundle.manifest.model == cascade.NAME:
        return _export_cascade(bundle, arguments.out, arguments.open_inputs)
    facts = _write(bundle, arguments.out, arguments.open_inputs)
    return {"bundle": bundle.manifest.bundle_id, **facts}


def _write(
    bundle: Bundle, out: Path, open_inputs: bool, graph: bytes | None = None
) -> dict[str, Any]:
    """Write a graph (the bundle's unless given) and say what it takes and gives."""
    from engine.inference.graph import bake_inputs, output_names
    from engine.inference.outputs import graph_inputs

    graph = bundle.onnx_path.read_bytes() if graph is None else graph
    values = graph_inputs(bundle)
    inputs = ["pixels", *values] if open_inputs else ["pixels"]
    out.write_bytes(graph if open_inputs else bake_inputs(graph, values))
    return {
        "path": str(out.absolute()),
        "bytes": out.stat().st_size,
        "inputs": inputs,
        "outputs": output_names(graph),
    }


def _export_cascade(bundle: Bundle, out: Path, open_inputs: bool) -> dict[str, Any]:
    from engine.inference.cascade_graph import JOIN_INPUTS, JOIN_OUTPUTS, with_skip
    from engine.inference.graph import bake_inputs
    from engine.inference.outputs import NOVELTY_SCORES, graph_inputs
    from engine.models.cascade import EXPERT, FAST, CascadeRule

    rule = CascadeRule.from_manifest(bundle.manifest.settings)
    fast, expert = bundle.part(FAST), bundle.part(EXPERT)
    skipping = with_skip(fast.onnx_path.read_bytes(), rule, fast.tensors[NOVELTY_SCORES])
    parts = {
        FAST: _write(fast, _beside(out, FAST), open_inputs, skipping),
        EXPERT: _write(expert, _beside(out, EXPERT), open_inputs),
    }
    limits = {"limits": graph_inputs(bundle)["limits"]}
    joining = bundle.onnx_path.read_bytes()
    out.write_bytes(joining if open_inputs else bake_inputs(joining, limits))
    inputs = [name for name in JOIN_INPUTS if open_inputs or name not in limits]
    return {
        "bundle": bundle.manifest.bundle_id,
        "path": str(out.absolute()),
        "bytes": out.stat().st_size,
        "inputs": inputs,
        "outputs": list(JOIN_OUTPUTS),
        "parts": parts,
    }


def _beside(out: Path, part: str) -> Path:
    return out.with_name(f"{out.stem}.{part}{out.suffix}")


def _show(result: dict[str, Any]) -> None:
    for facts in result.get("parts", {}).values():
        _show(facts)
    print(f"{result['path']}: {result['bytes'] / 1e6:.1f} MB, inputs {', '.join(result['inputs'])}")
