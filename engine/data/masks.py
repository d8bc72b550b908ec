"""Defect masks: reading them and bringing them to the anomaly map's size. Must not know metrics.

The one rule: a mask is true where any stored channel but alpha is not zero, and it is brought to
the map's size with nearest neighbour at pixel centres (INTER_NEAREST_EXACT), stretched like the
picture. Nearest keeps areas right on average and invents no border values; a region thinner than
the reduction factor may lose pixels or vanish, which ``evaluate`` reports picture by picture.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.data.images import decode


def read_mask(path: Path) -> NDArray[np.bool_]:
    """Read a mask as bool [H, W]. Raises EngineError picture_unreadable."""
    stored = decode(path)
    if stored.ndim == 2:
        return np.asarray(stored != 0)
    channels = {2: 1, 4: 3}.get(stored.shape[2], stored.shape[2])  # the rest is alpha
    return np.asarray((stored[..., :channels] != 0).any(axis=2))


def mask_at_map_size(mask: NDArray[np.bool_], height: int, width: int) -> NDArray[np.bool_]:
    """Bring a mask bool [H, W] to bool [height, width] by the module's rule."""
    if mask.shape == (height, width):
        return mask
    resized = cv2.resize(
        mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST_EXACT
    )
    return np.asarray(resized, dtype=bool)
