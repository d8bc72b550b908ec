"""The station as a script uses it, with the real engine process, on real pictures."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def rows(database: Path) -> list[dict[str, Any]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM inspections ORDER BY part_number").fetchall()
    return [dict(row) for row in found]


def test_every_verdict_in_the_log_is_that_of_predict(
    run: Run, station_home: Path, small_bottle: Path
) -> None:
    logged = rows(station_home / "station.sqlite3")
    bundle = station_home / "models" / logged[0]["model_id"]
    done = run("engine", "predict", "--bundle", str(bundle), str(small_bottle / "test"), "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    predicted = {Path(p["path"]).resolve(): p for p in json.loads(done.stdout)["pictures"]}
    assert len(logged) == len(predicted)
    for row in logged:
        other = predicted[Path(row["source"]).resolve()]
        assert row["verdict"] == other["verdict"]
        assert row["score"] == pytest.approx(other["score"], rel=1e-5)
        assert row["model_id"] == other["model_id"]


def test_every_part_has_its_picture_on_disk(station_home: Path) -> None:
    logged = rows(station_home / "station.sqlite3")
    assert len({row["part_number"] for row in logged}) == len(logged)
    for row in logged:
        assert (station_home / "images" / row["image_path"]).is_file() or (
            station_home / row["image_path"]
        ).is_file()


def test_second_start_inspects_without_teaching_again(
    run: Run, station_home: Path, small_bottle: Path
) -> None:
    models = sorted(path.name for path in (station_home / "models").iterdir())
    done = run(
        "qc_station", "--home", str(station_home), "--data", str(small_bottle), "--headless",
        "--quit-after", "3",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert sorted(path.name for path in (station_home / "models").iterdir()) == models


def test_missing_data_folder_is_one_sentence_and_exit_2(run: Run, tmp_path: Path) -> None:
    done = run(
        "qc_station", "--home", str(tmp_path / "home"), "--data", str(tmp_path / "nowhere"),
        "--headless", "--quit-after", "1",
    )  # fmt: skip
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
