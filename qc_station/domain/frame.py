"""A camera picture and what is known about it. Knows no camera and no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One immutable picture. ``pixels`` is uint8 [H, W, 3], RGB, C-contiguous, not writeable.

    ``frame_id`` counts up within one camera session; ``monotonic_s`` is ``time.monotonic`` at
    arrival; ``source`` is the file it came from, ``truth`` its class where the source knows it.
    """

    frame_id: int
    pixels: NDArray[np.uint8]
    captured_at: datetime
    monotonic_s: float
    camera: str
    source: str | None = None
    truth: str | None = None

    @property
    def width(self) -> int:
        """Picture width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Picture height in pixels."""
        return int(self.pixels.shape[0])
