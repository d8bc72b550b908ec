"""What the station and its engine are doing, and the one rule that derives it. No Qt, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class EngineState(StrEnum):
    """Where the inference process stands. Only READY with a loaded model answers parts."""

    STOPPED = "stopped"  # nobody asked for it, or it was stopped on purpose
    STARTING = "starting"  # the process runs, its greeting has not arrived
    LOADING = "loading"  # a bundle is being loaded and warmed up
    READY = "ready"  # listening; inspects if a model is loaded
    RESTARTING = "restarting"  # it died or went silent; the next start is due after the back-off
    FAILED = "failed"  # a restart would not help: bundle refused, program missing, other protocol


class StationState(StrEnum):
    """What the operator is told. Only INSPECTING may look good."""

    STARTING = "starting"
    INSPECTING = "inspecting"
    PAUSED = "paused"
    NOT_INSPECTING = "not_inspecting"
    TEACHING = "teaching"
    FINISHED = "finished"


class StateReason(StrEnum):
    """Why the station is in its state; the window turns it into one sentence."""

    NONE = ""
    # STARTING
    CAMERA_CONNECTING = "camera_connecting"
    ENGINE_STARTING = "engine_starting"
    MODEL_LOADING = "model_loading"
    # NOT_INSPECTING
    CAMERA_FAULT = "camera_fault"
    ENGINE_RESTARTING = "engine_restarting"
    ENGINE_FAILED = "engine_failed"
    ENGINE_STOPPED = "engine_stopped"
    NO_MODEL = "no_model"
    STORE_FAULT = "store_fault"
    DISK_FULL = "disk_full"
    GOLDEN_FAILED = "golden_failed"
    GOLDEN_OVERDUE = "golden_overdue"
    # PAUSED
    GOLDEN_CHECK = "golden_check"
    BY_OPERATOR = "by_operator"
    CONSECUTIVE_NG = "consecutive_ng"
    # FINISHED
    PICTURES_EXHAUSTED = "pictures_exhausted"
    PART_LIMIT = "part_limit"
    STOPPED = "stopped"


class CameraState(StrEnum):
    """What the capture thread is doing."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    RUNNING = "running"
    FAULT = "fault"
    EXHAUSTED = "exhausted"  # a finite source has given its last picture


@dataclass(frozen=True, slots=True)
class StationFacts:
    """Everything the station's state follows from."""

    engine: EngineState = EngineState.STOPPED
    camera: CameraState = CameraState.STOPPED
    model_loaded: bool = False
    model_expected: bool = False  # somebody asked for a model and it has not failed to load
    teaching: bool = False
    been_ready: bool = False  # the station has inspected since it was started
    store_problem: StateReason = StateReason.NONE  # STORE_FAULT or DISK_FULL
    checking: bool = False  # golden samples are being laid in: no production
    unreleased: StateReason = StateReason.NONE  # GOLDEN_FAILED or GOLDEN_OVERDUE
    pause: StateReason = StateReason.NONE  # BY_OPERATOR or CONSECUTIVE_NG
    finished: StateReason = StateReason.NONE


def derive_state(facts: StationFacts) -> tuple[StationState, StateReason]:
    """The state that ``facts`` amount to, most important first.

    A fault outranks a pause: a paused station whose camera was unplugged says so. A station that
    is not released says so once it could inspect: a check needs camera and engine. What merely
    takes its time at the start is STARTING; the same after the first inspection is a fault.
    """
    if facts.finished is not StateReason.NONE:
        return StationState.FINISHED, facts.finished
    if facts.teaching:
        return StationState.TEACHING, StateReason.NONE
    fault = _fault(facts)
    if fault is not StateReason.NONE:
        return StationState.NOT_INSPECTING, fault
    waiting = _waiting(facts)
    if waiting is not StateReason.NONE:
        return StationState.STARTING, waiting
    if facts.checking:
        return StationState.PAUSED, StateReason.GOLDEN_CHECK
    if facts.unreleased is not StateReason.NONE:
        return StationState.NOT_INSPECTING, facts.unreleased
    if facts.pause is not StateReason.NONE:
        return StationState.PAUSED, facts.pause
    return StationState.INSPECTING, StateReason.NONE


def _fault(facts: StationFacts) -> StateReason:
    if facts.store_problem is not StateReason.NONE:
        return facts.store_problem
    if facts.camera in (CameraState.FAULT, CameraState.STOPPED):
        return StateReason.CAMERA_FAULT
    if facts.engine is EngineState.FAILED:
        return StateReason.ENGINE_FAILED
    if facts.engine is EngineState.STOPPED:
        return StateReason.ENGINE_STOPPED
    if facts.engine is EngineState.RESTARTING:
        return StateReason.ENGINE_RESTARTING
    if facts.engine is EngineState.READY and not facts.model_loaded and not facts.model_expected:
        return StateReason.NO_MODEL
    if facts.been_ready and facts.engine is EngineState.STARTING:
        return StateReason.ENGINE_RESTARTING
    return StateReason.NONE


def _waiting(facts: StationFacts) -> StateReason:
    if facts.camera is CameraState.CONNECTING:
        return StateReason.CAMERA_CONNECTING
    if facts.engine is EngineState.STARTING:
        return StateReason.ENGINE_STARTING
    if facts.engine is EngineState.LOADING or not facts.model_loaded:
        return StateReason.MODEL_LOADING
    return StateReason.NONE


def with_engine(facts: StationFacts, engine: EngineState) -> StationFacts:
    """The facts after the engine went into another state.

    A process that is gone has lost its model; its supervisor loads it again after a restart, but
    not after it has given up or was told to stop.
    """
    given_up = engine in (EngineState.FAILED, EngineState.STOPPED)
    expected = facts.model_expected or facts.model_loaded or engine is EngineState.LOADING
    return replace(
        facts,
        engine=engine,
        model_expected=expected and not given_up,
        model_loaded=facts.model_loaded and not given_up and engine is not EngineState.RESTARTING,
    )
