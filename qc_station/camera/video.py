"""A recorded video as a camera, at its own speed or step by step. Knows no triggers and no Qt."""

from __future__ import annotations

import time
from pathlib import Path

import cv2

from qc_station.camera.base import Camera, Capabilities, FrameMaker, to_rgb
from qc_station.camera.errors import CameraError
from qc_station.domain.frame import Frame

DEFAULT_FPS = 25.0


class VideoCamera:
    """Plays a video file. Reads one frame ahead, so that it knows which one is the last."""

    def __init__(
        self, path: Path, loop: bool = False, stepped: bool = False, start: int = 0
    ) -> None:
        self._path = path
        self._loop = loop
        self._stepped = stepped
        self._position = start
        self._capture: cv2.VideoCapture | None = None
        self._ahead: cv2.typing.MatLike | None = None
        self._ended = False
        self._fps = DEFAULT_FPS
        self._due_s = 0.0
        self._maker = FrameMaker(self.name)

    @property
    def name(self) -> str:
        """``video:FILE``."""
        return f"video:{self._path}"

    @property
    def capabilities(self) -> Capabilities:
        """Finite unless looped; stepped on request."""
        return Capabilities(stepped=self._stepped, finite=not self._loop, live=False)

    @property
    def exhausted(self) -> bool:
        """True after the last frame of a video that is not looped."""
        return self._ended

    def open(self) -> None:
        """Opens the file and finds the place where it was."""
        self.close()
        if not self._path.is_file():
            raise CameraError(
                "camera_open_failed",
                f"The video {self._path} does not exist.",
                path=str(self._path),
            )
        capture = cv2.VideoCapture(str(self._path))
        if not capture.isOpened():
            capture.release()
            raise CameraError(
                "camera_open_failed",
                f"The video {self._path} cannot be opened: damaged, or of an unknown kind.",
                path=str(self._path),
            )
        self._capture = capture
        fps = capture.get(cv2.CAP_PROP_FPS)
        self._fps = fps if 0.1 <= fps <= 1000 else DEFAULT_FPS
        for _ in range(self._position):
            if not capture.grab():
                break
        self._due_s = time.monotonic()
        self._advance()
        if self._ahead is None and self._position == 0:
            self.close()
            raise CameraError(
                "camera_no_picture", f"The video {self._path} is empty.", path=str(self._path)
            )

    def _advance(self) -> None:
        assert self._capture is not None
        self._ahead = self._next_image(self._capture)
        if self._ahead is None and self._loop:
            self._capture.release()
            self._capture = cv2.VideoCapture(str(self._path))
            self._ahead = self._next_image(self._capture)
        self._ended = self._ahead is None

    @staticmethod
    def _next_image(capture: cv2.VideoCapture) -> cv2.typing.MatLike | None:
        good, image = capture.read()
        return image if good else None

    def read(self) -> Frame | None:
        """The next frame; not before its time unless stepped."""
        if self._capture is None or self._ahead is None:
            return None
        if not self._stepped:
            now = time.monotonic()
            if self._due_s > now:
                time.sleep(self._due_s - now)
            self._due_s = max(self._due_s, now - 1.0) + 1.0 / self._fps
        image = self._ahead
        self._position += 1
        frame = self._maker.make(to_rgb(image, str(self._path)), f"{self._path}#{self._position}")
        self._advance()
        return frame

    def close(self) -> None:
        """Lets go of the file."""
        if self._capture is not None:
            self._capture.release()
        self._capture = None
        self._ahead = None

    def renew(self) -> Camera:
        """Goes on after the frame whose reading never came back."""
        return VideoCamera(self._path, self._loop, self._stepped, self._position + 1)
