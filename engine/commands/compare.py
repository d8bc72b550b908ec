"""qc-engine compare: models by seeds in; tables, figures and one report out. Knows no training."""

from __future__ import annotations

import argparse
import os
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

if TYPE_CHECKING:
    from engine.comparison.plan import Options, Plan
    from engine.comparison.result import Finished
    from engine.comparison.runs import Outcome

NAME = "compare"
HELP = "Train and measure models side by side, and write a report."
STAGES = {"runs": 1.0}  # its share is that of the time
OPTIONS = (
    *("models", "seeds", "first_seed", "data", "out", "protocol", "epochs", "input_size"),
    *("weights", "config", "device", "language", "discard_bundles", "restart", "cost_again"),
    *("report_only", "no_report"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--models",
        nargs="+",
        default=[],
        metavar="NAME",
        help="for example resnet50 hybrid (default: all that this program trains)",
    )
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="runs a model, default 3")
    parser.add_argument("--first-seed", type=int, default=0, help="the others follow it, default 0")
    parser.add_argument(
        "--data", type=Path, required=True, help="data set folder, or a snapshot or split file"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of runs, tables and report")
    parser.add_argument(
        "--protocol",
        choices=("supervised", "one-class"),
        default="supervised",
        help="one division of the labelled pictures for all models (default), or the data set's "
        "own test folder for models that learn from good parts alone",
    )
    parser.add_argument("--epochs", type=int, help="at most this many (default 50)")
    parser.add_argument("--input-size", type=int, help="pixels (default: each model's own)")
    parser.add_argument(
        "--weights",
        metavar="auto|none|hub|FILE",
        help="where training starts, as for train; hub is for the models that have a pre-trained "
        "part, a FILE for one model compared alone (of several, give 'weights' in [models.NAME])",
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="TOML file of all settings; tables [models.NAME] hold what differs for one model",
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--language", choices=("en", "fr", "both"), default="en", help="of the HTML report"
    )
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument(
        "--keep-bundles",
        dest="discard_bundles",
        action="store_false",
        default=False,
        help="leave every trained model in its run's folder (default)",
    )
    kept.add_argument(
        "--discard-bundles",
        action="store_true",
        default=False,
        help="delete each model once it is measured",
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--restart", action="store_true", help="do finished runs again")
    again.add_argument(
        "--report-only", action="store_true", help="train nothing, report on what is finished"
    )
    again.add_argument(
        "--cost-again",
        action="store_true",
        help="train nothing, measure the cost of the models that were kept once more, one after "
        "the other: for runs that shared the machine with others",
    )
    parser.add_argument(
        "--no-report",
        action="store_true",
        help="do the runs and write no report: for several processes that share --out",
    )
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare and report. Exit code 0 as soon as one run has a result."""
    return run_reported(arguments, lambda reporter: _compare(arguments, reporter), _show, STAGES)


def _compare(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    start = time.perf_counter()
    from engine.data.layout import load_dataset

    dataset = load_dataset(arguments.data)  # before torch: bad input is refused at once
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # see teach
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # see train
    from engine.comparison.plan import make_plan
    from engine.comparison.result import compare, read_finished

    plan = make_plan(dataset, _options(arguments))
    outcomes = _outcomes(arguments, plan, reporter)
    finished = read_finished(outcomes)
    comparison = compare(plan, outcomes, finished, command_line(arguments))
    return comparison | {
        "files": [str(file) for file in _report(arguments, comparison, finished)],
        "seconds": round(time.perf_counter() - start, 2),
    }


def _report(
    arguments: argparse.Namespace, comparison: dict[str, Any], finished: Sequence[Finished]
) -> list[Path]:
    if arguments.no_report:
        return []
    from engine.comparison.writing import write_outputs

    languages = ("en", "fr") if arguments.language == "both" else (arguments.language,)
    return write_outputs(arguments.out.absolute(), comparison, finished, languages)


def _outcomes(arguments: argparse.Namespace, plan: Plan, reporter: Reporter) -> list[Outcome]:
    from engine.comparison.progress import Watch
    from engine.comparison.runs import cost_again, find_outcomes, run_all

    if arguments.report_only:
        return find_outcomes(plan)
    watch = Watch(reporter.progress, reporter.note, reporter.cancelled)
    if arguments.cost_again:
        return cost_again(plan, arguments.device, watch)
    return run_all(
        plan,
        arguments.device,
        watch,
        restart=arguments.restart,
        discard=arguments.discard_bundles,
    )


def _options(arguments: argparse.Namespace) -> Options:
    from engine.comparison.plan import Options

    names = [name for given in arguments.models for name in given.split(",") if name]
    return Options(
        out=arguments.out,
        models=tuple(names),
        seeds=arguments.seeds,
        first_seed=arguments.first_seed,
        protocol=arguments.protocol,
        config=arguments.config,
        epochs=arguments.epochs,
        input_size=arguments.input_size,
        weights=arguments.weights,
    )


def command_line(arguments: argparse.Namespace) -> str:
    """The options given, as they would be typed again."""
    line = ["qc-engine", NAME]
    for option in OPTIONS:
        value = getattr(arguments, option)
        flag = f"--{option.replace('_', '-')}"
        if value is True:
            line.append(flag)
        elif isinstance(value, list) and value:
            line += [flag, *value]
        elif isinstance(value, str | int | Path) and value is not False:
            line += [flag, str(value)]
    return shlex.join(line)


def _show(result: dict[str, Any]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from engine.comparison.sentences import result_sentences
    from engine.comparison.tables import short_table
    from engine.comparison.words import Words

    console, words = Console(), Words("en")
    short = short_table(result, words)
    shown = Table(title=short.title, box=SIMPLE, pad_edge=False)
    for place, column in enumerate(short.columns):
        numbers = place >= short.labels
        shown.add_column(column, justify="right" if numbers else "left", no_wrap=True)
    for row in short.rows:
        shown.add_row(*(cell.text.replace("\u00a0", "") for cell in row))
    console.print(shown)
    for sentence in result_sentences(result, words):
        console.print(sentence, highlight=False, markup=False)
    for one in result["runs"]:
        if one["status"] == "failed":
            print(f"- {one['model']}, seed {one['seed']} failed: {one['sentence']}")
    for file in result["files"]:
        print(file)
