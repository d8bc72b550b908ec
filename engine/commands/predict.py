"""qc-engine predict: pictures in; table, CSV, JSON, heatmaps and explanations out. Must not know
the models."""

from __future__ import annotations

import argparse
import csv
import dataclasses
import sys
from pathlib import Path
from typing import Any

from engine.bundle import Manifest
from engine.commands.explaining import Judged, add_explain_arguments, asked, explain
from engine.commands.reporting import Reporter, add_report_arguments, run_reported
from engine.errors import EngineError
from engine.inference.predictor import DEVICES, Prediction
from engine.spreadsheet import safe_cell

NAME = "predict"
HELP = "Judge pictures or folders of pictures."
COLUMNS = (
    "path", "verdict", "reason", "score", "p_value", "ok_limit", "ng_limit",
    "class_name", "class_confidence", "latency_ms", "model_id",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="pictures or folders")
    parser.add_argument("--bundle", type=Path, required=True, help="model bundle folder")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--csv", type=Path, help="write the table to this file too")
    parser.add_argument("--heatmaps", type=Path, help="write heatmap PNGs into this folder")
    add_explain_arguments(parser)
    add_report_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge and report."""
    return run_reported(arguments, lambda reporter: _predict(arguments, reporter), _show)


def _predict(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    from engine.data.images import read_image
    from engine.inference.predictor import load_predictor

    explaining = asked(arguments)
    pictures = _find_pictures(arguments.paths)
    heatmaps, drawings = _output_files(arguments, pictures)
    predictor = load_predictor(arguments.bundle, arguments.device)
    manifest, device = predictor.manifest, predictor.device_name
    if explaining is not None:
        explaining.check(manifest)
    judged: list[Judged] = []
    problems: list[dict[str, str]] = []
    for done, (path, _) in enumerate(pictures):
        reporter.progress("predict", done, len(pictures))
        if reporter.cancelled():
            raise EngineError("cancelled", "Judging was cancelled.")
        try:
            prediction = predictor.predict(read_image(path))
        except EngineError as error:
            problems.append({"code": error.code, "path": str(path), "message": str(error)})
            continue
        row = _row(path, prediction, manifest)
        judged.append(Judged(path, row, drawings[done] if drawings else None))
        if heatmaps:
            _write_heatmap(heatmaps[done], prediction, manifest)
            row["heatmap"] = str(heatmaps[done])
    reporter.progress("predict", len(pictures), len(pictures))
    predictor.close()
    if not judged:
        raise _nothing_read(problems)
    rows = [part.row for part in judged]
    if arguments.csv is not None:
        _write_csv(arguments.csv, rows)
    if explaining is not None:
        problems += explain(judged, explaining, arguments.bundle, arguments.device, reporter)
    return {
        "model_id": manifest.bundle_id,
        "device": device,
        "pictures": rows,
        "problems": problems,
    }


def _nothing_read(problems: list[dict[str, str]]) -> EngineError:
    first = problems[0]["message"]
    if len(problems) > 1:
        first = f"None of the {len(problems)} pictures could be read. The first: {first}"
    return EngineError("no_pictures", first, problems=problems)


def _find_pictures(paths: list[Path]) -> list[tuple[Path, Path]]:
    """Every picture with the relative path under which is written what is drawn of it."""
    from engine.data.images import list_images

    found: list[tuple[Path, Path]] = []
    for path in paths:
        if path.is_dir():
            found += [(p, p.relative_to(path)) for p in list_images(path, recursive=True)]
        elif path.is_file():
            found.append((path, Path(path.name)))
        else:
            raise EngineError("path_missing", f"{path} does not exist.", path=str(path))
    if not found:
        raise EngineError(
            "no_pictures", f"There is no picture in {', '.join(str(p) for p in paths)}."
        )
    return found


def _output_files(
    arguments: argparse.Namespace, pictures: list[tuple[Path, Path]]
) -> tuple[list[Path], list[Path]]:
    """The heatmap file and the explanation file of each picture; empty where none are wanted.
    Raises EngineError *_over_pictures, explanations_over_heatmaps."""
    heatmaps = _drawing_files(arguments.heatmaps, pictures, "heatmap")
    explanations = _drawing_files(arguments.explanations, pictures, "explanation")
    taken = {_folded(file) for file in heatmaps}
    for file in explanations:
        if _folded(file) in taken:
            raise EngineError(
                "explanations_over_heatmaps",
                f"The heatmap and the explanation of a picture would both be {file}; choose "
                "different folders.",
                path=str(file),
            )
    return heatmaps, explanations


def _drawing_files(folder: Path | None, pictures: list[tuple[Path, Path]], what: str) -> list[Path]:
    """The file of each picture in ``folder``; empty without one.

    A drawing has its picture's name. Where several pictures would have the same one (in whatever
    case, for Windows), all but the first are numbered: part.png, part-2.png. Raises EngineError
    heatmaps_over_pictures or explanations_over_pictures where a picture itself would be
    overwritten.
    """
    if folder is None:
        return []
    wanted = [relative.with_suffix(".png") for _, relative in pictures]
    taken = {str(name).casefold() for name in wanted}  # a number never takes another's own name
    first: set[str] = set()
    names: list[Path] = []
    for name in wanted:
        number, free = 1, name
        if str(name).casefold() in first:
            while str(free).casefold() in taken:
                number += 1
                free = name.with_stem(f"{name.stem}-{number}")
            taken.add(str(free).casefold())
        first.add(str(name).casefold())
        names.append(folder / free)
    sources = {path.resolve() for path, _ in pictures}
    for file in names:
        if file.resolve() in sources:
            raise EngineError(
                "heatmaps_over_pictures" if what == "heatmap" else "explanations_over_pictures",
                f"The {what} {file} would overwrite a picture; choose another folder.",
                path=str(file),
            )
    return names


def _folded(file: Path) -> str:
    return str(file.resolve()).casefold()


def _row(path: Path, prediction: Prediction, manifest: Manifest) -> dict[str, Any]:
    return {
        "path": str(path),
        "verdict": prediction.verdict,
        "reason": prediction.reason,
        "score": prediction.score,
        "p_value": prediction.p_value,
        "ok_limit": manifest.limits.ok,
        "ng_limit": manifest.limits.ng,
        "class_name": prediction.class_name,
        "class_confidence": prediction.class_confidence,
        "regions": [dataclasses.asdict(region) for region in prediction.regions],
        "heatmap": None,
        "explanation": None,
        "latency_ms": round(prediction.latency_ms, 3),
        "branch": prediction.branch,
        "model_id": manifest.bundle_id,
    }


def _write_heatmap(file: Path, prediction: Prediction, manifest: Manifest) -> None:
    import cv2

    from engine.inference.predictor import heatmap_u8

    file.parent.mkdir(parents=True, exist_ok=True)
    plane = heatmap_u8(prediction, manifest)
    done, data = cv2.imencode(
        ".png", cv2.cvtColor(cv2.applyColorMap(plane, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2BGRA)
    )
    if not done:
        raise EngineError("heatmap_unwritable", f"The heatmap {file} could not be encoded.")
    file.write_bytes(data.tobytes())


def _write_csv(file: Path, rows: list[dict[str, Any]]) -> None:
    """UTF-8 with a byte order mark for spreadsheets; cells that would be formulas are quoted."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.DictWriter(stream, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: safe_cell(row[name]) for name in COLUMNS})


def _show(result: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{result['model_id']} on {result['device']}")
    explained = any(row["explanation"] for row in result["pictures"])
    headings = ("picture", "verdict", "score", "p", "class", "ms")
    for heading in (*headings, "evidence at") if explained else headings:
        table.add_column(heading, overflow="fold")
    for row in result["pictures"]:
        table.add_row(
            row["path"],
            row["verdict"],
            f"{row['score']:.4f}",
            f"{row['p_value']:.3f}",
            row["class_name"] or "",
            f"{row['latency_ms']:.1f}",
            *([_place(row["explanation"])] if explained else []),
        )
    Console().print(table)
    for problem in result["problems"]:
        print(f"qc-engine: {problem['message']}", file=sys.stderr)


def _place(explanation: dict[str, Any] | None) -> str:
    """Where the evidence is highest, from the left and from the top of the picture."""
    if explanation is None:
        return ""
    peak = explanation["peak"]
    return f"{peak['x']:.0%}, {peak['y']:.0%}" if peak else "nowhere"
