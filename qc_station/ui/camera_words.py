"""Cameras, their controls and their baseline in words. No widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qc_station.camera.status import CaptureStatus
from qc_station.domain.camera_setup import Baseline, Control, ControlSetting, ControlState
from qc_station.domain.state import CameraState
from qc_station.services.camera_setup import Candidate, Standing
from qc_station.ui.maintenance_words import moment
from qc_station.ui.messages import error_sentence, number, percent

translate = QCoreApplication.translate


def camera_title(candidate: Candidate) -> str:
    """What kind of camera it is and where."""
    kind, _, place = candidate.shown.partition(":")
    if kind == "opencv":
        return translate("Camera", "Camera {}").format(place.partition("?")[0])
    if kind == "demo":
        return translate("Camera", "Demo: rendered parts")
    if kind == "folder":
        return translate("Camera", "Folder {}").format(place.partition("?")[0])
    if kind == "video":
        return translate("Camera", "Video {}").format(place.partition("?")[0])
    return candidate.shown


def standing_word(candidate: Candidate, status: CaptureStatus) -> str:
    """What is known of it, in a word or two."""
    if candidate.standing is Standing.IN_USE and status.state is CameraState.RUNNING:
        if candidate.size is None:
            return translate("Camera", "in use")
        return translate("Camera", "in use, {}").format(size_text(candidate.size))
    if candidate.standing is Standing.IN_USE:
        return translate("Camera", "in use: {}").format(state_word(status.state))
    if candidate.standing is Standing.WORKS:
        if candidate.size is None:
            return translate("Camera", "works")
        return translate("Camera", "works, {}").format(size_text(candidate.size))
    return {
        Standing.UNTRIED: translate("Camera", "not tried"),
        Standing.TRYING: translate("Camera", "being tried …"),
        Standing.FAILED: translate("Camera", "does not work"),
    }[candidate.standing]


def candidate_error(candidate: Candidate) -> str:
    """Why it does not work; empty when it does or was not tried."""
    error = candidate.error
    return error_sentence(error.code, str(error), error.params) if error is not None else ""


def state_word(state: CameraState) -> str:
    """The state of the camera in use."""
    return {
        CameraState.STOPPED: translate("Camera", "stopped"),
        CameraState.CONNECTING: translate("Camera", "connecting"),
        CameraState.RUNNING: translate("Camera", "gives pictures"),
        CameraState.FAULT: translate("Camera", "fault"),
        CameraState.EXHAUSTED: translate("Camera", "no more pictures"),
    }[state]


def size_text(size: tuple[int, int] | None) -> str:
    """Width and height in px; a dash when unknown."""
    return "–" if size is None else f"{size[0]} × {size[1]}"


def fault_sentence(status: CaptureStatus) -> str:
    """Why the camera in use gives no pictures and what to do; empty when it does."""
    if status.error is None:
        return ""
    return error_sentence(status.error.code, str(status.error), status.error.params)


def control_title(control: Control) -> str:
    """What a driver calls it."""
    return {
        Control.EXPOSURE: translate("Camera", "Exposure"),
        Control.GAIN: translate("Camera", "Gain"),
        Control.WHITE_BALANCE: translate("Camera", "White balance"),
        Control.FOCUS: translate("Camera", "Focus position"),
    }[control]


def refusal_sentence(wanted: ControlSetting, state: ControlState) -> str:
    """What the driver made of a setting that it did not take; empty when it did."""
    if state.follows(wanted):
        return ""
    name = control_title(wanted.control)
    if wanted.auto:
        return translate("Camera", "{}: the driver did not switch to automatic.").format(name)
    if state.auto:
        return translate("Camera", "{}: the driver stayed on automatic.").format(name)
    return translate("Camera", "{name}: the driver took {value}.").format(
        name=name, value=number(state.value, 0)
    )


def baseline_sentence(baseline: Baseline | None) -> str:
    """When and by whom the baseline was set."""
    if baseline is None:
        return translate(
            "Camera",
            "No baseline yet. Set it when the picture is good: the station then warns when the "
            "lens gets dirty or the lamp gets weak.",
        )
    return translate("Camera", "Baseline of {when}, by {who}.").format(
        when=moment(baseline.set_at), who=baseline.set_by
    )


def index_text(value: float | None, baseline: float | None) -> str:
    """A figure, and how much of the baseline it is."""
    if value is None:
        return "–"
    decimals = 2 if value >= 1 else 3 if value >= 0.1 else 4
    if not baseline:
        return number(value, decimals)
    return translate("Camera", "{value}  ({share} of the baseline)").format(
        value=number(value, decimals), share=percent(value / baseline)
    )
