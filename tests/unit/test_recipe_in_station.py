"""An assembled station follows the recipe of the product that it inspects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from store_support import make_part

from qc_station.assembly import Station
from qc_station.domain.frame import Frame
from qc_station.domain.recipe import DefectClass, Recipe, RecipeError, Storage
from qc_station.domain.recipe_fields import Keep
from qc_station.domain.roi import Roi
from qc_station.domain.triggers import TriggerMode
from qc_station.options import Options
from qc_station.services.manifest import LibraryError
from qc_station.settings.paths import StationPaths


@pytest.fixture
def station(qapp: QApplication, tmp_path: Path) -> Iterator[Station]:
    """A station with two products, "cable" in inspection; nothing of it runs."""
    made = Station(Options(), StationPaths(tmp_path / "home").ensure())
    made.recipes.create("cable", f"folder:{tmp_path}/cable")
    made.recipes.create("bottle", f"folder:{tmp_path}/bottle")
    made.recipes.choose("cable")
    yield made
    made.close()


def add_model(station: Station, name: str, product: str) -> str:
    folder = station.paths.models / name
    folder.mkdir()
    manifest: dict[str, object] = {
        "bundle_id": name, "model": "patch_memory", "product": product, "classes": [],
        "created_at": "2026-11-25T10:00:00+00:00",
        "limits": {"ok": 2.0, "ng": 3.0, "method": "good", "ok_rate": 0.05, "ng_rate": 0.01},
        "calibration": {"n_good": 200, "n_defect": 0}, "metrics": {}, "parent": None,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return station.library.register(folder, recipe=product).model_id


def pace(station: Station) -> tuple[TriggerMode, int, float, int]:
    service = station.station
    return (
        service.trigger_mode, service.interval_ms, service._deadline_s, service.stop_after_ng,
    )  # fmt: skip


def test_a_revision_of_the_inspected_product_counts_at_once(
    station: Station, tmp_path: Path
) -> None:
    own = pace(station)
    camera = f"folder:{tmp_path}/other"
    station.recipes.revise(
        "cable", "faster line", trigger=TriggerMode.TIMER, interval_ms=125, deadline_ms=400,
        stop_after_ng=4, camera=camera,
    )  # fmt: skip
    assert pace(station) == (TriggerMode.TIMER, 125, 0.4, 4)
    assert station.capture.address == camera
    station.recipes.revise("cable", "as everywhere", trigger=None, interval_ms=None)
    assert pace(station) == (own[0], own[1], 0.4, 4)


def test_a_revision_of_another_product_waits_for_the_change_over(station: Station) -> None:
    own = pace(station)
    station.recipes.revise("bottle", "slow", interval_ms=9000)
    assert pace(station) == own
    station.recipes.choose("bottle")
    assert station.station.interval_ms == 9000
    assert station.capture.address.endswith("/bottle")
    station.recipes.choose("cable")
    assert pace(station) == own


def test_what_a_person_sets_on_the_station_is_its_own_until_a_recipe_says_otherwise(
    station: Station,
) -> None:
    station.recipes.revise("bottle", "slow", interval_ms=9000)
    station.station.set_trigger(TriggerMode.KEY, 50)
    station.recipes.choose("bottle")
    assert (station.station.trigger_mode, station.station.interval_ms) == (TriggerMode.KEY, 9000)
    station.recipes.choose("cable")
    assert (station.station.trigger_mode, station.station.interval_ms) == (TriggerMode.KEY, 50)


def test_the_area_of_a_model_is_kept_with_it(station: Station) -> None:
    folder = station.paths.models / "m-1"
    plain = station.library.get(add_model(station, "m-0", "cable"))
    add_model(station, "m-1", "bottle")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"bundle_id": "m-2", "settings": {"fit": "letterbox@0.25,0,0.5,1"}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    station.library.register(folder, recipe="cable")
    narrow = station.library.get("m-2")
    assert plain is not None and narrow is not None
    assert (plain.roi, narrow.roi) == (None, Roi(0.25, 0.0, 0.5, 1.0))


def test_a_picture_to_draw_on_comes_from_the_camera_or_from_the_log(
    station: Station, qtbot: QtBot
) -> None:
    got: list[object] = []
    station.newest_picture("bottle", got.append)
    qtbot.waitUntil(lambda: len(got) == 1)
    assert got == [None]
    pixels = np.full((8, 8, 3), 7, np.uint8)
    part = make_part(1, recipe="bottle")
    station.verdict_log.record(part, Frame(1, pixels, part.captured_at, 0.0, "fake:"), None)
    assert station.verdict_log.flush()
    station.newest_picture("bottle", got.append)
    qtbot.waitUntil(lambda: len(got) == 2)
    assert np.array_equal(got[1], pixels)  # type: ignore[arg-type]
    live = np.full((8, 8, 3), 9, np.uint8)
    station.capture.live.put(Frame(2, live, part.captured_at, 0.0, "fake:"))
    station.newest_picture("cable", got.append)
    assert np.array_equal(got[2], live)  # type: ignore[arg-type]


def test_revisions_and_change_overs_are_in_the_audit(station: Station) -> None:
    station.recipes.revise("bottle", "slow", interval_ms=9000)
    station.recipes.choose("bottle")
    station.recipes.choose("bottle")
    events = [
        (event.actor, event.action, event.subject) for event in reversed(station.audit.newest(2))
    ]
    assert events == [
        ("station", "recipe.revised", "bottle"), ("station", "recipe.changed_over", "bottle"),
    ]  # fmt: skip


def test_classes_of_the_inspected_recipe_can_be_answered_before_any_part_had_them(
    station: Station,
) -> None:
    classes = (DefectClass("cut", "Cut", "Coupure"), DefectClass("good", "Fine", "Bon"))
    station.recipes.revise("cable", "names", classes=classes)
    station.recipes.revise("bottle", "names", classes=(DefectClass("chip"),))
    assert station.review.class_names() == ["cut"]


def test_the_storage_rule_of_the_inspected_product_reaches_the_log(station: Station) -> None:
    station.recipes.revise("cable", "keep less", storage=Storage(Keep.NOT_OK, days=7))
    assert station.verdict_log._rules["cable"] == Storage(Keep.NOT_OK, days=7)
    assert station.recipes.days_kept() == {"cable": 7}


def test_a_pinned_model_inspects_and_no_other_can_be_activated(station: Station) -> None:
    first, second = add_model(station, "m-1", "cable"), add_model(station, "m-2", "cable")
    station.library.activate(second, "Eva")
    station.recipes.revise("cable", "approved by the customer", model_id=first)
    active = station.library.active("cable")
    assert active is not None and active.model_id == first
    with pytest.raises(LibraryError) as error:
        station.library.activate(second, "Eva")
    assert error.value.code == "model_pinned"
    with pytest.raises(LibraryError) as error:
        station.library.rollback("cable", "Eva")
    assert error.value.code == "model_pinned"
    station.recipes.revise("cable", "no longer", model_id=None)
    assert station.library.activate(second, "Eva").active


def test_a_pinned_model_that_is_gone_is_said_and_the_active_one_stays(station: Station) -> None:
    first = add_model(station, "m-1", "cable")
    station.library.activate(first, "Eva")
    told: list[str] = []
    station.model_refused.connect(lambda code, _sentence: told.append(code))
    station.recipes.revise("cable", "from another station", model_id="never-here")
    assert told == ["unknown_model"]
    active = station.library.active("cable")
    assert active is not None and active.model_id == first


def test_a_headless_run_keeps_its_own_pace(qapp: QApplication, tmp_path: Path) -> None:
    station = Station(Options(headless=True), StationPaths(tmp_path / "home").ensure())
    try:
        station.recipes.create("cable", f"folder:{tmp_path}/cable")
        station.recipes.choose("cable")
        kept: Recipe = station.recipes.revise("cable", "by hand", trigger=TriggerMode.KEY)
        assert kept.trigger is TriggerMode.KEY
        assert station.station.trigger_mode is TriggerMode.FOLDER
    finally:
        station.close()


def test_no_change_over_while_pictures_of_a_product_are_taken(station: Station) -> None:
    station.library.activate(add_model(station, "m-1", "cable"), "Eva")
    station.learning.begin_collection("cable", 20)
    with pytest.raises(RecipeError) as error:
        station.recipes.choose("bottle")
    assert error.value.code == "product_held"
    assert station.capture.address.endswith("/cable")
    station.learning.cancel()
    station.recipes.choose("bottle")
    assert station.recipes.current == "bottle"
