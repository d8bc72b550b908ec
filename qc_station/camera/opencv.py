"""Cameras and streams that OpenCV can open: USB cameras, RTSP, HTTP. Knows no files and no Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

import cv2

from qc_station.camera.base import Camera, Capabilities, FrameMaker, to_rgb
from qc_station.camera.driver import DriverControls
from qc_station.camera.errors import CameraError
from qc_station.domain.camera_setup import ControlSetting, ControlState
from qc_station.domain.frame import Frame

_SECRETS = re.compile(r"(?i)\b(user\w*|usr|pass\w*|pwd|token|key)=[^&]*")
OPEN_TIMEOUT_MS = 8000
READ_TIMEOUT_MS = 4000


class OpenCVCamera:
    """``opencv:N`` or a stream address. ``read`` may block or repeat itself: see capture.py."""

    def __init__(self, device: int | str, width: int = 0, height: int = 0, fps: int = 0) -> None:
        self._device = device
        self._width = width
        self._height = height
        self._fps = fps
        self._capture: cv2.VideoCapture | None = None
        self._controls: DriverControls | None = None
        self._maker = FrameMaker(self.name)

    @property
    def name(self) -> str:
        """``opencv:N`` or the stream's address without user and password."""
        if isinstance(self._device, int):
            return f"opencv:{self._device}"
        return hide_password(self._device)

    @property
    def capabilities(self) -> Capabilities:
        """Live and endless."""
        return Capabilities()

    @property
    def exhausted(self) -> bool:
        """Never."""
        return False

    def open(self) -> None:
        """Connects to the device."""
        self.close()
        if isinstance(self._device, int):
            capture = cv2.VideoCapture(self._device)
        else:
            limits = [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                OPEN_TIMEOUT_MS,
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                READ_TIMEOUT_MS,
            ]
            capture = cv2.VideoCapture(self._device, cv2.CAP_FFMPEG, limits)
        if not capture.isOpened():
            capture.release()
            raise CameraError(
                "camera_open_failed",
                f"The camera {self.name} cannot be opened. Check that it is connected, switched "
                "on and not used by another program.",
                camera=self.name,
            )
        for setting, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, self._width),
            (cv2.CAP_PROP_FRAME_HEIGHT, self._height),
            (cv2.CAP_PROP_FPS, self._fps),
        ):
            if value > 0:
                capture.set(setting, value)
        # A deep driver queue would show parts that have long passed.
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._capture = capture

    def read(self) -> Frame | None:
        """The next picture of the device."""
        if self._capture is None:
            raise CameraError(
                "camera_stopped", f"The camera {self.name} is not open.", camera=self.name
            )
        good, image = self._capture.read()
        if not good or image is None:
            raise CameraError(
                "camera_no_picture",
                f"The camera {self.name} gives no picture. Check its cable and its power.",
                camera=self.name,
            )
        return self._maker.make(to_rgb(image, self.name))

    def adjust(self, wanted: Sequence[ControlSetting]) -> tuple[ControlState, ...]:
        """Exposure, gain, white balance and focus, as far as the driver has them."""
        if self._capture is None or not isinstance(self._device, int):
            return ()  # a stream is set up on its own web page
        if self._controls is None:
            self._controls = DriverControls(self._capture)
        return self._controls.adjust(wanted)

    def close(self) -> None:
        """Lets go of the device."""
        self._controls = None
        if self._capture is not None:
            self._capture.release()
        self._capture = None

    def renew(self) -> Camera:
        """A new connection to the same device."""
        return OpenCVCamera(self._device, self._width, self._height, self._fps)


def hide_password(address: str) -> str:
    """The address without user and password, fit for the screen, the log and the database."""
    parts = urlsplit(address)
    host = parts.netloc.rsplit("@", 1)[-1]
    query = _SECRETS.sub(r"\1=***", parts.query)
    return urlunsplit((parts.scheme, host, parts.path, query, parts.fragment))
