"""The rule that turns facts into what the operator is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qc_station.domain.state import (
    CameraState,
    EngineState,
    StateReason,
    StationFacts,
    StationState,
    derive_state,
    with_engine,
)

WELL = StationFacts(
    engine=EngineState.READY, camera=CameraState.RUNNING, model_loaded=True, been_ready=True
)


def test_everything_well_is_inspecting() -> None:
    assert derive_state(WELL) == (StationState.INSPECTING, StateReason.NONE)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"camera": CameraState.FAULT}, StateReason.CAMERA_FAULT),
        ({"engine": EngineState.RESTARTING}, StateReason.ENGINE_RESTARTING),
        ({"engine": EngineState.STARTING}, StateReason.ENGINE_RESTARTING),
        ({"engine": EngineState.FAILED}, StateReason.ENGINE_FAILED),
        ({"engine": EngineState.STOPPED}, StateReason.ENGINE_STOPPED),
        ({"model_loaded": False}, StateReason.NO_MODEL),
        ({"store_problem": StateReason.DISK_FULL}, StateReason.DISK_FULL),
        ({"store_problem": StateReason.STORE_FAULT}, StateReason.STORE_FAULT),
    ],
)
def test_any_fault_is_not_inspecting_with_its_reason(
    change: dict[str, object], reason: StateReason
) -> None:
    facts = replace(WELL, **change)  # type: ignore[arg-type]
    assert derive_state(facts) == (StationState.NOT_INSPECTING, reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"camera": CameraState.CONNECTING}, StateReason.CAMERA_CONNECTING),
        ({"engine": EngineState.STARTING}, StateReason.ENGINE_STARTING),
        ({"engine": EngineState.LOADING}, StateReason.MODEL_LOADING),
        ({"model_loaded": False, "model_expected": True}, StateReason.MODEL_LOADING),
    ],
)
def test_what_takes_its_time_at_the_start_is_starting(
    change: dict[str, object], reason: StateReason
) -> None:
    facts = replace(WELL, been_ready=False, **change)  # type: ignore[arg-type]
    assert derive_state(facts) == (StationState.STARTING, reason)


def test_paused_station_without_camera_says_that_it_has_no_camera() -> None:
    facts = replace(WELL, pause=StateReason.BY_OPERATOR)
    assert derive_state(facts) == (StationState.PAUSED, StateReason.BY_OPERATOR)
    unplugged = replace(facts, camera=CameraState.FAULT)
    assert derive_state(unplugged) == (StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)


def test_only_one_set_of_facts_is_ever_shown_as_inspecting() -> None:
    for engine in EngineState:
        for camera in CameraState:
            for loaded in (True, False):
                facts = replace(WELL, engine=engine, camera=camera, model_loaded=loaded)
                inspecting = derive_state(facts)[0] is StationState.INSPECTING
                well = engine is EngineState.READY and loaded
                assert inspecting == (
                    well and camera in (CameraState.RUNNING, CameraState.EXHAUSTED)
                )


def test_restarted_engine_has_lost_its_model_and_gets_it_back() -> None:
    gone = with_engine(WELL, EngineState.RESTARTING)
    assert not gone.model_loaded and gone.model_expected
    again = with_engine(with_engine(gone, EngineState.STARTING), EngineState.LOADING)
    assert not again.model_loaded and again.model_expected
    assert not with_engine(WELL, EngineState.FAILED).model_expected
