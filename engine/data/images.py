"""Reading pictures and bringing them to the model's size. Must not know layouts, labels or torch.

Every picture of the engine passes through ``read_image`` and ``fit_for_model``, in teaching,
evaluation and prediction alike, so that none of them can see other pixels than the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError

STRETCH, LETTERBOX = "stretch", "letterbox"
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


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a picture that a model looks at, as fractions of its width and height.

    Raises EngineError area_unusable unless it lies in the picture and is not thinner than 1 %.
    """

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def __post_init__(self) -> None:
        # a little beyond the edge is rounding
        sides = ((self.x, self.width), (self.y, self.height))
        if not all(at >= 0.0 and long >= 0.01 and at + long <= 1.000001 for at, long in sides):
            raise EngineError(
                "area_unusable",
                f"The area {self.x:g},{self.y:g},{self.width:g},{self.height:g} does not lie in "
                "the picture; give x,y,width,height as fractions from 0 to 1.",
            )

    @classmethod
    def parse(cls, text: str) -> Area:
        """From "x,y,width,height". Raises EngineError area_unusable."""
        try:
            x, y, width, height = (float(part) for part in text.split(","))
        except ValueError as error:
            raise EngineError(
                "area_unusable",
                f"The area {text} is not understood; give x,y,width,height as fractions.",
            ) from error
        return cls(x, y, width, height)

    def box(self, height: int, width: int) -> tuple[slice, slice]:
        """Rows and columns of the area in a picture or plane of this height and width."""
        top, left = round(self.y * height), round(self.x * width)
        bottom = max(top + 1, round((self.y + self.height) * height))
        right = max(left + 1, round((self.x + self.width) * width))
        top, left = min(top, height - 1), min(left, width - 1)
        return slice(top, min(bottom, height)), slice(left, min(right, width))


WHOLE = Area()


def fit_within(fit: str, area: Area) -> str:
    """``fit`` for a model that looks at an area only: "letterbox@x,y,width,height"."""
    if area == WHOLE:
        return fit
    return f"{fit}@{area.x:.6g},{area.y:.6g},{area.width:.6g},{area.height:.6g}"


def split_fit(fit: str) -> tuple[str, Area]:
    """What ``fit_within`` joined. Raises EngineError area_unusable."""
    plain, at, text = fit.partition("@")
    return plain, Area.parse(text) if at else WHOLE


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the area of a picture lies in the square model input: its rectangle in pixels of
    ``size``."""

    size: int
    top: int
    left: int
    height: int
    width: int
    area: Area = WHOLE

    @property
    def whole(self) -> bool:
        """The whole picture fills the input."""
        return self.height == self.size and self.width == self.size and self.area == WHOLE

    def cut(self, plane: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
        """The picture's part of a plane float32 [h, w] over the input, brought to float32
        [height, width] and so stretched like the picture. Outside the area it is 0, which is
        normal in every model's map, or lower: nothing was looked at there."""
        if self.area != WHOLE:
            rows, columns = self.area.box(height, width)
            inner = self._cut(plane, rows.stop - rows.start, columns.stop - columns.start)
            full = np.full((height, width), min(0.0, float(inner.min())), np.float32)
            full[rows, columns] = inner
            return full
        return self._cut(plane, height, width)

    def _cut(self, plane: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
        scale = plane.shape[0] / self.size
        top, left = round(self.top * scale), round(self.left * scale)
        bottom = max(top + 1, round((self.top + self.height) * scale))
        right = max(left + 1, round((self.left + self.width) * scale))
        part = plane[top:bottom, left:right]
        if part.shape == (height, width):
            return np.ascontiguousarray(part)
        resized = cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(resized, np.float32)


def placement(height: int, width: int, size: int, fit: str) -> Placement:
    """Where a picture of this height and width goes: everywhere ("stretch"), or in the middle
    with its proportions kept ("letterbox"); with an area (``fit_within``), only that goes."""
    plain, area = split_fit(fit)
    rows, columns = area.box(height, width)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if plain == STRETCH:
        return Placement(size, 0, 0, size, size, area)
    scale = size / max(height, width)
    inner_height = min(size, max(2, round(height * scale)))
    inner_width = min(size, max(2, round(width * scale)))
    top, left = (size - inner_height) // 2, (size - inner_width) // 2
    return Placement(size, top, left, inner_height, inner_width, area)


def fit_for_model(
    rgb: NDArray[np.uint8], size: int, fit: str = STRETCH
) -> tuple[NDArray[np.uint8], Placement]:
    """Bring uint8 [H, W, 3] to uint8 [size, size, 3], and say where the picture lies in it.

    With "letterbox" the margins are filled by reflection: an edge in a plain colour would be the
    strongest structure of the picture.
    """
    where = placement(rgb.shape[0], rgb.shape[1], size, fit)
    inner = _resize(rgb[where.area.box(*rgb.shape[:2])], where.height, where.width)
    return np.ascontiguousarray(_pad(inner, where)), where


def fit_mask(mask: NDArray[np.bool_], size: int, fit: str = STRETCH) -> NDArray[np.bool_]:
    """Bring a mask bool [H, W] to bool [size, size] as ``fit_for_model`` brings its picture, by
    nearest neighbour."""
    where = placement(mask.shape[0], mask.shape[1], size, fit)
    mask = mask[where.area.box(*mask.shape)]
    inner = mask.astype(np.uint8)
    if mask.shape != (where.height, where.width):
        inner = np.asarray(
            cv2.resize(inner, (where.width, where.height), interpolation=cv2.INTER_NEAREST_EXACT),
            np.uint8,
        )
    return np.asarray(_pad(inner, where), dtype=bool)


def _pad(inner: NDArray[np.uint8], where: Placement) -> NDArray[np.uint8]:
    if where.whole:
        return inner
    below = where.size - where.height - where.top
    right = where.size - where.width - where.left
    padded = cv2.copyMakeBorder(inner, where.top, below, where.left, right, cv2.BORDER_REFLECT_101)
    return np.asarray(padded, np.uint8)


def resize_for_model(rgb: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Bring uint8 [H, W, 3] to uint8 [size, size, 3]; the proportions are not kept."""
    return np.ascontiguousarray(_resize(rgb, size, size))


def _resize(rgb: NDArray[np.uint8], to_height: int, to_width: int) -> NDArray[np.uint8]:
    """Bring uint8 [H, W, 3] to another height and width.

    An axis that shrinks is averaged over (INTER_AREA), one that grows is interpolated
    (INTER_LINEAR). OpenCV gives up the averaging as soon as one axis grows, so a picture that
    shrinks one way and grows the other takes two steps.
    """
    height, width = rgb.shape[:2]
    small = rgb
    shrunk = (min(width, to_width), min(height, to_height))
    if shrunk != (width, height):
        small = cv2.resize(small, shrunk, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if shrunk != (to_width, to_height):
        small = cv2.resize(small, (to_width, to_height), interpolation=cv2.INTER_LINEAR).astype(
            np.uint8, copy=False
        )
    return small


def _unreadable(path: Path, what: str) -> EngineError:
    return EngineError(
        "picture_unreadable", f"The picture {path} {what}.", path=str(path), what=what
    )
