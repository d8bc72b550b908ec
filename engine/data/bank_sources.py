"""Where the rows of a memory bank come from, as one file of a bundle. Must not know torch.

Each row is a patch of a good training picture. The file names that picture and the place in it,
and keeps small copies of the pictures themselves, so that a patch can be shown although the
training pictures are long gone. It is bounded: see ``MOST_PICTURES`` and ``MOST_BYTES``.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engine.data.images import Area, Placement
from engine.data.layout import Sample

NO_PICTURE = -1
MOST_PICTURES = 400  # whose copies are kept; those with the most rows of the bank come first
MOST_BYTES = 8 << 20  # of all copies together
EDGE_PX = 256  # of the longer side of a copy
QUALITY = 90  # of JPEG, 0 to 100
LONGEST_NAME = 200  # characters


@dataclass(frozen=True, slots=True)
class Spot:
    """A patch of a good part: the ``name`` of its picture, its middle in fractions of that
    picture, and its number in the training set's list of good pictures."""

    name: str
    x: float
    y: float
    picture: int


@dataclass(frozen=True, slots=True, eq=False)
class BankSources:
    """``picture`` int32 [M] is each row's good picture (``NO_PICTURE``: not known), ``patch`` int32
    [M] its patch, row by row of a ``grid`` × ``grid`` raster over the model's input. ``names`` are
    the n pictures', ``boxes`` float32 [n, 4] the rectangles (left, top, width, height, fractions of
    the input) that they fill, ``area`` what of a picture the model looks at, ``copies`` JPEGs of
    the model's input, empty where none is kept."""

    grid: int
    picture: NDArray[np.int32]
    patch: NDArray[np.int32]
    names: tuple[str, ...]
    boxes: NDArray[np.float32]
    area: Area
    copies: tuple[bytes, ...]

    def spot(self, row: int) -> Spot | None:
        """Where a row of the bank comes from; None for one that nobody has noted."""
        if not 0 <= row < len(self.picture) or self.picture[row] == NO_PICTURE:
            return None
        number = int(self.picture[row])
        left, top, width, height = (float(value) for value in self.boxes[number])
        x, y = middle(int(self.patch[row]), self.grid)
        inside = (min(max((x - left) / width, 0.0), 1.0), min(max((y - top) / height, 0.0), 1.0))
        area = self.area
        return Spot(
            self.names[number],
            area.x + inside[0] * area.width,
            area.y + inside[1] * area.height,
            number,
        )

    def square(self, number: int) -> NDArray[np.uint8] | None:
        """The copy of a picture as the model saw it, uint8 RGB [s, s, 3]; None where none is kept.
        Raises ValueError for what is no picture."""
        data = self.copies[number]
        if not data:
            return None
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            raise ValueError(f"the copy of {self.names[number]} is no picture")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def to_bytes(self) -> bytes:
        """The file."""
        area = (self.area.x, self.area.y, self.area.width, self.area.height)
        facts = json.dumps({"grid": self.grid, "names": self.names, "area": area})
        return save(
            {
                "facts": np.frombuffer(facts.encode(), np.uint8),
                "picture": self.picture,
                "patch": self.patch,
                "boxes": self.boxes,
                "ends": np.cumsum([len(data) for data in self.copies], dtype=np.int64),
                "copies": np.frombuffer(b"".join(self.copies), np.uint8),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> BankSources:
        """Read ``to_bytes``. Raises ValueError for anything else."""
        try:
            found = load(data)
            facts = json.loads(found["facts"].tobytes())
            ends = [0, *found["ends"].tolist()]
            joined = found["copies"].tobytes()
            made = cls(
                int(facts["grid"]),
                found["picture"],
                found["patch"],
                tuple(str(name) for name in facts["names"]),
                found["boxes"],
                Area(*facts["area"]),
                tuple(joined[a:b] for a, b in itertools.pairwise(ends)),
            )
        except (SafetensorError, KeyError, TypeError) as error:
            raise ValueError("this is no list of a memory bank's pictures") from error
        count = len(made.names)
        if not (
            len(made.copies) == len(made.boxes) == count
            and made.picture.shape == made.patch.shape
            and (made.picture < count).all()
            and (made.boxes[:, 2:] > 0.0).all()
        ):
            raise ValueError("the list of a memory bank's pictures contradicts itself")
        return made


def middle(patch: int, grid: int) -> tuple[float, float]:
    """The middle of a patch, x and y in fractions of the model's input."""
    row, column = divmod(patch, grid)
    return (column + 0.5) / grid, (row + 0.5) / grid


def bank_sources(
    chosen: NDArray[np.int64],
    patches: int,
    samples: Sequence[Sample],
    root: Path,
    pixels: Sequence[NDArray[np.uint8]],
    places: Sequence[Placement],
) -> BankSources:
    """What is remembered of a new bank whose rows are the patches ``chosen`` int64 [M] among all,
    ``patches`` of each good picture in turn; the pictures' ``pixels`` are uint8 [S, S, 3]."""
    picture, patch = np.divmod(chosen, patches)
    boxes = [(p.left / p.size, p.top / p.size, p.width / p.size, p.height / p.size) for p in places]
    return BankSources(
        grid=round(patches**0.5),
        picture=picture.astype(np.int32),
        patch=patch.astype(np.int32),
        names=tuple(_name(sample.path, root) for sample in samples),
        boxes=np.array(boxes, np.float32).reshape(-1, 4),
        area=places[0].area,
        copies=_copies(np.bincount(picture, minlength=len(samples)), pixels),
    )


def _name(path: Path, root: Path) -> str:
    """The picture's path in its folder; at most its last ``LONGEST_NAME`` characters."""
    inside = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return inside.as_posix()[-LONGEST_NAME:]


def _copies(rows: NDArray[np.int64], pixels: Sequence[NDArray[np.uint8]]) -> tuple[bytes, ...]:
    """JPEGs of the pictures that most of the bank's rows come from, as far as there is room."""
    copies = [b""] * len(pixels)
    room = MOST_BYTES
    for number in np.argsort(-rows, kind="stable")[:MOST_PICTURES]:
        if not rows[number]:
            break
        data = _jpeg(pixels[int(number)])
        room -= len(data)
        if room < 0:
            break
        copies[int(number)] = data
    return tuple(copies)


def _jpeg(rgb: NDArray[np.uint8]) -> bytes:
    if rgb.shape[0] > EDGE_PX:
        rgb = np.asarray(
            cv2.resize(rgb, (EDGE_PX, EDGE_PX), interpolation=cv2.INTER_AREA), np.uint8
        )
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes() if done else b""
