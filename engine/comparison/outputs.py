"""The comparison as CSV and Markdown. Must not know HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from engine.comparison.sentences import header_lines, result_sentences
from engine.comparison.tables import Cell, Table, all_tables
from engine.comparison.words import Words
from engine.evaluation.composite import SCENARIOS
from engine.spreadsheet import safe_cell

CSV_COLUMNS = ("section", "model", "item", "figure", "mean", "sd", "low", "high", "n", "seeds")


def to_csv(comparison: Mapping[str, Any]) -> str:
    """Every figure in a row of its own, with a byte order mark for spreadsheets. ``item`` is the
    defect type or class. Text cells that a spreadsheet would run begin with an apostrophe."""
    stream = io.StringIO()
    stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(CSV_COLUMNS)
    for model, facts in comparison["models"].items():
        for section, item, name, figure in _figures(comparison, model, facts):
            values = [figure.get(key) for key in ("mean", "sd", "low", "high", "n", "seeds")]
            text = [safe_cell(cell) for cell in (section, model, item, name)]
            writer.writerow([*text, *("" if value is None else value for value in values)])
    return stream.getvalue()


def to_markdown(comparison: Mapping[str, Any], words: Words) -> str:
    """All tables, below what they were measured on and with."""
    header = comparison["header"]
    parts = [f"# {words('of', name=header['name'])}", ""]
    lines = header_lines(header, words)
    parts += [f"- {words('pair', name=title, value=value)}" for title, value in lines]
    parts += ["", *result_sentences(comparison, words), ""]
    for table in all_tables(comparison, words):
        parts += [f"## {table.title}", "", *_markdown_rows(table), ""]
        parts += [line for note in table.notes for line in (note, "")]
    return "\n".join(parts).rstrip() + "\n"


def _figures(
    comparison: Mapping[str, Any], model: str, facts: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """(section, item, name, figure) of one model."""
    for scenario in SCENARIOS:
        yield "composite", "", scenario, comparison["composite"]["scores"][model][scenario]
    groups: dict[str, Mapping[str, Any]] = {
        "image": facts["image"],
        "pixel": facts["pixel"]["at_threshold"],
        "pixel_curves": facts["pixel"]["curves"],
        "verdicts": facts["verdicts"],
        "cost": facts["cost"],
    }
    if facts["multiclass"] is not None:
        groups["multiclass"] = facts["multiclass"]
    for section, group in groups.items():
        for name, value in group.items():
            if isinstance(value, dict) and "mean" in value:
                yield section, "", name, value
            elif section == "cost" and isinstance(value, int | float):
                yield section, "", name, {"mean": value}
    items: dict[str, Mapping[str, Any]] = {"type": facts["types"]}
    if facts["multiclass"] is not None:
        items["class"] = facts["multiclass"]["per_class"]
    for section, entries in items.items():
        for item, group in entries.items():
            for name, value in group.items():
                if isinstance(value, dict):
                    yield section, item, name, value


def _markdown_rows(table: Table) -> Iterator[str]:
    yield _line(table.columns)
    numbers = len(table.columns) - table.labels
    yield _line(["---"] * table.labels + ["---:"] * numbers)
    for row in table.rows:
        yield _line([_markdown(cell) for cell in row])


def _markdown(cell: Cell) -> str:
    text = f"**{cell.text}**" if cell.best else cell.text
    return f"{text}<br>{cell.detail}" if cell.detail else text


def _line(cells: Any) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
