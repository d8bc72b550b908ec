"""How an engine child process is started and its output read. Knows no message."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess

TAIL_LINES = 40


def engine_command() -> tuple[str, ...]:
    """Program and first arguments of the engine's command line, in this very environment.

    In a frozen build the engine is a program of its own beside the station's.
    """
    if getattr(sys, "frozen", False):
        station = Path(sys.executable)
        return (str(station.with_name("qc-engine" + station.suffix)),)
    return (sys.executable, "-m", "engine")


def set_command(process: QProcess, command: Sequence[str], arguments: Sequence[str]) -> None:
    """Give ``process`` its program and arguments."""
    process.setProgram(command[0])
    process.setArguments([*command[1:], *arguments])


class LineBuffer:
    """Cuts a stream of bytes into lines."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ``data`` completes, without their ends."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines

    def flush(self) -> list[bytes]:
        """What is left at the end of the stream."""
        rest, self._rest = self._rest, b""
        return [rest] if rest else []


class Tail:
    """The last lines of a child's stderr, for the sentence when it dies."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=TAIL_LINES)

    def add(self, line: bytes) -> str:
        """Remember one line; returns it as text."""
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            self._lines.append(text)
        return text

    @property
    def text(self) -> str:
        """The remembered lines."""
        return "\n".join(self._lines)

    @property
    def last(self) -> str:
        """The last line, where an uncaught exception has its sentence."""
        return self._lines[-1] if self._lines else ""
