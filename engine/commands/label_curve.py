"""qc-engine label-curve: a data set in, the worth of expert labels out. Knows no training."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

if TYPE_CHECKING:
    from engine.training.config import TrainConfig

NAME = "label-curve"
HELP = "Measure what more expert labels bring."
STAGES = {"runs": 1.0}  # its share is that of the time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--data", type=Path, required=True, help="data set folder or split file")
    parser.add_argument("--out", type=Path, required=True, help="folder of points, tables, figure")
    parser.add_argument("--model", default="hybrid", metavar="NAME", help="default hybrid")
    parser.add_argument(
        "--labels",
        default="0,5,10,25,50,100,all",
        metavar="N,N,…",
        help="numbers of labelled defects (default 0,5,10,25,50,100,all); 0 is added for the "
        "queue, whose first order it gives, and left out for models that need defects",
    )
    parser.add_argument(
        "--orders",
        default="random,queue",
        help="in which the expert labels: random, queue (the review queue's) or both",
    )
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="runs, default 3")
    parser.add_argument("--first-seed", type=int, default=0, help="the others follow it, default 0")
    parser.add_argument("--epochs", type=int, help="at most this many (default 50)")
    parser.add_argument("--input-size", type=int, help="pixels (default: the model's own)")
    parser.add_argument("--group-by", choices=("part", "stem", "none"), help="default part")
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file of all settings")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--language", choices=("en", "fr", "both"), default="en", help="of the page"
    )
    parser.add_argument(
        "--no-report",
        action="store_true",
        help="measure and write no table or page: for several processes that share --out",
    )
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and report."""
    return run_reported(arguments, lambda reporter: _draw(arguments, reporter), _show, STAGES)


def _draw(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    start = time.perf_counter()
    from engine.data.layout import load_dataset

    dataset = load_dataset(arguments.data)  # before torch: bad input is refused at once
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # see teach
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # see train
    from engine.comparison.label_curve import draw_curve
    from engine.comparison.label_plan import CurveOptions, parse_labels, plan_curve
    from engine.comparison.progress import Watch

    labels, everything = parse_labels(arguments.labels)
    orders = tuple(word.strip() for word in arguments.orders.split(",") if word.strip())
    options = CurveOptions(
        arguments.out,
        _config(arguments),
        labels,
        everything,
        orders,
        arguments.seeds,
        arguments.first_seed,
    )
    plan = plan_curve(dataset, options)
    watch = Watch(reporter.progress, reporter.note, reporter.cancelled)
    curve = draw_curve(plan, arguments.device, watch)
    return curve | {
        "files": [str(file) for file in _report(arguments, curve)],
        "seconds": round(time.perf_counter() - start, 2),
    }


def _report(arguments: argparse.Namespace, curve: dict[str, Any]) -> list[Path]:
    if arguments.no_report:
        return []
    from engine.comparison.label_outputs import write_curve

    languages = ("en", "fr") if arguments.language == "both" else (arguments.language,)
    return write_curve(arguments.out.absolute(), curve, languages)


def _config(arguments: argparse.Namespace) -> TrainConfig:
    from engine.training.config import config_for

    return config_for(
        arguments.model,
        arguments.config,
        epochs=arguments.epochs,
        data__input_size=arguments.input_size,
        data__group_by=arguments.group_by,
    )


def _show(result: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from engine.comparison.label_outputs import DRAWN, notes, said
    from engine.comparison.words import Words

    words = Words("en")
    table = Table(title=said(words, "title", name=result["product"]))
    table.add_column(said(words, "order"), no_wrap=True)
    for name in ("labels", *DRAWN):
        table.add_column(said(words, name), justify="right", min_width=13)
    for order, points in result["curves"].items():
        for point in points:
            shown = (words.spread(point["figures"][name]) for name in DRAWN)
            table.add_row(said(words, order), str(point["labels"]), *shown)
    Console().print(table)
    for sentence in notes(result, words):
        print(sentence)
    for file in result["files"]:
        print(file)
