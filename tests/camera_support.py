"""A cv2.VideoCapture that behaves like a USB camera, or like one that lies. Shared by tests."""

from __future__ import annotations

import itertools
import time

import cv2
import numpy as np
from numpy.typing import NDArray

EXPOSURE, AUTO = cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTO_EXPOSURE
GAIN = cv2.CAP_PROP_GAIN


class FakeDriver:
    """V4L2's ways: exposure 3 is automatic, 1 is manual; an unknown property is -1 and refused."""

    def __init__(self, picture: NDArray[np.uint8] | None = None) -> None:
        self.values: dict[int, float] = {EXPOSURE: 157.0, AUTO: 3.0, GAIN: 10.0}
        self.ranges = {EXPOSURE: (1.0, 500.0), GAIN: (0.0, 63.0)}
        self.deaf = False  # says True to everything and does nothing
        self.plugged = True
        self.closed = False
        self.picture = picture
        self._count = itertools.count()

    def isOpened(self) -> bool:
        return self.plugged

    def get(self, prop: int, /) -> float:
        return self.values.get(prop, -1.0)

    def set(self, prop: int, value: float, /) -> bool:
        if self.deaf:
            return True
        if prop not in self.values or (prop == EXPOSURE and self.values[AUTO] == 3.0):
            return False
        if prop == AUTO and value not in (1.0, 3.0):
            return False
        low, high = self.ranges.get(prop, (value, value))
        self.values[prop] = min(high, max(low, value))
        return True

    def read(self) -> tuple[bool, NDArray[np.uint8] | None]:
        time.sleep(0.005)
        if not self.plugged:
            return False, None
        number = next(self._count)
        if self.picture is None:
            picture = np.full((48, 64, 3), 90, np.uint8)
            picture[::2, ::2] = 150
        else:
            picture = self.picture.copy()
        picture[0, 0] = number % 250  # never twice the same picture
        return True, picture

    def release(self) -> None:
        self.closed = True
