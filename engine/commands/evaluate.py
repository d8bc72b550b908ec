"""qc-engine evaluate: a bundle and labelled pictures in, figures with intervals out. No torch."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.commands.reporting import Reporter, add_report_arguments, run_reported
from engine.inference.predictor import DEVICES

PROTOCOLS = ("one-class", "supervised", "all")
NAME = "evaluate"
HELP = "Measure a model on labelled pictures."
STAGES = {"evaluate": 8.0, "metrics": 4.0}  # usual shares of the time, for the time left
IMAGE_ROWS = {
    "auroc": "AUROC",
    "ap": "average precision",
    "f1_max": "F1-max (any threshold)",
}
FROZEN_ROWS = ("f1", "precision", "recall", "specificity", "accuracy")
MULTICLASS_ROWS = {
    "auroc_ovr_macro": "class AUROC, one against the rest, macro",
    "f1_macro": "class F1, macro",
    "f1_weighted": "class F1, weighted",
    "accuracy": "class accuracy",
}
PIXEL_ROWS = {
    "auroc": "pixel AUROC",
    "aupro": "AUPRO@0.3",
    "ap": "pixel AP",
    "f1_max": "pixel F1-max",
}
THRESHOLD_ROWS = {"pro": "PRO", "iou": "IoU", "dice": "Dice"}
OTSU_ROWS = {"f1": "F1", "precision": "precision", "recall": "recall"}
OTSU_PIXEL_ROWS = THRESHOLD_ROWS | {"precision": "pixel precision", "recall": "pixel recall"}
TYPE_COLUMNS = {"recall": "recall", "precision": "precision", "f1": "F1", "pro": "PRO"}
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
    parser.add_argument(
        "--protocol",
        choices=PROTOCOLS,
        help="one-class: test/ as it is; supervised: what the bundle's own split kept for "
        "testing; all: every picture of test/ or of the folder (default: supervised for a bundle "
        "with a split, else one-class)",
    )
    parser.add_argument(
        "--arrays",
        type=Path,
        metavar="FILE.npz",
        help="write scores, probabilities, embeddings and example maps for figures",
    )
    parser.add_argument("--device", choices=DEVICES, default="auto")
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and report."""
    return run_reported(arguments, lambda reporter: _evaluate(arguments, reporter), show, STAGES)


def _evaluate(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from engine.data.layout import load_dataset
    from engine.evaluation.report import EvaluateOptions, evaluate_bundle

    dataset = load_dataset(arguments.data)
    return evaluate_bundle(
        arguments.bundle,
        dataset,
        EvaluateOptions(arguments.protocol, arguments.subset, arguments.arrays),
        arguments.device,
        reporter.progress,
        reporter.cancelled,
    )


def show(result: dict[str, Any]) -> None:
    """Print a report as tables for a reader."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    counts = result["counts"]
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
    for rows, figures in _sections(result):
        for key, title in rows.items():
            table.add_row(title, *_cells(figures[key]))
        table.add_section()
    console.print(table)
    if "cascade" in result:
        console.print(_branch_table(result["cascade"]))
    console.print(_class_table(result["classes"]))
    if counts["defect"]:
        console.print(_type_table(result["classes"]))
    if result["multiclass"] is not None:
        console.print(_head_table(result["multiclass"]))
    for line in _lines(result):
        console.print(line, highlight=False, markup=False)


def _sections(result: dict[str, Any]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Titles by key and the figures that they belong to."""
    validated = result["threshold"]["source"] == "validation"
    where = "at the validation threshold" if validated else "at the OK limit"
    frozen = {key: f"{'F1' if key == 'f1' else key} {where}" for key in FROZEN_ROWS}
    at_regions = {key: f"{title} at the region threshold" for key, title in THRESHOLD_ROWS.items()}
    sections = [
        (IMAGE_ROWS | frozen, result["image"]),
        (PIXEL_ROWS, result["pixel"]),
        (at_regions, result["pixel"]["at_region_threshold"]),
        (VERDICT_ROWS, result["verdicts"]),
    ]
    if result["multiclass"] is not None:
        sections.insert(1, (MULTICLASS_ROWS, result["multiclass"]))
    for level, rows in (("image", OTSU_ROWS), ("pixel", OTSU_PIXEL_ROWS)):
        at_otsu = result[level].get("at_otsu_threshold")
        if at_otsu is not None:
            titles = {key: f"{title} at Otsu's threshold" for key, title in rows.items()}
            sections.append((titles, at_otsu))
    return sections


def _lines(result: dict[str, Any]) -> list[str]:
    """What is said below the tables."""
    latency, composite = result["latency_ms"], result["composite"]
    verdicts = ", ".join(f"{name} {result['verdicts'][name]}" for name in ("OK", "REVIEW", "NG"))
    lines = [
        f"Verdicts: {verdicts}. Latency of one picture: median {latency['median']:.1f} ms, "
        f"95 % below {latency['p95']:.1f} ms.",
        " ".join(
            filter(
                None,
                [
                    f"Composite score: {_number(composite['score'])}.",
                    *composite["notes"],
                    composite["reason"],
                ],
            )
        ),
        _claims(result["calibration"]["limits"]),
    ]
    if "cascade" in result:
        lines.append(_saving(result["cascade"]))
    binary = result["calibration"]["binary"]
    if binary is not None:
        sides = [(name, binary[name]) for name in ("before", "after") if binary[name]]
        figures = "; ".join(
            f"{name} NLL {_number(q['nll'])}, Brier {_number(q['brier'])}, ECE {_number(q['ece'])}"
            for name, q in sides
        )
        lines.append(f"Confidence, temperature {_number(binary['temperature'])}: {figures}.")
    return lines + [f"- {problem['message']}" for problem in result["problems"]]


def _claims(limits: dict[str, Any]) -> str:
    tightest = limits["escape"]["tightest"], limits["overkill"]["tightest"]
    return (
        f"Behind the limits stood {limits['defects']} calibration defects and {limits['goods']} "
        f"goods: they support no escape rate below {tightest[0]:.1%} and no overkill rate below "
        f"{tightest[1]:.1%}."
    )


def _branch_table(cascade: dict[str, Any]) -> Any:
    """Which parts took which branch of a cascade, and how long that took."""
    table = _table("Branches of the cascade", "fast", "fused", "share of the fast branch")
    for name, counts in cascade["classes"].items():
        table.add_row(name or "unlabelled", str(counts["fast"]), str(counts["fused"]), "")
    table.add_section()
    for name, figure in cascade["fast_share"].items():
        table.add_row(name.replace("_", " "), "", "", _short(figure))
    table.add_row("defects that the fast branch let go", "", "", _short(cascade["escapes"]))
    table.add_section()
    for key in ("mean", "median"):
        cells = (_ms(cascade["latency_ms"][branch][key]) for branch in ("fast", "fused"))
        table.add_row(f"{key} latency, ms", *cells, "")
    return table


def _saving(cascade: dict[str, Any]) -> str:
    """The time saved, in a sentence."""
    times, saved = cascade["latency_ms"], cascade["saved"]
    both, alone = saved["against_both_models"], saved["against_expert_alone"]
    return (
        f"Time: the fast model takes {_ms(times['fast_alone']['median'])} ms, the expert "
        f"{_ms(times['expert_alone']['median'])} ms. Against both models for every part "
        f"{_percent(both['of_all_parts'])} is saved, of good parts "
        f"{_percent(both['of_good_parts'])}; against the expert alone "
        f"{_percent(alone['of_all_parts'])}, of good parts {_percent(alone['of_good_parts'])} "
        f"(that takes a fast branch of more than {_percent(cascade['break_even'])})."
    )


def _class_table(classes: dict[str, Any]) -> Any:
    """Verdicts and areas of each class."""
    table = _table("Classes", "images", "OK", "REVIEW", "NG", "image AUROC", "AUPRO@0.3")
    for name, facts in classes.items():
        said = facts["verdicts"]
        counts = (facts["images"], *(said[verdict] for verdict in ("OK", "REVIEW", "NG")))
        areas = (_short(facts.get(key)) for key in ("auroc", "aupro"))
        table.add_row(name, *map(str, counts), *areas)
    return table


def _type_table(classes: dict[str, Any]) -> Any:
    """What the frozen thresholds give for each defect type."""
    table = _table("Defect types at the thresholds", *TYPE_COLUMNS.values())
    for name, facts in classes.items():
        if "f1" in facts:
            table.add_row(name, *(_short(facts[key]) for key in TYPE_COLUMNS))
    return table


def _head_table(multiclass: dict[str, Any]) -> Any:
    """How the pictures of each class were answered."""
    table = _table("Class", "images", "precision", "recall", "F1")
    for name, facts in multiclass["per_class"].items():
        figures = (_short(facts[key]) for key in ("precision", "recall", "f1"))
        table.add_row(name, str(facts["support"]), *figures)
    return table


def _table(title: str, *headings: str) -> Any:
    """An empty table with a column for the class and right-aligned ones."""
    from rich.table import Table

    table = Table(title=title)
    table.add_column("class", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _cells(figure: dict[str, Any]) -> tuple[str, str, str, str, str]:
    remark = figure.get("reason") or ("no spread" if figure.get("note") else "")
    numbers = [_number(figure[key]) for key in ("value", "low", "high")]
    return (*numbers, str(figure["n"]), remark)  # type: ignore[return-value]


def _short(figure: dict[str, Any] | None) -> str:
    """Value and interval in one cell; empty where the class has no such figure."""
    if figure is None or figure["value"] is None:
        return ""
    if figure["low"] is None or figure.get("note"):
        return f"{figure['value']:.3f} (no spread)"
    return f"{figure['value']:.3f} [{figure['low']:.2f}, {figure['high']:.2f}]"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
