"""Turns a camera address into a camera. The one list of what kinds there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from qc_station.camera.base import Camera
from qc_station.camera.demo import DemoCamera
from qc_station.camera.errors import CameraError
from qc_station.camera.folder import FolderCamera
from qc_station.camera.opencv import OpenCVCamera, hide_password
from qc_station.camera.video import VideoCamera

# Options stand at the end; a "?" that is part of a file name does not look like one.
_OPTIONS = re.compile(r"\?([a-z]+=\w+(?:&[a-z]+=\w+)*)$")
_STREAMS = ("rtsp://", "rtsps://", "http://", "https://")

Options = Mapping[str, int]


def open_camera(address: str) -> Camera:
    """The camera for an address; it is not connected yet.

    ``demo:PATH[?seed=N]``, ``folder:PATH[?loop=1]``, ``video:FILE[?loop=1&step=1]``,
    ``opencv:N[?width=W&height=H&fps=F]``, ``rtsp://…``, ``http://…``.
    Raises CameraError camera_address.
    """
    text = address.strip()
    if text.lower().startswith(_STREAMS):
        return OpenCVCamera(text)
    kind, colon, rest = text.partition(":")
    maker = _MAKERS.get(kind.lower())
    if maker is None or not colon or not rest:
        raise _bad(address, "begins with demo:, folder:, video:, opencv:, rtsp:// or http://")
    make, allowed = maker
    options: dict[str, int] = {}
    match = _OPTIONS.search(rest)
    if match:
        rest = rest[: match.start()]
        for pair in match.group(1).split("&"):
            name, _, value = pair.partition("=")
            if name not in allowed or not value.isdecimal():
                names = ", ".join(allowed)
                raise _bad(address, f"takes these options with whole numbers: {names}")
            options[name] = int(value)
    return make(rest, options)


def shown_address(address: str) -> str:
    """The address as it may be shown and written down: without user and password."""
    stream = address.strip().lower().startswith(_STREAMS)
    return hide_password(address.strip()) if stream or "@" in address else address


def _folder(rest: str, options: Options) -> Camera:
    return FolderCamera(_path(rest), loop=bool(options.get("loop", 0)))


def _demo(rest: str, options: Options) -> Camera:
    return DemoCamera(_path(rest), seed=options.get("seed", 0))


def _video(rest: str, options: Options) -> Camera:
    loop, step = bool(options.get("loop", 0)), bool(options.get("step", 0))
    return VideoCamera(_path(rest), loop=loop, stepped=step)


def _opencv(rest: str, options: Options) -> Camera:
    if not rest.isdecimal():
        raise _bad(f"opencv:{rest}", "names a number, as in opencv:0")
    return OpenCVCamera(int(rest), **options)


def _path(rest: str) -> Path:
    return Path(rest).expanduser().absolute()


def _bad(address: str, rule: str) -> CameraError:
    shown = shown_address(address)
    return CameraError(
        "camera_address",
        f'"{shown}" is no camera address: one {rule}.',
        address=shown,
    )


_MAKERS: Mapping[str, tuple[Callable[[str, Options], Camera], tuple[str, ...]]] = {
    "demo": (_demo, ("seed",)),
    "folder": (_folder, ("loop",)),
    "video": (_video, ("loop", "step")),
    "opencv": (_opencv, ("width", "height", "fps")),
}
