"""The station's states, job stages and health in words: what is, why, what to do. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.domain.state import StateReason, StationState
from qc_station.services.health import HealthItem, HealthLevel
from qc_station.ui.messages import count, error_sentence, number

translate = QCoreApplication.translate


def state_word(state: StationState, reason: StateReason = StateReason.NONE) -> str:
    """The one huge word of a state; a pause that nobody asked for is a stop."""
    if reason is StateReason.CONSECUTIVE_NG:
        return translate("State", "STOPPED")
    return {
        StationState.STARTING: translate("State", "STARTING"),
        StationState.INSPECTING: translate("State", "READY"),
        StationState.PAUSED: translate("State", "PAUSED"),
        StationState.NOT_INSPECTING: translate("State", "NOT INSPECTING"),
        StationState.TEACHING: translate("State", "LEARNING"),
        StationState.FINISHED: translate("State", "FINISHED"),
    }[state]


def state_why(reason: StateReason, ng_in_a_row: int = 0) -> str:
    """Why the station is in its state."""
    if reason is StateReason.CONSECUTIVE_NG and ng_in_a_row:
        return translate("State", "{} NG parts in a row.").format(count(ng_in_a_row))
    return {
        StateReason.NONE: "",
        StateReason.CAMERA_CONNECTING: translate("State", "Connecting to the camera."),
        StateReason.ENGINE_STARTING: translate("State", "The inspection engine is starting."),
        StateReason.MODEL_LOADING: translate("State", "The model is being loaded."),
        StateReason.CAMERA_FAULT: translate("State", "The camera gives no pictures."),
        StateReason.ENGINE_RESTARTING: translate("State", "The inspection engine is restarting."),
        StateReason.ENGINE_FAILED: translate("State", "The inspection engine cannot run."),
        StateReason.ENGINE_STOPPED: translate("State", "The inspection engine is not running."),
        StateReason.NO_MODEL: translate("State", "This product has not been taught yet."),
        StateReason.STORE_FAULT: translate("State", "Verdicts cannot be written down."),
        StateReason.DISK_FULL: translate("State", "The disk is full."),
        StateReason.GOLDEN_FAILED: translate("State", "The golden-sample check has failed."),
        StateReason.GOLDEN_OVERDUE: translate("State", "The golden-sample check is overdue."),
        StateReason.GOLDEN_CHECK: translate("State", "Golden samples are being checked."),
        StateReason.BY_OPERATOR: translate("State", "Paused by the operator."),
        StateReason.CONSECUTIVE_NG: translate("State", "Too many NG parts in a row."),
        StateReason.PICTURES_EXHAUSTED: translate("State", "All pictures have been inspected."),
        StateReason.PART_LIMIT: translate("State", "The number of parts asked for is reached."),
        StateReason.STOPPED: translate("State", "The station was stopped."),
    }[reason]


def state_advice(reason: StateReason) -> str:
    """What a person can do about it; empty where there is nothing to do but wait."""
    return {
        StateReason.CAMERA_FAULT: translate(
            "State", "Stop the line. Check the camera's cable and power; it reconnects by itself."
        ),
        StateReason.ENGINE_RESTARTING: translate(
            "State", "Stop the line. It comes back by itself in a few seconds."
        ),
        StateReason.ENGINE_FAILED: translate(
            "State", "Stop the line and call the maintainer: Learning, activate another version."
        ),
        StateReason.ENGINE_STOPPED: translate(
            "State", "Stop the line and start the program again."
        ),
        StateReason.NO_MODEL: translate("State", "Open Learning and teach it from good parts."),
        StateReason.STORE_FAULT: translate(
            "State", "Stop the line and call the maintainer: the database does not accept verdicts."
        ),
        StateReason.DISK_FULL: translate(
            "State", "Stop the line and call the maintainer: make room on the disk."
        ),
        StateReason.GOLDEN_FAILED: translate(
            "State",
            "Stop the line. Look at camera, light and lens, then check the samples again (F6).",
        ),
        StateReason.GOLDEN_OVERDUE: translate(
            "State", "Lay the golden samples in one after another: F6 or Station, Check."
        ),
        StateReason.GOLDEN_CHECK: translate("State", "Production goes on when it is finished."),
        StateReason.BY_OPERATOR: translate("State", "Press Start to go on."),
        StateReason.CONSECUTIVE_NG: translate(
            "State", "Check the machine before the camera, then press Start."
        ),
    }.get(reason, "")


def stage_title(stage: str) -> str:
    """What a job is doing now; unknown stages are made readable, not hidden."""
    known = {
        "render": translate("Stage", "Drawing the demo parts"),
        "collect": translate("Stage", "Taking pictures"),
        "read": translate("Stage", "Reading the pictures"),
        "features": translate("Stage", "Looking at the good parts"),
        "coreset": translate("Stage", "Choosing what to remember"),
        "bank": translate("Stage", "Choosing what to remember"),
        "memory": translate("Stage", "Choosing what to remember"),
        "folds": translate("Stage", "Setting the limits"),
        "calibrate": translate("Stage", "Setting the limits"),
        "calibration": translate("Stage", "Setting the limits"),
        "export": translate("Stage", "Writing the model"),
        "write": translate("Stage", "Writing the model"),
        "evaluate": translate("Stage", "Testing on held-out parts"),
        "compare": translate("Stage", "Comparing old and new"),
        "load": translate("Stage", "Loading the model"),
        "backup_database": translate("Stage", "Copying the database"),
        "backup_copy": translate("Stage", "Copying the files"),
        "backup_check": translate("Stage", "Checking what was written"),
        "restore": translate("Stage", "Restoring the files"),
        "model_read": translate("Stage", "Checking the model"),
        "model_write": translate("Stage", "Copying the model"),
        "csv": translate("Stage", "Writing the parts"),
        "diagnostics": translate("Stage", "Gathering facts"),
        "chains": translate("Stage", "Checking every row"),
    }
    return known.get(stage) or stage.replace("_", " ").capitalize()


def time_left(seconds: float) -> str:
    """Remaining time in words; empty while unknown (negative)."""
    if seconds < 0:
        return ""
    if seconds < 60:
        return translate("Stage", "about {} s left").format(count(max(1, round(seconds))))
    return translate("Stage", "about {} min left").format(count(round(seconds / 60)))


def health_name(name: str) -> str:
    """Name of a watched thing."""
    return {
        "camera": translate("Health", "Camera"),
        "engine": translate("Health", "Engine"),
        "disk": translate("Health", "Disk"),
        "database": translate("Health", "Database"),
    }.get(name, name)


def health_word(item: HealthItem) -> str:
    """One or two words for the status bar."""
    fps, free = item.values.get("fps"), item.values.get("free_mb")
    if item.name == "disk" and isinstance(free, (int, float)):
        return translate("Health", "{} GB free").format(number(free / 1000, 0))
    if item.name == "camera" and item.code == "ok" and isinstance(fps, (int, float)):
        return translate("Health", "{} fps").format(number(fps, 0))
    known = {
        ("camera", "connecting"): translate("Health", "connecting"),
        ("camera", "exhausted"): translate("Health", "no more pictures"),
        ("camera", "late"): translate("Health", "late"),
        ("camera", "camera_stopped"): translate("Health", "stopped"),
        ("engine", "starting"): translate("Health", "starting"),
        ("engine", "loading"): translate("Health", "loading"),
        ("engine", "restarting"): translate("Health", "restarting"),
        ("engine", "stopped"): translate("Health", "stopped"),
        ("database", "checking"): translate("Health", "checking"),
        ("database", "slow"): translate("Health", "slow"),
        ("database", "backup_failed"): translate("Health", "backup failed"),
        ("database", "backup_old"): translate("Health", "backup too old"),
    }
    return (
        known.get((item.name, item.code))
        or {
            HealthLevel.OK: translate("Health", "OK"),
            HealthLevel.WARN: translate("Health", "Attention"),
            HealthLevel.FAIL: translate("Health", "Fault"),
        }[item.level]
    )


def health_tooltip(item: HealthItem) -> str:
    """Name and word, what it means for the line, and what the watched thing itself says."""
    meaning = {
        HealthLevel.OK: "",
        HealthLevel.WARN: translate("Health", "Inspection goes on, but somebody should look."),
        HealthLevel.FAIL: translate("Health", "Parts are not inspected because of this."),
    }[item.level]
    head = f"{health_name(item.name)}: {health_word(item)}"
    return "\n".join(line for line in (head, meaning, _facts(item)) if line)


def _said(item: HealthItem, sentence: str) -> str:
    """What a watched thing says of itself, in the user's language where its code is known."""
    if item.name == "disk":
        return translate("Health", "The free space cannot be read.")
    code = "store_fault" if (item.name, item.code) == ("database", "fault") else item.code
    return error_sentence(code, sentence)


def _facts(item: HealthItem) -> str:
    values = item.values
    facts = [_said(item, str(values["sentence"]))] if values.get("sentence") else []
    if item.code in ("backup_failed", "backup_old"):
        facts.append(translate("Health", "Back up on the Maintenance page (Ctrl+9)."))
    if item.name == "camera" and values.get("name"):
        facts.append(str(values["name"]))
    if values.get("drops"):
        facts.append(translate("Health", "Live pictures skipped: {}").format(values["drops"]))
    if values.get("reconnects"):
        facts.append(translate("Health", "Reconnections: {}").format(values["reconnects"]))
    memory = values.get("memory_mb")
    if isinstance(memory, (int, float)):
        facts.append(translate("Health", "Memory: {} MB").format(number(memory, 0)))
    if values.get("model_id"):
        facts.append(translate("Health", "Model: {}").format(values["model_id"]))
    if values.get("path"):
        facts.append(str(values["path"]))
    return "\n".join(facts)
