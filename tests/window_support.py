"""A station in a real window, driven by real keys and read as a screen reader reads it."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

SYSTEM_PYTHON = "/usr/bin/python3"
READER = Path(__file__).with_name("accessible_reader.py")
LOOK_S = 0.02
T = TypeVar("T")


def until(found: Callable[[], T | None], what: str, timeout_s: float = 60.0) -> T:
    """What ``found()`` answers as soon as it is something; AssertionError after the time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(LOOK_S)  # between two looks at another process
    raise AssertionError(f"it did not happen in {timeout_s:.0f} s: {what}")


@dataclass(frozen=True)
class Shown:
    """One object that is on the screen."""

    id: str
    role: str
    name: str
    description: str
    states: tuple[str, ...]


class Reader:
    """The process that listens to windows; start it before them: it brings their bus."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(READER)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert self._line() == "ready"

    def read(self, pid: int) -> list[Shown]:
        """Everything that this program shows now."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{pid}\n")
        self._process.stdin.flush()
        return [
            Shown(**{**item, "states": tuple(item["states"])}) for item in json.loads(self._line())
        ]

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class StationWindow:
    """One running station. Use as a context manager: nothing of it is left afterwards."""

    def __init__(
        self, home: Path, reader: Reader, environment: dict[str, str], *arguments: str
    ) -> None:
        self.home = home
        self._reader = reader
        self._environment = environment
        command = [sys.executable, "-m", "qc_station", "--home", str(home), "--language", "en"]
        self.process = subprocess.Popen([*command, *arguments], env=environment)

    def __enter__(self) -> StationWindow:
        search = ["xdotool", "search", "--onlyvisible", "--name", "^QC Station$"]

        def window() -> str:
            assert self.process.poll() is None, "the station ended"
            return self._run(search).stdout.strip()

        try:
            identifier = until(window, "a window").splitlines()[-1]
            self._run(["xdotool", "windowactivate", "--sync", identifier])
            until(lambda: self.find("main_window"), "a window that says what it shows")
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def end(self) -> None:
        """Ends the process if it is still there."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    # -- hands ---------------------------------------------------------------------------------

    def keys(self, *names: str) -> None:
        """Presses keys, as xdotool names them: ``ctrl+n``, ``F5``, ``Return``."""
        self._run(["xdotool", "key", "--delay", "40", *names])

    def type(self, text: str) -> None:
        """Types a text."""
        self._run(["xdotool", "type", "--delay", "25", text])

    def quit(self) -> int:
        """Ctrl+Q; the exit status."""
        self.keys("ctrl+q")
        return self.process.wait(60)

    # -- eyes ----------------------------------------------------------------------------------

    def shown(self) -> list[Shown]:
        """Everything that is on the screen now."""
        assert self.process.poll() is None, "the station ended"
        return self._reader.read(self.process.pid)

    def find(self, identifier: str) -> Shown | None:
        """The object with this Qt name, if it is on the screen."""
        return next((item for item in self.shown() if item.id == identifier), None)

    def wait_for(self, identifier: str, timeout_s: float = 60.0) -> Shown:
        """The object with this Qt name, as soon as it is on the screen."""
        return until(lambda: self.find(identifier), f"{identifier} on the screen", timeout_s)

    def wait_gone(self, identifier: str) -> None:
        """Until there is no object with this Qt name on the screen."""
        until(lambda: self.find(identifier) is None, f"{identifier} gone")

    def wait_focus(self, identifier: str) -> None:
        """Until this object has the keyboard."""

        def focused() -> bool:
            item = self.find(identifier)
            return item is not None and "FOCUSED" in item.states

        until(focused, f"the keyboard at {identifier}")

    def number(self, identifier: str) -> int:
        """The number that a counter shows, as it is spoken: “Shift, Parts: 2,643”."""
        counter = self.find(identifier)
        assert counter is not None, f"{identifier} is not on the screen"
        return int(re.sub(r"\D", "", counter.name.rpartition(":")[2]))

    # -- the log -------------------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the station has written down, read beside it."""
        address = f"file:{self.home / 'station.sqlite3'}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=10)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def value(self, query: str, *values: object) -> Any:
        """The first column of the first row; None when there is none."""
        rows = self.rows(query, *values)
        return rows[0][0] if rows else None

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, env=self._environment)


def screen_environment() -> dict[str, str]:
    """The environment of programs on the virtual screen: the real platform, and accessible."""
    kept = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    return {**kept, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
