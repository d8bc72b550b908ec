"""What every camera can do, and how its pictures become frames. Knows no particular camera."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from qc_station.camera.errors import PictureError
from qc_station.domain.camera_setup import ControlSetting, ControlState
from qc_station.domain.frame import Frame


@dataclass(frozen=True, slots=True)
class Capabilities:
    """How a camera is to be driven.

    stepped: each trigger reads the next picture; nothing moves by itself (folders, the demo).
    finite: it ends, ``read`` then returns None.
    live: pictures come from the world, so that the same picture for seconds is a fault.
    known_truth: frames carry their class.
    """

    stepped: bool = False
    finite: bool = False
    live: bool = True
    known_truth: bool = False


class Camera(Protocol):
    """A source of pictures. Used by one thread at a time; ``open`` again after ``close``."""

    @property
    def name(self) -> str:
        """The address it was opened by, without passwords."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def exhausted(self) -> bool:
        """True when ``read`` has nothing left."""
        ...

    def open(self) -> None:
        """Connects; CameraError says what is wrong. A finite source keeps its place."""
        ...

    def read(self) -> Frame | None:
        """The next picture; None when exhausted.

        PictureError: this picture cannot be used, the next may be. CameraError: reconnect.
        May block for as long as the driver likes: the capture thread watches it.
        """
        ...

    def close(self) -> None:
        """Lets go of the device. Never raises."""
        ...

    def renew(self) -> Camera:
        """A fresh camera for the same source, for when ``read`` of this one never came back.

        A finite source goes on after the picture that it hung on.
        """
        ...


@runtime_checkable
class Adjustable(Protocol):
    """A camera whose driver may let exposure, gain, white balance or focus be set."""

    def adjust(self, wanted: Sequence[ControlSetting]) -> tuple[ControlState, ...]:
        """Sets these and reads back every control that the driver really has.

        Called by the thread that reads, while the camera is open; what the driver refuses shows in
        the answer. May block.
        """
        ...


class FrameMaker:
    """Turns pixels into numbered immutable frames of one camera."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._numbers = itertools.count(1)

    def make(
        self, rgb: NDArray[np.uint8], source: str | None = None, truth: str | None = None
    ) -> Frame:
        """A frame around ``rgb`` (uint8 [H, W, 3]), which nobody may write to from now on."""
        pixels = np.ascontiguousarray(rgb)
        if pixels.base is not None and pixels.base.flags.writeable:
            pixels = pixels.copy()  # a view: its owner could still change the picture
        pixels.setflags(write=False)
        return Frame(
            frame_id=next(self._numbers),
            pixels=pixels,
            captured_at=datetime.now(UTC),
            monotonic_s=time.monotonic(),
            camera=self._camera,
            source=source,
            truth=truth,
        )


def to_rgb(image: NDArray[Any], source: str = "") -> NDArray[np.uint8]:
    """Any OpenCV picture (grey, BGR, BGRA; 8 or 16 bit) as uint8 RGB [H, W, 3]."""
    if image.dtype == np.uint16:
        # 257 = 65535 / 255: full scale stays full scale; the engine rounds in the same way
        image = ((image.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if image.dtype != np.uint8 or image.size == 0:
        raise _unusable(source, f"{image.dtype} pixels")
    if image.ndim == 2:
        image = image[:, :, np.newaxis]
    channels = image.shape[2] if image.ndim == 3 else 0
    if channels == 1:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    if channels == 3:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    if channels == 4:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2RGB), dtype=np.uint8)
    raise _unusable(source, f"{channels} channels")


def _unusable(source: str, what: str) -> PictureError:
    return PictureError(
        "picture_unreadable",
        f"The picture {source} has {what}; 8 or 16 bit grey or colour is needed.",
        path=source,
    )
