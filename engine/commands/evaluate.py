"""qc-engine evaluate: a bundle and labelled pictures in, figures with intervals out. No torch."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported
from engine.inference.predictor import DEVICES

NAME = "evaluate"
HELP = "Measure a model on labelled pictures."
STAGES = {"evaluate": 8.0, "metrics": 4.0}  # usual shares of the time, for the time left
IMAGE_ROWS = {
    "auroc": "AUROC",
    "ap": "average precision",
    "f1_max": "F1-max (any threshold)",
    "f1": "F1 at the OK limit",
    "precision": "precision at the OK limit",
    "recall": "recall at the OK limit",
    "specificity": "specificity at the OK limit",
    "accuracy": "accuracy at the OK limit",
}
PIXEL_ROWS = {
    "auroc": "pixel AUROC",
    "aupro": "AUPRO@0.3",
    "ap": "pixel AP",
    "f1_max": "pixel F1-max",
}
THRESHOLD_ROWS = {"pro": "PRO", "iou": "IoU", "dice": "Dice"}
VERDICT_ROWS = {
    "escape": "escape: defects called OK",
    "overkill": "overkill: good parts called NG",
    "good_not_ok": "good parts called NG or REVIEW",
    "review": "all parts sent to REVIEW",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--bundle", type=Path, required=True, help="model bundle folder")
    parser.add_argument("--data", type=Path, required=True, help="data set folder or snapshot.json")
    parser.add_argument(
        "--subset",
        choices=("test", "held_out"),
        help="pictures to measure on (default: held_out of a snapshot, else test)",
    )
    parser.add_argument("--device", choices=DEVICES, default="auto")
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and report."""
    return run_reported(arguments, lambda reporter: _evaluate(arguments, reporter), show, STAGES)


def _evaluate(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from engine.data.layout import load_dataset
    from engine.evaluation.report import evaluate_bundle

    dataset = load_dataset(arguments.data)
    return evaluate_bundle(
        arguments.bundle,
        dataset,
        arguments.subset,
        arguments.device,
        reporter.progress,
        reporter.cancelled,
    )


def show(result: dict[str, Any]) -> None:
    """Print a report as tables for a reader."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    counts, latency = result["counts"], result["latency_ms"]
    percent = round(100 * result["confidence"])
    console.print(f"{result['bundle']} on {result['device']}", highlight=False)
    console.print(
        f"{result['data']}, {result['dataset']['subset']}: {counts['evaluated']} pictures "
        f"({counts['good']} good, {counts['defect']} defective, {counts['skipped']} skipped)",
        highlight=False,
    )
    table = Table(title=f"Figures with {percent} % intervals")
    for heading in ("figure", "value", "low", "high", "pictures", "remark"):
        numbers = heading not in ("figure", "remark")
        table.add_column(heading, justify="right" if numbers else "left")
    threshold = result["pixel"]["at_region_threshold"]
    for rows, figures in (
        (IMAGE_ROWS, result["image"]),
        (PIXEL_ROWS, result["pixel"]),
        ({k: f"{v} at the region threshold" for k, v in THRESHOLD_ROWS.items()}, threshold),
        (VERDICT_ROWS, result["verdicts"]),
    ):
        for key, title in rows.items():
            table.add_row(title, *_cells(figures[key]))
        table.add_section()
    console.print(table)
    console.print(_class_table(result["classes"]))
    verdicts = ", ".join(f"{name} {result['verdicts'][name]}" for name in ("OK", "REVIEW", "NG"))
    console.print(
        f"Verdicts: {verdicts}. Latency of one picture: median {latency['median']:.1f} ms, "
        f"95 % below {latency['p95']:.1f} ms.",
        highlight=False,
    )
    for problem in result["problems"]:
        console.print(f"- {problem['message']}", highlight=False, markup=False)


def _class_table(classes: dict[str, Any]) -> Any:
    from rich.table import Table

    table = Table(title="Classes")
    for heading in ("class", "images", "OK", "REVIEW", "NG", "recall", "image AUROC", "AUPRO@0.3"):
        is_name = heading == "class"
        table.add_column(heading, justify="left" if is_name else "right", no_wrap=is_name)
    for name, facts in classes.items():
        said = facts["verdicts"]
        table.add_row(
            name,
            str(facts["images"]),
            *(str(said[verdict]) for verdict in ("OK", "REVIEW", "NG")),
            *(_short(facts.get(key)) for key in ("recall", "auroc", "aupro")),
        )
    return table


def _cells(figure: dict[str, Any]) -> tuple[str, str, str, str, str]:
    remark = figure.get("reason") or ("no spread" if figure.get("note") else "")
    numbers = [_number(figure[key]) for key in ("value", "low", "high")]
    return (*numbers, str(figure["n"]), remark)  # type: ignore[return-value]


def _short(figure: dict[str, Any] | None) -> str:
    """Value and interval in one cell; empty where the class has no such figure."""
    if figure is None or figure["value"] is None:
        return ""
    if figure["low"] is None:
        return _number(figure["value"])
    return f"{figure['value']:.3f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
