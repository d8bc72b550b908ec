"""The station on real cameras and a real log: one logged answer for every trigger."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

sys.path.insert(0, str(Path(__file__).parent))

from station_rig import BAD, GOOD, LineCamera, StationRig, write_parts

from qc_station.backend.fake import FAKE_MODEL_ID, fake_outcome
from qc_station.camera.errors import CameraError
from qc_station.domain.state import EngineState, StateReason, StationState
from qc_station.domain.triggers import TriggerMode
from qc_station.domain.verdict import Reason, Verdict
from qc_station.services.image_store import ImageStore
from qc_station.services.part_flow import PartFlow

MakeRig = Callable[..., StationRig]
NG = fake_outcome(Verdict.NG, Reason.ABOVE_NG_LIMIT, 2.5)


@pytest.fixture
def make_rig(qapp: object, tmp_path: Path) -> Iterator[MakeRig]:
    rigs: list[StationRig] = []

    def make(address: str = "line", **options: object) -> StationRig:
        home = tmp_path / f"home{len(rigs)}"
        home.mkdir()
        rigs.append(StationRig(home, address, **options))  # type: ignore[arg-type]
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_parts(tmp_path / "parts", [GOOD, BAD, GOOD, BAD, GOOD])


def test_folder_gives_one_inspection_per_picture_in_sorted_order(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}")
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    assert rig.verdicts == [Verdict.OK, Verdict.NG, Verdict.OK, Verdict.NG, Verdict.OK]
    logged = rig.logged()
    assert [Path(str(part.source)).name for part in logged] == [f"{i:03}.png" for i in range(5)]
    assert [part.part_number for part in logged] == [1, 2, 3, 4, 5]
    assert {part.model_id for part in logged} == {FAKE_MODEL_ID}
    assert {part.recipe for part in logged} == {"product"}
    assert rig.why == (StationState.FINISHED, StateReason.PICTURES_EXHAUSTED)


def test_a_played_folder_is_played_again_on_request(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}")
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.resume()
    assert [part.part_number for part in rig.logged()] == list(range(1, 11))


def test_timer_never_overruns_a_folder(make_rig: MakeRig, tmp_path: Path, qtbot: QtBot) -> None:
    address = f"folder:{write_parts(tmp_path / 'many', [GOOD] * 30)}"
    rig = make_rig(address, trigger_mode=TriggerMode.TIMER, delay_ms=5, queue_capacity=1)
    with qtbot.waitSignal(rig.station.finished, timeout=20_000):
        rig.station.start()
    assert rig.verdicts == [Verdict.OK] * 30


def test_part_is_announced_only_after_it_is_in_the_log(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}")
    found: list[bool] = []
    rig.station.part_done.connect(
        lambda part: found.append(rig.log.get(part.inspection.inspection_id) is not None)
    )
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    assert found == [True] * 5


def test_part_comes_with_the_frame_that_it_was_judged_on(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}")
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    assert [int(part.frame.pixels[0, 0, 0]) for part in rig.parts] == [GOOD, BAD, GOOD, BAD, GOOD]
    assert all(part.frame.source == part.inspection.source for part in rig.parts)


def test_part_limit_finishes_after_exactly_so_many(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}?loop=1")
    rig.station.set_part_limit(7)
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    rig.station.stop()
    assert len(rig.parts) == len(rig.logged()) == 7
    assert rig.why == (StationState.FINISHED, StateReason.PART_LIMIT)


def test_unreadable_picture_is_one_part_not_inspected_with_the_file_named(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    (folder / "001.png").write_bytes(b"\x89PNG no more")
    rig = make_rig(f"folder:{folder}")
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    bad = rig.logged()[1]
    assert len(rig.logged()) == 5
    assert (bad.verdict, bad.reason) == (Verdict.NOT_INSPECTED, Reason.PICTURE_UNUSABLE)
    assert "001.png" in bad.detail and str(bad.source).endswith("001.png")
    assert bad.image_path is None


def test_key_inspects_one_part_per_press(make_rig: MakeRig, folder: Path, qtbot: QtBot) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    assert rig.station.trigger() == 1
    qtbot.waitUntil(lambda: len(rig.parts) == 1)
    qtbot.wait(60)
    assert len(rig.parts) == 1
    assert rig.station.in_flight == 0


def test_every_press_of_a_burst_is_answered_once_even_past_the_last_picture(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    numbers = [rig.station.trigger() for _ in range(7)]
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        pass
    assert sorted(part.inspection.part_number for part in rig.parts) == numbers
    assert rig.reasons.count(Reason.CAMERA_FAULT) == 2
    assert rig.station.trigger() is None


def test_parts_beyond_a_full_queue_are_not_inspected_and_logged(
    make_rig: MakeRig, tmp_path: Path, qtbot: QtBot
) -> None:
    address = f"folder:{write_parts(tmp_path / 'many', [GOOD] * 20)}"
    rig = make_rig(address, trigger_mode=TriggerMode.KEY, queue_capacity=2, delay_ms=150)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    for _ in range(10):
        rig.station.trigger()
    qtbot.waitUntil(lambda: len(rig.parts) == 10, timeout=10_000)
    assert rig.reasons.count(Reason.QUEUE_FULL) >= 5
    assert rig.verdicts.count(Verdict.OK) + rig.reasons.count(Reason.QUEUE_FULL) == 10
    assert len(rig.logged()) == 10


def test_part_that_waits_past_its_deadline_is_not_inspected(
    make_rig: MakeRig, tmp_path: Path, qtbot: QtBot
) -> None:
    address = f"folder:{write_parts(tmp_path / 'many', [GOOD] * 20)}"
    rig = make_rig(address, trigger_mode=TriggerMode.KEY, delay_ms=120, deadline_ms=200)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    for _ in range(6):
        rig.station.trigger()
    qtbot.waitUntil(lambda: len(rig.parts) == 6, timeout=10_000)
    assert Reason.DEADLINE in rig.reasons
    assert len(rig.logged()) == 6


def test_inspector_that_never_answers_does_not_hold_a_part_for_ever(
    make_rig: MakeRig, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qc_station.services.part_flow.ENGINE_GRACE_S", 0.1)
    rig = make_rig(
        f"folder:{folder}", trigger_mode=TriggerMode.KEY, delay_ms=60_000, deadline_ms=100
    )
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger()
    qtbot.waitUntil(lambda: len(rig.parts) == 1)
    assert rig.reasons == [Reason.ENGINE_FAULT]


def test_unplugged_camera_is_shown_and_its_parts_are_logged(
    make_rig: MakeRig, qtbot: QtBot
) -> None:
    camera = LineCamera()
    rig = make_rig(camera=camera, trigger_mode=TriggerMode.TIMER, interval_ms=20)
    rig.station.start()
    qtbot.waitUntil(lambda: len(rig.parts) >= 3)
    camera.plugged = False
    fault = (StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)
    qtbot.waitUntil(lambda: rig.why == fault)
    qtbot.waitUntil(lambda: rig.reasons.count(Reason.CAMERA_FAULT) >= 3)
    camera.plugged = True
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    before = len(rig.parts)
    qtbot.waitUntil(lambda: Verdict.OK in rig.verdicts[before:])
    rig.station.stop()
    assert len(rig.logged()) == len(rig.parts)


def test_folder_waits_for_an_engine_that_restarts_and_loses_no_picture(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", interval_ms=20)
    rig.station.start()
    qtbot.waitUntil(lambda: len(rig.parts) >= 2)
    rig.engine.enter(EngineState.RESTARTING)
    assert rig.why == (StationState.NOT_INSPECTING, StateReason.ENGINE_RESTARTING)
    assert rig.station.loaded_model is None
    qtbot.wait(100)
    held = len(rig.parts)
    assert held <= 3
    rig.engine.enter(EngineState.STARTING)
    rig.engine.get_ready()
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        pass
    assert len(rig.parts) == 5
    assert Verdict.NOT_INSPECTED not in rig.verdicts


def test_trigger_without_a_model_is_answered_no_model(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY, ready=False)
    rig.engine.enter(EngineState.READY, "engine_no_model")
    rig.station.start()
    no_model = (StationState.NOT_INSPECTING, StateReason.NO_MODEL)
    qtbot.waitUntil(lambda: rig.why == no_model)
    rig.station.trigger()
    qtbot.waitUntil(lambda: rig.reasons == [Reason.NO_MODEL])


def test_nothing_is_inspected_before_the_model_is_loaded(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", ready=False)
    rig.station.start()
    qtbot.wait(100)
    assert rig.parts == []
    assert rig.station.state is StationState.STARTING
    rig.engine.get_ready()
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        pass
    assert len(rig.parts) == 5


def test_paused_station_takes_no_parts(make_rig: MakeRig, folder: Path, qtbot: QtBot) -> None:
    rig = make_rig(f"folder:{folder}?loop=1", interval_ms=5)
    rig.station.start()
    qtbot.waitUntil(lambda: len(rig.parts) >= 2)
    rig.station.pause()
    assert rig.why == (StationState.PAUSED, StateReason.BY_OPERATOR)
    qtbot.waitUntil(lambda: rig.station.in_flight == 0)
    before = len(rig.parts)
    assert rig.station.trigger() is None
    qtbot.wait(60)
    assert len(rig.parts) == before
    rig.station.resume()
    qtbot.waitUntil(lambda: len(rig.parts) > before)


def test_too_many_ng_in_a_row_pause_the_station(
    make_rig: MakeRig, tmp_path: Path, qtbot: QtBot
) -> None:
    address = f"folder:{write_parts(tmp_path / 'many', [BAD, GOOD, BAD, BAD, BAD, GOOD])}"
    rig = make_rig(address, stop_after_ng=3)
    rig.station.start()
    paused = (StationState.PAUSED, StateReason.CONSECUTIVE_NG)
    qtbot.waitUntil(lambda: rig.why == paused)
    assert len(rig.parts) == 5
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.resume()
    assert len(rig.parts) == 6


@pytest.mark.parametrize(
    ("of_recipe", "stops_after"),
    [(None, 3), (2, 4), (0, None)],
    ids=["settings", "recipe", "never"],
)
def test_the_recipe_says_after_how_many_ng_parts_to_stop(
    make_rig: MakeRig, tmp_path: Path, qtbot: QtBot, of_recipe: int | None, stops_after: int | None
) -> None:
    parts = [BAD, GOOD, BAD, BAD, GOOD] if of_recipe else [BAD, BAD, BAD, BAD, GOOD]
    rig = make_rig(f"folder:{write_parts(tmp_path / 'many', parts)}", stop_after_ng=3)
    rig.station.set_recipe("product", of_recipe)
    paused = (StationState.PAUSED, StateReason.CONSECUTIVE_NG)
    rig.station.start()
    if stops_after is None:
        with qtbot.waitSignal(rig.station.finished, timeout=10_000):
            pass
        assert paused not in [(state, StateReason(why)) for state, why in rig.states]
    else:
        qtbot.waitUntil(lambda: rig.why == paused)
        assert len(rig.parts) == stops_after
        assert rig.station.ng_in_a_row == rig.station.stop_after_ng


def test_another_product_begins_to_count_ng_parts_anew(
    make_rig: MakeRig, tmp_path: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{write_parts(tmp_path / 'many', [BAD, BAD])}", stop_after_ng=3)
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    assert rig.station.ng_in_a_row == 2
    rig.station.set_recipe("product", 5)
    assert rig.station.ng_in_a_row == 2, "a new revision of the same product changes the limit only"
    rig.station.set_recipe("other")
    assert (rig.station.ng_in_a_row, rig.station.stop_after_ng) == (0, 3)


def test_counters_grow_with_each_part_and_go_on_after_a_restart(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}")
    totals: list[int] = []
    rig.station.counters_changed.connect(lambda counters: totals.append(counters.total))
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    assert totals == [0, 1, 2, 3, 4, 5]
    assert (rig.station.counters.ok, rig.station.counters.ng) == (3, 2)
    rig.station.stop()
    rig.station.start()
    assert rig.station.counters_today.total == 5


def test_numbers_go_on_where_the_log_ends(make_rig: MakeRig, folder: Path, qtbot: QtBot) -> None:
    rig = make_rig(f"folder:{folder}")
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    rig.station.set_camera(f"folder:{folder}")
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        pass
    assert [part.inspection.part_number for part in rig.parts] == list(range(1, 11))


def test_full_disk_is_shown_and_the_verdict_is_not(
    make_rig: MakeRig, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY)

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    with monkeypatch.context() as broken:
        broken.setattr("qc_station.services.image_store.os.fsync", no_space)
        rig.station.trigger()
        qtbot.waitUntil(lambda: len(rig.parts) == 1)
        assert rig.verdicts == [Verdict.NOT_INSPECTED]
        assert rig.reasons == [Reason.DISK_FULL]
        full = (StationState.NOT_INSPECTING, StateReason.DISK_FULL)
        assert rig.why == full
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING, timeout=10_000)
    rig.station.trigger()
    qtbot.waitUntil(lambda: rig.verdicts[1:] == [Verdict.NG], timeout=5000)


def test_stopping_waits_for_parts_under_way(make_rig: MakeRig, folder: Path, qtbot: QtBot) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY, delay_ms=100)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    for _ in range(3):
        rig.station.trigger()
    rig.station.stop()
    assert rig.verdicts == [Verdict.OK, Verdict.NG, Verdict.OK]
    assert rig.why == (StationState.FINISHED, StateReason.STOPPED)


def test_what_cannot_be_judged_before_the_stop_is_logged_as_interrupted(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY, delay_ms=60_000)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger()
    rig.station.stop(timeout_s=0.2)
    assert [part.reason for part in rig.logged()] == [Reason.INTERRUPTED]
    assert rig.reasons == [Reason.INTERRUPTED]


def test_teaching_from_the_camera_inspects_nothing(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", interval_ms=5)
    rig.station.set_teaching(True)
    rig.station.start()
    qtbot.wait(60)
    assert rig.parts == [] and rig.station.state is StationState.TEACHING
    assert rig.station.trigger() is None
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.set_teaching(False)


def test_script_of_outcomes_reaches_the_log_unchanged(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    outcome = replace(NG, class_name="scratch", class_confidence=0.75, detail="seen twice")
    rig = make_rig(f"folder:{folder}", script=[outcome])
    with qtbot.waitSignal(rig.station.finished, timeout=10_000):
        rig.station.start()
    first = rig.logged()[0]
    assert (first.class_name, first.class_confidence) == ("scratch", 0.75)
    assert (first.score, first.detail, first.regions) == (2.5, "seen twice", outcome.regions)


def test_a_disk_that_hangs_stops_inspection_and_says_so(
    make_rig: MakeRig, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qc_station.services.part_flow.LOG_GRACE_S", 0.1)
    write = ImageStore.write

    def slowly(store: ImageStore, *arguments: Any) -> str:
        time.sleep(1.0)
        return write(store, *arguments)

    monkeypatch.setattr(ImageStore, "write", slowly)
    rig = make_rig(f"folder:{folder}", deadline_ms=200)
    rig.station.start()
    stuck = (StationState.NOT_INSPECTING, StateReason.STORE_FAULT)
    qtbot.waitUntil(lambda: rig.why == stuck, timeout=5_000)
    qtbot.waitUntil(lambda: len(rig.parts) == 1, timeout=5_000)
    assert rig.verdicts == [Verdict.OK]


def test_parts_under_way_are_answered_when_another_product_is_chosen(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    """Another product's model must not judge them, and its name must not stand beside them."""
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY, delay_ms=60_000)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    rig.station.trigger()
    rig.station.trigger()
    qtbot.waitUntil(lambda: rig.capture.status.frames >= 2)
    rig.station.set_recipe("product")  # the same one: nothing happens
    assert rig.station.in_flight == 2 and not rig.parts
    rig.station.set_recipe("other")
    qtbot.waitUntil(lambda: len(rig.parts) == 2)
    assert {part.recipe for part in rig.logged()} == {"product"}
    assert rig.reasons == [Reason.PRODUCT_CHANGED] * 2
    assert rig.verdicts == [Verdict.NOT_INSPECTED] * 2


def test_a_serial_number_travels_from_the_trigger_to_the_log(
    make_rig: MakeRig, folder: Path, qtbot: QtBot
) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY)
    rig.station.start()
    qtbot.waitUntil(lambda: rig.station.state is StationState.INSPECTING)
    told: list[str] = []
    rig.station.next_serial_changed.connect(told.append)
    rig.station.set_next_serial(" SN-1 ")
    rig.station.set_next_serial("SN-2")
    assert rig.station.next_serial == "SN-2"
    for serial in (None, None, "SN-3"):
        rig.station.trigger(serial)
    rig.station.set_next_serial("SN-4")
    rig.station.trigger("SN-5")
    rig.station.trigger()
    qtbot.waitUntil(lambda: len(rig.parts) == 5)
    serials = [part.serial for part in sorted(rig.logged(), key=lambda part: part.part_number)]
    assert serials == ["SN-2", None, "SN-3", "SN-5", None], "a scan is for one part only"
    assert told == ["SN-1", "SN-2", "", "SN-4", ""]


class Played:
    """A camera whose last picture is gone."""

    def grab(self, callback: Callable[[object], None], _timeout_s: float) -> None:
        QTimer.singleShot(0, lambda: callback(CameraError("camera_exhausted", "No more.")))


def test_a_part_that_there_was_no_picture_for_gives_its_serial_number_back(
    qtbot: QtBot, make_rig: MakeRig
) -> None:
    rig = make_rig()
    flow = PartFlow(Played(), rig.inspector, rig.log, 8, lambda: None)  # type: ignore[arg-type]
    flow.next_serial = "SN-1"
    with qtbot.waitSignal(flow.withdrawn):
        assert flow.begin(1.0, pulled=True).serial == "SN-1"
        assert flow.next_serial is None
    assert flow.next_serial == "SN-1"


@pytest.mark.parametrize("serial", ["x" * 101, "two\nlines", "\x1b[31m"])
def test_what_cannot_be_a_serial_number_makes_no_part(
    make_rig: MakeRig, folder: Path, qtbot: QtBot, serial: str
) -> None:
    rig = make_rig(f"folder:{folder}", trigger_mode=TriggerMode.KEY)
    rig.station.start()
    with pytest.raises(ValueError, match="serial number"):
        rig.station.trigger(serial)
    with pytest.raises(ValueError, match="serial number"):
        rig.station.set_next_serial(serial)
    assert rig.station.in_flight == 0 and rig.station.next_serial == ""
