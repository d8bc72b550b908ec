"""Reading pictures and bringing them to the model's size. Must not know layouts, labels or torch.

Every picture of the engine passes through ``read_image`` and ``resize_for_model``, in teaching,
evaluation and prediction alike, so that none of them can see other pixels than the rest.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})

# The codecs write their own lines to stderr; here every failure becomes an EngineError instead.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def list_images(folder: Path, *, recursive: bool = False) -> list[Path]:
    """Pictures of a folder, sorted by path; hidden files and other kinds of file are left out.

    Raises EngineError folder_missing.
    """
    if not folder.is_dir():
        raise EngineError(
            "folder_missing", f"The folder {folder} does not exist.", path=str(folder)
        )
    found = folder.rglob("*") if recursive else folder.iterdir()
    return sorted(
        path
        for path in found
        if path.suffix.lower() in IMAGE_SUFFIXES
        and not path.name.startswith(".")
        and path.is_file()
    )


def read_image(path: Path) -> NDArray[np.uint8]:
    """Decode a picture to uint8 RGB [H, W, 3], C-contiguous.

    Grey is repeated over the channels, alpha is dropped, and 16-bit values are divided by 257:
    the full 16-bit range is assumed whatever a picture uses of it, because stretching picture by
    picture would hide a change of light. The EXIF orientation is ignored: a camera on a line has
    one orientation, and masks carry no EXIF. Raises EngineError picture_unreadable for a file
    that is missing, empty, truncated, damaged or of another kind.
    """
    stored = decode(path)
    if stored.dtype == np.uint16:
        # x / 257 rounded to the nearest integer, without leaving the integers
        pixels = ((stored.astype(np.uint32) + 128) // 257).astype(np.uint8)
    elif stored.dtype == np.uint8:
        pixels = stored.astype(np.uint8, copy=False)
    else:
        raise _unreadable(path, f"holds {stored.dtype} values; only 8 and 16 bit are read")
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
    code = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}.get(pixels.shape[2])
    if code is None:
        raise _unreadable(path, f"has {pixels.shape[2]} channels; 1, 3 or 4 are read")
    return cv2.cvtColor(pixels, code).astype(np.uint8, copy=False)


def decode(path: Path) -> NDArray[np.generic]:
    """The values as stored, [H, W] or [H, W, C] with C in OpenCV's order (BGR, BGRA).

    Raises EngineError picture_unreadable.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, f"cannot be opened ({error.strerror or error})") from error
    if not data:
        raise _unreadable(path, "is empty")
    try:
        # OpenCV refuses incomplete PNG, JPEG, BMP and TIFF data instead of filling up with grey.
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise _unreadable(path, "is truncated, damaged or not a picture") from error
    if stored is None:
        raise _unreadable(path, "is truncated, damaged or not a picture")
    return stored


def picture_size(path: Path) -> tuple[int, int]:
    """Height and width in pixels, from the header alone for PNG, else by decoding.

    Raises EngineError picture_unreadable.
    """
    if path.suffix.lower() == ".png":
        try:
            with path.open("rb") as file:
                head = file.read(24)
        except OSError as error:
            raise _unreadable(path, f"cannot be opened ({error.strerror or error})") from error
        if len(head) == 24 and head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
            return int.from_bytes(head[20:24], "big"), int.from_bytes(head[16:20], "big")
    shape = decode(path).shape
    return int(shape[0]), int(shape[1])


def resize_for_model(rgb: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Bring uint8 [H, W, 3] to uint8 [size, size, 3]; the proportions are not kept.

    An axis that shrinks is averaged over (INTER_AREA), one that grows is interpolated
    (INTER_LINEAR). OpenCV gives up the averaging as soon as one axis grows, so a picture that
    shrinks one way and grows the other takes two steps.
    """
    height, width = rgb.shape[:2]
    if (height, width) == (size, size):
        return np.ascontiguousarray(rgb)
    small = rgb
    shrunk = (min(width, size), min(height, size))
    if shrunk != (width, height):
        small = cv2.resize(small, shrunk, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if shrunk != (size, size):
        small = cv2.resize(small, (size, size), interpolation=cv2.INTER_LINEAR).astype(
            np.uint8, copy=False
        )
    return np.ascontiguousarray(small)


def _unreadable(path: Path, what: str) -> EngineError:
    return EngineError(
        "picture_unreadable", f"The picture {path} {what}.", path=str(path), what=what
    )
