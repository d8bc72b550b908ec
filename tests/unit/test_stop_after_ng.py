"""The stop after NG parts in a row follows the product's recipe in an assembled station."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.options import Options
from qc_station.settings.paths import StationPaths


@pytest.mark.parametrize("headless", [False, True])
def test_the_product_and_its_newest_revision_decide(
    tmp_path: Path, qtbot: QtBot, headless: bool
) -> None:
    station = Station(Options(headless=headless), StationPaths(tmp_path / "home").ensure())
    try:
        station.recipes.create("cable", "demo:")
        station.recipes.create("bottle", "demo:")
        station.recipes.revise("cable", "scrap is dear", stop_after_ng=4)
        service = station.station
        service.set_stop_after_ng(9)
        station.recipes.choose("cable")
        assert service.stop_after_ng == (9 if headless else 4), "nobody goes on after a pause"
        station.recipes.choose("bottle")
        assert service.stop_after_ng == 9, "as the settings say"
        station.recipes.revise("bottle", "tried", stop_after_ng=2)
        assert service.stop_after_ng == (9 if headless else 2), "at once"
    finally:
        station.close()
