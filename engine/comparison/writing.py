"""The files that a comparison leaves: JSON, CSV, Markdown, HTML. Must not know how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.comparison.outputs import to_csv, to_markdown
from engine.comparison.page import to_html
from engine.comparison.plan import write_json, write_text
from engine.comparison.result import Finished
from engine.comparison.words import Words

JSON_FILE, CSV_FILE, TABLES_FILE = "comparison.json", "comparison.csv", "tables.md"


def write_outputs(
    out: Path,
    comparison: dict[str, Any],
    finished: Sequence[Finished],
    languages: Sequence[str],
) -> list[Path]:
    """Write everything and return the files. The Markdown tables are English. Raises OSError."""
    write_json(out / JSON_FILE, comparison)
    write_text(out / CSV_FILE, to_csv(comparison))
    write_text(out / TABLES_FILE, to_markdown(comparison, Words("en")))
    pages = [_write_page(out, comparison, finished, language) for language in languages]
    return [*pages, out / JSON_FILE, out / CSV_FILE, out / TABLES_FILE]


def _write_page(
    out: Path, comparison: Mapping[str, Any], finished: Sequence[Finished], language: str
) -> Path:
    file = out / f"report-{language}.html"
    write_text(file, to_html(comparison, finished, Words(language)))
    return file
