"""When shifts and days begin, and what the counters make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qc_station.domain.counters import Counters
from qc_station.domain.outcome import Outcome
from qc_station.domain.verdict import Inspection, Reason, Verdict
from qc_station.services.parts import Part, draft
from qc_station.services.shifts import day_start, shift_start
from qc_station.services.tally import Tally

PARIS = ZoneInfo("Europe/Paris")
SHIFTS = ("06:00", "14:00", "22:00")


@pytest.mark.parametrize(
    ("now", "began"),
    [((22, 7, 30), (22, 6, 0)), ((22, 6, 0), (22, 6, 0)), ((22, 13, 59), (22, 6, 0)),
     ((22, 23, 10), (22, 22, 0)), ((23, 1, 0), (22, 22, 0))],
)  # fmt: skip
def test_shift_began_at_its_last_start_also_over_midnight(
    now: tuple[int, int, int], began: tuple[int, int, int]
) -> None:
    day, hour, minute = now
    found = shift_start(datetime(2026, 11, day, hour, minute, tzinfo=PARIS), SHIFTS, PARIS)
    day, hour, minute = began
    assert found == datetime(2026, 11, day, hour, minute, tzinfo=PARIS)
    assert found.tzinfo is UTC


def test_day_begins_at_local_midnight() -> None:
    found = day_start(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), PARIS)  # 00:30 in Paris
    assert found == datetime(2026, 7, 2, 0, 0, tzinfo=PARIS)


def _inspection(captured_at: datetime, verdict: Verdict = Verdict.OK) -> Inspection:
    part = Part(1, captured_at, 0.0, "product", pulled=False)
    return draft(part, Outcome(verdict, Reason.BELOW_OK_LIMIT), "line", captured_at)


class CountedLog:
    """A log with five OK parts whatever is asked, and two NG parts in every lot."""

    def counts_since(self, since: datetime) -> Counters:
        return Counters(ok=5)

    def counts_ever(self) -> Counters:
        return Counters(ok=5)

    def counts_of_lot(self, lot: str) -> Counters:
        return Counters(ng=2)


def test_part_counts_for_the_shift_it_was_captured_in() -> None:
    now = [datetime(2026, 11, 22, 13, 59, 59).astimezone()]
    tally = Tally(lambda: now[0], SHIFTS)
    tally.load(CountedLog())
    tally.count(_inspection(now[0]))
    assert (tally.shift.ok, tally.today.ok) == (6, 6)
    late = _inspection(now[0])
    now[0] += timedelta(seconds=2)  # the next shift has begun
    tally.count(late)
    assert (tally.shift.ok, tally.today.ok) == (0, 7)
    tally.count(replace(_inspection(now[0]), verdict=Verdict.NG))
    assert (tally.shift.ng, tally.today.ng) == (1, 1)


def test_counters_begin_anew_on_an_idle_station_too() -> None:
    now = [datetime(2026, 11, 22, 23, 0).astimezone()]
    tally = Tally(lambda: now[0], SHIFTS)
    tally.load(CountedLog())
    assert not tally.roll()
    now[0] += timedelta(hours=2)
    assert tally.roll()
    assert (tally.shift.ok, tally.today.ok) == (5, 0)


def test_a_part_counts_for_its_own_lot_also_after_the_next_has_begun() -> None:
    now = datetime(2026, 11, 22, 23, 0).astimezone()
    tally = Tally(lambda: now, SHIFTS)
    tally.load(CountedLog())
    tally.begin_lot("A", CountedLog())
    assert tally.tallies.lot == Counters(ng=2), "what the log holds of it"
    tally.begin_lot("B", CountedLog())
    tally.count(replace(_inspection(now), lot="A"))  # was under way
    assert tally.tallies.lot == Counters(ng=2)
    tally.begin_lot("A", CountedLog())
    assert tally.tallies.lot == Counters(ok=1, ng=2), "counted once, not read again"
    tally.count(_inspection(now))
    assert tally.tallies.lot.total == 3 and tally.tallies.total.total == 7
    tally.begin_lot("", CountedLog())
    assert tally.tallies.lot == Counters() and tally.tallies.lot_name == ""
