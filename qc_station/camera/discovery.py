"""Finds cameras and tries them out, each in a thread that may hang. Slow: call it in a worker."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from qc_station.camera.base import Camera
from qc_station.camera.errors import CameraError, PictureError
from qc_station.camera.registry import open_camera, shown_address
from qc_station.domain.frame import Frame

HIGHEST_INDEX = 6
"""Devices looked for where the system does not list them."""
TRY_S = 9.0
"""A camera that has shown no picture by then does not work. A stream's own limit to connect is 8 s;
the task pool, which waits for this, gives up at the program's end after 10 s."""

MakeCamera = Callable[[str], Camera]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a camera: its first picture, or what is wrong."""

    address: str
    frame: Frame | None = None
    error: CameraError | None = None

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the picture in px."""
        return None if self.frame is None else (self.frame.width, self.frame.height)


def try_camera(
    address: str, make_camera: MakeCamera = open_camera, timeout_s: float = TRY_S
) -> Tried:
    """Opens the camera, takes one picture and closes it again.

    A driver that hangs is left behind in its thread (a daemon) after ``timeout_s``.
    """
    # Waiting on a queue, not on the thread: a join would leave its mark on a pool's thread.
    answers: queue.SimpleQueue[Tried] = queue.SimpleQueue()
    threading.Thread(
        target=lambda: answers.put(_look(address, make_camera)),
        name=f"try {shown_address(address)}",
        daemon=True,
    ).start()
    try:
        return answers.get(timeout=timeout_s)
    except queue.Empty:
        pass
    sentence = f"The camera {shown_address(address)} has not answered for {timeout_s:g} s."
    return Tried(
        address,
        error=CameraError(
            "camera_timeout",
            f"{sentence} Check its cable and its power.",
            camera=shown_address(address),
        ),
    )


def find_devices(
    in_use: Iterable[str] = (), make_camera: MakeCamera = open_camera, timeout_s: float = TRY_S
) -> tuple[Tried, ...]:
    """Tries all devices of this machine at once; those in use are not disturbed.

    Only devices that gave a picture are returned: most systems list some that are no cameras.
    """
    busy = set(in_use)
    addresses = [a for a in (f"opencv:{n}" for n in device_numbers()) if a not in busy]
    answers: queue.SimpleQueue[Tried] = queue.SimpleQueue()
    for address in addresses:
        threading.Thread(
            target=lambda a=address: answers.put(try_camera(a, make_camera, timeout_s)),
            name=f"find {address}",
            daemon=True,
        ).start()
    found = {tried.address: tried for tried in (answers.get() for _ in addresses)}
    return tuple(found[a] for a in addresses if found[a].frame is not None)


def device_numbers() -> list[int]:
    """Numbers that may be cameras: what Linux lists; elsewhere the first few."""
    if not sys.platform.startswith("linux"):
        return list(range(HIGHEST_INDEX))
    names = (path.name.removeprefix("video") for path in Path("/dev").glob("video*"))
    return sorted(int(name) for name in names if name.isdecimal())


def _look(address: str, make_camera: MakeCamera) -> Tried:
    try:
        camera = make_camera(address)
    except CameraError as error:
        return Tried(address, error=error)
    try:
        camera.open()
        frame = _first(camera)
    except CameraError as error:
        return Tried(address, error=error)
    except Exception as failure:  # noqa: BLE001 - a driver may raise anything
        broken = CameraError(
            "camera_fault", f"The camera {camera.name} failed: {failure}", camera=camera.name
        )
        broken.__cause__ = failure
        return Tried(address, error=broken)
    finally:
        camera.close()
    if frame is None:
        return Tried(
            address, error=CameraError("camera_exhausted", f"{camera.name} has no pictures.")
        )
    return Tried(address, frame)


def _first(camera: Camera) -> Frame | None:
    """The first picture that can be used; one damaged file does not condemn a folder."""
    for _ in range(3):
        try:
            return camera.read()
        except PictureError:
            if not camera.capabilities.stepped:
                raise
    return camera.read()
