"""Rendered parts in a random order, most of them good, for ever. Renders nothing itself."""

from __future__ import annotations

import random
from pathlib import Path

from qc_station.camera.base import Camera, Capabilities, FrameMaker
from qc_station.camera.errors import CameraError
from qc_station.camera.picture import class_of, list_pictures, read_picture
from qc_station.domain.frame import Frame

GOOD_SHARE = 0.85


class DemoCamera:
    """A line that makes ``GOOD_SHARE`` good parts; the same seed gives the same parts.

    ``root`` is a rendered product in MVTec layout (its ``test`` folder is played) or class folders.
    """

    def __init__(self, root: Path, seed: int = 0) -> None:
        self._root = root
        self._seed = seed
        self._random = random.Random(seed)
        self._good: list[Path] = []
        self._defects: list[Path] = []
        self._good_line: list[Path] = []
        self._defect_line: list[Path] = []
        self._maker = FrameMaker(self.name)

    @property
    def name(self) -> str:
        """``demo:PATH``."""
        return f"demo:{self._root}"

    @property
    def capabilities(self) -> Capabilities:
        """Stepped, endless, truth known."""
        return Capabilities(stepped=True, finite=False, live=False, known_truth=True)

    @property
    def exhausted(self) -> bool:
        """Never."""
        return False

    def open(self) -> None:
        """Lists the rendered parts."""
        folder = self._root / "test" if (self._root / "test").is_dir() else self._root
        pictures = list_pictures(folder)
        self._good = [path for path in pictures if class_of(path, folder) == "good"]
        self._defects = [path for path in pictures if class_of(path, folder) != "good"]
        if not self._good:
            raise CameraError(
                "folder_empty", f"There are no good parts in {folder}.", path=str(folder)
            )

    def read(self) -> Frame | None:
        """The next part. Every picture is shown once before any is shown again."""
        good = not self._defects or self._random.random() < GOOD_SHARE
        if good:
            path = self._draw(self._good_line, self._good)
        else:
            path = self._draw(self._defect_line, self._defects)
        return self._maker.make(read_picture(path), str(path), "good" if good else path.parent.name)

    def _draw(self, line: list[Path], pictures: list[Path]) -> Path:
        if not line:
            line.extend(self._random.sample(pictures, len(pictures)))
        return line.pop()

    def close(self) -> None:
        """Nothing is held open."""

    def renew(self) -> Camera:
        """The same line, from another place."""
        return DemoCamera(self._root, self._seed + 1)
