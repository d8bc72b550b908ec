"""An operator's shift of 200 demo parts in a real window, by real keys (make test-window)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from window_support import StationWindow, until

from qc_station.settings.store import SettingsStore

pytestmark = pytest.mark.xvfb

PARTS = 200
LOT = "LOT-7"
COUNT = "SELECT count(*) FROM inspections"
NEWEST = "SELECT {} FROM inspections ORDER BY seq DESC LIMIT 1"
COUNTERS = {"ok": "OK", "ng": "NG", "review": "REVIEW", "not_inspected": "NOT_INSPECTED"}


class Shift:
    """What an operator does, one after the other, and what is to be seen then."""

    def __init__(self, window: StationWindow) -> None:
        self.window = window
        self.first = window.value(COUNT)

    @property
    def parts(self) -> int:
        """Parts in the log since this shift began."""
        return int(self.window.value(COUNT)) - int(self.first)

    def wait_parts(self, count: int) -> None:
        """Until so many parts more than now are in the log."""
        wanted = self.parts + count
        until(lambda: self.parts >= wanted, f"{count} more parts", 120)

    def word(self) -> str:
        """The huge word."""
        banner = self.window.find("verdict_banner")
        return banner.description if banner is not None else ""

    def pause(self) -> None:
        """F5; the window counts what the log holds, to the last part."""
        self.window.keys("F5")
        until(lambda: self.word() == "PAUSED", "the word PAUSED")
        until(self.counts_agree, "the same counts in the window and in the log")

    def go_on(self) -> None:
        """F5 again."""
        self.window.keys("F5")
        until(lambda: self.word() != "PAUSED", "no longer PAUSED")

    def counts_agree(self) -> bool:
        """Whether all counters show what the log holds: of all parts and of the lot."""
        for row, where in (("total", ""), ("lot", f"WHERE lot = '{LOT}'")):
            counted = dict(self.window.rows(
                f"SELECT verdict, count(*) FROM inspections {where} GROUP BY verdict"
            ))  # fmt: skip
            if row == "lot" and not counted:
                continue
            wanted = {key: counted.get(verdict, 0) for key, verdict in COUNTERS.items()}
            wanted["total"] = sum(counted.values())
            shown = {key: self.window.number(f"counter_{row}_{key}") for key in wanted}
            if shown != wanted:
                return False
        return True

    def look_back(self) -> None:
        """Right goes to older parts, Escape back to live; the line goes on behind it."""
        self.window.keys("Right", "Right")
        self.window.wait_for("back_to_live")
        self.wait_parts(3)
        assert self.window.find("back_to_live")
        self.window.keys("Escape")
        self.window.wait_gone("back_to_live")

    def new_lot(self) -> None:
        """Ctrl+N and a name; the parts that follow carry it."""
        self.window.keys("ctrl+n")
        self.window.wait_focus("lot_name")
        self.wait_parts(2)  # behind the open panel
        self.window.type(LOT)
        self.window.keys("Return")
        self.window.wait_gone("new_lot_dialog")
        until(lambda: self.window.value(NEWEST.format("lot")) == LOT, "a part of the lot")

    def mute(self) -> None:
        """Ctrl+M; the next start will know."""
        store = SettingsStore(self.window.home / "settings.toml")
        assert store.load().settings.sound
        self.window.keys("ctrl+m")
        until(lambda: not store.load().settings.sound, "silence in the settings")

    def full_screen(self) -> None:
        """F11; nothing but the page, and it goes on inspecting. Escape leads out."""
        self.window.keys("F11")
        self.window.wait_for("leave_full_screen")
        assert self.window.find("rail") is None
        self.wait_parts(3)
        self.window.keys("Escape")
        self.window.wait_for("rail")

    def override(self) -> None:
        """Ctrl+Shift+V at a part that the machine passed; both verdicts are in the log."""
        self.pause()
        while self.window.value(NEWEST.format("verdict")) != "OK":
            self.go_on()
            self.wait_parts(1)
            self.pause()
        part = self.window.value(NEWEST.format("inspection_id"))
        self.window.keys("ctrl+shift+v")
        self.window.wait_for("override_dialog")
        self.window.type("scratch on the back")
        self.window.keys("Return")
        self.window.wait_gone("override_dialog")
        found = self.window.rows("SELECT inspection_id, verdict, reason FROM overrides")
        assert found == [(part, "NG", "scratch on the back")]
        assert self.window.value(NEWEST.format("verdict")) == "OK"
        self.window.wait_for("back_to_live")  # the part stays on the page
        self.window.keys("Escape")
        self.window.wait_gone("back_to_live")
        self.go_on()


def test_a_shift_of_two_hundred_parts(open_station: Callable[..., StationWindow]) -> None:
    with open_station() as window:
        shift = Shift(window)
        shift.wait_parts(5)
        shift.pause()
        shift.go_on()
        shift.look_back()
        shift.new_lot()
        shift.mute()
        shift.full_screen()
        shift.override()
        until(lambda: shift.parts >= PARTS, f"{PARTS} parts", 240)
        shift.pause()
        missed = window.value(f"{COUNT} WHERE verdict = 'NOT_INSPECTED'")
        assert missed == 0
        assert window.quit() == 0
    assert "Uncaught" not in (window.home / "logs" / "station.log").read_text()
