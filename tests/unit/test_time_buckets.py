"""Buckets begin at round local times, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qc_station.domain.time_buckets import MOST_BUCKETS, STEPS, bucket_edges, bucket_step

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def test_a_shift_has_buckets_of_ten_minutes_and_keeps_its_ragged_ends() -> None:
    start, end = at(24, 5, 55), at(24, 13, 47)
    step = bucket_step(start, end)
    assert step == timedelta(minutes=10)
    edges = bucket_edges(start, end, step, PARIS)
    assert edges[0] == start and edges[1] == at(24, 6) and edges[-1] == end
    assert all(edge.tzinfo is UTC for edge in edges)
    assert edges == sorted(set(edges))


@pytest.mark.parametrize(("day", "month", "hours"), [(25, 10, 25), (29, 3, 23)])
def test_days_on_which_clocks_change_are_whole(day: int, month: int, hours: int) -> None:
    start, end = at(day, 0, month=month), at(day + 1, 0, month=month)
    edges = bucket_edges(start, end, timedelta(days=1), PARIS)
    assert len(edges) == 2 and edges[1] - edges[0] == timedelta(hours=hours)
    assert len(bucket_edges(start, end, timedelta(hours=1), PARIS)) == hours + 1


def test_weeks_begin_on_mondays() -> None:
    edges = bucket_edges(at(1, 0, month=10), at(26, 12, month=10), timedelta(days=7), PARIS)
    inner = [edge.astimezone(PARIS) for edge in edges[1:-1]]
    assert [(edge.day, edge.weekday()) for edge in inner] == [(5, 0), (12, 0), (19, 0)]


def test_a_remainder_of_seconds_joins_its_neighbour() -> None:
    edges = bucket_edges(at(24, 5, 58), at(24, 6, 43), timedelta(minutes=10), PARIS)
    local = [edge.astimezone(PARIS).minute for edge in edges]
    assert local == [58, 10, 20, 30, 43]


def test_any_range_needs_at_most_so_many_steps() -> None:
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for hours in (0.2, 1, 8, 24, 168, 720, 24 * 365, 24 * 365 * 5):
        span = timedelta(hours=hours)
        step = bucket_step(start, start + span)
        assert step in STEPS and span / step <= MOST_BUCKETS


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after"):
        bucket_edges(at(1, 0), at(1, 0), timedelta(hours=1))
