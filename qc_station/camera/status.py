"""What can be said of a running camera, and how patient one is with it. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

from qc_station.camera.errors import CameraError
from qc_station.domain.camera_setup import ControlState
from qc_station.domain.state import CameraState


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """How patient the capture thread is. All in seconds but ``max_abandoned``."""

    open_timeout_s: float = 15.0
    read_timeout_s: float = 5.0
    frozen_after_s: float = 3.0  # a live camera repeats the same picture
    backoff_first_s: float = 0.5
    backoff_max_s: float = 10.0
    image_health_s: float = 0.5  # how often focus and brightness are measured
    max_abandoned: int = 4  # hanging threads before the camera is given up


@dataclass(frozen=True, slots=True)
class CaptureStatus:
    """What can be said of the camera at one moment. ``focus`` as in health.focus_index.

    ``steady_focus`` and ``steady_brightness`` are medians of the last measurements: one odd part
    does not move them. ``controls`` is None while nothing is known of them, and empty for a camera
    that offers none. ``size`` is width and height in px.
    """

    state: CameraState = CameraState.STOPPED
    name: str = ""
    error: CameraError | None = None
    stepped: bool = False
    finite: bool = False
    fps: float = 0.0
    frames: int = 0
    drops: int = 0
    reconnects: int = 0
    session: int = 0  # counts the cameras that were chosen, also the same one again
    last_frame_age_s: float | None = None
    focus: float | None = None
    brightness: float | None = None
    steady_focus: float | None = None
    steady_brightness: float | None = None
    size: tuple[int, int] | None = None
    controls: tuple[ControlState, ...] | None = None
