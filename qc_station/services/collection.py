"""Good pictures taken from the camera, until they are taught. Knows no camera and no engine."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2

from qc_station.domain.frame import Frame
from qc_station.domain.learning import LabelledPicture, SnapshotItem, SnapshotPlan, Subset
from qc_station.domain.verdict import Label
from qc_station.services.teaching_set import content_hash, write_snapshot


class Collection:
    """Lossless pictures below ``folder/pictures``; the same pixels are taken only once."""

    def __init__(self, folder: Path, product: str, wanted: int) -> None:
        self.folder = folder
        self.product = product
        self.wanted = wanted
        self._taken: list[tuple[Path, str]] = []
        self._number = 0

    @property
    def count(self) -> int:
        """Pictures kept so far."""
        return len(self._taken)

    def add(self, frame: Frame) -> bool:
        """Keeps a picture; False when it is the same as one before. Raises OSError."""
        digest = content_hash(frame.pixels)
        if any(digest == known for _path, known in self._taken):
            return False
        pictures = self.folder / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        self._number += 1
        path = pictures / f"{self._number:04d}.png"
        bgr = cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2BGR)
        if not cv2.imwrite(str(path), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1]):
            raise OSError(f"{path} could not be written")
        self._taken.append((path, digest))
        return True

    def drop_last(self) -> None:
        """Takes the last picture away again."""
        if self._taken:
            path, _digest = self._taken.pop()
            path.unlink(missing_ok=True)

    def finish(self) -> Path:
        """Writes the snapshot of all pictures and returns its folder."""
        items = tuple(
            SnapshotItem(
                LabelledPicture(path, Label.GOOD, None, digest, original=True), Subset.TRAIN
            )
            for path, digest in self._taken
        )
        return write_snapshot(SnapshotPlan(items), self.product, self.folder)

    def discard(self) -> None:
        """Removes everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._taken.clear()
