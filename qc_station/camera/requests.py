"""Parts that wait for their frame, oldest first. Knows no camera and no threads: hold a lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qc_station.camera.errors import CameraError
from qc_station.domain.frame import Frame

GrabResult = Frame | CameraError
GrabCallback = Callable[[GrabResult], None]
Calls = list[Callable[[], None]]


@dataclass(slots=True, eq=False)
class _Request:
    callback: GrabCallback
    asked_s: float
    deadline_s: float


class FrameRequests:
    """Each request is answered once; the methods return the calls that do it."""

    def __init__(self) -> None:
        self._waiting: deque[_Request] = deque()
        self._spare: deque[GrabResult] = deque()  # pictures whose part gave up waiting

    def add(self, callback: GrabCallback, now: float, timeout_s: float) -> None:
        """One more part waits."""
        self._waiting.append(_Request(callback, now, now + timeout_s))

    @property
    def unread(self) -> int:
        """How many pictures a stepped camera still has to read for those who wait."""
        return max(0, len(self._waiting) - len(self._spare))

    def step(self, result: GrabResult) -> Calls:
        """A stepped camera read a picture: the oldest part gets it. None is ever skipped."""
        self._spare.append(result)
        return self.pair()

    def pair(self) -> Calls:
        """Gives pictures that came too late for their own part to those who wait now."""
        calls: Calls = []
        while self._spare and self._waiting:
            calls.append(partial(self._waiting.popleft().callback, self._spare.popleft()))
        return calls

    def newer(self, frame: Frame) -> Calls:
        """A live camera gave a picture: all parts that asked before it arrived get it."""
        calls: Calls = []
        while self._waiting and self._waiting[0].asked_s <= frame.monotonic_s:
            calls.append(partial(self._waiting.popleft().callback, frame))
        return calls

    def overdue(self, now: float, error: CameraError) -> Calls:
        """Answers those whose time is up."""
        late = [request for request in self._waiting if now >= request.deadline_s]
        for request in late:
            self._waiting.remove(request)
        return [partial(request.callback, error) for request in late]

    def fail(self, error: CameraError) -> Calls:
        """Answers all who wait."""
        calls: Calls = [partial(request.callback, error) for request in self._waiting]
        self._waiting.clear()
        return calls

    def forget_spares(self) -> None:
        """Another camera: late pictures of the old one belong to nobody."""
        self._spare.clear()
