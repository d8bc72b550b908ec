"""qc-engine split: a data set in, its division for supervised training out. No torch."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported

NAME = "split"
HELP = "Divide a data set into training, validation and test."
SUBSET_WORDS = {"train": "training", "calibration": "validation", "held_out": "test"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--data", type=Path, required=True, help="data set folder or snapshot.json")
    parser.add_argument(
        "--out", type=Path, help="JSON file to write; left out: check the division in --data"
    )
    parser.add_argument(
        "--fractions",
        default="60,20,20",
        metavar="T,V,E",
        help="%% for training, validation and test, default 60,20,20",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--group-by",
        choices=("part", "stem", "none"),
        default="part",
        help="pictures that stay together: of one part id (default), or of one file name",
    )
    add_report_arguments(parser, progress=False)


def run(arguments: argparse.Namespace) -> int:
    """Divide and report."""
    return run_reported(arguments, lambda reporter: _split(arguments, reporter), _show)


def _split(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from engine.data.layout import load_dataset
    from engine.data.split import (
        changed_pictures,
        split_dataset,
        split_hash,
        subset_counts,
        write_split,
    )
    from engine.errors import EngineError

    dataset = load_dataset(arguments.data)
    if arguments.out is None and dataset.layout != "snapshot":
        raise EngineError(
            "split_out_missing",
            f"{arguments.data} is not divided yet; say with --out where to write its division.",
            path=str(arguments.data),
        )
    if arguments.out is None:
        division = dataset
        problems = dataset.problems + changed_pictures(dataset)
    else:
        division = split_dataset(
            dataset, parse_fractions(arguments.fractions), arguments.seed, arguments.group_by
        )
        write_split(division, arguments.out)
        problems = division.problems
    return {
        "path": str((arguments.out or arguments.data).absolute()),
        "written": arguments.out is not None,
        "pictures": len(division.samples),
        "classes": list(division.classes),
        "counts": subset_counts(division),
        "split_hash": split_hash(division),
        "problems": [
            {"code": p.code, "path": str(p.path), "message": p.sentence} for p in problems
        ],
    }


def parse_fractions(text: str) -> tuple[float, ...]:
    """Shares of 1 from "60,20,20". Raises EngineError fractions_wrong."""
    from engine.errors import EngineError

    try:
        return tuple(float(part) / 100.0 for part in text.split(","))
    except ValueError as error:
        raise EngineError(
            "fractions_wrong",
            f"The fractions {text!r} are no division into training, validation and test; give "
            "three percentages that add up to 100, such as 60,20,20.",
            fractions=text,
        ) from error


def _show(result: dict[str, Any]) -> None:
    what = "divided into" if result["written"] else "checked:"
    print(f"{result['pictures']} pictures {what} {result['path']}")
    for subset, counts in result["counts"].items():
        listed = ", ".join(f"{label} {count}" for label, count in counts.items())
        print(f"  {SUBSET_WORDS[subset]:<11} {sum(counts.values()):>5}  {listed}")
    print(f"split {result['split_hash'][:16]}")
    for problem in result["problems"]:
        print(f"- {problem['message']}")
