"""A folder of pictures as a camera: each trigger reads the next one. Knows no trigger and no Qt."""

from __future__ import annotations

from pathlib import Path

from qc_station.camera.base import Camera, Capabilities, FrameMaker
from qc_station.camera.picture import class_of, list_pictures, read_picture
from qc_station.domain.frame import Frame


class FolderCamera:
    """Plays the pictures below a folder in sorted order, once or for ever."""

    def __init__(self, root: Path, loop: bool = False, start: int = 0) -> None:
        self._root = root
        self._loop = loop
        self._next = start
        self._pictures: list[Path] = []
        self._maker = FrameMaker(self.name)

    @property
    def name(self) -> str:
        """``folder:PATH``."""
        return f"folder:{self._root}"

    @property
    def capabilities(self) -> Capabilities:
        """Stepped, with known truth; finite unless looped."""
        return Capabilities(stepped=True, finite=not self._loop, live=False, known_truth=True)

    @property
    def exhausted(self) -> bool:
        """True after the last picture of a folder that is not looped."""
        return bool(self._pictures) and not self._loop and self._next >= len(self._pictures)

    @property
    def count(self) -> int:
        """Pictures found at ``open``."""
        return len(self._pictures)

    def open(self) -> None:
        """Lists the folder the first time; afterwards goes on where it was."""
        pictures = list_pictures(self._root)
        if not self._pictures:
            self._pictures = pictures

    def read(self) -> Frame | None:
        """The next picture. One that cannot be read counts as read: it is not tried again."""
        if self._loop and self._pictures:
            self._next %= len(self._pictures)
        if self._next >= len(self._pictures):
            return None
        path = self._pictures[self._next]
        self._next += 1
        return self._maker.make(read_picture(path), str(path), class_of(path, self._root))

    def close(self) -> None:
        """Nothing is held open."""

    def renew(self) -> Camera:
        """Goes on after the picture whose reading never came back."""
        fresh = FolderCamera(self._root, self._loop, self._next)
        fresh._pictures = self._pictures
        return fresh
