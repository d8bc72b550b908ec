"""A model that cannot be loaded must not become the active one, whatever the library was told."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from qc_station.assembly import Station
from qc_station.domain.state import StateReason, StationState
from qc_station.options import Options
from qc_station.settings.paths import StationPaths


def damaged_copy(bundle: Path) -> Path:
    """Another version of the bundle, whole by its manifest, with one byte of the weights wrong."""
    copy = bundle.with_name("patch_memory-20270101T000000Z-deadbeef")
    shutil.copytree(bundle, copy)
    text = json.dumps(json.loads((copy / "manifest.json").read_text()) | {"bundle_id": copy.name})
    (copy / "manifest.json").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    (copy / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
    weights = bytearray((copy / "weights.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "weights.safetensors").write_bytes(bytes(weights))
    return copy


def test_a_damaged_model_is_refused_and_the_one_before_stays_active(
    qtbot: QtBot, station_home: Path, small_bottle: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(station_home, home, ignore=shutil.ignore_patterns("station.lock"))
    station = Station(
        Options(home=home, data=small_bottle, headless=True), StationPaths.resolve(home).ensure()
    )
    try:
        with qtbot.waitSignal(station.supervisor.model_loaded, timeout=60_000) as loaded:
            station.begin()
        before = loaded.args[0].model_id
        damaged = station.library.register(
            damaged_copy(home / "models" / before), recipe="bottle", taught_from=str(small_bottle)
        )
        with qtbot.waitSignal(station.model_refused, timeout=30_000) as refused:
            station.library.activate(damaged.model_id, "maintainer")
        assert refused.args[0] == "bundle_damaged"
        active = station.library.active("bottle")
        assert active is not None and active.model_id == before
        assert station.supervisor.loaded_model is not None
        assert station.supervisor.loaded_model.model_id == before
    finally:
        station.close()


def test_another_product_is_never_judged_by_the_model_before(
    qtbot: QtBot, station_home: Path, small_bottle: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(station_home, home, ignore=shutil.ignore_patterns("station.lock"))
    station = Station(
        Options(home=home, data=small_bottle, headless=True), StationPaths.resolve(home).ensure()
    )
    try:
        with qtbot.waitSignal(station.supervisor.model_loaded, timeout=60_000):
            station.begin()
        station.recipes.create("gear", f"folder:{small_bottle / 'test'}")
        station.recipes.set_current("gear")
        assert station.supervisor.loaded_model is None
        qtbot.wait(500)
        shown = (station.station.state, station.station.state_reason)
        assert shown == (StationState.NOT_INSPECTING, StateReason.NO_MODEL)
        station.recipes.set_current("bottle")
        qtbot.waitUntil(lambda: station.supervisor.loaded_model is not None, timeout=30_000)
    finally:
        station.close()
