"""Counts parts of shift, day, lot and ever, from the log and then part by part. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from qc_station.domain.counters import Counters, Tallies
from qc_station.domain.verdict import Inspection
from qc_station.services.shifts import day_start, shift_start


class CountingLog(Protocol):
    """The part of VerdictLog that is used here."""

    def counts_since(self, since: datetime) -> Counters: ...
    def counts_ever(self) -> Counters: ...
    def counts_of_lot(self, lot: str) -> Counters: ...


class Tally:
    """Counters that begin anew with the shift and with the day, and those of lots and of all."""

    def __init__(self, clock: Callable[[], datetime], shift_starts: Sequence[str]) -> None:
        self._clock = clock
        self._starts = tuple(shift_starts)
        self.shift = Counters()
        self.today = Counters()
        self.total = Counters()
        self.lot = ""
        self._lots: dict[str, Counters] = {}
        self.shift_since = shift_start(clock(), self._starts)
        self.day_since = day_start(clock())

    @property
    def tallies(self) -> Tallies:
        """What the operator sees."""
        lot = self._lots.get(self.lot, Counters()) if self.lot else Counters()
        return Tallies(self.shift, lot, self.total, self.lot)

    def load(self, log: CountingLog) -> None:
        """Takes over what the log holds; before any part is under way."""
        self.roll()
        self.shift = log.counts_since(self.shift_since)
        self.today = log.counts_since(self.day_since)
        self.total = log.counts_ever()
        self._lots = {}
        self.begin_lot(self.lot, log)

    def begin_lot(self, name: str, log: CountingLog) -> None:
        """Shows this lot from now on; "" for none.

        A lot of this run keeps its own count: its parts may still be on their way to the log.
        """
        if name and name not in self._lots:
            self._lots[name] = log.counts_of_lot(name)
        self.lot = name

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
        """One more part; it belongs to the shift it was captured in and to its own lot."""
        self.roll()
        if inspection.captured_at >= self.shift_since:
            self.shift = self.shift.plus(inspection.verdict)
        if inspection.captured_at >= self.day_since:
            self.today = self.today.plus(inspection.verdict)
        self.total = self.total.plus(inspection.verdict)
        if inspection.lot in self._lots:
            self._lots[inspection.lot] = self._lots[inspection.lot].plus(inspection.verdict)
