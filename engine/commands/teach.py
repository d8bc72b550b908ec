"""qc-engine teach: a data folder in, a model bundle out. Must not know how teaching works."""

from __future__ import annotations

import argparse
import dataclasses
import os
import time
from pathlib import Path
from typing import Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

NAME = "teach"
HELP = "Teach a model from pictures of good parts, and of labelled defects where there are some."
# Usual shares of the time on two cores, for the estimate of the time left.
STAGES = {"read": 4.0, "features": 8.0, "memory": 3.0, "folds": 14.0, "probe": 8.0, "export": 3.0}
MODELS = ("auto", "patch_memory", "patch_probe")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--data", type=Path, required=True, help="data set folder or snapshot.json")
    parser.add_argument("--out", type=Path, required=True, help="bundle folder to write")
    parser.add_argument(
        "--model",
        choices=MODELS,
        default="auto",
        help="patch_memory learns from good parts alone, patch_probe from labelled defects too; "
        "auto (default) is patch_probe where at least five defects are labelled",
    )
    parser.add_argument("--product", help="product name (default: the data folder's)")
    parser.add_argument("--parent", help="id of the bundle that this one follows")
    parser.add_argument("--input-size", type=int, default=256, help="pixels, default 256")
    parser.add_argument(
        "--area",
        metavar="X,Y,W,H",
        help="the part of every picture that the model looks at, as fractions (default: all)",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--weights", default="auto", metavar="auto|none|hub|FILE")
    parser.add_argument("--coreset", type=float, default=2.0, help="%% of patches kept, default 2")
    parser.add_argument(
        "--ok-rate", type=float, default=5.0, help="%% of good parts above the OK limit, default 5"
    )
    parser.add_argument(
        "--ng-rate",
        type=float,
        default=0.5,
        help="%% of good parts above the NG limit, default 0.5",
    )
    parser.add_argument(
        "--escape-rate",
        type=float,
        default=5.0,
        help="%% of defects at or below the OK limit, where defects are labelled, default 5",
    )
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Teach and report."""
    return run_reported(arguments, lambda reporter: _teach(arguments, reporter), _show, STAGES)


def _teach(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    start = time.perf_counter()
    from engine.bundle import check_bundle_path
    from engine.data.images import WHOLE, Area, fit_within
    from engine.data.layout import load_dataset
    from engine.errors import EngineError

    area = Area.parse(arguments.area) if arguments.area else WHOLE

    for option in ("coreset", "ok_rate", "ng_rate", "escape_rate"):
        percent = getattr(arguments, option)
        if not 0.0 < percent < 100.0:
            name = option.replace("_", "-")
            raise EngineError(
                "option_out_of_range",
                f"--{name} {percent:g} is out of range; give a percentage between 0 and 100.",
                option=name,
            )
    dataset = load_dataset(arguments.data)  # before torch: bad input is refused at once
    check_bundle_path(arguments.out)
    reporter.progress("read", 0, max(len(dataset.samples), 1))
    # Read by OpenMP when torch is imported. Teaching shares the cores with inspection: threads
    # that spin while they wait for each other tripled the processor time on busy cores.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from engine.models.patch_memory import PatchMemorySettings
    from engine.training.patch_probe import teach_best, teach_probe
    from engine.training.teach import TeachOptions, teach

    graph = PatchMemorySettings(input_size=arguments.input_size)
    options = TeachOptions(
        product=arguments.product,
        parent=arguments.parent,
        seed=arguments.seed,
        device=arguments.device,
        weights=arguments.weights,
        coreset_share=arguments.coreset / 100.0,
        ok_rate=arguments.ok_rate / 100.0,
        ng_rate=arguments.ng_rate / 100.0,
        escape_rate=arguments.escape_rate / 100.0,
        graph=dataclasses.replace(graph, fit=fit_within(graph.fit, area)),
    )
    work = {"auto": teach_best, "patch_memory": teach, "patch_probe": teach_probe}[arguments.model]
    manifest = work(dataset, arguments.out, options, reporter.progress, reporter.cancelled)
    return {
        "bundle": manifest.bundle_id,
        "model": manifest.model,
        "path": str(arguments.out.absolute()),
        "product": manifest.product,
        "classes": list(manifest.classes),
        "limits": dataclasses.asdict(manifest.limits),
        "calibration": manifest.calibration,
        "data_counts": manifest.data_counts,
        "metrics": manifest.metrics,
        "seconds": round(time.perf_counter() - start, 2),
        "problems": [
            {"code": p.code, "path": str(p.path), "message": p.sentence} for p in dataset.problems
        ],
    }


def _show(result: dict[str, Any]) -> None:
    limits, facts = result["limits"], result["calibration"]
    claim = facts["supported"]["overkill"]
    print(f"{result['bundle']} written to {result['path']} in {result['seconds']:.1f} s")
    print(f"taught on {facts['n_good']} good and {facts['n_defect']} defective pictures")
    print(f"OK up to {limits['ok']:.4g}, NG above {limits['ng']:.4g}, REVIEW in between")
    print(
        f"{claim['parts']} good parts support a rate of {100 * claim['rate']:.2g} % "
        f"({100 * claim['rate_at_confidence']:.2g} % at 95 % confidence)"
    )
    for kind in ("ok", "ng"):
        if not limits[f"{kind}_supported"]:
            print(f"the {kind.upper()} limit's rate is not supported by so few: an extrapolation")
    for problem in result["problems"]:
        print(f"- {problem['message']}")
