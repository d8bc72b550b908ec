"""Keeps pictures and heatmaps as files so that a power cut leaves whole ones or none. No SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class ImageStore:
    """Lossless PNG files below ``root``, one folder per day. Safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        """``root`` is StationPaths.images; it is created on first write."""
        self.root = root

    def write(self, inspection_id: str, pixels: NDArray[np.uint8], day: date) -> str:
        """Write uint8 RGB [H, W, 3] durably; return the path relative to ``root`` (posix)."""
        raise NotImplementedError

    def write_heatmap(self, inspection_id: str, heatmap: NDArray[np.uint8], day: date) -> str:
        """Write a uint8 [h, w] plane durably next to the picture; return its relative path."""
        raise NotImplementedError

    def read(self, relative: str) -> NDArray[np.uint8]:
        """The picture as uint8 RGB [H, W, 3]; StoreError picture_missing / picture_damaged."""
        raise NotImplementedError

    def read_heatmap(self, relative: str) -> NDArray[np.uint8]:
        """The heatmap as uint8 [h, w]."""
        raise NotImplementedError
