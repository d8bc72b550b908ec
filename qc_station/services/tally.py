"""Counts parts of the shift and of the day, from the log and then part by part. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from qc_station.domain.counters import Counters
from qc_station.domain.verdict import Inspection
from qc_station.services.shifts import day_start, shift_start


class Tally:
    """Two counters that begin anew with the shift and with the day."""

    def __init__(self, clock: Callable[[], datetime], shift_starts: Sequence[str]) -> None:
        self._clock = clock
        self._starts = tuple(shift_starts)
        self.shift = Counters()
        self.today = Counters()
        self.shift_since = shift_start(clock(), self._starts)
        self.day_since = day_start(clock())

    def load(self, counts_since: Callable[[datetime], Counters]) -> None:
        """Takes over what the log holds; before any part is under way."""
        self.roll()
        self.shift = counts_since(self.shift_since)
        self.today = counts_since(self.day_since)

    def roll(self) -> bool:
        """Begins anew where a shift or a day has ended; whether anything changed."""
        now = self._clock()
        shift, day = shift_start(now, self._starts), day_start(now)
        changed = False
        if shift != self.shift_since:
            self.shift, self.shift_since, changed = Counters(), shift, True
        if day != self.day_since:
            self.today, self.day_since, changed = Counters(), day, True
        return changed

    def count(self, inspection: Inspection) -> None:
        """One more part; it belongs to the shift it was captured in."""
        self.roll()
        if inspection.captured_at >= self.shift_since:
            self.shift = self.shift.plus(inspection.verdict)
        if inspection.captured_at >= self.day_since:
            self.today = self.today.plus(inspection.verdict)
