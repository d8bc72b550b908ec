"""CSV export: formulas stay text, the file is whole or absent, reviews are in it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from store_support import NOON, make_part

from db.errors import StoreError
from qc_station.domain.verdict import Label, Review
from qc_station.services.export import COLUMNS, safe_cell, write_csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_become_text(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


def test_other_text_stays_as_it_is() -> None:
    assert safe_cell("câble = 3") == "câble = 3"
    assert safe_cell(None) == safe_cell("") == ""


def test_rows_have_the_review_and_open_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    part = make_part(
        1,
        detail='two\nlines, "quoted"',
        score=-1.5,
        serial="=SN-1",
        review=Review(Label.DEFECT, "=cmd()", "@Eva", NOON),
    )
    assert write_csv([part], path) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["review_class_name"] == "'=cmd()" and rows[0]["reviewer"] == "'@Eva"
    assert rows[0]["serial"] == "'=SN-1"
    assert rows[0]["detail"] == part.detail and rows[0]["score"] == "-1.5"
    assert rows[0]["reviewed_at_utc"] == "2026-11-22T12:00:00.000+00:00"


def test_a_cancelled_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    path.write_text("old")

    def cancel(_done: int, _total: int) -> None:
        raise InterruptedError

    with pytest.raises(StoreError):
        write_csv((make_part(n) for n in range(600)), path, 600, cancel)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
