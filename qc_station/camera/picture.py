"""Picture files as cameras see them: listing and decoding. Must agree with the engine's reading.

The station cannot import ``engine.data``; a test holds both to the same pixels.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from qc_station.camera.base import to_rgb
from qc_station.camera.errors import CameraError, PictureError

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})
GOOD_FOLDERS = frozenset({"good", "ok", "normal"})
MASK_FOLDER = "ground_truth"


def list_pictures(folder: Path) -> list[Path]:
    """All pictures below ``folder``, sorted by path; masks and hidden files are left out.

    Raises CameraError folder_missing, folder_empty, camera_open_failed.
    """
    if not folder.is_dir():
        raise CameraError(
            "folder_missing", f"The folder {folder} does not exist.", path=str(folder)
        )
    try:
        found = sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in PICTURE_SUFFIXES
            and not path.stem.endswith("_mask")
            and not _skipped(path.relative_to(folder))
            and path.is_file()
        )
    except OSError as error:
        raise CameraError(
            "camera_open_failed",
            f"The folder {folder} cannot be read: {error.strerror or error}.",
            path=str(folder),
        ) from error
    if not found:
        raise CameraError(
            "folder_empty",
            f"There are no pictures in {folder} (PNG, JPEG, BMP or TIFF).",
            path=str(folder),
        )
    return found


def _skipped(relative: Path) -> bool:
    return any(part.startswith(".") or part.lower() == MASK_FOLDER for part in relative.parts)


def class_of(path: Path, root: Path) -> str | None:
    """The class a picture is filed under, or None where the folders do not say.

    Below ``root`` it is the name of the picture's folder. ``root`` itself counts as a class when
    it is called good, or lies beside a folder that is.
    """
    if path.parent != root:
        return _class_name(path.parent.name)
    is_class = root.name.lower() in GOOD_FOLDERS or any(
        (root.parent / good).is_dir() for good in GOOD_FOLDERS
    )
    return _class_name(root.name) if is_class else None


def _class_name(folder: str) -> str:
    return "good" if folder.lower() in GOOD_FOLDERS else folder


def read_picture(path: Path) -> NDArray[np.uint8]:
    """uint8 RGB [H, W, 3]; the EXIF orientation is ignored, 16 bit is scaled down by 257.

    Raises PictureError for a file that is missing, empty, cut short, or no picture.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, f"cannot be opened ({error.strerror or error})") from error
    if not data:
        raise _unreadable(path, "is empty")
    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise _unreadable(path, "is cut short, damaged or not a picture") from error
    if stored is None:
        raise _unreadable(path, "is cut short, damaged or not a picture")
    return to_rgb(stored, str(path))


def _unreadable(path: Path, what: str) -> PictureError:
    return PictureError("picture_unreadable", f"The picture {path} {what}.", path=str(path))
