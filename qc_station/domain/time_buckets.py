"""Divides a time range into buckets that begin at round local times. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MOST_BUCKETS = 60
SHORTEST = 3
_DAY = timedelta(days=1)
STEPS = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 364)),
)


def bucket_step(start: datetime, end: datetime, most: int = MOST_BUCKETS) -> timedelta:
    """The shortest round step that needs at most ``most`` buckets."""
    return next((step for step in STEPS if (end - start) / step <= most), STEPS[-1])


def bucket_edges(
    start: datetime, end: datetime, step: timedelta, zone: tzinfo | None = None
) -> list[datetime]:
    """``start``, the round times in between, ``end``, as aware UTC; both ends are kept as given.

    What is left at an end joins its neighbour when it is shorter than a third of a step: rates of
    a few seconds say little and would dwarf all others.
    Steps below a day are counted from each local midnight, so that days of 23 and 25 hours have
    whole buckets; longer ones begin at local midnights, weeks on Mondays. ``zone`` None: the
    computer's. Raises ValueError for a range that is empty.
    """
    if end <= start:
        raise ValueError("a time range ends after it begins")
    between = [moment for moment in round_times(start, end, step, zone) if start < moment < end]
    if between and between[0] - start < step / SHORTEST:
        del between[0]
    if between and end - between[-1] < step / SHORTEST:
        del between[-1]
    return [start.astimezone(UTC), *between, end.astimezone(UTC)]


def round_times(
    start: datetime, end: datetime, step: timedelta, zone: tzinfo | None = None
) -> Iterator[datetime]:
    """Round local times from the start's day to the end's, as aware UTC, in rising order."""
    day = start.astimezone(zone).date()
    last = end.astimezone(zone).date()
    days = max(1, step // _DAY)
    while day <= last:
        midnight, following = _midnight(day, zone), _midnight(day + _DAY, zone)
        if step >= _DAY:
            if (day.toordinal() - 1) % days == 0:  # ordinal 1 was a Monday
                yield midnight
        else:
            moment = midnight
            while moment < following:
                yield moment
                moment += step
        day += _DAY


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    naive = datetime.combine(day, time(0, 0))
    aware = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return aware.astimezone(UTC)
