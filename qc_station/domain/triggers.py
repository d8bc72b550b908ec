"""What makes the station look at the next part. Pure vocabulary: knows no clock and no keyboard."""

from __future__ import annotations

from enum import StrEnum


class TriggerMode(StrEnum):
    """Where a part's trigger comes from.

    TIMER: every ``interval_ms``, whatever the engine is doing (the rhythm of a line).
    KEY: the operator's key, foot switch or button only.
    FOLDER: the next picture when the previous one is answered, plus ``interval_ms``.

    Cameras that are driven step by step (folders, the demo) have no rhythm of their own to keep
    up with: with TIMER they behave as with FOLDER, so that they never overrun the queue.
    """

    TIMER = "timer"
    KEY = "key"
    FOLDER = "folder"
