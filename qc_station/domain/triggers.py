"""What makes the station look at the next part. Pure vocabulary: knows no clock, no keyboard."""

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


class ScannerMode(StrEnum):
    """What a code from a barcode scanner means on the Inspect page."""

    OFF = "off"
    SERIAL = "serial"  # the serial number of the next part
    TRIGGER = "trigger"  # a part now, with this serial number


class Refusal(StrEnum):
    """Why a trigger makes no part."""

    NOT_RUNNING = "not_running"  # being prepared, or stopped
    PAUSED = "paused"
    TEACHING = "teaching"
    FINISHED = "finished"


SERIAL_MAX = 100


def clean_serial(text: str) -> str | None:
    """A serial number as it is written down; None when there is none. Raises ValueError.

    Spaces around it go; control characters and more than ``SERIAL_MAX`` characters are refused.
    """
    serial = text.strip()
    if len(serial) > SERIAL_MAX:
        raise ValueError(f"a serial number has at most {SERIAL_MAX} characters")
    if not serial.isprintable():
        raise ValueError("a serial number has printable characters only")
    return serial or None
