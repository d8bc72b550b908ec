"""Writes parts as CSV that a spreadsheet shows and never runs. No SQL, no widgets."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from db.errors import as_store_error
from qc_station.domain.verdict import Inspection

COLUMNS = (
    "inspection_id",
    "part_number",
    "serial",
    "captured_at_utc",
    "decided_at_utc",
    "verdict",
    "reason",
    "detail",
    "class_name",
    "class_confidence",
    "score",
    "p_value",
    "ok_limit",
    "ng_limit",
    "latency_ms",
    "recipe",
    "lot",
    "model_id",
    "camera",
    "source",
    "truth",
    "regions",
    "image_path",
    "heatmap_path",
    "review_label",
    "review_class_name",
    "reviewer",
    "reviewed_at_utc",
    "override_verdict",
    "override_reason",
    "override_by",
    "override_at_utc",
    "golden_check",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_PROGRESS_EVERY = 500


def write_csv(
    parts: Iterable[Inspection],
    path: Path,
    total: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """One row per part, UTF-8 with BOM, comma-separated; rows written.

    The file appears whole or not at all. ``progress(done, total)`` may raise to cancel.
    """
    part_file = path.with_name(path.name + ".part")
    count = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part_file.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(COLUMNS)
                for count, part in enumerate(parts, start=1):
                    writer.writerow(_row(part))
                    if progress and count % _PROGRESS_EVERY == 0:
                        progress(count, max(count, total))
                file.flush()
                os.fsync(file.fileno())
            part_file.replace(path)
        except BaseException:
            part_file.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise as_store_error(error) from error
    if progress:
        progress(count, count)
    return count


def keep_file(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all; StoreError when that is not possible. Any thread."""
    part_file = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part_file.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part_file.replace(path)
        except BaseException:
            part_file.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise as_store_error(error) from error


def safe_cell(text: str | None) -> str:
    """Text that no spreadsheet takes for a formula: a leading apostrophe where it would."""
    if not text:
        return ""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _row(part: Inspection) -> list[str]:
    review, override = part.review, part.override
    return [
        safe_cell(part.inspection_id),
        str(part.part_number),
        safe_cell(part.serial),
        _time(part.captured_at),
        _time(part.decided_at),
        part.verdict.value,
        part.reason.value,
        safe_cell(part.detail),
        safe_cell(part.class_name),
        _number(part.class_confidence),
        _number(part.score),
        _number(part.p_value),
        _number(part.ok_limit),
        _number(part.ng_limit),
        _number(part.latency_ms),
        safe_cell(part.recipe),
        safe_cell(part.lot),
        safe_cell(part.model_id),
        safe_cell(part.camera),
        safe_cell(part.source),
        safe_cell(part.truth),
        str(len(part.regions)),
        safe_cell(part.image_path),
        safe_cell(part.heatmap_path),
        review.label.value if review else "",
        safe_cell(review.class_name) if review else "",
        safe_cell(review.reviewer) if review else "",
        _time(review.reviewed_at) if review else "",
        override.verdict.value if override else "",
        safe_cell(override.reason) if override else "",
        safe_cell(override.author) if override else "",
        _time(override.at) if override else "",
        safe_cell(part.golden_check),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
