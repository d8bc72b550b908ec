"""What is heard: other sounds for NG, REVIEW and a stop, none while muted, none waited for."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from fakes import FakeStation, make_part
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from qc_station.domain.state import StateReason, StationState
from qc_station.domain.verdict import Verdict
from qc_station.ui import sounds
from qc_station.ui.pages.inspect import InspectPage
from qc_station.ui.sounds import Sound, Sounds


class Heard:
    """Collects what would be heard, on a clock that the test moves."""

    def __init__(self) -> None:
        self.played: list[Sound] = []
        self.now = 0.0
        self.sounds = Sounds(True, self.played.append, lambda: self.now)

    def part(self, verdict: Verdict, after_s: float = 1.0) -> None:
        self.now += after_s
        self.sounds.part(verdict)


def test_ng_and_review_sound_differently_and_ok_is_silent() -> None:
    heard = Heard()
    for verdict in (Verdict.OK, Verdict.NG, Verdict.REVIEW, Verdict.NOT_INSPECTED):
        heard.part(verdict)
    assert heard.played == [Sound.NG, Sound.REVIEW, Sound.NG]


def test_parts_that_come_faster_than_a_sound_do_not_pile_up_but_an_alarm_is_heard() -> None:
    heard = Heard()
    heard.sounds.state(StationState.INSPECTING, StateReason.NONE)
    heard.part(Verdict.NG)
    heard.part(Verdict.NG, after_s=0.1)
    heard.sounds.state(StationState.PAUSED, StateReason.CONSECUTIVE_NG)
    assert heard.played == [Sound.NG, Sound.STOP]


@pytest.mark.parametrize(
    ("state", "reason", "heard_it"),
    [
        (StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT, True),
        (StationState.PAUSED, StateReason.CONSECUTIVE_NG, True),
        (StationState.PAUSED, StateReason.BY_OPERATOR, False),
        (StationState.FINISHED, StateReason.PICTURES_EXHAUSTED, False),
    ],
)
def test_only_a_stop_that_nobody_asked_for_is_an_alarm(
    state: StationState, reason: StateReason, heard_it: bool
) -> None:
    heard = Heard()
    heard.sounds.state(state, reason)
    assert heard.played == [], "it did not inspect before"
    heard.sounds.state(StationState.INSPECTING, StateReason.NONE)
    heard.sounds.state(state, reason)
    heard.sounds.state(state, reason)
    assert heard.played == ([Sound.STOP] if heard_it else [])


def test_the_page_plays_and_muting_silences_it(qtbot: QtBot) -> None:
    played: list[Sound] = []
    station = FakeStation()
    page = InspectPage(station, sound=True, play=played.append)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    station.answer(make_part(1, Verdict.NG))
    station.go(StationState.INSPECTING)
    station.go(StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)
    assert played == [Sound.NG, Sound.STOP]
    page.set_sound(False)
    station.go(StationState.INSPECTING)
    station.answer(make_part(2, Verdict.NG))
    station.go(StationState.NOT_INSPECTING, StateReason.CAMERA_FAULT)
    assert len(played) == 2


@pytest.mark.parametrize("sound", Sound)
def test_every_sound_is_a_short_small_file(sound: Sound) -> None:
    file = resources.files("resources").joinpath("sounds", f"{sound.value}.wav")
    with file.open("rb") as raw, wave.open(raw) as read:
        assert 0.2 < read.getnframes() / read.getframerate() < 1.5
    assert len(file.read_bytes()) < 50_000


def test_a_player_is_started_and_not_waited_for(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    player = tmp_path / "paplay"
    player.write_text(f'#!/bin/sh\necho no device >&2\necho "$1" > {told}.part\n'
                      f"mv {told}.part {told}\nexit 1\n")  # fmt: skip
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(shutil, "which", _only(player))
    sounds._player.cache_clear()
    sounds.play(Sound.REVIEW)
    qtbot.waitUntil(told.exists)
    assert told.read_text().strip().endswith("review.wav")
    sounds._player.cache_clear()


def test_without_a_player_nothing_breaks(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    sounds._player.cache_clear()
    sounds.play(Sound.NG)
    sounds._player.cache_clear()


def _only(player: Path) -> Callable[[str], str | None]:
    return lambda name: str(player) if name == player.name else None
