"""Three sounds of the operator's page, told apart by ear; never waited for. Knows no station.

The desktop's own player plays them: Qt's multimedia module would be the largest part of the
program. Without a player there is the desktop's beep, without a loudspeaker nothing.
"""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from importlib import resources

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Verdict

_PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))
_GAP_S = 0.35
"""Parts may come faster than a sound lasts; an alarm does not wait."""
_log = logging.getLogger(__name__)


class Sound(StrEnum):
    """What is heard; the names are those of the files."""

    NG = "ng"  # also a part that was not inspected: the line treats it as NG
    REVIEW = "review"
    STOP = "stop"  # inspection has stopped by itself


_OF_PARTS = {
    Verdict.NG: Sound.NG,
    Verdict.NOT_INSPECTED: Sound.NG,
    Verdict.REVIEW: Sound.REVIEW,
}


@cache
def _player() -> tuple[str, ...] | None:
    for command in _PLAYERS:
        program = shutil.which(command[0])
        if program is not None:
            return (program, *command[1:])
    return None


def play(sound: Sound) -> None:
    """Starts a sound and returns at once; a machine without loudspeaker stays silent."""
    path = str(resources.files("resources").joinpath("sounds", f"{sound.value}.wav"))
    if sys.platform == "win32":
        import winsound

        flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
        try:
            winsound.PlaySound(path, flags)
        except RuntimeError as error:
            _log.info("no sound: %s", error)
        return
    player = _player()
    if player is None:
        QApplication.beep()
        return
    process = QProcess()
    process.setProgram(player[0])
    process.setArguments([*player[1:], path])
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    process.startDetached()


class Sounds:
    """Decides what is heard for parts and states; silent while muted."""

    def __init__(
        self,
        on: bool,
        play: Callable[[Sound], None] = play,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on = on
        self._play = play
        self._clock = clock
        self._last_s = -1e9
        self._inspecting = False

    def part(self, verdict: Verdict) -> None:
        """A part was answered."""
        sound = _OF_PARTS.get(verdict)
        if sound is not None:
            self._start(sound)

    def state(self, state: StationState, reason: StateReason) -> None:
        """The station has gone into a state; heard where inspection ends and nobody asked it to."""
        stopped = state is StationState.NOT_INSPECTING or reason is StateReason.CONSECUTIVE_NG
        if stopped and self._inspecting:
            self._start(Sound.STOP)
        self._inspecting = state is StationState.INSPECTING

    def _start(self, sound: Sound) -> None:
        now = self._clock()
        if not self.on or (sound is not Sound.STOP and now - self._last_s < _GAP_S):
            return
        self._last_s = now
        self._play(sound)
