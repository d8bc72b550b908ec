"""The two places where frames wait: the newest for the eye, a line for the parts. No Qt."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

from qc_station.domain.frame import Frame

Item = TypeVar("Item")


class LatestSlot:
    """Holds one frame, overwritten by the next. For the live view: read it from a timer.

    Any thread may put, any thread may read. ``drops`` counts frames nobody looked at.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame: Frame | None = None
        self._seen = True
        self._drops = 0
        self._puts = 0

    def put(self, frame: Frame) -> None:
        """Replaces the frame."""
        with self._lock:
            if not self._seen:
                self._drops += 1
            self._frame = frame
            self._seen = False
            self._puts += 1

    def latest(self) -> Frame | None:
        """The newest frame, or None before the first. Compare ``frame_id`` to see if it is new."""
        with self._lock:
            self._seen = True
            return self._frame

    def clear(self) -> None:
        """Forgets the frame (another camera was chosen)."""
        with self._lock:
            self._frame = None
            self._seen = True

    @property
    def drops(self) -> int:
        """Frames that were overwritten before anyone read them."""
        with self._lock:
            return self._drops

    @property
    def puts(self) -> int:
        """Frames that were ever put."""
        with self._lock:
            return self._puts


class PartQueue(Generic[Item]):
    """A bounded first-in-first-out line that never loses anything silently.

    ``offer`` says no when the line is full; the caller then answers the part itself.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("A part queue holds at least one part.")
        self.capacity = capacity
        self._lock = threading.Lock()
        self._items: deque[Item] = deque()
        self._refused = 0

    def offer(self, item: Item) -> bool:
        """Appends ``item``; False, counted, when the line is full."""
        with self._lock:
            if len(self._items) >= self.capacity:
                self._refused += 1
                return False
            self._items.append(item)
            return True

    def take(self) -> Item | None:
        """The oldest item, or None."""
        with self._lock:
            return self._items.popleft() if self._items else None

    def remove(self, item: Item) -> bool:
        """Takes ``item`` out of the line; False when it is not in it."""
        with self._lock:
            try:
                self._items.remove(item)
            except ValueError:
                return False
            return True

    def __len__(self) -> int:
        with self._lock:
            return len(self._items)

    @property
    def refused(self) -> int:
        """How often the line was full."""
        with self._lock:
            return self._refused
